"""khaimac audit: the head of a release is told, the trail compared with it; with and without a running server."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from schemas.house import SERVICES
from tests.service.cli_house import House

HEAD = re.compile(r"Audit head: ([0-9a-f]{64}), note it elsewhere\.")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, str]:
    """A house with a release, and the head that was printed."""
    house = House(tmp_path_factory.mktemp("trail"))
    house.ask("plan", "import", str(house.plan()))
    out, _ = house.say("release", "le-ra-mat", "--lang", "en")
    found = HEAD.search(out)
    assert found
    return house, found[1]


@pytest.fixture
def kept(released: tuple[House, str]) -> Iterator[Path]:
    """The folder of the databases, as it was before again afterwards."""
    folder = released[0].folder / "data"
    before = {path: path.read_bytes() for path in folder.glob("*.db*")}
    yield folder
    for path in folder.glob("*.db*"):
        path.unlink()
    for path, content in before.items():
        path.write_bytes(content)


def change(database: Path, sql: str, *values: Any) -> None:
    with closing(sqlite3.connect(database)) as conn, conn:
        assert conn.execute(sql, values).rowcount == 1


def rows(database: Path) -> list[Any]:
    with closing(sqlite3.connect(database)) as conn:
        return conn.execute("select seq, id, chain from outbox order by seq").fetchall()


def test_trail_of_a_release_passes_its_head(released: tuple[House, str]) -> None:
    house, head = released
    told = house.ask("audit", "verify", "--head", head)
    assert (told["whole"], told["found"], told["head"], told["seal"]["release"]) == (True, [], head, 1)
    assert {name: (one["passes"], one["broken"]) for name, one in told["services"].items()} == dict.fromkeys(
        SERVICES, (True, None)
    )
    assert told["events"] == sum(len(rows(house.folder / "data" / f"{name}.db")) for name in SERVICES)
    from_paper = " ".join(re.findall("....", head.upper()))
    out, _ = house.say("audit", "verify", "--head", from_paper, "--lang", "en")
    assert "Nothing up to the head noted at" in out
    assert "only a later head shows" in out


def test_verifying_without_a_head_says_what_it_cannot_see(released: tuple[House, str]) -> None:
    out, _ = released[0].say("audit", "verify", "--lang", "en")
    assert "cut off at its end, only a noted head shows." in out
    told = released[0].ask("audit", "verify")
    assert {one["passes"] for one in told["services"].values()} == {None}


def test_head_that_no_seal_has_is_refused(released: tuple[House, str]) -> None:
    house, head = released
    other = head.translate(str.maketrans("0123456789abcdef", "123456789abcdef0"))
    told = house.ask("audit", "verify", "--head", other, code=1)
    assert (told["whole"], told["seal"], len(told["found"])) == (False, None, 1)
    for wrong in ("", "abc", head[:-1], head + "0"):
        house.say("audit", "verify", "--head", wrong, code=2)


def test_changed_event_is_named(released: tuple[House, str], kept: Path) -> None:
    house, head = released
    seq, event_id, _ = rows(kept / "guests.db")[0]
    change(kept / "guests.db", "update outbox set body = replace(body, 'version', 'Version') where seq = ?", seq)
    for arguments in ((), ("--head", head)):
        told = house.ask("audit", "verify", *arguments, code=1)
        assert told["services"]["guests"]["broken"] == {"seq": seq, "event_id": event_id, "what": "chain"}
        assert [one for one in SERVICES if told["services"][one]["broken"]] == ["guests"]
    out, _ = house.say("audit", "verify", "--lang", "en", code=1)
    assert f"guests: the trail is broken at event {seq} ({event_id}): it is not what was written." in out


def test_event_that_was_filed_elsewhere_is_named(released: tuple[House, str], kept: Path) -> None:
    seq, event_id, _ = rows(kept / "scheduling.db")[0]
    change(kept / "scheduling.db", "update outbox set office = 'other' where seq = ?", seq)
    told = released[0].ask("audit", "verify", code=1)
    assert told["services"]["scheduling"]["broken"] == {"seq": seq, "event_id": event_id, "what": "columns"}


def test_end_that_was_cut_off_shows_with_the_head_only(released: tuple[House, str], kept: Path) -> None:
    house, head = released
    change(kept / "awards.db", "delete from outbox where seq = (select max(seq) from outbox)")
    assert house.ask("audit", "verify")["whole"]
    told = house.ask("audit", "verify", "--head", head, code=1)
    assert [one for one in SERVICES if not told["services"][one]["passes"]] == ["awards"]

    change(kept / "scheduling.db", "delete from outbox where chain = ?", head)
    assert house.ask("audit", "verify", "--head", head, code=1)["seal"] is None


def test_running_server_is_asked(released: tuple[House, str]) -> None:
    house, head = released
    server = house.start("serve", "--json")
    assert server.stdout is not None
    server.stdout.readline()
    sealed = house.ask("audit", "head")
    told = [house.ask("audit", "verify", "--head", one) for one in (head, sealed["head"])]
    server.terminate()
    server.communicate(timeout=20)

    assert [(one["whole"], one["seal"]["release"]) for one in told] == [(True, 1), (True, None)]
    assert sealed["head"] == rows(house.folder / "data" / "scheduling.db")[-1][2]
    assert json.loads(json.dumps(sealed["heads"])).keys() == set(SERVICES)

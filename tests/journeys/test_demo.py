"""`make demo`: the example ceremonies planned, released, printed and moved by the real services, in one process."""

import json
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from icalendar import Calendar

from tests.service.cli_house import House, names

pytestmark = pytest.mark.long
GUESTS = {"can-tho": 6, "ca-mau": 4, "long-an": 1, "soc-trang": 2, "full-ceremony": 120}
PAPERS = {"programme", "script", "introductions", "guests", "awards", "invitations"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder that the demonstration wrote, and what it tells of it."""
    house = House(tmp_path_factory.mktemp("demo"))
    out, _ = house.run("demo", "--out", "out", "--json")
    assert names(house.folder) == [f"out/{name}" for name in names(house.folder / "out")], "left something behind"
    return house.folder / "out", json.loads(out)


def by_name(told: dict[str, Any]) -> dict[str, Any]:
    return {one["name"]: one for one in told["ceremonies"]}


def sequences(folder: Path) -> Counter[int]:
    events = [Calendar.from_ical(path.read_bytes()).events[0] for path in (folder / "calendar").iterdir()]
    return Counter(int(str(event["SEQUENCE"])) for event in events)


def test_demo_writes_every_paper_of_every_ceremony(made: tuple[Path, dict[str, Any]]) -> None:
    out, told = made
    assert sorted(path.name for path in out.iterdir()) == sorted(GUESTS)
    for name, one in by_name(told).items():
        assert {paper["state"] for paper in one["documents"]} == {"ready"}
        assert {paper["kind"] for paper in one["documents"]} >= PAPERS | {"invitation"}
        written = {str(Path(paper["file"]).relative_to(out / name)) for paper in one["documents"]}
        cards = {f"calendar/{card['file_name']}" for card in one["calendar"]["invitations"]}
        assert set(names(out / name)) == written | cards | {"agenda.ics"}
        assert len(cards) == len(list((out / name / "invitations").iterdir())) == GUESTS[name]


def test_demo_tells_the_pages_that_the_files_have(made: tuple[Path, dict[str, Any]]) -> None:
    _, told = made
    papers = [paper for one in told["ceremonies"][:-1] for paper in one["documents"]] + told["moved"]["documents"]
    for paper in papers:
        with pikepdf.open(paper["file"]) as document:
            assert (paper["file_name"], len(document.pages)) == (paper["file_name"], paper["pages"])
    assert [paper["file_name"] for paper in papers if paper["missing"]] == []


def test_demo_keeps_what_is_unknown_open(made: tuple[Path, dict[str, Any]]) -> None:
    _, told = made
    points = {name: (one["warnings"], one["open_points"] > 0) for name, one in by_name(told).items()}
    assert {name for name, (_, is_open) in points.items() if is_open} >= {"can-tho", "ca-mau", "long-an", "soc-trang"}
    assert points["can-tho"][0] >= 2, "two presenters stand on no guest list"


def test_move_gives_every_guest_the_next_sequence(made: tuple[Path, dict[str, Any]]) -> None:
    out, told = made
    assert (told["moved"]["name"], told["moved"]["release"]) == ("full-ceremony", 2)
    assert told["moved"]["sequences"] == {"1": GUESTS["full-ceremony"]}
    found = {name: sequences(out / name) for name in GUESTS}
    assert found.pop("full-ceremony") == {1: GUESTS["full-ceremony"]}
    assert found == {name: {0: GUESTS[name]} for name in found}
    starts = {
        re.findall(rb"DTSTART[^:]*:([0-9T]+)", path.read_bytes())[-1]
        for path in (out / "full-ceremony/calendar").iterdir()
    }
    assert starts == {b"20240708T083000"}


def test_move_prints_only_what_bears_the_hour(made: tuple[Path, dict[str, Any]]) -> None:
    _, told = made
    kinds = {paper["kind"]: paper["reused"] for paper in told["moved"]["documents"]}
    assert (kinds["programme"], kinds["invitation"], kinds["awards"]) == (False, False, True)
    before = {paper["kind"]: paper["content"] for paper in by_name(told)["full-ceremony"]["documents"]}
    after = {paper["kind"]: paper["content"] for paper in told["moved"]["documents"]}
    assert after["awards"] == before["awards"]


def test_demo_that_is_told_to_stop_leaves_nothing_behind(tmp_path: Path) -> None:
    house = House(tmp_path, {"TMPDIR": str(tmp_path)})
    process = house.start("demo", "--out", "out")
    for _ in range(600):
        if list(tmp_path.glob("khaimac-demo-*/instance.json")):
            break
        time.sleep(0.1)
    process.terminate()
    _, err = process.communicate(timeout=20)
    assert (process.returncode, "Traceback" in err, list(tmp_path.glob("khaimac-demo-*"))) == (143, False, [])

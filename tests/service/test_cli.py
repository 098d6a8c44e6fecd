"""The command line against one running instance, as people type it."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.people import PASSWORD
from tests.service.cli_house import CEREMONY, GUESTS, House, names


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, str]]:
    """A running instance, and the address it tells; SIGTERM ends it in good order."""
    house = House(tmp_path_factory.mktemp("house"))
    server = house.start("serve", "--json")
    assert server.stdout is not None
    told = json.loads(server.stdout.readline())
    yield house, told["address"]
    server.terminate()
    _, err = server.communicate(timeout=20)
    assert (server.returncode, err) == (0, "")


@pytest.fixture
def house(served: tuple[House, str]) -> House:
    return served[0]


@pytest.fixture(scope="module")
def released(served: tuple[House, str]) -> House:
    """With the small plan imported twice, and released."""
    house = served[0]
    plan = str(house.plan())
    out, _ = house.run("plan", "import", plan, "--json")
    first, second = json.loads(out), house.ask("plan", "import", plan)
    assert (first["accepted"], first["unchanged"], first["version"]) == (True, False, 1)
    assert {part: change["created"] for part, change in first["changes"].items()} == {
        "scheduling": 2,
        "guests": 2,
        "awards": 1,
    }
    assert (second["accepted"], second["unchanged"], second["version"]) == (True, True, 1)
    assert house.ask("release", "le-ra-mat", "--note", "lần đầu")["release"] == 1
    return house


def test_documents_writes_every_document_whole(released: House) -> None:
    out, _ = released.run("documents", "le-ra-mat", "--out", "papers", "--json")
    told = json.loads(out)
    folder = released.folder / "papers"
    files = {Path(one["file"]) for one in told["documents"]}
    assert files == {path for path in folder.rglob("*") if path.is_file()}
    assert {path.read_bytes()[:5] for path in files} == {b"%PDF-"}
    assert [one["file"] for one in told["documents"] if one["size"] != Path(one["file"]).stat().st_size] == []
    single = [one for one in told["documents"] if one["guest_id"]]
    assert {Path(one["file"]).parent for one in single} == {folder / "invitations"}
    assert (len(single), told["release"], told["ceremony"]) == (2, 1, "le-ra-mat")


def test_documents_of_the_draft_say_so_in_their_names(released: House) -> None:
    told = released.ask("documents", "le-ra-mat", "--draft", "--out", "draft")
    assert (told["release"], {one["release"] for one in told["documents"]}) == (None, {None})
    assert [one["file_name"] for one in told["documents"] if "du-thao" not in one["file_name"]] == []


def test_invites_writes_one_file_per_guest_and_the_agenda(released: House) -> None:
    told = released.ask("invites", "le-ra-mat", "--out", "cards")
    folder = released.folder / "cards"
    assert names(folder) == sorted(["agenda.ics", *(f"calendar/{one['file_name']}" for one in told["invitations"])])
    assert (len(told["files"]), told["release"]) == (2, 1)
    starts = {(folder / name).read_bytes()[:17] for name in names(folder)}
    assert starts == {b"BEGIN:VCALENDAR\r\n"}


def test_commands_and_api_speak_of_the_same_ceremony(released: House, served: tuple[House, str]) -> None:
    link = released.ask("office", "link", "office")
    form = {"office_name": "Văn phòng", "name": "Lê Thị Mẫu", "email": "mau@example.org", "password": PASSWORD}
    session = httpx.post(link["link"], data=form).cookies
    by_api = httpx.get(f"{served[1]}/api/v1/ceremonies", cookies=session).json()["ceremonies"]
    by_command = released.ask("list")
    assert [one["id"] for one in by_command] == [one["id"] for one in by_api]
    assert released.ask("health") == released.ask("health") | {"running": True, "address": served[1]}


def test_show_tells_the_plan_as_it_stands(released: House) -> None:
    told = released.ask("show", "le-ra-mat")
    assert (told["guests"], told["award_lines"], [one["title"] for one in told["items"]]) == (2, 1, ["Khai mạc"])
    assert [(one["release"], one["note"]) for one in told["releases"]] == [(1, "lần đầu")]
    out, _ = released.say("show", "le-ra-mat", "--lang", "en")
    assert "Lễ ra mắt thử" in out


def test_init_writes_a_folder_that_check_finds_unfilled(house: House) -> None:
    written = house.ask("init", "fresh")["files"]
    assert [Path(one).name for one in written] == [
        "ceremony.yaml",
        "running-order.xlsx",
        "guests.xlsx",
        "awards.xlsx",
    ]
    told = house.ask("plan", "check", "fresh", code=1)
    assert [(one["file"], one["text"]) for one in told["problems"] if one["severity"] == "error"] == [
        ("ceremony.yaml", "The ceremony has no title.")
    ]
    _, err = house.say("init", "fresh", code=1)
    assert "holds a plan already" in err


def test_import_with_errors_tells_all_and_changes_nothing(house: House) -> None:
    before = house.ask("list")
    wrong = GUESTS + "Ngô Văn Ba,,không phải thư\n"
    plan = house.plan(
        "wrong", ceremony=CEREMONY.replace("8/7/2024", "31/2/2024").replace("le-ra-mat", "sai"), guests=wrong
    )
    told = house.ask("plan", "import", str(plan), code=1)
    errors = [(one["file"], one["where"]) for one in told["problems"] if one["severity"] == "error"]
    assert [file for file, _ in errors] == ["ceremony.yaml", "guests.csv"]
    assert "C4" in errors[1][1]
    assert (told["accepted"], told["changes"], house.ask("list")) == (False, {}, before)
    out, _ = house.say("plan", "import", str(plan), "--lang", "en", code=1)
    assert out.splitlines()[-1].strip() == "Refused: nothing was changed."


def test_unknown_ceremony_is_a_sentence_in_the_users_language(house: House) -> None:
    expected = {
        "en": "There is no ceremony nowhere. Look at the list for the right name.\n",
        "vi": "Không có buổi lễ “nowhere”. Xem danh sách để lấy đúng tên.\n",
    }
    for language, sentence in expected.items():
        assert house.say("release", "nowhere", "--lang", language, code=1) == ("", sentence)
    refused = house.ask("documents", "nowhere", "--out", "x", code=1)["refusal"]
    assert (refused["code"], refused["status"], refused["params"]["which"]) == ("not-found", 404, "nowhere")


def test_second_server_on_the_same_folder_is_refused(house: House) -> None:
    out, err = house.run("serve", code=1)
    assert (out, "is in use by a running Khai Mạc" in err) == ("", True)


def test_parked_tells_that_nothing_is(house: House) -> None:
    assert house.ask("parked") == {"parked": []}
    _, err = house.say("parked", "retry", "no-such-event", code=1)
    assert err == "No parked event no-such-event. `khaimac parked` lists those there are.\n"


def test_wrong_use_ends_with_two(house: House) -> None:
    house.say("releese", code=2)
    house.say("serve", "--only", "kitchen", code=2)


def test_unreachable_nats_ends_with_three(tmp_path: Path) -> None:
    house = House(tmp_path, {"KHAIMAC_NATS_URL": "nats://127.0.0.1:1"})
    _, err = house.run("list", code=3)
    assert err.splitlines()[-1].startswith("NATS cannot be reached just now.")


def test_command_without_a_server_starts_one_for_itself(tmp_path: Path) -> None:
    house = House(tmp_path, {"KHAIMAC_LANG": "vi"})
    assert house.ask("list") == []
    assert names(tmp_path / "data") == sorted(set(names(tmp_path / "data")) - {"instance.json"})

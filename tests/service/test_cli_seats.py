"""Seats by the command line, on a house of its own."""

from pathlib import Path

import pytest

from tests.service.cli_house import House

ROOM = "S,S\n1,2\n3,W\n"


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path, {"KHAIMAC_LANG": "en"})
    house.ask("plan", "import", str(house.plan()))
    (tmp_path / "room.csv").write_text(ROOM, "utf-8")
    return house


def test_a_hall_is_drawn_used_filled_and_listed(house: House) -> None:
    drawn = house.ask("seats", "draw", str(house.folder / "room.csv"), "--key", "phong", "--name", "Phòng")
    assert (drawn["hall"]["seats"], drawn["problems"]) == (4, [])
    assert [one["key"] for one in house.ask("seats", "halls")][:2] == ["phong", "square-blocks"]
    assert house.ask("seats", "use", "le-ra-mat", "phong")["unseated_count"] == 2
    shown = house.ask("seats", "fill", "le-ra-mat", "--pattern", "rows", "--preview")
    filled = house.ask("seats", "fill", "le-ra-mat", "--pattern", "rows")
    assert (filled["seated"], filled["version"]) == (2, shown["version"] + 1)
    rows = house.ask("seats", "list", "le-ra-mat")["rows"]
    assert [(one["row"], one["number"]) for one in rows] == [("A", "1"), ("A", "2")]
    out, _ = house.say("seats", "list", "le-ra-mat")
    assert "Lê Thị Mẫu" in out
    plan = house.ask("seats", "plan", "le-ra-mat", "--out", str(house.folder / "plans"))["files"]
    assert [Path(one).name for one in plan] == ["le-ra-mat-phong.svg"]
    assert "Mẫu" in Path(plan[0]).read_text("utf-8")


def test_a_release_then_few_moves_and_the_cards(house: House) -> None:
    house.ask("seats", "use", "le-ra-mat", "meeting-300")
    house.ask("seats", "fill", "le-ra-mat", "--rostrum", "1")
    assert house.ask("seats", "cards", "le-ra-mat")["cards"] == []
    house.ask("release", "le-ra-mat")
    house.ask("seats", "fill", "le-ra-mat", "--pattern", "serpentine")
    assert {one["what"] for one in house.ask("seats", "cards", "le-ra-mat")["cards"]} == {"moved"}
    assert house.ask("seats", "reseat", "le-ra-mat", "--release", "--preview")["moved"] == 2
    house.ask("seats", "reseat", "le-ra-mat", "--release")
    assert house.ask("seats", "cards", "le-ra-mat")["cards"] == []
    out, _ = house.say("seats", "cards", "le-ra-mat")
    assert "Before" in out


def test_a_drawing_with_a_mistake_is_refused(house: House) -> None:
    (house.folder / "wrong.csv").write_text("1,1\n", "utf-8")
    told = house.ask("seats", "draw", str(house.folder / "wrong.csv"), "--key", "sai", "--name", "Sai", code=1)
    assert (told["hall"], told["problems"][0]["sentence"]) == (None, "Row {row} has two seats {number} in one block.")
    refused = house.ask("seats", "fill", "le-ra-mat", code=1)["refusal"]
    assert refused["code"] == "no-hall"

"""Halls drawn with the cells of a spreadsheet."""

from io import BytesIO

import pytest
from openpyxl import Workbook

from schemas.halls import Hall
from schemas.halls.asked import HallSheet, MergedCells
from schemas.protocol.words import Label
from services.guests.model.seating.cells import Drawn, hall_of
from services.guests.model.seating.places import Room
from services.plan.seats import hall_sheet


def sheet(*rows: str, merges: tuple[tuple[int, int, int, int], ...] = ()) -> HallSheet:
    """Cells between bars; a point is an empty one."""
    cells = tuple(tuple(cell.strip().replace(".", "") for cell in row.split("|")) for row in rows)
    names = ("top", "left", "bottom", "right")
    covered = tuple(MergedCells(**dict(zip(names, edges, strict=True))) for edges in merges)
    return HallSheet(name="Hall", rows=cells, merges=covered)


def drawn(*rows: str, merges: tuple[tuple[int, int, int, int], ...] = ()) -> Drawn:
    return hall_of(sheet(*rows, merges=merges), "own", "Hội trường mẫu", outdoor=False)


def hall(*rows: str, merges: tuple[tuple[int, int, int, int], ...] = ()) -> Hall:
    made = drawn(*rows, merges=merges)
    assert made.hall, made.problems
    return made.hall


def seats(made: Hall) -> list[str]:
    return [f"{seat.block}:{seat.row}{seat.number}{seat.mark[:1]}" for seat in made.seats]


def test_every_number_is_a_seat_of_the_row_that_is_lettered_from_the_front() -> None:
    assert seats(hall("S|S|S|S", ".|.|.|.", "3|1|X|2", "4|2|X|6")) == ["1:A3", "1:A1", "1:A2", "1:B4", "1:B2", "1:B6"]


def test_rows_may_bear_their_own_letters_and_seats_their_marks() -> None:
    made = hall("C1|C2|W", "1|2 W|3R", "R|5|6")
    assert seats(made) == ["1:C1", "1:C2", "1:A3w", "1:B1", "1:B2w", "1:B3r", "1:D1r", "1:D5", "1:D6"]


def test_names_above_the_seats_make_blocks() -> None:
    made = hall("Trái|.|X|Phải|.", "1|2|X|1|2", "Gác|.|.|.|.", "1|2|3|4|5", merges=((1, 1, 1, 2), (1, 4, 1, 5)))
    assert {block.key: block.label for block in made.blocks} == {
        "1": Label({"und": "Trái"}),
        "2": Label({"und": "Phải"}),
        "3": Label({"und": "Gác"}),
    }
    assert seats(made) == ["1:A1", "1:A2", "2:A1", "2:A2", "3:A1", "3:A2", "3:A3", "3:A4", "3:A5"]


def test_a_rostrum_and_standing_blocks_are_named_as_such() -> None:
    made = hall("P: Chủ tịch đoàn|.", "1|2", "Khối 1 = 1.200|.", "Đại biểu|.", "1|2")
    assert [(block.kind, block.capacity) for block in made.blocks] == [
        ("rostrum", None),
        ("standing", 1200),
        ("seats", None),
    ]


def test_a_hall_drawn_from_behind_is_turned_round() -> None:
    made = hall("D: Cửa sau|.|.", "1|2|3", "1|2|3", "S|S|S")
    rows = Room((made,)).rows["own/1"]
    assert [[seat.number for seat in row.seats] for row in rows] == [["3", "2", "1"], ["3", "2", "1"]]
    door = next(sign for sign in made.signs if sign.kind == "door")
    assert door.label == Label({"und": "Cửa sau"})
    assert door.y > max(seat.y for seat in made.seats)


def test_a_seat_that_is_there_twice_is_told_of() -> None:
    made = drawn("1|2|2", "1|1|3")
    assert made.hall is None
    assert [problem.text() for problem in made.problems] == [
        "Row A has two seats 2 in one block.",
        "Row B has two seats 1 in one block.",
    ]


@pytest.mark.parametrize("rows", [(".|.",), ("X|X", "S|D")])
def test_a_sheet_without_a_seat_is_no_hall(rows: tuple[str, ...]) -> None:
    assert [problem.sentence for problem in drawn(*rows).problems] == ["No seat was found on the sheet."]


def test_a_real_spreadsheet_is_read_as_it_is_drawn() -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in (["Sân khấu mẫu", None, None], ["S", "S", "S"], [1, "X", 2], ["W", "X", 4]):
        page.append(row)
    page.merge_cells("A1:C1")
    content = BytesIO()
    book.save(content)
    read, problems = hall_sheet("hall.xlsx", content.getvalue())
    assert read, problems
    made = hall_of(read, "own", "Hall", outdoor=False).hall
    assert made
    assert seats(made) == ["1:A1", "1:A2", "1:B1w", "1:B4"]

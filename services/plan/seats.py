"""Halls read from spreadsheets; lists of seats written as such, and the words that pages and commands share."""

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Literal

from schemas.errors import Problem
from schemas.halls.asked import HallSheet, MergedCells
from schemas.seating import CardChange, UsherList, Why
from services.kit.sheets import Sheet, SheetOut, Value, read_tables, write_csv, write_xlsx

FileKind = Literal["csv", "xlsx"]
DOOR_HEADS = ("Door", "Block", "Row", "Seat", "Name", "People", "Hall", "Note")
WHY: Mapping[Why, str] = {
    "waiting": "Not seated yet.",
    "no_seat": "No seat is free.",
    "no_wheelchair_place": "No wheelchair place is free.",
    "no_seat_beside": "No seat beside the guest is free.",
    "head_count_unknown": "How many they are is not known.",
}
CARD: Mapping[CardChange, str] = {
    "new": "Print the card.",
    "moved": "Print the card again.",
    "gone": "Take the card out.",
}
MEDIA: Mapping[FileKind, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_LONGEST = 200  # letters of a cell


def hall_sheet(file: str, content: bytes) -> tuple[HallSheet | None, list[Problem]]:
    """The first sheet that is seen and holds something; what is wrong with the file."""
    reading = read_tables({file: content})
    sheet = next((one for one in reading.sheets if not one.hidden and not one.empty), None)
    if sheet is None or not reading.ok:
        return None, reading.problems
    return _cells(sheet), reading.problems


def _cells(sheet: Sheet) -> HallSheet:
    rows = tuple(tuple(cell.text[:_LONGEST] for cell in row) for row in sheet.rows)
    merges = tuple(
        MergedCells(top=one.first_row, left=one.first_column, bottom=one.last_row, right=one.last_column)
        for one in sheet.merges
    )
    return HallSheet(name=sheet.name, rows=rows, merges=merges)


def door_rows(found: UsherList) -> list[Sequence[Value]]:
    """Cells below DOOR_HEADS, one row per head or group."""
    return [[one.door, one.block, one.row, one.number, one.name, one.heads, one.hall, one.note] for one in found.rows]


def door_file(found: UsherList, kind: FileKind, say: Callable[[str], str]) -> bytes:
    """The list as a spreadsheet."""
    content, heads = BytesIO(), [say(head) for head in DOOR_HEADS]
    if kind == "csv":
        write_csv(content, heads, door_rows(found))
    else:
        write_xlsx(content, [SheetOut(heads[0], heads, door_rows(found))])
    return content.getvalue()

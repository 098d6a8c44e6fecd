"""Reads xlsx, ods and xls: scans for what may not be read, then lets calamine read the values."""

import io
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from services.kit.sheets_child import ods, xls, xlsx
from services.kit.sheets_child.cells import SheetWire
from services.kit.sheets_child.complaint import RESAVE, Unreadable, cell_name
from services.kit.sheets_child.container import locked, open_zip
from services.kit.sheets_child.limits import Limits
from services.kit.sheets_child.marks import MOST_MERGES, Edges, Marks


def read_book(content: bytes, kind: str, limits: Limits) -> list[SheetWire]:
    marks = _scan(content, kind, limits)
    for name, found in marks.items() if isinstance(marks, dict) else ():
        _check_reach(name, found.lowest, limits)
        _check_reach(name, found.rightmost, limits)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            return _sheets(book, marks, limits)
    except PasswordError as why:
        raise locked() from why
    except CalamineError as why:
        raise Unreadable("The file {file} is damaged: its sheets cannot be understood.", RESAVE) from why


def _scan(content: bytes, kind: str, limits: Limits) -> dict[str, Marks] | list[Marks]:
    if kind == "xls":
        return xls.scan(content)
    with open_zip(content, kind, limits) as container:
        return xlsx.scan(container) if kind == "xlsx" else ods.scan(container)


def _sheets(book: CalamineWorkbook, marks: dict[str, Marks] | list[Marks], limits: Limits) -> list[SheetWire]:
    about = book.sheets_metadata
    if len(about) > limits.sheets:
        sentence = "The file {file} has {count} sheets; the limit is {limit}."
        raise Unreadable(sentence, "Keep only the sheets of this ceremony.", count=len(about), limit=limits.sheets)
    sheets = []
    for number, sheet in enumerate(about):
        if sheet.typ == SheetTypeEnum.WorkSheet:
            found = _marks_of(number, sheet.name, marks)
            wire = SheetWire(sheet.name, limits, hidden=sheet.visible != SheetVisibleEnum.Visible)
            _fill(wire, book.get_sheet_by_index(number), found, limits)
            sheets.append(wire)
    return sheets


def _marks_of(number: int, name: str, marks: dict[str, Marks] | list[Marks]) -> Marks:
    found = marks.get(name) if isinstance(marks, dict) else dict(enumerate(marks)).get(number)
    if found is None:
        raise Unreadable("The file {file} is damaged: its sheets cannot be understood.", RESAVE)
    return found


def _fill(wire: SheetWire, sheet: CalamineSheet, marks: Marks, limits: Limits) -> None:
    row, column = sheet.end or (-1, -1)
    _check_reach(sheet.name, (row + 1, column + 1), limits)
    for values in sheet.to_python(skip_empty_area=False):
        wire.add(values)
    for place, error in marks.errors.items():
        wire.mark(*place, ["error", error])
    for place, formula in marks.formulas.items():
        wire.mark(*place, ["formula", formula])
    wire.merges = marks.merges or _merges(sheet)
    wire.beside = marks.beside()


def _merges(sheet: CalamineSheet) -> list[Edges]:
    found: Any = sheet.merged_cell_ranges or []
    return [(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in found[:MOST_MERGES]]


def _check_reach(sheet: str, place: tuple[int, int], limits: Limits) -> None:
    row, column = place
    if row > limits.rows or column > limits.columns:
        raise Unreadable(
            "Cell {cell} of sheet {sheet} holds something; at most {rows} rows and {columns} columns are read.",
            "Delete the rows and columns outside of the table, or split the table.",
            sheet=sheet,
            at=(row, column),
            cell=cell_name(row, column),
            rows=limits.rows,
            columns=limits.columns,
        )

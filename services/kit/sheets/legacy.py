"""Which cells of a sheet hold Vietnamese from before Unicode, and the sheet with those converted. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Literal, NamedTuple

from services.kit.sheets.cells import Cell, Sheet
from services.kit.sheets_child.text import clean
from services.lang.legacy import Encoding, Profile, by_font, convert, profile

# What a person may say about the text of a file: convert what was recognised, take all for one encoding, or none.
_BEYOND = re.compile("[\u0102-\u1ef9]")
How = Literal["recognised", "tcvn3", "vni", "windows-1258", "unicode"]


class Conversion(NamedTuple):
    """A cell as it stands and as it reads. Not `sure`: it could be meant as it stands, but its neighbours are not."""

    row: int
    column: int
    before: str
    after: str
    encoding: Encoding
    sure: bool


def recognised(sheet: Sheet) -> list[Conversion]:
    """The cells that would be converted: by the name of their font, their letters, or most cells around them."""
    told = list(_told(sheet))
    counts = Counter(one for *_, found in told if (one := found.certain))
    unicode = _holds_unicode(sheet)
    conversions = (
        _conversion(sheet, (row, column), cell, found, counts, mixed=unicode) for row, column, cell, found in told
    )
    return [one for one in conversions if one]


def converted(sheet: Sheet, how: How) -> Sheet:
    """The same sheet with these cells in Unicode."""
    if how == "unicode":
        return sheet
    changes = recognised(sheet) if how == "recognised" else list(_all(sheet, how))
    rows = [list(row) for row in sheet.rows]
    for one in changes:
        rows[one.row - 1][one.column - 1] = Cell(one.after, "text", one.after)
    return replace(sheet, rows=rows, fonts={}, originals={}, single_bytes=False)


def _told(sheet: Sheet) -> Iterator[tuple[int, int, Cell, Profile]]:
    """Every cell whose font or letters tell something."""
    for number, row in enumerate(sheet.rows, 1):
        for column, cell in enumerate(row, 1):
            if cell.kind == "text":
                found = profile(_as_written(sheet, number, column))
                if found.possible or (number, column) in sheet.fonts:
                    yield number, column, cell, found


def _as_written(sheet: Sheet, row: int, column: int) -> str:
    return sheet.originals.get((row, column)) or sheet.cell(row, column).text


def _conversion(
    sheet: Sheet,
    place: tuple[int, int],
    cell: Cell,
    found: Profile,
    counts: Counter[Encoding],
    *,
    mixed: bool,
) -> Conversion | None:
    text = _as_written(sheet, *place)
    if place in sheet.fonts and (font := by_font(sheet.fonts[place])):
        after = clean(convert(text, font[0], capitals=font[1]))[0]
        return Conversion(*place, cell.text, after, font[0], sure=True) if after != cell.text else None
    encoding = found.certain or _usual(found.possible, counts)
    if encoding is None or (found.plain and mixed):
        return None
    return Conversion(*place, cell.text, clean(convert(text, encoding))[0], encoding, sure=not found.plain)


def _usual(possible: Collection[Encoding], counts: Mapping[Encoding, int]) -> Encoding | None:
    """Of these the one that most cells of the sheet are in for certain."""
    most = max((counts.get(one, 0), one) for one in possible) if possible else (0, None)
    return most[1] if most[0] else None


def _holds_unicode(sheet: Sheet) -> bool:
    """Whether some cell is Vietnamese as it stands beyond doubt: with letters that no old font has."""
    return any(_BEYOND.search(cell.text) for row in sheet.rows for cell in row)


def _all(sheet: Sheet, encoding: Encoding) -> Iterator[Conversion]:
    for number, row in enumerate(sheet.rows, 1):
        for column, cell in enumerate(row, 1):
            text = _as_written(sheet, number, column)
            if cell.kind == "text" and not text.isascii():
                font = by_font(sheet.fonts.get((number, column), ""))
                after = clean(convert(text, encoding, capitals=bool(font and font[1])))[0]
                if after != cell.text:
                    yield Conversion(number, column, cell.text, after, encoding, sure=True)

"""Writes spreadsheets that open well and in which no text can act as a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from services.kit.sheets.cells import Value, number_text
from services.kit.sheets_child.text import clean

# OWASP "CSV Injection": the signs at which a spreadsheet takes a cell for a formula, full-width ones included.
_ACTS = re.compile("[=+\\-@\t\r\n＝＋－＠]")
_READ_AS_ONE = re.compile(f"'*{_ACTS.pattern}")  # or read_tables would take an apostrophe of the text's own off
_PLAIN_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*")
_BAD_IN_NAME = re.compile(r"[\[\]:*?/\\]")
_WIDEST, _NARROWEST, _NAME_LENGTH = 60, 6, 31
_FORMATS: dict[type, str] = {datetime: "dd/mm/yyyy hh:mm", date: "dd/mm/yyyy", time: "hh:mm", timedelta: "[h]:mm"}
_CLOCKS = {datetime: "%Y-%m-%d %H:%M", time: "%H:%M"}
_BOLD, _HEAD = Font(bold=True), Alignment(wrap_text=True, vertical="center")
_LINE, _LINES = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)


@dataclass(frozen=True, slots=True)
class SheetOut:
    """One sheet to write: its heads, then its rows; None is an empty cell."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Value]]


def write_xlsx(target: Path | IO[bytes], sheets: Iterable[SheetOut]) -> None:
    """Texts are written as texts (with the quote prefix where they look like a formula), dates as dates, heads bold
    and kept in sight. Times must be without zone: a spreadsheet has none.
    """
    book = Workbook(write_only=True)
    taken: set[str] = set()
    for sheet in sheets:
        _write_sheet(book, sheet, taken)
    book.save(target)


def _write_sheet(book: Any, sheet: SheetOut, taken: set[str]) -> None:
    page = book.create_sheet(_sheet_name(sheet.name, taken))
    page.freeze_panes = "A2"
    for number, width in enumerate(_widths(sheet), 1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.append([_head_cell(page, head) for head in sheet.heads])
    for row in sheet.rows:
        page.append([_cell(page, value) for value in row])


def _sheet_name(name: str, taken: set[str]) -> str:
    """At most 31 signs, none of those that Excel refuses in names, unlike every other one (case ignored)."""
    plain = _BAD_IN_NAME.sub(" ", clean(name)[0].replace("\n", " ")).strip("' ")[:_NAME_LENGTH] or "Sheet"
    number, unique = 1, plain
    while unique.casefold() in taken:
        number += 1
        unique = f"{plain[: _NAME_LENGTH - len(str(number)) - 3]} ({number})"
    taken.add(unique.casefold())
    return unique


def _head_cell(page: Any, head: str) -> Any:
    cell = _cell(page, head)
    cell.font, cell.alignment = _BOLD, _HEAD
    return cell


def _cell(page: Any, value: Value) -> Any:
    if not isinstance(value, str):
        cell = WriteOnlyCell(page, value)
        if value is not None and type(value) in _FORMATS:
            cell.number_format = _FORMATS[type(value)]
        return cell
    text = clean(value)[0]
    cell = WriteOnlyCell(page, None)
    cell.value = text or None
    if text:
        cell.data_type = "s"
        cell.quotePrefix = bool(_ACTS.match(text))
        cell.alignment = _LINES if "\n" in text or len(text) > _WIDEST else _LINE
    return cell


def _widths(sheet: SheetOut) -> list[int]:
    widths = [len(head) for head in sheet.heads]
    for row in sheet.rows:
        widths.extend([0] * (len(row) - len(widths)))
        for number, value in enumerate(row):
            text = value if isinstance(value, str) else csv_text(value)
            longest = max(len(line) for line in text.split("\n"))
            widths[number] = max(widths[number], longest)
    return [min(max(width + 2, _NARROWEST), _WIDEST) for width in widths]


def write_csv(target: Path | IO[bytes], heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """RFC 4180 with CRLF, in UTF-8 with a byte order mark, or Excel takes it for a legacy encoding.

    Every cell is quoted; a text that would act as a formula gets a leading apostrophe, which read_tables takes off.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([_harmless(head) for head in heads])
    writer.writerows([_harmless(value) for value in row] for row in rows)
    content = text.getvalue().encode("utf-8-sig")
    if isinstance(target, Path):
        target.write_bytes(content)
    else:
        target.write(content)


def _harmless(value: Value) -> str:
    text = csv_text(value)
    acts = isinstance(value, str) and _READ_AS_ONE.match(text) and not _PLAIN_NUMBER.fullmatch(text)
    return f"'{text}" if acts else text


def csv_text(value: Value) -> str:
    """As it is printed: 2024-07-01, 07:30, 728.5; None is an empty text."""
    if isinstance(value, str):
        return clean(value)[0]
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime | time):
        return value.strftime(_CLOCKS[type(value)])
    return "" if value is None else str(value)

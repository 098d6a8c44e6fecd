"""Writes the spreadsheets of the examples from the tables beside it, the same bytes each time."""

# ruff: noqa: INP001 - a script and the tables it writes, run by path

import argparse
import io
import re
import sys
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import hoa_mai  # noqa: E402 - found through the line above, wherever this is started from
import launch_day  # noqa: E402 - as above
from odf.opendocument import OpenDocumentSpreadsheet  # noqa: E402 - as above
from odf.table import Table, TableCell, TableRow  # noqa: E402 - as above
from odf.text import P  # noqa: E402 - as above

from services.kit.sheets import SheetOut, write_csv, write_xlsx  # noqa: E402 - as above

_THE_SAME_DAY = (2024, 6, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
Rows = Sequence[Sequence[Any]]


def xlsx(sheet: str, heads: Sequence[str], rows: Rows) -> bytes:
    target = io.BytesIO()
    write_xlsx(target, [SheetOut(sheet, heads, rows)])
    return _undated(target.getvalue())


def csv(_sheet: str, heads: Sequence[str], rows: Rows) -> bytes:
    target = io.BytesIO()
    write_csv(target, heads, rows)
    return target.getvalue()


def ods(sheet: str, heads: Sequence[str], rows: Rows) -> bytes:
    book = OpenDocumentSpreadsheet()
    table = Table(name=sheet)
    for row in [heads, *rows]:
        line = TableRow()
        for value in row:
            line.addElement(_ods_cell(value))
        table.addElement(line)
    book.spreadsheet.addElement(table)
    target = io.BytesIO()
    book.write(target)
    return _undated(target.getvalue())


def _ods_cell(value: object) -> Any:
    if value is None:
        return TableCell()
    if isinstance(value, int):
        cell = TableCell(valuetype="float", value=value)
    elif isinstance(value, date):
        cell = TableCell(valuetype="date", datevalue=value.isoformat())
    elif isinstance(value, time):
        cell = TableCell(valuetype="time", timevalue=f"PT{value.hour:02}H{value.minute:02}M00S")
    else:
        cell = TableCell(valuetype="string")
    for line in str(value).split("\n"):
        cell.addElement(P(text=line))
    return cell


def _undated(container: bytes) -> bytes:
    """Without the hour it was written at, so that the same tables give the same file."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(container)) as read, zipfile.ZipFile(target, "w") as written:
        for entry in read.infolist():
            # The type of an OpenDocument file must lie in the open (OpenDocument 1.3 part 2, 3.3).
            packing = zipfile.ZIP_STORED if entry.filename == "mimetype" else zipfile.ZIP_DEFLATED
            plain = zipfile.ZipInfo(entry.filename, _THE_SAME_DAY)
            written.writestr(plain, _STAMP.sub(rb"\g<1>2024-06-01T00:00:00Z", read.read(entry)), packing)
    return target.getvalue()


WRITERS: dict[str, Callable[[str, Sequence[str], Rows], bytes]] = {"xlsx": xlsx, "ods": ods, "csv": csv}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--out", type=Path, default=HERE, help="another folder to write to")
    out = arguments.parse_args().out
    for table in [*launch_day.TABLES, *hoa_mai.TABLES]:
        target = out / table.file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(WRITERS[target.suffix[1:]](table.sheet, table.heads, table.rows))


if __name__ == "__main__":
    main()

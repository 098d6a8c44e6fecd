"""Builds spreadsheet files for tests, good ones and bad ones, byte by byte where no library would write them."""

import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import odf.opendocument
import odf.table
import odf.text
import openpyxl

SHEET = "xl/worksheets/sheet1.xml"


def xlsx(rows: Sequence[Sequence[Any]], merge: Sequence[str] = (), title: str = "Khách mời") -> bytes:
    """A workbook of one sheet; a text that begins with = is a formula, as openpyxl has it."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = title
    for row in rows:
        page.append(list(row))
    for cells in merge:
        page.merge_cells(cells)
    return saved(book)


def saved(book: Any) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def rezipped(content: bytes, change: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """The container with some of its parts changed; a part that is not there yet is made from b""."""
    source = zipfile.ZipFile(io.BytesIO(content))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name in [*source.namelist(), *(name for name in change if name not in source.namelist())]:
            old = source.read(name) if name in source.namelist() else b""
            target.writestr(name, change[name](old) if name in change else old)
    return buffer.getvalue()


def with_cells(rows_xml: str) -> bytes:
    """A workbook whose sheet data is the given XML."""
    return rezipped(
        xlsx([["x"]]), {SHEET: lambda old: _between(old, b"<sheetData>", b"</sheetData>", rows_xml.encode())}
    )


def _between(text: bytes, start: bytes, end: bytes, new: bytes) -> bytes:
    head, _, rest = text.partition(start)
    return head + start + new + end + rest.partition(end)[2]


def ods(rows: Sequence[Sequence[Mapping[str, Any] | str]], name: str = "Khách mời") -> bytes:
    """An OpenDocument spreadsheet; a cell is a text, or the attributes of the cell and its `text`."""
    document = odf.opendocument.OpenDocumentSpreadsheet()
    table = odf.table.Table(name=name)
    for row in rows:
        line = odf.table.TableRow()
        for given in row:
            attributes = dict({"text": given, "valuetype": "string"} if isinstance(given, str) else given)
            text = attributes.pop("text", None)
            cell = odf.table.TableCell(**attributes)
            if text is not None:
                cell.addElement(odf.text.P(text=text))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    return saved(document)


def xls(*records: bytes, globals_: bytes = b"") -> bytes:
    """An old Excel workbook (BIFF8) of one sheet called Sheet1 that holds the records."""
    begin = struct.pack("<HHHHHHII", 0x809, 16, 0x0600, 0x0005, 0, 0, 0, 0)
    sheet_begin = struct.pack("<HHHHHHII", 0x809, 16, 0x0600, 0x0010, 0, 0, 0, 0)
    end = record(0x0A, b"")
    bound = 4 + 8 + len("Sheet1")
    offset = len(begin) + len(globals_) + bound + len(end)
    sheet = record(0x85, struct.pack("<IBBBB", offset, 0, 0, 6, 0) + b"Sheet1")
    return ole("Workbook", begin + globals_ + sheet + end + sheet_begin + b"".join(records) + end)


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def xls_text(row: int, column: int, text: str) -> bytes:
    return record(0x204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def xls_number(row: int, column: int, number: float) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, 0, number))


def xls_formula(row: int, column: int, cached: float) -> bytes:
    return record(0x06, struct.pack("<HHHdHIH", row, column, 0, cached, 0, 0, 3) + b"\x1e\x01\x00")


def ole(name: str, stream: bytes) -> bytes:
    """A compound file with one stream, of which sector 0 is the allocation table and sector 1 the directory."""
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % 512)
    count = len(stream) // 512
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, count + 2), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    entries = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1) + _entry(name, 2, 2, len(stream))
    return header + table + entries.ljust(512, b"\0") + stream


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    title = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    head = title.ljust(64, b"\0") + struct.pack("<HBB", len(title), kind, 1) + links
    return head + bytes(36) + struct.pack("<IQ", start, size)

"""Scans an old Excel workbook for formulas and errors: the OLE container (MS-CFB) and its records (MS-XLS)."""

import struct
from collections.abc import Iterator

from services.kit.sheets_child.complaint import RESAVE, Unreadable
from services.kit.sheets_child.container import locked
from services.kit.sheets_child.marks import Marks, is_legacy_font

_FORMULAS, _BOOL_OR_ERROR, _BOUND_SHEET, _PASSWORD, _BEGIN, _END = (
    (0x06, 0x206, 0x406),
    0x205,
    0x85,
    0x2F,
    0x809,
    0x0A,
)
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_ENTRY = 128
_FONT, _FORMAT, _ROW, _COLUMNS = 0x31, 0xE0, 0x208, 0x7D
_CELLS = (0xFD, 0x204, 0xD6)  # texts: shared, of the cell's own, with runs of fonts
_SKIPPED_FONT = 4  # no font has this number (MS-XLS 2.5.129)


def scan(content: bytes) -> list[Marks]:
    """The marks of every sheet in the order of the workbook."""
    try:
        stream = _Ole(content).workbook()
        fonts = _legacy_fonts(stream)
        return [_scan_sheet(stream, offset, fonts) for offset in _sheet_offsets(stream)]
    except (struct.error, IndexError, OverflowError, ValueError) as why:
        raise Unreadable("The file {file} is damaged: its sheets cannot be understood.", RESAVE) from why


def _sheet_offsets(stream: bytes) -> list[int]:
    offsets = []
    for kind, body in _records(stream, 0):
        if kind == _PASSWORD:
            raise locked()
        if kind == _BOUND_SHEET:
            offsets.append(struct.unpack_from("<I", body)[0])
    return offsets


def _records(stream: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """(kind, body) up to the end of the substream that begins at the offset; substreams inside it belong to it."""
    depth = 0
    while offset + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, offset)
        yield kind, stream[offset + 4 : offset + 4 + size]
        offset += 4 + size
        depth += (kind == _BEGIN) - (kind == _END)
        if depth <= 0:
            return


def _legacy_fonts(stream: bytes) -> dict[int, str]:
    """By the number of a cell's format (XF): the name of its font, where that is from before Unicode."""
    names: list[str] = []
    formats: list[int] = []
    for kind, body in _records(stream, 0):
        if kind == _FONT:
            names.append(_name(body[14:]))
            names.extend([""] if len(names) == _SKIPPED_FONT else [])
        elif kind == _FORMAT:
            formats.append(struct.unpack_from("<H", body)[0])
    named = ((number, names[font] if font < len(names) else "") for number, font in enumerate(formats))
    return {number: name for number, name in named if is_legacy_font(name)}


def _name(body: bytes) -> str:
    """ShortXLUnicodeString (MS-XLS 2.5.240)."""
    if len(body) <= 1:
        return ""
    wide = body[1] & 1
    return body[2 : 2 + body[0] * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _scan_sheet(stream: bytes, offset: int, fonts: dict[int, str]) -> Marks:
    marks = Marks()
    for kind, body in _records(stream, offset):
        if fonts and kind in _CELLS:
            row, column, form = struct.unpack_from("<HHH", body)
            if form in fonts:
                marks.fonts[row + 1, column + 1] = fonts[form]
        _hide(marks, kind, body)
        if kind in _FORMULAS:
            row, column = struct.unpack_from("<HH", body)
            marks.formulas[row + 1, column + 1] = "=…"
        elif kind == _BOOL_OR_ERROR:
            row, column, _, value, is_error = struct.unpack_from("<HHHBB", body)
            if is_error:
                marks.errors[row + 1, column + 1] = _ERRORS.get(value, "#N/A")
    return marks


def _hide(marks: Marks, kind: int, body: bytes) -> None:
    """Row (MS-XLS 2.4.221): fDyZero; ColInfo (2.4.53): fHidden."""
    if kind == _ROW and struct.unpack_from("<H", body, 12)[0] & 0x20:
        row = struct.unpack_from("<H", body)[0] + 1
        marks.hide(rows=range(row, row + 1))
    elif kind == _COLUMNS and struct.unpack_from("<H", body, 8)[0] & 1:
        first, last = struct.unpack_from("<HH", body)
        marks.hide(columns=range(first + 1, last + 2))


class _Ole:
    """The streams of a compound file; every chain is followed no further than the file has sectors."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.sector = 1 << min(content[30], 16)
        self.fat = self._numbers(b"".join(self._sector(number) for number in self._fat_sectors()))
        self.directory = self._chain(self._long(48))

    def _long(self, offset: int) -> int:
        return int(struct.unpack_from("<I", self.content, offset)[0])

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.sector
        return self.content[start : start + self.sector]

    def _fat_sectors(self) -> list[int]:
        numbers = list(struct.unpack_from("<109I", self.content, 76))
        following, most = self._long(68), len(self.content) // self.sector
        while following < most and len(numbers) <= most + 109:
            *more, following = self._numbers(self._sector(following))
            numbers.extend(more)
        return [number for number in numbers if number < most]

    @staticmethod
    def _numbers(content: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])

    def _chain(self, number: int) -> bytes:
        parts: list[bytes] = []
        while number < len(self.fat) and len(parts) <= len(self.fat):
            parts.append(self._sector(number))
            number = self.fat[number]
        return b"".join(parts)

    def workbook(self) -> bytes:
        entries = [self.directory[start : start + _ENTRY] for start in range(0, len(self.directory), _ENTRY)]
        for name in ("Workbook", "Book"):
            for entry in entries:
                if entry[:64].decode("utf-16-le", "replace").rstrip("\0") == name:
                    return self._stream(entry, entries[0])
        raise ValueError("no workbook in the container")

    def _stream(self, entry: bytes, root: bytes) -> bytes:
        start, size = struct.unpack_from("<II", entry, 116)
        if size >= self._long(56):
            return self._chain(start)[:size]
        small, links = self._chain(struct.unpack_from("<I", root, 116)[0]), self._numbers(self._chain(self._long(60)))
        parts: list[bytes] = []
        while start < len(links) and len(parts) <= len(links):
            parts.append(small[start * 64 : start * 64 + 64])
            start = links[start]
        return b"".join(parts)[:size]

"""Scans an old Excel workbook for formulas and errors: the OLE container (MS-CFB) and its records (MS-XLS)."""

import struct
from collections.abc import Iterator

from services.kit.sheets_child.complaint import RESAVE, Unreadable
from services.kit.sheets_child.container import locked
from services.kit.sheets_child.marks import Marks

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


def scan(content: bytes) -> list[Marks]:
    """The marks of every sheet in the order of the workbook."""
    try:
        stream = _Ole(content).workbook()
        return [_scan_sheet(stream, offset) for offset in _sheet_offsets(stream)]
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


def _scan_sheet(stream: bytes, offset: int) -> Marks:
    marks = Marks()
    for kind, body in _records(stream, offset):
        if kind in _FORMULAS:
            row, column = struct.unpack_from("<HH", body)
            marks.formulas[row + 1, column + 1] = "=…"
        elif kind == _BOOL_OR_ERROR:
            row, column, _, value, is_error = struct.unpack_from("<HHHBB", body)
            if is_error:
                marks.errors[row + 1, column + 1] = _ERRORS.get(value, "#N/A")
    return marks


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

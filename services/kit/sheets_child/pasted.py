"""Reads text that was pasted or saved as plain text: cells between tabs, columns held apart by blanks, or lines."""

import csv
import io
import re

from services.kit.sheets_child.cells import SheetWire
from services.kit.sheets_child.decoding import decoded
from services.kit.sheets_child.limits import Limits

_GAP = re.compile(r"[ \xa0]{2,}")
_MOSTLY = 0.6


def read_pasted(content: bytes, limits: Limits) -> SheetWire:
    text, unknown = decoded(content, loose=True)
    wire = SheetWire(None, limits)
    wire.beside["single_bytes"] = unknown
    for row in _rows(text)[: limits.rows]:
        wire.add(row[: limits.columns])
    return wire


def _rows(text: str) -> list[list[str]]:
    lines = re.split(r"\r\n|\r|\n", text)
    written = [line for line in lines if line.strip()]
    if any("\t" in line for line in written):
        csv.field_size_limit(max(len(text), 1))
        return list(csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=False))
    aligned = sum(_GAP.search(line.strip()) is not None for line in written)
    if written and aligned >= _MOSTLY * len(written):
        return _by_gaps(lines)
    return [[line] for line in lines]


def _by_gaps(lines: list[str]) -> list[list[str]]:
    """Each piece goes to the column that begins next to it; the line with most pieces says where columns begin."""
    pieces = [_pieces(line.expandtabs(8)) for line in lines]
    starts = [start for start, _ in max(pieces, key=len, default=[])]
    return [_placed(line, starts) for line in pieces]


def _pieces(line: str) -> list[tuple[int, str]]:
    return [(found.start(), found[0]) for found in re.finditer(r"\S+(?:[ \xa0]\S+)*", line)]


def _placed(pieces: list[tuple[int, str]], starts: list[int]) -> list[str]:
    row = [""] * len(starts)
    for start, text in pieces:
        at = min(range(len(starts)), key=lambda number: abs(starts[number] - start))
        row[at] = f"{row[at]} {text}".strip()
    return row

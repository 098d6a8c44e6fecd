"""Reads csv and tsv: RFC 4180 with comma, semicolon or tab."""

import csv
import io
import itertools
import re
from collections import Counter

from services.kit.sheets_child.cells import SheetWire
from services.kit.sheets_child.complaint import Unreadable, cell_name
from services.kit.sheets_child.decoding import decoded
from services.kit.sheets_child.limits import Limits

_SEPARATOR_LINE = re.compile(r"sep=([,;\t])\r?\n")
_SAMPLE_CHARS, _SAMPLE_ROWS = 1 << 16, 40
# What write_csv and careful people put before a text that a spreadsheet would take for a formula.
_APOSTROPHE = re.compile("'(?='*[=+\\-@＝＋－＠])")


def read_delimited(content: bytes, kind: str, limits: Limits, *, loose: bool) -> SheetWire:
    """`loose`: in whatever encoding; see decoded."""
    text, unknown = decoded(content, loose=loose)
    said = _SEPARATOR_LINE.match(text)
    text = text[said.end() :] if said else text
    csv.field_size_limit(max(len(text), 1))  # one for the whole process: the file before may have set a smaller one
    delimiter = said[1] if said else "\t" if kind == "tsv" else _delimiter(text)
    wire = SheetWire(None, limits)
    wire.beside["single_bytes"] = unknown
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in rows:
            _check_reach(len(wire.rows) + 1, row, limits)
            wire.add(value[1:] if value[:1] == "'" and _APOSTROPHE.match(value) else value for value in row)
    except csv.Error as why:
        sentence = "In row {number} a cell begins with a quotation mark and does not end with one."
        hint = "Put the whole text into quotation marks and double each one inside it, or leave them all out."
        number = len(wire.rows) + 1
        raise Unreadable(sentence, hint, at=(number, 0), number=number) from why
    return wire


def _delimiter(text: str) -> str:
    """The sign that cuts most of the first rows into equally many cells; the comma where none does."""
    return max(",;\t", key=lambda sign: _agreement(text[:_SAMPLE_CHARS], sign))


def _agreement(sample: str, sign: str) -> tuple[int, int]:
    """How many rows have the most usual number of cells above one, and that number."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=sign)
    widths = Counter(len(row) for row in itertools.islice(reader, _SAMPLE_ROWS))
    return max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))


def _check_reach(number: int, row: list[str], limits: Limits) -> None:
    column = next((index for index in range(len(row), 0, -1) if row[index - 1].strip()), 0)
    if column and (number > limits.rows or column > limits.columns):
        raise Unreadable(
            "Cell {cell} of the file {file} holds something; at most {rows} rows and {columns} columns are read.",
            "Delete the rows and columns outside of the table, or split the table.",
            at=(number, column),
            cell=cell_name(number, column),
            rows=limits.rows,
            columns=limits.columns,
        )

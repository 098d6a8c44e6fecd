"""What a spreadsheet holds once it is read: cells with the text that a person would have typed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, NamedTuple

from services.kit.sheets_child.complaint import letter

Kind = Literal["empty", "text", "number", "date", "time", "datetime", "duration", "bool", "formula", "error"]
Value = str | int | float | bool | date | time | datetime | timedelta | None


class Cell(NamedTuple):
    """`text` is 728 (never 728.0), 2024-07-01, 07:30, 2024-07-01 07:30, TRUE.

    Of a formula cell `text` is what was computed last, `value` None and `formula` what was written: what a
    spreadsheet computed is not to be trusted. Text is cleaned as by `services.lang.clean_block`.
    """

    text: str = ""
    kind: Kind = "empty"
    value: Value = None
    formula: str = ""


EMPTY = Cell()


class Merge(NamedTuple):
    """Merged cells; rows and columns are counted from 1, the last ones included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """`name` is None for CSV and TSV. `rows[0]` is row 1; rows may be of different lengths.

    By place (row, column): `fonts` from before Unicode, and `originals` of texts of which cleaning took a sign that
    is a letter in such a font. `single_bytes`: the encoding is not known, each byte stands as one sign.
    """

    file: str
    name: str | None
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    fonts: Mapping[tuple[int, int], str] = field(default_factory=dict)
    originals: Mapping[tuple[int, int], str] = field(default_factory=dict)
    single_bytes: bool = False

    def cell(self, row: int, column: int) -> Cell:
        """The cell at a row and column counted from 1; EMPTY outside of what is written."""
        if not 0 < row <= len(self.rows):
            return EMPTY
        cells = self.rows[row - 1]
        return cells[column - 1] if 0 < column <= len(cells) else EMPTY

    @property
    def empty(self) -> bool:
        return all(cell.kind == "empty" for row in self.rows for cell in row)


def column_letter(column: int) -> str:
    return letter(column)


def sheet_from_wire(file: str, wire: dict[str, Any]) -> Sheet:
    rows = [[cell_from_wire(cell) for cell in row] for row in wire["rows"]]
    merges = [Merge(*edges) for edges in wire["merges"]]
    return Sheet(
        file,
        wire["name"],
        rows,
        merges,
        wire["hidden"],
        hidden_rows=frozenset(wire.get("hidden_rows", ())),
        hidden_columns=frozenset(wire.get("hidden_columns", ())),
        fonts={(row, column): font for row, column, font in wire.get("fonts", ())},
        originals={(row, column): text for row, column, text in wire["originals"]},
        single_bytes=wire.get("single_bytes", False),
    )


def cell_from_wire(wire: Any) -> Cell:
    """None is empty, a string text, a number or truth value itself; anything else is [kind, ...]."""
    if wire is None:
        return EMPTY
    if isinstance(wire, str):
        return Cell(wire, "text", wire)
    if isinstance(wire, bool):
        return Cell("TRUE" if wire else "FALSE", "bool", wire)
    if isinstance(wire, int | float):
        return _number(wire)
    return _marked(*wire)


def _number(number: float) -> Cell:
    return Cell(str(number) if isinstance(number, int) else number_text(number), "number", number)


def number_text(number: float) -> str:
    """As a person types it, to the 15 digits that a spreadsheet keeps: 728.5, 0.3, 1234567890123456800."""
    text = f"{number:.15g}"
    if "e" not in text:
        return text
    return f"{number:.0f}" if abs(number) >= 1 else f"{number:.20f}".rstrip("0").rstrip(".")


def _marked(kind: str, payload: Any, cached: Any = None) -> Cell:
    match kind:
        case "date":
            return Cell(payload, "date", date.fromisoformat(payload))
        case "time":
            return Cell(_clock(payload), "time", time.fromisoformat(payload))
        case "datetime":
            day, _, clock = payload.partition("T")
            return Cell(f"{day} {_clock(clock)}", "datetime", datetime.fromisoformat(payload))
        case "duration":
            return Cell(_hours(payload), "duration", timedelta(seconds=payload))
        case "formula":
            return Cell(cell_from_wire(cached).text, "formula", None, payload)
        case _:
            return Cell(payload, "error", None)


def _clock(iso: str) -> str:
    """07:30:00 is 07:30, 07:30:15 stays."""
    return re.sub(r"(?<=:\d\d):00$", "", iso)


def _hours(seconds: int) -> str:
    minutes, second = divmod(abs(seconds), 60)
    text = f"{'-' if seconds < 0 else ''}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{second:02d}" if second else text

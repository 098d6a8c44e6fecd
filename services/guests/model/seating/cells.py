"""A hall drawn with the cells of a spreadsheet: every cell that holds something is a seat or a mark. Pure.

12, A12: a seat, of row A; W, 12 W: for a wheelchair; R, 12 R: reserved; X: aisle; S: stage; D, D: North door: a door;
P: Presidium: a block that faces the hall; Block 2 = 300: a block where 300 stand; any other text: the name of the
block below it, as far as the next name. Colours mean nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from pydantic import ValidationError

from schemas.errors import Problem
from schemas.halls import Hall, HallBlock, HallSeat, HallSign, SeatMark, letters
from schemas.halls.asked import HallSheet
from schemas.protocol.words import Label
from services.lang import clean

_SEAT = re.compile(
    r"(?P<row>[A-ZĐ]{0,3})[-. ]?(?P<number>\d{1,4})(?: ?(?P<mark>[WR]))?|(?P<only>[WR])", re.IGNORECASE
)
_STANDING = re.compile(r"(?P<name>.*\S) ?= ?(?P<count>\d{1,3}(?:[.,  ]?\d{3})*)")
_MARKS: dict[str, SeatMark] = {"W": "wheelchair", "R": "reserved", "": ""}
_MOST_TOLD = 20
_LONGEST = 100  # of a name

What = Literal["seat", "aisle", "stage", "door", "name"]


class _Cell(NamedTuple):
    """What stands at a row and column counted from 0; `right` and `bottom` are the last ones of a merge."""

    what: What
    text: str
    row: int
    column: int
    right: int
    bottom: int
    number: str = ""
    letter: str = ""
    mark: SeatMark = ""


@dataclass
class Drawn:
    """The hall, unless a problem forbids it."""

    hall: Hall | None = None
    problems: list[Problem] = field(default_factory=list)


def hall_of(sheet: HallSheet, key: str, name: str, *, outdoor: bool) -> Drawn:
    """The hall that the cells draw, with the stage at the top wherever it was drawn."""
    drawn = Drawn()
    cells = _upright(list(_cells(sheet)))
    names = [cell for cell in cells if cell.what == "name"]
    blocks = _Blocks(names)
    seats = _seats(sheet, drawn, [cell for cell in cells if cell.what == "seat"], blocks)
    found = tuple(blocks.found(seats))
    if not found:
        drawn.problems.append(_problem(sheet, "No seat was found on the sheet.", "Write a number into every seat."))
    if any(problem.severity == "error" for problem in drawn.problems):
        return drawn
    try:
        signs = tuple(_sign(cell) for cell in cells if cell.what in {"aisle", "stage", "door"})
        label = Label({"und": name})
        drawn.hall = Hall(key=key, label=label, outdoor=outdoor, blocks=found, seats=tuple(seats), signs=signs)
    except ValidationError as error:
        told = _problem(sheet, "The hall cannot be drawn so: {reason}.", reason=error.errors()[0]["msg"])
        drawn.problems.append(told)
    return drawn


# Cells.


def _cells(sheet: HallSheet) -> Iterator[_Cell]:
    merged = {(one.top - 1, one.left - 1): (one.bottom - 1, one.right - 1) for one in sheet.merges}
    for row, texts in enumerate(sheet.rows):
        for column, written in enumerate(texts):
            if text := clean(written):
                bottom, right = merged.get((row, column), (row, column))
                yield _read(text, row, column, right, bottom)


def _read(text: str, row: int, column: int, right: int, bottom: int) -> _Cell:
    at = (row, column, right, bottom)
    sign: dict[str, What] = {"X": "aisle", "S": "stage", "D": "door"}
    head, _, rest = text.partition(":")
    if text.upper() in sign:
        return _Cell(sign[text.upper()], "", *at)
    if rest and head.strip().upper() in {"D", "S"}:
        return _Cell(sign[head.strip().upper()], rest.strip()[:_LONGEST], *at)
    if found := _SEAT.fullmatch(text):
        mark = _MARKS[(found["mark"] or found["only"] or "").upper()]
        return _Cell("seat", text, *at, found["number"] or "", (found["row"] or "").upper(), mark)
    return _Cell("name", text[:_LONGEST], *at)


def _upright(cells: list[_Cell]) -> list[_Cell]:
    """Turned by half, if the stage lies below the seats: left and right change with front and back."""
    stage = [cell.row for cell in cells if cell.what == "stage"]
    seats = [cell.row for cell in cells if cell.what == "seat"]
    if not stage or not seats or sum(stage) / len(stage) <= sum(seats) / len(seats):
        return cells
    last, most = max(cell.bottom for cell in cells), max(cell.right for cell in cells)
    return [
        cell._replace(
            row=last - cell.bottom, column=most - cell.right, right=most - cell.column, bottom=last - cell.row
        )
        for cell in cells
    ]


# Blocks.


class _Blocks:
    """The names of blocks, and which seats lie below which of them."""

    def __init__(self, names: Sequence[_Cell]) -> None:
        self._lines = defaultdict[int, list[_Cell]](list)
        self._keys: dict[_Cell | None, str] = {}
        for cell in names:
            self._keys[cell] = str(len(self._keys) + 1)
            if not _STANDING.fullmatch(cell.text):
                self._lines[cell.row].append(cell)

    def of(self, seat: _Cell) -> str:
        """The key of the last name above it, of several in one line the nearest; if none is above, of the first."""
        above = [row for row in self._lines if row <= seat.row] or sorted(self._lines)[:1]
        line = self._lines[max(above)] if above else []
        cell = min(line, key=lambda one: _distance(one, seat.column), default=None)
        return self._keys.setdefault(cell, str(len(self._keys) + 1))

    def found(self, seats: Iterable[HallSeat]) -> Iterator[HallBlock]:
        """Those with seats, and those where people stand."""
        used = {seat.block for seat in seats}
        for cell, key in self._keys.items():
            standing = _STANDING.fullmatch(cell.text) if cell else None
            if cell and standing:
                yield _standing_block(cell, key, standing["name"], int(re.sub(r"\D", "", standing["count"])))
            elif key in used:
                yield _block(key, cell.text if cell else "1")


def _block(key: str, text: str) -> HallBlock:
    head, _, rest = text.partition(":")
    if rest.strip() and head.strip().upper() == "P":
        return HallBlock(key=key, label=Label({"und": rest.strip()}), kind="rostrum")
    return HallBlock(key=key, label=Label({"und": text}))


def _standing_block(cell: _Cell, key: str, name: str, count: int) -> HallBlock:
    return HallBlock(
        key=key,
        label=Label({"und": name}),
        kind="standing",
        capacity=max(1, min(count, 1_000_000)),
        x=cell.column,
        y=cell.row,
        width=cell.right - cell.column + 1,
        height=cell.bottom - cell.row + 1,
    )


def _distance(name: _Cell, column: int) -> int:
    return max(name.column - column, column - name.right, 0)


# Seats.


def _seats(sheet: HallSheet, drawn: Drawn, cells: Iterable[_Cell], blocks: _Blocks) -> list[HallSeat]:
    """Rows without a letter are lettered from the front, seats without a number counted from the left."""
    by_block = defaultdict[str, list[_Cell]](list)
    for cell in cells:
        by_block[blocks.of(cell)].append(cell)
    return [seat for key, some in by_block.items() for seat in _of_block(sheet, drawn, key, some)]


def _of_block(sheet: HallSheet, drawn: Drawn, key: str, cells: Sequence[_Cell]) -> Iterator[HallSeat]:
    taken: dict[tuple[str, str], _Cell] = {}
    names = _row_names(cells)
    counted = defaultdict[int, int](int)
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
        counted[cell.row] += 1
        row, number = cell.letter or names[cell.row], cell.number or str(counted[cell.row])
        if (row, number) in taken:
            _tell_twice(sheet, drawn, row, number)
            continue
        taken[row, number] = cell
        x = (cell.column + cell.right + 1) / 2
        yield HallSeat(block=key, row=row, number=number, x=x, y=cell.row + 0.5, mark=cell.mark)


def _row_names(cells: Iterable[_Cell]) -> Mapping[int, str]:
    """Letters that no seat bears itself."""
    rows, own = sorted({cell.row for cell in cells}), {cell.letter for cell in cells}
    free = (name for name in map(letters, range(len(rows) + len(own))) if name not in own)
    return dict(zip(rows, free, strict=False))


def _tell_twice(sheet: HallSheet, drawn: Drawn, row: str, number: str) -> None:
    if len(drawn.problems) < _MOST_TOLD:
        sentence = "Row {row} has two seats {number} in one block."
        hint = "Number them differently, or write the name of another block above one of them."
        drawn.problems.append(_problem(sheet, sentence, hint, row=row, number=number))


def _sign(cell: _Cell) -> HallSign:
    width, height = cell.right - cell.column + 1, cell.bottom - cell.row + 1
    kind = cell.what if cell.what in {"aisle", "stage", "door"} else "aisle"
    label = Label({"und": cell.text}) if cell.text else None
    return HallSign.model_validate(
        {"kind": kind, "label": label, "x": cell.column, "y": cell.row, "width": width, "height": height}
    )


def _problem(sheet: HallSheet, sentence: str, hint: str | None = None, **params: object) -> Problem:
    told = {name: str(value) for name, value in params.items()}
    return Problem(sheet=sheet.name, sentence=sentence, params=told, hint=hint)

"""Halls written by hand in YAML: blocks of rows, rows in parts between aisles. Hides how they become a drawing."""

from collections.abc import Iterator
from itertools import count
from string import ascii_uppercase
from typing import Annotated, Literal

from pydantic import Field

from schemas.envelope import Strict
from schemas.halls.whole import BlockKind, Hall, HallBlock, HallKey, HallSeat, HallSign, PartKey, SeatMark
from schemas.protocol.words import Label

_AISLE = 2.0  # widths of a seat
_STAGE = 2.0
_GAP = 2.0  # between two blocks


class Band(Strict):
    """Rows that are alike: how many seats stand between the aisles, as one looks at the stage. `aisle` behind it."""

    count: int = Field(1, ge=1, le=200)
    parts: tuple[Annotated[int, Field(ge=1, le=200)], ...] = Field(min_length=1, max_length=12)
    aisle: bool = False


class DrawnDoor(Strict):
    """A door beside a block; `row` counts from its front, 0 is the front itself."""

    label: Label
    side: Literal["left", "right", "back"]
    row: int = 0


class DrawnBlock(Strict):
    """`numbering` odd_even: odd numbers on the right of the middle, even ones on the left, as theatres have it.
    `wheelchair` and `reserved` name seats as A/1. `rows_from`: the letter of the first row.
    """

    block: PartKey
    label: Label
    kind: BlockKind = "seats"
    rows: tuple[Band, ...] = ()
    rows_from: str = Field("A", pattern=r"^[A-Z]{1,2}$")
    numbering: Literal["left_to_right", "right_to_left", "odd_even"] = "left_to_right"
    wheelchair: tuple[str, ...] = ()
    reserved: tuple[str, ...] = ()
    doors: tuple[DrawnDoor, ...] = ()
    capacity: int | None = None
    size: tuple[float, float] | None = Field(None, description="Width and height of a standing block.")
    beside: bool = Field(default=False, description="Stands to the right of the one before, not behind it.")


class DrawnHall(Strict):
    """A hall as a file has it."""

    hall: HallKey
    label: Label
    outdoor: bool = False
    stage: Label | None = None
    stage_width: float = 24
    blocks: tuple[DrawnBlock, ...] = Field(min_length=1)

    def whole(self) -> Hall:
        drawing = _Drawing()
        stage_of = [block for block in self.blocks if block.kind == "rostrum"]
        top = 0.0
        for line in _lines(self.blocks):
            top = drawing.line(line, top) + _GAP
        signs = list(drawing.signs)
        if self.stage:
            height = max((drawing.bottoms[one.block] for one in stage_of), default=0.0) + 0.5
            signs.insert(0, _stage(self.stage, self.stage_width, height))
        return Hall(
            key=self.hall,
            label=self.label,
            outdoor=self.outdoor,
            blocks=tuple(drawing.blocks[one.block] for one in self.blocks),
            seats=tuple(drawing.seats),
            signs=tuple(signs),
        )


def _stage(label: Label, width: float, height: float) -> HallSign:
    """Behind everything; a rostrum stands on it."""
    return HallSign(kind="stage", label=label, x=-width / 2, y=-_STAGE - 0.5, width=width, height=height + _STAGE)


def _lines(blocks: tuple[DrawnBlock, ...]) -> Iterator[list[DrawnBlock]]:
    """Blocks that stand beside each other, from the stage to the back."""
    line: list[DrawnBlock] = []
    for block in blocks:
        if line and not block.beside:
            yield line
            line = []
        line.append(block)
    yield line


class _Drawing:
    """Everything around the axis x = 0."""

    def __init__(self) -> None:
        self.blocks: dict[str, HallBlock] = {}
        self.bottoms: dict[str, float] = {}
        self.seats: list[HallSeat] = []
        self.signs: list[HallSign] = []

    def line(self, blocks: list[DrawnBlock], top: float) -> float:
        """Blocks side by side, together in the middle; returns where they end."""
        whole = sum(map(_width, blocks)) + _GAP * (len(blocks) - 1)
        left, bottom = -whole / 2, top
        for block in blocks:
            width = _width(block)
            bottom = max(bottom, self._block(block, left + width / 2, top))
            left += width + _GAP
        return bottom

    def _block(self, block: DrawnBlock, axis: float, top: float) -> float:
        width, height = block.size or (_width(block), _height(block))
        self.blocks[block.block] = HallBlock(
            key=block.block,
            label=block.label,
            kind=block.kind,
            capacity=block.capacity,
            x=axis - width / 2,
            y=top - 0.5,
            width=width,
            height=height,
        )
        self._rows(block, axis, top)
        self.signs += [_door(door, axis, top, width, height) for door in block.doors]
        self.bottoms[block.block] = top + height - 0.5
        return top + height

    def _rows(self, block: DrawnBlock, axis: float, top: float) -> None:
        """Of a rostrum the first row is that nearest to the hall."""
        depths = list(_depths(block))
        if block.kind == "rostrum":
            depths = [(depths[-1][0] - depth, band) for depth, band in depths]
        for name, (depth, band) in zip(_letters(block.rows_from), depths, strict=False):
            xs = list(_xs(band.parts))
            for x, number in zip(xs, _numbers(block.numbering, len(xs)), strict=True):
                mark = _mark(block, f"{name}/{number}")
                seat = HallSeat(block=block.block, row=name, number=number, x=axis + x, y=top + depth, mark=mark)
                self.seats.append(seat)
        if block.kind == "seats":
            self._aisles(block, axis, top)

    def _aisles(self, block: DrawnBlock, axis: float, top: float) -> None:
        depth = 0.0
        for band in block.rows:
            for left in _gaps(band.parts):
                self.signs.append(
                    HallSign(kind="aisle", x=axis + left, y=top + depth - 0.5, width=_AISLE - 0.4, height=band.count)
                )
            depth += band.count + (_AISLE if band.aisle else 0)


def _width(block: DrawnBlock) -> float:
    if block.size:
        return block.size[0]
    return max(sum(band.parts) + _AISLE * (len(band.parts) - 1) for band in block.rows)


def _height(block: DrawnBlock) -> float:
    return sum(band.count + (_AISLE if band.aisle else 0) for band in block.rows)


def _depths(block: DrawnBlock) -> Iterator[tuple[float, Band]]:
    depth = 0.0
    for band in block.rows:
        for _ in range(band.count):
            yield depth, band
            depth += 1
        depth += _AISLE if band.aisle else 0


def _xs(parts: tuple[int, ...]) -> Iterator[float]:
    """The middles of the seats of a row, around 0."""
    at = -(sum(parts) + _AISLE * (len(parts) - 1)) / 2
    for part in parts:
        yield from (at + 0.5 + seat for seat in range(part))
        at += part + _AISLE


def _gaps(parts: tuple[int, ...]) -> Iterator[float]:
    """The left edges of the aisles between the parts of a row."""
    at = -(sum(parts) + _AISLE * (len(parts) - 1)) / 2
    for part in parts[:-1]:
        at += part
        yield at + 0.2
        at += _AISLE


def _numbers(numbering: str, seats: int) -> list[str]:
    """From left to right as one looks at the stage."""
    counted = [str(number) for number in range(1, seats + 1)]
    if numbering == "right_to_left":
        return counted[::-1]
    if numbering == "left_to_right":
        return counted
    odd, even = counted[0::2], counted[1::2]
    return even[::-1] + odd


def _letters(first: str) -> Iterator[str]:
    """A … Z, AA, AB …"""
    names = (letters(number) for number in count())
    yield next(name for name in names if name == first)
    yield from names


def letters(number: int) -> str:
    """The name of a row that is counted from 0: A … Z, AA …"""
    high, low = divmod(number, len(ascii_uppercase))
    return (letters(high - 1) if high else "") + ascii_uppercase[low]


def _mark(block: DrawnBlock, seat: str) -> SeatMark:
    if seat in block.wheelchair:
        return "wheelchair"
    return "reserved" if seat in block.reserved else ""


def _door(door: DrawnDoor, axis: float, top: float, width: float, height: float) -> HallSign:
    across = {"left": axis - width / 2 - 2, "right": axis + width / 2 + 1, "back": axis - 1.5}[door.side]
    if door.side == "back":
        return HallSign(kind="door", label=door.label, x=across, y=top + height - 0.2, width=3, height=1)
    return HallSign(kind="door", label=door.label, x=across, y=top + door.row - 1, width=1, height=3)

"""A hall as a whole: blocks, seats with their places on the drawing, and what stands between them."""

from collections import Counter
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from schemas.envelope import Strict
from schemas.protocol.words import Label

MOST_SEATS = 20_000
BlockKind = Literal["seats", "rostrum", "standing"]
SeatMark = Literal["", "wheelchair", "reserved"]
SignKind = Literal["stage", "aisle", "door"]
HallKey = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40, examples=["theatre-2000"])]
PartKey = Annotated[str, Field(pattern=r"^[^\s/]([^/]{0,10}[^\s/])?$", max_length=12)]
Measure = Annotated[float, Field(ge=-1000, le=1000, allow_inf_nan=False)]


class HallBlock(Strict):
    """A part of a hall that is filled by itself. On a rostrum people face the hall; a standing block has no seats."""

    key: PartKey
    label: Label
    kind: BlockKind = "seats"
    capacity: int | None = Field(None, ge=1, le=1_000_000, description="How many stand there; of standing blocks.")
    x: Measure = 0
    y: Measure = 0
    width: Measure = 0
    height: Measure = 0


class HallSeat(Strict):
    """A seat. `x` and `y` are its middle, in widths of a seat: x from the left as one looks at the stage, y away from
    the stage. Two seats of a row that are one apart are neighbours; anything more is an aisle.
    """

    block: PartKey
    row: PartKey
    number: PartKey
    x: Measure
    y: Measure
    mark: SeatMark = ""

    @property
    def id(self) -> str:
        return f"{self.block}/{self.row}/{self.number}"


class HallSign(Strict):
    """Something drawn that nobody sits on; `x` and `y` are its upper left corner."""

    kind: SignKind
    label: Label | None = None
    x: Measure
    y: Measure
    width: Measure = 1
    height: Measure = 1

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


class Hall(Strict):
    """A hall, drawn with the stage at the top; blocks in the order in which they are filled."""

    key: HallKey
    label: Label
    outdoor: bool = False
    blocks: tuple[HallBlock, ...] = Field(min_length=1, max_length=100)
    seats: tuple[HallSeat, ...] = Field((), max_length=MOST_SEATS)
    signs: tuple[HallSign, ...] = Field((), max_length=1000)

    @property
    def standing(self) -> int:
        """How many may stand in it."""
        return sum(block.capacity or 0 for block in self.blocks)

    @cached_property
    def axis(self) -> float | None:
        """The middle of the stage, if one is drawn."""
        stage = [sign for sign in self.signs if sign.kind == "stage"]
        if not stage:
            return None
        return (min(one.x for one in stage) + max(one.x + one.width for one in stage)) / 2

    @model_validator(mode="after")
    def _blocks_are_sound(self) -> Self:
        kinds = {block.key: block.kind for block in self.blocks}
        if len(kinds) < len(self.blocks):
            raise ValueError("blocks: two have the same key")
        for block in self.blocks:
            if (block.kind == "standing") != (block.capacity is not None):
                raise ValueError(f"blocks “{block.key}”: a standing block has a capacity, and no other has")
        for seat in self.seats:
            if kinds.get(seat.block, "standing") == "standing":
                raise ValueError(f"seats: “{seat.block}” is not a block with seats")
        return self

    @model_validator(mode="after")
    def _seats_differ(self) -> Self:
        for said in ((seat.id for seat in self.seats), ((seat.x, seat.y) for seat in self.seats)):
            twice = [str(one) for one, count in Counter(said).items() if count > 1]
            if twice:
                raise ValueError(f"seats: {twice[0]} is there twice")
        return self

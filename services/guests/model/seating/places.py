"""The halls of a ceremony as places: seats in rows from front to back, and blocks where people stand. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from schemas.halls import BlockKind, Hall, HallBlock, HallSeat, SeatMark

_NEXT = 1.01  # widths of a seat: neighbours are one apart


@dataclass(frozen=True, slots=True)
class Place:
    """A seat, or a standing block, whose `capacity` is how many stand there. `block` is hall/block."""

    id: str
    hall: str
    block: str
    kind: BlockKind
    row: str = ""
    number: str = ""
    x: float = 0.0
    y: float = 0.0
    mark: SeatMark = ""
    capacity: int = 1

    @property
    def standing(self) -> bool:
        return self.kind == "standing"

    def is_beside(self, right: "Place") -> bool:
        """Whether nothing stands between this seat and that one to its right."""
        return right.x - self.x <= _NEXT


@dataclass(frozen=True)
class Row:
    """Seats of one row from left to right as one looks at the stage; `axis` is the middle of the hall."""

    block: str
    kind: BlockKind
    seats: tuple[Place, ...]
    axis: float

    @cached_property
    def right(self) -> int:
        """Towards greater or smaller x: the right hand of those who sit. On a rostrum they face the hall."""
        return -1 if self.kind == "rostrum" else 1


@dataclass(frozen=True)
class Room:
    """All halls of a ceremony together."""

    halls: tuple[Hall, ...]

    @cached_property
    def places(self) -> Mapping[str, Place]:
        return {place.id: place for hall in self.halls for place in _places(hall)}

    @cached_property
    def blocks(self) -> Mapping[str, HallBlock]:
        """By hall/block, in the order in which they are filled."""
        return {f"{hall.key}/{block.key}": block for hall in self.halls for block in hall.blocks}

    @cached_property
    def rows(self) -> Mapping[str, tuple[Row, ...]]:
        """The rows of each block with seats, from front to back: a rostrum's front is that nearest to the hall."""
        found: dict[str, tuple[Row, ...]] = {}
        for hall in self.halls:
            seats = defaultdict[str, list[HallSeat]](list)
            for seat in hall.seats:
                seats[seat.block].append(seat)
            for block in hall.blocks:
                if seats[block.key]:
                    found[f"{hall.key}/{block.key}"] = tuple(_rows(self.places, hall, block, seats[block.key]))
        return found

    @cached_property
    def neighbours(self) -> Mapping[str, tuple[str, ...]]:
        """The seats beside each seat, no aisle between them."""
        beside = defaultdict[str, list[str]](list)
        for rows in self.rows.values():
            for row in rows:
                for left, right in pairwise(row.seats):
                    if left.is_beside(right):
                        beside[left.id].append(right.id)
                        beside[right.id].append(left.id)
        return {place: tuple(others) for place, others in beside.items()}


def _places(hall: Hall) -> Iterator[Place]:
    kinds = {block.key: block.kind for block in hall.blocks}
    for seat in hall.seats:
        yield Place(
            id=f"{hall.key}/{seat.id}",
            hall=hall.key,
            block=f"{hall.key}/{seat.block}",
            kind=kinds[seat.block],
            row=seat.row,
            number=seat.number,
            x=seat.x,
            y=seat.y,
            mark=seat.mark,
        )
    for block in hall.blocks:
        if block.capacity is not None:
            at = f"{hall.key}/{block.key}"
            x, y = block.x + block.width / 2, block.y + block.height / 2
            yield Place(id=at, hall=hall.key, block=at, kind="standing", x=x, y=y, capacity=block.capacity)


def _rows(places: Mapping[str, Place], hall: Hall, block: HallBlock, seats: Iterable[HallSeat]) -> Iterator[Row]:
    by_row = defaultdict[str, list[Place]](list)
    for seat in seats:
        by_row[seat.row].append(places[f"{hall.key}/{seat.id}"])
    xs = [place.x for row in by_row.values() for place in row]
    axis = _axis(hall.axis, min(xs), max(xs))
    front = -1 if block.kind == "rostrum" else 1
    for row in sorted(by_row.values(), key=lambda row: front * min(place.y for place in row)):
        ordered = tuple(sorted(row, key=lambda place: (place.x, place.y)))
        yield Row(f"{hall.key}/{block.key}", block.kind, ordered, axis)


def _axis(stage: float | None, left: float, right: float) -> float:
    """That of the hall where the block lies around it or beside it; a block is its own where no stage is drawn."""
    return (left + right) / 2 if stage is None else stage

"""In which order the seats of rows are taken: from the middle, from one end, there and back. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from schemas.protocol.rules import Seating
from schemas.seating import SeatPattern
from services.guests.model.seating.places import Place, Row

Kind = Literal["centre_out", "rows", "serpentine"]


@dataclass(frozen=True, slots=True)
class Manner:
    """A pattern with everything said, what the office leaves open being as its profile has it."""

    kind: Kind
    right_first: bool
    middle_free: bool = False


def manner(pattern: SeatPattern, profile: Seating) -> Manner:
    kind: Kind = pattern.pattern or ("centre_out" if profile.pattern == "centre_out" else "rows")
    even = pattern.even or profile.even
    return Manner(kind, (pattern.first_side or profile.first_side) == "right", even == "gap_centre")


def in_turn(row: Row, number: int, how: Manner) -> list[Place]:
    """The seats of the row that is counted from 0, in the order in which they are taken."""
    right = row.right if how.right_first else -row.right
    if how.kind == "centre_out":
        return sorted(row.seats, key=lambda seat: _from_middle(seat, row.axis, right))
    turned = how.kind == "serpentine" and number % 2 == 1
    # Who begins at the right hand goes on towards the left one.
    return sorted(row.seats, key=lambda seat: seat.x * (right if turned else -right))


def _from_middle(seat: Place, axis: float, right: int) -> tuple[float, int]:
    """Distances are compared to a thousandth: drawings are measured in fractions."""
    away = round(seat.x - axis, 3)
    return abs(away), 0 if away * right >= 0 else 1


def on_rostrum(rows: Sequence[Row], count: int, how: Manner) -> list[Place]:
    """The seats for so many, row by row; the middle of an odd row stays free for an even number if so wished."""
    found: list[Place] = []
    for number, row in enumerate(rows):
        seats, left = [seat for seat in in_turn(row, number, how) if not seat.mark], count - len(found)
        odd, even = len(seats) % 2 == 1, left % 2 == 0
        if how.kind == "centre_out" and how.middle_free and odd and even and left < len(seats):
            seats = seats[1:]
        found += seats[:left]
    return found

"""Seats given anew with the fewest moves: whoever may stay stays, who has none takes what is free. Pure."""

from collections.abc import Sequence

from schemas.protocol.rules import Seating
from schemas.seating import SeatPattern
from services.guests.model.seating.filling import Filling, Head, Sat, Seated, Sitter, fill, kept
from services.guests.model.seating.places import Room


def reseat(room: Room, sitters: Sequence[Sitter], present: Seated, pattern: SeatPattern, profile: Seating) -> Filling:
    """Nobody moves but who needs a wheelchair place and gets one now, and who has to make room for him."""
    stay = kept(present, room, sitters)
    for head in _who_must_move(room, sitters, stay):
        del stay[head]
    return fill(room, sitters, stay, pattern, profile)


def together_with(first: Seated, then: Seated) -> dict[Head, Sat]:
    """Both, where they contradict each other the first: of a head, and of a seat (see `kept`)."""
    return {**first, **{head: sat for head, sat in then.items() if head not in first}}


def _who_must_move(room: Room, sitters: Sequence[Sitter], stay: Seated) -> list[Head]:
    chairs = {place.id for place in room.places.values() if place.mark == "wheelchair"}
    needing = {(one.id, 0) for one in sitters if one.wheelchair}
    on_chairs = {head for head, sat in stay.items() if sat.place in chairs}
    wrong = [(one.id, 0) for one in sitters if one.wheelchair and (one.id, 0) not in on_chairs]
    wanting = [head for head in wrong if head not in stay or not stay[head].fixed]
    free = len(chairs) - len(on_chairs)
    others = [head for head in _from_last(sitters, stay) if head in on_chairs - needing and not stay[head].fixed]
    making_room = others[: max(0, len(wanting) - free)]
    moving = wanting[: free + len(making_room)]
    return [head for head in moving if head in stay] + making_room


def _from_last(sitters: Sequence[Sitter], stay: Seated) -> list[Head]:
    """The seated heads, those of the last in order first."""
    turn = {one.id: at for at, one in enumerate(sitters)}
    return sorted(stay, key=lambda head: (-turn.get(head[0], 0), -head[1]))

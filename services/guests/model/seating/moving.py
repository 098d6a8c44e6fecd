"""Seats changed by hand: one is put somewhere, two swap, seats are cleared and fixed. Pure."""

from collections.abc import Collection
from dataclasses import replace

from schemas.errors import NotFound, Refusal
from services.guests.model.seating.filling import Head, Sat, Seated
from services.guests.model.seating.places import Place, Room


class BlockFull(Refusal):
    """There is room for {capacity} in “{block}”, and {there} stand there. Choose another place."""

    status = 409


class TooManyForSeat(Refusal):
    """They are {heads} people, and this is one seat. Put them into a standing block, or fill by a pattern."""

    status = 409


def put(room: Room, seated: Seated, head: Head, place_id: str, heads: int = 1) -> dict[Head, Sat]:
    """The head at that place, fixed there; who sits there takes the place that becomes free, or has none.

    `heads`: how many come with one that has no place yet.
    """
    place = room.places.get(place_id)
    if place is None:
        raise NotFound(what="seat", which=place_id)
    old, found = seated.get(head), dict(seated)
    found.pop(head, None)
    count = old.heads if old else heads
    if place.standing:
        _check_room(found, place, count)
    elif count > 1:
        raise TooManyForSeat(heads=count)
    elif other := next((each for each, sat in found.items() if sat.place == place_id), None):
        sat = found.pop(other)
        if old:
            found[other] = replace(sat, place=old.place)
    found[head] = Sat(place_id, count, fixed=True)
    return found


def _check_room(found: Seated, place: Place, heads: int) -> None:
    there = sum(sat.heads for sat in found.values() if sat.place == place.id)
    if there + heads > place.capacity:
        raise BlockFull(capacity=place.capacity, block=place.block.partition("/")[2], there=there)


def clear(seated: Seated, guest_ids: Collection[str] | None) -> dict[Head, Sat]:
    """Without these guests; without all whose seats are not fixed."""
    if guest_ids is None:
        return {head: sat for head, sat in seated.items() if sat.fixed}
    gone = frozenset(guest_ids)
    return {head: sat for head, sat in seated.items() if head[0] not in gone}


def fix(seated: Seated, guest_ids: Collection[str], *, fixed: bool) -> dict[Head, Sat]:
    some = frozenset(guest_ids)
    return {head: replace(sat, fixed=fixed) if head[0] in some else sat for head, sat in seated.items()}

"""The halls of ceremonies as rooms, and what cards say of seats in them. Hides that halls are read from JSON once."""

from collections.abc import Mapping
from functools import lru_cache

from schemas.halls import Hall
from services.guests.model.seating.places import Room
from services.guests.model.seating.wording import SeatWords
from services.guests.store import seats as store
from services.kit.store import Connection

_ROOMS = 32  # kept: a ceremony's halls change seldom, and are asked for with every list of guests


@lru_cache(_ROOMS)
def room(bodies: tuple[str, ...]) -> Room:
    return Room(tuple(Hall.model_validate_json(body) for body in bodies))


def seat_texts(conn: Connection, office: str, ceremony_id: str, language: str) -> Mapping[str, str]:
    """What the card of each guest says who has a seat."""
    row = store.head_of(conn, office, ceremony_id)
    if not row.halls:
        return {}
    return SeatWords(room(row.halls), language).texts(store.seats(conn, ceremony_id))

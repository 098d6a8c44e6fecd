"""Lists for ushers: who goes in by which door, and sits where. Pure."""

from collections.abc import Mapping, Sequence

from schemas.halls import Hall, HallSign, hall_words
from schemas.seating import UsherRow
from services.guests.model.seating.drawing import Shown
from services.guests.model.seating.places import Place, Room
from services.guests.model.seating.wording import SeatWords


def by_door(room: Room, shown: Mapping[str, Sequence[Shown]], language: str) -> list[UsherRow]:
    """Hall by hall, door by door as they are drawn, block by block, row by row from the front."""
    words = SeatWords(room, language)
    found = [
        _row(room, words, language, place, one) for place in room.places.values() for one in shown.get(place.id, ())
    ]
    halls = {hall.key: at for at, hall in enumerate(room.halls)}
    doors = {hall.key: [_name(sign, language) for sign in _doors(hall)] for hall in room.halls}
    order = {place: at for at, place in enumerate(_in_rows(room))}

    def key(row: UsherRow) -> tuple[int, int, int]:
        hall = row.place.partition("/")[0]
        return halls[hall], doors[hall].index(row.door) if row.door else 0, order[row.place]

    return sorted(found, key=key)


def _in_rows(room: Room) -> list[str]:
    seats = [seat.id for rows in room.rows.values() for row in rows for seat in row.seats]
    return [*seats, *(place.id for place in room.places.values() if place.standing)]


def _row(room: Room, words: SeatWords, language: str, place: Place, one: Shown) -> UsherRow:
    hall = next(hall for hall in room.halls if hall.key == place.hall)
    mark = hall_words().wheelchair.say(language) if place.mark == "wheelchair" else ""
    return UsherRow(
        hall=words.hall(place.hall),
        door=_nearest(hall, place, language),
        block=words.block(place.block),
        row=place.row,
        number=place.number,
        place=place.id,
        seat=words.one(place.id),
        name=one.label,
        guest_id=one.head[0],
        heads=one.heads,
        note=mark,
    )


def _doors(hall: Hall) -> list[HallSign]:
    return [sign for sign in hall.signs if sign.kind == "door"]


def _nearest(hall: Hall, place: Place, language: str) -> str:
    """The door nearest to a seat as one walks along rows and aisles; none where none is drawn."""
    doors = _doors(hall)
    if not doors:
        return ""
    near = min(doors, key=lambda door: abs(door.middle[0] - place.x) + abs(door.middle[1] - place.y))
    return _name(near, language)


def _name(door: HallSign, language: str) -> str:
    return (door.label or hall_words().door).say(language)

"""What a place is called on a card and in a list: hall and block where there are several, row and number. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from schemas.halls import hall_words
from services.guests.model.seating.filling import Seated
from services.guests.model.seating.places import Place, Room


class SeatWords:
    """The words for the places of a room in one language."""

    def __init__(self, room: Room, language: str) -> None:
        self._room, self._language = room, language
        self._halls = {hall.key: hall.label.say(language) for hall in room.halls}
        self._blocks = {key: block.label.say(language) for key, block in room.blocks.items()}
        with_seats = [key for key, block in room.blocks.items() if block.kind != "standing"]
        self._one_block = len(with_seats) == 1

    def one(self, place_id: str) -> str:
        return self.of([place_id])

    def of(self, place_ids: Iterable[str]) -> str:
        """Of all places of one guest: “Row A, seats 3, 5”; the same row is named once."""
        places = [place for one in place_ids if (place := self._room.places.get(one))]
        rows = groupby(places, key=lambda place: (place.block, place.row))
        return "; ".join(self._row(block, row, list(some)) for (block, row), some in rows)

    def block(self, block: str) -> str:
        return self._blocks[block]

    def hall(self, hall: str) -> str:
        return self._halls[hall]

    def texts(self, seated: Seated) -> Mapping[str, str]:
        """What each guest's card says."""
        places: dict[str, list[str]] = {}
        for (guest_id, _), sat in sorted(seated.items()):
            places.setdefault(guest_id, []).append(sat.place)
        return {guest_id: self.of(some) for guest_id, some in places.items()}

    def _row(self, block: str, row: str, places: Sequence[Place]) -> str:
        words = [self._halls[places[0].hall]] if len(self._halls) > 1 else []
        if not self._one_block or places[0].standing:
            words.append(self._blocks[block])
        if not places[0].standing:
            words.append(self._seats(row, [place.number for place in places]))
        whole = ", ".join(words)
        return whole[:1].upper() + whole[1:]

    def _seats(self, row: str, numbers: Sequence[str]) -> str:
        said = {"row": row, "numbers": _runs(numbers)}
        words = hall_words()
        return (words.seat if len(numbers) == 1 else words.seats).say(self._language).format_map(said)


def _runs(numbers: Sequence[str]) -> str:
    """In order, three and more that follow one another as 3–7."""
    if not all(number.isdecimal() for number in numbers):
        return ", ".join(numbers)
    found: list[list[int]] = []
    for number in sorted(map(int, numbers)):
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return ", ".join(_run(run) for run in found)


def _run(run: Sequence[int]) -> str:
    return ", ".join(map(str, run)) if len(run) < 3 else f"{run[0]}–{run[-1]}"  # noqa: PLR2004 - two are no run

"""Who sits where in a ceremony at one version, beside the list of its guests; and what a change does to it."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Self

import schemas.seating as ask
from services.guests.model.answering import AWAY
from services.guests.model.counts import printed
from services.guests.model.lists import Kept
from services.guests.model.matching import called
from services.guests.model.ordered import Ordered
from services.guests.model.seating.drawing import Shown
from services.guests.model.seating.filling import Head, Left, Sat, Seated, Sitter, missing
from services.guests.model.seating.places import Room
from services.guests.model.seating.wording import SeatWords
from services.guests.model.wording import address
from services.guests.present import Present, present
from services.guests.rooms import room
from services.guests.store import seats as store
from services.guests.store.answers import Company, company
from services.guests.store.seats import Moves, SeatingRow
from services.kit.context import caller
from services.kit.store import Connection


def sitters(order: Ordered, known: Mapping[str, Company]) -> list[Sitter]:
    """Everybody who comes, in order of precedence."""
    coming = (at for at in range(order.coming) if order.written(at).state not in AWAY)
    return [_sitter(order.written(at), known.get(order.ids[at], Company())) for at in coming]


def _sitter(guest: Kept, company: Company) -> Sitter:
    return Sitter(
        id=guest.id,
        side=guest.side,
        group=guest.group is not None,
        heads=printed(guest.group, guest.counts)[0] if guest.group else 1 + company.along,
        delegation=guest.delegation,
        wheelchair=company.wheelchair and guest.group is None,
    )


class Desk:
    """The guests of a ceremony and their seats, at one version of both."""

    def __init__(
        self, ceremony_id: str, guests: Present, sitters: Sequence[Sitter], *, row: SeatingRow, seated: Seated
    ) -> None:
        self.ceremony_id, self.guests, self.sitters = ceremony_id, guests, sitters
        self.row, self.seated = row, seated

    @classmethod
    def now(cls, conn: Connection, ceremony_id: str) -> Self:
        office = caller().office
        row = store.head_of(conn, office, ceremony_id)
        seated = store.seats(conn, ceremony_id) if row.version else {}
        guests = present(conn, office, ceremony_id)
        who = sitters(guests.order, company(conn, ceremony_id))
        return cls(ceremony_id, guests, who, row=row, seated=seated)

    def then(self, row: SeatingRow, seated: Seated) -> "Desk":
        """The same guests, seated otherwise."""
        return Desk(self.ceremony_id, self.guests, self.sitters, row=row, seated=seated)

    @property
    def order(self) -> Ordered:
        return self.guests.order

    @cached_property
    def room(self) -> Room:
        return room(self.row.halls)

    @cached_property
    def pattern(self) -> ask.SeatPattern:
        return ask.SeatPattern.model_validate_json(self.row.pattern)

    @cached_property
    def words(self) -> SeatWords:
        """As they are printed: in the language of the ceremony's profile."""
        return SeatWords(self.room, self.order.profile.locale)

    def name(self, guest_id: str) -> str:
        at = self.order.places.get(guest_id)
        return address(self.order.written(at), self.order.profile) if at is not None else guest_id

    def sitting(self, at: int) -> ask.Sitting:
        guest = self.order.written(at)
        return ask.Sitting(
            id=guest.id,
            name=address(guest, self.order.profile),
            delegation=guest.delegation,
            side=guest.side,
            bloc=self.order.bloc(at),
            position=self.order.positions[at],
        )

    def shown(self, at: int) -> Shown:
        guest = self.order.written(at)
        name, label = called(guest), address(guest, self.order.profile)
        return Shown((guest.id, 0), name, label, self.order.bloc(at), group=guest.group is not None)

    def placed(self, one: Left) -> ask.PlacedHead:
        """With his place, or why he has none."""
        guest = self.guests.guest(self.order.places[one.head[0]])
        sat = self.seated.get(one.head)
        return ask.PlacedHead(
            guest_id=guest.id,
            name=guest.address,
            posts_text=guest.posts_text,
            position=guest.position,
            nth=one.head[1],
            heads=one.heads,
            place=sat.place if sat else None,
            seat=self.text(sat),
            fixed=bool(sat and sat.fixed),
            why=None if sat else one.why,
        )

    def waiting(self) -> list[Left]:
        """Who has no place, and why as far as it can be seen without filling."""
        held = {sat.place for sat in self.seated.values()}
        free = {place.mark for place in self.room.places.values() if not place.standing and place.id not in held}
        without = ((one, missing(one, self.seated)) for one in self.sitters)
        return [Left(heads[0], len(heads), _why(one, heads[0], free)) for one, heads in without if heads]

    def unseated(self, left: Sequence[Left]) -> tuple[ask.Unseated, ...]:
        return tuple(
            ask.Unseated(
                guest_id=one.head[0], name=self.name(one.head[0]), nth=one.head[1], heads=one.heads, why=one.why
            )
            for one in left
        )

    def text(self, sat: Sat | None) -> str | None:
        """What the card says; of a hall that is used no more the place as it was kept."""
        return (self.words.one(sat.place) or sat.place) if sat else None


def told(before: Desk, after: Desk, left: Sequence[Left] | None = None) -> ask.Filled:
    """What a change does: those who move in the order of the list, the first of them by name."""
    moves = store.moves_between(before.seated, after.seated)
    heads = sorted(moves.before, key=lambda head: (after.order.places.get(head[0], 0), head[1]))
    moved = [head for head in heads if _moved(moves, head)]
    left = after.waiting() if left is None else left
    shown = moved[: ask.MOST_MOVED]
    touched = (sat.place for head in shown for sat in (moves.before[head], moves.after[head]) if sat)
    return ask.Filled(
        version=after.row.version,
        places=tuple(dict.fromkeys(touched)),
        seated=sum(sat.heads for sat in after.seated.values()),
        moved=sum(moves.before[head] is not None for head in moved),
        new=sum(moves.before[head] is None for head in moved),
        moves=tuple(
            ask.SeatMoved(
                guest_id=head[0],
                name=after.name(head[0]),
                nth=head[1],
                before=before.text(moves.before[head]),
                after=after.text(moves.after[head]),
            )
            for head in shown
        ),
        unseated_count=sum(one.heads for one in left),
        unseated=after.unseated(left[: ask.MOST_MOVED]),
    )


def _moved(moves: Moves, head: Head) -> bool:
    """Not those who are only fixed where they sit."""
    before, after = moves.before[head], moves.after[head]
    return (before and before.place) != (after and after.place)


def _why(one: Sitter, head: Head, free: AbstractSet[str]) -> ask.Why:
    if one.heads is None:
        return "head_count_unknown"
    if one.wheelchair and head[1] == 0:
        return "waiting" if "wheelchair" in free else "no_wheelchair_place"
    return "waiting" if "" in free or one.group else "no_seat"

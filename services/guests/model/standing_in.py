"""“B comes for A”: what becomes of both and of the order, and what becomes of them when it is undone. Pure."""

from collections.abc import Collection
from typing import NamedTuple

from schemas.answers import State
from schemas.errors import Refusal
from schemas.guests import GuestFields
from schemas.protocol import Profile
from schemas.stand_ins import MOST_MOVED, PlaceMoved
from services.guests.model.answering import HasStandIn, StandsIn
from services.guests.model.lists import Kept
from services.guests.model.matching import called
from services.guests.model.ordered import Ordered
from services.guests.model.wording import address


class ForHimself(Refusal):
    """“{who}” cannot come for himself. Choose somebody else."""


class OnlyPersons(Refusal):
    """“{who}” is a group: people come for people. Choose a person."""


class WhoComes(Refusal):
    """It is not said who comes. Choose a guest of the list, or write who it is: one of the two."""


class Both(NamedTuple):
    """The one who does not come, and the one who comes for him."""

    guest: Kept
    stand_in: Kept


def check(guest: Kept, other: Kept | None, represented: Collection[str]) -> None:
    """Refuse a standing-in that cannot be: chains of them, or somebody in two places."""
    if guest.person is None or (other is not None and other.person is None):
        raise OnlyPersons(who=called(guest if guest.person is None else other or guest))
    if other is not None and other.id == guest.id:
        raise ForHimself(who=called(guest))
    for one in filter(None, (guest, other)):
        if one.id in represented:
            raise HasStandIn(who=called(one))
        if one.stands_in_for in represented:
            raise StandsIn(who=called(one))


def takes_seat(profile: Profile, *, interim: bool) -> bool:
    """Rank is not delegated where the rule is his own; then neither is the seat."""
    return profile.substitution == "represented_rank" or (profile.substitution == "interim_only" and interim)


def made(guest: Kept, other: Kept, profile: Profile, *, interim: bool) -> Both:
    """Both as they are from then on. A seat that was typed goes over where the rank does."""
    seat = guest.seat if takes_seat(profile, interim=interim) and guest.seat else other.seat
    came = {"state": "accepted", "stands_in_for": guest.id, "interim": interim, "seat": seat}
    return Both(
        guest.model_copy(update={"state": "stand_in_agreed", "version": guest.version + 1}),
        other.model_copy(update={**came, "version": other.version + 1}),
    )


def newcomer(guest: Kept, who: GuestFields, fresh: str) -> Kept:
    """Somebody who comes onto the list for this: of the side and delegation of the one he comes for."""
    return Kept(id=fresh, version=0, person=who.person, side=guest.side, delegation=guest.delegation)


def unmade(both: Both, guest_state: State, stand_in_state: State, seat: str | None) -> Both:
    own = {"state": stand_in_state, "stands_in_for": None, "interim": False, "seat": seat}
    return Both(
        both.guest.model_copy(update={"state": guest_state, "version": both.guest.version + 1}),
        both.stand_in.model_copy(update={**own, "version": both.stand_in.version + 1}),
    )


def moves(before: Ordered, after: Ordered, both: Both, profile: Profile) -> tuple[tuple[PlaceMoved, ...], int]:
    """Whose place in the order changes, those two first and then the others as they will stand; and how many."""
    two = (both.guest.id, both.stand_in.id)
    moved = [one for one in (*two, *(other for other in after.ids if other not in two)) if _moves(before, after, one)]
    return tuple(_moved(before, after, one, profile) for one in moved[:MOST_MOVED]), len(moved)


def place(order: Ordered, guest_id: str) -> int | None:
    return order.positions[order.places[guest_id]] if guest_id in order.places else None


def _moves(before: Ordered, after: Ordered, guest_id: str) -> bool:
    return place(before, guest_id) != place(after, guest_id)


def _moved(before: Ordered, after: Ordered, guest_id: str, profile: Profile) -> PlaceMoved:
    at = after.places[guest_id]
    return PlaceMoved(
        guest_id=guest_id if guest_id in before.places else None,
        name=address(after.written(at), profile),
        before=place(before, guest_id),
        after=place(after, guest_id),
        why=after.guest(at).why,
    )

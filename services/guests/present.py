"""The guest list of a ceremony as it is now, in order of precedence.

Hides that it is ordered once a version, and that of a new version only what changed since the last is read.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TypeVar

from schemas.guests import Guest, GuestsPart, GuestsSummary
from schemas.precedence import SettledTitle
from schemas.protocol import profile_for
from schemas.scheduling import CeremonyFields
from services.guests import store
from services.guests.model.lists import Kept, Listed
from services.guests.model.ordered import Hands, Ordered, in_order
from services.guests.model.titles import settled_by
from services.guests.rooms import seat_texts
from services.guests.store import Listing, Placing
from services.kit.parts import content_hash
from services.kit.remembered import Remembered
from services.kit.store import Connection

G = TypeVar("G", Guest, Kept)
_VERSIONS = {"guests": {"__all__": {"version", "state", "original"}}}
Settled = tuple[SettledTitle, ...]
Placings = Mapping[str, Placing]


class Present:
    """A list at one version, as titles are settled. Who stands where is worked out when it is first asked for."""

    def __init__(
        self,
        head: Listing,
        written: Listed,
        *,
        seats: Mapping[str, str],
        placings: Placings,
        settled: Settled,
        before: "Present | None" = None,
    ) -> None:
        self.head, self.written, self.seats = head, written, seats
        self.placings, self.settled = placings, settled
        self._base = before.ordered if before else None

    @cached_property
    def order(self) -> Ordered:
        """Of an order that is known only what changed is worked out anew."""
        base, self._base = self._base, None
        if base is None:
            return ranked(self.written.values(), self.head, self.placings, self.settled)
        before = base.kept
        new = [guest for guest_id, guest in self.written.items() if before.get(guest_id) is not guest]
        return base.changed(new, before.keys() - self.written.keys(), hands_of(self.placings))

    @property
    def ordered(self) -> Ordered | None:
        """The order if it is known, or the last one that was."""
        return self.__dict__.get("order", self._base)

    @cached_property
    def part(self) -> GuestsPart:
        return self._part(self.order, self.head.version)

    def part_of(self, guests: Iterable[Kept], head: Listing, settled: Settled) -> GuestsPart:
        """What guests would contribute to papers with this list; who has a seat, or a place by hand, keeping it."""
        return self._part(ranked(guests, head, self.placings, settled), head.version)

    def _part(self, order: Ordered, version: int) -> GuestsPart:
        made = GuestsPart(guests=tuple(map(self._seated, order.guests)), version=version, hash="")
        return made.model_copy(update={"hash": content_hash(made, _VERSIONS)})

    @cached_property
    def numbers(self) -> GuestsSummary:
        return GuestsSummary(version=self.head.version, **self.order.counted)

    def guest(self, at: int) -> Guest:
        """The one at this index, with the seat that the seating gives him; without one as it was typed."""
        return self._seated(self.order.guest(at))

    @property
    def kept(self) -> Listed:
        """The guests by id, as they were written, with their seats."""
        return {guest_id: self._seated(guest) for guest_id, guest in self.written.items()}

    def _seated(self, guest: G) -> G:
        seat = self.seats.get(guest.id)
        return guest.model_copy(update={"seat": seat}) if seat else guest


_lists = Remembered[Present](most=30_000)  # guests, over all lists of a database; about 5 KB each


def present(conn: Connection, office: str, ceremony_id: str | None) -> Present:
    """The list as it is now. A ceremony without a list has an empty one.

    Not for a transaction that has changed the list: what it sees may never come to be.
    """
    head = store.listing(conn, office, ceremony_id) if ceremony_id else None
    if ceremony_id is None or head is None:
        head = Listing(0, CeremonyFields.model_fields["profile"].default, None)
        return Present(head, {}, seats={}, placings={}, settled=())
    known, settled = _lists.find(conn, ceremony_id), store.settled_titles(conn, office, head.profile)
    if known and known.head == head and known.settled == settled:
        return known
    placings = store.placings(conn, ceremony_id)
    before = known if known and _only_grew(known, head, settled) else None
    written = _brought_up(conn, ceremony_id, before) if before else store.guests(conn, ceremony_id)
    seats = seat_texts(conn, office, ceremony_id, profile_for(head.profile, head.on).locale)
    made = Present(head, written, seats=seats, placings=placings, settled=settled, before=before)
    return _lists.keep(conn, ceremony_id, made, version=head.version, weight=len(written))


def _only_grew(known: Present, head: Listing, settled: Settled) -> bool:
    """Whether the same rules hold as when it was ordered last."""
    same = known.head == head._replace(version=known.head.version) and known.settled == settled
    return same and known.head.version < head.version


def _brought_up(conn: Connection, ceremony_id: str, known: Present) -> Listed:
    """With what was written since, without who is there no more: that of the rows, whatever others did meanwhile."""
    written = {**known.written, **store.guests(conn, ceremony_id, since=known.head.version)}
    if store.count(conn, ceremony_id) == len(written):
        return written
    here = store.ids(conn, ceremony_id)
    missed = store.guests_by_id(conn, here - written.keys())
    return {guest_id: guest for guest_id, guest in {**written, **missed}.items() if guest_id in here}


def ranked(guests: Iterable[Kept], head: Listing, placings: Placings, settled: Settled) -> Ordered:
    """These guests in order, by the rules of the head, with what people said of them."""
    profile = profile_for(head.profile, head.on)
    return in_order(guests, profile, head.on, hands_of(placings), settled_by(profile, settled))


def hands_of(placings: Placings) -> Hands:
    return {guest_id: placing.hand for guest_id, placing in placings.items()}

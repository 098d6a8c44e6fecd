"""Which cards a release printed say another seat than the draft. Pure."""

from collections.abc import Iterable, Iterator

from schemas.guests import Guest
from schemas.seating import Card, CardChange


def cards(printed: Iterable[Guest], now: Iterable[Guest]) -> Iterator[Card]:
    """Those to print, in the order of the list, then those to take out."""
    before = {guest.id: guest for guest in printed if guest.seat}
    here = {guest.id: guest for guest in now}
    for guest_id, guest in here.items():
        old = before.get(guest_id)
        seat = old.seat if old else None
        if guest.seat and guest.seat != seat:
            yield _card(guest, "moved" if seat else "new", seat, guest.seat)
        elif seat and not guest.seat:
            yield _card(guest, "gone", seat, None)
    for guest_id, guest in before.items():
        if guest_id not in here:
            yield _card(guest, "gone", guest.seat, None)


def _card(guest: Guest, what: CardChange, before: str | None, after: str | None) -> Card:
    return Card(guest_id=guest.id, name=guest.address, what=what, before=before, after=after)

"""The guest list of a ceremony as it is now, in order of precedence. Hides that it is ordered once a version."""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import date
from threading import Lock
from weakref import WeakKeyDictionary

from schemas.guests import GuestsPart
from schemas.protocol import Profile, ProfileNotInForce, load_profile
from schemas.scheduling import CeremonyFields
from services.guests import store
from services.guests.model.lists import Kept, in_order
from services.guests.store import Listing
from services.kit.parts import content_hash
from services.kit.store import Connection

_VERSIONS = {"guests": {"__all__": {"version"}}}
_MOST_GUESTS = 30_000  # kept in order, over all lists of one database; about 3 KB each
_Known = OrderedDict[tuple[str, Listing], GuestsPart]
_known: WeakKeyDictionary[object, _Known] = WeakKeyDictionary()
_lock = Lock()


def present(conn: Connection, office: str, ceremony_id: str | None) -> tuple[Listing, GuestsPart]:
    """The head of the list, and the part as it is now. A ceremony without a list has an empty one.

    Not for a transaction that has changed the list: what it sees may never come to be.
    """
    head = store.listing(conn, office, ceremony_id) if ceremony_id else None
    if ceremony_id is None or head is None:
        head = Listing(0, CeremonyFields.model_fields["profile"].default, None)
        return head, part((), rules(head.profile, head.on), head)
    if found := _remembered(conn, (ceremony_id, head)):
        return head, found
    made = part(store.guests(conn, ceremony_id).values(), rules(head.profile, head.on), head)
    _remember(conn, (ceremony_id, head), made)
    return head, made


def part(guests: Iterable[Kept], profile: Profile, head: Listing) -> GuestsPart:
    """What guests contributes to papers, with the hash of what it says."""
    made = GuestsPart(guests=in_order(guests, profile, head.on), version=head.version, hash="")
    return made.model_copy(update={"hash": content_hash(made, _VERSIONS)})


def rules(name: str, on: date | None) -> Profile:
    """Those of the day; if the profile does not hold then, the newest: papers must be possible all the same."""
    try:
        return load_profile(name, on)
    except ProfileNotInForce:
        return load_profile(name)


def _remembered(conn: Connection, key: tuple[str, Listing]) -> GuestsPart | None:
    with _lock:
        known = _known.get(conn.engine.pool, _Known())
        if key in known:
            known.move_to_end(key)
        return known.get(key)


def _remember(conn: Connection, key: tuple[str, Listing], made: GuestsPart) -> None:
    with _lock:
        known = _known.setdefault(conn.engine.pool, _Known())
        known[key] = made
        while len(known) > 1 and sum(len(each.guests) for each in known.values()) > _MOST_GUESTS:
            known.popitem(last=False)

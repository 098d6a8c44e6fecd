"""What is asked about guests: the whole part, pages, one of them, a search over ceremonies, and numbers."""

import schemas.guests as ask
from schemas.differences import CompareRelease, Differences, compared, differences
from schemas.errors import NotFound
from schemas.paging import page
from schemas.protocol import profile_for
from schemas.rights import require
from services.guests import store
from services.guests.contacts import shown, shown_part
from services.guests.model.lists import Kept
from services.guests.model.matching import called
from services.guests.model.ordered import Ordered
from services.guests.model.wording import PostsText, address
from services.guests.present import present
from services.guests.store import Hit, Listing
from services.kit.context import caller, ceremonies_where
from services.kit.store import Connection
from services.lang import find_key, find_words, is_found, match_key

_RANKED = 300  # hits that are looked at for the best of them


def get_part(conn: Connection, question: ask.GetGuests) -> ask.GuestsPart:
    if question.release is None:
        return shown_part(present(conn, caller().office, question.ceremony_id).part, question.ceremony_id)
    frozen = store.parts.frozen(conn, caller().office, question.ceremony_id, question.release)
    return shown_part(ask.GuestsPart.model_validate_json(frozen), question.ceremony_id)


def list_guests(conn: Connection, question: ask.ListGuests) -> ask.GuestPage:
    now = present(conn, caller().office, question.ceremony_id)
    wanted = _wanted(conn, question, now.order)
    found = page(now.order.marks, wanted, question.after, question.limit)
    guests = tuple(shown(now.guest(at), question.ceremony_id) for at in found.shown)
    return ask.GuestPage(guests=guests, version=now.head.version, total=len(wanted), next=found.next)


def get_guest(conn: Connection, question: ask.GetGuest) -> ask.Guest:
    now = present(conn, caller().office, question.ceremony_id)
    if question.guest_id not in now.order.places:
        raise NotFound(what="guest", which=question.guest_id)
    return shown(now.guest(now.order.places[question.guest_id]), question.ceremony_id)


def summary(conn: Connection, question: ask.SummariseGuests) -> ask.GuestsSummary:
    return present(conn, caller().office, question.ceremony_id).numbers


def filtered(conn: Connection, ceremony_id: str, order: Ordered, text: str | None) -> list[int]:
    """The places in the order of those who are found by these words."""
    places = list(range(len(order)))
    if words := find_words(text or ""):
        found = store.matching(conn, ceremony_id, words)
        places = [at for at in places if order.ids[at] in found]
    return places


def _wanted(conn: Connection, question: ask.ListGuests, order: Ordered) -> list[int]:
    """The places in the order of those that are meant."""
    places = filtered(conn, question.ceremony_id, order, question.filter)
    if question.guest_ids is not None:
        wanted = {order.places[one] for one in question.guest_ids if one in order.places}
        places = [at for at in places if at in wanted]
    if question.side is not None:
        places = [at for at in places if order.written(at).side == question.side]
    if question.introduced is not None:
        places = [at for at in places if order.introduced[at] == question.introduced]
    if question.needs_ranking is not None:
        places = [at for at in places if order.needs_ranking(at) == question.needs_ranking]
    if question.has_address is not None:
        places = [at for at in places if order.has_address(at) == question.has_address]
    if question.state is not None:
        places = [at for at in places if order.written(at).state == question.state]
    return places


def compare_release(conn: Connection, question: CompareRelease) -> Differences:
    """By what is written of each guest: a changed post moves others too, who are not counted."""
    now, which = present(conn, caller().office, question.ceremony_id), question.ceremony_id
    release = question.release or store.parts.last_release(conn, caller().office, which)
    if not release:
        return Differences(release=0)
    frozen = ask.GuestsPart.model_validate_json(store.parts.frozen(conn, caller().office, which, release))
    before = {guest.id: shown(guest, which) for guest in frozen.guests}
    kept = now.kept
    after = {guest_id: shown(kept[guest_id], which) for guest_id in now.order.ids[: now.order.coming]}
    return differences(release, compared("guest", ask.GuestFields, before, after, called))


# Finding guests of whichever ceremony.


def search(conn: Connection, question: ask.SearchGuests) -> ask.FoundGuests:
    words, among = find_words(question.text), ceremonies_where("guests.see")
    if question.ceremony_id is not None:
        require(caller(), "guests.see", question.ceremony_id)
        among = frozenset({question.ceremony_id})
    if not words:
        return ask.FoundGuests(guests=())
    hits = store.search(conn, caller().office, among, words, _RANKED)
    best = sorted(hits, key=lambda hit: _distance(question.text, words, hit.name))[: question.limit]
    return ask.FoundGuests(guests=_told(conn, best))


def _distance(typed: str, words: tuple[str, ...], name: str) -> int:
    """0: what was typed begins words of the name, accents and all; 1: without them; 2: it is found elsewhere."""
    if not is_found(words, find_key(name)):
        return 2
    exact = f" {match_key(name)}"
    return 0 if all(f" {word}" in exact for word in match_key(typed).split()) else 1


def _told(conn: Connection, hits: list[Hit]) -> tuple[ask.FoundGuest, ...]:
    guests = store.guests_by_id(conn, [hit.id for hit in hits])
    heads = store.listings(conn, caller().office, {hit.ceremony_id for hit in hits})
    told = {ceremony_id: _Wording(head) for ceremony_id, head in heads.items()}
    return tuple(told[hit.ceremony_id].of(hit, guests[hit.id]) for hit in hits if hit.id in guests)


class _Wording:
    """How the guests of one list are called."""

    def __init__(self, head: Listing) -> None:
        self._profile = profile_for(head.profile, head.on)
        self._posts = PostsText(self._profile, head.on)

    def of(self, hit: Hit, guest: Kept) -> ask.FoundGuest:
        return ask.FoundGuest(
            ceremony_id=hit.ceremony_id,
            guest_id=hit.id,
            address=address(guest, self._profile),
            posts_text=self._posts.of(guest),
        )

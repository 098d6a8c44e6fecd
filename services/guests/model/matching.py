"""Which row of a plan is which guest of the present list, and which guests are one person. Pure."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache

from schemas.guests import GuestFields
from services.lang import find_key, match_key

Key = Callable[[GuestFields], Hashable | None]


def match(rows: Sequence[GuestFields], present: Mapping[str, GuestFields]) -> list[str | None]:
    """The id of the guest that each row is; None: a new one.

    The office's code decides; then the same name with the same posts, one after the other where there are several;
    then the same name, where only one row and one guest are left that bear it.
    """
    found: list[str | None] = [None] * len(rows)
    left = dict(present)
    for key, only_one in ((code_key, False), (_name_and_posts, False), (name_key, True)):
        open_rows = [(at, row) for at, row in enumerate(rows) if found[at] is None]
        for row_places, ids in _alike(open_rows, left.items(), key):
            if only_one and (len(row_places) > 1 or len(ids) > 1):
                continue
            for at, guest_id in zip(row_places, ids, strict=False):
                found[at] = guest_id
                left.pop(guest_id)
    return found


def _alike(
    rows: Iterable[tuple[int, GuestFields]], present: Iterable[tuple[str, GuestFields]], key: Key
) -> list[tuple[list[int], list[str]]]:
    """The places of rows and the ids of guests that share a key, for each key on both sides."""
    places, ids = defaultdict[Hashable, list[int]](list), defaultdict[Hashable, list[str]](list)
    for at, row in rows:
        if (said := key(row)) is not None:
            places[said].append(at)
    for guest_id, guest in present:
        if (said := key(guest)) is not None:
            ids[said].append(guest_id)
    return [(places[said], ids[said]) for said in places if said in ids]


def code_key(guest: GuestFields) -> str | None:
    return match_key(guest.code) if guest.code else None


def name_key(guest: GuestFields) -> tuple[str, str]:
    """A person is never taken for a group."""
    return ("person", match_key(guest.person.name)) if guest.person else ("group", match_key(called(guest)))


def called(guest: GuestFields) -> str:
    """The name of a person, the label of a group."""
    if guest.person:
        return guest.person.name
    return guest.group.label if guest.group else ""


def found_by(guest: GuestFields) -> str:
    """What a guest is found by: name and rank, posts, delegation, note and code; never the addresses."""
    who = guest.person or guest.group
    posts = [text for post in (who.posts if who else ()) for text in (post.title, post.organisation)]
    rank = guest.person.rank if guest.person else None
    return find_key(called(guest), rank, *posts, guest.delegation, guest.note, guest.code)


def _name_and_posts(guest: GuestFields) -> tuple[tuple[str, str], tuple[tuple[str, str], ...]]:
    who = guest.person or guest.group
    posts = who.posts if who else ()
    return name_key(guest), tuple((_title_key(post.title), _title_key(post.organisation or "")) for post in posts)


_title_key = lru_cache(10_000)(match_key)  # the same few titles stand on every list, many times


# One person on the lists of several ceremonies.


def marks(guest: GuestFields) -> tuple[str, ...]:
    """What tells that two guests are one person: the same name with the same posts, or with the same e-mail address.

    Hashes, because they are only compared.
    """
    if guest.person is None:
        return ()
    name, posts = _name_and_posts(guest)
    telling = [("posts", name, posts)] if posts else []
    mail = [("e-mail", name, guest.person.email.casefold())] if guest.person.email else []
    return tuple(hashlib.sha256(repr(one).encode()).hexdigest() for one in (*telling, *mail))


def persons(told: Mapping[str, tuple[str, ...]], known: Mapping[str, str]) -> dict[str, str]:
    """The known person of each guest id, by the marks of both; nobody is two guests of one ceremony."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for guest_id, its_marks in told.items():
        person = next((known[mark] for mark in its_marks if mark in known), None)
        if person and person not in taken:
            found[guest_id] = person
            taken.add(person)
    return found

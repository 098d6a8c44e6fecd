"""Who on the present list a row is about: surely, perhaps (how like, and by what), or nobody. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import NamedTuple

from schemas.guests import GuestFields, Post
from schemas.protocol import Profile
from services.guests.model.incoming import Incoming
from services.guests.model.matching import called, code_key
from services.lang import Front, match_key, search_key

SURE, ASKED, SUGGESTED = 0.95, 0.6, 0.85
# Why two are alike; the English sentences are the message ids of the translations.
SAME_CODE = "The same code."
SAME_NAME = "The same name."
SPELLING = "The same name, with tones or capitals set otherwise."
NO_ACCENTS = "The same name without accents."
ACCENTS = "Names that differ by accents alone."
SWAPPED = "The same words of the name in another order."
TITLE_IN_NAME = "The same name, once with a title before it."
SAME_POSTS = "The same posts."
OTHER_POSTS = "Other posts."
POSTS_UNKNOWN = "Posts are known of one only."
SAME_CONTACT = "The same e-mail address or telephone."
OTHER_BIRTH = "Another date of birth."
OTHER_CODE = "Each has a code of its own."
_TWO_CODES = 0.2  # less likely, where an office gave both a code
_NEAREST = 30


class Like(NamedTuple):
    """A guest, how like to 1, and by what."""

    guest_id: str
    score: float
    reasons: tuple[str, ...]


class Pair(NamedTuple):
    """Two guests of the list who may be one person, how like to 1, and by what."""

    one: str
    other: str
    score: float
    reasons: tuple[str, ...]


class Present:
    """The guests of the present list, found by code and by name; by looser keys only if somebody asks."""

    def __init__(self, guests: Mapping[str, GuestFields], profile: Profile) -> None:
        self.guests, self._front = guests, Front(profile.name_prefixes)
        self._posts: dict[str, frozenset[str]] = {}
        self.codes: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        self.names = defaultdict[tuple[bool, str], list[str]](list)
        for guest_id, guest in guests.items():
            if code := code_key(guest):
                self.codes[code] = guest_id
            self.names[guest.group is not None, match_key(called(guest))].append(guest_id)

    @cached_property
    def loose(self) -> Mapping[str, list[str]]:
        """By the words of the name without accents and titles, in the order of the alphabet."""
        found = defaultdict[str, list[str]](list)
        for guest_id, guest in self.guests.items():
            if guest.person:
                found[_loose(self.bare(guest.person.name))].append(guest_id)
        return found

    def _key(self, name: str) -> str:
        """A name is compared with several others."""
        if name not in self._keys:
            self._keys[name] = match_key(name)
        return self._keys[name]

    def bare(self, name: str) -> str:
        return self._front.split(name)[1]

    def like(self, row: Incoming, taken: Iterable[str] = ()) -> list[Like]:
        """Who may be meant, the likest first; nobody twice, and nobody whom another row is surely about."""
        key, held = match_key(row.name), frozenset(posts_key(row.posts))
        by_name = [one for one in self.names.get((row.is_group, key), ()) if one not in taken]
        # Where many share a name, those who hold the same post are meant, and only they need be looked at.
        by_name = [one for one in by_name if held & self._held(one)] or by_name
        if by_name:
            return [one for one in _best(self._named(one, row, held) for one in by_name) if one.score >= ASKED]
        if row.is_group:
            return []
        others = [one for one in self.loose.get(_loose(row.name), ()) if one not in taken]
        return [one for one in _best(self._alike(one, row, key, held) for one in others) if one.score >= ASKED]

    def pairs(self) -> list[Pair]:
        """Persons of the list who may be one, the likest first. Only who shares the words of a name is compared."""
        alike = (self._sorted(ids) for ids in self.loose.values() if len(ids) > 1)
        found = (self._pair(one, other) for ids in alike for one, other in _neighbours(ids))
        return sorted((pair for pair in found if pair.score >= ASKED), key=lambda pair: (-pair.score, pair[:2]))

    def _sorted(self, ids: Iterable[str]) -> list[str]:
        """Those who are likest beside each other."""
        return sorted(ids, key=lambda one: (self._key(called(self.guests[one])), _posts_of(self.guests[one]), one))

    def _pair(self, one: str, other: str) -> Pair:
        guest, row = self.guests[one], _as_row(self.guests[other])
        key = self._key(row.name)
        same = self._key(called(guest)) == key
        held = self._held(other)
        like = self._named(one, row, held) if same else self._alike(one, row, key, held)
        if guest.code and row.said["code"]:
            return Pair(one, other, round(like.score - _TWO_CODES, 2), (*like.reasons, OTHER_CODE))
        return Pair(one, other, like.score, like.reasons)

    def _named(self, guest_id: str, row: Incoming, held: frozenset[str]) -> Like:
        guest = self.guests[guest_id]
        name = SAME_NAME if called(guest) == row.name else SPELLING
        if _born_apart(guest, row):
            return Like(guest_id, 0.5, (name, OTHER_BIRTH))
        if row.is_group:
            return Like(guest_id, 1.0, (name,))
        score, reason = self._evidence(guest_id, row, held)
        return Like(
            guest_id, {SAME_POSTS: 1.0, SAME_CONTACT: 0.97, POSTS_UNKNOWN: 0.95}.get(reason, score), (name, reason)
        )

    def _alike(self, guest_id: str, row: Incoming, key: str, held: frozenset[str]) -> Like:
        guest = self.guests[guest_id]
        name = self._key(called(guest))
        base, reason = self._how(name, key)
        score, evidence = self._evidence(guest_id, row, held)
        found = max(base + (score - 0.75), 0.0) if not _born_apart(guest, row) else 0.0
        return Like(guest_id, round(min(found, 0.94), 2), (reason, evidence))

    def _how(self, name: str, key: str) -> tuple[float, str]:
        """By what two names that share their words are alike; both are match keys."""
        if self._key(self.bare(name)) == self._key(self.bare(key)):
            return 0.9, TITLE_IN_NAME
        plain, other = search_key(self.bare(name)), search_key(self.bare(key))
        if plain == other:
            return (0.8, NO_ACCENTS) if name.isascii() or key.isascii() else (0.5, ACCENTS)
        same = sorted(self.bare(name).split()) == sorted(self.bare(key).split())
        return (0.75, SWAPPED) if same else (0.6, SWAPPED)

    def _evidence(self, guest_id: str, row: Incoming, new: frozenset[str]) -> tuple[float, str]:
        """What beside the name tells for the same person; `new` are the posts of the row as keys."""
        old = self._held(guest_id)
        if old & new:
            return 0.9, SAME_POSTS
        guest = self.guests[guest_id]
        who = guest.person or guest.group
        phone = guest.person.phone if guest.person else None
        contacts = {who.email if who else None, phone} - {None}
        if contacts & {row.said.get("email"), row.said.get("phone")}:
            return 0.95, SAME_CONTACT
        return (0.65, OTHER_POSTS) if old and new else (0.75, POSTS_UNKNOWN)

    def _held(self, guest_id: str) -> frozenset[str]:
        """The posts of a guest as keys; many rows may look at one of a common name."""
        if guest_id not in self._posts:
            guest = self.guests[guest_id]
            who = guest.person or guest.group
            self._posts[guest_id] = frozenset(posts_key(who.posts)) if who else frozenset()
        return self._posts[guest_id]


def _neighbours(ids: list[str]) -> Iterator[tuple[str, str]]:
    """Every two of a few; of hundreds of one name each with those who stand nearest."""
    return ((one, other) for at, one in enumerate(ids) for other in ids[at + 1 : at + _NEAREST])


def _as_row(guest: GuestFields) -> Incoming:
    """A guest of the list as if he came with another one."""
    said = guest.person.model_dump(exclude={"posts"}) if guest.person else {}
    posts = guest.person.posts if guest.person else ()
    return Incoming(row="", said={**said, "posts": posts, "code": guest.code})


def _posts_of(guest: GuestFields) -> tuple[str, ...]:
    return posts_key(guest.person.posts) if guest.person else ()


def _best(found: Iterable[Like]) -> list[Like]:
    return sorted(found, key=lambda one: -one.score)[:5]


def _loose(name: str) -> str:
    return " ".join(sorted(search_key(name).split(" ")))


def _born_apart(guest: GuestFields, row: Incoming) -> bool:
    born = row.said.get("born_on")
    return bool(born and guest.person and guest.person.born_on and guest.person.born_on != born)


def posts_key(posts: Iterable[Post]) -> tuple[str, ...]:
    """What posts say, however they were parted into title and organisation."""
    return tuple(_post_key(post.title, post.organisation or "") for post in posts)


@lru_cache(50_000)
def _post_key(title: str, organisation: str) -> str:
    words, rest = match_key(title).replace(",", " ").split(), match_key(organisation).replace(",", " ").split()
    same = next((size for size in range(min(len(words), len(rest)), 0, -1) if words[-size:] == rest[:size]), 0)
    said = f" {' '.join(words)} "
    return said.strip() if f" {' '.join(rest)} " in said else " ".join(words + rest[same:])

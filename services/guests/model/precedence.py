"""The order of precedence: total, the same however the guests are listed, and explained step by step."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, NamedTuple

from schemas.protocol import Profile
from services.guests.model.standing import PostIn, Standing, Titles
from services.lang import Collation, match_key, split_name

Kind = Literal["person", "group"]
Side = Literal["guest", "host"]

# Reasons that no key of the profile gives; the English sentences are the message ids of the translations.
FIRST = "first of all"
BY_HAND = "placed by hand"
NEEDS_RANKING = "needs ranking: the profile knows none of the posts"
HOST_SECOND = "the host takes the second place"
SAME = "the same in everything: by the internal key"


@dataclass(frozen=True, slots=True)
class Entry:
    """Who is to be placed. A group without posts is placed by its name; `override` is a place in the list, from 1."""

    key: str
    kind: Kind
    side: Side
    name: str
    rank: str | None = None
    posts: tuple[PostIn, ...] = ()
    born_on: date | None = None
    override: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """`decided_by` is the key that told against the one before: its values there (`first`) and here (`then`).

    `needs_ranking`: placed last of its side, for want of a post that the profile knows.
    """

    entry_key: str
    kind: Kind
    side: Side
    position: int
    standing: Standing | None
    decided_by: str
    why: str
    first: str = ""
    then: str = ""
    needs_ranking: bool = False


class _Term(NamedTuple):
    """One key of the order: what it is called, what is compared, and how that is said."""

    key: str
    value: Any
    said: str


class Ranked(NamedTuple):
    """An entry with what is compared of it: `place` is smaller the earlier it stands."""

    entry: Entry
    standing: Standing | None
    needs_ranking: bool
    terms: tuple[_Term, ...]
    place: tuple[Any, ...]

    @property
    def kind(self) -> Kind:
        return self.entry.kind

    @property
    def side(self) -> Side:
        return self.entry.side


def order(entries: Iterable[Entry], profile: Profile, collation: Collation | None = None) -> list[Placed]:
    """Everybody in order of precedence, those placed by hand where they were put. Keys of entries must differ."""
    rules = Rules(profile, collation)
    ranked = [rules.rank(entry) for entry in entries]
    computed = Order(ranked, profile)
    placed = [computed.placed(at) for at in range(len(ranked))]
    return _with_overrides(placed, {each.entry.key: each.entry.override for each in ranked})


def why_words(placed: Placed, profile: Profile, locale: str) -> str:
    """`why` in another language of the profile; the sentences without a key stay as they are, to be translated."""
    if not placed.first and not placed.then:
        return placed.why
    return _words(profile, locale, placed.decided_by, placed.first, placed.then)


def _words(profile: Profile, locale: str, key: str, first: str, then: str) -> str:
    said = {"key": key, "first": first, "then": then}
    return profile.why.say(locale).format_map({name: profile.word(code, locale) for name, code in said.items()})


class _Decided(NamedTuple):
    """What told against the one before: a key with its two values, or what a sentence of ours says."""

    key: str
    sentence: str
    first: str = ""
    then: str = ""


class Order:
    """Ranked entries in their order. Why one stands where it does is worked out for whom it is asked."""

    def __init__(self, ranked: Iterable[Ranked], profile: Profile) -> None:
        self._profile = profile
        self._sorted = sorted(ranked, key=lambda each: each.place)
        self._turn = list(range(len(self._sorted)))
        self._host: int | None = None
        if profile.host_rule == "second":
            self._seat_host_second()

    def _seat_host_second(self) -> None:
        """Where the inviting authority takes rank two (décret 89-655, art. 9): the first of the hosts moves there."""
        host = next((at for at, each in enumerate(self._sorted) if each.side == "host"), 1)
        if host != 1 and self._turn[1:]:
            self._turn.remove(host)
            self._turn.insert(1, host)
            self._host = host

    def __len__(self) -> int:
        return len(self._turn)

    def __iter__(self) -> Iterator[Ranked]:
        return (self._sorted[turn] for turn in self._turn)

    def placed(self, at: int) -> Placed:
        """The one at this index, compared with the one before."""
        each = self._sorted[self._turn[at]]
        found = self._decided(at)
        return Placed(
            entry_key=each.entry.key,
            kind=each.kind,
            side=each.side,
            position=at + 1,
            standing=each.standing,
            decided_by=found.key,
            why=self.why(at, "en"),
            first=found.first,
            then=found.then,
            needs_ranking=each.needs_ranking,
        )

    def why(self, at: int, locale: str) -> str:
        """As `why_words` has it, of the one at this index."""
        found = self._decided(at)
        return found.sentence or _words(self._profile, locale, found.key, found.first, found.then)

    def _decided(self, at: int) -> _Decided:
        turn = self._turn[at]
        each = self._sorted[turn]
        if turn == self._host:
            return _Decided("host_rule", HOST_SECOND)
        if each.needs_ranking and not (at == 0 and self._host is not None):
            return _Decided("needs_ranking", NEEDS_RANKING)
        if at == 0:
            return _Decided("first", FIRST)
        last = self._sorted[turn - 1]
        first, then = next((a, b) for a, b in zip(last.terms, each.terms, strict=True) if a.value != b.value)
        return _Decided("key", SAME) if then.key == "key" else _Decided(then.key, "", first.said, then.said)


class Rules:
    """What the keys of a profile make of an entry; titles that were read once are remembered."""

    def __init__(self, profile: Profile, collation: Collation | None = None) -> None:
        self._profile, self._titles = profile, Titles(profile)
        self._collation = collation or Collation(profile.collation.locale, profile.collation.tones)
        self._ranks = {
            match_key(word): place
            for place, rank in enumerate(profile.rank_scale)
            for word in (*rank.label.root.values(), *rank.also, rank.code)
        }
        self._by_posts = bool({"level", "bloc", "class"} & set(profile.order_keys))

    def rank(self, entry: Entry) -> Ranked:
        post, found = self._post(entry)
        lost = self._by_posts and found is None
        terms = [term for term in self._standing_terms(entry, found) if term.key in self._profile.order_keys]
        needs = _Term("needs_ranking", lost, "")
        terms.insert(1 if terms and terms[0].key == "side" else 0, needs)
        ties = self._ties(entry, post)
        terms += [ties[key] for key in self._profile.tie_breakers]
        terms.append(_Term("key", entry.key, ""))
        return Ranked(entry, found, lost, tuple(terms), tuple(term.value for term in terms))

    def _post(self, entry: Entry) -> tuple[PostIn | None, Standing | None]:
        """The post that counts, by the profile's rule for who holds several; of equal ones that held longest."""
        posts = entry.posts or ((PostIn(entry.name),) if entry.kind == "group" else ())
        known = [(post, found) for post in posts if (found := self._titles.standing(post))]
        if not known:
            return None, None
        if self._profile.multi_position == "first_listed":
            return known[0]
        return min(known, key=lambda pair: (self._titles.place(pair[1]), pair[0].since or date.max))

    def _standing_terms(self, entry: Entry, found: Standing | None) -> tuple[_Term, ...]:
        """In the order of importance that all profiles share; which of them count is the profile's to say."""
        side = _Term("side", self._profile.side_order.index(entry.side), entry.side)
        if not found:
            return side, *(_Term(key, 0, "") for key in ("level", "key_post", "bloc", "class", "former"))
        level, key_post, bloc, cls, former = self._titles.place(found)
        return (
            side,
            _Term("level", level, found.level),
            _Term("key_post", key_post, "other_post" if key_post else "key_leader"),
            _Term("bloc", bloc, found.bloc),
            _Term("class", cls, found.cls),
            _Term("former", former, "former_holder" if former else "incumbent"),
        )

    def _ties(self, entry: Entry, post: PostIn | None) -> dict[str, _Term]:
        """Earlier in post, then older; whoever's date is not known comes after those whose date is."""
        rank = self._ranks.get(match_key(entry.rank or ""), len(self._ranks))
        return {
            "appointed_on": self._date_term("appointed_on", post.since if post else None),
            "born_on": self._date_term("born_on", entry.born_on),
            "rank": _Term("rank", rank, entry.rank or self._profile.wording.unknown),
            "collation": _Term("collation", self._name_key(entry), entry.name),
        }

    def _date_term(self, key: str, on: date | None) -> _Term:
        return _Term(key, on or date.max, on.isoformat() if on else self._profile.wording.unknown)

    def _name_key(self, entry: Entry) -> tuple[bytes, ...]:
        if entry.kind == "group":
            return (self._collation.key(entry.name),)
        parts = split_name(entry.name, self._profile.names.order)
        return self._collation.name_key(parts, self._profile.collation.name_key)


def _with_overrides(computed: list[Placed], wanted: dict[str, int | None]) -> list[Placed]:
    """Those placed by hand stand where they were put, the others in their order around them."""
    result = [each for each in computed if wanted[each.entry_key] is None]
    by_hand = [(place, each) for each in computed if (place := wanted[each.entry_key]) is not None]
    last = -1
    for place, each in sorted(by_hand, key=lambda pair: pair[0]):
        last = max(place - 1, last + 1)
        moved = replace(each, decided_by="override", why=BY_HAND, first="", then="", needs_ranking=False)
        result.insert(last, moved)
    return [replace(each, position=position) for position, each in enumerate(result, 1)]

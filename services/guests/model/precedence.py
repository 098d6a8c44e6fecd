"""The order of precedence: total, the same however the guests are listed, and explained step by step."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from schemas.protocol import Profile
from services.guests.model.placing import ByHand, slots
from services.guests.model.standing import NO_KEY_POST, PostIn, Settled, Standing, Titles
from services.lang import Collation, match_key, split_name

Kind = Literal["person", "group"]
Side = Literal["guest", "host"]

# Reasons that no key of the profile gives; the English sentences are the message ids of the translations.
FIRST = "first of all"
BY_HAND = "placed by hand"
NEEDS_RANKING = "needs ranking: the profile knows none of the posts"
HOST_SECOND = "the host takes the second place"
SAME = "the same in everything: by the internal key"
SENTENCES = (FIRST, BY_HAND, NEEDS_RANKING, HOST_SECOND, SAME)


@dataclass(frozen=True, slots=True)
class Entry:
    """Who is to be placed. A group without posts is placed by its name.

    `capacity`: the post in which somebody attends, where that is said. Who comes for another carries whom; `interim`:
    he holds that one's office for the time being, he is no mere messenger.
    """

    key: str
    kind: Kind
    side: Side
    name: str
    rank: str | None = None
    posts: tuple[PostIn, ...] = ()
    born_on: date | None = None
    capacity: str | None = None
    stands_in_for: "Entry | None" = None
    interim: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """`decided_by` is the key that told against `against`: its values there (`first`) and here (`then`).

    `against` is the nearest one before who stands by the rules as well; none for who is first or placed by hand.
    `needs_ranking`: placed last of its side, for want of a post that the profile knows. `counted`: the post that did,
    of whom he represents if `represents`.
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
    against: str | None = None
    counted: PostIn | None = None
    needs_ranking: bool = False
    by_hand: bool = False
    represents: bool = False


class _Term(NamedTuple):
    """One key of the order: what it is called, what is compared, and how that is said."""

    key: str
    value: Any
    said: str


class Ranked(NamedTuple):
    """An entry with what is compared of it (`place`: the smaller the earlier) and the post that counts."""

    entry: Entry
    standing: Standing | None
    counted: PostIn | None
    needs_ranking: bool
    terms: tuple[_Term, ...]
    place: tuple[Any, ...]
    by_hand: bool = False

    @property
    def kind(self) -> Kind:
        return self.entry.kind

    @property
    def side(self) -> Side:
        return self.entry.side


def order(
    entries: Iterable[Entry],
    profile: Profile,
    collation: Collation | None = None,
    hands: Mapping[str, ByHand] | None = None,
) -> list[Placed]:
    """Everybody in order of precedence, those placed by hand where they were put. Keys of entries must differ."""
    rules = Rules(profile, collation)
    found = Order([rules.rank(entry) for entry in entries], profile, hands)
    return [found.placed(at) for at in range(len(found))]


def why_words(placed: Placed, profile: Profile, locale: str) -> str:
    """`why` in another language of the profile; the sentences without a key stay as they are, to be translated."""
    if not placed.first and not placed.then:
        return placed.why
    return key_words(profile, locale, Decided(placed.decided_by, "", placed.first, placed.then))


def key_words(profile: Profile, locale: str, found: "Decided") -> str:
    said = {"key": found.key, "first": found.first, "then": found.then}
    return profile.why.say(locale).format_map({name: profile.word(code, locale) for name, code in said.items()})


class Decided(NamedTuple):
    """What told against the nearest one before who stands by the rules as well: a key with its two values, or what a
    sentence of ours says.
    """

    key: str
    sentence: str
    first: str = ""
    then: str = ""
    against: str | None = None


class Order:
    """Ranked entries in their order. Why one stands where it does is worked out for whom it is asked.

    `by_rule`: the keys as they would stand if nobody was placed by hand.
    """

    def __init__(self, ranked: Iterable[Ranked], profile: Profile, hands: Mapping[str, ByHand] | None = None) -> None:
        self._profile = profile
        self._host: str | None = None
        ruled = self._ruled(sorted(ranked, key=lambda each: each.place))
        self.by_rule = tuple(each.entry.key for each in ruled)
        self._line = _with_hands(ruled, self.by_rule, hands) if hands else ruled
        self._before = list(self._ones_before())

    def _ruled(self, ranked: list[Ranked]) -> list[Ranked]:
        """Where the inviting authority takes rank two (décret 89-655, art. 9) the first of the hosts moves there."""
        host = next((at for at, each in enumerate(ranked) if each.side == "host"), 1)
        if self._profile.host_rule == "second" and host != 1 and ranked[1:]:
            self._host = ranked[host].entry.key
            ranked.insert(1, ranked.pop(host))
        return ranked

    def _ones_before(self) -> Iterator[Ranked | None]:
        """For each the nearest before it whom the rules put there."""
        last: Ranked | None = None
        for each in self._line:
            yield last
            if not each.by_hand and each.entry.key != self._host:
                last = each

    def __len__(self) -> int:
        return len(self._line)

    def __iter__(self) -> Iterator[Ranked]:
        return iter(self._line)

    def at(self, index: int) -> Ranked:
        return self._line[index]

    def placed(self, at: int) -> Placed:
        """The one at this index, compared with the one before."""
        each, found = self._line[at], self.decided(at)
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
            against=found.against,
            counted=each.counted,
            needs_ranking=each.needs_ranking,
            by_hand=each.by_hand,
            represents=takes_represented_rank(each.entry, self._profile),
        )

    def why(self, at: int, locale: str) -> str:
        """As `why_words` has it, of the one at this index."""
        found = self.decided(at)
        return found.sentence or key_words(self._profile, locale, found)

    def against(self, at: int) -> str | None:
        """The key of whom the one at this index is told against."""
        each, before = self._line[at], self._before[at]
        alone = each.by_hand or each.needs_ranking or each.entry.key == self._host or before is None
        return None if alone or before is None else before.entry.key

    def decided(self, at: int) -> Decided:
        each, before = self._line[at], self._before[at]
        if each.by_hand:
            return Decided("by_hand", BY_HAND)
        if each.entry.key == self._host:
            return Decided("host_rule", HOST_SECOND)
        if each.needs_ranking:
            return Decided("needs_ranking", NEEDS_RANKING)
        if before is None:
            return Decided("first", FIRST)
        first, then = next((a, b) for a, b in zip(before.terms, each.terms, strict=True) if a.value != b.value)
        against = before.entry.key
        if then.key == "key":
            return Decided("key", SAME, against=against)
        return Decided(then.key, "", first.said, then.said, against)


def _with_hands(ruled: list[Ranked], by_rule: tuple[str, ...], hands: Mapping[str, ByHand]) -> list[Ranked]:
    found = slots(by_rule, hands)
    line = ((found.get(each.entry.key) or ((at, 1), 0, ""), each) for at, each in enumerate(ruled))
    return [
        each._replace(by_hand=True, needs_ranking=False) if each.entry.key in found else each
        for _, each in sorted(line, key=lambda pair: pair[0])
    ]


def takes_represented_rank(entry: Entry, profile: Profile) -> bool:
    """Whether he takes the place of whom he stands in for."""
    if entry.stands_in_for is None:
        return False
    return profile.substitution == "represented_rank" or (profile.substitution == "interim_only" and entry.interim)


class Rules:
    """What the keys of a profile make of an entry; titles that were read once are remembered."""

    def __init__(self, profile: Profile, collation: Collation | None = None, settled: Settled | None = None) -> None:
        self._profile, self._titles = profile, Titles(profile, settled)
        self._collation = collation or Collation(profile.collation.locale, profile.collation.tones)
        self._ranks = {
            match_key(word): place
            for place, rank in enumerate(profile.rank_scale)
            for word in (*rank.label.root.values(), *rank.also, rank.code)
        }
        self._by_posts = bool({"level", "bloc", "class"} & set(profile.order_keys))

    def rank(self, entry: Entry) -> Ranked:
        """By his own posts, or by those of whom he stands in for, where the profile gives him that rank."""
        counts = entry
        if entry.stands_in_for and takes_represented_rank(entry, self._profile):
            counts = entry.stands_in_for
        post, found = self._post(counts)
        lost = self._by_posts and found is None
        terms = [term for term in self._standing_terms(entry, found) if term.key in self._profile.order_keys]
        needs = _Term("needs_ranking", lost, "")
        terms.insert(1 if terms and terms[0].key == "side" else 0, needs)
        ties = self._ties(entry, counts, post)
        terms += [ties[key] for key in self._profile.tie_breakers]
        terms.append(_Term("key", entry.key, ""))
        return Ranked(entry, found, post, lost, tuple(terms), tuple(term.value for term in terms))

    def _post(self, entry: Entry) -> tuple[PostIn | None, Standing | None]:
        """The post that counts, by the profile's rule for who holds several; of equal ones that held longest."""
        known = [(post, found) for post in posts_of(entry) if (found := self._titles.standing(post))]
        if not known:
            return None, None
        if self._profile.multi_position == "first_listed":
            return known[0]
        if self._profile.multi_position == "event_capacity" and entry.capacity:
            wanted = match_key(entry.capacity)
            known = [pair for pair in known if match_key(pair[0].title) == wanted] or known
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
            _Term("key_post", key_post, self._key_post_said(key_post, found)),
            _Term("bloc", bloc, found.bloc),
            _Term("class", cls, found.cls),
            _Term("former", former, "former_holder" if former else "incumbent"),
        )

    def _key_post_said(self, step: int, found: Standing) -> str:
        """Where key posts have an order of their own, which one it is."""
        if step == NO_KEY_POST:
            return "other_post"
        return found.cls if len({group.step for group in self._profile.key_posts}) > 1 else "key_leader"

    def _ties(self, entry: Entry, counts: Entry, post: PostIn | None) -> dict[str, _Term]:
        """Earlier in post, then older; whoever's date is not known comes after those whose date is.

        `counts` is whose rank it is; the name is always his own.
        """
        rank = self._ranks.get(match_key(counts.rank or ""), len(self._ranks))
        return {
            "appointed_on": self._date_term("appointed_on", post.since if post else None),
            "born_on": self._date_term("born_on", counts.born_on),
            "rank": _Term("rank", rank, counts.rank or self._profile.wording.unknown),
            "collation": _Term("collation", self._name_key(entry), entry.name),
        }

    def _date_term(self, key: str, on: date | None) -> _Term:
        return _Term(key, on or date.max, on.isoformat() if on else self._profile.wording.unknown)

    def _name_key(self, entry: Entry) -> tuple[bytes, ...]:
        if entry.kind == "group":
            return (self._collation.key(entry.name),)
        parts = split_name(entry.name, self._profile.names.order)
        return self._collation.name_key(parts, self._profile.collation.name_key)


def posts_of(entry: Entry) -> tuple[PostIn, ...]:
    """A group that says no post of its own is what it is called."""
    return entry.posts or ((PostIn(entry.name),) if entry.kind == "group" else ())

"""A guest list in order of precedence, of which only what changed is worked out anew. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import count
from typing import Any

from schemas.guests import Guest, Manner
from schemas.protocol import Profile
from services.guests.model.answering import AWAY
from services.guests.model.counts import printed
from services.guests.model.introductions import manners
from services.guests.model.lists import FIELDS, Kept, Listed
from services.guests.model.matching import called
from services.guests.model.placing import ByHand, Line
from services.guests.model.precedence import Entry, Kind, Order, Placed, Ranked, Rules
from services.guests.model.standing import PostIn, Settled
from services.guests.model.wording import PostsText, address, held

Known = Mapping[str, tuple[Kept, Ranked]]
Hands = Mapping[str, ByHand]


class _Measure:
    """What guests are measured by; it remembers the titles that it read."""

    def __init__(self, profile: Profile, on: date | None, settled: Settled | None = None) -> None:
        self.profile, self.on = profile, on
        self.posts = PostsText(profile, on)
        self._rules = Rules(profile, settled=settled)

    def measured(self, guests: Iterable[Kept], among: Listed) -> dict[str, tuple[Kept, Ranked]]:
        """Those who stand in for one of `among` with whom they stand in for."""
        return {guest.id: (guest, self._rules.rank(self._entry(guest, among))) for guest in guests}

    def _entry(self, guest: Kept, among: Listed) -> Entry:
        represented = among.get(guest.stands_in_for or "")
        own = _entry(guest, self.on)
        if represented is None:
            return own
        return replace(own, stands_in_for=_entry(represented, self.on), interim=guest.interim)


class Ordered:
    """The guests of a ceremony in order of precedence, by the rules of a profile on a day.

    Those who need ranking stand behind their side and have no position. Behind everybody, and without a position,
    stand those for whom somebody comes: they are on the list, and on no paper. What is said of a guest beside his
    place is worked out for whom it is asked.
    """

    def __init__(self, measure: _Measure, known: Known, hands: Hands | None = None) -> None:
        self._measure, self._hands = measure, hands or {}
        comers = (guest for guest, _ in known.values() if guest.stands_in_for in known)
        self._stand_ins = {guest.stands_in_for: guest.id for guest in comers}
        came = (ranked for guest_id, (_, ranked) in known.items() if guest_id not in self._stand_ins)
        self._order = Order(came, measure.profile, self._hands)
        self.ids = (*(ranked.entry.key for ranked in self._order), *sorted(filter(None, self._stand_ins)))
        self._known = {guest_id: known[guest_id] for guest_id in self.ids}

    def changed(self, new: Iterable[Kept], gone: Iterable[str] = (), hands: Hands | None = None) -> "Ordered":
        """The order with these guests, in the place of what they were, without those, and with these by hand.

        Nothing said of hands: those who were placed by hand still are.
        """
        come = {guest.id: guest for guest in new}
        among = {**self.kept, **come}
        stand_ins = (guest for guest in among.values() if guest.stands_in_for in come)
        known = self._known | self._measure.measured({**come, **{one.id: one for one in stand_ins}}.values(), among)
        for guest_id in gone:
            known.pop(guest_id, None)
        return Ordered(self._measure, known, self._hands if hands is None else hands)

    def put(self, moved: str, before: str | None) -> Mapping[str, ByHand]:
        """What is to be noted so that this one stands before that one, or at the end."""
        firm = {each.entry.key: each for each in self._order if not each.by_hand}
        line = Line(
            shown=self.ids[: self.coming],
            by_rule=self._order.by_rule,
            sides={key: each.side for key, each in firm.items() if not each.needs_ranking},
            hands={key: hand for key, hand in self._hands.items() if key in self.places and key not in firm},
        )
        return line.put(moved, self._known[moved][0].side, before)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def kept(self) -> Listed:
        """The guests by id, as they were written."""
        return {guest_id: guest for guest_id, (guest, _) in self._known.items()}

    def written(self, at: int) -> Kept:
        return self._known[self.ids[at]][0]

    def bloc(self, at: int) -> str | None:
        """The code of the bloc that the profile knows this one by."""
        standing = self._known[self.ids[at]][1].standing
        return standing.bloc if standing else None

    @property
    def profile(self) -> Profile:
        return self._measure.profile

    @cached_property
    def places(self) -> Mapping[str, int]:
        return {guest_id: at for at, guest_id in enumerate(self.ids)}

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """Of each its id and version."""
        return tuple(f"{guest_id}:{guest.version}" for guest_id, (guest, _) in self._known.items())

    @property
    def coming(self) -> int:
        """How many stand in the order itself: all but those for whom somebody comes."""
        return len(self._order)

    @cached_property
    def positions(self) -> tuple[int | None, ...]:
        numbers = count(1)
        ranked = (None if each.needs_ranking else next(numbers) for each in self._order)
        return (*ranked, *[None] * len(self._stand_ins))

    def needs_ranking(self, at: int) -> bool:
        return at < self.coming and self.positions[at] is None

    @cached_property
    def introduced(self) -> tuple[Manner, ...]:
        """Who needs ranking is by nature a matter of one, a group of all together. Who is not there is nobody's."""
        alone: dict[Kind, Manner] = {"person": "by_name", "group": "collectively"}
        there = [each for each in self._order if self._known[each.entry.key][0].state not in AWAY]
        told: dict[str, Manner] = {
            each.entry.key: alone[each.kind] if manner == "needs_ranking" else manner
            for each, manner in zip(there, manners(there, self._measure.profile), strict=True)
        }
        return tuple(told.get(guest_id, "not") for guest_id in self.ids)

    @cached_property
    def counted(self) -> Mapping[str, Any]:
        """The numbers of the list."""
        guests = [guest for guest, _ in self._known.values()]
        groups = [guest for guest in guests if guest.group]
        return {
            "total": len(guests),
            "persons": len(guests) - len(groups),
            "groups": len(groups),
            "heads": sum(printed(guest.group, guest.counts)[0] or 0 for guest in groups),
            "sides": Counter(guest.side for guest in guests),
            "introduced": Counter(self.introduced),
            "states": Counter(guest.state for guest in guests),
            "needs_ranking": sum(map(self.needs_ranking, range(len(guests)))),
            "without_address": sum(not self.has_address(at) for at in range(len(guests))),
        }

    def has_address(self, at: int) -> bool:
        guest = self.written(at)
        who = guest.person or guest.group
        return bool(who and who.email)

    def placed(self, at: int) -> Placed:
        """Why the one at this index stands there."""
        return self._order.placed(at)

    def below(self, at: int) -> int | None:
        """The index of the next one who is told against this one."""
        return self._below.get(at)

    @cached_property
    def _below(self) -> Mapping[int, int]:
        told = ((self._order.against(index), index) for index in range(self.coming))
        return {self.places[key]: index for key, index in told if key is not None}

    def entry(self, at: int) -> Entry:
        return self._order.at(at).entry

    def guest(self, at: int) -> Guest:
        """The one at this index, with all that is said of a guest."""
        guest, rules = self.written(at), self._measure.profile
        counted, counted_kind = printed(guest.group, guest.counts)
        return Guest.model_validate(
            {
                **{name: getattr(guest, name) for name in FIELDS},
                "id": guest.id,
                "version": guest.version,
                "position": self.positions[at],
                "why": self._order.why(at, rules.locale) if at < self.coming else None,
                "address": self.called(at),
                "posts_text": self.posts(at),
                "introduced": self.introduced[at],
                "state": guest.state,
                "stands_in_for": guest.stands_in_for if guest.stands_in_for in self._known else None,
                "represented_by": self._stand_ins.get(guest.id),
                "counted": counted,
                "counted_kind": counted_kind,
                "original": guest.original,
            }
        )

    def called(self, at: int) -> str:
        """Form of address and name."""
        return address(self.written(at), self._measure.profile)

    def posts(self, at: int) -> str:
        return self._measure.posts.of(self.written(at))

    @cached_property
    def guests(self) -> tuple[Guest, ...]:
        """Those who are on papers."""
        return tuple(map(self.guest, range(self.coming)))


def in_order(
    guests: Iterable[Kept],
    profile: Profile,
    on: date | None,
    hands: Hands | None = None,
    settled: Settled | None = None,
) -> Ordered:
    measure, kept = _Measure(profile, on, settled), {guest.id: guest for guest in guests}
    return Ordered(measure, measure.measured(kept.values(), kept), hands)


def _entry(guest: Kept, on: date | None) -> Entry:
    return Entry(
        key=guest.id,
        kind="person" if guest.person else "group",
        side=guest.side,
        name=called(guest),
        rank=guest.person.rank if guest.person else None,
        posts=tuple(
            PostIn(post.title, post.organisation, post.level, post.bloc, post.cls, post.since)
            for post in held(guest, on)
        ),
        born_on=guest.person.born_on if guest.person else None,
        capacity=guest.attends_as,
    )

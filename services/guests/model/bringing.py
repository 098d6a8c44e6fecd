"""What rows of somebody's list do to the present one: who is new, who changes by what, what must be asked. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from schemas.envelope import Strict
from schemas.errors import Problem, Refusal
from schemas.guest_imports import Asked, Choice, FieldChange, Likeness, Outcome, RowOutcome
from schemas.guests import GuestFields, Post
from schemas.protocol import Profile
from services.guests.model.incoming import Incoming
from services.guests.model.likeness import SUGGESTED, SURE, Like, Present, posts_key
from services.guests.model.lists import FIELDS, Kept, kept
from services.guests.model.matching import called
from services.lang import match_key

NEW, SKIP = "new", "skip"


class CodeInRow(Refusal):
    """The code {code} stands in row {first} already. A code names one guest; give this one another."""


class CodeElsewhere(Refusal):
    """The code {code} belongs to {name}, another guest of this ceremony. Give this one another."""


class Settings(Strict):
    """`suggested`: what is asked is answered as suggested. `with_contacts`: values of contact fields may be shown."""

    suggested: bool = False
    with_contacts: bool = True


@dataclass(slots=True)
class Decision:
    """What becomes of one row."""

    row: Incoming
    outcome: Outcome = "created"
    old: Kept | None = None
    new: Kept | None = None
    changes: tuple[FieldChange, ...] = ()
    asked: list[Asked] = field(default_factory=list)
    like: tuple[Like, ...] = ()
    reasons: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Brought:
    """All rows decided, and the guests whom none of them names."""

    decisions: list[Decision]
    only_here: list[str]

    @property
    def counts(self) -> Counter[str]:
        return Counter(one.outcome for one in self.decisions)

    @property
    def come(self) -> list[Kept]:
        """The guests that are new or otherwise than before."""
        return [one.new for one in self.decisions if one.new and one.new is not one.old]


class Bringing:
    """Decides rows one after the other: first those whose guest is certain, so that nobody is taken from them."""

    def __init__(
        self,
        present: Mapping[str, Kept],
        profile: Profile,
        answers: Mapping[str, str],
        fresh: Iterator[str],
        settings: Settings,
        *,
        seats: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.guests, self.present = present, Present(present, profile)
        self.answers, self.fresh, self.settings, self.seats = answers, fresh, settings, seats
        self.taken: set[str] = set()

    def bring(self, rows: Sequence[Incoming]) -> Brought:
        decisions = [Decision(row, "rejected" if row.wrong else "created", reasons=tuple(row.wrong)) for row in rows]
        left = [one for one in decisions if not one.row.wrong]
        self._codes_once(left)
        left = self._surely(left)
        self._perhaps(left)
        self._twice(decisions)
        for one in decisions:
            if one.outcome != "rejected":
                self._settle(one)
        return Brought(decisions, [guest_id for guest_id, guest in self.guests.items() if not self._named(guest)])

    def _named(self, guest: Kept) -> bool:
        """By a row, or by coming for somebody whom a row names: the office's spreadsheet need not know of him."""
        return guest.id in self.taken or guest.stands_in_for in self.taken

    # Who is meant.

    def _codes_once(self, decisions: list[Decision]) -> None:
        first: dict[str, Decision] = {}
        for one in decisions:
            if code := one.row.said.get("code"):
                before = first.setdefault(match_key(code), one)
                if before is not one:
                    _reject(one, CodeInRow(code=code, first=before.row.row))

    def _surely(self, decisions: list[Decision]) -> list[Decision]:
        """Takes those whose guest is certain: by code or answer, then by all that is said, then by the name alone."""
        open_ = [one for one in decisions if one.outcome != "rejected" and not self._by_code(one)]
        for one in open_:
            one.like = tuple(self.present.like(one.row))
        for least in (1.0, SURE):
            for one in open_:
                if one.old is None and (found := self._certain(one, least)):
                    self._take(one, found)
        return [one for one in open_ if one.old is None]

    def _by_code(self, one: Decision) -> bool:
        code = one.row.said.get("code")
        guest_id = self.present.codes.get(match_key(code)) if code else None
        if one.row.id in self.guests:  # a row that we wrote
            guest_id = one.row.id
        if guest_id is None or guest_id in self.taken:
            return False
        old = self.guests[guest_id]
        if (old.group is not None) != one.row.is_group:
            _reject(one, CodeElsewhere(code=code, name=called(old)))
        else:
            self._take(one, guest_id)
        return True

    def _certain(self, one: Decision, least: float) -> str | None:
        answer = self.answers.get(f"same:{one.row.row}")
        if answer in self.guests and answer not in self.taken:
            one.asked.append(self._is_he(one, one.like, answer))  # told again, so that it can be answered otherwise
            return answer
        if answer == NEW:
            return None
        here = [like for like in one.like if like.guest_id not in self.taken]
        if not here or here[0].score < least:
            return None
        rivals = len(here) > 1 and here[1].score == here[0].score and here[0].score < 1
        return None if rivals else here[0].guest_id

    def _take(self, one: Decision, guest_id: str) -> None:
        one.old = self.guests[guest_id]
        self.taken.add(guest_id)

    def _perhaps(self, decisions: list[Decision]) -> None:
        """Asks about those who may be somebody of the list; what a person said, or is suggested, is done."""
        for one in decisions:
            here = tuple(like for like in one.like if like.guest_id not in self.taken)
            if here:
                self._ask(one, here)

    def _ask(self, one: Decision, here: tuple[Like, ...]) -> None:
        best, told = here[0], self._is_he(one, here, self.answers.get(f"same:{one.row.row}"))
        answer = told.answer or (told.suggestion if self.settings.suggested else None)
        one.like = here
        one.asked.append(told.model_copy(update={"answer": answer}))
        if answer == SKIP:
            one.outcome = "left_out"
        elif answer is None:
            one.outcome = "asked"
            self.taken.add(best.guest_id)  # may be meant: not one whom nobody names
        elif answer in self.guests and answer not in self.taken:
            self._take(one, answer)

    def _is_he(self, one: Decision, here: tuple[Like, ...], answer: str | None) -> Asked:
        suggested = bool(here) and here[0].score >= SUGGESTED
        return Asked(
            key=f"same:{one.row.row}",
            sentence="Is “{name}” on the list already?",
            params={"name": one.row.name},
            choices=(*map(self._same, here), _NEW, _SKIP),
            suggestion=here[0].guest_id if suggested else NEW,
            answer=answer,
            required=True,
        )

    def _same(self, like: Like) -> Choice:
        guest = self.guests[like.guest_id]
        params = {"name": called(guest), "posts": _posts_said(guest)}
        sentence = "Yes, it is {name}, {posts}." if params["posts"] else "Yes, it is {name}."
        return Choice(value=like.guest_id, sentence=sentence, params=params)

    def _twice(self, decisions: list[Decision]) -> None:
        """Asks about a new guest whom an earlier row of the same list names already."""
        seen = defaultdict[tuple[bool, str], list[_Named]](list)
        for one in decisions:
            if one.outcome in {"rejected", "left_out"}:
                continue
            key = one.row.is_group, match_key(one.row.name)
            named = _Named(one, posts_key(one.row.posts))
            if one.old is None and one.outcome == "created":
                self._ask_twice(named, seen[key])
            if one.outcome != "asked":
                seen[key].append(named)

    def _ask_twice(self, named: "_Named", earlier: list["_Named"]) -> None:
        before = next((each.decision for each in earlier if _alike(each, named)), None)
        if before is None:
            return
        one = named.decision
        key = f"twice:{one.row.row}"
        answer = self.answers.get(key) or (SKIP if self.settings.suggested else None)
        one.asked.append(
            Asked(
                key=key,
                sentence="“{name}” stands in row {first} already. Is this another person of the same name?",
                params={"name": one.row.name, "first": before.row.row},
                choices=(_SKIP, _NEW),
                suggestion=SKIP,
                answer=answer,
                required=True,
            )
        )
        one.outcome = "asked" if answer is None else "left_out" if answer == SKIP else "created"

    # What changes.

    def _settle(self, one: Decision) -> None:
        one.asked.extend(one.row.asked)
        if one.outcome in {"asked", "left_out"}:
            return
        if one.old is None:
            new = kept(one.row.fields(), next(self.fresh), None)
            one.new = new.model_copy(update={"original": one.row.original}) if one.row.original else new
            return
        said, one.changes = self._changes(one.old, one.row)
        if not said:
            one.outcome, one.new = "unchanged", one.old
            return
        one.row.said = said
        new = kept(one.row.fields(one.old), one.old.id, one.old)
        apart = one.row.original if said.keys() & _TAKEN_APART else None
        one.outcome, one.new = "updated", new.model_copy(update={"original": apart or one.old.original})

    def _changes(self, old: Kept, row: Incoming) -> tuple[dict[str, Any], tuple[FieldChange, ...]]:
        """What the row says otherwise than the list; what it does not say stays."""
        who: Any = old.person or old.group
        said, told = dict[str, Any](), list[FieldChange]()
        for name, value in row.said.items():
            before = getattr(old if name in _OF_GUEST else who, name)
            if before == value or (row.id is None and _means_same(name, before, value)):
                continue
            if name == "seat" and self.seats.get(old.id) == value:  # not typed: the seating gave it
                continue
            said[name] = _with_dates(before, value) if name == "posts" else value
            told.append(self._told(name, before, value))
        return said, tuple(told)

    def _told(self, name: str, before: Any, value: Any) -> FieldChange:
        if name in {"email", "phone"} and not self.settings.with_contacts:
            return FieldChange(field=name, before=None, after=None)
        return FieldChange(field=name, before=_text(before), after=_text(value))

    # For whom it is asked.

    def outcome(self, one: Decision) -> RowOutcome:
        return RowOutcome(
            row=one.row.row,
            outcome=one.outcome,
            name=one.row.name,
            guest_id=one.old.id if one.old else one.new.id if one.new else None,
            read=_fields(one),
            changes=one.changes,
            asked=tuple(one.asked),
            like=tuple(map(self._likeness, one.like)) if one.asked else (),
            problems=(*one.reasons, *one.row.doubted),
        )

    def _likeness(self, like: Like) -> Likeness:
        guest = self.guests[like.guest_id]
        return Likeness(
            guest_id=like.guest_id,
            name=called(guest),
            posts=_posts_said(guest),
            score=like.score,
            reasons=like.reasons,
        )


def _fields(one: Decision) -> GuestFields | None:
    """What was understood of a row that would be, or may be, a new guest."""
    if one.outcome == "asked":
        return one.row.fields()
    if one.outcome != "created" or one.new is None:
        return None
    return GuestFields.model_validate({name: getattr(one.new, name) for name in FIELDS})


_OF_GUEST = frozenset({"side", "delegation", "note", "code", "seat", "attends_as"})
_TAKEN_APART = frozenset({"name", "honorific", "rank", "posts"})
_NEW = Choice(value=NEW, sentence="No, somebody else: add this row.")
_SKIP = Choice(value=SKIP, sentence="Leave this row out.")


def _reject(one: Decision, refusal: Refusal) -> None:
    problem = Problem(file=one.row.row, sentence=refusal.sentence, params=refusal.params)
    one.outcome, one.reasons = "rejected", (*one.reasons, problem)


class _Named(NamedTuple):
    """A row, and what its posts are compared by."""

    decision: Decision
    posts: tuple[str, ...]


def _alike(one: _Named, other: _Named) -> bool:
    if one.decision.row.said.get("code") and other.decision.row.said.get("code"):
        return False
    return not one.posts or not other.posts or one.posts == other.posts


def _means_same(name: str, before: Any, value: Any) -> bool:
    """A name stays as it is printed, posts as they were parted, where the row means the same."""
    if name in {"name", "label"}:
        return match_key(before) == match_key(value)
    return name == "posts" and posts_key(before) == posts_key(value)


def _with_dates(before: Sequence[Post], posts: Sequence[Post]) -> tuple[Post, ...]:
    """A post that stays keeps since when it is held and what the office said of its place."""
    known = dict(zip(posts_key(before), before, strict=True))
    return tuple(known.get(key, post) for key, post in zip(posts_key(posts), posts, strict=True))


def _text(value: Any) -> str | None:
    if isinstance(value, tuple):  # posts, or a roll of names
        return "; ".join(one if isinstance(one, str) else _post_said(one) for one in value) or None
    return None if value is None else str(value)


def _post_said(post: Post) -> str:
    """The organisation only where the title does not name it."""
    named = post.organisation and match_key(post.organisation) in match_key(post.title)
    return " ".join(part for part in (post.title, None if named else post.organisation) if part)


def _posts_said(guest: Kept) -> str:
    return "; ".join(map(_post_said, guest.person.posts)) if guest.person else ""

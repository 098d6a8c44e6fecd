"""A guest list: what a plan makes of it, what is wrong with a plan, and the list in order as others see it. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from schemas.answers import State
from schemas.envelope import Strict
from schemas.errors import Problem, Refusal
from schemas.guests import Guest, GuestFields, GuestsPlan, PlannedGuest
from schemas.parts import PartChange
from schemas.protocol import Profile
from services.guests.model.counts import KeptCount
from services.guests.model.matching import called, code_key, match
from services.lang import match_key

FIELDS = tuple(GuestFields.model_fields)
MOST_HEADS = 100_000_000


class CodeTwice(Refusal):
    """The code {code} stands on two guests. Give each its own."""


class RefTwice(Refusal):
    """Two guests of the plan go by “{ref}”. Give each its own."""


class PersonOrGroup(Refusal):
    """The guest {ref} is both a person and a group, or neither. Say who it is: exactly one of the two."""


class CountTooLarge(Refusal):
    """The head count {count} of “{who}” is more than {most}. Correct it."""


class CodeTaken(Refusal):
    """The code {code} belongs to another guest of this ceremony. Choose another, or change that guest."""

    status = 409


class NeedsRanking(Refusal):
    """“{who}” has no place in the order of precedence: the profile {profile} knows no post of “{posts}”. Write
    another title, or say level, bloc and class of the post.
    """


class Kept(GuestFields):
    """A guest as it is stored; its version counts its changes. What an import does not say of it, it leaves alone."""

    id: str
    version: int
    state: State = "to_invite"
    stands_in_for: str | None = None
    interim: bool = False
    counts: tuple[KeptCount, ...] = ()
    original: str | None = None  # what somebody's list said, where it was taken apart


Listed = Mapping[str, Kept]


class Prepared(Strict):
    """A plan's list as it will be, and what it was compared with: version `base` of the present one."""

    base: int
    profile: str
    on: date | None
    hash: str
    change: PartChange
    guests: tuple[Kept, ...]


# What a plan makes of a list.


def planned(plan: GuestsPlan, present: Listed, fresh: Iterator[str]) -> tuple[dict[str, str], list[Kept]]:
    """The guest id of each ref, and the list as it will be."""
    found = match(plan.guests, present)
    ids = [known or next(fresh) for known in found]
    guests = [kept(row, guest_id, present.get(guest_id)) for row, guest_id in zip(plan.guests, ids, strict=True)]
    guests += _stand_ins(present, set(ids))
    return dict(zip((row.ref for row in plan.guests), ids, strict=True)), guests


def _stand_ins(present: Listed, named: set[str]) -> Iterator[Kept]:
    """Who comes for somebody whom the plan names: the office's spreadsheet need not know of him."""
    return (one for one in present.values() if one.stands_in_for in named and one.id not in named)


def kept(fields: GuestFields, guest_id: str, old: Kept | None) -> Kept:
    """The guest with these fields; the old one itself if they are its own."""
    said = {name: getattr(fields, name) for name in FIELDS}
    if old is not None and all(getattr(old, name) == value for name, value in said.items()):
        return old
    if old is None:
        return Kept.model_validate({**said, "id": guest_id, "version": 1})
    return old.model_copy(update={**said, "version": old.version + 1})


def compare(old: Listed, new: Iterable[Kept]) -> PartChange:
    """How many guests differ."""
    after = {guest.id: guest for guest in new}
    same = sum(old.get(guest_id) == guest for guest_id, guest in after.items())
    created = len(after.keys() - old.keys())
    return PartChange(
        created=created,
        updated=len(after) - same - created,
        removed=len(old.keys() - after.keys()),
        unchanged=same,
    )


# What is wrong with a plan.


def problems_of(plan: GuestsPlan) -> list[Problem]:
    """Everything that forbids taking the plan."""
    return [_problem(refusal, "error") for refusal in _wrong(plan.guests)]


def unranked(guests: Iterable[Guest], profile: Profile, refs: Mapping[str, str]) -> list[Problem]:
    """Who has no place in the order of precedence; `refs` gives the ref of each guest id."""
    return [
        _problem(
            NeedsRanking(who=guest.address, posts=guest.posts_text, profile=profile.key, ref=refs[guest.id]),
            "warning",
        )
        for guest in guests
        if guest.position is None and guest.id in refs
    ]


def sound(plan: GuestsPlan) -> GuestsPlan:
    """The rows of the plan that can be looked at further."""
    return GuestsPlan(guests=tuple(row for row in plan.guests if _is_one(row)))


def check_guest(fields: GuestFields, codes: Iterable[str]) -> None:
    """Refuse a guest that could not stand beside those with these codes."""
    if not _is_one(fields):
        raise PersonOrGroup(ref=fields.code or "—")
    for refusal in _uncountable(fields):
        raise refusal
    if fields.code and match_key(fields.code) in map(match_key, codes):
        raise CodeTaken(code=fields.code)


def _is_one(fields: GuestFields) -> bool:
    return (fields.person is None) != (fields.group is None)


def _uncountable(fields: GuestFields) -> Iterator[Refusal]:
    count = fields.group.head_count if fields.group else None
    if count is not None and count > MOST_HEADS:
        yield CountTooLarge(count=count, who=called(fields), most=MOST_HEADS)


def _wrong(rows: Iterable[PlannedGuest]) -> Iterator[Refusal]:
    rows = tuple(rows)
    yield from (PersonOrGroup(ref=row.ref) for row in rows if not _is_one(row))
    yield from (refusal for row in rows for refusal in _uncountable(row))
    refs = Counter(row.ref for row in rows)
    yield from (RefTwice(ref=ref) for ref, count in refs.items() if count > 1)
    codes = Counter(code_key(row) for row in rows if row.code)
    written = {code_key(row): row.code for row in rows}
    yield from (CodeTwice(code=written[code]) for code, count in codes.items() if count > 1)


def _problem(refusal: Refusal, severity: str) -> Problem:
    return Problem.model_validate(
        {"severity": severity, "file": "guests", "sentence": refusal.sentence, "params": refusal.params}
    )

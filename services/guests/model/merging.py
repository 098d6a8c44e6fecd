"""Two guests who are one person: what each says, what stays, and where they contradict each other. Pure."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel

from schemas.answers import Arrangements, PlusOne, State
from schemas.duplicates import MERGE_FIELDS, MergedField, MergeField, Taken
from schemas.errors import Refusal
from schemas.guests import PersonFields, Post
from services.guests.model.answering import HasStandIn, StandsIn
from services.guests.model.likeness import posts_key
from services.guests.model.lists import Kept
from services.guests.model.matching import called
from services.guests.model.standing_in import OnlyPersons
from services.lang import match_key

Take = Mapping[MergeField, Taken]
_OF_PERSON = tuple(PersonFields.model_fields)
_OF_ROW: tuple[MergeField, ...] = ("side", "delegation", "note", "code", "attends_as", "state")
# Later ones are the more advanced.
_ADVANCE: tuple[State, ...] = (
    "to_invite",
    "invited",
    "read",
    "stand_in_refused",
    "stand_in_proposed",
    "declined",
    "accepted",
    "stand_in_agreed",
    "absent",
    "attended",
)
_NO_ANSWER: frozenset[State] = frozenset({"to_invite", "invited", "read"})


class OneGuest(Refusal):
    """“{who}” was chosen twice. Choose two guests."""


class NotJoined(Refusal):
    """Of “{field}” only one of both can stay. Take that of one of the two."""


class Person(NamedTuple):
    """A guest with what is kept beside his row, as merging sees it: seat and place by hand in words."""

    guest: Kept
    arrangements: Arrangements = Arrangements()
    seat: str | None = None
    by_hand: str | None = None


class Two(NamedTuple):
    """Who stays, and who is merged into him."""

    kept: Person
    other: Person


class Whole(NamedTuple):
    """The one who stays, as he is then; and of whom each field was taken."""

    guest: Kept
    arrangements: Arrangements
    taken: Take


def check(two: Two, represented: frozenset[str]) -> None:
    """Refuse two who cannot be one person, and stand-ins that would contradict each other."""
    kept, other = two.kept.guest, two.other.guest
    if kept.id == other.id:
        raise OneGuest(who=called(kept))
    for one in (kept, other):
        if one.person is None:
            raise OnlyPersons(who=called(one))
    come_for = [one for one in (kept, other) if one.stands_in_for in represented]
    stay_away = [one for one in (kept, other) if one.id in represented]
    if len(come_for) + len(stay_away) > 1:
        raise (HasStandIn if stay_away else StandsIn)(who=called((stay_away or come_for)[0]))


def merged(two: Two, take: Take, represented: frozenset[str] = frozenset()) -> Whole:
    """With the next version of who stays. A stand-in who comes for the other one comes for him then."""
    decided, taken = _decided(two, take)
    values: dict[Any, Any] = {**decided}
    if {two.kept.guest.id, two.other.guest.id} & represented and values["state"] != "stand_in_agreed":
        raise HasStandIn(who=called(two.kept.guest))
    old, other = two.kept.guest, two.other.guest
    person = PersonFields.model_validate({name: values[name] for name in _OF_PERSON})
    comes_for = next((one for one in (old, other) if one.stands_in_for), old)
    said: dict[Any, Any] = {name: values[name] for name in _OF_ROW} | {"seat": _typed(two, taken["seat"])}
    said["original"] = _all_words(old.original, other.original)
    said |= {"person": person, "stands_in_for": comes_for.stands_in_for, "interim": comes_for.interim}
    guest = old.model_copy(update={**said, "version": old.version + 1})
    told = {name: values[name] for name in ("needs", "contact", "arrival")}
    return Whole(guest, values["company"].model_copy(update=told), taken)


def compared(two: Two, take: Take) -> tuple[MergedField, ...]:
    """Field by field, where at least one of them says something."""
    _, taken = _decided(two, take)
    first, second = _values(two.kept), _values(two.other)
    return tuple(
        MergedField(
            field=name,
            kept=_plain(name, first[name]),
            other=_plain(name, second[name]),
            taken=taken[name],
            conflict=_conflict(name, first[name], second[name]),
            joinable=name in _JOINED,
        )
        for name in MERGE_FIELDS
        if not (_empty(name, first[name]) and _empty(name, second[name]))
    )


def standing(one: Person) -> tuple[int, bool]:
    """Who answered stays, then who has a seat: he fills what he does not say from the other one."""
    return _ADVANCE.index(one.guest.state), one.seat is not None


# What both say.


def _values(one: Person) -> dict[MergeField, Any]:
    guest, arranged = one.guest, one.arrangements
    said: dict[Any, Any] = {name: getattr(guest.person, name) for name in _OF_PERSON}
    said |= {name: getattr(guest, name) for name in _OF_ROW}
    said |= {name: getattr(arranged, name) for name in ("needs", "contact", "arrival")}
    company = Arrangements(plus_ones=arranged.plus_ones, plus_count=arranged.plus_count)
    return {**said, "company": company, "seat": one.seat, "by_hand": one.by_hand}


def _empty(name: MergeField, value: Any) -> bool:
    return value in {None, ""} if isinstance(value, str | None) else not _weight(name, value)


def _weight(name: MergeField, value: Any) -> int:
    """How much it says, where two values can be weighed."""
    if name == "state":
        return _ADVANCE.index(value)
    if name == "company":
        return int(value.along)
    return len(value) if isinstance(value, tuple) else 1


def _conflict(name: MergeField, first: Any, second: Any) -> bool:
    if name == "state" and (first in _NO_ANSWER or second in _NO_ANSWER):
        return False
    if _empty(name, first) or _empty(name, second):
        return False
    if name == "posts":
        return posts_key(first) != posts_key(second)
    return bool(first != second)


# What stays.


def _decided(two: Two, take: Take) -> tuple[dict[MergeField, Any], Take]:
    first, second = _values(two.kept), _values(two.other)
    taken = {name: take.get(name) or _by_itself(name, first[name], second[name]) for name in MERGE_FIELDS}
    for name, which in taken.items():
        if which == "both" and name not in _JOINED:
            raise NotJoined(field=name)
    values: dict[MergeField, Any] = {}
    for name, which in taken.items():
        join = _JOINED.get(name)
        both = join(first[name], second[name]) if join and which == "both" else None
        values[name] = both if which == "both" else second[name] if which == "other" else first[name]
    return values, taken


def _by_itself(name: MergeField, first: Any, second: Any) -> Taken:
    """What nobody chose: filled where nothing is said; of name, answer, company, needs the fuller."""
    if _empty(name, second):
        return "kept"
    if _empty(name, first):
        return "other"
    if name == "name" and first.isascii() and not second.isascii():
        return "other"  # typed without its accents
    weighed = name in {"state", "company", "needs"}
    return "other" if weighed and _weight(name, second) > _weight(name, first) else "kept"


def _typed(two: Two, which: Taken) -> str | None:
    """The seat that was typed; one that the seating gave is handed over there."""
    first, second = two.kept.guest.seat, two.other.guest.seat
    return second if which == "other" else first


def _all_posts(first: tuple[Post, ...], second: tuple[Post, ...]) -> tuple[Post, ...]:
    known = set(posts_key(first))
    return (*first, *(post for key, post in zip(posts_key(second), second, strict=True) if key not in known))


def _all_words(first: str | None, second: str | None) -> str | None:
    return "\n".join(dict.fromkeys(filter(None, (first, second)))) or None


def _all_company(first: Arrangements, second: Arrangements) -> Arrangements:
    named: dict[str, PlusOne] = {match_key(one.name): one for one in (*second.plus_ones, *first.plus_ones)}
    counts = [one.plus_count for one in (first, second) if one.plus_count is not None]
    return Arrangements(plus_ones=tuple(named.values()), plus_count=max(counts, default=None))


def _all_needs(first: tuple[Any, ...], second: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys((*first, *second)))


_JOINED: Mapping[MergeField, Callable[[Any, Any], Any]] = {
    "posts": _all_posts,
    "note": _all_words,
    "company": _all_company,
    "needs": _all_needs,
}


def _plain(name: MergeField, value: Any) -> Any:
    """As JSON has it; nothing where nothing is said."""
    if _empty(name, value) and name != "state":
        return None
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_defaults=True)
    if isinstance(value, tuple):
        return [one.model_dump(mode="json", exclude_defaults=True) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value

"""Rules of ceremonies and their running order: what a move, an item, a plan does to them. Pure."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel

from schemas.awards import AwardsPlan
from schemas.differences import Difference, compared
from schemas.errors import NotFound, Problem, Refusal
from schemas.parts import PartChange
from schemas.protocol import profile_names
from schemas.scheduling import (
    Ceremony,
    CeremonyFields,
    CheckMove,
    Item,
    ItemFields,
    MoveCeremony,
    Role,
    SchedulingPart,
)
from schemas.stand_ins import HandOver


class CodeTaken(Refusal):
    """There is a ceremony with the code {code} already. Choose another code, or change that one."""

    status = 409


class KeyTaken(Refusal):
    """There is an item with the key {key} already. Choose another key, or change that item."""

    status = 409


class NamedTwice(Refusal):
    """The item {key} is named twice. Name each item once, where it is to stand."""


class NothingToMove(Refusal):
    """The ceremony has no {what} yet, so it cannot be moved. Set it first, or say the day and the start."""


class PastMidnight(Refusal):
    """Moved by {minutes} minutes, "{title}" would pass midnight. Move fewer minutes, or move the day."""


class EndsBeforeStart(Refusal):
    """The end {end} is before the start {start}. Give a later end, or leave it open."""


class UnknownZone(Refusal):
    """There is no time zone "{zone}". Use an IANA name such as Asia/Ho_Chi_Minh."""


class UnknownProfile(Refusal):
    """There is no protocol profile "{profile}". There are: {known}."""


def check_fields(fields: CeremonyFields) -> None:
    """Refuse what cannot be true of any ceremony."""
    try:
        ZoneInfo(fields.timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UnknownZone(zone=fields.timezone) from error
    if fields.profile not in profile_names():
        raise UnknownProfile(profile=fields.profile, known=", ".join(profile_names()))
    if fields.start and fields.end and fields.end < fields.start:
        raise EndsBeforeStart(start=f"{fields.start:%H:%M}", end=f"{fields.end:%H:%M}")


def problems_of(fields: CeremonyFields, items: Iterable[ItemFields], refs: Mapping[str, str]) -> list[Problem]:
    """What a plan gets wrong in this part; `refs` gives the guest id of each ref that the plan may use."""
    found: list[Problem] = []
    try:
        check_fields(fields)
    except Refusal as error:
        found.append(Problem(file="ceremony.yaml", sentence=error.sentence, params=error.params))
    items = list(items)
    twice = [key for key, count in Counter(item.key for item in items).items() if count > 1]
    found.extend(_problem("The code {key} stands on two items. Give each its own.", key=key) for key in twice)
    sentence = 'The guest "{who}" of "{item}" is not in the plan. Add the guest, or correct the name.'
    strangers = [
        (item, role) for item in items for role in item.roles if role.kind == "guest" and role.guest not in refs
    ]
    found.extend(_problem(sentence, who=role.text, item=item.title) for item, role in strangers)
    return found


def strangers(plan: AwardsPlan, refs: Mapping[str, str]) -> list[Problem]:
    """Presenters that a plan names as guests, and who are none."""
    sentence = 'The presenter "{who}" of "{line}" is not in the plan. Add the guest, or correct the name.'
    named = [(line, line.presenter) for line in plan.lines if line.presenter and line.presenter.kind == "guest"]
    unknown = [(line, who) for line, who in named if who.guest not in refs]
    return [
        Problem(file="awards", sentence=sentence, params={"who": who.text, "line": line.recipient})
        for line, who in unknown
    ]


def _problem(sentence: str, **params: str) -> Problem:
    return Problem(file="running-order", sentence=sentence, params=params)


def with_guest_ids(item: ItemFields, ids: Mapping[str, str]) -> ItemFields:
    """The item with the refs of a plan replaced by guest ids."""

    def known(role: Role) -> Role:
        return role.model_copy(update={"guest": ids.get(role.guest, role.guest)}) if role.guest else role

    return item.model_copy(update={"roles": tuple(known(role) for role in item.roles)})


def moved(
    fields: CeremonyFields, items: tuple[Item, ...], move: MoveCeremony | CheckMove
) -> tuple[CeremonyFields, tuple[Item, ...]]:
    """The ceremony at its new day and start; every timed item keeps its distance from the start."""
    minutes = _distance(fields, move)
    changes = {
        "on": move.to_date or fields.on,
        "start": move.to_start if fields.start is None else _later(fields.start, minutes, fields.title),
        "end": _later(fields.end, minutes, fields.title),
    }
    shifted = tuple(item.model_copy(update={"start": _later(item.start, minutes, item.title)}) for item in items)
    return fields.model_copy(update=changes), shifted


def _distance(fields: CeremonyFields, move: MoveCeremony | CheckMove) -> int:
    if move.to_start is not None and fields.start is not None:
        return _minutes(move.to_start) - _minutes(fields.start)
    if move.minutes and fields.start is None:
        raise NothingToMove(what="start")
    if move.to_date is None and move.to_start is None and not move.minutes:
        raise NothingToMove(what="distance")
    return move.minutes or 0


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _later(at: time | None, minutes: int, title: str) -> time | None:
    if at is None or minutes == 0:
        return at
    day = datetime.combine(date(2000, 1, 1), at)
    then = day + timedelta(minutes=minutes)
    if then.date() != day.date():
        raise PastMidnight(minutes=minutes, title=title)
    return then.time()


def put(items: tuple[Item, ...], fields: ItemFields, new_id: str) -> tuple[Item, ...]:
    """The items with this one in the place of its namesake, or at the end."""
    ids = {item.key: item.id for item in items}
    item = Item(id=ids.get(fields.key, new_id), **fields.model_dump())
    if fields.key in ids:
        return in_order(item if old.key == fields.key else old for old in items)
    return in_order((*items, item))


def handed_over(item: Item, command: HandOver) -> Item:
    """The item with the giver's roles in the hands of the taker, if it is one of those that are meant."""
    if item.key not in command.keys:
        return item
    only = command.roles.get(item.key, range(len(item.roles)))
    roles = (command.over(role) if at in only else role for at, role in enumerate(item.roles))
    return item.model_copy(update={"roles": tuple(roles)})


def added(
    items: tuple[Item, ...], new: Sequence[ItemFields], after: str | None, fresh: Iterator[str]
) -> tuple[Item, ...]:
    """The items with these new ones behind the one with the key `after`, or at the beginning."""
    keys = [item.key for item in items]
    for key in (each.key for each in new):
        if key in keys:
            raise KeyTaken(key=key)
        keys.append(key)
    at = 0 if after is None else _place(items, after) + 1
    beside = items[at - 1 : at] if at else items[:1]
    placed = not beside or beside[0].position is not None
    come = tuple(Item(id=next(fresh), **each.model_dump() | {"position": 1 if placed else None}) for each in new)
    return _numbered((*items[:at], *come, *items[at:]))


def ordered(items: tuple[Item, ...], keys: Sequence[str]) -> tuple[Item, ...]:
    """The items with these keys in this order, each with its place; behind them all others, without one."""
    if twice := [key for key, count in Counter(keys).items() if count > 1]:
        raise NamedTwice(key=twice[0])
    named = tuple(items[_place(items, key)].model_copy(update={"position": 1}) for key in keys)
    left = tuple(item.model_copy(update={"position": None}) for item in items if item.key not in set(keys))
    return _numbered((*named, *left))


def _place(items: Sequence[Item], key: str) -> int:
    found = next((at for at, item in enumerate(items) if item.key == key), None)
    if found is None:
        raise NotFound(what="item", which=key)
    return found


def _numbered(items: Iterable[Item]) -> tuple[Item, ...]:
    """Those that have a place are numbered as they stand; those without one stand behind."""
    numbers = count(1)
    renumbered = (
        item if item.position is None else item.model_copy(update={"position": next(numbers)}) for item in items
    )
    return in_order(renumbered)


def in_order(items: Iterable[Item]) -> tuple[Item, ...]:
    """By position where there is one; what has none stays behind, as it was listed."""
    listed = list(items)
    return tuple(sorted(listed, key=lambda item: (item.position is None, item.position or 0)))


def compare(old: Iterable[ItemFields], new: Iterable[ItemFields]) -> PartChange:
    """How many items differ, by key."""
    before = {item.key: _plain(item) for item in old}
    after = {item.key: _plain(item) for item in new}
    same = sum(after.get(key) == value for key, value in before.items())
    gone = len(before.keys() - after.keys())
    return PartChange(
        created=len(after.keys() - before.keys()),
        updated=len(before) - same - gone,
        removed=gone,
        unchanged=same,
    )


def changed_keys(old: Iterable[ItemFields], new: Iterable[ItemFields]) -> list[str]:
    before = {item.key: _plain(item) for item in old}
    after = {item.key: _plain(item) for item in new}
    return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


def _plain(item: ItemFields) -> dict[str, object]:
    return ItemFields.model_validate(item.model_dump(exclude={"id"})).model_dump(mode="json")


def changed_fields(old: CeremonyFields, new: CeremonyFields) -> tuple[str, ...]:
    return tuple(sorted(name for name in CeremonyFields.model_fields if getattr(old, name) != getattr(new, name)))


def compared_with(then: SchedulingPart, now: SchedulingPart) -> Iterator[Difference]:
    """The ceremony, then the items of its running order."""
    old, new = ({part.ceremony.id: part.ceremony} for part in (then, now))
    yield from compared("ceremony", CeremonyFields, old, new, lambda one: one.title)
    was, are = ({item.key: item for item in part.items} for part in (then, now))
    yield from compared("item", ItemFields, was, are, lambda one: one.title)


def part(ceremony: Ceremony, items: tuple[Item, ...], release: int | None = None) -> SchedulingPart:
    """What scheduling contributes to papers, with the hash of what it says."""
    fields = CeremonyFields.model_validate(ceremony.model_dump(include=set(CeremonyFields.model_fields)))
    return SchedulingPart(ceremony=ceremony, items=items, release=release, hash=digest(fields, *items))


def digest(*said: BaseModel) -> str:
    """SHA-256 over canonical JSON: equal content has equal hashes, whatever the version."""
    plain = json.dumps([one.model_dump(mode="json") for one in said], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()

"""The running order as its page shows it: lines in words, totals, and what is left of it when somebody filters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from schemas.errors import NotFound
from schemas.protocol import Profile
from schemas.scheduling import Item, Role, SchedulingPart
from services.gateway.console.fields import profile_of
from services.lang import find_key, find_words, is_found

_ANY_DAY = date(2000, 1, 1)
_MOST_KNOWN = 16
_known: dict[tuple[str, int, str], tuple[str, ...]] = {}  # by ceremony, version and language


@dataclass(frozen=True, slots=True)
class Line:
    """An item with the words of its codes."""

    item: Item
    kind: str
    who: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """`minutes` are those that are known, of all items but `without`; `end` None: nobody can know it yet."""

    items: int
    minutes: int
    without: int
    end: time | None


@dataclass(frozen=True, slots=True)
class Shown:
    """`lines` are those that fit the filter; `kinds` and `roles` the choices of the profile."""

    part: SchedulingPart
    lines: tuple[Line, ...]
    totals: Totals
    kinds: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str], ...]

    @property
    def places(self) -> list[tuple[str, str]]:
        """Behind which item a new one may stand."""
        return [(one.item.id, one.item.title) for one in self.lines]


def shown(part: SchedulingPart, language: str, typed: str = "") -> Shown:
    profile = profile_of(part.ceremony)
    lines = tuple(line(item, profile, language) for item in part.items)
    return Shown(
        part=part,
        lines=_fitting(part, lines, language, find_words(typed)),
        totals=totals(part.items),
        kinds=tuple((code, kind.label.say(language)) for code, kind in profile.item_kinds.items()),
        roles=tuple((code, label.say(language)) for code, label in profile.roles.items()),
    )


def line(item: Item, profile: Profile, language: str) -> Line:
    kind = profile.item_kinds.get(item.kind)
    return Line(item, kind.label.say(language) if kind else item.kind, _who(item.roles, profile, language))


def arranged(items: Sequence[Item], moved: str, before: str) -> tuple[tuple[str, ...], dict[str, object]]:
    """The keys in the order that a move leads to, and the fields of the move back. Ids that are gone are refused."""
    ids = [item.id for item in items]
    if moved not in ids or (before and before not in ids):
        raise NotFound(what="item", which=before or moved)
    at = ids.index(moved)
    behind = ids[at + 1] if at + 1 < len(ids) else ""
    left = [item for item in items if item.id != moved]
    to = next((place for place, item in enumerate(left) if item.id == before), len(left))
    return _keys([*left[:to], items[at], *left[to:]], items[at]), {"moved": moved, "before": behind}


def placed(items: Sequence[Item], moved: Item, at: int) -> tuple[str, ...]:
    """The keys with this item at that place, counted from 1."""
    left = [item for item in items if item.id != moved.id]
    return _keys([*left[: max(0, at - 1)], moved, *left[max(0, at - 1) :]], moved)


def _keys(items: Sequence[Item], moved: Item) -> tuple[str, ...]:
    """Those that have a place now; all of them where none had one, for then their order becomes known."""
    placed_ones = {item.id for item in items if item.position is not None}
    known = placed_ones - {moved.id} or {item.id for item in items}
    return tuple(item.key for item in items if item.id in known | {moved.id})


def totals(items: Sequence[Item]) -> Totals:
    known = [item.minutes for item in items if item.minutes is not None]
    return Totals(len(items), sum(known), len(items) - len(known), _end(items))


def _end(items: Iterable[Item]) -> time | None:
    """When the last item ends: by its own start, or by the end of the one before; None where a link is missing."""
    at: datetime | None = None
    for item in items:
        begins = datetime.combine(_ANY_DAY, item.start) if item.start else at
        at = begins + timedelta(minutes=item.minutes) if begins and item.minutes is not None else None
    return at.time() if at and at.date() == _ANY_DAY else None


def _who(roles: Iterable[Role], profile: Profile, language: str) -> tuple[tuple[str, str], ...]:
    """Role and people, one pair for each role in the order of its first person."""
    by_role: dict[str, list[str]] = {}
    for role in roles:
        by_role.setdefault(role.role, []).append(role.text)
    return tuple((_role(profile, role, language), "; ".join(people)) for role, people in by_role.items())


def _role(profile: Profile, role: str, language: str) -> str:
    return profile.roles[role].say(language) if role in profile.roles else role


def _fitting(
    part: SchedulingPart, lines: tuple[Line, ...], language: str, words: tuple[str, ...]
) -> tuple[Line, ...]:
    """Those in which every word begins one; what can be found in them is worked out once for each version."""
    if not words:
        return lines
    which = (part.ceremony.id, part.ceremony.version, language)
    keys = _known.get(which)
    if keys is None:
        keys = _known[which] = tuple(map(_key, lines))
        while len(_known) > _MOST_KNOWN:
            _known.pop(next(iter(_known)), None)
    return tuple(one for one, key in zip(lines, keys, strict=True) if is_found(words, key))


def _key(one: Line) -> str:
    item = one.item
    people = (text for pair in one.who for text in pair)
    number = str(item.position) if item.position is not None else None
    told = (item.responsible, item.mc_text, item.cues, item.props, item.note)
    return find_key(number, item.title, one.kind, *people, *told)

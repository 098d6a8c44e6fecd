"""What an entry changed, as people read it. Hides the shapes in which services keep what was before and after."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from schemas.house import HistoryEntry
from schemas.scheduling import CeremonyFields
from services.gateway.console.fields import Fields, called
from services.lang import UNKNOWN

_LISTS = ("items", "decisions", "lines")


@dataclass(frozen=True, slots=True)
class Changes:
    """Names of what came and went as a whole; of what stayed each field: what, from, to. `hidden`: how many more."""

    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    rows: tuple[tuple[str, str, str], ...] = ()
    hidden: int = 0

    def cut(self, most: int) -> "Changes":
        """At most so many of each kind."""
        kinds = (self.new, self.gone, self.rows)
        hidden = sum(max(len(kind) - most, 0) for kind in kinds)
        return replace(self, new=self.new[:most], gone=self.gone[:most], rows=self.rows[:most], hidden=hidden)

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.rows)


def changes(entry: HistoryEntry, fields: Fields) -> Changes:
    before, after = _side(entry.before), _side(entry.after)
    old, new = _things(before), _things(after)
    rows = fields.differences(_own(before), _own(after))
    for key in (key for key in new if key in old):
        name = called(new[key]) or called(old[key]) or ""
        rows += [(f"{name}: {what}", was, now) for what, was, now in fields.differences(old[key], new[key])]
    return Changes(_names(new, old), _names(old, new), tuple(rows))


def _names(these: Mapping[str, Any], those: Mapping[str, Any]) -> tuple[str, ...]:
    """Of those that are only here; what has no name yet is unknown."""
    return tuple(called(one) or UNKNOWN for key, one in these.items() if key not in those)


def _side(value: Any) -> Mapping[str, Any]:
    """An import keeps the whole part: the ceremony's fields stand one deeper there."""
    if not isinstance(value, Mapping):
        return {}
    inner = value.get("ceremony")
    if not isinstance(inner, Mapping):
        return value
    return {name: inner.get(name) for name in CeremonyFields.model_fields} | {"items": value.get("items")}


def _own(side: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the thing itself, without the lists that it holds."""
    return {} if _is_by_id(side) else {name: value for name, value in side.items() if name not in _LISTS}


def _things(side: Mapping[str, Any]) -> dict[str, Any]:
    """What is on the lists, by what stays the same of each."""
    if _is_by_id(side):
        return dict(side)
    listed = [one for name in _LISTS for one in side.get(name) or ()]
    return {str(one.get("id") or one.get("key")): one for one in listed}


def _is_by_id(side: Mapping[str, Any]) -> bool:
    """A guest list is kept as its guests by their ids; of several changed together what changed, and the name."""
    return bool(side) and all(
        isinstance(one, Mapping) and not one.keys().isdisjoint({"person", "group", "name"}) for one in side.values()
    )

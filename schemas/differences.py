"""How a draft differs from a release, in short: what was added, changed or taken out, and which fields changed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, Field, JsonValue

from schemas.envelope import Ask, Question, Strict

_SHOWN = 200
Kind = Literal["ceremony", "item", "guest", "decision", "line"]
M = TypeVar("M", bound=BaseModel)


class CompareRelease(Question):
    ceremony_id: str
    release: int | None = Field(None, ge=1, description="null: the last one.")


class FieldDifference(Strict):
    """What a field was in the release and is in the draft, as JSON; `name` of a nested one as `person.name`."""

    name: str
    before: JsonValue
    after: JsonValue


class Difference(Strict):
    """`fields` only of what changed."""

    kind: Kind
    what: Literal["created", "changed", "removed"]
    key: str = Field(description="Id of a ceremony or a guest, else the key within the ceremony.")
    label: str = Field(description="Title or name, as it is now; of what is gone as it was.")
    fields: tuple[FieldDifference, ...] = ()


class Differences(Strict):
    """The counts are of all, of which so many are shown. `release` is 0 where there is none to compare with."""

    release: int
    differences: tuple[Difference, ...] = Field((), max_length=_SHOWN)
    created: int = 0
    changed: int = 0
    removed: int = 0


def compared(
    kind: Kind, said: type[BaseModel], before: Mapping[str, M], after: Mapping[str, M], label: Callable[[M], str]
) -> Iterator[Difference]:
    """Things of one kind by their keys, of a release and of the draft; what counts are the fields of `said`."""
    for key, new in after.items():
        old = before.get(key)
        if old is None:
            yield Difference(kind=kind, what="created", key=key, label=label(new))
        elif changed := _changed(said, old, new):
            yield Difference(kind=kind, what="changed", key=key, label=label(new), fields=changed)
    for key, old in before.items():
        if key not in after:
            yield Difference(kind=kind, what="removed", key=key, label=label(old))


def _changed(said: type[BaseModel], old: BaseModel, new: BaseModel) -> tuple[FieldDifference, ...]:
    names = {name for name in said.model_fields if getattr(old, name) != getattr(new, name)}
    if not names:
        return ()
    was, now = (_flat(one.model_dump(mode="json", include=names)) for one in (old, new))
    return tuple(
        FieldDifference(name=name, before=was.get(name), after=now.get(name))
        for name in dict.fromkeys((*was, *now))
        if was.get(name) != now.get(name)
    )


def _flat(said: Mapping[str, Any]) -> dict[str, JsonValue]:
    """Mappings by the names of what is in them, lists as they are."""
    flat: dict[str, JsonValue] = {}
    for name, value in said.items():
        inner = value.items() if isinstance(value, dict) else ()
        flat |= {f"{name}.{below}": each for below, each in inner} if inner else {name: value}
    return flat


def differences(release: int, *found_of_kinds: Iterable[Difference]) -> Differences:
    found = list(chain.from_iterable(found_of_kinds))
    counts = {what: sum(one.what == what for one in found) for what in ("created", "changed", "removed")}
    return Differences(release=release, differences=tuple(found[:_SHOWN]), **counts)


compare_order = Ask("scheduling", "compare_release", CompareRelease, Differences)
compare_guests = Ask("guests", "compare_release", CompareRelease, Differences)
compare_awards = Ask("awards", "compare_release", CompareRelease, Differences)

"""What of an edit can be saved beside what others saved meanwhile: by field, of three versions. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.lang import clean_block

Values = Mapping[str, Any]  # plain JSON by field, as model_dump(mode="json") gives it
_UNSEEN = object()


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody typed, and what stood there when he began; of the fields that he was shown."""

    mine: Values
    base: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people changed to different values."""

    name: str
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """`changed`: what to save, by field; nothing of it may be saved while there are clashes."""

    changed: dict[str, Any]
    clashes: tuple[Clash, ...]


def merge(edit: Edit, theirs: Values) -> Merged:
    """Of what is there now. Who was not shown what a field began with, changed it knowing nothing of it."""
    changed: dict[str, Any] = {}
    clashes: list[Clash] = []
    for name, mine in edit.mine.items():
        base, there = edit.base.get(name, _UNSEEN), theirs.get(name)
        if same(mine, base) or same(mine, there):
            continue
        if same(base, there):
            changed[name] = mine
        else:
            clashes.append(Clash(name, mine, there))
    return Merged(changed, tuple(clashes))


def same(one: Any, other: Any) -> bool:
    """Whether a reader would see no difference: composed or decomposed, empty or unknown."""
    return bool(_plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return clean_block(value) or None
    if isinstance(value, Mapping):
        return {name: plain for name, one in value.items() if (plain := _plain(one)) is not None} or None
    if isinstance(value, list | tuple):
        return [plain for one in value if (plain := _plain(one)) is not None] or None
    return value

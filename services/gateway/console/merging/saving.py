"""An edit on its way into a service: loaded, merged, saved, and once more where somebody was quicker."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from schemas.errors import Refused, StaleVersion
from services.gateway.console.frame import Undo
from services.gateway.console.merging.threeway import Edit, Merged, Values, merge

T = TypeVar("T")
_TRIES = 5  # that others may be quicker, each time at another field


@dataclass(frozen=True, slots=True)
class Present:
    """A thing as its service has it now."""

    version: int
    values: Values


@dataclass(frozen=True, slots=True)
class Thing:
    """What is edited: how to load it, and how to save all its values over a version of it."""

    load: Callable[[], Awaitable[Present]]
    save: Callable[[int, Values], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Change:
    """What was saved: the changed fields as they were and as they are. Empty: it was so already."""

    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)

    def undo(self, address: str) -> Undo | None:
        """The same edit backwards, which collides like any other where somebody went on from it."""
        if not self.after:
            return None
        return Undo(address, {"values": dumped(self.before), "base": dumped(self.after)})


class Collision(Exception):
    """Somebody else saved another value first; nothing was saved.

    `mine` are the fields that I changed, the clashes among them; `theirs` what is there now.
    """

    def __init__(self, merged: Merged, theirs: Values) -> None:
        super().__init__([clash.name for clash in merged.clashes])
        self.clashes, self.theirs = merged.clashes, theirs
        self.mine = merged.changed | {clash.name: clash.mine for clash in merged.clashes}


async def save(thing: Thing, edit: Edit) -> Change:
    """Raises Collision, and whatever the service refuses."""

    async def once() -> Change:
        present = await thing.load()
        merged = merge(edit, present.values)
        if merged.clashes:
            raise Collision(merged, present.values)
        if not merged.changed:
            return Change()
        await thing.save(present.version, {**present.values, **merged.changed})
        return Change({name: present.values.get(name) for name in merged.changed}, merged.changed)

    return await insist(once)


async def insist(work: Callable[[], Awaitable[T]]) -> T:
    """Load and change something once more where somebody else was quicker, a few times."""
    for _ in range(_TRIES - 1):
        try:
            return await work()
        except Refused as refused:
            if refused.code != StaleVersion().code:
                raise
    return await work()


def dumped(values: Values) -> str:
    return json.dumps(dict(values), ensure_ascii=False)


def parsed(text: str) -> dict[str, Any]:
    """The object that a form carried along; what is none counts as empty."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}

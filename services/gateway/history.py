"""What happened in all services as one list, newest first. Hides that each keeps its own, and how that is paged."""

import asyncio
import heapq
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter

from schemas import house
from schemas.errors import Refusal
from schemas.house import History, HistoryEntry, ListHistory
from services.kit.bus import Bus

_PATIENCE = 3.0  # seconds
_OVER = 0  # where a service has nothing more: its events are numbered from 1
Cursor = Mapping[str, int]

# What can be looked for: of each service the beginning of its event types. Without a choice: what people did.
_PEOPLES = {
    "scheduling": "",
    "guests": "",
    "awards": "",
    "dispatch": "",
    "program": "program.release.",
    "accounts": "accounts.user.",
}
KINDS: dict[str, dict[str, str]] = {
    "": _PEOPLES,
    "plan": {"scheduling": ""},
    "guests": {"guests": ""},
    "awards": {"awards": ""},
    "papers": {"program": "", "dispatch": ""},
    "releases": {"scheduling": "scheduling.ceremony.released."},
    "accounts": {"accounts": ""},
    "all": dict.fromkeys(house.SERVICES, ""),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. `after`: where the page before ended, by service."""

    ceremony_id: str | None = None
    kind: str = ""
    about: str | None = None
    actor: str | None = None
    after: Cursor = field(default_factory=dict)
    limit: int = 30


@dataclass(frozen=True, slots=True)
class Found:
    """`after`: where the next page begins, None behind the last. `missing`: services that did not answer."""

    entries: tuple[HistoryEntry, ...]
    after: Cursor | None
    missing: tuple[str, ...]


async def read_history(bus: Bus, wanted: Wanted) -> Found:
    """A page of it. Every service is asked for a whole page: all of it may come from one."""
    asked = [name for name in KINDS[wanted.kind] if wanted.after.get(name) != _OVER]
    answers = await asyncio.gather(*(_of_service(bus, name, wanted) for name in asked))
    known = {name: one for name, one in zip(asked, answers, strict=True) if one}
    newest = heapq.merge(*(one.entries for one in known.values()), key=attrgetter("at"), reverse=True)
    shown = tuple(islice(newest, wanted.limit))
    ends = {name: _end(name, one, shown, wanted) for name, one in known.items()}
    more = any(end != _OVER for end in ends.values())
    return Found(
        shown, {**wanted.after, **ends} if more else None, tuple(name for name in asked if name not in known)
    )


async def _of_service(bus: Bus, name: str, wanted: Wanted) -> History | None:
    question = ListHistory(
        ceremony_id=wanted.ceremony_id,
        about=wanted.about,
        actor=wanted.actor,
        types=KINDS[wanted.kind][name] or None,
        before=wanted.after.get(name),
        limit=wanted.limit,
    )
    try:
        return await bus.ask(house.history[name], question, _PATIENCE)
    except Refusal:
        return None


def _end(name: str, found: History, shown: tuple[HistoryEntry, ...], wanted: Wanted) -> int:
    """Behind the last entry of this service that is shown; over if that was its very last."""
    last = next((one.seq for one in reversed(shown) if one.service == name), None)
    if found.next is None and (not found.entries or last == found.entries[-1].seq):
        return _OVER
    return last or wanted.after.get(name) or found.entries[0].seq + 1


def written(cursor: Cursor) -> str:
    """As it stands in an address: scheduling.120-guests.0"""
    return "-".join(f"{name}.{seq}" for name, seq in sorted(cursor.items()))


def read_cursor(text: str) -> Cursor:
    """What is none of ours is left out: the list then begins at the newest."""
    pairs = re.findall(r"([a-z]+)\.(\d{1,18})", text)
    return {name: int(seq) for name, seq in pairs if name in house.SERVICES}

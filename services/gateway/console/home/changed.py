"""What others changed since I was last here, ceremony by ceremony."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter, Request, Response

from schemas.accounts import Identity
from schemas.house import HistoryEntry
from schemas.scheduling import Ceremony
from services.gateway.asking import TheBus, TheSettings
from services.gateway.console.frame import show, words_of
from services.gateway.console.history.shown import Known, Shown, known_to
from services.gateway.console.wording import Wording
from services.gateway.history import Wanted, read_history
from services.kit.bus import Bus
from services.kit.context import ceremonies_where

router = APIRouter(include_in_schema=False)
_FIRST = timedelta(days=7)  # what somebody sees who was never here before
_READ = 100  # entries that are looked through
_SHOWN = 5  # of one ceremony
_MOST = 6  # ceremonies


@dataclass(frozen=True, slots=True)
class Group:
    """What happened to one ceremony, newest first; `more`: how often besides. None: to the office itself."""

    ceremony: Ceremony | None
    entries: tuple[Shown, ...]
    more: int


@router.get("/home/changes")
async def changes(request: Request, bus: TheBus, settings: TheSettings) -> Response:
    me: Identity = request.state.identity
    since = me.previous_visit or settings.now()() - _FIRST
    entries = [one for one in await _entries(bus) if one.at > since and one.actor != me.user_id]
    known = await known_to(bus, entries)
    groups = await asyncio.to_thread(_grouped, entries, known, words_of(request))
    return await show(
        request, "home/changes.html", block="inside", here="home", groups=groups[:_MOST], since=me.previous_visit
    )


async def _entries(bus: Bus) -> list[HistoryEntry]:
    """Of the whole office, or of the ceremonies whose history the caller may see."""
    among = ceremonies_where("history.see")
    wanted = [Wanted(limit=_READ)] if among is None else [Wanted(ceremony_id=one, limit=_READ) for one in among]
    found = await asyncio.gather(*(read_history(bus, one) for one in wanted))
    return sorted((entry for one in found for entry in one.entries), key=lambda entry: entry.at, reverse=True)


def _grouped(entries: Iterable[HistoryEntry], known: Known, words: Wording) -> list[Group]:
    """In the order of what happened last; what was said in the same words by the same person is said once."""
    by_ceremony: dict[str | None, dict[tuple[str, str], Shown]] = {}
    for entry in entries:
        shown = known.shown(entry, words)
        about = shown.ceremony.id if shown.ceremony else None
        by_ceremony.setdefault(about, {}).setdefault((shown.who, shown.what), shown)
    return [_group(tuple(one.values())) for one in by_ceremony.values()]


def _group(entries: tuple[Shown, ...]) -> Group:
    return Group(entries[0].ceremony, entries[:_SHOWN], max(len(entries) - _SHOWN, 0))

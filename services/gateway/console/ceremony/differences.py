"""How the draft differs from the last release: what changed of the plan, and how often at the guests and awards."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request, Response

from schemas import scheduling
from schemas.errors import NotFound
from schemas.scheduling import Ceremony, GetPart, ListReleases, Release
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.fields import Fields, profile_of
from services.gateway.console.frame import show, words_of
from services.gateway.console.history.changes import compared
from services.gateway.console.history.reading import Wanted, read_history
from services.kit.bus import Bus
from services.kit.context import may

router = APIRouter(include_in_schema=False)
_ROWS = 6
_COUNTED = 100  # changes of a list; more are not counted


@dataclass(frozen=True, slots=True)
class Counted:
    """How many changes of a list there were; `more`: at least so many."""

    count: int
    more: bool


@router.get("/ceremonies/{ceremony}/differences")
async def differences(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
    last = await _last(bus, ceremony)
    draft, released, guests, awards = await asyncio.gather(
        bus.ask(scheduling.get_part, GetPart(ceremony_id=ceremony.id)),
        bus.ask(scheduling.get_part, GetPart(ceremony_id=ceremony.id, release=last.release)),
        _counted(bus, ceremony, "guests", last.at),
        _counted(bus, ceremony, "awards", last.at),
    )
    fields = Fields(words_of(request), profile_of(ceremony))
    changes = compared(released.model_dump(mode="json"), draft.model_dump(mode="json"), fields)
    return await show(
        request,
        "ceremony/differences.html",
        block="inside",
        ceremony=ceremony,
        here="overview",
        last=last,
        changes=changes.cut(_ROWS),
        guests=guests,
        awards=awards,
    )


async def _last(bus: Bus, ceremony: Ceremony) -> Release:
    releases = (await bus.ask(scheduling.list_releases, ListReleases(ceremony_id=ceremony.id))).releases
    if not releases:
        raise NotFound(what="release", which=1)
    return releases[-1]


async def _counted(bus: Bus, ceremony: Ceremony, kind: str, since: datetime) -> Counted | None:
    """None: the caller may not see who changed what."""
    if not may("history.see", ceremony.id):
        return None
    found = await read_history(bus, Wanted(ceremony_id=ceremony.id, kind=kind, limit=_COUNTED))
    count = sum(one.at > since for one in found.entries)
    return Counted(count, count == _COUNTED)

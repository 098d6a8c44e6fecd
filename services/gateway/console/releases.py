"""Releases: what was frozen, when, by whom and why; with the hashes by which it can be proved."""

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from schemas import scheduling
from schemas.scheduling import Ceremony, ListReleases
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.frame import show
from services.gateway.console.history.shown import names_of
from services.gateway.history import Wanted, read_history
from services.kit.bus import Bus
from services.kit.context import may

router = APIRouter(include_in_schema=False)
_MOST = 200  # releases whose maker is looked for


@router.get("/ceremonies/{ceremony}/releases")
async def releases_page(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
    found, makers = await asyncio.gather(
        bus.ask(scheduling.list_releases, ListReleases(ceremony_id=ceremony.id)), _makers(bus, ceremony)
    )
    return await show(
        request,
        "releases/releases.html",
        block="inside",
        ceremony=ceremony,
        here="releases",
        releases=tuple(reversed(found.releases)),
        makers=makers,
    )


async def _makers(bus: Bus, ceremony: Ceremony) -> Mapping[int, str]:
    """Who made each, by its number, for whoever may see who did something."""
    if not may("history.see", ceremony.id):
        return {}
    wanted = Wanted(ceremony_id=ceremony.id, kind="releases", limit=_MOST)
    happened, names = await asyncio.gather(read_history(bus, wanted), names_of(bus))
    told = ((one.data["release"], names.get(one.actor or "")) for one in happened.entries)
    return {number: name for number, name in told if name}

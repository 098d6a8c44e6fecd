"""Releasing: what goes out is looked at once more, then the plan is frozen and its number told."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from pydantic import Field

from schemas import scheduling
from schemas.errors import Refused, StaleVersion
from schemas.rights import require
from schemas.scheduling import Ceremony, FindCeremony, ReleaseCeremony
from services.gateway.asking import LONG, TheBus, TheCeremony
from services.gateway.console.ceremony.open_points import open_points
from services.gateway.console.forms import Sent
from services.gateway.console.frame import dialog, is_htmx, show, words_of
from services.gateway.console.glance import glance
from services.kit.bus import Bus
from services.kit.context import caller
from services.lang import clean_block

router = APIRouter(include_in_schema=False)
_MAY = "release.make"


class NewRelease(Sent):
    version: int = Field(ge=0)
    note: str = Field("", max_length=1000)


@router.get("/ceremonies/{ceremony}/release")
async def ask_once_more(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
    require(caller(), _MAY, ceremony.id)
    return await _form(request, bus, ceremony)


@router.post("/ceremonies/{ceremony}/release")
async def release(
    request: Request, bus: TheBus, ceremony: TheCeremony, typed: Annotated[NewRelease, Form()]
) -> Response:
    """If somebody changed the plan while this one looked at it, it is shown again: he releases what he saw."""
    command = ReleaseCeremony(
        request_id=typed.request_id,
        ceremony_id=ceremony.id,
        expected_version=typed.version,
        note=clean_block(typed.note) or None,
    )
    try:
        done = await bus.ask(scheduling.release_ceremony, command, LONG)
    except Refused as refused:
        if refused.code != StaleVersion().code:
            raise
        now = await bus.ask(scheduling.find_ceremony, FindCeremony(which=ceremony.id))
        return await _form(request, bus, now, note=typed.note, changed=True)
    return await dialog(request, "ceremony/released.html", ceremony=ceremony, done=done)


async def _form(request: Request, bus: Bus, ceremony: Ceremony, *, note: str = "", changed: bool = False) -> Response:
    seen = await glance(bus, ceremony)
    values: dict[str, Any] = {
        "ceremony": ceremony,
        "seen": seen,
        "points": open_points(seen, words_of(request)),
        "note": note,
        "changed": changed,
        "here": "overview",
    }
    status = StaleVersion.status if changed else 200
    if is_htmx(request):
        return await dialog(request, "ceremony/release.html", status=status, **values)
    return await show(request, "ceremony/release_page.html", status=status, **values)

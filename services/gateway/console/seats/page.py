"""The page of the seats: the hall drawn, and beside it who has no seat."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from markupsafe import Markup
from pydantic import BaseModel, Field

from schemas import seating
from schemas.halls import HallKey
from schemas.scheduling import Ceremony
from schemas.seating import DrawPlan, GetSeating, ListPlaced, SeatingInShort, SeatPlan
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.frame import Toast, Undo, show, words_of
from services.gateway.problems import language_of
from services.kit.bus import Bus
from services.plan.seats import WHY

router = APIRouter(include_in_schema=False)
LONG = 30  # seconds: thousands of guests are ordered and seated
_WAITING = 60  # of those without a seat that are shown at once; the filter finds the others


class Wanted(BaseModel):
    """Which hall is shown, and whom of those without a seat."""

    hall: HallKey | None = None
    q: str = Field("", max_length=200)


@router.get("/ceremonies/{ceremony}/seats")
async def seats_page(
    request: Request, bus: TheBus, ceremony: TheCeremony, wanted: Annotated[Wanted, Query()]
) -> Response:
    short = await bus.ask(seating.get_seating, GetSeating(ceremony_id=ceremony.id), LONG)
    hall = _hall(short, wanted.hall)
    drawn, beside = await asyncio.gather(
        plan_of(request, bus, ceremony, hall), side_of(request, bus, ceremony, short, wanted.q)
    )
    values: dict[str, Any] = {"ceremony": ceremony, "hall": hall, "plan": drawn, **beside}
    return await show(request, "seats/seats.html", block="side", here="seats", **values)


@router.get("/ceremonies/{ceremony}/seats/plan")
async def plan_part(
    request: Request, bus: TheBus, ceremony: TheCeremony, wanted: Annotated[Wanted, Query()]
) -> Response:
    """The drawing anew, after others changed something."""
    drawn = await plan_of(request, bus, ceremony, wanted.hall)
    return await show(request, "seats/plan.html", ceremony=ceremony, plan=drawn, hall=wanted.hall)


async def plan_of(
    request: Request, bus: Bus, ceremony: Ceremony, hall: str | None, places: Sequence[str] | None = None
) -> Mapping[str, Any] | None:
    """The drawing with its version; none where there is no hall."""
    if hall is None:
        return None
    only = None if places is None else tuple(places)
    question = DrawPlan(ceremony_id=ceremony.id, hall=hall, language=language_of(request), places=only)
    found = await bus.ask(seating.draw_plan, question, LONG)
    return {"svg": Markup(found.svg), "version": version_of(found)}  # noqa: S704  # made and escaped by the house


def version_of(found: SeatPlan | SeatingInShort) -> str:
    """Both of the seating and of the list: names stand on the plan."""
    return f"{found.version}.{found.list_version}"


async def side_of(
    request: Request, bus: Bus, ceremony: Ceremony, short: SeatingInShort | None, typed: str = ""
) -> dict[str, Any]:
    """What stands beside the drawing: numbers, and who has no seat."""
    if short is None:
        short = await bus.ask(seating.get_seating, GetSeating(ceremony_id=ceremony.id), LONG)
    question = ListPlaced(ceremony_id=ceremony.id, filter=typed or None, seated=False, limit=_WAITING)
    waiting = await bus.ask(seating.list_placed, question, LONG)
    say = words_of(request).say
    return {
        "short": short,
        "version": version_of(short),
        "waiting": [(one, say(WHY[one.why or "waiting"])) for one in waiting.heads],
        "fitting": waiting.total,
        "q": typed,
        "at": f"/ceremonies/{ceremony.code}/seats",
    }


def _hall(short: SeatingInShort, wanted: str | None) -> str | None:
    keys = [hall.key for hall in short.halls]
    return wanted if wanted in keys else next(iter(keys), None)


def with_way_back(ceremony: Ceremony, version: int, toast: Toast) -> Toast:
    """The word on what happened, and the way back to what was before this version."""
    undo = Undo(f"/ceremonies/{ceremony.code}/seats/back", {"version": version, "to_version": version - 1})
    return replace(toast, undo=undo)

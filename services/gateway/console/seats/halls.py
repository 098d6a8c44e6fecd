"""The halls of a ceremony chosen, and a hall of one's own drawn with a spreadsheet."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from pydantic import Field, ValidationError

from schemas import seating
from schemas.errors import Problem, Refusal
from schemas.halls import asked
from schemas.halls.asked import DrawHall, ListHalls
from schemas.scheduling import Ceremony
from schemas.seating import GetSeating, UseHalls
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.forms import Sent, faults, status_of
from services.gateway.console.frame import Toast, dialog, go
from services.gateway.console.seats.page import LONG, with_way_back
from services.gateway.problems import language_of, told
from services.kit.bus import Bus
from services.plan.seats import hall_sheet

router = APIRouter(include_in_schema=False)


class Chosen(Sent):
    """Keys in the order in which halls are filled; empty ones are none."""

    hall: list[str] = Field([], max_length=seating.MOST_HALLS)


class Drawing(Sent):
    key: str = Field("", max_length=40)
    name: str = Field("", max_length=200)
    outdoor: bool = False


@router.get("/ceremonies/{ceremony}/seats/halls")
async def halls_dialog(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
    found, short = await asyncio.gather(
        bus.ask(asked.list_halls, ListHalls()),
        bus.ask(seating.get_seating, GetSeating(ceremony_id=ceremony.id), LONG),
    )
    chosen = [hall.key for hall in short.halls]
    return await dialog(request, "seats/halls.html", ceremony=ceremony, halls=found.halls, chosen=chosen)


@router.post("/ceremonies/{ceremony}/seats/halls")
async def use_halls(
    request: Request, bus: TheBus, ceremony: TheCeremony, sent: Annotated[Chosen, Form()]
) -> Response:
    keys = tuple(dict.fromkeys(key for key in sent.hall if key))
    command = UseHalls(request_id=sent.request_id, ceremony_id=ceremony.id, halls=keys)
    done = await bus.ask(seating.use_halls, command, LONG)
    toast = with_way_back(ceremony, done.version, Toast("The halls are chosen."))
    return await go(request, _page(ceremony), toast)


@router.get("/ceremonies/{ceremony}/seats/halls/new")
async def drawing_dialog(request: Request, ceremony: TheCeremony) -> Response:
    return await _dialog(request, ceremony, Drawing(), errors={}, problems=[])


@router.post("/ceremonies/{ceremony}/seats/halls/new")
async def draw_hall(
    request: Request,
    bus: TheBus,
    ceremony: TheCeremony,
    sent: Annotated[Drawing, Form()],
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Drawn, and chosen beside the halls that the ceremony has."""
    content = await file.read() if file else b""
    sheet, problems = await asyncio.to_thread(hall_sheet, (file and file.filename) or "", content)
    if sheet is None:
        return await _dialog(request, ceremony, sent, errors={}, problems=problems)
    try:
        command = DrawHall(
            request_id=sent.request_id, hall=sent.key, name=sent.name, outdoor=sent.outdoor, sheet=sheet
        )
        drawn = await bus.ask(asked.draw_hall, command)
    except (Refusal, ValidationError) as wrong:
        errors = faults(request, wrong, {"key-is-ready-made": "key"})
        return await _dialog(request, ceremony, sent, errors=errors, problems=[], status=status_of(wrong))
    if drawn.hall is None:
        return await _dialog(request, ceremony, sent, errors={}, problems=[*problems, *drawn.problems])
    await _use_too(bus, ceremony, drawn.hall.key)
    seats = drawn.hall.seats + drawn.hall.standing
    return await go(request, _page(ceremony), Toast("The hall is drawn: {seats} places.", {"seats": seats}))


async def _use_too(bus: Bus, ceremony: Ceremony, key: str) -> None:
    short = await bus.ask(seating.get_seating, GetSeating(ceremony_id=ceremony.id), LONG)
    keys = dict.fromkeys([*(hall.key for hall in short.halls), key])
    await bus.ask(seating.use_halls, UseHalls(ceremony_id=ceremony.id, halls=tuple(keys)), LONG)


async def _dialog(
    request: Request,
    ceremony: Ceremony,
    sent: Drawing,
    *,
    errors: dict[str, str],
    problems: list[Problem],
    status: int = 200,
) -> Response:
    said = [told(problem, language_of(request)) for problem in problems]
    wrong = 422 if said and status == 200 else status  # noqa: PLR2004 - HTTP's own number
    values: dict[str, Any] = {"ceremony": ceremony, "sent": sent, "errors": errors, "problems": said}
    return await dialog(request, "seats/draw.html", status=wrong, **values)


def _page(ceremony: Ceremony) -> str:
    return f"/ceremonies/{ceremony.code}/seats"

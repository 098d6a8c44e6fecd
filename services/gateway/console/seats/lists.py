"""Lists of seats: guest by guest, door by door for ushers, and cards to print again."""

from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from schemas import seating
from schemas.seating import CompareCards, ListByDoor, ListPlaced
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.frame import show, words_of
from services.gateway.console.seats.page import LONG
from services.gateway.problems import language_of
from services.plan.seats import CARD

router = APIRouter(include_in_schema=False)
_PAGE = 100
_MOST = 1000
Typed = Annotated[str, Query(max_length=200)]


@router.get("/ceremonies/{ceremony}/seats/list")
async def list_page(
    request: Request,
    bus: TheBus,
    ceremony: TheCeremony,
    *,
    q: Typed = "",
    shown: Annotated[int, Query(ge=0, le=100_000)] = _PAGE,
) -> Response:
    """Every guest with his seat: all that the drawing does can be done here by keys."""
    limit = min(shown, _MOST)
    question = ListPlaced(ceremony_id=ceremony.id, filter=q or None, limit=limit)
    found = await bus.ask(seating.list_placed, question, LONG)
    values: dict[str, Any] = {"ceremony": ceremony, "found": found, "q": q, "next": shown + _PAGE}
    return await show(request, "seats/list.html", block="rows", here="seats", **values)


@router.get("/ceremonies/{ceremony}/seats/doors")
async def doors_page(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
    question = ListByDoor(ceremony_id=ceremony.id, language=language_of(request))
    found = await bus.ask(seating.list_by_door, question, LONG)
    doors = [(door, list(rows)) for door, rows in groupby(found.rows, key=lambda row: (row.hall, row.door))]
    return await show(request, "seats/doors.html", here="seats", ceremony=ceremony, doors=doors)


@router.get("/ceremonies/{ceremony}/seats/cards")
async def cards_page(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
    found = await bus.ask(seating.compare_cards, CompareCards(ceremony_id=ceremony.id), LONG)
    say = words_of(request).say
    what = {code: say(sentence) for code, sentence in CARD.items()}
    return await show(request, "seats/cards.html", here="seats", ceremony=ceremony, found=found, what=what)

"""A guest chosen while somebody types: for roles and presenters."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from schemas import guests
from schemas.guests import SearchGuests
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.frame import show

router = APIRouter(include_in_schema=False)
_MOST = 8


@router.get("/ceremonies/{ceremony}/guests/choose")
async def choose_guest(
    request: Request, bus: TheBus, ceremony: TheCeremony, q: Annotated[str, Query(min_length=1, max_length=200)]
) -> Response:
    found = await bus.ask(guests.search, SearchGuests(text=q, ceremony_id=ceremony.id, limit=_MOST))
    return await show(request, "guests/choose.html", found=found.guests)

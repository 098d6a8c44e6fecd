"""The running order's page."""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from schemas import scheduling
from schemas.scheduling import GetPart
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.frame import show
from services.gateway.console.order.shown import shown
from services.gateway.problems import language_of

router = APIRouter(include_in_schema=False)
Typed = Annotated[str, Query(max_length=200)]
View = Literal["programme", "script", "all"]


@router.get("/ceremonies/{ceremony}/order")
async def order_page(
    request: Request,
    bus: TheBus,
    ceremony: TheCeremony,
    q: Typed = "",
    view: View = "programme",
    opened: Annotated[str, Query(alias="open", max_length=64)] = "",
) -> Response:
    """`open`: the item to open at once, by its id."""
    part = await bus.ask(scheduling.get_part, GetPart(ceremony_id=ceremony.id))
    found = await asyncio.to_thread(shown, part, language_of(request), q)
    values: dict[str, Any] = {"ceremony": part.ceremony, "found": found, "q": q, "view": view, "opened": opened}
    return await show(request, "order/order.html", block="rows", here="order", **values)

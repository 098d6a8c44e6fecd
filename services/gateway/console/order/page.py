"""The running order's page and its rows; what every answer of it shows."""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from schemas import scheduling
from schemas.errors import NotFound
from schemas.scheduling import Ceremony, GetPart, Item, ItemFields, SchedulingPart
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.fields import Fields, profile_of
from services.gateway.console.frame import Toast, show, words_of
from services.gateway.console.merging import BLOCK, CLOCK, CODE, COUNT, LINE, MINUTES, Kind, Rows, Values
from services.gateway.console.order.shown import line, shown
from services.gateway.problems import language_of
from services.kit.bus import Bus

router = APIRouter(include_in_schema=False)
CHANGED = {"HX-Trigger": "km:scheduling"}  # the rows fetch themselves anew
KINDS: dict[str, Kind] = {
    "position": COUNT,
    "start": CLOCK,
    "minutes": MINUTES,
    "title": LINE,
    "kind": CODE,
    "roles": Rows({"role": CODE, "kind": CODE, "guest": LINE, "text": LINE}, ("text",)),
    "responsible": BLOCK,
    "mc_text": BLOCK,
    "cues": BLOCK,
    "props": BLOCK,
    "note": BLOCK,
}
Typed = Annotated[str, Query(max_length=200)]
View = Literal["programme", "script", "all"]


@router.get("/ceremonies/{ceremony}/order")
async def order_page(
    request: Request, bus: TheBus, ceremony: TheCeremony, q: Typed = "", view: View = "programme"
) -> Response:
    part = await part_of(bus, ceremony)
    found = await asyncio.to_thread(shown, part, language_of(request), q)
    values: dict[str, Any] = {"ceremony": part.ceremony, "found": found, "q": q, "view": view}
    return await show(request, "order/order.html", block="rows", here="order", **values)


async def part_of(bus: Bus, ceremony: Ceremony) -> SchedulingPart:
    return await bus.ask(scheduling.get_part, GetPart(ceremony_id=ceremony.id))


def item_of(part: SchedulingPart, item_id: str) -> Item:
    for item in part.items:
        if item.id == item_id:
            return item
    raise NotFound(what="item", which=item_id)


def values_of(item: ItemFields) -> Values:
    return item.model_dump(mode="json", include=set(KINDS))


def fields_of(request: Request, ceremony: Ceremony) -> Fields:
    return Fields(words_of(request), profile_of(ceremony))


async def show_row(request: Request, part: SchedulingPart, item: Item, *toasts: Toast) -> Response:
    """What a saved cell is answered with; a form takes only the words."""
    one = line(item, profile_of(part.ceremony), language_of(request))
    view = request.query_params.get("view", "programme")
    values: dict[str, Any] = {"one": one, "ceremony": part.ceremony, "view": view, "toasts": toasts}
    return await show(request, "order/row.html", headers=CHANGED, **values)

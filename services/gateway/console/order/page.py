"""The running order's page."""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from schemas import scheduling
from schemas.scheduling import GetPart
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.frame import is_partial, show
from services.gateway.console.order.shown import shown
from services.gateway.problems import language_of

router = APIRouter(include_in_schema=False)
_FIRST = 60


class Wanted(BaseModel):
    """What is shown, as it stands in the page's address. `open`: the item to open at once, by its id.

    `behind`: only the lines after so many, for the page that shows the first of them already.
    """

    q: str = Field("", max_length=200)
    view: Literal["programme", "script", "all"] = "programme"
    open: str = Field("", max_length=64)
    behind: int = Field(0, ge=0)


@router.get("/ceremonies/{ceremony}/order")
async def order_page(
    request: Request, bus: TheBus, ceremony: TheCeremony, wanted: Annotated[Wanted, Query()]
) -> Response:
    part = await bus.ask(scheduling.get_part, GetPart(ceremony_id=ceremony.id))
    found = await asyncio.to_thread(shown, part, language_of(request), wanted.q)
    values: dict[str, Any] = {"ceremony": part.ceremony, "found": found, "opened": wanted.open}
    values |= {"q": wanted.q, "view": wanted.view, "lines": found.lines, "rest": 0}
    if wanted.behind:
        return await show(request, "order/rest.html", **(values | {"lines": found.lines[wanted.behind :]}))
    if not is_partial(request):  # a window shows a dozen; the others follow while one looks at these
        values |= {"lines": found.lines[:_FIRST], "rest": _FIRST if len(found.lines) > _FIRST else 0}
    return await show(request, "order/order.html", block="rows", here="order", **values)

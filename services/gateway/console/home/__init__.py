"""Home: my ceremonies, what needs me, what changed since I was last here; and the first steps where there is nothing.

The page itself asks for the ceremonies alone. How far each is, and what changed, come right after it and whenever
something changes: no service that is slow or away holds up the page.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.gateway.asking import TheBus, TheSettings
from services.gateway.console.frame import show, words_of
from services.gateway.console.home import changed, creating, examples, needs
from services.gateway.console.home.coming import my_ceremonies

router = APIRouter(include_in_schema=False)
for part in (creating, examples, needs, changed):
    router.include_router(part.router)
_PAST = 6  # ceremonies that are over, shown at once
_MORE = 50


@router.get("/")
async def home(
    request: Request,
    bus: TheBus,
    settings: TheSettings,
    past: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    """`past`: how many of those that are over were shown before."""
    ahead, over = await my_ceremonies(bus, settings.now(), words_of(request))
    shown = over[past : past + (_MORE if past else _PAST)]
    behind = past + len(shown)
    return await show(
        request,
        "home/home.html",
        block="over" if past else "ceremonies",
        here="home",
        ahead=ahead,
        over=shown,
        next=f"/?past={behind}" if behind < len(over) else None,
        examples=bool(examples.examples()),
    )

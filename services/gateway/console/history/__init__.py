"""History: who changed what, when, from what to what; of one ceremony, or of the whole office."""

import asyncio
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from schemas import house
from schemas.errors import NotFound
from schemas.house import ListHistory
from schemas.rights import require
from schemas.scheduling import Ceremony
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.frame import show, words_of
from services.gateway.console.history import answers, people  # noqa: F401  # their sentences are learnt by reading them
from services.gateway.console.history.shown import known_to
from services.gateway.history import Wanted, read_cursor, read_history, written
from services.kit.bus import Bus
from services.kit.context import caller

router = APIRouter(include_in_schema=False)
_MAY = "history.see"
_PAGE = "history/history.html"
_MOST_ROWS = 400
Kind = Literal["", "plan", "guests", "awards", "papers", "releases", "accounts", "all"]
Service = Literal["accounts", "scheduling", "guests", "awards", "program", "dispatch"]


class Asked(BaseModel):
    """The filters of the page, as they stand in its address.

    `after`: where the page before ended, and `day`: with which day; `newest`: the event that stands first on a page
    that asks whether there is a newer one.
    """

    of: Kind = ""
    who: str = Field("", max_length=64)
    about: str = Field("", max_length=64)
    after: str = Field("", max_length=300)
    day: str = Field("", max_length=10)
    newest: str = Field("", max_length=64)

    @property
    def part(self) -> str:
        return "newer" if self.newest else "more" if self.after else "entries"

    def address(self, path: str, **other: str) -> str:
        """This page with these filters, or with others."""
        asked = {"of": self.of, "who": self.who, "about": self.about} | other
        told = urlencode({name: value for name, value in asked.items() if value})
        return f"{path}?{told}" if told else path


Filters = Annotated[Asked, Query()]


@router.get("/history")
async def of_office(request: Request, bus: TheBus, asked: Filters) -> Response:
    require(caller(), _MAY)
    return await _page(request, bus, asked, None)


@router.get("/ceremonies/{ceremony}/history")
async def of_ceremony(request: Request, bus: TheBus, ceremony: TheCeremony, asked: Filters) -> Response:
    require(caller(), _MAY, ceremony.id)
    return await _page(request, bus, asked, ceremony)


@router.get("/history/{service}/{event}")
async def entry_of_office(request: Request, bus: TheBus, service: Service, event: str) -> Response:
    """All that an entry changed, however long."""
    return await _entry(request, bus, None, service, event)


@router.get("/ceremonies/{ceremony}/history/{service}/{event}")
async def entry_of_ceremony(
    request: Request, bus: TheBus, ceremony: TheCeremony, service: Service, event: Annotated[str, Path(max_length=64)]
) -> Response:
    return await _entry(request, bus, ceremony, service, event)


async def _page(request: Request, bus: Bus, asked: Asked, ceremony: Ceremony | None) -> Response:
    wanted = Wanted(
        ceremony_id=ceremony.id if ceremony else None,
        kind=asked.of,
        about=asked.about or None,
        actor=asked.who or None,
        after=read_cursor(asked.after),
    )
    found = await read_history(bus, wanted)
    known = await known_to(bus, found.entries, ceremony)
    words, path = words_of(request), request.url.path
    entries = await asyncio.to_thread(lambda: [known.shown(one, words) for one in found.entries])
    day = entries[-1].day.isoformat() if entries else ""
    return await show(
        request,
        _PAGE,
        block=asked.part,
        ceremony=ceremony,
        here="history",
        asked=asked,
        at=path,
        entries=entries,
        names=sorted(known.names.items(), key=lambda pair: pair[1]),
        missing=found.missing,
        next=asked.address(path, after=written(found.after), day=day) if found.after else None,
    )


async def _entry(request: Request, bus: Bus, ceremony: Ceremony | None, service: Service, event: str) -> Response:
    question = ListHistory(ceremony_id=ceremony.id if ceremony else None, event_id=event)
    entries = (await bus.ask(house.history[service], question)).entries
    if not entries:
        raise NotFound(what="event", which=event)
    known = await known_to(bus, entries, ceremony)
    shown = await asyncio.to_thread(known.shown, entries[0], words_of(request), _MOST_ROWS)
    return await show(request, "history/entry.html", block="rows", ceremony=ceremony, here="history", one=shown)

"""The start page: ceremonies with their state, documents and calendar."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from schemas import dispatch, program, scheduling
from schemas.dispatch import Feed, GetFeed
from schemas.errors import Refusal
from schemas.program import Document, Documents, ListDocuments
from schemas.scheduling import Ceremony, ListCeremonies
from services.gateway.api.feeds import FeedLink, links
from services.gateway.asking import TheBus, TheSettings
from services.gateway.console.frame import show, words_of
from services.kit.bus import Bus

router = APIRouter(include_in_schema=False)
_SHOWN = 20
_SOON = 3.0  # seconds that the page waits for what it can do without


@dataclass(frozen=True, slots=True)
class Shown:
    """A ceremony as the page shows it; None: could not be asked just now."""

    ceremony: Ceremony
    documents: tuple[Document, ...] | None
    complete: bool
    feed: FeedLink | None


@router.get("/")
async def start_page(
    bus: TheBus,
    settings: TheSettings,
    request: Request,
    after: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    try:
        page = await bus.ask(scheduling.list_ceremonies, ListCeremonies(after=after, limit=_SHOWN))
    except Refusal as refusal:
        wire = refusal.on_wire()
        trouble = words_of(request).say(wire.sentence, **wire.params)
        return await show(
            request, "start.html", status=wire.status, here="home", trouble=trouble, shown=(), next=None
        )
    shown = await asyncio.gather(
        *(_show(bus, ceremony, partial(links, request, settings)) for ceremony in page.ceremonies)
    )
    return await show(request, "start.html", here="home", trouble=None, shown=shown, next=page.next)


async def _show(bus: Bus, ceremony: Ceremony, link: Callable[[str], FeedLink]) -> Shown:
    documents, feed = await asyncio.gather(_documents(bus, ceremony), _feed(bus, ceremony))
    return Shown(
        ceremony=ceremony,
        documents=documents.documents if documents else None,
        complete=documents.complete if documents else True,
        feed=link(feed.token) if feed else None,
    )


async def _documents(bus: Bus, ceremony: Ceremony) -> Documents | None:
    """Of the last release; of the draft before the first."""
    question = ListDocuments(ceremony_id=ceremony.id, release=ceremony.release or None)
    try:
        return await bus.ask(program.list_documents, question, _SOON)
    except Refusal:
        return None


async def _feed(bus: Bus, ceremony: Ceremony) -> Feed | None:
    try:
        return await bus.ask(dispatch.get_feed, GetFeed(ceremony_id=ceremony.id), _SOON)
    except Refusal:
        return None

"""The start page: ceremonies with their state, documents and calendar, on plain HTML without scripts."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from schemas import dispatch, program, scheduling
from schemas.dispatch import Feed, GetFeed
from schemas.errors import Refusal
from schemas.program import Document, Documents, ListDocuments
from schemas.scheduling import Ceremony, ListCeremonies
from services.gateway.api.feeds import FeedLink, links
from services.gateway.asking import Language, TheBus, TheSettings
from services.kit.bus import Bus
from services.lang import UNKNOWN, date_words
from services.lang.translate import translate

router = APIRouter(include_in_schema=False)
_FOLDER = Path(__file__).resolve().parents[2] / "templates" / "console"
_SHOWN = 20
_SOON = 3.0  # seconds that the page waits for what it can do without
DATE = "{weekday}, {day} {month_name} {year}"
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Shown:
    """A ceremony as the page shows it; None: could not be asked just now."""

    ceremony: Ceremony
    documents: tuple[Document, ...] | None
    complete: bool
    feed: FeedLink | None


@cache
def _pages() -> Environment:
    pages = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined)
    pages.trim_blocks = pages.lstrip_blocks = True
    return pages


@router.get("/")
async def start_page(
    bus: TheBus,
    settings: TheSettings,
    language: Language,
    request: Request,
    after: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    try:
        page = await bus.ask(scheduling.list_ceremonies, ListCeremonies(after=after, limit=_SHOWN))
    except Refusal as refusal:
        wire = refusal.on_wire()
        trouble = translate(wire.sentence, wire.params, language)
        return _page(language, wire.status, trouble=trouble, shown=(), next=None)
    shown = await asyncio.gather(
        *(_show(bus, ceremony, partial(links, request, settings)) for ceremony in page.ceremonies)
    )
    return _page(language, 200, trouble=None, shown=shown, next=page.next)


@router.get("/console.css")
async def style() -> Response:
    css = await asyncio.to_thread((_FOLDER / "console.css").read_bytes)
    return Response(css, media_type="text/css", headers={"Cache-Control": "max-age=3600"})


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


def _page(language: str, status: int, **values: object) -> Response:
    def say(sentence: str, **params: object) -> str:
        return translate(sentence, {name: str(value) for name, value in params.items()}, language)

    def day(on: date | None) -> str:
        return date_words(on, translate(DATE, {}, language), language) if on else UNKNOWN

    html = _pages().get_template("start.html").render(_=say, day=day, language=language, unknown=UNKNOWN, **values)
    return Response(html, status, {"Content-Language": language, "Vary": "Accept-Language"}, _HTML)

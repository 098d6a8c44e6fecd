"""The one way to answer with a page: its frame, its language and look, whole or in part. Hides Jinja2 and htmx."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from schemas.envelope import new_id
from services.gateway.console.static import FOLDER, address, press
from services.gateway.console.wording import Wording, wording
from services.gateway.problems import language_of
from services.kit.context import may
from services.kit.settings import Settings
from services.lang import UNKNOWN

HTML = "text/html; charset=utf-8"
THEMES = ("light", "dark")
_VARY = "Accept-Language, Cookie, HX-Request, HX-Request-Type, Accept-Encoding"


@dataclass(frozen=True, slots=True)
class Undo:
    """The command that takes back what was just done: where to post it, and its fields."""

    address: str
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Toast:
    """A word on what happened. `kind`: good, info, warn or bad; a bad one stays until it is closed."""

    sentence: str
    params: Mapping[str, object] = field(default_factory=dict)
    kind: str = "good"
    undo: Undo | None = None


@dataclass(frozen=True, slots=True)
class _Page:
    """A template with its values, or one block of it."""

    template: str
    values: Mapping[str, Any]
    block: str | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


async def show(
    request: Request,
    template: str,
    *,
    status: int = 200,
    block: str | None = None,
    toasts: Iterable[Toast] = (),
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> Response:
    """The page; only its `block` where htmx asks for a part of the page it already shows.

    Toasts go along with either.
    """
    part = block if block and is_partial(request) else None
    shown = {"toasts": tuple(toasts), "ceremony": None, "here": "", "part": bool(part)} | values
    return await _answer(request, _Page(template, shown, part, status, headers or {}))


async def say_only(request: Request, *toasts: Toast, status: int = 200) -> Response:
    """An answer to htmx that changes nothing on the page but says something."""
    return await _answer(request, _Page("parts/toasts.html", {"toasts": toasts}, status=status))


async def dialog(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """An answer to htmx that opens a dialog over the page; the template extends parts/dialog.html."""
    return await _answer(request, _Page(template, {"toasts": ()} | values, status=status))


async def go(request: Request, where: str, *toasts: Toast) -> Response:
    """On to another page, with these toasts shown there (the script keeps them over the change of pages)."""
    if not is_htmx(request):
        return Response(None, 303, {"Location": where})
    response = await say_only(request, *toasts)
    response.headers["HX-Redirect"] = where
    return response


def is_htmx(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


def is_partial(request: Request) -> bool:
    """Whether htmx wants a part for the page that stands; it may also ask for a whole page to choose from."""
    return is_htmx(request) and request.headers.get("hx-request-type") != "full"


def theme_of(request: Request) -> str:
    """What was chosen on this browser, else what the account says; empty: as the system has it."""
    identity = getattr(request.state, "identity", None)
    chosen = request.cookies.get("khaimac_theme") or (identity and identity.theme)
    return chosen if chosen in THEMES else ""


def words_of(request: Request) -> Wording:
    settings: Settings = request.app.state.settings
    return wording(language_of(request), settings.clock)


@cache
def pages(words: Wording) -> Environment:
    """An environment per language, so that macros speak it without being handed anything."""
    made = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
    made.trim_blocks = made.lstrip_blocks = True
    made.globals |= {
        "_": words.say,
        "say": words.say,
        "language": words.language,
        "day": words.day,
        "day_short": words.day_short,
        "clock": words.clock,
        "moment": words.moment,
        "ago": words.ago,
        "number": words.number,
        "listed": words.listed,
        "unknown": UNKNOWN,
        "static": address,
        "can": may,
        "new_id": new_id,
    }
    made.globals["ui"] = made.get_template("parts/ui.html").module
    return made


async def _answer(request: Request, page: _Page) -> Response:
    words = words_of(request)
    known = {
        "identity": getattr(request.state, "identity", None),
        "theme": theme_of(request),
        "path": request.url.path,
        "status": page.status,
    }
    # Rendering thousands of rows takes a while: other requests go on meanwhile.
    html = await asyncio.to_thread(_render, words, page.template, page.block, known | dict(page.values))
    body, packing = await asyncio.to_thread(press, request, html.encode())
    told = {"Content-Language": words.language} | packing | {"Vary": _VARY} | dict(page.headers)
    return Response(body, page.status, told, media_type=HTML)


def _render(words: Wording, template: str, block: str | None, values: Mapping[str, Any]) -> str:
    page = pages(words).get_template(template)
    if block is None:
        return page.render(values)
    context = page.new_context(dict(values))
    part = "".join(page.blocks[block](context))
    return part + pages(words).get_template("parts/toasts.html").render(values)


def fragment(request: Request, template: str, **values: Any) -> Markup:
    """A piece of a page as text, to be put into another answer (an event of a stream, a mail)."""
    return Markup(_render(words_of(request), template, None, values))  # noqa: S704  # autoescaped by the template

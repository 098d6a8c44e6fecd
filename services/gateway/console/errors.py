"""Refusals as people meet them: a page in the frame, a toast for htmx; whoever wants JSON gets problem+json."""

from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from schemas.errors import Refusal
from services.gateway.console.frame import Toast, is_htmx, say_only, show
from services.gateway.problems import MOST_MEGABYTES, TITLES, again_after, answer_refusal, language_of, told
from services.gateway.refusals import BodyTooLarge, PlanRefused
from services.kit.context import caller
from services.lang.translate import translate

_MACHINES = ("/api/", "/health/", "/metrics", "/feeds/")
Handler = Callable[[Request, Any], Response | Awaitable[Response]]


class NoPage(Refusal):
    """There is no page at this address, or no longer. Begin at the start page, or search with Ctrl+K."""

    status = 404


class PageUnclear(Refusal):
    """This page cannot be shown as it was asked for. Go back and try again."""

    status = 400


def wants_page(request: Request) -> bool:
    """A person's browser, on a page of ours; the API answers everybody alike."""
    if request.url.path.startswith(_MACHINES):
        return False
    return is_htmx(request) or "text/html" in request.headers.get("accept", "")


async def answer(request: Request, refusal: Refusal) -> Response:
    """The refusal in the form that fits the request."""
    if not wants_page(request):
        return answer_refusal(request, refusal)
    wire = refusal.on_wire()
    if wire.status == HTTPStatus.UNAUTHORIZED and request.method == "GET" and not is_htmx(request):
        return RedirectResponse(f"/sign-in?next={quote(_where(request), safe='/')}", 303)
    if is_htmx(request):
        return await say_only(request, Toast(wire.sentence, wire.params, "bad"), status=wire.status)
    language = language_of(request)
    problems = refusal.problems if isinstance(refusal, PlanRefused) else ()
    return await show(
        request,
        "error.html",
        status=wire.status,
        headers=again_after(wire),
        heading=translate(TITLES.get(wire.status, TITLES[400]), {}, language),
        detail=translate(wire.sentence, wire.params, language),
        problems=[f"{one.where}: {one.text}" for one in (told(problem, language) for problem in problems)],
        correlation=caller().correlation,
    )


def answer_errors(app: FastAPI) -> None:
    """After answer_problems: whoever is no page is still answered by its handlers."""
    app.add_exception_handler(Refusal, _refusal)
    for kind in (RequestValidationError, HTTPException):
        app.add_exception_handler(kind, partial(_unclear, app.exception_handlers[kind]))


def _where(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


async def _refusal(request: Request, error: Exception) -> Response:
    if not isinstance(error, Refusal):
        raise error
    return await answer(request, error)


async def _unclear(machines: Handler, request: Request, error: Exception) -> Response:
    if not wants_page(request):
        answered = machines(request, error)
        return answered if isinstance(answered, Response) else await answered
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.BAD_REQUEST
    known: dict[int, Refusal] = {404: NoPage(), 413: BodyTooLarge(limit=MOST_MEGABYTES)}
    return await answer(request, known.get(status, PageUnclear()))

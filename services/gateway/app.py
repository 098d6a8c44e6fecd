"""The gateway put together: one application over one bus."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI

from services.gateway import console
from services.gateway.api import (
    answers,
    awards,
    ceremonies,
    documents,
    duplicates,
    feeds,
    guest_lists,
    guests,
    halls,
    health,
    history,
    invitations,
    openapi,
    parked,
    plans,
    precedence,
    privacy,
    releases,
    seating,
    stand_ins,
)
from services.gateway.console.errors import answer_errors
from services.gateway.counting import Requests
from services.gateway.edge import Edge
from services.gateway.entrance import enter
from services.gateway.guesses import Guesses
from services.gateway.live import Live
from services.gateway.problems import answer_problems
from services.gateway.provider import Provider
from services.gateway.serving import serving
from services.kit.bus import Bus
from services.kit.settings import Settings

VERSION = "1.0.0"  # of the API: grows with what it answers, by semantic versioning
TAGS = {
    "ceremonies": "Ceremonies and their running order.",
    "guests": "Guests in order of precedence.",
    "answers": "What guests answer, what is arranged for them, who comes in whose place.",
    "duplicates": "Guests who may be one person: told apart, or merged.",
    "seating": "Who sits where in a ceremony.",
    "halls": "Ready-made halls and those that the office drew.",
    "privacy": "All that is held of a person, its erasure, and how long it is kept.",
    "precedence": "The order of precedence explained, places by hand, what titles count as.",
    "guest lists": "Lists of any office brought into the guest list, and the list as a file.",
    "awards": "Award lines, gifts and flags, and the decisions they rest on.",
    "releases": "What was frozen: a release never changes.",
    "documents": "Programmes, lists, invitations to print.",
    "invitations": "Calendar invitations, one per guest.",
    "plans": "Plan folders: ceremony.yaml and spreadsheets.",
    "feeds": "The calendar of a ceremony to subscribe to.",
    "history": "Who changed what, and the heads of the audit trail.",
    "parked": "Events that failed, and another try.",
    "health": "Whether every part answers, and the numbers.",
}
_ROUTERS = (
    ceremonies,
    guest_lists,
    guests,
    duplicates,
    answers,
    stand_ins,
    seating,
    halls,
    privacy,
    precedence,
    awards,
    releases,
    documents,
    invitations,
    plans,
    feeds,
    history,
    parked,
    health,
    console,
)


def create_app(bus: Bus, settings: Settings) -> FastAPI:
    """Asks over this bus; keeps nothing but the counts of its requests."""
    app = FastAPI(
        title="Khai Mạc",
        version=VERSION,
        description="Plans official ceremonies: running order, guests, awards, documents and invitations.",
        openapi_url="/api/v1/openapi.json",
        openapi_tags=[{"name": name, "description": words} for name, words in TAGS.items()],
        docs_url=None,  # both load their pages from a CDN
        redoc_url=None,
        dependencies=[Depends(enter)],
        generate_unique_id_function=openapi.operation_id,
        form_limits={"max_files": plans.MOST_FILES, "max_fields": 100, "max_part_size": 64 * 1024},
    )
    app.state.bus, app.state.settings, app.state.requests, app.state.guesses = bus, settings, Requests(), Guesses()
    app.state.live, app.state.provider = Live(bus), Provider(settings)
    for resource in _ROUTERS:
        app.include_router(resource.router)
    answer_problems(app)
    answer_errors(app)
    app.add_middleware(Edge, bus=bus, settings=settings, requests=app.state.requests, guesses=app.state.guesses)
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]  # FastAPI's documented way
    return app


@asynccontextmanager
async def serve(bus: Bus, settings: Settings) -> AsyncIterator[str]:
    """Answers over HTTP for as long as the context is open; gives the real address, also for port 0."""
    app = create_app(bus, settings)
    async with serving(app, settings.http_host, settings.http_port, settings.trusted_proxies) as address:
        yield address
        app.state.live.close()

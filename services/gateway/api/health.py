"""/health and /metrics: whether we live, which part is not ready, and the numbers."""

import asyncio

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from schemas.errors import Refusal
from schemas.house import SERVICES, GetHealth, Health, health
from services.gateway.asking import TheBus
from services.gateway.counting import CONTENT_TYPE, exposition
from services.kit.bus import Bus

router = APIRouter(tags=["health"])
_SOON = 1.0  # seconds in which a service that is well answers


class Alive(BaseModel):
    alive: bool = True


class Ready(BaseModel):
    """`parts` says of nats and of each service whether it answers."""

    ready: bool
    parts: dict[str, bool]


@router.get("/health/live", summary="Whether this process answers")
async def live() -> Alive:
    return Alive()


@router.get(
    "/health/ready",
    summary="Whether every part answers",
    responses={503: {"model": Ready, "description": "Some part does not answer; `parts` says which."}},
)
async def ready(bus: TheBus, response: Response) -> Ready:
    healths = await ask_healths(bus)
    parts = {"nats": bus.connected} | {name: found is not None for name, found in healths.items()}
    if not all(parts.values()):
        response.status_code = 503
        response.headers["Retry-After"] = "2"
    return Ready(ready=all(parts.values()), parts=parts)


@router.get("/metrics", summary="Numbers for Prometheus", response_class=Response)
async def metrics(bus: TheBus, request: Request) -> Response:
    body = exposition(request.app.state.requests, await ask_healths(bus))
    return Response(body, media_type=CONTENT_TYPE)


async def ask_healths(bus: Bus) -> dict[str, Health | None]:
    """Of every service at once; None where it does not answer."""
    return dict(zip(SERVICES, await asyncio.gather(*(_health(bus, name) for name in SERVICES)), strict=True))


async def _health(bus: Bus, name: str) -> Health | None:
    try:
        return await bus.ask(health[name], GetHealth(), _SOON, as_house=True)
    except Refusal:
        return None

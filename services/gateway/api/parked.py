"""/api/v1/parked: events that a service put aside because they failed, and another try."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import BaseModel, Field

from schemas.envelope import Ask, Q, R, Strict
from schemas.errors import Unavailable
from schemas.house import SERVICES, ListParked, ParkedWork, Retried, RetryParked, list_parked, retry_parked
from services.gateway.api import examples
from services.gateway.asking import LONG, RequestId, TheBus
from services.kit.bus import Bus

router = APIRouter(prefix="/api/v1/parked", tags=["parked"])


class ParkedEverywhere(BaseModel):
    parked: tuple[ParkedWork, ...]
    unreachable: tuple[str, ...] = Field(description="Services that did not answer, so theirs are not here.")


class RetriedEverywhere(Retried):
    unreachable: tuple[str, ...]


class Retry(Strict):
    event_id: str | None = Field(None, description="One event; without it all of them.")


@router.get("", summary="List the parked events of all services")
async def list_parked_events(bus: TheBus) -> ParkedEverywhere:
    asked = await asyncio.gather(*(_or_none(bus, list_parked[name], ListParked(), 5) for name in SERVICES))
    works = [work for found in asked if found for work in found.parked]
    works.sort(key=lambda work: work.at)
    return ParkedEverywhere(parked=tuple(works), unreachable=_silent(asked))


@router.post("/retry", summary="Try one parked event again, or all")
async def retry_parked_events(
    bus: TheBus,
    request_id: RequestId,
    body: Annotated[Retry, Body(openapi_examples=examples.example({}, "All of them"))],
) -> RetriedEverywhere:
    command = RetryParked(request_id=request_id, event_id=body.event_id)
    asked = await asyncio.gather(*(_or_none(bus, retry_parked[name], command, LONG) for name in SERVICES))
    tried = [found for found in asked if found]
    return RetriedEverywhere(
        done=sum(found.done for found in tried),
        parked_again=sum(found.parked_again for found in tried),
        unreachable=_silent(asked),
    )


async def _or_none(bus: Bus, ask: Ask[Q, R], question: Q, within: float) -> R | None:
    try:
        return await bus.ask(ask, question, within)
    except Unavailable:
        return None


def _silent(asked: Sequence[BaseModel | None]) -> tuple[str, ...]:
    return tuple(name for name, found in zip(SERVICES, asked, strict=True) if found is None)

"""/api/v1/history: who changed what, of all services together; /api/v1/audit: the heads of their trails."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from schemas import audit, house, scheduling
from schemas.audit import AuditSeal, FindSeal
from schemas.envelope import Strict
from schemas.errors import NotFound, Unavailable
from schemas.house import SERVICES, AuditHead, GetAuditHead, HistoryEntry, ListHistory
from schemas.rights import require
from schemas.scheduling import FindCeremony
from services.gateway.asking import TheBus
from services.gateway.history import Wanted, read_cursor, read_history, written
from services.kit.bus import Bus
from services.kit.context import caller

router = APIRouter(prefix="/api/v1", tags=["history"])
_EVERYTHING = "all"
_SOON = 5.0  # seconds


class HistoryPage(BaseModel):
    """Newest first. The next page goes on where this one ended, whatever happens meanwhile."""

    entries: tuple[HistoryEntry, ...]
    next: str | None
    unreachable: tuple[str, ...] = Field(description="Services that did not answer, so theirs are not here.")


class AuditHeads(BaseModel):
    """The office's last seal, and how the trail of each service stands now."""

    seal: AuditSeal | None
    services: dict[str, AuditHead]
    unreachable: tuple[str, ...] = Field(description="Services that did not answer, so theirs are not here.")


class Asked(Strict):
    ceremony: str | None = Field(None, description="Id or code of a ceremony: only of it.", max_length=64)
    about: str | None = Field(
        None, description="Id of a ceremony, a guest, an award line, a user: only about it.", max_length=64
    )
    actor: str | None = Field(None, description="Id of a user: only what he did.", max_length=64)
    before: str = Field(
        "", description="Cursor: `next` of the page before.", pattern=r"^([a-z]+\.\d{1,18}(-|$))*$", max_length=300
    )
    limit: int = Field(50, ge=1, le=200)


@router.get("/history", summary="List who changed what, newest first")
async def list_history(bus: TheBus, asked: Annotated[Asked, Query()]) -> HistoryPage:
    """Whoever has a role for one ceremony sees the history of that one."""
    wanted = Wanted(
        ceremony_id=await _ceremony_id(bus, asked.ceremony),
        kind=_EVERYTHING,
        about=asked.about,
        actor=asked.actor,
        after=read_cursor(asked.before),
        limit=asked.limit,
    )
    found = await read_history(bus, wanted)
    following = written(found.after) if found.after else None
    return HistoryPage(entries=found.entries, next=following, unreachable=found.missing)


async def _ceremony_id(bus: Bus, which: str | None) -> str | None:
    """Of the ceremony by whose history the caller may go; None: he may see that of the whole office."""
    found = (await bus.ask(scheduling.find_ceremony, FindCeremony(which=which))).id if which else None
    require(caller(), "history.see", found)
    return found


@router.get("/history/{service}/{event}", summary="One change, with its values however long they are")
async def get_change(
    bus: TheBus,
    service: Annotated[str, Path(max_length=40, examples=["guests"])],
    event: Annotated[str, Path(description="`event_id` of the entry.", max_length=64)],
    ceremony: Annotated[str | None, Query(description="Id or code of its ceremony.", max_length=64)] = None,
) -> HistoryEntry:
    """Whoever has a role for one ceremony names it."""
    if service not in SERVICES:
        raise NotFound(what="service", which=service)
    question = ListHistory(ceremony_id=await _ceremony_id(bus, ceremony), event_id=event)
    found = await bus.ask(house.history[service], question)
    if not found.entries:
        raise NotFound(what="event", which=event)
    return found.entries[0]


@router.get("/audit/head", summary="The last seal of the audit trail, and its heads now")
async def get_audit_head(bus: TheBus) -> AuditHeads:
    """Note `seal.head` elsewhere: `khaimac audit verify --head` compares the trail with it."""
    last = await bus.ask(audit.find_seal, FindSeal())
    heads = await asyncio.gather(*(_head_or_none(bus, name) for name in SERVICES))
    known = {name: head for name, head in zip(SERVICES, heads, strict=True) if head}
    silent = tuple(name for name in SERVICES if name not in known)
    return AuditHeads(seal=last.seal, services=known, unreachable=silent)


async def _head_or_none(bus: Bus, name: str) -> AuditHead | None:
    try:
        return await bus.ask(house.audit_head[name], GetAuditHead(), _SOON)
    except Unavailable:
        return None

"""The audit trail: its head to note elsewhere, and whether it is still what it was then."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from schemas import audit
from schemas.audit import AuditSeal, FindSeal, read_head
from schemas.house import SERVICES, AuditCheck, VerifyAudit, verify_audit
from services.gateway.asking import TheBus
from services.gateway.console.administration.tabs import show_tab
from services.kit.bus import Bus

router = APIRouter(include_in_schema=False)
_LONG = 25  # seconds: shorter than the browser waits for one answer


@router.get("/administration/audit")
async def audit_page(request: Request, bus: TheBus) -> Response:
    last = await bus.ask(audit.find_seal, FindSeal())
    return await show_tab(request, "audit", "audit", last=last.seal, head="", checks=None, seal=None, misread=False)


@router.get("/administration/audit/check")
async def check(request: Request, bus: TheBus, head: Annotated[str, Query(max_length=400)] = "") -> Response:
    """Recompute the trail of every service, as far as a head that was noted if one is given."""
    plain = read_head(head)
    misread = bool(head.strip()) and plain is None
    seal = (await bus.ask(audit.find_seal, FindSeal(head=plain))).seal if plain else None
    checks = None if misread else await _checked(bus, seal)
    last = await bus.ask(audit.find_seal, FindSeal())
    return await show_tab(
        request,
        "audit",
        "audit",
        status=422 if misread else 200,
        block="found",
        last=last.seal,
        head=head,
        checks=checks,
        seal=seal,
        misread=misread,
    )


async def _checked(bus: Bus, seal: AuditSeal | None) -> dict[str, AuditCheck]:
    points = seal.points if seal else {}
    asked = (bus.ask(verify_audit[name], VerifyAudit(through=points.get(name)), _LONG) for name in SERVICES)
    return dict(zip(SERVICES, await asyncio.gather(*asked), strict=True))

"""How long a ceremony's contact data and papers are kept, what will be erased when, and who was erased."""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request, Response
from pydantic import ValidationError

from schemas import privacy
from schemas.privacy import Erasures, GetRetention, KeepFor, Keeping, ListErasures
from schemas.scheduling import Ceremony
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.forms import Sent, faults
from services.gateway.console.frame import Toast, go, show
from services.kit.bus import Bus
from services.kit.context import may

router = APIRouter(prefix="/ceremonies/{ceremony}/retention", include_in_schema=False)
Way = Literal["", "days", "until"]


class Said(Sent):
    """For each of the two: not at all, days after the ceremony, or a day."""

    version: int
    default: bool = False
    contacts: Way = ""
    contacts_days: str = ""
    contacts_until: str = ""
    papers: Way = ""
    papers_days: str = ""
    papers_until: str = ""

    def keeping(self) -> Keeping | None:
        if self.default:
            return None
        ways = {"contacts": self.contacts, "papers": self.papers}
        told = {f"{what}_{way}": getattr(self, f"{what}_{way}").strip() for what, way in ways.items() if way}
        return Keeping.model_validate(told)


@router.get("")
async def retention_page(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
    return await _shown(request, bus, ceremony)


@router.post("")
async def keep_for(request: Request, bus: TheBus, ceremony: TheCeremony, sent: Annotated[Said, Form()]) -> Response:
    try:
        keeping = sent.keeping()
    except ValidationError as wrong:
        return await _shown(request, bus, ceremony, status=422, errors=faults(request, wrong, {}), sent=sent)
    about: dict[str, Any] = {"ceremony_id": ceremony.id, "expected_version": sent.version, "keeping": keeping}
    await bus.ask(privacy.keep_for, KeepFor(request_id=sent.request_id, **about))
    return await go(request, str(request.url.path), Toast("How long things are kept is saved."))


async def _shown(
    request: Request, bus: Bus, ceremony: Ceremony, *, status: int = 200, errors: Any = None, sent: Said | None = None
) -> Response:
    now, erased = await asyncio.gather(
        bus.ask(privacy.get_retention, GetRetention(ceremony_id=ceremony.id)), _erasures(bus, ceremony)
    )
    return await show(
        request,
        "privacy/retention.html",
        status=status,
        ceremony=ceremony,
        here="guests",
        now=now,
        form=sent or _as_typed(now.keeping),
        erasures=erased.erasures,
        errors=errors or {},
    )


def _as_typed(keeping: Keeping) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for what in ("contacts", "papers"):
        days, until = getattr(keeping, f"{what}_days"), getattr(keeping, f"{what}_until")
        found[what] = "until" if until else "days" if days is not None else ""
        found |= {
            f"{what}_days": "" if days is None else str(days),
            f"{what}_until": until.isoformat() if until else "",
        }
    return found


async def _erasures(bus: Bus, ceremony: Ceremony) -> Erasures:
    if not may("people.held", ceremony.id):
        return Erasures(erasures=())
    return await bus.ask(privacy.list_erasures, ListErasures(ceremony_id=ceremony.id))

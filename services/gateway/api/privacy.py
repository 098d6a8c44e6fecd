"""/api/v1/…: all that is held of a person, erasing it, and how long it is kept."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from schemas import privacy
from schemas.envelope import Versioned
from schemas.privacy import (
    EraseFields,
    ErasePerson,
    Erasures,
    GetRetention,
    HeldOf,
    HeldReport,
    KeepFor,
    Keeping,
    ListErasures,
    ListRetentions,
    Retention,
    Retentions,
)
from services.gateway.api import examples
from services.gateway.api.guests import GuestId
from services.gateway.asking import LONG, Change, Make, TheBus, TheCeremony, at_version

router = APIRouter(prefix="/api/v1", tags=["privacy"])
_OF_GUEST = "/ceremonies/{ceremony}/guests/{guest}"
_WHY = examples.example({"reason": "The person asked for it", "invited_too": False}, "As the person asked")
_DAYS = examples.example({"contacts_days": 30, "papers_days": 3650}, "A month, and ten years")


@router.get(f"{_OF_GUEST}/held", summary="All that is held of the person that a guest is")
async def held(bus: TheBus, ceremony: TheCeremony, guest: GuestId) -> HeldReport:
    """On every list of the office, from every service; `silent` names those that did not answer. `stays` marks what
    an erasure leaves. The id of who is on the list no more finds what is left of him.
    """
    return await bus.ask(privacy.held, HeldOf(ceremony_id=ceremony.id, guest_id=guest), LONG)


@router.post(f"{_OF_GUEST}/erase", summary="Erase for good what is held of the person that a guest is")
async def erase(
    make: Make, ceremony: TheCeremony, guest: GuestId, body: Annotated[EraseFields, Body(openapi_examples=_WHY)]
) -> Erasures:
    """There is no way back. Guests has done so with the answer; `pending` names the services that still have to."""
    command = ErasePerson(request_id=make.request_id, ceremony_id=ceremony.id, guest_id=guest, **body.model_dump())
    return await make.bus.ask(privacy.erase_person, command, LONG)


@router.get("/erasures", summary="Who was erased, by whom, and which services have done so")
async def list_erasures(bus: TheBus, wanted: Annotated[ListErasures, Query()]) -> Erasures:
    return await bus.ask(privacy.list_erasures, wanted)


@router.get("/retentions", summary="What will be erased, and when")
async def list_retentions(bus: TheBus) -> Retentions:
    """Of every ceremony with a guest list; changes nothing."""
    return await bus.ask(privacy.list_retentions, ListRetentions(), LONG)


@router.get("/ceremonies/{ceremony}/retention", summary="How long contact data and papers are kept")
async def get_retention(bus: TheBus, ceremony: TheCeremony, response: Response) -> Retention:
    found = await bus.ask(privacy.get_retention, GetRetention(ceremony_id=ceremony.id))
    at_version(response, found.version)
    return found


@router.put("/ceremonies/{ceremony}/retention", summary="Say how long")
async def keep_for(
    change: Change, ceremony: TheCeremony, body: Annotated[Keeping | None, Body(openapi_examples=_DAYS)]
) -> Versioned:
    """`null`: as the installation does."""
    command = KeepFor(
        request_id=change.request_id, ceremony_id=ceremony.id, expected_version=change.version, keeping=body
    )
    return await change.commit(privacy.keep_for, command)

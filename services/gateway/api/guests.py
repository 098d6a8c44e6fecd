"""/api/v1/…/guests: the guests of a ceremony, in order of precedence."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Response

from schemas import guests
from schemas.envelope import Versioned
from schemas.guests import (
    AddGuest,
    ChangeGuest,
    GetGuest,
    Guest,
    GuestFields,
    GuestPage,
    ListGuests,
    RemoveGuest,
    WantedGuests,
)
from services.gateway.api import examples
from services.gateway.asking import Change, Make, MaybeVersion, TheBus, TheCeremony, at_version

router = APIRouter(prefix="/api/v1/ceremonies/{ceremony}/guests", tags=["guests"])
GuestId = Annotated[str, Path(max_length=64, description="Id of the guest.")]

NewGuest = Annotated[GuestFields, Body(openapi_examples=examples.example(examples.GUEST, "A person"))]


@router.get("", summary="List the guests in order of precedence")
async def list_guests(
    bus: TheBus,
    ceremony: TheCeremony,
    response: Response,
    wanted: Annotated[WantedGuests, Query()],
) -> GuestPage:
    page = await bus.ask(guests.list_guests, ListGuests(ceremony_id=ceremony.id, **wanted.model_dump()))
    at_version(response, page.version)
    return page


@router.post("", status_code=201, summary="Add a guest")
async def add_guest(make: Make, ceremony: TheCeremony, version: MaybeVersion, body: NewGuest) -> Versioned:
    """`If-Match` with the ETag of the list adds only to the list as it was read; without it, to whatever it is."""
    command = AddGuest(request_id=make.request_id, ceremony_id=ceremony.id, expected_version=version, guest=body)
    return await make.create(guests.add_guest, command, f"/api/v1/ceremonies/{ceremony.id}/guests")


@router.get("/{guest}", summary="A guest")
async def get_guest(bus: TheBus, ceremony: TheCeremony, guest: GuestId, response: Response) -> Guest:
    found = await bus.ask(guests.get_guest, GetGuest(ceremony_id=ceremony.id, guest_id=guest))
    at_version(response, found.version)
    return found


@router.put("/{guest}", summary="Replace what is said of a guest")
async def change_guest(change: Change, ceremony: TheCeremony, guest: GuestId, body: NewGuest) -> Versioned:
    command = ChangeGuest(
        request_id=change.request_id,
        ceremony_id=ceremony.id,
        guest_id=guest,
        expected_version=change.version,
        guest=body,
    )
    return await change.commit(guests.change_guest, command)


@router.delete("/{guest}", summary="Remove a guest from the ceremony")
async def remove_guest(change: Change, ceremony: TheCeremony, guest: GuestId) -> Versioned:
    command = RemoveGuest(
        request_id=change.request_id, ceremony_id=ceremony.id, guest_id=guest, expected_version=change.version
    )
    return await change.commit(guests.remove_guest, command)

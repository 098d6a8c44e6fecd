"""/api/v1/…/guests/{guest}/stand-in: somebody comes in the place of a guest."""

from typing import Annotated

from fastapi import APIRouter, Body

from schemas import stand_ins
from schemas.stand_ins import (
    AgreeStandIn,
    PreviewStandIn,
    StandIn,
    StandInEffect,
    StandInFields,
    StoodIn,
    WithdrawFields,
    WithdrawStandIn,
)
from services.gateway.api import examples
from services.gateway.api.guests import GuestId
from services.gateway.asking import LONG, Make, TheBus, TheCeremony, Version

router = APIRouter(prefix="/api/v1/ceremonies/{ceremony}/guests/{guest}/stand-in", tags=["answers"])
_WHO = examples.example({"person": examples.GUEST["person"], "duties": "move"}, "Somebody new")
_BACK = examples.example({"state": "accepted"}, "He comes after all")


@router.post("/preview", summary="What it would do if somebody came for a guest")
async def preview_stand_in(
    bus: TheBus, ceremony: TheCeremony, guest: GuestId, body: Annotated[StandInFields, Body(openapi_examples=_WHO)]
) -> StandInEffect:
    """Changes nothing: places in the order, duties, seat, papers, and what becomes of invitations."""
    said = {name: getattr(body, name) for name in StandInFields.model_fields}
    question = PreviewStandIn(ceremony_id=ceremony.id, guest_id=guest, **said)
    return await bus.ask(stand_ins.preview_stand_in, question, LONG)


@router.post("", status_code=201, summary="Somebody comes for a guest")
async def stand_in(
    make: Make,
    version: Version,
    ceremony: TheCeremony,
    guest: GuestId,
    body: Annotated[AgreeStandIn, Body(openapi_examples=_WHO)],
) -> StoodIn:
    """`If-Match` takes the ETag of the guest who does not come."""
    said = {name: getattr(body, name) for name in AgreeStandIn.model_fields}
    command = StandIn(
        request_id=make.request_id, ceremony_id=ceremony.id, guest_id=guest, expected_version=version, **said
    )
    return await make.bus.ask(stand_ins.stand_in, command, LONG)


@router.post("/withdraw", summary="He does not come for the guest after all")
async def withdraw_stand_in(
    make: Make,
    ceremony: TheCeremony,
    guest: GuestId,
    body: Annotated[WithdrawFields, Body(openapi_examples=_BACK)],
) -> StoodIn:
    command = WithdrawStandIn(
        request_id=make.request_id, ceremony_id=ceremony.id, guest_id=guest, **body.model_dump()
    )
    return await make.bus.ask(stand_ins.withdraw_stand_in, command, LONG)

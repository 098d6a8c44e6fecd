"""/api/v1/…/duplicates and …/guests/{guest}/merge: guests who may be one person, told apart or merged."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from schemas import duplicates
from schemas.duplicates import (
    Duplicates,
    ListDuplicates,
    Merged,
    MergeEffect,
    MergeFields,
    MergePeople,
    MergePeopleFields,
    PreviewMerge,
    TellApart,
    TellApartFields,
    ToldApart,
)
from services.gateway.api import examples
from services.gateway.api.guests import GuestId
from services.gateway.asking import LONG, Make, TheBus, TheCeremony, Version, at_version

router = APIRouter(prefix="/api/v1/ceremonies/{ceremony}", tags=["duplicates"])
_OTHER = {"other_id": "…", "take": {"posts": "both", "phone": "other"}}
_PREVIEW = examples.example(_OTHER, "Posts of both, the telephone of the other one")
_MERGE = examples.example({**_OTHER, "other_version": 1}, "Posts of both, the telephone of the other one")
_APART = examples.example({"guest_id": "…", "other_id": "…"}, "They are two people")


@router.get("/duplicates", summary="Guests who may be one person, with score and reasons")
async def list_duplicates(
    bus: TheBus,
    ceremony: TheCeremony,
    response: Response,
    skip: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=0, le=100)] = 20,
) -> Duplicates:
    """The most probable first, without those who were told apart. Of each field what both say and what would stay."""
    question = ListDuplicates(ceremony_id=ceremony.id, skip=skip, limit=limit)
    found = await bus.ask(duplicates.list_duplicates, question)
    at_version(response, found.version)
    return found


@router.post("/duplicates/apart", summary="Say that two guests are two people")
async def tell_apart(
    make: Make, ceremony: TheCeremony, body: Annotated[TellApartFields, Body(openapi_examples=_APART)]
) -> ToldApart:
    command = TellApart(request_id=make.request_id, ceremony_id=ceremony.id, **body.model_dump())
    return await make.bus.ask(duplicates.tell_apart, command)


@router.post("/guests/{guest}/merge/preview", summary="What it would do if another guest was merged into this one")
async def preview_merge(
    bus: TheBus, ceremony: TheCeremony, guest: GuestId, body: Annotated[MergeFields, Body(openapi_examples=_PREVIEW)]
) -> MergeEffect:
    """Changes nothing: fields, places in the order, seats, duties, and what becomes of the invitation."""
    question = PreviewMerge(ceremony_id=ceremony.id, guest_id=guest, **body.model_dump())
    return await bus.ask(duplicates.preview_merge, question, LONG)


@router.post("/guests/{guest}/merge", summary="Merge another guest into this one")
async def merge_people(
    make: Make,
    version: Version,
    ceremony: TheCeremony,
    guest: GuestId,
    body: Annotated[MergePeopleFields, Body(openapi_examples=_MERGE)],
) -> Merged:
    """`If-Match` takes the ETag of the guest who stays. `event_id` of the answer takes it back."""
    command = MergePeople(
        request_id=make.request_id,
        ceremony_id=ceremony.id,
        guest_id=guest,
        expected_version=version,
        **body.model_dump(),
    )
    return await make.bus.ask(duplicates.merge_people, command, LONG)

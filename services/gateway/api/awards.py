"""/api/v1/…/awards: award lines, gifts and flags, and the decisions they rest on."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from schemas import awards
from schemas.awards import (
    DecisionFields,
    LineFields,
    LinePage,
    ListLines,
    PutDecision,
    PutLine,
    RemoveDecision,
    RemoveLine,
    WantedLines,
)
from schemas.envelope import Versioned
from services.gateway.api import examples
from services.gateway.asking import Change, Key, TheBus, TheCeremony, at_version, same_key

router = APIRouter(prefix="/api/v1/ceremonies/{ceremony}/awards", tags=["awards"])


@router.get("", summary="List award lines and decisions")
async def list_awards(
    bus: TheBus,
    ceremony: TheCeremony,
    response: Response,
    wanted: Annotated[WantedLines, Query()],
) -> LinePage:
    page = await bus.ask(awards.list_lines, ListLines(ceremony_id=ceremony.id, **wanted.model_dump()))
    at_version(response, page.version)
    return page


@router.put("/decisions/{key}", summary="Add a decision, or replace it")
async def put_decision(
    change: Change,
    ceremony: TheCeremony,
    key: Key,
    body: Annotated[DecisionFields, Body(openapi_examples=examples.example(examples.DECISION, "A decision"))],
) -> Versioned:
    """`If-Match` takes the ETag of the list of awards."""
    same_key(key, body.key)
    command = PutDecision(
        request_id=change.request_id, ceremony_id=ceremony.id, expected_version=change.version, decision=body
    )
    return await change.commit(awards.put_decision, command)


@router.delete("/decisions/{key}", summary="Remove a decision that no line rests on")
async def remove_decision(change: Change, ceremony: TheCeremony, key: Key) -> Versioned:
    """`If-Match` takes the ETag of the list of awards."""
    command = RemoveDecision(
        request_id=change.request_id, ceremony_id=ceremony.id, expected_version=change.version, key=key
    )
    return await change.commit(awards.remove_decision, command)


@router.put("/lines/{key}", summary="Add an award line, or replace it")
async def put_line(
    change: Change,
    ceremony: TheCeremony,
    key: Key,
    body: Annotated[LineFields, Body(openapi_examples=examples.example(examples.LINE, "An award to a collective"))],
) -> Versioned:
    """`If-Match` takes the ETag of the list of awards."""
    same_key(key, body.key)
    command = PutLine(
        request_id=change.request_id,
        ceremony_id=ceremony.id,
        expected_version=change.version,
        profile=ceremony.profile,
        line=body,
    )
    return await change.commit(awards.put_line, command)


@router.delete("/lines/{key}", summary="Remove an award line")
async def remove_line(change: Change, ceremony: TheCeremony, key: Key) -> Versioned:
    """`If-Match` takes the ETag of the list of awards."""
    command = RemoveLine(
        request_id=change.request_id, ceremony_id=ceremony.id, expected_version=change.version, key=key
    )
    return await change.commit(awards.remove_line, command)

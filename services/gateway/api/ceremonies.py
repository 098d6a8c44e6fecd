"""/api/v1/ceremonies: ceremonies and their running order."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Body, Query, Response
from pydantic import Field

from schemas import scheduling
from schemas.envelope import Strict, Versioned
from schemas.scheduling import (
    AddItems,
    Ceremonies,
    Ceremony,
    CeremonyFields,
    ChangeCeremony,
    CreateCeremony,
    GetPart,
    ItemFields,
    ListCeremonies,
    Local,
    MoveCeremony,
    OrderItems,
    PutItem,
    RemoveItem,
    SchedulingPart,
)
from services.gateway.api import examples
from services.gateway.asking import Change, Key, Make, TheBus, TheCeremony, at_version, same_key

router = APIRouter(prefix="/api/v1/ceremonies", tags=["ceremonies"])
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]


class NewCeremony(Strict):
    code: Code
    ceremony: CeremonyFields


class NewItems(Strict):
    """They stand behind the item `after`, or at the beginning."""

    items: tuple[ItemFields, ...] = Field(min_length=1, max_length=300)
    after: str | None = Field(None, max_length=200)


class NewOrder(Strict):
    """Keys of all items that have a place, in their order; the others stand behind without one."""

    keys: tuple[Annotated[str, Field(max_length=200)], ...] = Field(max_length=5000)


class Move(Strict):
    """Either `minutes`, or the day and the start that are new."""

    minutes: int | None = None
    to_date: date | None = None
    to_start: Local = None


@router.get("", summary="List the ceremonies")
async def list_ceremonies(
    bus: TheBus,
    after: Annotated[str | None, Query(description="Cursor: `next` of the page before.", max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Ceremonies:
    return await bus.ask(scheduling.list_ceremonies, ListCeremonies(after=after, limit=limit))


@router.post("", status_code=201, summary="Create a ceremony")
async def create_ceremony(
    make: Make,
    body: Annotated[
        NewCeremony,
        Body(openapi_examples=examples.example({"code": "vi-du", "ceremony": examples.CEREMONY}, "A launch")),
    ],
) -> Versioned:
    command = CreateCeremony(request_id=make.request_id, code=body.code, ceremony=body.ceremony)
    return await make.create(scheduling.create_ceremony, command, "/api/v1/ceremonies")


@router.get("/{ceremony}", summary="A ceremony by its id or code")
async def get_ceremony(ceremony: TheCeremony, response: Response) -> Ceremony:
    at_version(response, ceremony.version)
    return ceremony


@router.put("/{ceremony}", summary="Replace what is said of a ceremony")
async def change_ceremony(
    change: Change,
    ceremony: TheCeremony,
    body: Annotated[CeremonyFields, Body(openapi_examples=examples.example(examples.CEREMONY, "A launch"))],
) -> Versioned:
    command = ChangeCeremony(
        request_id=change.request_id, ceremony_id=ceremony.id, expected_version=change.version, ceremony=body
    )
    return await change.commit(scheduling.change_ceremony, command)


@router.post("/{ceremony}/move", summary="Move a ceremony in time")
async def move_ceremony(
    change: Change,
    ceremony: TheCeremony,
    body: Annotated[Move, Body(openapi_examples=examples.example({"minutes": 30}, "Half an hour later"))],
) -> Versioned:
    command = MoveCeremony(
        request_id=change.request_id,
        ceremony_id=ceremony.id,
        expected_version=change.version,
        **body.model_dump(),
    )
    return await change.commit(scheduling.move_ceremony, command)


@router.get("/{ceremony}/part", summary="A ceremony with its running order, of the draft or of a release")
async def get_part(
    bus: TheBus,
    ceremony: TheCeremony,
    response: Response,
    release: Annotated[int | None, Query(ge=1, description="Number of a release; none: the draft.")] = None,
) -> SchedulingPart:
    part = await bus.ask(scheduling.get_part, GetPart(ceremony_id=ceremony.id, release=release))
    at_version(response, part.ceremony.version)
    return part


@router.put("/{ceremony}/items/{key}", summary="Add an item to the running order, or replace it")
async def put_item(
    change: Change,
    ceremony: TheCeremony,
    key: Key,
    body: Annotated[ItemFields, Body(openapi_examples=examples.example(examples.ITEM, "The first item"))],
) -> Versioned:
    """`If-Match` takes the ETag of the ceremony."""
    same_key(key, body.key)
    command = PutItem(
        request_id=change.request_id, ceremony_id=ceremony.id, expected_version=change.version, item=body
    )
    return await change.commit(scheduling.put_item, command)


@router.post("/{ceremony}/items", summary="Add several items to the running order, at a place")
async def add_items(
    change: Change,
    ceremony: TheCeremony,
    body: Annotated[
        NewItems,
        Body(openapi_examples=examples.example({"items": [examples.ITEM], "after": None}, "At the beginning")),
    ],
) -> Versioned:
    """`If-Match` takes the ETag of the ceremony. Items that have a place are numbered anew from 1."""
    command = AddItems(
        request_id=change.request_id,
        ceremony_id=ceremony.id,
        expected_version=change.version,
        items=body.items,
        after=body.after,
    )
    return await change.commit(scheduling.add_items, command)


@router.put("/{ceremony}/order", summary="Put the items of the running order into another order")
async def order_items(
    change: Change,
    ceremony: TheCeremony,
    body: Annotated[NewOrder, Body(openapi_examples=examples.example({"keys": ["opening"]}, "One item"))],
) -> Versioned:
    """`If-Match` takes the ETag of the ceremony."""
    command = OrderItems(
        request_id=change.request_id, ceremony_id=ceremony.id, expected_version=change.version, keys=body.keys
    )
    return await change.commit(scheduling.order_items, command)


@router.delete("/{ceremony}/items/{key}", summary="Remove an item from the running order")
async def remove_item(change: Change, ceremony: TheCeremony, key: Key) -> Versioned:
    """`If-Match` takes the ETag of the ceremony."""
    command = RemoveItem(
        request_id=change.request_id, ceremony_id=ceremony.id, expected_version=change.version, key=key
    )
    return await change.commit(scheduling.remove_item, command)

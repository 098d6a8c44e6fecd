"""Seats changed by hand on the page: one put somewhere or swapped, taken off, fixed; and the way back."""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request, Response
from pydantic import Field

from schemas import seating
from schemas.errors import NotFound
from schemas.halls import HallKey
from schemas.scheduling import Ceremony
from schemas.seating import ClearSeats, Filled, FixSeats, GetSeating, ListPlaced, PlaceId, PutGuest, TakeBackSeats
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.forms import Sent
from services.gateway.console.frame import Toast, dialog, show
from services.gateway.console.seats.page import LONG, plan_of, side_of, with_way_back
from services.gateway.problems import language_of
from services.kit.bus import Bus

router = APIRouter(include_in_schema=False)
_CHANGED = {"HX-Trigger": "km:seats"}


class Change(Sent):
    """What is done with one: put onto a place, as the drawing names it or typed as block, row and number; taken off;
    fixed or no longer. `hall`: the one that the page shows, whose changed seats are drawn anew.
    """

    do: Literal["put", "clear", "fix", "release"] = "put"
    guest: Annotated[str, Field(min_length=1, max_length=64)]
    nth: int = Field(0, ge=0)
    hall: HallKey | None = None
    place: PlaceId | None = None
    block: str | None = Field(None, max_length=60)
    row: str = Field("", max_length=12)
    number: str = Field("", max_length=12)

    def where(self) -> str:
        if self.place:
            return self.place
        typed = [self.block or "", self.row.strip().upper(), self.number.strip()]
        return "/".join(part for part in typed if part)


class Back(Sent):
    """`version` is the one that is taken back: nobody may have changed anything since."""

    version: int
    to_version: int


@router.get("/ceremonies/{ceremony}/seats/guest/{guest}")
async def seat_dialog(
    request: Request, bus: TheBus, ceremony: TheCeremony, guest: str, *, nth: int = 0, hall: str | None = None
) -> Response:
    """Where somebody sits, to be changed without a mouse."""
    short, found = await asyncio.gather(
        bus.ask(seating.get_seating, GetSeating(ceremony_id=ceremony.id), LONG),
        bus.ask(seating.list_placed, ListPlaced(ceremony_id=ceremony.id, guest_id=guest, nth=nth), LONG),
    )
    one = next(iter(found.heads), None)
    if one is None:
        raise NotFound(what="guest", which=guest)
    language, halls = language_of(request), {one.key: one.label for one in short.halls}
    choices = [
        (block.id, f"{halls[block.id.partition('/')[0]].say(language)} · {block.label.say(language)}")
        for block in short.blocks
    ]
    values: dict[str, Any] = {"ceremony": ceremony, "one": one, "hall": hall, "block_choices": choices}
    return await dialog(request, "seats/guest.html", typed=_typed(one.place), **values)


def _typed(place: str | None) -> tuple[str, str, str]:
    """Block, row and number of a place."""
    hall, block, row, number = [*(place or "").split("/"), "", "", ""][:4]
    return f"{hall}/{block}", row, number


@router.post("/ceremonies/{ceremony}/seats/put")
async def change_seat(
    request: Request, bus: TheBus, ceremony: TheCeremony, sent: Annotated[Change, Form()]
) -> Response:
    done, toast = await _done(bus, ceremony, sent)
    return await _drawn(request, bus, ceremony, done, toast=toast, hall=sent.hall)


async def _done(bus: Bus, ceremony: Ceremony, sent: Change) -> tuple[Filled, Toast]:
    about: dict[str, Any] = {"request_id": sent.request_id, "ceremony_id": ceremony.id}
    if sent.do == "put":
        where = sent.where()
        if not where:
            raise NotFound(what="seat", which="—")
        command = PutGuest(**about, guest_id=sent.guest, nth=sent.nth, place=where)
        done = await bus.ask(seating.put_guest, command, LONG)
        return done, _moved(ceremony, done, sent)
    if sent.do == "clear":
        done = await bus.ask(seating.clear_seats, ClearSeats(**about, guest_ids=(sent.guest,)), LONG)
        name = done.moves[0].name if done.moves else ""
        return done, with_way_back(ceremony, done.version, Toast("{name} has no seat now.", {"name": name}))
    fixed = sent.do == "fix"
    done = await bus.ask(seating.fix_seats, FixSeats(**about, guest_ids=(sent.guest,), fixed=fixed), LONG)
    if fixed:
        return done, with_way_back(ceremony, done.version, Toast("The seat is fixed: patterns leave it alone."))
    return done, with_way_back(ceremony, done.version, Toast("The seat is no longer fixed."))


@router.post("/ceremonies/{ceremony}/seats/back")
async def take_back(request: Request, bus: TheBus, ceremony: TheCeremony, sent: Annotated[Back, Form()]) -> Response:
    command = TakeBackSeats(
        request_id=sent.request_id,
        ceremony_id=ceremony.id,
        expected_version=sent.version,
        to_version=sent.to_version,
    )
    done = await bus.ask(seating.take_back_seats, command, LONG)
    toast = with_way_back(ceremony, done.version, Toast("Taken back."))
    return await show(request, "seats/changed.html", headers=_CHANGED, toasts=(toast,), ceremony=ceremony, plan=None)


def _moved(ceremony: Ceremony, done: Filled, sent: Change) -> Toast:
    found = next((one for one in done.moves if one.guest_id == sent.guest and one.nth == sent.nth), None)
    other = next((one for one in done.moves if one is not found), None)
    if found is None:
        return Toast("The guest sits there already.", kind="info")
    said = {"name": found.name, "seat": found.after or "—", "other": other.name if other else ""}
    if other is None:
        toast = Toast("{name}: {seat}.", said)
    elif other.after is None:
        toast = Toast("{name}: {seat}. {other} has no seat now.", said)
    else:
        toast = Toast("{name}: {seat}. {other}: {place}.", said | {"place": other.after})
    return with_way_back(ceremony, done.version, toast)


async def _drawn(
    request: Request, bus: Bus, ceremony: Ceremony, done: Filled, *, toast: Toast, hall: str | None
) -> Response:
    """The seats that changed, of the hall that is shown; what stands beside it; and a word."""
    plan = await plan_of(request, bus, ceremony, hall, done.places) if hall else None
    beside = await side_of(request, bus, ceremony, None)
    values: dict[str, Any] = {"ceremony": ceremony, "plan": plan, **beside}
    headers = {} if hall else _CHANGED
    return await show(request, "seats/changed.html", headers=headers, toasts=(toast,), **values)

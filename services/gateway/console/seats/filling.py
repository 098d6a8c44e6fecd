"""Seats filled by a pattern, or given anew with few moves: first shown, then done."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request, Response
from pydantic import Field

from schemas import seating
from schemas.scheduling import Ceremony
from schemas.seating import (
    BlockUse,
    FillSeats,
    GetSeating,
    PreviewFill,
    PreviewReseat,
    Reseat,
    SeatPattern,
    Who,
)
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.fields import profile_of
from services.gateway.console.forms import Sent
from services.gateway.console.frame import Toast, dialog, go, show, words_of
from services.gateway.console.seats.page import LONG, with_way_back
from services.plan.seats import WHY

router = APIRouter(include_in_schema=False)
Kind = Literal["", "centre_out", "rows", "serpentine"]


class Wish(Sent):
    """The form of the pattern; an empty choice is as the profile has it."""

    pattern: Kind = ""
    first_side: Literal["", "right", "left"] = ""
    even: Literal["", "pair_centre", "gap_centre"] = ""
    together: bool = False
    rostrum: int = Field(0, ge=0, le=500)
    keep: Literal["fixed", "all"] = "fixed"
    block: list[str] = Field([], max_length=600)
    who: list[Literal["", "anyone", "guests", "hosts", "persons", "groups", "nobody"]] = Field([], max_length=600)

    def asked(self) -> dict[str, Any]:
        pairs: list[tuple[str, Who]] = [(one, who) for one, who in zip(self.block, self.who, strict=False) if who]
        pattern = SeatPattern(
            pattern=self.pattern or None,
            first_side=self.first_side or None,
            even=self.even or None,
            together=self.together,
            rostrum=self.rostrum,
            uses=tuple(BlockUse(block=block, who=who) for block, who in pairs),
        )
        return {"pattern": pattern, "keep": self.keep}


class Again(Sent):
    """From which seats as few as possible move."""

    since: Literal["draft", "release"] = "draft"


@router.get("/ceremonies/{ceremony}/seats/fill")
async def fill_dialog(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
    short = await bus.ask(seating.get_seating, GetSeating(ceremony_id=ceremony.id), LONG)
    uses = {use.block: use.who for use in short.pattern.uses}
    values: dict[str, Any] = {"ceremony": ceremony, "short": short, "uses": uses, "rules": _rules(request, ceremony)}
    return await dialog(request, "seats/fill.html", **values)


@router.post("/ceremonies/{ceremony}/seats/fill/preview")
async def preview_fill(
    request: Request, bus: TheBus, ceremony: TheCeremony, wish: Annotated[Wish, Form()]
) -> Response:
    done = await bus.ask(seating.preview_fill, PreviewFill(ceremony_id=ceremony.id, **wish.asked()), LONG)
    return await show(request, "seats/preview.html", done=done, why=_why(request))


@router.post("/ceremonies/{ceremony}/seats/fill")
async def fill_seats(request: Request, bus: TheBus, ceremony: TheCeremony, wish: Annotated[Wish, Form()]) -> Response:
    command = FillSeats(request_id=wish.request_id, ceremony_id=ceremony.id, **wish.asked())
    done = await bus.ask(seating.fill_seats, command, LONG)
    counts = {"seated": done.seated, "unseated": done.unseated_count}
    toast = Toast("{seated} have a place, {unseated} have none.", counts)
    return await go(request, _page(ceremony), with_way_back(ceremony, done.version, toast))


@router.get("/ceremonies/{ceremony}/seats/reseat")
async def reseat_dialog(request: Request, ceremony: TheCeremony) -> Response:
    return await dialog(request, "seats/reseat.html", ceremony=ceremony)


@router.post("/ceremonies/{ceremony}/seats/reseat/preview")
async def preview_reseat(
    request: Request, bus: TheBus, ceremony: TheCeremony, wish: Annotated[Again, Form()]
) -> Response:
    question = PreviewReseat(ceremony_id=ceremony.id, since=wish.since)
    done = await bus.ask(seating.preview_reseat, question, LONG)
    return await show(request, "seats/preview.html", done=done, why=_why(request))


@router.post("/ceremonies/{ceremony}/seats/reseat")
async def reseat(request: Request, bus: TheBus, ceremony: TheCeremony, wish: Annotated[Again, Form()]) -> Response:
    command = Reseat(request_id=wish.request_id, ceremony_id=ceremony.id, since=wish.since)
    done = await bus.ask(seating.reseat, command, LONG)
    toast = Toast("{moved} moved, {new} newly seated.", {"moved": done.moved, "new": done.new})
    return await go(request, _page(ceremony), with_way_back(ceremony, done.version, toast))


def _page(ceremony: Ceremony) -> str:
    return f"/ceremonies/{ceremony.code}/seats"


def _why(request: Request) -> dict[str, str]:
    say = words_of(request).say
    return {code: say(sentence) for code, sentence in WHY.items()}


def _rules(request: Request, ceremony: Ceremony) -> dict[str, str]:
    """What the profile of the ceremony says where the form leaves a choice open."""
    say, found = words_of(request).say, profile_of(ceremony).seating
    kinds = {"centre_out": say("From the middle outwards"), "left_to_right": say("From one end to the other")}
    sides = {"right": say("The right hand"), "left": say("The left hand")}
    return {"pattern": kinds[found.pattern], "first_side": sides[found.first_side]}

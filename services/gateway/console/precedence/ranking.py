"""Titles that the profile does not know, settled in place: for the office, or for one guest."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from schemas import guests, precedence
from schemas.guests import GetGuest
from schemas.precedence import ForgetTitle, RankGuest, SettleTitle
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.forms import Sent, Typed
from services.gateway.console.frame import Toast, Undo, say_only
from services.gateway.console.precedence.page import AT

router = APIRouter(include_in_schema=False)
OFFICE = ""


class Said(Sent):
    """What a title counts as. `near`: one of those it resembles was taken, as level/bloc/class; else `cls` as
    bloc/class. `guest`: only this one; empty: everybody of the office.
    """

    title: Typed = ""
    organisation: Typed = ""
    level: Typed = ""
    cls: Typed = ""
    near: Typed = ""
    guest: Typed = OFFICE

    @property
    def counts(self) -> dict[str, str] | None:
        level, _, rest = self.near.partition("/") if self.near else (self.level, "", self.cls)
        bloc, _, cls = rest.partition("/")
        found = {"level": level or self.level, "bloc": bloc, "cls": cls}
        return found if all(found.values()) else None


class Taken(Sent):
    """What is taken back."""

    title_id: Typed = ""
    version: int = 0
    guest_id: Typed = ""
    title: Typed = ""


@router.post(f"{AT}/titles")
async def settle(request: Request, bus: TheBus, ceremony: TheCeremony, form: Annotated[Said, Form()]) -> Response:
    counts = form.counts
    if counts is None:
        return await say_only(request, Toast("Choose the level and the class first.", kind="warn"), status=422)
    title, back = {"title": form.title}, f"{AT.format(ceremony=ceremony.code)}/titles/forget"
    if form.guest == OFFICE:
        wanted = SettleTitle(
            request_id=form.request_id,
            profile=ceremony.profile,
            organisation=form.organisation or None,
            **title,
            **counts,
        )
        done = await bus.ask(precedence.settle_title, wanted)
        undo = Undo(back, {"title_id": done.id, "version": done.version})
        return await _done(request, Toast("“{title}” has its place in the whole office.", title, undo=undo))
    await _rank(bus, ceremony.id, form.guest, form.request_id, {**title, **counts})
    undo = Undo(back, {"guest_id": form.guest, **title})
    return await _done(request, Toast("“{title}” has its place for this guest.", title, undo=undo))


@router.post(f"{AT}/titles/forget")
async def forget(request: Request, bus: TheBus, ceremony: TheCeremony, form: Annotated[Taken, Form()]) -> Response:
    if form.guest_id:
        await _rank(bus, ceremony.id, form.guest_id, form.request_id, {"title": form.title})
    else:
        wanted = ForgetTitle(request_id=form.request_id, title_id=form.title_id, expected_version=form.version)
        await bus.ask(precedence.forget_title, wanted)
    return await _done(request, Toast("It is as it was before.", kind="info"))


async def _rank(bus: Any, ceremony_id: str, guest_id: str, request_id: str, said: dict[str, str]) -> None:
    now = await bus.ask(guests.get_guest, GetGuest(ceremony_id=ceremony_id, guest_id=guest_id))
    about = {"ceremony_id": ceremony_id, "guest_id": guest_id, "expected_version": now.version}
    command = RankGuest.model_validate({"request_id": request_id, **about, **said})
    await bus.ask(precedence.rank_guest, command)


async def _done(request: Request, toast: Toast) -> Response:
    response = await say_only(request, toast)
    response.headers["HX-Trigger"] = "km:guests"
    return response

"""The dialog “somebody comes in his place”: who it is, and the whole effect before it is confirmed."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Response
from pydantic import Field

from schemas import stand_ins
from schemas.answers import Through
from schemas.errors import Refused
from schemas.guests import PersonFields, Post
from schemas.stand_ins import PreviewStandIn, StandIn, StandInEffect, StandInFields, WithdrawStandIn
from services.gateway.asking import LONG
from services.gateway.console.answer_words import ways
from services.gateway.console.fields import profile_of
from services.gateway.console.forms import Sent, Typed
from services.gateway.console.frame import Toast, Undo, dialog, show, words_of
from services.gateway.console.guests.one import GuestAt, TheGuest
from services.gateway.console.guests.page import choices
from services.gateway.problems import language_of
from services.lang import clean

router = APIRouter(prefix="/ceremonies/{ceremony}/guests/{row}/stand-in", include_in_schema=False)
Back = Literal["", "accepted", "declined", "attended"]


class Named(Sent):
    """Who comes, as `parts/chooser.html` has it: a guest of the list, or a name with what is said of the person."""

    text: Typed = Field("", alias="who.text")
    guest: str = Field("", alias="who.guest", max_length=64)
    honorific: Typed = ""
    rank: Typed = ""
    post: Typed = ""
    organisation: Typed = ""
    email: Typed = ""
    phone: Typed = ""
    interim: bool = False
    duties: Literal["move", "leave"] = "move"
    through: Through = "phone"
    note: str = Field("", max_length=2000)

    def who(self) -> StandInFields | None:
        """None while nobody is named yet."""
        name = clean(self.text)
        if not name:
            return None
        if self.guest:
            return StandInFields(stand_in_id=self.guest, interim=self.interim, duties=self.duties)
        post = clean(self.post)
        person = PersonFields(
            name=name,
            posts=(Post(title=post, organisation=clean(self.organisation) or None),) if post else (),
            honorific=clean(self.honorific) or None,
            rank=clean(self.rank) or None,
            email=clean(self.email) or None,
            phone=clean(self.phone) or None,
        )
        return StandInFields(person=person, interim=self.interim, duties=self.duties)


class Withdrawn(Sent):
    state: Back = ""
    stays: Literal["", "true", "false"] = ""


@router.get("")
async def stand_in_dialog(at: TheGuest) -> Response:
    guest = await at.guest()
    other = await at.guest(guest.represented_by) if guest.represented_by else None
    given: dict[str, Any] = {"ceremony": at.ceremony, "guest": guest, "other": other}
    given |= {"choices": choices(at.request, at.ceremony), "throughs": ways(words_of(at.request))}
    return await dialog(at.request, "guests/stand_in.html", rule=profile_of(at.ceremony).substitution, **given)


@router.post("/preview")
async def preview(at: TheGuest, sent: Annotated[Named, Form()]) -> Response:
    """The effect below the form, while it is being filled in; or why it cannot be."""
    values: dict[str, Any] = {"effect": None, "trouble": None, "papers": (), "roles": {}}
    if who := sent.who():
        question = PreviewStandIn(ceremony_id=at.ceremony.id, guest_id=at.row, **_said(who))
        try:
            values |= _told(at, await at.bus.ask(stand_ins.preview_stand_in, question, LONG))
        except Refused as refused:
            values["trouble"] = words_of(at.request).say(refused.sentence, **refused.params)
    return await show(at.request, "guests/stand_in_effect.html", leaves=sent.duties == "leave", **values)


def _told(at: GuestAt, effect: StandInEffect) -> dict[str, Any]:
    profile, language = profile_of(at.ceremony), language_of(at.request)
    papers = [profile.documents[code].label.say(language) for code in effect.papers]
    roles = {code: label.say(language) for code, label in profile.roles.items()}
    return {"effect": effect, "papers": papers, "roles": roles}


@router.post("")
async def stand_in(at: TheGuest, sent: Annotated[Named, Form()]) -> Response:
    guest = await at.guest()
    said = _said(sent.who() or StandInFields()) | {"through": sent.through, "note": sent.note or None}
    about: dict[str, Any] = {"ceremony_id": at.ceremony.id, "guest_id": at.row, "expected_version": guest.version}
    done = await at.bus.ask(stand_ins.stand_in, StandIn(request_id=sent.request_id, **about, **said), LONG)
    other = await at.guest(done.stand_in_id)
    undo = Undo(f"{at.address}/stand-in/withdraw")
    return await at.say(Toast("{other} comes for {who}.", {"other": other.address, "who": guest.address}, undo=undo))


@router.post("/withdraw")
async def withdraw(at: TheGuest, sent: Annotated[Withdrawn, Form()]) -> Response:
    command = WithdrawStandIn(
        request_id=sent.request_id,
        ceremony_id=at.ceremony.id,
        guest_id=at.row,
        state=sent.state or None,
        stays=None if not sent.stays else sent.stays == "true",
    )
    await at.bus.ask(stand_ins.withdraw_stand_in, command, LONG)
    return await at.say(Toast("Nobody comes for {who} any more.", {"who": (await at.guest()).address}))


def _said(who: StandInFields) -> dict[str, Any]:
    return {name: getattr(who, name) for name in StandInFields.model_fields}

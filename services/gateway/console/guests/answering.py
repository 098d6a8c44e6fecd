"""The dialog of what a guest answered: state with its history, who comes along, what is to be arranged."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Response
from pydantic import Field

from schemas import accounts, answers
from schemas.answers import Arrange, Arrangements, CheckIn, GiveAnswers, State, Through
from schemas.envelope import Question
from schemas.errors import Refusal
from schemas.guests import Guest
from services.gateway.console.answer_words import SIGNS, need_words, state_words, through_words, ways
from services.gateway.console.fields import Fields, profile_of
from services.gateway.console.forms import Sent
from services.gateway.console.frame import Toast, Undo, dialog, words_of
from services.gateway.console.guests.one import GuestAt, TheGuest
from services.gateway.console.merging import (
    BLOCK,
    CODE,
    COUNT,
    LINE,
    Collision,
    Kind,
    Present,
    Rows,
    Thing,
    Unfit,
    Values,
    ask_which,
    attempt,
    dumped,
    id_of,
    read,
)
from services.kit.bus import Bus

router = APIRouter(prefix="/ceremonies/{ceremony}/guests/{row}", include_in_schema=False)
_SOON = 2.0  # seconds that a dialog waits for the names of who entered what
KINDS: dict[str, Kind] = {
    "plus_ones": Rows({"name": LINE, "note": LINE}, ("name",)),
    "plus_count": COUNT,
    "needs": Rows({"kind": CODE, "text": LINE}, ("kind",)),
    "contact.name": LINE,
    "contact.phone": LINE,
    "contact.email": LINE,
    "arrival.at": LINE,
    "arrival.vehicle": LINE,
    "arrival.note": BLOCK,
}
_INNER = ("contact", "arrival")


def flat(said: Arrangements, zone: ZoneInfo) -> Values:
    """One level of fields, as the form has them; moments by the clocks of the ceremony."""
    plain = said.model_dump(mode="json")
    inner = {
        f"{name}.{below}": each for name in ("contact", "arrival") for below, each in (plain[name] or {}).items()
    }
    at = said.arrival.at.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if said.arrival and said.arrival.at else None
    own = {name: plain[name] for name in ("plus_ones", "plus_count", "needs")}
    return dict.fromkeys(KINDS) | own | inner | {"arrival.at": at}


def whole(values: Values, zone: ZoneInfo) -> Arrangements:
    """The other way. ValidationError where a value cannot be."""
    inner: dict[str, dict[str, Any]] = {"contact": {}, "arrival": {}}
    for path, value in values.items():
        name, _, below = path.partition(".")
        if below and value is not None:
            inner[name][below] = value
    if "at" in inner["arrival"]:
        inner["arrival"]["at"] = _moment(inner["arrival"]["at"], zone)
    lists = {name: values.get(name) or () for name in ("plus_ones", "needs")}
    said = {"plus_count": values.get("plus_count"), **lists, **{name: each or None for name, each in inner.items()}}
    return Arrangements.model_validate(said)


def _moment(typed: str, zone: ZoneInfo) -> datetime | str:
    """On the clocks of the ceremony; what cannot be read stays as it is, and the model says so."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=zone)
    except ValueError:
        return typed


class Given(Sent):
    """The answer of the form; what is to be arranged stands beside it."""

    state: State
    through: Through = "desk"
    note: str = Field("", max_length=2000)


@router.get("/answer")
async def answer_dialog(at: TheGuest) -> Response:
    return await _dialog(at)


@router.post("/answer")
async def give_answer(at: TheGuest, given: Annotated[Given, Form()]) -> Response:
    """State and arrangements together: what of it changed."""
    form = await at.request.form()
    found = read(form, KINDS)
    try:
        change = await attempt(at.request, found, _thing(at, given.request_id), lambda path: path)
    except Collision as collision:
        return await ask_which(at.request, collision, _fields(at))
    except Unfit as wrong:
        return await _dialog(at, found.edit.mine, wrong.errors)
    command = GiveAnswers(
        request_id=f"{given.request_id[:58]}-state",
        ceremony_id=at.ceremony.id,
        guest_ids=(at.row,),
        **given.model_dump(include={"state", "through", "note"}),
    )
    done = await at.bus.ask(answers.give_answers, command)
    guest = await at.guest()
    back = Undo(f"{at.list_address}/several/take-back", {"event": done.event_id})
    undo = back if done.event_id else change.undo(f"{at.address}/arrangements")
    words = {"who": guest.address, "state": state_words(words_of(at.request))[guest.state]}
    return await at.say(Toast("{who}: {state}.", words, undo=undo))


@router.post("/arrangements")
async def set_back(at: TheGuest) -> Response:
    """What was arranged, taken back from the toast."""
    form = await at.request.form()
    try:
        await attempt(at.request, read(form, KINDS), _thing(at, id_of(form)), lambda path: path)
    except Collision as collision:
        return await ask_which(at.request, collision, _fields(at))
    return await at.say(Toast("It is as it was before."))


@router.post("/check-in")
async def check_in(at: TheGuest, sent: Annotated[Sent, Form()]) -> Response:
    command = CheckIn(request_id=sent.request_id, ceremony_id=at.ceremony.id, guest_ids=(at.row,))
    await at.bus.ask(answers.check_in, command)
    return await at.say(Toast("{who} is there.", {"who": (await at.guest()).address}))


def _fields(at: GuestAt) -> Fields:
    return Fields(words_of(at.request), profile_of(at.ceremony))


def _thing(at: GuestAt, request_id: str) -> Thing:
    zone = ZoneInfo(at.ceremony.timezone)

    async def load() -> Present:
        now = await at.answer()
        return Present(now.version, flat(now.arrangements, zone))

    async def save(version: int, values: Values) -> None:
        command = Arrange(
            request_id=request_id,
            ceremony_id=at.ceremony.id,
            guest_id=at.row,
            expected_version=version,
            arrangements=whole(values, zone),
        )
        await at.bus.ask(answers.arrange, command)

    return Thing(load, save)


async def _dialog(at: GuestAt, mine: Values | None = None, errors: Mapping[str, str] | None = None) -> Response:
    guest, answer, names = await asyncio.gather(at.guest(), at.answer(), _names(at.bus))
    values = flat(answer.arrangements, ZoneInfo(at.ceremony.timezone))
    words = words_of(at.request)
    states = state_words(words)
    given: dict[str, Any] = {
        "ceremony": at.ceremony,
        "guest": guest,
        "answer": answer,
        "values": {**values, **(mine or {})},
        "base": str((await at.request.form()).get("base", "")) if errors else dumped(values),
        "states": states,
        "following": [(state, states[state]) for state in (answer.state, *answer.following)],
        "throughs": ways(words),
        "ways": through_words(words),
        "needs": list(need_words(words).items()),
        "signs": SIGNS,
        "names": names,
        "other": await _other(at, guest),
        "errors": errors or {},
    }
    return await dialog(at.request, "guests/answer.html", status=422 if errors else 200, **given)


async def _other(at: GuestAt, guest: Guest) -> Guest | None:
    """Who comes for this one, or for whom this one comes."""
    other = guest.represented_by or guest.stands_in_for
    return await at.guest(other) if other else None


async def _names(bus: Bus) -> Mapping[str, str]:
    """Of colleagues, by id; the house asks, so that nobody needs a right to the history."""
    try:
        return (await bus.ask(accounts.list_names, Question(), _SOON, as_house=True)).names
    except Refusal:
        return {}

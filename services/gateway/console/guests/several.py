"""What is done to the chosen rows of the table together: answer, side and delegation, removal; and its way back."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request, Response
from pydantic import Field

from schemas import answers, guests
from schemas.answers import ChangeGuests, Done, GiveAnswers, RemoveGuests, State, TakeBack, Through
from schemas.errors import Refusal
from schemas.guests import ListGuests
from schemas.scheduling import Ceremony
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.answer_words import state_words, ways
from services.gateway.console.forms import Sent, Typed
from services.gateway.console.frame import Toast, Undo, dialog, say_only, words_of
from services.gateway.console.guests.page import Wanted, choices
from services.kit.bus import Bus

router = APIRouter(prefix="/ceremonies/{ceremony}/guests/several", include_in_schema=False)
_CHANGED = {"HX-Trigger": '{"km:guests": null, "km:chosen-done": null}'}
_PAGE = 1000
_PATIENCE = 60  # seconds: an import of ten thousand guests may be taken back
_NAMED = 3  # of those who were left out


class NobodyChosen(Refusal):
    """Nobody is chosen. Tick the guests that are meant, then do it again."""


class Chosen(Sent):
    """The rows that were ticked; `all`: all that fit the filter, which is sent along."""

    guest: list[str] = Field(default_factory=list, max_length=5000)
    all: bool = False
    q: str = Field("", max_length=200)
    side: Literal["", "guest", "host"] = ""
    which: Literal["", "unranked", "unreachable"] = ""
    state: State | Literal[""] = ""

    async def ids(self, bus: Bus, ceremony: Ceremony) -> tuple[str, ...]:
        found = await self._fitting(bus, ceremony) if self.all else tuple(self.guest)
        if not found:
            raise NobodyChosen
        return found

    async def _fitting(self, bus: Bus, ceremony: Ceremony) -> tuple[str, ...]:
        wanted = Wanted(q=self.q, side=self.side, which=self.which, state=self.state).question(ceremony.id)
        found, after = list[str](), None
        while True:
            page = await bus.ask(guests.list_guests, _page(wanted, after))
            found += [one.id for one in page.guests]
            if page.next is None:
                return tuple(found)
            after = page.next


def _page(wanted: ListGuests, after: str | None) -> ListGuests:
    return wanted.model_copy(update={"after": after, "limit": _PAGE})


class Answered(Chosen):
    new_state: State
    through: Through = "desk"
    note: str = Field("", max_length=2000)


class Same(Chosen):
    """`with_delegation`: it is to be set, be it to none."""

    new_side: Literal["", "guest", "host"] = ""
    delegation: Typed = ""
    with_delegation: bool = False


class Event(Sent):
    event: str = Field(max_length=64)


@router.get("/answer")
async def answer_dialog(request: Request, ceremony: TheCeremony) -> Response:
    words = words_of(request)
    states = [(code, said) for code, said in state_words(words).items() if code != "stand_in_agreed"]
    given: dict[str, Any] = {"ceremony": ceremony, "states": states, "throughs": ways(words)}
    return await dialog(request, "guests/several_answer.html", **given)


@router.post("/answer")
async def give_answers(
    request: Request, bus: TheBus, ceremony: TheCeremony, sent: Annotated[Answered, Form()]
) -> Response:
    command = GiveAnswers(
        request_id=sent.request_id,
        ceremony_id=ceremony.id,
        guest_ids=await sent.ids(bus, ceremony),
        state=sent.new_state,
        through=sent.through,
        note=sent.note or None,
        leave_out=True,
    )
    done = await bus.ask(answers.give_answers, command)
    state = state_words(words_of(request))[sent.new_state]
    count = words_of(request).number(done.changed)
    return await _tell(request, ceremony, done, Toast("{count} guests: {state}.", {"count": count, "state": state}))


@router.get("/same")
async def same_dialog(request: Request, ceremony: TheCeremony) -> Response:
    return await dialog(request, "guests/several_same.html", ceremony=ceremony, choices=choices(request, ceremony))


@router.post("/same")
async def change_guests(
    request: Request, bus: TheBus, ceremony: TheCeremony, sent: Annotated[Same, Form()]
) -> Response:
    command = ChangeGuests(
        request_id=sent.request_id,
        ceremony_id=ceremony.id,
        guest_ids=await sent.ids(bus, ceremony),
        side=sent.new_side or None,
        delegation=sent.delegation if sent.with_delegation or sent.delegation else None,
    )
    done = await bus.ask(answers.change_guests, command)
    count = words_of(request).number(done.changed)
    return await _tell(request, ceremony, done, Toast("{count} guests are changed.", {"count": count}))


@router.post("/remove")
async def remove_guests(
    request: Request, bus: TheBus, ceremony: TheCeremony, sent: Annotated[Chosen, Form()]
) -> Response:
    ids = await sent.ids(bus, ceremony)
    command = RemoveGuests(request_id=sent.request_id, ceremony_id=ceremony.id, guest_ids=ids)
    done = await bus.ask(answers.remove_guests, command)
    count = words_of(request).number(done.changed)
    return await _tell(request, ceremony, done, Toast("{count} guests are removed.", {"count": count}))


@router.post("/take-back")
async def take_back(request: Request, bus: TheBus, ceremony: TheCeremony, sent: Annotated[Event, Form()]) -> Response:
    command = TakeBack(request_id=sent.request_id, ceremony_id=ceremony.id, event_id=sent.event)
    done = await bus.ask(answers.take_back, command, _PATIENCE)
    count = words_of(request).number(done.changed)
    back = Toast("Taken back for {count} guests.", {"count": count})
    return await _tell(request, ceremony, done.model_copy(update={"event_id": None}), back)


async def _tell(request: Request, ceremony: Ceremony, done: Done, toast: Toast) -> Response:
    """What was done, with the way back; and in a second word who was left out and why."""
    words = words_of(request)
    back = Undo(f"/ceremonies/{ceremony.code}/guests/several/take-back", {"event": done.event_id or ""})
    toasts = [replace(toast, undo=back) if done.event_id else toast]
    if done.left_out:
        why = " ".join(words.say(one.sentence, **one.params) for one in done.left_out[:_NAMED])
        about = {"count": words.number(len(done.left_out)), "why": why}
        toasts.append(Toast("{count} guests stay as they are. {why}", about, "warn"))
    response = await say_only(request, *toasts)
    response.headers.update(_CHANGED)
    return response

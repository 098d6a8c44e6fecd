"""/api/v1/…/answers, …/check-in and what belongs to one guest: answers, arrangements, head counts, bulk changes."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Response

from schemas import answers
from schemas.answers import (
    Answer,
    AnswerFields,
    AnswersFields,
    Arrange,
    Arrangements,
    ChangeGuests,
    CheckIn,
    CheckInFields,
    ChooseCount,
    Done,
    DropCount,
    GetAnswer,
    GiveAnswers,
    HeadCountFields,
    KeepCount,
    RemoveGuests,
    SameFields,
    Several,
    TakeBack,
)
from schemas.envelope import Strict, Versioned
from services.gateway.api import examples
from services.gateway.api.guests import GuestId
from services.gateway.asking import Change, Make, TheBus, TheCeremony, at_version

router = APIRouter(prefix="/api/v1/ceremonies/{ceremony}", tags=["answers"])
EventId = Annotated[str, Path(max_length=64, description="`event_id` of what is taken back.")]
CountId = Annotated[str, Path(max_length=64, description="Id of the head count.")]
_PATIENCE = 60  # seconds: an import of ten thousand guests may be taken back

_ANSWER = examples.example({"state": "accepted", "through": "phone"}, "Accepted by phone")
_COUNT = examples.example({"count": 728, "kind": "actual", "as_of": "2024-07-01", "source": "Báo cáo"}, "Counted")
_NEEDS = {"plus_count": 1, "needs": [{"kind": "wheelchair"}], "arrival": {"vehicle": "65A-123.45"}}


class Chosen(Strict):
    count_id: str | None = None


@router.get("/guests/{guest}/answer", summary="What a guest answered, and how it came to that")
async def get_answer(bus: TheBus, ceremony: TheCeremony, guest: GuestId, response: Response) -> Answer:
    found = await bus.ask(answers.get_answer, GetAnswer(ceremony_id=ceremony.id, guest_id=guest))
    at_version(response, found.version)
    return found


@router.put("/guests/{guest}/answer", summary="Set what a guest answered")
async def give_answer(
    change: Change,
    ceremony: TheCeremony,
    guest: GuestId,
    body: Annotated[AnswerFields, Body(openapi_examples=_ANSWER)],
) -> Done:
    """`If-Match` takes the ETag of the guest or of the answer."""
    command = GiveAnswers(
        request_id=change.request_id,
        ceremony_id=ceremony.id,
        guest_ids=(guest,),
        expected_version=change.version,
        **body.model_dump(),
    )
    return await change.bus.ask(answers.give_answers, command)


@router.post("/answers", summary="Set the same answer of several guests")
async def give_answers(
    make: Make,
    ceremony: TheCeremony,
    body: Annotated[
        AnswersFields, Body(openapi_examples=examples.example({"guest_ids": ["…"], "state": "invited"}, "Invited"))
    ],
) -> Done:
    command = GiveAnswers(request_id=make.request_id, ceremony_id=ceremony.id, **body.model_dump())
    return await make.bus.ask(answers.give_answers, command)


@router.post("/check-in", summary="Set at the door who is there")
async def check_in(
    make: Make,
    ceremony: TheCeremony,
    body: Annotated[CheckInFields, Body(openapi_examples=examples.example({"guest_ids": ["…"]}, "One is there"))],
) -> Done:
    command = CheckIn(request_id=make.request_id, ceremony_id=ceremony.id, **body.model_dump())
    return await make.bus.ask(answers.check_in, command)


@router.put("/guests/{guest}/arrangements", summary="Replace what has to be arranged for a guest")
async def arrange(
    change: Change,
    ceremony: TheCeremony,
    guest: GuestId,
    body: Annotated[Arrangements, Body(openapi_examples=examples.example(_NEEDS, "A wheelchair"))],
) -> Versioned:
    command = Arrange(
        request_id=change.request_id,
        ceremony_id=ceremony.id,
        guest_id=guest,
        expected_version=change.version,
        arrangements=body,
    )
    return await change.commit(answers.arrange, command)


@router.post("/guests/{guest}/counts", status_code=201, summary="Keep one more head count of a group")
async def keep_count(
    make: Make, ceremony: TheCeremony, guest: GuestId, body: Annotated[HeadCountFields, Body(openapi_examples=_COUNT)]
) -> Versioned:
    command = KeepCount(request_id=make.request_id, ceremony_id=ceremony.id, guest_id=guest, count=body)
    return await make.commit(answers.keep_count, command)


@router.put("/guests/{guest}/counts/chosen", summary="Say which head count of a group prints")
async def choose_count(
    change: Change,
    ceremony: TheCeremony,
    guest: GuestId,
    body: Annotated[Chosen, Body(openapi_examples=examples.example({"count_id": None}, "The surest and latest"))],
) -> Versioned:
    command = ChooseCount(
        request_id=change.request_id,
        ceremony_id=ceremony.id,
        guest_id=guest,
        expected_version=change.version,
        count_id=body.count_id,
    )
    return await change.commit(answers.choose_count, command)


@router.delete("/guests/{guest}/counts/{count}", summary="Forget a head count of a group")
async def drop_count(change: Change, ceremony: TheCeremony, guest: GuestId, count: CountId) -> Versioned:
    command = DropCount(
        request_id=change.request_id,
        ceremony_id=ceremony.id,
        guest_id=guest,
        expected_version=change.version,
        count_id=count,
    )
    return await change.commit(answers.drop_count, command)


@router.post("/guest-changes", summary="Set the same side or delegation on several guests")
async def change_guests(
    make: Make,
    ceremony: TheCeremony,
    body: Annotated[
        SameFields, Body(openapi_examples=examples.example({"guest_ids": ["…"], "side": "host"}, "Of the hosts"))
    ],
) -> Done:
    command = ChangeGuests(request_id=make.request_id, ceremony_id=ceremony.id, **body.model_dump())
    return await make.bus.ask(answers.change_guests, command)


@router.post("/guest-removals", summary="Remove several guests from the ceremony")
async def remove_guests(
    make: Make,
    ceremony: TheCeremony,
    body: Annotated[Several, Body(openapi_examples=examples.example({"guest_ids": ["…"]}, "One guest"))],
) -> Done:
    command = RemoveGuests(request_id=make.request_id, ceremony_id=ceremony.id, guest_ids=body.guest_ids)
    return await make.bus.ask(answers.remove_guests, command)


@router.post("/guest-changes/{event}/take-back", summary="Take back what was done to several guests")
async def take_back(make: Make, ceremony: TheCeremony, event: EventId) -> Done:
    """Who was changed again since stays as he is, and is told of in `left_out`."""
    command = TakeBack(request_id=make.request_id, ceremony_id=ceremony.id, event_id=event)
    return await make.bus.ask(answers.take_back, command, _PATIENCE)

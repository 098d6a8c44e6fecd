"""The dialog of a group's head counts: what each source says, and which of them prints."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Response
from pydantic import ValidationError

from schemas import answers
from schemas.answers import ChooseCount, DropCount, HeadCountFields, KeepCount
from services.gateway.console.forms import Sent, faults
from services.gateway.console.frame import dialog
from services.gateway.console.guests.one import CHANGED, GuestAt, TheGuest
from services.gateway.console.guests.page import choices
from services.gateway.console.merging import COUNT, DAY, LINE, Kind, Unfit, Values, check, insist, read

router = APIRouter(prefix="/ceremonies/{ceremony}/guests/{row}/counts", include_in_schema=False)
CountId = Annotated[str, Query(max_length=64)]
_KINDS: dict[str, Kind] = {"count": COUNT, "kind": LINE, "as_of": DAY, "source": LINE}


@router.get("")
async def counts_dialog(at: TheGuest) -> Response:
    return await _dialog(at)


@router.post("")
async def keep_count(at: TheGuest, sent: Annotated[Sent, Form()]) -> Response:
    found = read(await at.request.form(), _KINDS)
    typed = dict(found.edit.mine)
    try:
        check(at.request, found)
        fields = HeadCountFields.model_validate(typed)
    except Unfit as unfit:
        return await _dialog(at, typed, unfit.errors)
    except ValidationError as wrong:
        return await _dialog(at, typed, faults(at.request, wrong, {}))
    about = {"ceremony_id": at.ceremony.id, "guest_id": at.row}
    await at.bus.ask(answers.keep_count, KeepCount(request_id=sent.request_id, count=fields, **about))
    return await _changed(at)


@router.post("/choose")
async def choose_count(at: TheGuest, sent: Annotated[Sent, Form()], count_id: CountId = "") -> Response:
    async def choose() -> None:
        command = ChooseCount(count_id=count_id or None, **await _over(at, sent))
        await at.bus.ask(answers.choose_count, command)

    await insist(choose)
    return await _changed(at)


@router.post("/drop")
async def drop_count(at: TheGuest, sent: Annotated[Sent, Form()], count_id: CountId) -> Response:
    async def drop() -> None:
        await at.bus.ask(answers.drop_count, DropCount(count_id=count_id, **await _over(at, sent)))

    await insist(drop)
    return await _changed(at)


async def _over(at: GuestAt, sent: Sent) -> dict[str, Any]:
    """What a command over the present version of the group says."""
    about = {"ceremony_id": at.ceremony.id, "guest_id": at.row, "expected_version": (await at.answer()).version}
    return {"request_id": sent.request_id, **about}


async def _changed(at: GuestAt) -> Response:
    response = await _dialog(at)
    response.headers.update(CHANGED)
    return response


async def _dialog(at: GuestAt, typed: Values | None = None, errors: Mapping[str, str] | None = None) -> Response:
    given: dict[str, Any] = {
        "ceremony": at.ceremony,
        "guest": await at.guest(),
        "counts": (await at.answer()).counts,
        "kinds": choices(at.request, at.ceremony).counts,
        "values": typed or {},
        "errors": errors or {},
    }
    return await dialog(at.request, "guests/counts.html", status=422 if errors else 200, **given)

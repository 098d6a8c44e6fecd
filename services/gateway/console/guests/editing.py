"""Guests added, changed in a cell or in a dialog, removed, put back."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from schemas import guests
from schemas.errors import Refused
from schemas.guests import AddGuest, ChangeGuest, Guest, GuestFields, RemoveGuest
from schemas.scheduling import Ceremony
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.frame import Toast, Undo, dialog, say_only
from services.gateway.console.guests.page import CHANGED, choices, fields_of, guest_of, show_row
from services.gateway.console.guests.shape import KINDS, NOTHING, flat, place, whole
from services.gateway.console.merging import (
    Collision,
    Present,
    Thing,
    Unfit,
    Values,
    ask_which,
    attempt,
    check,
    dumped,
    id_of,
    insist,
    parsed,
    read,
    unfit,
)
from services.kit.bus import Bus

router = APIRouter(include_in_schema=False)
GuestId = Annotated[str, Path(max_length=64)]
_GONE = 404


@router.get("/ceremonies/{ceremony}/guests/new")
async def new_guest(request: Request, ceremony: TheCeremony) -> Response:
    return await _dialog(request, ceremony, None, NOTHING)


@router.post("/ceremonies/{ceremony}/guests")
async def add_guest(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
    form = await request.form()
    found = read(form, KINDS)
    group = form.get("what") == "group"
    try:
        check(request, found)
        made = whole({**NOTHING, **found.edit.mine}, group=group)
    except (Unfit, ValidationError) as wrong:
        errors = (wrong if isinstance(wrong, Unfit) else unfit(request, wrong, place)).errors
        values = {**NOTHING, **found.edit.mine}
        return await _dialog(request, ceremony, None, values, errors=errors, group=group)
    return await _added(request, bus, ceremony, made, form)


@router.post("/ceremonies/{ceremony}/guests/restore")
async def restore_guest(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
    """Put back who was removed."""
    form = await request.form()
    try:
        made = GuestFields.model_validate(parsed(str(form.get("guest", ""))))
    except ValidationError as wrong:
        raise unfit(request, wrong, place).of_cell(fields_of(request, ceremony)) from None
    return await _added(request, bus, ceremony, made, form)


@router.get("/ceremonies/{ceremony}/guests/{guest}")
async def guest_dialog(request: Request, bus: TheBus, ceremony: TheCeremony, guest: GuestId) -> Response:
    one = await guest_of(bus, ceremony, guest)
    return await _dialog(request, ceremony, one, flat(one))


@router.post("/ceremonies/{ceremony}/guests/{guest}")
async def change_guest(request: Request, bus: TheBus, ceremony: TheCeremony, guest: GuestId) -> Response:
    form = await request.form()
    found = read(form, KINDS)
    try:
        change = await attempt(request, found, _thing(bus, ceremony, guest, id_of(form)), place)
    except Collision as collision:
        return await ask_which(request, collision, fields_of(request, ceremony))
    except Unfit as wrong:
        if "field" in form:
            raise wrong.of_cell(fields_of(request, ceremony)) from None
        one = await guest_of(bus, ceremony, guest)
        return await _dialog(request, ceremony, one, {**flat(one), **found.edit.mine}, errors=wrong.errors)
    one = await guest_of(bus, ceremony, guest)
    undo = change.undo(f"/ceremonies/{ceremony.code}/guests/{guest}")
    return await show_row(request, ceremony, one, Toast("{who} is changed.", {"who": one.address}, undo=undo))


@router.post("/ceremonies/{ceremony}/guests/{guest}/remove")
async def remove_guest(request: Request, bus: TheBus, ceremony: TheCeremony, guest: GuestId) -> Response:
    form = await request.form()

    async def remove() -> Guest:
        one = await guest_of(bus, ceremony, guest)
        command = RemoveGuest(
            request_id=id_of(form), ceremony_id=ceremony.id, guest_id=guest, expected_version=one.version
        )
        await bus.ask(guests.remove_guest, command)
        return one

    try:
        gone = await insist(remove)
    except Refused as refused:
        if refused.wire.status != _GONE:
            raise
        return await _said(request, Toast("It was removed already.", kind="info"))
    kept = GuestFields.model_validate(gone.model_dump(include=set(GuestFields.model_fields)))
    undo = Undo(f"/ceremonies/{ceremony.code}/guests/restore", {"guest": kept.model_dump_json()})
    return await _said(request, Toast("{who} is removed.", {"who": gone.address}, undo=undo))


def _thing(bus: Bus, ceremony: Ceremony, guest_id: str, request_id: str) -> Thing:
    known: dict[str, bool] = {}

    async def load() -> Present:
        one = await guest_of(bus, ceremony, guest_id)
        known["group"] = one.group is not None
        return Present(one.version, flat(one))

    async def save(version: int, values: Values) -> None:
        command = ChangeGuest(
            request_id=request_id,
            ceremony_id=ceremony.id,
            guest_id=guest_id,
            expected_version=version,
            guest=whole(values, group=known["group"]),
        )
        await bus.ask(guests.change_guest, command)

    return Thing(load, save)


async def _added(request: Request, bus: Bus, ceremony: Ceremony, guest: GuestFields, form: FormData) -> Response:
    """A form sent twice adds one: the service knows its id."""
    command = AddGuest(request_id=id_of(form), ceremony_id=ceremony.id, guest=guest)
    done = await bus.ask(guests.add_guest, command)
    one = await guest_of(bus, ceremony, done.id)
    undo = Undo(f"/ceremonies/{ceremony.code}/guests/{one.id}/remove")
    said = Toast("{who} is on the list.", {"who": one.address}, undo=undo)
    if one.position is None:
        said = Toast("{who} is on the list, but has no place in the order yet.", {"who": one.address}, "warn", undo)
    return await _said(request, said)


async def _said(request: Request, toast: Toast) -> Response:
    response = await say_only(request, toast)
    response.headers.update(CHANGED)
    return response


async def _dialog(
    request: Request,
    ceremony: Ceremony,
    guest: Guest | None,
    values: Values,
    *,
    errors: Mapping[str, str] | None = None,
    group: bool = False,
) -> Response:
    """The form of a guest, or of a new one, with what is wrong in it."""
    shown: dict[str, Any] = {
        "ceremony": ceremony,
        "guest": guest,
        "group": guest.group is not None if guest else group,
        "values": values,
        "base": dumped(flat(guest)) if guest else "",
        "errors": errors or {},
        "choices": choices(request, ceremony),
    }
    return await dialog(request, "guests/guest.html", status=422 if errors else 200, **shown)

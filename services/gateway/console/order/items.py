"""Items of the running order: added, changed in a cell or in a dialog, removed, put back."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import ValidationError

from schemas import scheduling
from schemas.errors import NotFound
from schemas.scheduling import Ceremony, Item, ItemFields, PutItem, RemoveItem, SchedulingPart
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.frame import Toast, Undo, dialog, say_only
from services.gateway.console.merging import (
    Collision,
    Present,
    Read,
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
from services.gateway.console.order.page import (
    CHANGED,
    KINDS,
    fields_of,
    item_of,
    part_of,
    show_row,
    values_of,
)
from services.gateway.console.order.shown import shown
from services.gateway.problems import language_of
from services.kit.bus import Bus
from services.plan.keys import slug

router = APIRouter(include_in_schema=False)
ItemId = Annotated[str, Path(max_length=64)]
_NOTHING: Values = dict.fromkeys(KINDS) | {"kind": "other", "roles": []}


@router.get("/ceremonies/{ceremony}/order/new")
async def new_item(
    request: Request, bus: TheBus, ceremony: TheCeremony, after: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    part = await part_of(bus, ceremony)
    return await _dialog(request, part, None, _NOTHING, after=after)


@router.post("/ceremonies/{ceremony}/order/items")
async def add_item(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
    form = await request.form()
    found, after = read(form, KINDS), str(form.get("after", ""))
    try:
        made = _made(request, found, id_of(form))
    except Unfit as wrong:
        part = await part_of(bus, ceremony)
        return await _dialog(request, part, None, {**_NOTHING, **found.edit.mine}, errors=wrong.errors, after=after)
    await _put(bus, ceremony, made, id_of(form))
    item = _of_key(await part_of(bus, ceremony), made.key)
    return await _said(request, Toast("“{title}” is added.", {"title": made.title}, undo=_removal(ceremony, item)))


@router.get("/ceremonies/{ceremony}/order/items/{item}")
async def item_dialog(request: Request, bus: TheBus, ceremony: TheCeremony, item: ItemId) -> Response:
    part = await part_of(bus, ceremony)
    one = item_of(part, item)
    return await _dialog(request, part, one, values_of(one))


@router.post("/ceremonies/{ceremony}/order/items/{item}")
async def change_item(request: Request, bus: TheBus, ceremony: TheCeremony, item: ItemId) -> Response:
    form = await request.form()
    found = read(form, KINDS)
    try:
        change = await attempt(request, found, _thing(bus, ceremony, item, id_of(form)))
    except Collision as collision:
        return await ask_which(request, collision, fields_of(request, ceremony))
    except Unfit as wrong:
        if "field" in form:
            raise wrong.of_cell(fields_of(request, ceremony)) from None
        part = await part_of(bus, ceremony)
        one = item_of(part, item)
        return await _dialog(request, part, one, {**values_of(one), **found.edit.mine}, errors=wrong.errors)
    part = await part_of(bus, ceremony)
    one = item_of(part, item)
    undo = change.undo(f"/ceremonies/{ceremony.code}/order/items/{item}")
    return await show_row(request, part, one, Toast("“{title}” is changed.", {"title": one.title}, undo=undo))


@router.post("/ceremonies/{ceremony}/order/items/{item}/remove")
async def remove_item(request: Request, bus: TheBus, ceremony: TheCeremony, item: ItemId) -> Response:
    form = await request.form()

    async def remove() -> Item | None:
        part = await part_of(bus, ceremony)
        one = next((one for one in part.items if one.id == item), None)
        if one:
            command = RemoveItem(
                request_id=id_of(form),
                ceremony_id=ceremony.id,
                expected_version=part.ceremony.version,
                key=one.key,
            )
            await bus.ask(scheduling.remove_item, command)
        return one

    gone = await insist(remove)
    if gone is None:
        return await _said(request, Toast("It was removed already.", kind="info"))
    undo = Undo(f"/ceremonies/{ceremony.code}/order/restore", {"item": dumped(gone.model_dump(mode="json"))})
    return await _said(request, Toast("“{title}” is removed.", {"title": gone.title}, undo=undo))


@router.post("/ceremonies/{ceremony}/order/restore")
async def restore_item(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
    """Put back what was removed, where it was."""
    form = await request.form()
    kept = parsed(str(form.get("item", "")))
    try:
        made = ItemFields.model_validate({name: value for name, value in kept.items() if name != "id"})
    except ValidationError as wrong:
        raise unfit(request, wrong).of_cell(fields_of(request, ceremony)) from None
    await _put(bus, ceremony, made, id_of(form))
    item = _of_key(await part_of(bus, ceremony), made.key)
    return await _said(request, Toast("“{title}” is back.", {"title": made.title}, undo=_removal(ceremony, item)))


def _thing(bus: Bus, ceremony: Ceremony, item_id: str, request_id: str) -> Thing:
    """All that is said of an item; it is saved over the version of its whole ceremony."""
    keys: dict[str, str] = {}

    async def load() -> Present:
        part = await part_of(bus, ceremony)
        item = item_of(part, item_id)
        keys[item_id] = item.key
        return Present(part.ceremony.version, values_of(item))

    async def save(version: int, values: Values) -> None:
        item = ItemFields.model_validate({**values, "key": keys[item_id]})
        await bus.ask(scheduling.put_item, _command(ceremony, version, item, request_id))

    return Thing(load, save)


def _command(ceremony: Ceremony, version: int, item: ItemFields, request_id: str) -> PutItem:
    return PutItem(request_id=request_id, ceremony_id=ceremony.id, expected_version=version, item=item)


def _made(request: Request, found: Read, request_id: str) -> ItemFields:
    """A new item. Its key comes from the form, so that a form sent twice makes one."""
    check(request, found)
    key = f"{slug(str(found.edit.mine.get('title') or 'item'))}-{request_id[-6:]}".lower()
    try:
        return ItemFields.model_validate({**found.edit.mine, "key": key})
    except ValidationError as wrong:
        raise unfit(request, wrong) from None


async def _put(bus: Bus, ceremony: Ceremony, item: ItemFields, request_id: str) -> None:
    async def put() -> None:
        part = await part_of(bus, ceremony)
        if all(one.key != item.key for one in part.items):
            await bus.ask(scheduling.put_item, _command(ceremony, part.ceremony.version, item, request_id))

    await insist(put)


def _of_key(part: SchedulingPart, key: str) -> Item:
    for item in part.items:
        if item.key == key:
            return item
    raise NotFound(what="item", which=key)


def _removal(ceremony: Ceremony, item: Item) -> Undo:
    return Undo(f"/ceremonies/{ceremony.code}/order/items/{item.id}/remove")


async def _said(request: Request, toast: Toast) -> Response:
    response = await say_only(request, toast)
    response.headers.update(CHANGED)
    return response


async def _dialog(
    request: Request,
    part: SchedulingPart,
    item: Item | None,
    values: Values,
    *,
    errors: Mapping[str, str] | None = None,
    after: str = "",
) -> Response:
    """The form of an item, or of a new one, with what is wrong in it."""
    return await dialog(
        request,
        "order/item.html",
        status=422 if errors else 200,
        ceremony=part.ceremony,
        item=item,
        values=values,
        base=dumped(values_of(item)) if item else "",
        errors=errors or {},
        after=after,
        found=shown(part, language_of(request)),
    )

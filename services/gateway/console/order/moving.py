"""A ceremony moved in time: by minutes, or to a day and hour; before it happens the page shows what would change."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from schemas import scheduling
from schemas.errors import Refused
from schemas.scheduling import Ceremony, CheckMove, FindCeremony, GetPart, MoveCeremony, MoveChecked, SchedulingPart
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.fields import Fields
from services.gateway.console.frame import Toast, Undo, dialog, say_only, show, words_of
from services.gateway.console.merging import CLOCK, DAY, SHIFT, Kind, Unfit, check, id_of, insist, read
from services.kit.bus import Bus

router = APIRouter(include_in_schema=False)
_KINDS: dict[str, Kind] = {"minutes": SHIFT, "to_date": DAY, "to_start": CLOCK}
_CHANGED = {"HX-Trigger": "km:scheduling"}


@router.get("/ceremonies/{ceremony}/move")
async def move_dialog(request: Request, ceremony: TheCeremony) -> Response:
    return await dialog(request, "order/move.html", ceremony=ceremony)


@router.post("/ceremonies/{ceremony}/move/preview")
async def preview_move(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
    """What would change, or why it cannot: in the place below the form, while it is being filled in."""
    values: dict[str, Any] = {"ceremony": ceremony, "before": None, "after": None, "trouble": None}
    try:
        wanted = _wanted(request, await request.form())
        if wanted:
            values["after"] = await _checked(bus, ceremony, wanted)
            values["before"] = await bus.ask(scheduling.get_part, GetPart(ceremony_id=ceremony.id))
    except Refused as refused:
        values["trouble"] = words_of(request).say(refused.sentence, **refused.params)
    except Unfit as wrong:
        values["trouble"] = next(iter(wrong.errors.values()))
    rows, changes = _rows(values["before"], values["after"]), _changes(request, values["before"], values["after"])
    return await show(request, "order/move_preview.html", rows=rows, changes=changes, **values)


@router.post("/ceremonies/{ceremony}/move")
async def move_ceremony(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
    form = await request.form()
    wanted = _wanted(request, form)

    async def move() -> Ceremony:
        now = await bus.ask(scheduling.find_ceremony, FindCeremony(which=ceremony.id))
        about: dict[str, Any] = {"ceremony_id": now.id, "expected_version": now.version}
        await bus.ask(scheduling.move_ceremony, MoveCeremony(request_id=id_of(form), **about, **wanted))
        return now

    before = await insist(move)
    response = await say_only(request, Toast("The ceremony is moved.", undo=_undo(before, wanted)))
    response.headers.update(_CHANGED)
    return response


def _wanted(request: Request, form: FormData) -> dict[str, Any]:
    """What was filled in, of the way that was chosen."""
    found = read(form, _KINDS)
    chosen = {"minutes"} if form.get("way") == "minutes" else {"to_date", "to_start"}
    check(request, found)
    return {name: value for name, value in found.edit.mine.items() if name in chosen and value is not None}


async def _checked(bus: Bus, ceremony: Ceremony, wanted: Mapping[str, Any]) -> MoveChecked:
    return await bus.ask(scheduling.check_move, CheckMove(ceremony_id=ceremony.id, **wanted))


def _undo(before: Ceremony, wanted: Mapping[str, Any]) -> Undo | None:
    """The move back; without one where a day or hour was not known before, for nothing moves to the unknown."""
    at = f"/ceremonies/{before.code}/move"
    if minutes := wanted.get("minutes"):
        return Undo(at, {"way": "minutes", "minutes": -minutes})
    back: dict[str, object] = {"way": "to"}
    for name, old in (("to_date", before.on), ("to_start", before.start)):
        if name in wanted and old is None:
            return None
        if name in wanted and old is not None:
            back[name] = old.isoformat()
    return Undo(at, back)


def _changes(
    request: Request, before: SchedulingPart | None, after: MoveChecked | None
) -> list[tuple[str, str, str]]:
    """What of the ceremony itself: name, old and new."""
    if before is None or after is None:
        return []
    fields = Fields(words_of(request))
    old, new = (
        one.model_dump(mode="json", include={"on", "start", "end"}) for one in (before.ceremony, after.ceremony)
    )
    return fields.differences(old, new)


def _rows(before: SchedulingPart | None, after: MoveChecked | None) -> list[tuple[str, time | None, time | None]]:
    """Title, old and new start of each item that moves."""
    if before is None or after is None:
        return []
    starts = {item.id: item.start for item in after.items}
    moved = ((item.title, item.start, starts.get(item.id)) for item in before.items)
    return [(title, old, new) for title, old, new in moved if old != new]

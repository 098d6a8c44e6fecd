"""A guest placed by hand: by dragging or by a dialog, either way with a reason; and put back."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from schemas import precedence
from schemas.errors import NotFound
from schemas.precedence import ExplainOrder, PlaceGuest, Position, ReturnGuest
from schemas.scheduling import Ceremony
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.forms import Sent, Typed
from services.gateway.console.frame import Toast, Undo, dialog, say_only
from services.gateway.console.precedence.page import AT
from services.kit.bus import Bus

router = APIRouter(include_in_schema=False)
_CHANGED = {"HX-Trigger": "km:guests"}


class Moved(Sent):
    """What a dragged row tells."""

    moved: Typed
    before: Typed = ""


class Place(Sent):
    """Where somebody is put and why. `asked`: the neighbour was chosen in the dialog, not by dragging."""

    before: Typed = ""
    reason: Typed = ""
    asked: bool = False


@router.post(f"{AT}/arrange")
async def ask_reason(
    request: Request, bus: TheBus, ceremony: TheCeremony, form: Annotated[Moved, Form()]
) -> Response:
    """A row was dragged: nothing is changed before somebody says why. The row goes back until then."""
    moved, before = await _both(bus, ceremony, form.moved, form.before)
    response = await _dialog(request, ceremony, moved, before, fixed=True)
    response.headers["HX-Reswap"] = "none"
    response.headers["HX-Trigger"] = "km:guests"
    return response


@router.get(f"{AT}/{{row}}/place")
async def place_dialog(request: Request, bus: TheBus, ceremony: TheCeremony, row: str) -> Response:
    moved, _ = await _both(bus, ceremony, row, "")
    return await _dialog(request, ceremony, moved, None, fixed=False)


@router.post(f"{AT}/{{row}}/place")
async def place_guest(
    request: Request, bus: TheBus, ceremony: TheCeremony, row: str, form: Annotated[Place, Form()]
) -> Response:
    typed = await request.form()
    chosen = str(typed.get("before.guest", "")) if form.asked else form.before
    moved, before = await _both(bus, ceremony, row, chosen)
    errors = {} if form.reason.strip() else {"reason": "missing"}
    if form.asked and not chosen and str(typed.get("before.text", "")).strip():
        errors["before"] = "unknown"
    if errors:
        return await _dialog(request, ceremony, moved, before, fixed=not form.asked, errors=errors, form=form)
    undo = await _way_back(bus, ceremony, moved)
    command = PlaceGuest(
        request_id=form.request_id, ceremony_id=ceremony.id, guest_id=row, before=chosen or None, reason=form.reason
    )
    await bus.ask(precedence.place_guest, command)
    return await _done(request, Toast("{who} is placed by hand.", {"who": moved.address}, undo=undo))


@router.post(f"{AT}/{{row}}/return")
async def return_guest(
    request: Request, bus: TheBus, ceremony: TheCeremony, row: str, form: Annotated[Sent, Form()]
) -> Response:
    moved, _ = await _both(bus, ceremony, row, "")
    undo = await _way_back(bus, ceremony, moved)
    command = ReturnGuest(request_id=form.request_id, ceremony_id=ceremony.id, guest_id=row)
    await bus.ask(precedence.return_guest, command)
    return await _done(request, Toast("{who} stands where the rules say.", {"who": moved.address}, undo=undo))


async def _done(request: Request, toast: Toast) -> Response:
    response = await say_only(request, toast)
    response.headers.update(_CHANGED)
    return response


async def _way_back(bus: Bus, ceremony: Ceremony, moved: Position) -> Undo:
    """To the place by hand that there was, else to that of the rules."""
    at = f"{AT.format(ceremony=ceremony.code)}/{moved.guest_id}"
    if moved.by_hand is None:
        return Undo(f"{at}/return")
    follower = await _follower(bus, ceremony, moved.guest_id)
    return Undo(f"{at}/place", {"before": follower, "reason": moved.by_hand.reason})


async def _follower(bus: Bus, ceremony: Ceremony, guest_id: str) -> str:
    """The id of who stands directly behind; empty: nobody."""
    question, last = ExplainOrder(ceremony_id=ceremony.id, limit=1000), ""
    while True:
        page = await bus.ask(precedence.explain, question, 30)
        for one in page.positions:
            if last == guest_id:
                return one.guest_id
            last = one.guest_id
        if page.next is None:
            return ""
        question = question.model_copy(update={"after": page.next})


async def _both(bus: Bus, ceremony: Ceremony, moved: str, before: str) -> tuple[Position, Position | None]:
    """The one that is moved, and who is to follow; NotFound if either is not on the list."""
    wanted = tuple(one for one in (moved, before) if one)
    question = ExplainOrder(ceremony_id=ceremony.id, guest_ids=wanted)
    found = {one.guest_id: one for one in (await bus.ask(precedence.explain, question, 30)).positions}
    for one in wanted:
        if one not in found:
            raise NotFound(what="guest", which=one)
    return found[moved], found.get(before)


async def _dialog(
    request: Request,
    ceremony: Ceremony,
    moved: Position,
    before: Position | None,
    *,
    fixed: bool,
    errors: dict[str, str] | None = None,
    form: Place | None = None,
) -> Response:
    values: dict[str, Any] = {"moved": moved, "before": before, "fixed": fixed, "ceremony": ceremony}
    values |= {
        "errors": errors or {},
        "reason": form.reason if form else moved.by_hand.reason if moved.by_hand else "",
    }
    return await dialog(request, "precedence/place.html", status=422 if errors else 200, **values)

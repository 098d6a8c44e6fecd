"""Work that failed and was put aside, in words, and another try of it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from schemas.house import ParkedWork
from services.gateway.api.parked import Retry, list_parked_events, retry_parked_events
from services.gateway.asking import TheBus
from services.gateway.console.administration.tabs import show_tab
from services.gateway.console.forms import Sent
from services.gateway.console.frame import Toast
from services.kit.bus import Bus

router = APIRouter(include_in_schema=False)


class Again(Sent):
    event_id: str = ""


@router.get("/administration/parked")
async def parked_page(request: Request, bus: TheBus) -> Response:
    return await _show(request, bus)


@router.post("/administration/parked/retry")
async def retry(request: Request, bus: TheBus, sent: Annotated[Again, Form()]) -> Response:
    """One, or all of them."""
    tried = await retry_parked_events(bus, sent.request_id, Retry(event_id=sent.event_id or None))
    said = [Toast("Done after all: {count}.", {"count": tried.done})] if tried.done else []
    if tried.parked_again:
        said.append(Toast("Failed again: {count}.", {"count": tried.parked_again}, "warn"))
    if not said:
        said.append(Toast("Nothing waits any more.", kind="info"))
    return await _show(request, bus, *said)


async def _show(request: Request, bus: Bus, *said: Toast) -> Response:
    found = await list_parked_events(bus)
    works = [(work, _why(work)) for work in found.parked]
    return await show_tab(
        request, "parked", "parked", block="rows", toasts=said, works=works, unreachable=found.unreachable
    )


def _why(work: ParkedWork) -> str:
    """What kind of failure: `away` passes by itself, `refused` asks for somebody's change, `fault` is ours."""
    kind = work.reason.partition(" ")[0]
    if (
        kind in {"Unavailable", "TimeoutError", "ConnectionError", "OperationalError"}
        or "(unavailable)" in work.reason
    ):
        return "away"
    return "refused" if "(" in work.reason and "(fault)" not in work.reason else "fault"

"""/live: an open page follows what others change, and sees who else is there."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse

from schemas import scheduling
from schemas.scheduling import FindCeremony
from services.gateway.asking import TheBus
from services.gateway.live import Live
from services.kit.context import caller

router = APIRouter(include_in_schema=False)


@router.get("/live")
async def live(
    request: Request,
    bus: TheBus,
    ceremony: Annotated[str | None, Query(max_length=64)] = None,
    where: Annotated[str, Query(max_length=40, pattern="^[a-z_-]*$")] = "",
    last_event_id: Annotated[str | None, Header(max_length=64)] = None,
) -> StreamingResponse:
    """One ceremony, or all that the caller may see."""
    found = await bus.ask(scheduling.find_ceremony, FindCeremony(which=ceremony)) if ceremony else None
    of: Live = request.app.state.live
    which = found.id if found else None
    lines = await of.lines(request.state.guest, caller(), which, where, again=last_event_id is not None)
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return StreamingResponse(lines, headers=headers, media_type="text/event-stream")

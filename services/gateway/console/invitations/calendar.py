"""The link of the ceremony's calendar, to subscribe to or to hand on."""

import segno
from fastapi import APIRouter, Request, Response

from services.gateway.api.feeds import get_feed
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.frame import dialog

router = APIRouter(include_in_schema=False)


@router.get("/ceremonies/{ceremony}/calendar")
async def calendar(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
    """The code holds the https address: phones offer to subscribe to it, and only few of them know webcal."""
    feed = await get_feed(bus, ceremony, request)
    code = segno.make(feed.url, error="m").svg_inline(border=0, omitsize=True)
    return await dialog(request, "invitations/calendar.html", ceremony=ceremony, feed=feed, code=code)

"""The page of a ceremony: how long it is until then, what is known, how far each part is, what is still open."""

from fastapi import APIRouter, Request, Response

from services.gateway.asking import TheBus, TheCeremony, TheSettings
from services.gateway.console.ceremony import differences, releasing
from services.gateway.console.ceremony.open_points import open_points
from services.gateway.console.countdown import countdown, days_until
from services.gateway.console.fields import Fields, profile_of
from services.gateway.console.frame import show, words_of
from services.gateway.console.glance import glance

router = APIRouter(include_in_schema=False)
router.include_router(releasing.router)
router.include_router(differences.router)


@router.get("/ceremonies/{ceremony}")
async def overview(request: Request, bus: TheBus, settings: TheSettings, ceremony: TheCeremony) -> Response:
    seen = await glance(bus, ceremony)
    words = words_of(request)
    days = days_until(ceremony, settings.now())
    return await show(
        request,
        "ceremony/ceremony.html",
        block="inside",
        ceremony=ceremony,
        here="overview",
        seen=seen,
        days=days,
        countdown=countdown(days, words),
        fields=Fields(words, profile_of(ceremony)),
        points=open_points(seen, words),
    )

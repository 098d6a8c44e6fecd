"""How every service does, its numbers in words."""

from fastapi import APIRouter, Request, Response

from services.gateway.api.health import ask_healths
from services.gateway.asking import TheBus
from services.gateway.console.administration.tabs import show_tab

router = APIRouter(include_in_schema=False)


@router.get("/administration/health")
async def health_page(request: Request, bus: TheBus) -> Response:
    healths = await ask_healths(bus)
    return await show_tab(request, "health", "health", block="parts", healths=healths, connected=bus.connected)

"""The console: pages for people, in one frame. Its own modules hold the look; each page is a module beside them."""

from fastapi import APIRouter

from services.gateway.console import (
    account,
    administration,
    door,
    guests,
    history,
    home,
    live,
    order,
    provider_door,
    static,
    styleguide,
)

router = APIRouter(include_in_schema=False)
for page in (static, door, provider_door, live, styleguide, account, administration, history, order, guests, home):
    router.include_router(page.router)

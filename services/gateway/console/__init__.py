"""The console: pages for people, in one frame. Its own modules hold the look; each page is a module beside them."""

from fastapi import APIRouter

from services.gateway.console import account, door, history, live, order, provider_door, start, static, styleguide

router = APIRouter(include_in_schema=False)
for page in (static, door, provider_door, live, start, styleguide, account, history, order):
    router.include_router(page.router)

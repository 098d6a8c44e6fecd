"""Who sits where: halls drawn, filled by a pattern, changed by hand; a list of seats, lists by door, cards."""

from fastapi import APIRouter

from services.gateway.console.seats import changing, filling, halls, lists, page

router = APIRouter(include_in_schema=False)
for part in (page, changing, filling, halls, lists):
    router.include_router(part.router)

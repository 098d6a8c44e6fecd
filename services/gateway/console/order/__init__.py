"""The running order of a ceremony: its table, edited in place, the move in time, and the ceremony's own fields."""

from fastapi import APIRouter

from services.gateway.console.order import ceremony, items, moving, page

router = APIRouter(include_in_schema=False)
for part in (page, items, moving, ceremony):
    router.include_router(part.router)

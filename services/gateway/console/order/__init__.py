"""The running order of a ceremony: its table, edited in place, and the dialogs of its items."""

from fastapi import APIRouter

from services.gateway.console.order import items, page

router = APIRouter(include_in_schema=False)
for part in (page, items):
    router.include_router(part.router)

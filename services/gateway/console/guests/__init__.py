"""The guests of a ceremony: a table in order of precedence, edited in place, and the dialog of a guest."""

from fastapi import APIRouter

from services.gateway.console.guests import choosing, editing, page

router = APIRouter(include_in_schema=False)
for part in (page, choosing, editing):
    router.include_router(part.router)

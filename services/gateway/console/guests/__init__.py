"""The guests of a ceremony: a table in order of precedence, edited in place, and the dialogs of a guest."""

from fastapi import APIRouter

from services.gateway.console.guests import (
    answering,
    choosing,
    counts,
    duplicates,
    editing,
    lists,
    page,
    several,
    standing_in,
)

router = APIRouter(include_in_schema=False)
for part in (page, choosing, lists, duplicates, several, answering, counts, standing_in, editing):
    router.include_router(part.router)
router.include_router(duplicates.of_two)

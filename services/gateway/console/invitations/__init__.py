"""The invitations of a ceremony: who has which, what calendars will show, and the calendar's link."""

from fastapi import APIRouter

from services.gateway.console.invitations import calendar, page, preview

router = APIRouter(include_in_schema=False)
for part in (page, preview, calendar):
    router.include_router(part.router)

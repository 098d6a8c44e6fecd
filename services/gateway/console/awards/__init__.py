"""Decisions and award lines of a ceremony, which are secret until they are read out: tables and dialogs."""

from fastapi import APIRouter

from services.gateway.console.awards import decisions, lines, page

router = APIRouter(include_in_schema=False)
for part in (page, decisions, lines):
    router.include_router(part.router)

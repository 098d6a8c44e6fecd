"""The console: pages for people, in one frame. Its own modules hold the look; each page is a module beside them."""

from fastapi import APIRouter

from services.gateway.console import (
    account,
    administration,
    awards,
    ceremony,
    documents,
    door,
    guests,
    history,
    home,
    imports,
    invitations,
    live,
    order,
    palette,
    precedence,
    privacy,
    provider_door,
    releases,
    seats,
    static,
    styleguide,
)

router = APIRouter(include_in_schema=False)
for page in (
    static,
    door,
    provider_door,
    live,
    styleguide,
    account,
    administration,
    awards,
    history,
    order,
    seats,
    privacy,
    precedence,  # before the guests: a guest's own page would take its addresses
    guests,
    home,
    imports,
    invitations,
    documents,
    ceremony,
    releases,
    palette,
):
    router.include_router(page.router)

"""/administration: accounts and roles of the office, failed work, and how the installation does."""

from fastapi import APIRouter

from services.gateway.console.administration import audit, health, links, office, parked, roles, settings, user, users

router = APIRouter(include_in_schema=False)
for page in (users, user, links, roles, office, parked, health, settings, audit):
    router.include_router(page.router)

"""People's data in the console: all that is held of somebody, erasing it, and how long it is kept."""

from fastapi import APIRouter

from services.gateway.console.privacy import held, keeping

router = APIRouter(include_in_schema=False)
for part in (held, keeping):
    router.include_router(part.router)

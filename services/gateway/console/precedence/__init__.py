"""The order of precedence in the browser: reasons, places by hand, what needs ranking, what follows from it."""

from fastapi import APIRouter

from services.gateway.console.precedence import page, placing, ranking

router = APIRouter(include_in_schema=False)
for part in (page, placing, ranking):
    router.include_router(part.router)

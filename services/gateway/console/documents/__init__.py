"""The documents of a ceremony, of the draft and of each release: a gallery, and a dialog to leaf through one."""

from fastapi import APIRouter

from services.gateway.console.documents import page, preview

router = APIRouter(include_in_schema=False)
for part in (page, preview):
    router.include_router(part.router)

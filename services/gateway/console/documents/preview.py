"""Leafing through a document: all its pages as pictures."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from schemas.errors import NotFound
from schemas.program import Document
from schemas.scheduling import Ceremony
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.documents.page import listed
from services.gateway.console.frame import dialog
from services.kit.bus import Bus

router = APIRouter(include_in_schema=False)
_MOST = 100  # pages that are shown; the rest stands in the file


@router.get("/ceremonies/{ceremony}/documents/{content}")
async def preview(
    request: Request,
    bus: TheBus,
    ceremony: TheCeremony,
    content: Annotated[str, Path(pattern="^[0-9a-f]{64}$")],
    release: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    paper = await _find(bus, ceremony, release, content)
    pages = range(1, min(paper.pages or 1, _MOST) + 1)
    return await dialog(request, "documents/preview.html", ceremony=ceremony, paper=paper, pages=pages)


async def _find(bus: Bus, ceremony: Ceremony, release: int, content: str) -> Document:
    """Those for one guest each are many, and looked through only where it is none of the others."""
    for guests in (False, True):
        papers = (await listed(bus, ceremony, release, guests=guests)).documents
        if found := next((one for one in papers if one.content == content), None):
            return found
    raise NotFound(what="document with the content", which=content)

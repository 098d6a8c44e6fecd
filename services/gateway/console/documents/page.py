"""The gallery: every document with its first page and how it stands; those made per guest by name."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from schemas import program
from schemas.errors import NotFound
from schemas.program import Document, Documents, ListDocuments
from schemas.scheduling import Ceremony
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.frame import dialog, is_htmx, show
from services.kit.bus import Bus
from services.lang import find_key, find_words, is_found

router = APIRouter(include_in_schema=False)
_NAMES = 100  # of guests that the dialog shows at once
OfRelease = Annotated[int | None, Query(ge=0)]  # 0: of the draft


@router.get("/ceremonies/{ceremony}/documents")
async def documents_page(request: Request, bus: TheBus, ceremony: TheCeremony, release: OfRelease = None) -> Response:
    wanted = _standing(ceremony) if release is None else release
    found = await listed(bus, ceremony, wanted)
    papers = [one for one in found.documents if one.guest_id is None]
    return await show(
        request,
        "documents/documents.html",
        block="papers",
        here="documents",
        ceremony=ceremony,
        release=wanted,
        papers=papers,
        complete=found.complete,
        ready=_in_state(papers, "ready"),
        failed=_in_state(papers, "failed"),
    )


@router.get("/ceremonies/{ceremony}/documents/guests")
async def guests_documents(
    request: Request,
    bus: TheBus,
    ceremony: TheCeremony,
    release: Annotated[int, Query(ge=0)] = 0,
    q: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Those made for one guest each, by name; the dialog at first, then only what fits the filter."""
    found = [one for one in (await listed(bus, ceremony, release, guests=True)).documents if one.guest_id]
    words = find_words(q or "")
    fitting = [one for one in found if is_found(words, find_key(one.title))]
    values: dict[str, Any] = {
        "ceremony": ceremony,
        "release": release,
        "papers": fitting[:_NAMES],
        "fitting": len(fitting),
        "total": len(found),
        "q": q or "",
    }
    if q is not None and is_htmx(request):
        return await show(request, "documents/names.html", **values)
    return await dialog(request, "documents/guests.html", **values)


async def listed(bus: Bus, ceremony: Ceremony, release: int, *, guests: bool = False) -> Documents:
    if release > ceremony.release:
        raise NotFound(what="release", which=release)
    question = ListDocuments(ceremony_id=ceremony.id, release=release or None, guests=guests)
    return await bus.ask(program.list_documents, question)


def _standing(ceremony: Ceremony) -> int:
    """The release, as long as nothing was changed since; else the draft."""
    return ceremony.release if ceremony.released_version == ceremony.version else 0


def _in_state(papers: Sequence[Document], state: str) -> int:
    return sum(one.state == state for one in papers)

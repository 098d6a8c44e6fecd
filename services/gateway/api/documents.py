"""/api/v1/…/documents: the papers of a ceremony, and their bytes."""

from base64 import b64decode
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from schemas import program
from schemas.program import Content, Documents, ListDocuments, ReadContent
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.downloads import disposition, has_already
from services.kit.bus import Bus

router = APIRouter(prefix="/api/v1/ceremonies/{ceremony}/documents", tags=["documents"])
_SHOWN = frozenset({"application/pdf", "image/png"})  # all else is downloaded: nothing of it runs in our name


@router.get("", summary="List the documents of the draft or of a release")
async def list_documents(
    bus: TheBus,
    ceremony: TheCeremony,
    release: Annotated[int | None, Query(ge=1, description="Number of a release; none: the draft.")] = None,
    guests: Annotated[bool, Query(description="With the documents made for one guest each.")] = False,  # noqa: FBT002 - a query
) -> Documents:
    question = ListDocuments(ceremony_id=ceremony.id, release=release, guests=guests)
    return await bus.ask(program.list_documents, question)


@router.get(
    "/{content}",
    summary="The bytes of a document",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/pdf": {}}}, 304: {"description": "You have these bytes."}},
)
async def read_document(
    bus: TheBus,
    ceremony: TheCeremony,
    request: Request,
    content: Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="`content` of the document.")],
) -> Response:
    first = await bus.ask(program.read_content, ReadContent(ceremony_id=ceremony.id, content=content))
    headers = {"ETag": f'"{content}"', "Cache-Control": "private, no-cache"}
    if has_already(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    kind = "inline" if first.media_type in _SHOWN else "attachment"
    headers |= {"Content-Disposition": disposition(kind, first.file_name), "Content-Length": str(first.size)}
    return StreamingResponse(_pieces(bus, ceremony.id, content, first), headers=headers, media_type=first.media_type)


async def _pieces(bus: Bus, ceremony_id: str, content: str, piece: Content) -> AsyncIterator[bytes]:
    sent = 0
    while data := b64decode(piece.base64):
        yield data
        sent += len(data)
        if sent >= piece.size:
            return
        question = ReadContent(ceremony_id=ceremony_id, content=content, offset=sent)
        piece = await bus.ask(program.read_content, question)

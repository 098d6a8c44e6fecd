"""/api/v1/…/documents: the papers of a ceremony, their bytes, pictures of their pages, and all of them in one zip."""

from base64 import b64decode
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from schemas import program
from schemas.errors import NotFound
from schemas.program import Content, Document, Documents, ListDocuments, ReadContent, ReadPicture
from schemas.scheduling import Ceremony
from services.gateway.archive import Names, stream
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.downloads import disposition, has_already
from services.gateway.refusals import DocumentsNotReady
from services.kit.bus import Bus

router = APIRouter(prefix="/api/v1/ceremonies/{ceremony}", tags=["documents"])
_SHOWN = frozenset({"application/pdf", "image/png"})  # all else is downloaded: nothing of it runs in our name
_SOON = 20  # seconds: the press may be at a long document just now
_KEPT = {"Cache-Control": "private, no-cache"}  # whoever may no longer see it is not shown it again
_HAD: dict[int | str, dict[str, Any]] = {304: {"description": "You have these bytes."}}
_MANIFEST = "manifest.json"
_TOLD = ("kind", "title", "guest_id", "size", "pages", "reason")
Files = Mapping[str, Document]
OfRelease = Annotated[int | None, Query(ge=1, description="Number of a release; none: the draft.")]
Guests = Annotated[bool, Query(description="With the documents made for one guest each.")]
ContentHash = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="`content` of the document.")]


@router.get("/documents", summary="List the documents of the draft or of a release")
async def list_documents(
    bus: TheBus,
    ceremony: TheCeremony,
    release: OfRelease = None,
    guests: Guests = False,  # noqa: FBT002 - a query
) -> Documents:
    question = ListDocuments(ceremony_id=ceremony.id, release=release, guests=guests)
    return await bus.ask(program.list_documents, question)


@router.get(
    "/documents.zip",
    summary="All documents of the draft or of a release in one zip",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {}}}, 409: {}},
)
async def read_documents(
    bus: TheBus,
    ceremony: TheCeremony,
    release: OfRelease = None,
    guests: Guests = False,  # noqa: FBT002 - a query
) -> Response:
    """`manifest.json` in it says of each what it is, its SHA-256, and why it is not there if it could not be made."""
    if release is not None and release > ceremony.release:
        raise NotFound(what="release", which=release)
    found = await list_documents(bus, ceremony, release, guests)
    ready = [one for one in found.documents if one.state == "ready"]
    if not found.complete:
        raise DocumentsNotReady(ready=len(ready), total=len(found.documents))
    names = Names(_MANIFEST)
    files = {names.free(one.file_name): one for one in ready}
    manifest = _manifest(ceremony, release, found.documents, files)
    name = f"{ceremony.code}-{f'release-{release}' if release else 'draft'}.zip"
    headers = {"Content-Disposition": disposition("attachment", name)}
    return StreamingResponse(stream(_zipped(bus, manifest, files)), headers=headers, media_type="application/zip")


@router.get(
    "/documents/{content}",
    summary="The bytes of a document",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/pdf": {}}}, **_HAD},
)
async def read_document(bus: TheBus, ceremony: TheCeremony, request: Request, content: ContentHash) -> Response:
    first = await bus.ask(program.read_content, ReadContent(ceremony_id=ceremony.id, content=content))
    headers = {"ETag": f'"{content}"', **_KEPT}
    if has_already(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    kind = "inline" if first.media_type in _SHOWN else "attachment"
    headers |= {"Content-Disposition": disposition(kind, first.file_name), "Content-Length": str(first.size)}
    return StreamingResponse(_pieces(bus, ceremony.id, content, first), headers=headers, media_type=first.media_type)


@router.get(
    "/documents/{content}/pages/{page}.png",
    summary="A page of a document as a picture",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}}, **_HAD},
)
async def read_picture(
    bus: TheBus,
    ceremony: TheCeremony,
    request: Request,
    content: ContentHash,
    *,
    page: Annotated[int, Path(ge=1, le=100_000, description="From 1.")],
    width: Annotated[int, Query(ge=50, le=1200, description="Pixels.")] = 400,
) -> Response:
    question = ReadPicture(ceremony_id=ceremony.id, content=content, page=page, width=width)
    found = await bus.ask(program.read_picture, question, _SOON)
    headers = {"ETag": f'"{content}-{page}-{width}"', **_KEPT}
    if has_already(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(b64decode(found.base64), headers=headers, media_type=found.media_type)


class Listed(BaseModel):
    """A document in the manifest; `file` is null where it could not be made, for this `reason`."""

    file: str | None
    kind: str
    title: str
    guest_id: str | None
    sha256: str | None
    size: int | None
    pages: int | None
    reason: str | None


class Manifest(BaseModel):
    """What a zip of documents holds."""

    ceremony_id: str
    code: str
    title: str
    release: int | None
    documents: tuple[Listed, ...]


def _manifest(ceremony: Ceremony, release: int | None, documents: Sequence[Document], files: Files) -> bytes:
    names = {one.id: name for name, one in files.items()}
    listed = tuple(
        Listed(file=names.get(one.id), sha256=one.content, **{name: getattr(one, name) for name in _TOLD})
        for one in documents
    )
    named = {"ceremony_id": ceremony.id, "code": ceremony.code, "title": ceremony.title}
    return Manifest(**named, release=release, documents=listed).model_dump_json(indent=1).encode()


async def _zipped(bus: Bus, manifest: bytes, files: Files) -> AsyncIterator[tuple[str, AsyncIterator[bytes]]]:
    yield _MANIFEST, _at_once(manifest)
    for name, one in files.items():
        yield name, _content(bus, one.ceremony_id, one.content or "")


async def _at_once(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def _content(bus: Bus, ceremony_id: str, content: str) -> AsyncIterator[bytes]:
    first = await bus.ask(program.read_content, ReadContent(ceremony_id=ceremony_id, content=content))
    async for piece in _pieces(bus, ceremony_id, content, first):
        yield piece


async def _pieces(bus: Bus, ceremony_id: str, content: str, piece: Content) -> AsyncIterator[bytes]:
    sent = 0
    while data := b64decode(piece.base64):
        yield data
        sent += len(data)
        if sent >= piece.size:
            return
        question = ReadContent(ceremony_id=ceremony_id, content=content, offset=sent)
        piece = await bus.ask(program.read_content, question)

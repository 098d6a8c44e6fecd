"""/api/v1/…/invitations: calendar invitations as files, and the link of the ceremony's calendar."""

from base64 import b64decode
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field

from schemas import dispatch
from schemas.dispatch import Invitation, InvitationFile, ListInvitations, Method, ReadInvitations
from services.gateway.archive import pack
from services.gateway.asking import Language, TheBus, TheCeremony
from services.gateway.downloads import disposition
from services.gateway.problems import PlanProblem, told
from services.gateway.refusals import NoInvitation, NotReady, NotReleased
from services.kit.bus import Bus

router = APIRouter(prefix="/api/v1/ceremonies/{ceremony}", tags=["invitations"])
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/calendar": {}}, "description": "An iCalendar file."}
}
_ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {}}, "description": "One iCalendar file per guest."},
    409: {},
}


class ShownInvitation(BaseModel):
    """An invitation as dispatch tells of it; `problems` in the language of whoever asks."""

    guest_id: str
    method: Method | None
    sequence: int
    status: str = Field(examples=["CONFIRMED"])
    dtstamp: datetime
    release: int
    outcome: str = Field(examples=["rescheduled"], description="What the last release did to it.")
    file_name: str
    problems: tuple[PlanProblem, ...]


class ShownInvitations(BaseModel):
    """`release`: up to which release invitations are written; `problems`: what holds for all of them."""

    invitations: tuple[ShownInvitation, ...]
    release: int
    problems: tuple[PlanProblem, ...]
    next: str | None


@router.get("/invitations", summary="List the invitations")
async def list_invitations(
    bus: TheBus,
    ceremony: TheCeremony,
    language: Language,
    after: Annotated[str | None, Query(description="Cursor: `next` of the page before.", max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> ShownInvitations:
    question = ListInvitations(ceremony_id=ceremony.id, after=after, limit=limit)
    page = await bus.ask(dispatch.list_invitations, question)
    return ShownInvitations(
        invitations=tuple(_shown(one, language) for one in page.invitations),
        release=page.release,
        problems=tuple(told(problem, language) for problem in page.problems),
        next=page.next,
    )


def _shown(one: Invitation, language: str) -> ShownInvitation:
    problems = tuple(told(problem, language) for problem in one.problems)
    return ShownInvitation(**one.model_dump(exclude={"problems"}), problems=problems)


@router.get("/invitations.zip", summary="All invitations in one zip", response_class=Response, responses=_ZIP)
async def read_invitations(bus: TheBus, ceremony: TheCeremony) -> Response:
    if not ceremony.release:
        raise NotReleased
    state = await bus.ask(dispatch.list_invitations, ListInvitations(ceremony_id=ceremony.id, limit=1))
    if state.release < ceremony.release:
        raise NotReady(release=ceremony.release)
    files = [(file.file_name, b64decode(file.base64)) async for file in _files(bus, ceremony.id)]
    headers = {"Content-Disposition": disposition("attachment", f"{ceremony.code}-invitations.zip")}
    return Response(pack(files), headers=headers, media_type="application/zip")


@router.get(
    "/invitations/{guest}.ics", summary="The invitation of one guest", response_class=Response, responses=_FILE
)
async def read_invitation(
    bus: TheBus,
    ceremony: TheCeremony,
    guest: Annotated[str, Path(max_length=64, description="Id of the guest.")],
) -> Response:
    question = ReadInvitations(ceremony_id=ceremony.id, guest_id=guest)
    page = await bus.ask(dispatch.read_invitations, question)
    if not page.files:
        raise NoInvitation
    file = page.files[0]  # after a change of address the cancellation of the old one stands behind it
    headers = {"Content-Disposition": disposition("attachment", file.file_name)}
    media_type = "text/calendar; charset=utf-8"  # a file to open, no message: no method parameter
    return Response(b64decode(file.base64), headers=headers, media_type=media_type)


async def _files(bus: Bus, ceremony_id: str) -> AsyncIterator[InvitationFile]:
    after: str | None = None
    while True:
        question = ReadInvitations(ceremony_id=ceremony_id, after=after, limit=500)
        page = await bus.ask(dispatch.read_invitations, question)
        for file in page.files:
            yield file
        if page.next is None:
            return
        after = page.next

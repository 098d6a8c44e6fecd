"""Asking the services: pages joined, commands repeated where the bus was away, waiting for what follows a release."""

import asyncio
import hashlib
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from schemas import dispatch, program, scheduling
from schemas.dispatch import Feed, GetFeed, Invitation, InvitationFile, ListInvitations, ReadInvitations
from schemas.envelope import Ask, Command, Q, R
from schemas.errors import Problem, Refusal, Unavailable
from schemas.program import Document, Documents, ListDocuments, ReadContent
from schemas.scheduling import Ceremony, FindCeremony, ListCeremonies
from services.cli.refusals import ContentBroken, NoSuchRelease, NothingReleased, NotPrepared, NotPrinted
from services.cli.voice import Step, Voice
from services.kit.bus import Bus

C = TypeVar("C", bound=Command)
LONG = 180  # seconds for what every service has its part in: ten thousand guests
_WAIT = 300  # seconds for the documents or invitations of a release
_AWAY = 15  # seconds that a service may be silent while it is waited for
_PIECE = (
    2 * 1024 * 1024
)  # bytes of a document in one answer; base64 makes a third more of them, and the bus carries 8 MB
_POLL = (0.1, 0.6)  # seconds between two looks: at first, and at most


class Office:
    def __init__(self, bus: Bus, voice: Voice) -> None:
        self.bus, self.voice = bus, voice

    async def ask(self, ask: Ask[Q, R], question: Q, within: float = 10) -> R:
        return await self.bus.ask(ask, question, within)

    async def do(self, ask: Ask[C, R], command: C, within: float = LONG) -> R:
        """A command, sent again with the same request id if the bus was away for a moment: nothing is done twice."""
        end = _clock() + _AWAY
        while True:
            try:
                return await self.bus.ask(ask, command, within)
            except Refusal as refusal:
                if not is_away(refusal) or _clock() >= end:
                    raise
                await asyncio.sleep(0.5)

    async def ceremony(self, which: str) -> Ceremony:
        return await self.ask(scheduling.find_ceremony, FindCeremony(which=which))

    async def ceremonies(self) -> list[Ceremony]:
        found: list[Ceremony] = []
        page = await self.ask(scheduling.list_ceremonies, ListCeremonies(limit=200))
        found += page.ceremonies
        while page.next:
            page = await self.ask(scheduling.list_ceremonies, ListCeremonies(after=page.next, limit=200))
            found += page.ceremonies
        return found

    # Documents.

    async def documents(self, ceremony_id: str, release: int | None) -> Documents:
        question = ListDocuments(ceremony_id=ceremony_id, release=release, guests=True)
        return await self.ask(program.list_documents, question, 30)

    async def until_printed(self, ceremony: Ceremony, release: int | None) -> tuple[Document, ...]:
        """The documents of a release, or of the draft (None), as soon as all are ready or have failed for good."""
        found = Documents(documents=(), complete=False)

        async def look(step: Step) -> bool:
            nonlocal found
            found = await self.documents(ceremony.id, release)
            step(_ready(found), len(found.documents))
            return found.complete and bool(found.documents)

        with self.voice.doing("Waiting for the documents of {ceremony}", ceremony=ceremony.code) as step:
            if not await _until(lambda: look(step)):
                ready, total = _ready(found), len(found.documents)
                raise NotPrinted(ceremony=ceremony.code, seconds=_WAIT, ready=ready, total=total)
        return found.documents

    async def content(self, document: Document) -> bytes:
        """The bytes of a document that is ready, compared with the hash that names them."""
        whole, size = bytearray(), 1
        while len(whole) < size:
            question = ReadContent(
                ceremony_id=document.ceremony_id, content=document.content or "", offset=len(whole), limit=_PIECE
            )
            piece = await self.ask(program.read_content, question, 30)
            whole += b64decode(piece.base64)
            size = piece.size if piece.base64 else 0
        if hashlib.sha256(whole).hexdigest() != document.content:
            raise ContentBroken(file=document.file_name)
        return bytes(whole)

    # Invitations.

    async def until_prepared(self, ceremony: Ceremony, release: int) -> None:
        """Until dispatch has worked this release."""

        async def look() -> bool:
            question = ListInvitations(ceremony_id=ceremony.id, limit=1)
            return (await self.ask(dispatch.list_invitations, question)).release >= release

        with self.voice.doing("Waiting for the invitations of {ceremony}", ceremony=ceremony.code):
            if not await _until(look):
                raise NotPrepared(ceremony=ceremony.code, release=release, seconds=_WAIT)

    async def invitations(self, ceremony_id: str) -> tuple[list[Invitation], tuple[Problem, ...]]:
        """What every guest was last given, and what is wrong with all of them."""
        found: list[Invitation] = []
        page = await self.ask(dispatch.list_invitations, ListInvitations(ceremony_id=ceremony_id, limit=1000))
        found += page.invitations
        while page.next:
            question = ListInvitations(ceremony_id=ceremony_id, after=page.next, limit=1000)
            page = await self.ask(dispatch.list_invitations, question)
            found += page.invitations
        return found, page.problems

    async def invitation_files(self, ceremony_id: str) -> AsyncIterator[InvitationFile]:
        after: str | None = None
        while True:
            question = ReadInvitations(ceremony_id=ceremony_id, after=after)
            page = await self.ask(dispatch.read_invitations, question, 30)
            for file in page.files:
                yield file
            if page.next is None:
                return
            after = page.next

    async def feed(self, ceremony_id: str) -> Feed:
        return await self.ask(dispatch.get_feed, GetFeed(ceremony_id=ceremony_id))


def release_of(ceremony: Ceremony, wanted: int | None = None) -> int:
    """The release that is meant: the one asked for, else the last."""
    if ceremony.release == 0:
        raise NothingReleased(ceremony=ceremony.code)
    if wanted and wanted > ceremony.release:
        raise NoSuchRelease(ceremony=ceremony.code, release=wanted, last=ceremony.release)
    return wanted or ceremony.release


def is_away(refusal: Refusal) -> bool:
    """Whether the service asked, or one that it asked itself, could not be reached: that passes."""
    return refusal.on_wire().status == Unavailable.status


def _ready(found: Documents) -> int:
    return sum(one.state in {"ready", "failed"} for one in found.documents)


async def _until(look: Callable[[], Awaitable[bool]]) -> bool:
    """Look again and again, ever more seldom; False when the time is over. A service may be away for a while."""
    end, heard, pause = _clock() + _WAIT, _clock(), _POLL[0]
    while _clock() < end:
        try:
            if await look():
                return True
            heard = _clock()
        except Refusal as refusal:
            if not is_away(refusal) or _clock() - heard > _AWAY:
                raise
        await asyncio.sleep(pause)
        pause = min(pause * 1.2, _POLL[1])
    return False


def _clock() -> float:
    return asyncio.get_running_loop().time()

"""Program: the documents of a ceremony, of its draft and of each release, kept in step. On one screen."""

import asyncio
import hashlib
from base64 import b64encode
from collections.abc import Coroutine
from functools import partial
from typing import Any

import structlog

import schemas.program as ask
from schemas import awards, guests, scheduling
from schemas.catalogue import DRAFT_CHANGES
from schemas.envelope import Caller, Event, Fact
from schemas.errors import Refusal, Unavailable
from schemas.privacy import PapersExpired
from schemas.protocol import profile_for
from schemas.scheduling import CeremonyReleased
from schemas.traces import AwardsForgot, Forgotten, GuestErased, Holding, SchedulingForgot, Thing, Traced, holding
from services.kit import traces
from services.kit.context import caller, may, work_for
from services.kit.service import Service
from services.kit.store import Connection, Tx
from services.program import render, store, templates
from services.program.model import Inputs, Parts, Rendered, documents
from services.program.render import CannotSet, Press
from services.program.store import DRAFT, Edition, Personal, Wanted

log = structlog.get_logger()
DEBOUNCE = 0.3  # seconds: changes that follow each other are printed together
_LONG = 60  # seconds for the part of ten thousand guests
Key = tuple[str, int]
_AGAIN = 1.0  # seconds until an edition is tried again that somebody else's trouble stopped


class InvitationsMissing(Refusal):
    """Not every single invitation could be set, so they cannot be joined for the printer. Each of those that failed
    says why; once that is put right, this file is made too.
    """


class Program(Service):
    name = "program"
    seen_with = "documents.see"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.questions = {ask.list_documents: list_documents, ask.read_content: read_content}
        self.talks = {ask.read_picture: self.read_picture}
        self.talks[holding[self.name]] = self.holding
        self.reactions = {
            **dict.fromkeys(DRAFT_CHANGES, self.changed),
            CeremonyReleased: self.released,
            GuestErased: self.erased,
            SchedulingForgot: self.others_forgot,
            AwardsForgot: self.others_forgot,
            PapersExpired: self.expired,
        }
        workers = self.settings.render_workers
        self.press = Press(workers)
        counted = ("documents_rendered_total", "document_render_seconds_total", "documents_failed_total")
        self.numbers |= dict.fromkeys(counted, 0)
        # Drafts and releases each have their places at the press, so neither fills the queue of the other.
        self._places = {draft: asyncio.Semaphore(2 * workers) for draft in (True, False)}
        self._looks = asyncio.Semaphore(2 * workers)
        self._tables = {draft: asyncio.Semaphore(2) for draft in (True, False)}
        self._wake = asyncio.Event()
        self._newest: dict[Key, int] = {}
        self._held: dict[Key, int] = {}

    def background(self) -> list[Coroutine[Any, Any, None]]:
        return [self._keep_in_step()]

    async def stop(self) -> None:
        await super().stop()
        await self.press.close()

    # Reactions.

    async def changed(self, event: Event, fact: Fact) -> None:
        await self._want(event, DRAFT, _changed_part(fact))

    async def released(self, event: Event, fact: CeremonyReleased) -> None:
        await self._want(event, fact.release)

    async def _want(self, event: Event, release: int, because: str = "") -> None:
        times = await self.react(event, store.want, event.subject, release, because)
        if times:
            self._newest[event.subject, release] = times
            self._wake.set()

    # What is held of one guest.

    async def holding(self, question: Traced) -> Holding:
        """With the papers of releases that print his name: that is read off the papers themselves."""
        found = await self.read(self.holds, question)
        papers = await self.read(store.released_papers, question.ceremony_id) if question.words else ()
        printed = {row.content: bytes(row.bytes) for row in papers}
        naming = {key for key, pdf in printed.items() if pdf and await self.press.names(pdf, question.words)}
        told = [_paper(row) for row in papers if row.content in naming]
        return Holding(things=(*map(_kept, found.things), *told))

    def erase(self, tx: Tx, traced: Traced) -> int:
        """Of the draft; what was released stays until its time is up."""
        rows = traces.erase(tx.conn, traced, but=("document",))
        if store.has_draft(tx.conn, traced.ceremony_id):
            rows += store.wipe_draft(tx, traced.ceremony_id, traced.guest_id)
            store.want(tx, traced.ceremony_id, DRAFT, "guests")
        store.forget_unused(tx)
        return rows

    async def erased(self, event: Event, fact: GuestErased) -> None:
        await self.forget(event, fact)
        self._wake.set()

    async def others_forgot(self, event: Event, fact: Forgotten) -> None:
        """What was drawn up meanwhile may still say what they held then."""
        await self.change(_wipe, event.subject, fact.guest_id)
        await self.store.hop(self.store.cut_log)
        await self._want(event, DRAFT, "order" if fact.owner() == "scheduling" else "awards")

    async def expired(self, event: Event, _fact: PapersExpired) -> None:
        await self.react(event, store.erase_released, event.subject)
        await self.store.hop(self.store.cut_log)

    # Looking at pages.

    async def read_picture(self, question: ask.ReadPicture) -> ask.Picture:
        """Drawn once; so many wait for the press at a time, each with a whole file in its hands."""
        secret = may("documents.secret", question.ceremony_id)
        wanted = Wanted(caller().office, question.ceremony_id, question.content, secret)
        async with self._looks:
            found = await self.read(store.leaf, wanted, question.page, question.width)
            drawn = found.drawn
            if drawn is None:
                drawn = await self.press.draw(found.pdf, question.page, question.width)
                await self.change(store.keep_picture, question.content, question.page, drawn)
        return ask.Picture(base64=b64encode(drawn.png).decode(), width=drawn.width, height=drawn.height)

    # Keeping every edition in step, also those that a crash left in the middle.

    async def _keep_in_step(self) -> None:
        at_work: dict[Key, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as tasks:
            while True:
                self._wake.clear()
                for edition in await self._unfinished():
                    if edition.key not in at_work and self._held.get(edition.key) != edition.wanted:
                        at_work[edition.key] = task = tasks.create_task(self._work(edition))
                        task.add_done_callback(partial(self._done, at_work, edition.key))
                await self._wake.wait()

    def _done(self, at_work: dict[Key, asyncio.Task[None]], key: Key, _task: asyncio.Task[None]) -> None:
        del at_work[key]
        self._wake.set()

    async def _unfinished(self) -> list[Edition]:
        while True:
            try:
                return await self.read(store.unfinished)
            except Exception as error:  # noqa: BLE001 - outermost loop of the worker: the database comes back
                log.warning("documents wait for the database", error=repr(error))
                await asyncio.sleep(_AGAIN)

    async def _work(self, edition: Edition) -> None:
        """Bring one edition in step, as it is now. Whatever stops that, it stays unfinished and is tried again."""
        try:
            if edition.draft:
                await asyncio.sleep(DEBOUNCE)
            async with self._tables[edition.draft]:
                now = await self.read(store.newest, edition)
                work_for(Caller(office=now.office, auth="system", correlation=now.correlation))
                await self._make(now)
        except Unavailable as error:  # the bus is away, or we are being stopped: it says so itself
            log.info("documents wait", ceremony=edition.ceremony_id, release=edition.release, error=str(error))
            await asyncio.sleep(_AGAIN)
        except Exception as error:  # noqa: BLE001 - outermost loop of the worker: tried again in a second
            log.warning("documents wait", ceremony=edition.ceremony_id, release=edition.release, error=repr(error))
            await asyncio.sleep(_AGAIN)

    async def _make(self, edition: Edition) -> None:
        self._newest[edition.key] = max(edition.wanted, self._newest.get(edition.key, 0))
        try:
            parts = await self._parts(edition)
            if edition.draft and parts.scheduling.ceremony.under_way == "import":
                self._held[edition.key] = edition.wanted  # its end is an event, which wants this edition again
                return
            wanted = await asyncio.to_thread(_inputs, parts, draft=edition.draft)
        except Refusal as refusal:
            if refusal.on_wire().status >= 500:  # noqa: PLR2004 - somebody else's trouble, which passes
                raise
            await self.change(store.refuse, edition, str(refusal))
            return
        missing = await self.change(store.plan, edition, wanted)
        if missing is not None:
            personal = await self._render(edition, missing)
            await self.change(_finish, edition, personal)

    async def _parts(self, edition: Edition) -> Parts:
        which, release = edition.ceremony_id, edition.release or None
        plan, people, lines = await asyncio.gather(
            self.ask(scheduling.get_part, scheduling.GetPart(ceremony_id=which, release=release), _LONG),
            self.ask(guests.get_part, guests.GetGuests(ceremony_id=which, release=release), _LONG),
            self.ask(awards.get_part, awards.GetAwards(ceremony_id=which, release=release), _LONG),
        )
        return Parts(plan, people, lines)

    async def _render(self, edition: Edition, missing: list[Inputs]) -> list[Personal]:
        """Everything that is missing, the joined files last; answers the documents made for one guest each."""
        async with asyncio.TaskGroup() as tasks:
            made = [tasks.create_task(self._sheets(edition, each)) for each in missing if not each.parts]
        for each in missing:
            if each.parts:
                await self._joined(edition, each)
        return [done for task in made if (done := task.result())]

    async def _sheets(self, edition: Edition, inputs: Inputs) -> Personal | None:
        async with self._places[edition.draft]:
            if self._newest[edition.key] != edition.wanted:
                return None
            try:
                made = await self.press.set(inputs.kind, inputs.context, _urgency(edition))
            except CannotSet as refusal:
                await self._failed(edition, inputs, refusal)
                return None
            return await self._save(edition, inputs, made)

    async def _joined(self, edition: Edition, inputs: Inputs) -> None:
        if self._newest[edition.key] != edition.wanted:
            return
        files = await self.read(store.contents, edition, inputs.parts)
        if files is None:
            await self._failed(edition, inputs, InvitationsMissing())
            return
        try:
            await self._save(edition, inputs, await self.press.join(files, _urgency(edition)))
        except CannotSet as refusal:
            await self._failed(edition, inputs, refusal)

    async def _save(self, edition: Edition, inputs: Inputs, made: Rendered) -> Personal | None:
        told = await self.change(_save, edition, inputs, made)
        self._count("documents_rendered_total")
        self._count("document_render_seconds_total", made.milliseconds / 1000)
        return told

    async def _failed(self, edition: Edition, inputs: Inputs, refusal: Refusal) -> None:
        await self.change(store.fail, edition, inputs, str(refusal))
        self._count("documents_failed_total")

    def _count(self, name: str, more: float = 1) -> None:
        self.numbers[name] += more


def _changed_part(fact: Fact) -> str:
    """The word for what an event says was changed."""
    if isinstance(fact, scheduling.RunningOrderChanged):
        return "order"
    if isinstance(fact, scheduling.PlanImported):
        return "plan"
    return {"scheduling": "ceremony"}.get(fact.owner(), fact.owner())


def _urgency(edition: Edition) -> int:
    return render.DRAFT if edition.draft else render.RELEASED


def _inputs(parts: Parts, *, draft: bool) -> list[Inputs]:
    """Called in a thread: for thousands of guests this takes seconds."""
    ceremony = parts.scheduling.ceremony
    rules = profile_for(ceremony.profile, ceremony.on)
    return documents(parts, rules, templates.words(), templates.fingerprint, draft=draft)


def _kept(one: Thing) -> Thing:
    """His own papers of a release stay too."""
    released = one.place == "program.document" and isinstance(one.data, dict) and one.data.get("release")
    return one.model_copy(update={"stays": "release"}) if released else one


def _paper(row: Any) -> Thing:
    data = {"release": row.release, "kind": row.kind, "title": row.title, "content": row.content}
    return Thing(place="program.document", data=data, stays="release")


# The transactions.


def _wipe(tx: Tx, ceremony_id: str, guest_id: str) -> None:
    store.wipe_draft(tx, ceremony_id, guest_id)
    store.forget_unused(tx)


def _save(tx: Tx, edition: Edition, inputs: Inputs, made: Rendered) -> Personal | None:
    """Keeps it and tells of it, but of those for one guest each only when all are made; those are answered."""
    content = store.save(tx, edition, inputs, made)
    if content is None or inputs.guest_id:
        return Personal(content, made.pages) if content else None
    release = edition.release or None
    fact = ask.DocumentRendered(kind=inputs.kind, release=release, content=content, pages=made.pages)
    tx.emit(fact, edition.ceremony_id)
    return None


def _finish(tx: Tx, edition: Edition, personal: list[Personal]) -> None:
    if not store.finish(tx, edition):
        return
    if personal:
        tx.emit(_told_together(edition, personal), edition.ceremony_id)
    if not edition.draft:
        made = store.count(tx.conn, edition)
        tx.emit(ask.ReleaseRendered(release=edition.release, **made._asdict()), edition.ceremony_id)
    store.forget_unused(tx)


def _told_together(edition: Edition, personal: list[Personal]) -> ask.DocumentRendered:
    """One event for all documents of one guest each; its content is the hash over their hashes, in their order."""
    whole = hashlib.sha256("".join(made.content for made in personal).encode())
    return ask.DocumentRendered(
        kind="invitation",
        release=edition.release or None,
        content=whole.hexdigest(),
        pages=sum(made.pages for made in personal),
        count=len(personal),
    )


# Questions.


def list_documents(conn: Connection, question: ask.ListDocuments) -> ask.Documents:
    office, release = caller().office, question.release or DRAFT
    secret = may("documents.secret", question.ceremony_id)
    found = store.documents(conn, office, question.ceremony_id, release, secret=secret, guests=question.guests)
    complete = store.in_step(conn, office, question.ceremony_id, release)
    return ask.Documents(documents=found, complete=complete)


def read_content(conn: Connection, question: ask.ReadContent) -> ask.Content:
    secret = may("documents.secret", question.ceremony_id)
    wanted = Wanted(caller().office, question.ceremony_id, question.content, secret)
    piece = store.piece(conn, wanted, question.offset, question.limit)
    return ask.Content(
        base64=b64encode(piece.bytes).decode(),
        size=piece.size,
        media_type="application/pdf",
        file_name=piece.file_name,
    )

"""What every service is: one screen of commands, questions and reactions, over one store and the bus."""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import structlog
from pydantic import BaseModel

from schemas.envelope import FACTS, Ask, Caller, Event, Fact
from schemas.house import (
    AuditCheck,
    AuditHead,
    GetAuditHead,
    GetHealth,
    Health,
    History,
    HistoryEntry,
    ListHistory,
    ListParked,
    Parked,
    ParkedWork,
    Retried,
    RetryParked,
    VerifyAudit,
    audit_head,
    health,
    history,
    list_parked,
    retry_parked,
    verify_audit,
)
from schemas.traces import Forgotten, GetTraces, GuestErased, Holding, Traced, get_traces, holding
from services.kit import traces, trail
from services.kit.bus import Answer, Bus
from services.kit.context import caller, may, work_for
from services.kit.settings import Settings
from services.kit.store import Connection, Store, Tx
from services.kit.stream import EventStream, reason

log = structlog.get_logger()
T = TypeVar("T")
R = TypeVar("R", bound=BaseModel)
Command_ = Callable[[Tx, Any], BaseModel]
Question_ = Callable[[Connection, Any], BaseModel]
Talk = Callable[[Any], Awaitable[BaseModel]]
Reaction = Callable[[Event, Any], Awaitable[None]]


class Service:
    """Base of the services. A subclass fills the tables; `start` and `stop` do the rest.

    commands: in one transaction, each request id once · questions: in one read · talks: commands and questions that
    need other services, so they open their own transactions · reactions: to events, at least once each, see `react`.

    Its history is shown to who may do `seen_with`: nobody, until a service says whom it lets see its things. Fields
    of what a change was from and to that are named in `secrets`, wherever they stand, take that action besides.
    """

    name: ClassVar[str]
    seen_with: ClassVar[str] = "house"
    secrets: ClassVar[Mapping[str, str]] = {"email": "guests.contact", "phone": "guests.contact"}

    def __init__(self, store: Store, bus: Bus, settings: Settings) -> None:
        self.store, self.bus, self.settings = store, bus, settings
        self.stream = EventStream(bus)
        self.commands: Mapping[Ask[Any, Any], Command_] = {}
        self.questions: Mapping[Ask[Any, Any], Question_] = {}
        self.talks: Mapping[Ask[Any, Any], Talk] = {}
        self.reactions: Mapping[type[Fact], Reaction] = {}
        self.numbers: dict[str, float] = {"events_unknown_total": 0}
        self._tasks: list[asyncio.Task[None]] = []
        self._busy = asyncio.Lock()

    async def start(self) -> None:
        await self.store.hop(self.store.open, self._migrations())
        self._tasks.append(asyncio.create_task(self.stream.relay(self.store)))
        if self.reactions:
            subjects = [f"evt.{fact.type.rsplit('.', 1)[0]}.*" for fact in self.reactions]
            self._tasks.append(
                asyncio.create_task(self.stream.consume(self.store, subjects, self._handle, self._busy))
            )
        self._tasks += [asyncio.create_task(work) for work in self.background()]
        await self.bus.answer(self.name, self._answers())

    def background(self) -> list[Coroutine[Any, Any, None]]:
        """Work of its own that runs for ever."""
        return []

    async def rest(self) -> None:
        """Finish the event at hand and begin no other; questions are still answered."""
        if not self._tasks:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._busy.acquire(), 7)
        running = set(self._tasks)
        while running:  # more than once: before Python 3.12 wait_for loses a cancellation that meets its result
            for task in running:
                task.cancel()
            _, running = await asyncio.wait(running, timeout=0.5)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def stop(self) -> None:
        """Rest, and let go of the database. What is committed and not yet published waits for the next start."""
        await self.rest()
        await asyncio.to_thread(self.store.close)

    def _migrations(self) -> Path | None:
        """The folder migrations beside the module of the service, or of the one it is made from."""
        modules = [sys.modules[cls.__module__] for cls in type(self).__mro__]
        folders = [
            Path(module.__file__ or "").parent / "migrations" for module in modules if hasattr(module, "__file__")
        ]
        return next((folder for folder in folders if folder.exists() and folder.parent.name != "kit"), None)

    # Transactions, each in one hop to a thread.

    async def change(self, work: Callable[..., T], *args: Any, cause: str | None = None) -> T:
        """Run `work(tx, *args)` in a transaction."""
        who = caller()

        def hop() -> T:
            with self.store.change(who, cause) as tx:
                return work(tx, *args)

        return await self.store.hop(hop)

    async def read(self, work: Callable[..., T], *args: Any) -> T:
        """Run `work(connection, *args)` on a view of the database."""

        def hop() -> T:
            with self.store.read() as conn:
                return work(conn, *args)

        return await self.store.hop(hop)

    async def react(self, event: Event, work: Callable[..., T], *args: Any) -> T | None:
        """Run `work(tx, *args)` once for this event: its mark and its effect commit together. None if seen before."""

        def once(tx: Tx) -> T | None:
            return work(tx, *args) if tx.first_time(event.id) else None

        return await self.change(once, cause=event.id)

    # What is held of one guest. A service that keeps files, or rows of a guest's own, extends the two.

    def holds(self, conn: Connection, traced: Traced) -> Holding:
        """All that this service holds of this guest."""
        return Holding(things=tuple(traces.found(conn, self.name, traced)))

    def erase(self, tx: Tx, traced: Traced) -> int:
        """Erase it; answers how many rows that touched."""
        return traces.erase(tx.conn, traced)

    async def forget(self, event: Event, fact: GuestErased) -> None:
        """The reaction to an erasure. It is told of when the bytes are gone; the names in it guests is asked for."""
        traced = await self.ask(get_traces, GetTraces(erasure=fact.erasure))
        rows = await self.change(self.erase, traced)
        await self.store.hop(self.store.cut_log)
        told = Forgotten.of_service[self.name](guest_id=fact.guest_id, erasure=fact.erasure, rows=rows)
        await self.react(event, lambda tx: tx.emit(told, event.subject))

    async def ask(self, ask: Ask[Any, R], question: BaseModel, within: float = 5) -> R:
        """Ask another service as one of the house: what the caller may was checked when we were asked."""
        return await self.bus.ask(ask, question, within, as_house=True)

    # What the bus calls.

    async def _handle(self, event: Event) -> None:
        fact = FACTS.get(event.type)
        reaction = self.reactions.get(fact) if fact else None
        if fact is None or reaction is None:  # a newer writer's event: nothing we could do with it
            self.numbers["events_unknown_total"] += 1
            return
        await reaction(event, fact.model_validate(event.data))

    def _answers(self) -> dict[Ask[Any, Any], Answer]:
        answers: dict[Ask[Any, Any], Answer] = {ask: self._command(ask, do) for ask, do in self.commands.items()}
        answers |= {ask: self._question(tell) for ask, tell in self.questions.items()}
        answers |= self.talks
        answers[health[self.name]] = self._health
        answers[list_parked[self.name]] = self._list_parked
        answers[retry_parked[self.name]] = self._retry_parked
        answers[history[self.name]] = self._history
        answers[audit_head[self.name]] = self._audit_head
        answers[verify_audit[self.name]] = self._verify_audit
        answers.setdefault(holding[self.name], self._question(self.holds))
        return answers

    def _command(self, ask: Ask[Any, Any], do: Command_) -> Answer:
        def once(tx: Tx, command: Any) -> str:
            said = f"{tx.caller.actor} {ask.subject} {command.model_dump_json(exclude={'request_id'})}"
            asked = sha256(said.encode()).hexdigest()
            if (before := tx.answered(command.request_id, asked)) is not None:
                return before
            answer = do(tx, command).model_dump_json()
            tx.remember(command.request_id, asked, answer)
            return answer

        async def answer(command: BaseModel) -> str:
            return await self.change(once, command)

        return answer

    def _question(self, tell: Question_) -> Answer:
        async def answer(question: BaseModel) -> BaseModel:
            return await self.read(tell, question)

        return answer

    async def _health(self, _question: GetHealth) -> Health:
        unsent, oldest = await self.store.hop(self.store.outbox_lag)
        return Health(
            service=self.name,
            outbox_unsent=unsent,
            outbox_oldest_seconds=round(oldest, 3),
            consumer_pending=await self.stream.waiting(self.name) if self.reactions else 0,
            parked=len(await self.store.hop(self.store.parked)),
            numbers=self.numbers,
        )

    async def _history(self, question: ListHistory) -> History:
        if not may(self.seen_with, question.ceremony_id):
            return History(entries=())
        rows, after = await self.read(trail.page, self.name, caller().office, question)
        return History(entries=tuple(self._entry(row) for row in rows), next=after)

    def _entry(self, row: Any) -> HistoryEntry:
        event = Event.model_validate_json(row.body)
        hidden = [name for name, action in self.secrets.items() if not may(action, event.subject)]
        values = trail.values_of(row, hidden)
        return HistoryEntry(
            service=self.name,
            seq=row.seq,
            event_id=event.id,
            at=event.time,
            type=event.type,
            subject=event.subject,
            actor=event.authid,
            authtype=event.authtype,
            office=event.office,
            correlation=event.correlationid,
            data=event.data,
            before=values.before,
            after=values.after,
            values=values.shown,
        )

    async def _audit_head(self, _question: GetAuditHead) -> AuditHead:
        return await self.read(trail.head, self.name)

    async def _verify_audit(self, question: VerifyAudit) -> AuditCheck:
        verifying = trail.Verifying(self.name, question.through)
        while await self.read(verifying.piece):
            pass
        return verifying.result()

    async def _list_parked(self, _question: ListParked) -> Parked:
        return Parked(parked=tuple([self._parked_work(row, event) for row, event in await self._parked()]))

    async def _parked(self) -> list[tuple[Any, Event]]:
        """Those of the caller's office; the house sees everybody's."""
        rows = [(row, Event.model_validate_json(row.body)) for row in await self.store.hop(self.store.parked)]
        return [found for found in rows if caller().auth == "system" or found[1].office == caller().office]

    def _parked_work(self, row: Any, event: Event) -> ParkedWork:
        at = event.time.fromtimestamp(row.at, tz=event.time.tzinfo)
        return ParkedWork(
            event_id=event.id,
            service=self.name,
            type=event.type,
            subject=event.subject,
            reason=row.reason,
            attempts=row.attempts,
            at=at,
        )

    async def _retry_parked(self, command: RetryParked) -> Retried:
        """Try parked events again, in the order in which they were parked, beside the events that go on."""
        done, again = 0, 0
        for _, event in await self._parked():
            if command.event_id in {None, event.id}:
                try:
                    await self._handle_as_it_was(event)
                    done += 1
                except Exception as error:  # noqa: BLE001 - outermost loop of the worker: it stays parked, with the new reason
                    log.warning("a parked event failed again", event_id=event.id, reason=reason(error))
                    again += 1
        return Retried(done=done, parked_again=again)

    async def _handle_as_it_was(self, event: Event) -> None:
        asked_by = caller()
        work_for(Caller(office=event.office, auth="system", actor=event.authid, correlation=event.correlationid))
        try:
            await self._handle(event)
        except Exception as error:  # parked again with what is wrong now, then told to who asked
            await self.store.hop(self.store.park, event, reason(error))
            raise
        finally:
            work_for(asked_by)
        await self.store.hop(self.store.unpark, event.id)

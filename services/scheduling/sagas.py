"""Imports and releases: every service does its share, then scheduling commits; what a crash cuts is finished.

Hides the saga that each of them is (ADR 0008).
"""

import asyncio
from collections.abc import Coroutine
from typing import Any
from weakref import WeakValueDictionary

import structlog

import schemas.scheduling as ask
from schemas import awards, guests
from schemas.envelope import Caller, Strict, new_id
from schemas.errors import Problem, RequestReused, UnderWay
from schemas.parts import CommitPart, DropPart, FreezePart, PartChange, Staged
from schemas.rights import require
from services.kit.context import caller, work_for
from services.kit.store import Tx
from services.scheduling import model, store
from services.scheduling.sealing import Sealing
from services.scheduling.store import Saga

log = structlog.get_logger()
_LONG = 60  # seconds for the steps of an import of ten thousand guests


class ImportBody(Strict):
    """What an import has still to do; the other parts lie staged with their services."""

    code: str
    created: bool
    plan: ask.SchedulingPlan
    outcome: ask.PlanOutcome


class ReleaseBody(Strict):
    part: ask.SchedulingPart
    note: str | None


class Sagas(Sealing):
    """What scheduling does with the others."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._turns = WeakValueDictionary[str, asyncio.Lock]()

    def background(self) -> list[Coroutine[Any, Any, None]]:
        return [self._finish_what_was_cut(), self.seal_what_waits()]

    # Importing a plan: every service checks and stages its part; then each commits its own; we commit last.

    async def check_plan(self, question: ask.CheckPlan) -> ask.PlanOutcome:
        await self._may_import(question.plan)
        outcome, _ = await self._stage(None, question.plan)
        return outcome

    async def import_plan(self, command: ask.ImportPlan) -> ask.PlanOutcome:
        async with self._turn(f"import {command.request_id}"):  # a client that repeats waits for the first answer
            await self._may_import(command.plan)
            saga = await self._begun(command.request_id, "import", command.plan.scheduling.code)
            if saga is None:
                outcome, plan = await self._stage(command.request_id, command.plan)
                if not outcome.accepted or outcome.unchanged:
                    await self._drop(command.request_id)
                    return outcome
                saga = await self.change(_begin_import, command.request_id, plan, outcome)
            return ask.PlanOutcome.model_validate_json(await self._finish(saga))

    async def _may_import(self, plan: ask.Plan) -> None:
        """For the ceremony that the plan is of; for the whole office if there is none of its code yet."""
        present = await self.read(store.by_code, caller().office, plan.scheduling.code)
        require(caller(), "plan.import", present.id if present else None)

    async def _stage(self, saga: str | None, plan: ask.Plan) -> tuple[ask.PlanOutcome, ask.SchedulingPlan]:
        """Ask every service what the plan would do; with a saga, have each lay its part aside."""
        office, fields = caller().office, plan.scheduling.ceremony
        present = await self.read(store.by_code, office, plan.scheduling.code)
        if present and present.under_way:
            raise UnderWay(work=present.under_way, what=present.code)
        ceremony_id = present.id if present else new_id()
        where = {"profile": fields.profile, "on": fields.on}
        staged = await self._stage_guests(saga, ceremony_id, where, plan.guests)
        listed = await self._stage_awards(saga, ceremony_id, where, _with_ids(plan.awards, staged.ids))
        problems, change, own = await self.read(_compare, present, plan.scheduling, staged.ids)
        problems += model.strangers(plan.awards, staged.ids)
        outcome = ask.PlanOutcome(
            ceremony_id=ceremony_id,
            version=present.version if present else None,
            problems=(*problems, *staged.problems, *listed.problems),
            changes={"scheduling": change, "guests": staged.change, "awards": listed.change},
        )
        return outcome, own

    async def _stage_guests(
        self, saga: str | None, ceremony_id: str, where: Any, plan: guests.GuestsPlan
    ) -> guests.StagedGuests:
        if saga is None:
            return await self.ask(
                guests.check, guests.CheckGuests(ceremony_id=ceremony_id, plan=plan, **where), _LONG
            )
        command = guests.StageGuests(saga=saga, ceremony_id=ceremony_id, plan=plan, **where)
        return await self.ask(guests.stage, command, _LONG)

    async def _stage_awards(self, saga: str | None, ceremony_id: str, where: Any, plan: awards.AwardsPlan) -> Staged:
        if saga is None:
            return await self.ask(
                awards.check, awards.CheckAwards(ceremony_id=ceremony_id, plan=plan, **where), _LONG
            )
        command = awards.StageAwards(saga=saga, ceremony_id=ceremony_id, plan=plan, **where)
        return await self.ask(awards.stage, command, _LONG)

    async def _drop(self, saga: str) -> None:
        await self.ask(guests.drop, DropPart(saga=saga))
        await self.ask(awards.drop, DropPart(saga=saga))

    # Releasing: every service freezes its part under the number; we commit last.

    async def release_ceremony(self, command: ask.ReleaseCeremony) -> ask.Released:
        async with self._turn(f"release {command.request_id}"):
            saga = await self._begun(command.request_id, "release", command.ceremony_id)
            if saga is None:
                saga = await self.change(_begin_release, command)
            done = ask.Released.model_validate_json(await self._finish(saga))
        return done.model_copy(update={"audit_head": await self.sealed(done.ceremony_id, done.release)})

    def _turn(self, name: str) -> asyncio.Lock:
        """One at a time of those with this name; forgotten when nobody holds it."""
        lock = self._turns.get(name)
        if lock is None:
            lock = self._turns[name] = asyncio.Lock()
        return lock

    async def _begun(self, request_id: str, kind: str, which: str) -> Saga | None:
        """The saga that this request began before, if it did; the answer to one is for nobody else's ceremony."""
        saga = await self.read(store.saga_by_id, caller().office, request_id)
        if saga is None:
            return None
        found = await self.read(store.by_id, saga.office, saga.ceremony_id)
        if saga.kind != kind or which not in {found.id, found.code}:
            raise RequestReused(id=request_id)
        return saga

    # Finishing, also after a crash.

    async def _finish(self, saga: Saga) -> str:
        """Do what is left of an import or a release; answers what was answered before if nothing is left."""
        async with self._turn(f"finish {saga.id}"):
            now = await self.read(store.saga_by_id, saga.office, saga.id) or saga
            if now.answer is None:
                answer = await (self._finish_import(now) if now.kind == "import" else self._finish_release(now))
            else:
                answer = now.answer
        return answer

    async def _finish_import(self, saga: Saga) -> str:
        commit = CommitPart(saga=saga.id, ceremony_id=saga.ceremony_id, request_id=saga.id)
        theirs = await self.ask(guests.commit, commit, _LONG), await self.ask(awards.commit, commit, _LONG)
        parts = {"guests": theirs[0].hash, "awards": theirs[1].hash}
        return await self.change(_commit_import, saga, parts)

    async def _finish_release(self, saga: Saga) -> str:
        body = ReleaseBody.model_validate_json(saga.body)
        freeze = FreezePart(
            ceremony_id=saga.ceremony_id,
            release=body.part.release or 0,
            profile=body.part.ceremony.profile,
            on=body.part.ceremony.on,
            saga=saga.id,
            request_id=saga.id,
        )
        theirs = await self.ask(guests.freeze, freeze, _LONG), await self.ask(awards.freeze, freeze, _LONG)
        return await self.change(_commit_release, saga, body, {"guests": theirs[0].hash, "awards": theirs[1].hash})

    async def _finish_what_was_cut(self) -> None:
        """An import or a release that lost its process between two services is finished here."""
        while True:
            try:
                for saga in await self.read(store.unfinished):
                    await self._finish_or_wait(saga)
            except Exception as error:  # noqa: BLE001 - outermost loop of the worker: the database comes back
                log.warning("unfinished imports and releases cannot be read", error=repr(error))
            await asyncio.sleep(1)

    async def _finish_or_wait(self, saga: Saga) -> None:
        """One that cannot be finished does not hold up the others."""
        work_for(Caller(office=saga.office, auth="system", actor=saga.actor, correlation=saga.correlation))
        try:
            await self._finish(saga)
        except Exception as error:  # noqa: BLE001 - outermost loop of the worker: tried again in a second
            log.warning("an import or release waits to be finished", saga=saga.id, error=repr(error))


# The transactions of plans and releases.


def _with_ids(plan: awards.AwardsPlan, ids: dict[str, str]) -> awards.AwardsPlan:
    """The plan's award lines with refs of presenters replaced by guest ids."""

    def known(line: awards.LineFields) -> awards.LineFields:
        if line.presenter is None or line.presenter.guest is None:
            return line
        who = line.presenter.model_copy(update={"guest": ids.get(line.presenter.guest, line.presenter.guest)})
        return line.model_copy(update={"presenter": who})

    return plan.model_copy(update={"lines": tuple(known(line) for line in plan.lines)})


def _compare(
    conn: Any, present: ask.Ceremony | None, plan: ask.SchedulingPlan, ids: dict[str, str]
) -> tuple[list[Problem], PartChange, ask.SchedulingPlan]:
    """Our own part of a check: its problems, what it would change, and the plan with guest ids."""
    problems = model.problems_of(plan.ceremony, plan.items, ids)
    own = plan.model_copy(update={"items": tuple(model.with_guest_ids(item, ids) for item in plan.items)})
    change = model.compare(store.items(conn, present.id) if present else (), own.items)
    if present is None:
        change = change.model_copy(update={"created": change.created + 1})
    elif model.changed_fields(present, plan.ceremony):
        change = change.model_copy(update={"updated": change.updated + 1})
    return problems, change, own


def _begin_import(tx: Tx, saga_id: str, plan: ask.SchedulingPlan, outcome: ask.PlanOutcome) -> Saga:
    """The point of no return: from here on the ceremony shows that an import is under way."""
    ceremony_id = outcome.ceremony_id or new_id()
    if created := store.by_code(tx.conn, tx.caller.office, plan.code) is None:
        store.insert(tx, ceremony_id, plan.code, plan.ceremony, 0)
    elif outcome.version is None:  # somebody planned it meanwhile: the other parts are staged for another ceremony
        raise model.CodeTaken(code=plan.code)
    else:
        store.for_change(tx, ceremony_id, outcome.version)
    body = ImportBody(code=plan.code, created=created, plan=plan, outcome=outcome)
    return store.begin(tx, saga_id, ceremony_id, "import", body.model_dump_json())


def _commit_import(tx: Tx, saga: Saga, parts: dict[str, str]) -> str:
    body = ImportBody.model_validate_json(saga.body)
    old = store.by_id(tx.conn, saga.office, saga.ceremony_id)
    version = old.version + 1
    outcome = body.outcome.model_copy(update={"ceremony_id": old.id, "version": version})
    answer: str = outcome.model_dump_json()
    if not store.end(tx, saga.id, answer):
        return answer
    ids = {item.key: item.id for item in store.items(tx.conn, old.id)}
    new = [ask.Item(id=ids.get(item.key, new_id()), **item.model_dump()) for item in body.plan.items]
    store.save_items(tx, old.id, model.in_order(new))
    store.save(tx, old.id, version, body.plan.ceremony)
    if body.created:
        tx.emit(ask.CeremonyPlanned(version=version, code=body.code, on=body.plan.ceremony.on), old.id)
    own = model.part(store.by_id(tx.conn, saga.office, old.id), store.items(tx.conn, old.id))
    fact = ask.PlanImported(version=version, parts={"scheduling": own.hash, **parts})
    tx.emit(fact, old.id, before=store.fields_of(old).model_dump(mode="json"), after=own.model_dump(mode="json"))
    return answer


def _begin_release(tx: Tx, command: ask.ReleaseCeremony) -> Saga:
    old = store.for_change(tx, command.ceremony_id, command.expected_version)
    number = old.release + 1
    frozen = old.model_copy(update={"release": number, "released_version": old.version})
    part = model.part(frozen, store.items(tx.conn, old.id), number)
    body = ReleaseBody(part=part, note=command.note)
    return store.begin(tx, command.request_id, old.id, "release", body.model_dump_json())


def _commit_release(tx: Tx, saga: Saga, body: ReleaseBody, parts: dict[str, str]) -> str:
    part, number = body.part, body.part.release or 0
    hashes = {"scheduling": part.hash, **parts}
    released = ask.Released(ceremony_id=saga.ceremony_id, release=number, version=part.ceremony.version, parts=hashes)
    answer: str = released.model_dump_json()
    if store.end(tx, saga.id, answer):
        store.add_release(tx, part, body.note, hashes)
        store.await_seal(tx, saga, number)
        tx.emit(ask.CeremonyReleased(version=part.ceremony.version, release=number, parts=hashes), saga.ceremony_id)
    return answer

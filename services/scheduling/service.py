"""Scheduling: ceremonies, running order, plans and releases. Its commands and questions, on one screen."""

import asyncio
from collections.abc import Coroutine
from typing import Any
from weakref import WeakValueDictionary

import structlog

import schemas.scheduling as ask
from schemas import audit, awards, guests
from schemas.envelope import Caller, Strict, Versioned, new_id
from schemas.errors import NotFound, Problem, RequestReused, UnderWay
from schemas.parts import CommitPart, DropPart, FreezePart, PartChange, Staged
from schemas.rights import require
from services.kit.context import caller, ceremonies_where, may, work_for
from services.kit.store import Tx
from services.scheduling import model, store
from services.scheduling.sealing import Sealing, find_seal
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


class Scheduling(Sealing):
    name = "scheduling"
    seen_with = "ceremony.see"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.commands = {
            ask.create_ceremony: create_ceremony,
            ask.change_ceremony: change_ceremony,
            ask.move_ceremony: move_ceremony,
            ask.put_item: put_item,
            ask.remove_item: remove_item,
        }
        self.questions = {audit.find_seal: find_seal}
        self.talks = {
            audit.seal_audit: self.seal_audit,
            ask.check_plan: self.check_plan,
            ask.import_plan: self.import_plan,
            ask.release_ceremony: self.release_ceremony,
            ask.list_ceremonies: self.list_ceremonies,
            ask.find_ceremony: self.find_ceremony,
            ask.get_part: self.get_part,
            ask.list_releases: self.list_releases,
        }
        self._turns = WeakValueDictionary[str, asyncio.Lock]()

    def background(self) -> list[Coroutine[Any, Any, None]]:
        return [self._finish_what_was_cut(), self.seal_what_waits()]

    # Questions.

    async def list_ceremonies(self, question: ask.ListCeremonies) -> ask.Ceremonies:
        among = ceremonies_where("ceremony.see")
        found = await self.read(store.page, caller().office, among, question.after, question.limit + 1)
        more = len(found) > question.limit
        shown = tuple(found[: question.limit])
        return ask.Ceremonies(ceremonies=shown, next=shown[-1].id if more else None)

    async def find_ceremony(self, question: ask.FindCeremony) -> ask.Ceremony:
        found = await self.read(store.find, caller().office, question.which)
        if not may("ceremony.see", found.id):
            raise NotFound(what="ceremony", which=question.which)
        return found

    async def get_part(self, question: ask.GetPart) -> ask.SchedulingPart:
        return await self.read(_part, caller().office, question.ceremony_id, question.release)

    async def list_releases(self, question: ask.ListReleases) -> ask.Releases:
        found = await self.read(store.by_id, caller().office, question.ceremony_id)
        return ask.Releases(releases=tuple(await self.read(store.releases, found.id)))

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


# Commands: each in one transaction.


def create_ceremony(tx: Tx, command: ask.CreateCeremony) -> Versioned:
    model.check_fields(command.ceremony)
    if store.by_code(tx.conn, tx.caller.office, command.code):
        raise model.CodeTaken(code=command.code)
    ceremony_id = new_id()
    store.insert(tx, ceremony_id, command.code, command.ceremony, 1)
    fact = ask.CeremonyPlanned(version=1, code=command.code, on=command.ceremony.on)
    tx.emit(fact, ceremony_id, after=command.ceremony.model_dump(mode="json"))
    return Versioned(id=ceremony_id, version=1)


def change_ceremony(tx: Tx, command: ask.ChangeCeremony) -> Versioned:
    model.check_fields(command.ceremony)
    old = store.for_change(tx, command.ceremony_id, command.expected_version)
    fields = model.changed_fields(old, command.ceremony)
    if not fields:
        return Versioned(id=old.id, version=old.version)
    return _save(tx, old, command.ceremony, ask.CeremonyChanged(version=old.version + 1, fields=fields))


def move_ceremony(tx: Tx, command: ask.MoveCeremony) -> Versioned:
    old = store.for_change(tx, command.ceremony_id, command.expected_version)
    fields, items = model.moved(store.fields_of(old), store.items(tx.conn, old.id), command)
    model.check_fields(fields)
    store.save_items(tx, old.id, items)
    return _save(tx, old, fields, ask.CeremonyMoved(version=old.version + 1, on=fields.on, start=fields.start))


def put_item(tx: Tx, command: ask.PutItem) -> Versioned:
    old = store.for_change(tx, command.ceremony_id, command.expected_version)
    return _save_items(tx, old, model.put(store.items(tx.conn, old.id), command.item, new_id()))


def remove_item(tx: Tx, command: ask.RemoveItem) -> Versioned:
    old = store.for_change(tx, command.ceremony_id, command.expected_version)
    kept = tuple(item for item in store.items(tx.conn, old.id) if item.key != command.key)
    return _save_items(tx, old, kept)


def _save(tx: Tx, old: ask.Ceremony, fields: ask.CeremonyFields, fact: Any) -> Versioned:
    store.save(tx, old.id, old.version + 1, fields)
    before, after = store.fields_of(old).model_dump(mode="json"), fields.model_dump(mode="json")
    tx.emit(fact, old.id, before=before, after=after)
    return Versioned(id=old.id, version=old.version + 1)


def _save_items(tx: Tx, old: ask.Ceremony, new: tuple[ask.Item, ...]) -> Versioned:
    was = store.items(tx.conn, old.id)
    change, version = model.compare(was, new), old.version + 1
    if not change.any:
        return Versioned(id=old.id, version=old.version)
    keys = model.changed_keys(was, new)
    store.save_items(tx, old.id, new)
    store.save(tx, old.id, version, store.fields_of(old))
    tx.emit(_order_changed(version, change, keys), old.id, before=_said(was, keys), after=_said(new, keys))
    return Versioned(id=old.id, version=version)


def _said(items: tuple[ask.Item, ...], keys: list[str]) -> dict[str, object]:
    """For history: the items that a change is about, as they are on one of its sides."""
    return {"items": [item.model_dump(mode="json") for item in items if item.key in keys]}


def _order_changed(version: int, change: PartChange, keys: list[str]) -> ask.RunningOrderChanged:
    counts = change.model_dump(include={"created", "updated", "removed"})
    return ask.RunningOrderChanged(version=version, keys=tuple(keys[:100]), **counts)


# The transactions of plans and releases.


def _part(conn: Any, office: str, ceremony_id: str, release: int | None) -> ask.SchedulingPart:
    found = store.by_id(conn, office, ceremony_id)
    if release is not None:
        return store.released_part(conn, found.id, release)
    return model.part(found, store.items(conn, found.id))


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
    own = _part(tx.conn, saga.office, old.id, None)
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

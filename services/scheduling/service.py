"""Scheduling: ceremonies, running order, plans and releases. Its commands and questions, on one screen."""

from typing import Any

import schemas.scheduling as ask
from schemas import audit, open_points, stand_ins
from schemas.differences import CompareRelease, Differences, compare_order, differences
from schemas.envelope import Versioned, new_id
from schemas.errors import NotFound
from schemas.parts import PartChange
from schemas.protocol import profile_for
from schemas.stand_ins import HandedOver, HandOver
from schemas.traces import GuestErased, Traced
from services.kit.context import caller, ceremonies_where, may
from services.kit.store import Connection, Tx
from services.scheduling import model, store
from services.scheduling.sagas import Sagas
from services.scheduling.sealing import find_seal


class Scheduling(Sagas):
    name = "scheduling"
    seen_with = "ceremony.see"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.commands = {
            ask.create_ceremony: create_ceremony,
            ask.change_ceremony: change_ceremony,
            ask.move_ceremony: move_ceremony,
            ask.put_item: put_item,
            ask.add_items: add_items,
            ask.order_items: order_items,
            ask.remove_item: remove_item,
            stand_ins.hand_over_items: hand_over,
        }
        self.reactions = {GuestErased: self.forget}
        self.questions = {audit.find_seal: find_seal, ask.check_move: check_move}
        self.talks = {
            audit.seal_audit: self.seal_audit,
            ask.check_plan: self.check_plan,
            ask.import_plan: self.import_plan,
            ask.release_ceremony: self.release_ceremony,
            ask.list_ceremonies: self.list_ceremonies,
            ask.find_ceremony: self.find_ceremony,
            ask.get_part: self.get_part,
            ask.list_releases: self.list_releases,
            open_points.list_open_points: self.list_open_points,
            compare_order: self.compare_release,
        }

    def erase(self, tx: Tx, traced: Traced) -> int:
        """The ceremony is at another version, so nobody goes on with what it was."""
        rows = super().erase(tx, traced)
        if rows:
            found = store.by_id(tx.conn, tx.caller.office, traced.ceremony_id)
            store.save(tx, found.id, found.version + 1, store.fields_of(found))
        return rows

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
        return await self.read(store.part, caller().office, question.ceremony_id, question.release)

    async def list_open_points(self, question: open_points.ListOpenPoints) -> open_points.OpenPoints:
        part = await self.read(store.part, caller().office, question.ceremony_id, None)
        profile = profile_for(part.ceremony.profile, part.ceremony.on)
        return open_points.OpenPoints(points=open_points.open_points(part.ceremony, part.items, profile))

    async def compare_release(self, question: CompareRelease) -> Differences:
        draft = await self.read(store.part, caller().office, question.ceremony_id, None)
        release = question.release or draft.ceremony.release
        if not release:
            return Differences(release=0)
        then = await self.read(store.part, caller().office, question.ceremony_id, release)
        return differences(release, model.compared_with(then, draft))

    async def list_releases(self, question: ask.ListReleases) -> ask.Releases:
        found = await self.read(store.by_id, caller().office, question.ceremony_id)
        return ask.Releases(releases=tuple(await self.read(store.releases, found.id)))


def check_move(conn: Connection, question: ask.CheckMove) -> ask.MoveChecked:
    found = store.by_id(conn, caller().office, question.ceremony_id)
    fields, items = model.moved(store.fields_of(found), store.items(conn, found.id), question)
    model.check_fields(fields)
    return ask.MoveChecked(ceremony=fields, items=items)


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


def add_items(tx: Tx, command: ask.AddItems) -> Versioned:
    old = store.for_change(tx, command.ceremony_id, command.expected_version)
    items = model.added(store.items(tx.conn, old.id), command.items, command.after, iter(new_id, None))
    return _save_items(tx, old, items)


def order_items(tx: Tx, command: ask.OrderItems) -> Versioned:
    old = store.for_change(tx, command.ceremony_id, command.expected_version)
    return _save_items(tx, old, model.ordered(store.items(tx.conn, old.id), command.keys))


def remove_item(tx: Tx, command: ask.RemoveItem) -> Versioned:
    old = store.for_change(tx, command.ceremony_id, command.expected_version)
    kept = tuple(item for item in store.items(tx.conn, old.id) if item.key != command.key)
    return _save_items(tx, old, kept)


def hand_over(tx: Tx, command: HandOver) -> HandedOver:
    old = store.for_change(tx, command.ceremony_id, None)
    was = store.items(tx.conn, old.id)
    new = tuple(model.handed_over(item, command) for item in was)
    _save_items(tx, old, new)
    return HandedOver(changed=sum(one != other for one, other in zip(was, new, strict=True)))


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

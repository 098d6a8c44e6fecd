"""How long contact data and papers are kept: said per ceremony, looked after by a worker that erases what is due."""

import asyncio
import json
from collections.abc import Coroutine
from datetime import date, datetime
from functools import partial
from typing import Any

import structlog

import schemas.privacy as ask
from schemas.envelope import Caller, Versioned
from schemas.privacy import ContactsExpired, Keeping, PapersExpired, Retention, Retentions
from services.guests import several, store
from services.guests.model.keeping import due
from services.guests.model.lists import Kept as Guest
from services.guests.store import keeping as sql
from services.guests.store.keeping import Kept
from services.kit.context import caller, ceremonies_where, work_for
from services.kit.service import Service
from services.kit.store import Connection, Tx

log = structlog.get_logger()
_EVERY = 60.0  # seconds


class KeepingTime(Service):
    """What guests does when the time of something is up."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        contacts, papers = self.settings.keep_contacts_days, self.settings.keep_papers_days
        self.keeping = Keeping(contacts_days=contacts, papers_days=papers)

    def background(self) -> list[Coroutine[Any, Any, None]]:
        return [*super().background(), self._erase_for_ever()]

    async def _erase_for_ever(self) -> None:
        while True:
            try:
                await self.erase_what_is_due()
            except Exception as error:  # noqa: BLE001 - outermost loop of the worker: it is due the next time too
                log.warning("what is due cannot be erased", error=repr(error))
            await asyncio.sleep(_EVERY)

    async def erase_what_is_due(self) -> None:
        today = self.store.clock().date()
        for one in await self.read(sql.all_kept):
            work_for(Caller(office=one.office, auth="system"))
            told = await self.read(partial(_told, default=self.keeping), one)
            if _passed(told.contacts_due, today) and (told.contacts or not told.contacts_erased):
                await self.change(_erase_contacts, one)
                await self.store.hop(self.store.cut_log)
            if _passed(told.papers_due, today) and not told.papers_erased:
                await self.change(_erase_papers, one)

    async def get_retention(self, question: ask.GetRetention) -> Retention:
        found = await self.read(sql.kept, caller().office, question.ceremony_id)
        return await self.read(partial(_told, default=self.keeping), found)

    async def list_retentions(self, _question: ask.ListRetentions) -> Retentions:
        among = ceremonies_where("people.kept")

        def told(conn: Connection) -> Retentions:
            found = sql.all_kept(conn, caller().office, among)
            return Retentions(retentions=tuple(_told(conn, one, default=self.keeping) for one in found))

        return await self.read(told)


def keep_for(tx: Tx, command: ask.KeepFor) -> Versioned:
    old = sql.kept(tx.conn, tx.caller.office, command.ceremony_id).keeping
    new = command.keeping.model_dump_json() if command.keeping else None
    version = sql.keep_for(tx, command.ceremony_id, command.expected_version, new)
    fact = ask.RetentionChanged(version=version)
    tx.emit(fact, command.ceremony_id, before=json.loads(old or "null"), after=json.loads(new or "null"))
    return Versioned(id=command.ceremony_id, version=version)


def _told(conn: Connection, one: Kept, *, default: Keeping) -> Retention:
    keeping = Keeping.model_validate_json(one.keeping) if one.keeping else default
    return Retention(
        ceremony_id=one.ceremony_id,
        version=one.version,
        said=one.keeping is not None,
        keeping=keeping,
        contacts_due=due(one.on, keeping.contacts_until, keeping.contacts_days),
        papers_due=due(one.on, keeping.papers_until, keeping.papers_days),
        contacts=len(sql.with_contacts(conn, one.ceremony_id)),
        contacts_erased=_at(one.contacts_erased),
        papers_erased=_at(one.papers_erased),
    )


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _passed(day: date | None, today: date) -> bool:
    return day is not None and day <= today


def _erase_contacts(tx: Tx, one: Kept) -> None:
    head = store.for_change(tx, one.ceremony_id, None)
    touched = sql.with_contacts(tx.conn, one.ceremony_id)
    sql.take_contacts(tx, one.ceremony_id)
    version = several.next_version(tx, one.ceremony_id, head)
    left = [_without(guest) for guest in store.guests_by_id(tx.conn, touched).values()]
    store.put(tx, one.ceremony_id, left, version)
    sql.note_erased(tx, one, "contacts")
    tx.emit(ContactsExpired(version=version, guests=len(touched)), one.ceremony_id)


def _without(guest: Guest) -> Guest:
    person = guest.person and guest.person.model_copy(update={"email": None, "phone": None})
    group = guest.group and guest.group.model_copy(update={"email": None})
    return guest.model_copy(update={"person": person, "group": group, "original": None, "version": guest.version + 1})


def _erase_papers(tx: Tx, one: Kept) -> None:
    sql.note_erased(tx, one, "papers")
    tx.emit(PapersExpired(version=one.version), one.ceremony_id)

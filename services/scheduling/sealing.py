"""Sealing the audit trails of all services: at every release, and whenever the operator wants to note a head.

Hides that every service is asked, and that a seal which a crash or a silent service stopped is made up for.
"""

import asyncio
from functools import partial
from typing import Any

import structlog

from schemas.audit import AuditSeal, AuditSealed, FindSeal, FoundSeal, SealAudit, seal_audit
from schemas.envelope import Caller, Event
from schemas.errors import Refusal
from schemas.house import SERVICES, AuditHead, GetAuditHead, audit_head
from services.kit import trail
from services.kit.context import caller, work_for
from services.kit.service import Service
from services.kit.store import Connection, Tx
from services.scheduling import store

log = structlog.get_logger()
_SOON = 3  # seconds that a release waits for a service's head; the seal itself is made up for later
Heads = dict[str, AuditHead]


class Sealing(Service):
    """What scheduling does for the trails of the whole house."""

    async def seal_audit(self, command: SealAudit) -> Any:
        return await self._command(seal_audit, partial(_seal_now, await self._heads()))(command)

    async def sealed(self, ceremony_id: str, release: int) -> str | None:
        """The head sealed at this release. None: it is still to be done, or there were no seals yet."""
        waits, head = await self.read(store.seal_of, ceremony_id, release)
        if not waits:
            return head
        try:
            heads = await self._heads()
        except Refusal as refusal:
            log.info("a release waits to be sealed", ceremony=ceremony_id, release=release, reason=refusal.code)
            return None
        return await self.change(_seal_release, ceremony_id, release, heads)

    async def _heads(self) -> Heads:
        """Those of the others: our own is read in the transaction that seals."""
        others = [name for name in SERVICES if name != self.name]
        asked = (self.ask(audit_head[name], GetAuditHead(), _SOON) for name in others)
        return dict(zip(others, await asyncio.gather(*asked), strict=True))

    async def seal_what_waits(self) -> None:
        """Releases whose seal was stopped are sealed here."""
        while True:
            try:
                for one in await self.read(store.unsealed):
                    work_for(Caller(office=one.office, auth="system", actor=one.actor, correlation=one.correlation))
                    if await self.sealed(one.ceremony_id, one.release) is None:
                        break
            except Exception as error:  # noqa: BLE001 - outermost loop of the worker: the database comes back
                log.warning("releases cannot be sealed", error=repr(error))
            await asyncio.sleep(1)


def _seal_now(heads: Heads, tx: Tx, _command: SealAudit) -> AuditSeal:
    return _seal(tx, tx.caller.office, None, heads)


def _seal_release(tx: Tx, ceremony_id: str, release: int, heads: Heads) -> str | None:
    waits, head = store.seal_of(tx.conn, ceremony_id, release)
    if not waits:
        return head
    head = _seal(tx, ceremony_id, release, heads).head
    store.note_seal(tx, ceremony_id, release, head)
    return head


def _seal(tx: Tx, about: str, release: int | None, heads: Heads) -> AuditSeal:
    event = tx.emit(AuditSealed(release=release, heads={tx.service: tx.head(), **heads}), about)
    return _told(event, tx.head())


def _told(event: Event, at: AuditHead) -> AuditSeal:
    fact = AuditSealed.model_validate(event.data)
    return AuditSeal(
        head=at.chain,
        seq=at.seq,
        event_id=event.id,
        at=event.time,
        ceremony_id=event.subject if fact.release else None,
        release=fact.release,
        heads=fact.heads,
    )


def find_seal(conn: Connection, question: FindSeal) -> FoundSeal:
    """One's own office's; the house finds anybody's by its head."""
    office = None if question.head and caller().auth == "system" else caller().office
    row = trail.find(conn, AuditSealed.type, office, question.head)
    found = row and _told(Event.model_validate_json(row.body), AuditHead(seq=row.seq, chain=row.chain))
    return FoundSeal(seal=found)

"""How long is kept what: what was said per ceremony, and the contact data of all guests of one taken out."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from schemas.errors import NotFound, StaleVersion
from services.guests.store.tables import arrangement, guest, guest_list, need, plus_one, retention
from services.kit import traces
from services.kit.store import Connection, Tx

_ASIDE = (arrangement, plus_one, need)
_FIELDS: dict[str, Any] = {
    "email": None,
    "phone": None,
    "original": None,
    "contact": None,
    "arrival": None,
    "needs": [],
    "plus_ones": [],
}


class Kept(NamedTuple):
    """Of a ceremony with a guest list; `keeping` is JSON, null where nothing was said."""

    ceremony_id: str
    office: str
    on: date | None
    version: int
    keeping: str | None
    contacts_erased: str | None
    papers_erased: str | None


def all_kept(conn: Connection, office: str | None = None, among: Collection[str] | None = None) -> list[Kept]:
    """Of these ceremonies, or of all; None: of every office."""
    own, said = guest_list.c, retention.c
    version = sa.func.coalesce(said.version, 0)
    rows = sa.select(
        own.ceremony_id, own.office, own.on, version, said.keeping, said.contacts_erased, said.papers_erased
    )
    rows = rows.outerjoin_from(guest_list, retention, said.ceremony_id == own.ceremony_id).order_by(own.on.desc())
    if office is not None:
        rows = rows.where(own.office == office)
    if among is not None:
        rows = rows.where(own.ceremony_id.in_(among))
    return [Kept(*row) for row in conn.execute(rows)]


def kept(conn: Connection, office: str, ceremony_id: str) -> Kept:
    found = all_kept(conn, office, {ceremony_id})
    if not found:
        raise NotFound(what="guest list of the ceremony", which=ceremony_id)
    return found[0]


def keep_for(tx: Tx, ceremony_id: str, expected_version: int, keeping: str | None) -> int:
    """The next version of what was said."""
    now = kept(tx.conn, tx.caller.office, ceremony_id)
    if now.version != expected_version:
        raise StaleVersion(what="How long is kept what", expected=expected_version, actual=now.version)
    _save(tx, now, {"version": now.version + 1, "keeping": keeping, "papers_erased": None})
    return now.version + 1


def note_erased(tx: Tx, now: Kept, what: str) -> None:
    """`what`: contacts or papers."""
    _save(tx, now, {f"{what}_erased": tx.now.isoformat()})


def _save(tx: Tx, now: Kept, values: dict[str, Any]) -> None:
    changed = retention.update().where(retention.c.ceremony_id == now.ceremony_id).values(values)
    if tx.conn.execute(changed).rowcount == 0:
        tx.conn.execute(retention.insert(), {"ceremony_id": now.ceremony_id, "version": 0, **values})


def release_made(tx: Tx, ceremony_id: str) -> None:
    """There are papers again."""
    tx.conn.execute(retention.update().where(retention.c.ceremony_id == ceremony_id).values(papers_erased=None))


def with_contacts(conn: Connection, ceremony_id: str) -> set[str]:
    """Of which guests there are addresses, numbers, cells as a list had them, needs or company."""
    here = guest.c.ceremony_id == ceremony_id
    reached = sa.select(guest.c.id).where(
        here, sa.func.coalesce(guest.c.email, guest.c.phone, guest.c.original) != ""
    )
    aside = (sa.select(guest.c.id).join(table, table.c.guest_id == guest.c.id).where(here) for table in _ASIDE)
    return {guest_id for rows in (reached, *aside) for guest_id in conn.execute(rows).scalars()}


def take_contacts(tx: Tx, ceremony_id: str) -> None:
    """What stands beside the guests, in former values and in what releases froze; the guests' own rows are written
    anew by `put`.
    """
    mine = sa.select(guest.c.id).where(guest.c.ceremony_id == ceremony_id).scalar_subquery()
    for table in _ASIDE:
        tx.conn.execute(table.delete().where(table.c.guest_id.in_(mine)))
    traces.blank(tx.conn, ceremony_id, _FIELDS)

"""What is remembered of imports: what an office's columns mean, and which event was a list's last import."""

import json
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from services.guests.store.tables import chunks, insert, last_import, layout
from services.kit import tables
from services.kit.store import Tx

Values = Mapping[str, Mapping[str, Any]]


def layouts(conn: sa.Connection, office: str, hashes: Collection[str]) -> dict[str, str]:
    """The fields of the columns, as JSON, by the hash of their headings."""
    rows = sa.select(layout.c.heads, layout.c.fields).where(layout.c.office == office)
    return {
        row.heads: row.fields for some in chunks(hashes) for row in conn.execute(rows.where(layout.c.heads.in_(some)))
    }


def remember_layouts(tx: Tx, told: Mapping[str, str]) -> None:
    """In the place of what was said of the same headings before."""
    for some in chunks(told):
        tx.conn.execute(layout.delete().where(layout.c.office == tx.caller.office, layout.c.heads.in_(some)))
    insert(tx, layout, [{"office": tx.caller.office, "heads": key, "fields": told[key]} for key in told])


def remember_import(tx: Tx, ceremony_id: str, version: int, event_id: str) -> None:
    forget_import(tx, ceremony_id)
    tx.conn.execute(last_import.insert(), {"ceremony_id": ceremony_id, "version": version, "event_id": event_id})


def forget_import(tx: Tx, ceremony_id: str) -> None:
    tx.conn.execute(last_import.delete().where(last_import.c.ceremony_id == ceremony_id))


def values_of_import(tx: Tx, ceremony_id: str, version: int) -> tuple[Values, Values] | None:
    """The guests before and after the import that made this version; None if none did, or its values were erased."""
    changes = tables.changes
    row = tx.conn.execute(
        sa.select(changes.c.before, changes.c.after)
        .join(last_import, last_import.c.event_id == changes.c.event_id)
        .where(last_import.c.ceremony_id == ceremony_id, last_import.c.version == version)
    ).first()
    if row is None or row.before is None or row.after is None:
        return None
    return json.loads(row.before), json.loads(row.after)

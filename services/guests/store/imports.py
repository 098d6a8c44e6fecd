"""What is remembered of imports: what the columns of an office's lists mean."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from services.guests.store.tables import chunks, insert, layout
from services.kit.store import Tx


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

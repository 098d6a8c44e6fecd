"""What program erases: of a guest the papers of drafts at once; of a ceremony the papers of releases when told."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from services.kit.store import Connection, Tx
from services.program.store.tables import content, document, edition, picture

_DRAFT = 0
ERASED = "erased"


def wipe_draft(tx: Tx, ceremony_id: str, guest_id: str) -> int:
    """No page of the draft is left to be seen until it is made anew; what was made for this guest alone is gone."""
    draft = (document.c.ceremony_id == ceremony_id) & (document.c.release == _DRAFT)
    his = tx.conn.execute(document.delete().where(draft, document.c.guest_id == guest_id)).rowcount
    blank = {"state": "stale", "content": None, "pages": None, "reason": None, "missing": "", "inputs": ""}
    return his + tx.conn.execute(document.update().where(draft).values(blank)).rowcount


def has_draft(conn: Connection, ceremony_id: str) -> bool:
    rows = sa.select(edition.c.release).where(edition.c.ceremony_id == ceremony_id, edition.c.release == _DRAFT)
    return conn.execute(rows).first() is not None


def released_papers(conn: Connection, ceremony_id: str) -> Sequence[Any]:
    """Kind, release, file name, hash and bytes of those that are for no single guest, each file once."""
    row = document.c
    rows = sa.select(row.kind, row.release, row.title, row.content, content.c.bytes).join(content)
    here = rows.where(row.ceremony_id == ceremony_id, row.release > _DRAFT, row.guest_id == "", row.state != ERASED)
    return conn.execute(here.order_by(row.release, row.ordinal)).all()


def erase_released(tx: Tx, ceremony_id: str) -> int:
    """The papers of releases: their hashes stay, and that they were. Bytes that something else shows stay too."""
    row = document.c
    here = (row.ceremony_id == ceremony_id) & (row.release > _DRAFT)
    mine = sa.select(row.content).where(here, row.content.is_not(None))
    others = sa.select(row.content).where(~here, row.state != ERASED, row.content.is_not(None))
    gone = content.c.sha256.in_(mine) & content.c.sha256.not_in(others)
    tx.conn.execute(picture.delete().where(picture.c.content.in_(mine)))
    tx.conn.execute(content.update().where(gone).values(bytes=b""))
    named = document.update().where(here, row.guest_id != "")  # what was made for one guest is called by his name
    tx.conn.execute(named.values(title=row.kind, file_name=""))
    return tx.conn.execute(document.update().where(here).values(state=ERASED, reason=None, missing="")).rowcount

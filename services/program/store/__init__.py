"""Program's SQL: editions (the draft and each release), their documents, and the bytes by hash."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from schemas.envelope import new_id
from services.kit.store import Connection, Tx
from services.program.model import Inputs, Rendered
from services.program.store.erasing import ERASED, erase_released, has_draft, released_papers, wipe_draft
from services.program.store.shown import Wanted, documents, keep_picture, leaf, piece
from services.program.store.tables import content, document, edition, metadata, picture

__all__ = [
    "DRAFT",
    "Count",
    "Edition",
    "Personal",
    "Wanted",
    "content",
    "contents",
    "count",
    "document",
    "documents",
    "edition",
    "erase_released",
    "fail",
    "finish",
    "forget_unused",
    "has_draft",
    "in_step",
    "keep_picture",
    "leaf",
    "metadata",
    "newest",
    "picture",
    "piece",
    "plan",
    "refuse",
    "released_papers",
    "save",
    "unfinished",
    "want",
    "wipe_draft",
]

DRAFT = 0
_OUTCOME = ("content", "pages", "milliseconds", "missing", "at")


class Edition(NamedTuple):
    """`refused`: why its documents cannot be made at all, where that is so; `because`: what changed since."""

    ceremony_id: str
    release: int
    office: str
    correlation: str
    wanted: int
    made: int
    refused: str | None
    because: str = ""

    @property
    def draft(self) -> bool:
        return self.release == DRAFT

    @property
    def key(self) -> tuple[str, int]:
        return self.ceremony_id, self.release


# Editions.


def want(tx: Tx, ceremony_id: str, release: int, because: str = "") -> int:
    """Its documents are to be made, or made anew, because this changed; those that are there are stale.

    Answers the edition's number.
    """
    known = _edition(tx.conn, ceremony_id, release)
    if known is None:
        values = {"ceremony_id": ceremony_id, "release": release, "office": tx.caller.office, "made": 0, "wanted": 1}
        tx.conn.execute(edition.insert(), {**values, "correlation": tx.caller.correlation, "because": because})
        return 1
    reasons = dict.fromkeys((*known.because.split(), *because.split()))
    newer = {"wanted": known.wanted + 1, "correlation": tx.caller.correlation, "because": " ".join(reasons)}
    tx.conn.execute(_that(edition, known).values(newer))
    tx.conn.execute(_that(document, known).values(state="stale"))
    return known.wanted + 1


def unfinished(conn: Connection) -> list[Edition]:
    """Editions that are not in step, releases first."""
    rows = sa.select(edition).where(edition.c.made < edition.c.wanted)
    found = conn.execute(rows.order_by(edition.c.release == DRAFT, edition.c.ceremony_id, edition.c.release))
    return [Edition(*row) for row in found]


def newest(conn: Connection, known: Edition) -> Edition:
    return _edition(conn, known.ceremony_id, known.release) or known


def finish(tx: Tx, done: Edition, refused: str | None = None) -> bool:
    """It is in step, if it did not change meanwhile."""
    row = _that(edition, done).where(edition.c.wanted == done.wanted, edition.c.made < done.wanted)
    return tx.conn.execute(row.values(made=done.wanted, refused=refused, because="")).rowcount == 1


def refuse(tx: Tx, done: Edition, refused: str) -> None:
    """None of its documents can be made; where there is none yet, one that has failed says so. With no inputs noted,
    each is tried again as soon as it can be.
    """
    if not finish(tx, done, refused):
        return
    failed = {
        "state": "failed",
        "reason": refused,
        "inputs": "",
        "at": tx.now.isoformat(),
    }  # tried anew with any inputs
    if not tx.conn.execute(_that(document, done).values(failed)).rowcount:
        none = Inputs(kind="programme", title="programme", file_name="programme.pdf", hash="", context={})
        values = {"ordinal": 0, "title": none.title, "file_name": none.file_name, "inputs": "", "missing": ""}
        tx.conn.execute(document.insert(), _named(done, none) | values | {"reused": False} | failed)


def in_step(conn: Connection, office: str, ceremony_id: str, release: int) -> bool:
    found = _edition(conn, ceremony_id, release)
    return found is not None and found.office == office and found.made >= found.wanted


def _edition(conn: Connection, ceremony_id: str, release: int) -> Edition | None:
    row = sa.select(edition).where(edition.c.ceremony_id == ceremony_id, edition.c.release == release)
    found = conn.execute(row).first()
    return Edition(*found) if found else None


def _that(table: sa.Table, one: Edition) -> sa.Update:
    return table.update().where(table.c.ceremony_id == one.ceremony_id, table.c.release == one.release)


# Documents.


def plan(tx: Tx, one: Edition, wanted: Sequence[Inputs]) -> list[Inputs] | None:
    """Lay out which documents there are, and answer those to be rendered; None if the edition changed meanwhile.

    A document whose inputs are those of one that is ready, here or in another edition, is not rendered again.
    """
    if newest(tx.conn, one).wanted != one.wanted:
        return None
    present = {(row.kind, row.guest_id): row for row in tx.conn.execute(_rows(one))}
    ready = _ready(tx, [inputs.hash for inputs in wanted])
    missing, new = [], []
    for ordinal, inputs in enumerate(wanted):
        row = present.pop((inputs.kind, inputs.guest_id or ""), None)
        values = _planned(one, inputs, ordinal, row, ready.get(inputs.hash))
        if values["state"] == "rendering":
            missing.append(inputs)
        if row is None:
            new.append(_named(one, inputs) | values)
        else:
            tx.conn.execute(document.update().where(document.c.id == row.id).values(values))
    if new:
        tx.conn.execute(document.insert(), new)
    for row in present.values():
        tx.conn.execute(document.delete().where(document.c.id == row.id))
    return missing


def _planned(one: Edition, inputs: Inputs, ordinal: int, row: Any, made: Any) -> dict[str, Any]:
    """The columns of a document as it is now known: unchanged, the same as another one, or still to be rendered."""
    values = {"ordinal": ordinal, "title": inputs.title, "file_name": inputs.file_name, "inputs": inputs.hash}
    if row is not None and row.inputs == inputs.hash and (row.content or row.reason):
        same = {name: getattr(row, name) for name in (*_OUTCOME, "reason", "reused")}
        return values | same | {"state": "ready" if row.content else "failed"}
    if made is not None:
        same = {name: getattr(made, name) for name in _OUTCOME}
        return values | same | {"state": "ready", "reused": not one.draft, "reason": None}
    unknown = dict.fromkeys(_OUTCOME) | {"missing": ""}
    return values | unknown | {"state": "rendering", "reused": False, "reason": None}


def _named(one: Edition, inputs: Inputs) -> dict[str, Any]:
    where = {"ceremony_id": one.ceremony_id, "release": one.release, "office": one.office}
    return where | {"id": new_id(), "kind": inputs.kind, "guest_id": inputs.guest_id or ""}


def _ready(tx: Tx, hashes: list[str]) -> dict[str, Any]:
    """Ready documents of this office with these inputs, one for each."""
    found: dict[str, Any] = {}
    for start in range(0, len(hashes), 500):
        some = hashes[start : start + 500]
        rows = sa.select(document).where(
            document.c.office == tx.caller.office,
            document.c.inputs.in_(some),
            document.c.content.is_not(None),
            document.c.state != ERASED,
        )
        found |= {row.inputs: row for row in tx.conn.execute(rows)}
    return found


class Personal(NamedTuple):
    """A document made for one guest, as it is told of together with the others."""

    content: str
    pages: int


def save(tx: Tx, one: Edition, inputs: Inputs, made: Rendered) -> str | None:
    """Keep what was rendered, if this is still what the document prints; answers the hash of the bytes."""
    sha256 = hashlib.sha256(made.pdf).hexdigest()
    if not tx.conn.execute(_rows(one).where(*_is(inputs))).first():
        return None
    _keep(tx, sha256, made.pdf)
    values = {"state": "ready", "content": sha256, "pages": made.pages, "milliseconds": made.milliseconds}
    more = {"missing": made.missing, "reused": False, "reason": None, "at": tx.now.isoformat()}
    tx.conn.execute(_that(document, one).where(*_is(inputs)).values(values | more))
    return sha256


def fail(tx: Tx, one: Edition, inputs: Inputs, reason: str) -> None:
    row = _that(document, one).where(*_is(inputs))
    tx.conn.execute(row.values(state="failed", content=None, reason=reason, at=tx.now.isoformat()))


def _is(inputs: Inputs) -> tuple[Any, ...]:
    columns = document.c
    return (
        columns.kind == inputs.kind,
        columns.guest_id == (inputs.guest_id or ""),
        columns.inputs == inputs.hash,
    )


def _keep(tx: Tx, sha256: str, pdf: bytes) -> None:
    """Where the same bytes were erased before, they are there again."""
    known = tx.conn.execute(sa.select(content.c.size).where(content.c.sha256 == sha256)).first()
    if not known:
        tx.conn.execute(content.insert(), {"sha256": sha256, "size": len(pdf), "bytes": pdf})
    elif not tx.conn.execute(sa.select(sa.func.length(content.c.bytes)).where(content.c.sha256 == sha256)).scalar():
        tx.conn.execute(content.update().where(content.c.sha256 == sha256).values(bytes=pdf))


def forget_unused(tx: Tx) -> int:
    """Bytes that no document shows any more: those of earlier drafts. What a release shows stays for good."""
    used = sa.select(document.c.content).where(document.c.content == content.c.sha256)
    forgotten = tx.conn.execute(content.delete().where(~used.exists())).rowcount
    kept = sa.select(content.c.sha256).where(content.c.sha256 == picture.c.content)
    tx.conn.execute(picture.delete().where(~kept.exists()))
    return forgotten


def _rows(one: Edition) -> sa.Select[Any]:
    return sa.select(document).where(document.c.ceremony_id == one.ceremony_id, document.c.release == one.release)


def contents(conn: Connection, one: Edition, hashes: Iterable[str]) -> list[bytes] | None:
    """The bytes made from these inputs, in this order; None while one of them is not there."""
    rows = sa.select(document.c.inputs, content.c.bytes).join(content)
    here = rows.where(document.c.ceremony_id == one.ceremony_id, document.c.release == one.release)
    known: dict[str, bytes] = {row.inputs: row.bytes for row in conn.execute(here)}
    wanted = list(hashes)
    return [known[one_hash] for one_hash in wanted] if known.keys() >= set(wanted) else None


class Count(NamedTuple):
    """How the documents of an edition came to be."""

    rendered: int
    reused: int
    failed: int


def count(conn: Connection, one: Edition) -> Count:
    rows = conn.execute(_rows(one)).all()
    failed = sum(row.state == "failed" for row in rows)
    reused = sum(row.reused for row in rows)
    return Count(len(rows) - failed - reused, reused, failed)

"""A service's share of an import (laid aside under a saga, then made the present one) and of a release (frozen).

Hides where both are kept, that a saga's steps may be repeated, and that a part laid aside is forgotten after a day.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel

from schemas.errors import NotFound
from schemas.parts import CommitPart, Frozen, PartChange, PartCommitted
from services.kit.store import Tx

_KEPT = timedelta(days=1)


class Parts:
    """The two tables, made in the metadata of the service. `body` is JSON that only the service reads."""

    def __init__(self, metadata: sa.MetaData) -> None:
        self.staged = sa.Table(
            "staged",
            metadata,
            sa.Column("office", sa.String(40), primary_key=True),
            sa.Column("saga", sa.String(80), primary_key=True),
            sa.Column("ceremony_id", sa.String(36), nullable=False),
            sa.Column("body", sa.Text),  # null once committed: the names in it are the present part's business then
            sa.Column("answer", sa.Text),
            sa.Column("at", sa.Float, nullable=False),
        )
        self.snapshot = sa.Table(
            "snapshot",
            metadata,
            sa.Column("office", sa.String(40), primary_key=True),
            sa.Column("ceremony_id", sa.String(36), primary_key=True),
            sa.Column("release", sa.Integer, primary_key=True),
            sa.Column("version", sa.Integer, nullable=False),
            sa.Column("hash", sa.String(64), nullable=False),
            sa.Column("body", sa.Text, nullable=False),
        )

    # An import.

    def stage(self, tx: Tx, saga: str, ceremony_id: str, body: str) -> None:
        """Lay a part aside, in the place of an earlier one of this saga; what was committed stays committed."""
        row = self.staged.c
        old = (row.at < (tx.now - _KEPT).timestamp()) & row.answer.is_(None)
        same = (row.office == tx.caller.office) & (row.saga == saga) & row.answer.is_(None)
        tx.conn.execute(self.staged.delete().where(old | same))
        if self._laid_aside(tx, saga):
            return
        values = {"office": tx.caller.office, "saga": saga, "ceremony_id": ceremony_id, "body": body}
        tx.conn.execute(self.staged.insert(), {**values, "at": tx.now.timestamp()})

    def commit(self, tx: Tx, command: CommitPart, apply: Callable[[str], PartCommitted]) -> PartCommitted:
        """`apply(body)` once per saga; from then on its answer again."""
        found = self._laid_aside(tx, command.saga)
        if found is None or found.ceremony_id != command.ceremony_id:
            raise NotFound(what="staged part", which=command.saga)
        if found.answer is not None:
            return PartCommitted.model_validate_json(found.answer)
        answer = apply(found.body)
        row = self._of(tx, self.staged.update(), command.saga)
        tx.conn.execute(row.values(body=None, answer=answer.model_dump_json()))
        return answer

    def drop(self, tx: Tx, saga: str) -> str | None:
        """Forget what was laid aside. The ceremony it was for, if it was; what was committed stays."""
        found = self._laid_aside(tx, saga)
        tx.conn.execute(self._of(tx, self.staged.delete(), saga).where(self.staged.c.answer.is_(None)))
        return found.ceremony_id if found else None

    def _laid_aside(self, tx: Tx, saga: str) -> Any:
        return tx.conn.execute(self._of(tx, sa.select(self.staged), saga)).first()

    def _of(self, tx: Tx, statement: Any, saga: str) -> Any:
        return statement.where(self.staged.c.office == tx.caller.office, self.staged.c.saga == saga)

    # A release.

    def freeze(
        self, tx: Tx, ceremony_id: str, release: int, present: Callable[[], tuple[BaseModel, Frozen]]
    ) -> Frozen:
        """Keep `present()` as the part of this release; the answer is what it was the first time."""
        row = self.snapshot
        frozen = tx.conn.execute(
            self._release(sa.select(row.c.version, row.c.hash), tx.caller.office, ceremony_id, release)
        ).first()
        if frozen:
            return Frozen(version=frozen.version, hash=frozen.hash)
        part, answer = present()
        values = {"office": tx.caller.office, "ceremony_id": ceremony_id, "release": release}
        kept = {"version": answer.version, "hash": answer.hash, "body": part.model_dump_json()}
        tx.conn.execute(row.insert(), values | kept)
        return answer

    def frozen(self, conn: sa.Connection, office: str, ceremony_id: str, release: int) -> str:
        """The JSON of the part as it was frozen."""
        kept = self._release(sa.select(self.snapshot.c.body), office, ceremony_id, release)
        body: str | None = conn.execute(kept).scalar()
        if body is None:
            raise NotFound(what="release", which=release)
        return body

    def last_release(self, conn: sa.Connection, office: str, ceremony_id: str) -> int:
        """0 before the first."""
        row = self.snapshot.c
        last = sa.select(sa.func.max(row.release)).where(row.office == office, row.ceremony_id == ceremony_id)
        return conn.execute(last).scalar() or 0

    def _release(self, statement: Any, office: str, ceremony_id: str, release: int) -> Any:
        row = self.snapshot.c
        return statement.where(row.office == office, row.ceremony_id == ceremony_id, row.release == release)


def shifted(change: PartChange, before: Sequence[object], after: Sequence[object]) -> PartChange:
    """Where nothing was created, updated or removed: what prints otherwise, or elsewhere, counts as updated.

    Another day may be under other rules, so the same entries can change their order or their words.
    """
    if change.any:
        return change
    count = sum(one != other for one, other in zip(before, after, strict=True))
    return PartChange(updated=count, unchanged=change.unchanged - count)


def content_hash(part: BaseModel, leaving_out: Mapping[str, Any] | None = None) -> str:
    """SHA-256 over the JSON of what a part says, in the order of its fields: equal content has equal hashes.

    Version, release and hash are left out, and what pydantic's `exclude` names further inside the part.
    """
    outside = {"version": True, "release": True, "hash": True, **(leaving_out or {})}
    return hashlib.sha256(part.model_dump_json(exclude=outside).encode()).hexdigest()

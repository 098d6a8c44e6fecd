"""Scheduling's SQL: ceremonies, items, releases, and the sagas of imports and releases that are under way."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from schemas.errors import NotFound, StaleVersion, UnderWay
from schemas.scheduling import Ceremony, CeremonyFields, Item, ItemFields, Release, SchedulingPart
from services.kit.remembered import Remembered
from services.kit.store import Tx
from services.scheduling import model

metadata = sa.MetaData()
_drafts = Remembered[SchedulingPart](most=20_000)  # items, over all ceremonies of a database; about 2 KB each

ceremony = sa.Table(
    "ceremony",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("office", sa.String(40), nullable=False),
    sa.Column("code", sa.String(64), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("release", sa.Integer, nullable=False),
    sa.Column("released_version", sa.Integer),
    sa.Column("cancelled", sa.Boolean, nullable=False),
    sa.Column("fields", sa.Text, nullable=False),
    sa.UniqueConstraint("office", "code"),
)

item = sa.Table(
    "item",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("ceremony.id"), nullable=False, index=True),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("fields", sa.Text, nullable=False),
)

release = sa.Table(
    "release",
    metadata,
    sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("ceremony.id"), primary_key=True),
    sa.Column("release", sa.Integer, primary_key=True),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("note", sa.Text),
    sa.Column("parts", sa.Text, nullable=False),
    sa.Column("part", sa.Text, nullable=False),
)

# Which releases are, or are still to be, sealed in the audit trail, for whom; `head` is what was sealed.
seal = sa.Table(
    "seal",
    metadata,
    sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("ceremony.id"), primary_key=True),
    sa.Column("release", sa.Integer, primary_key=True),
    sa.Column("office", sa.String(40), nullable=False),
    sa.Column("actor", sa.String(80)),
    sa.Column("correlation", sa.String(80), nullable=False),
    sa.Column("head", sa.String(64)),
)

# An import or a release from its point of no return until every service has done its share.
saga = sa.Table(
    "saga",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("office", sa.String(40), nullable=False),
    sa.Column("actor", sa.String(80)),
    sa.Column("correlation", sa.String(80), nullable=False),
    sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("ceremony.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("answer", sa.Text),
)


class Saga(NamedTuple):
    """`body` is what is to be done, as JSON; `answer` is set when all of it is done."""

    id: str
    office: str
    actor: str | None
    correlation: str
    ceremony_id: str
    kind: Literal["import", "release"]
    body: str
    answer: str | None


# Ceremonies and items.


def find(conn: sa.Connection, office: str, which: str) -> Ceremony:
    """By id or by code, within the office. A code that somebody else's id reads like finds the one with the id."""
    named = _ceremonies().where((ceremony.c.id == which) | (ceremony.c.code == which))
    return _one(conn, office, named.order_by((ceremony.c.id == which).desc()), which)


def by_id(conn: sa.Connection, office: str, ceremony_id: str) -> Ceremony:
    """By id alone: rights for one ceremony hold for an id, so a code must not lead from there to another."""
    return _one(conn, office, _ceremonies().where(ceremony.c.id == ceremony_id), ceremony_id)


def by_code(conn: sa.Connection, office: str, code: str) -> Ceremony | None:
    row = conn.execute(_ceremonies().where(ceremony.c.office == office, ceremony.c.code == code)).first()
    return _ceremony(row) if row else None


def page(
    conn: sa.Connection, office: str, among: Collection[str] | None, after: str | None, limit: int
) -> list[Ceremony]:
    """In the order in which they were planned (ids sort by time); `among`: only of these."""
    rows = _ceremonies().where(ceremony.c.office == office, ceremony.c.id > (after or ""))
    if among is not None:
        rows = rows.where(ceremony.c.id.in_(among))
    return [_ceremony(row) for row in conn.execute(rows.order_by(ceremony.c.id).limit(limit))]


def _ceremonies() -> sa.Select[Any]:
    running = sa.select(saga.c.kind).where(saga.c.ceremony_id == ceremony.c.id, saga.c.answer.is_(None)).limit(1)
    return sa.select(ceremony, running.scalar_subquery().label("under_way"))


def _one(conn: sa.Connection, office: str, rows: sa.Select[Any], which: str) -> Ceremony:
    row = conn.execute(rows.where(ceremony.c.office == office)).first()
    if row is None:
        raise NotFound(what="ceremony", which=which)
    return _ceremony(row)


def _ceremony(row: Any) -> Ceremony:
    named = row._asdict()
    return Ceremony.model_validate({**json.loads(named.pop("fields")), **named})


def items(conn: sa.Connection, ceremony_id: str) -> tuple[Item, ...]:
    rows = sa.select(item).where(item.c.ceremony_id == ceremony_id).order_by(item.c.ordinal)
    return tuple(Item(id=row.id, **json.loads(row.fields)) for row in conn.execute(rows))


def for_change(tx: Tx, ceremony_id: str, expected_version: int | None) -> Ceremony:
    """The ceremony, if it is what the command thinks it is and nothing else is at work on it."""
    found = by_id(tx.conn, tx.caller.office, ceremony_id)
    if found.under_way:
        raise UnderWay(work=found.under_way, what=found.code)
    if expected_version is not None and expected_version != found.version:
        raise StaleVersion(what=found.code, expected=expected_version, actual=found.version)
    return found


def insert(tx: Tx, ceremony_id: str, code: str, fields: CeremonyFields, version: int) -> None:
    values = {"id": ceremony_id, "office": tx.caller.office, "code": code, "version": version, "release": 0}
    tx.conn.execute(ceremony.insert(), {**values, "cancelled": False, "fields": fields.model_dump_json()})


def save(tx: Tx, ceremony_id: str, version: int, fields: CeremonyFields) -> None:
    row = ceremony.update().where(ceremony.c.id == ceremony_id)
    tx.conn.execute(row.values(version=version, fields=fields_of(fields).model_dump_json()))


def fields_of(fields: CeremonyFields) -> CeremonyFields:
    """Only what the organizer says of a ceremony, without id and state."""
    return CeremonyFields.model_validate(fields.model_dump(include=set(CeremonyFields.model_fields)))


def save_items(tx: Tx, ceremony_id: str, new: tuple[Item, ...]) -> None:
    tx.conn.execute(item.delete().where(item.c.ceremony_id == ceremony_id))
    rows = [
        {
            "id": one.id,
            "ceremony_id": ceremony_id,
            "ordinal": ordinal,
            "fields": ItemFields.model_validate(one.model_dump(exclude={"id"})).model_dump_json(),
        }
        for ordinal, one in enumerate(new)
    ]
    if rows:
        tx.conn.execute(item.insert(), rows)


def part(conn: sa.Connection, office: str, ceremony_id: str, number: int | None) -> SchedulingPart:
    """Of the draft as it is now, or as it was frozen in a release. Not for a transaction that changed the draft."""
    found = by_id(conn, office, ceremony_id)
    if number is not None:
        return released_part(conn, found.id, number)
    known = _drafts.find(conn, found.id)
    if known and known.ceremony.version == found.version:
        return known.model_copy(update={"ceremony": found})
    made = model.part(found, items(conn, found.id))
    return _drafts.keep(conn, found.id, made, version=found.version, weight=len(made.items))


# Releases.


def add_release(tx: Tx, frozen: SchedulingPart, note: str | None, parts: dict[str, str]) -> None:
    values = {"ceremony_id": frozen.ceremony.id, "release": frozen.release, "version": frozen.ceremony.version}
    tx.conn.execute(
        release.insert(),
        {
            **values,
            "at": tx.now.isoformat(),
            "note": note,
            "parts": json.dumps(parts),
            "part": frozen.model_dump_json(),
        },
    )
    row = ceremony.update().where(ceremony.c.id == frozen.ceremony.id)
    tx.conn.execute(row.values(release=frozen.release, released_version=frozen.ceremony.version))


def releases(conn: sa.Connection, ceremony_id: str) -> list[Release]:
    row = release.c
    same = (seal.c.ceremony_id == row.ceremony_id) & (seal.c.release == row.release)
    told = sa.select(row.release, row.at, row.version, row.note, row.parts, seal.c.head).outerjoin_from(
        release, seal, same
    )
    rows = told.where(row.ceremony_id == ceremony_id).order_by(row.release)
    return [
        Release(
            release=row.release,
            at=datetime.fromisoformat(row.at),
            version=row.version,
            note=row.note,
            parts=json.loads(row.parts),
            audit_head=row.head,
        )
        for row in conn.execute(rows)
    ]


def released_part(conn: sa.Connection, ceremony_id: str, number: int) -> SchedulingPart:
    body = conn.execute(
        sa.select(release.c.part).where(release.c.ceremony_id == ceremony_id, release.c.release == number)
    ).scalar()
    if body is None:
        raise NotFound(what="release", which=number)
    return SchedulingPart.model_validate_json(body)


# Seals.


def await_seal(tx: Tx, done: Saga, number: int) -> None:
    """From here on the release will be sealed, whatever happens to this process."""
    who = {"office": done.office, "actor": done.actor, "correlation": done.correlation}
    tx.conn.execute(seal.insert(), {"ceremony_id": done.ceremony_id, "release": number, **who})


def seal_of(conn: sa.Connection, ceremony_id: str, number: int) -> tuple[bool, str | None]:
    """Whether the release is still to be sealed, and the head sealed at it; one older than the seals has neither."""
    rows = sa.select(seal.c.head).where(seal.c.ceremony_id == ceremony_id, seal.c.release == number)
    found = conn.execute(rows).first()
    return (found.head is None, found.head) if found else (False, None)


def note_seal(tx: Tx, ceremony_id: str, number: int, head: str) -> None:
    row = seal.update().where(seal.c.ceremony_id == ceremony_id, seal.c.release == number)
    tx.conn.execute(row.values(head=head))


def unsealed(conn: sa.Connection) -> Sequence[Any]:
    return conn.execute(sa.select(seal).where(seal.c.head.is_(None))).all()


# Sagas.


def begin(tx: Tx, saga_id: str, ceremony_id: str, kind: str, body: str) -> Saga:
    """From here on it will be finished, whatever happens to this process."""
    who = tx.caller
    values = {"id": saga_id, "office": who.office, "actor": who.actor, "correlation": who.correlation}
    tx.conn.execute(saga.insert(), {**values, "ceremony_id": ceremony_id, "kind": kind, "body": body})
    return Saga(saga_id, who.office, who.actor, who.correlation, ceremony_id, kind, body, None)  # type: ignore[arg-type]  # kind is one of two


def end(tx: Tx, saga_id: str, answer: str) -> bool:
    """False if it was ended before."""
    row = saga.update().where(saga.c.id == saga_id, saga.c.answer.is_(None))
    return tx.conn.execute(row.values(answer=answer, body="")).rowcount == 1


def saga_by_id(conn: sa.Connection, office: str, saga_id: str) -> Saga | None:
    row = conn.execute(sa.select(saga).where(saga.c.office == office, saga.c.id == saga_id)).first()
    return Saga(*row) if row else None


def unfinished(conn: sa.Connection) -> list[Saga]:
    return [Saga(*row) for row in conn.execute(sa.select(saga).where(saga.c.answer.is_(None)))]

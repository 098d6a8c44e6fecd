"""Erasures: which guests are one person, what words are his alone, who was erased and which services have done so."""

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from schemas.duplicates import PeopleMerged
from schemas.envelope import new_id
from schemas.errors import NotFound
from schemas.privacy import Erasure
from schemas.traces import Forgotten, Traced
from services.guests.store.tables import erasure, guest, guest_list
from services.kit import tables
from services.kit.store import Connection, Tx
from services.lang import match_key, nfc


def same_person(conn: Connection, office: str, ceremony_id: str, guest_id: str) -> dict[str, str]:
    """The ceremony of each guest who is this person, or was merged into him; of who is on the list no more, that one
    and those merged into him.
    """
    own = sa.select(guest.c.person_id).where(guest.c.id == guest_id, guest.c.person_id.is_not(None))
    rows = sa.select(guest.c.id, guest.c.ceremony_id).join(guest_list).where(guest_list.c.office == office)
    found = {row.id: row.ceremony_id for row in conn.execute(rows.where(guest.c.person_id == own.scalar_subquery()))}
    seen = {guest_id: ceremony_id, **found}
    for key, where in list(seen.items()):
        _add_merged(conn, where, key, seen)
    return seen


def _add_merged(conn: Connection, ceremony_id: str, guest_id: str, seen: dict[str, str]) -> None:
    """Who was merged into this guest and is not on the list again, with those who had been merged into him."""
    out = tables.outbox.c
    rows = sa.select(out.body).where(out.about == ceremony_id, out.type == PeopleMerged.type, out.thing == guest_id)
    for body in conn.execute(rows).scalars().all():
        other = json.loads(body)["data"]["merged"]
        if other not in seen and not _is_guest(conn, ceremony_id, other):
            seen[other] = ceremony_id
            _add_merged(conn, ceremony_id, other, seen)


def expect_known(conn: Connection, office: str, ceremony_id: str, guest_id: str) -> None:
    """NotFound where nobody of this id is, or was, a guest of this ceremony of this office."""
    row = conn.execute(sa.select(guest_list.c.office).where(guest_list.c.ceremony_id == ceremony_id)).first()
    if (
        row is None
        or row.office != office
        or not (_is_guest(conn, ceremony_id, guest_id) or _was(conn, ceremony_id, guest_id))
    ):
        raise NotFound(what="guest", which=guest_id)


def _is_guest(conn: Connection, ceremony_id: str, guest_id: str) -> bool:
    rows = sa.select(guest.c.id).where(guest.c.ceremony_id == ceremony_id, guest.c.id == guest_id)
    return conn.execute(rows).first() is not None


def _was(conn: Connection, ceremony_id: str, guest_id: str) -> bool:
    """Whether an event or a change tells of him."""
    out, changes = tables.outbox.c, tables.changes.c
    mention = changes.before.contains(guest_id) | changes.after.contains(guest_id)
    rows = sa.select(out.id).outerjoin_from(tables.outbox, tables.changes, out.id == changes.event_id)
    here = rows.where(out.about == ceremony_id, (out.thing == guest_id) | mention)
    return conn.execute(here.limit(1)).first() is not None


def traced(conn: Connection, ceremony_id: str, guest_id: str) -> tuple[Traced, bool]:
    """What tells his traces; and whether others bear some of the same words, which are then not among them."""
    own = {key: word for word in _words(conn, ceremony_id, guest_id) if (key := match_key(word))}
    row = guest.c
    others = sa.select(row.name, row.email, row.phone).where(row.ceremony_id == ceremony_id, row.id != guest_id)
    shared = {match_key(text) for each in conn.execute(others) for text in each if text} & own.keys()
    words = tuple(word for key, word in sorted(own.items()) if key not in shared)
    return Traced(ceremony_id=ceremony_id, guest_id=guest_id, words=words), bool(shared)


def _words(conn: Connection, ceremony_id: str, guest_id: str) -> Iterator[str]:
    """Name, address and number, now and formerly. A single word is no name to look for: it means other things too."""
    row = guest.c
    now = sa.select(row.name, row.email, row.phone, row.person_id).where(row.id == guest_id)
    said = [one._asdict() for one in conn.execute(now)]
    if not said or said[0]["person_id"] is None:
        for one in said:
            one.pop("name")  # the label of a group names nobody
    said += _said_before(conn, ceremony_id, guest_id)
    for one in said:
        if " " in (name := nfc(one.get("name") or "").strip()):
            yield name
        yield from (nfc(one[key]) for key in ("email", "phone") if one.get(key))


def _said_before(conn: Connection, ceremony_id: str, guest_id: str) -> Iterator[dict[str, Any]]:
    """Of the person, in the former values of changes and in what releases froze."""
    out, changes = tables.outbox.c, tables.changes.c
    rows = sa.select(changes.before, changes.after).join(tables.outbox, out.id == changes.event_id)
    mention = changes.before.contains(guest_id) | changes.after.contains(guest_id)
    for row in conn.execute(rows.where(out.about == ceremony_id, (out.thing == guest_id) | mention)):
        for text in row:
            yield from _persons_in(json.loads(text or "null"), guest_id, his=False)


def _persons_in(value: Any, guest_id: str, *, his: bool) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from _persons_in(each, guest_id, his=False)
    if not isinstance(value, dict):
        return
    his = his or value.get("id") == guest_id
    if his and isinstance(value.get("person"), dict):
        yield value["person"]
    for key, each in value.items():
        yield from _persons_in(each, guest_id, his=key == guest_id)


# Who was erased.


def begin(tx: Tx, what: Traced, reason: str) -> str:
    values = {"id": new_id(), "office": tx.caller.office, "ceremony_id": what.ceremony_id, "guest_id": what.guest_id}
    said = {
        "at": tx.now.isoformat(),
        "by": tx.caller.actor,
        "reason": reason,
        "words": json.dumps(what.words, ensure_ascii=False),
    }
    tx.conn.execute(erasure.insert(), {**values, **said, "done": json.dumps([tx.service])})
    return values["id"]


def traces_of(conn: Connection, office: str, erasure_id: str) -> Traced:
    """Without words once every service has done so: what points to him is still erased where it comes up again."""
    row = conn.execute(sa.select(erasure).where(erasure.c.id == erasure_id, erasure.c.office == office)).first()
    if row is None:
        raise NotFound(what="erasure", which=erasure_id)
    words = tuple(json.loads(row.words or "[]"))
    return Traced(ceremony_id=row.ceremony_id, guest_id=row.guest_id, words=words)


def mark_done(tx: Tx, erasure_id: str, service: str) -> bool:
    """Whether it was the last."""
    row = tx.conn.execute(sa.select(erasure).where(erasure.c.id == erasure_id)).first()
    if row is None:
        return False
    done = sorted({*json.loads(row.done), service})
    last = not _pending(done)
    values = {"done": json.dumps(done), **({"words": None} if last else {})}
    tx.conn.execute(erasure.update().where(erasure.c.id == erasure_id).values(values))
    return last


def _pending(done: Collection[str]) -> list[str]:
    return [name for name in Forgotten.of_service if name not in done]


def erasures(
    conn: Connection, office: str, among: Collection[str] | None, ids: Collection[str] | None, limit: int
) -> list[Erasure]:
    """The newest first; `among`: only of these ceremonies; `ids`: only these."""
    rows = sa.select(erasure).where(erasure.c.office == office).order_by(erasure.c.id.desc()).limit(limit)
    if among is not None:
        rows = rows.where(erasure.c.ceremony_id.in_(among))
    if ids is not None:
        rows = rows.where(erasure.c.id.in_(ids))
    return [_told(row) for row in conn.execute(rows)]


def _told(row: Any) -> Erasure:
    done = json.loads(row.done)
    named = {name: getattr(row, name) for name in ("id", "ceremony_id", "guest_id", "by", "reason")}
    at = datetime.fromisoformat(row.at)
    return Erasure(**named, at=at, done=tuple(done), pending=tuple(_pending(done)))

"""Seating's SQL: halls of the office; the halls, pattern and seats of a ceremony, and the way back to what they were.

Hides that a version keeps only what it changed, as it was before, and for how many versions that is kept.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from schemas.errors import NotFound, StaleVersion
from services.guests.model.seating.filling import Head, Sat, Seated
from services.guests.store.tables import (
    chunks,
    hall,
    insert,
    seat_held,
    seating,
    seating_frozen,
    seating_hall,
    seating_step,
)
from services.kit.store import Tx

_STEPS_KEPT = 200  # versions that may be taken back
_EMPTY_PATTERN = "{}"


class HallRow(NamedTuple):
    """One of the office's own halls; `body` is its JSON."""

    key: str
    version: int
    body: str


class SeatingRow(NamedTuple):
    """Version 0: there is none yet. `halls` and `pattern` are JSON."""

    version: int = 0
    pattern: str = _EMPTY_PATTERN
    halls: tuple[str, ...] = ()


# Halls.


def halls(conn: sa.Connection, office: str) -> list[HallRow]:
    rows = sa.select(hall.c.key, hall.c.version, hall.c.body).where(hall.c.office == office).order_by(hall.c.key)
    return [HallRow(*row) for row in conn.execute(rows)]


def hall_of(conn: sa.Connection, office: str, key: str) -> HallRow | None:
    rows = sa.select(hall.c.key, hall.c.version, hall.c.body).where(hall.c.office == office, hall.c.key == key)
    row = conn.execute(rows).first()
    return HallRow(*row) if row else None


def save_hall(tx: Tx, new: HallRow) -> None:
    remove_hall(tx, new.key)
    tx.conn.execute(hall.insert(), {"office": tx.caller.office, **new._asdict()})


def remove_hall(tx: Tx, key: str) -> None:
    tx.conn.execute(hall.delete().where(hall.c.office == tx.caller.office, hall.c.key == key))


# The seating of a ceremony.


def head_of(conn: sa.Connection, office: str, ceremony_id: str) -> SeatingRow:
    row = conn.execute(sa.select(seating).where(seating.c.ceremony_id == ceremony_id)).first()
    if row is None:
        return SeatingRow()
    if row.office != office:
        raise NotFound(what="ceremony", which=ceremony_id)
    bodies = sa.select(seating_hall.c.body).where(seating_hall.c.ceremony_id == ceremony_id)
    ordered = conn.execute(bodies.order_by(seating_hall.c.ordinal)).scalars()
    return SeatingRow(row.version, row.pattern, tuple(ordered))


def seats(conn: sa.Connection, ceremony_id: str) -> dict[Head, Sat]:
    rows = sa.select(seat_held).where(seat_held.c.ceremony_id == ceremony_id)
    found = conn.execute(rows.order_by(seat_held.c.guest_id, seat_held.c.nth))
    return {(row.guest_id, row.nth): Sat(row.place, row.heads, row.fixed) for row in found}


def expect_seating(found: SeatingRow, expected_version: int | None) -> None:
    if expected_version is not None and found.version != expected_version:
        raise StaleVersion(what="The seating", expected=expected_version, actual=found.version)


def save_seating(tx: Tx, ceremony_id: str, now: SeatingRow, then: SeatingRow, moves: "Moves") -> None:
    """The next version: `then` with these moves; what it changes is kept as it was."""
    _save_head(tx, ceremony_id, now, then)
    _move(tx, ceremony_id, moves)
    body: dict[str, Any] = {"seats": _plain(moves.before)}
    if now.halls != then.halls:
        body["halls"] = now.halls
        _save_halls(tx, ceremony_id, then.halls)
    if now.pattern != then.pattern:
        body["pattern"] = now.pattern
    values = {"ceremony_id": ceremony_id, "version": then.version, "body": json.dumps(body)}
    tx.conn.execute(seating_step.insert(), values)
    old = (seating_step.c.ceremony_id == ceremony_id) & (seating_step.c.version <= then.version - _STEPS_KEPT)
    tx.conn.execute(seating_step.delete().where(old))


class Moves(NamedTuple):
    """Heads whose seats change: what they had before, and have after; None: none."""

    before: Mapping[Head, Sat | None]
    after: Mapping[Head, Sat | None]


def moves_between(before: Seated, after: Seated) -> Moves:
    heads = [head for head in {**before, **after} if before.get(head) != after.get(head)]
    return Moves({head: before.get(head) for head in heads}, {head: after.get(head) for head in heads})


def _save_head(tx: Tx, ceremony_id: str, now: SeatingRow, then: SeatingRow) -> None:
    values = {"version": then.version, "pattern": then.pattern}
    if now.version:
        tx.conn.execute(seating.update().where(seating.c.ceremony_id == ceremony_id).values(values))
    else:
        tx.conn.execute(seating.insert(), {"ceremony_id": ceremony_id, "office": tx.caller.office, **values})


def _save_halls(tx: Tx, ceremony_id: str, bodies: Iterable[str]) -> None:
    tx.conn.execute(seating_hall.delete().where(seating_hall.c.ceremony_id == ceremony_id))
    rows = [{"ceremony_id": ceremony_id, "ordinal": at, "body": body} for at, body in enumerate(bodies)]
    insert(tx, seating_hall, rows)


def _move(tx: Tx, ceremony_id: str, moves: Moves) -> None:
    """All leave their seats before anybody takes one: two may swap."""
    here = seat_held.c.ceremony_id == ceremony_id
    for some in chunks({head[0] for head in moves.before}):
        tx.conn.execute(seat_held.delete().where(here, seat_held.c.guest_id.in_(some), _changed(moves, some)))
    insert(tx, seat_held, [_row(ceremony_id, head, sat) for head, sat in moves.after.items() if sat])


def _changed(moves: Moves, guest_ids: Iterable[str]) -> Any:
    """Of guests with several heads only those that move."""
    some = frozenset(guest_ids)
    heads = [head for head in moves.before if head[0] in some]
    highest = max(nth for _, nth in heads)
    if highest == 0:
        return seat_held.c.nth == 0
    return sa.tuple_(seat_held.c.guest_id, seat_held.c.nth).in_(heads)


def _row(ceremony_id: str, head: Head, sat: Sat) -> dict[str, Any]:
    standing = sat.place.count("/") == 1
    slot = f"{head[0]} {head[1]}" if standing else ""
    values = {"place": sat.place, "heads": sat.heads, "fixed": sat.fixed, "slot": slot}
    return {"ceremony_id": ceremony_id, "guest_id": head[0], "nth": head[1], **values}


# The way back, and releases.


def may_take_back(conn: sa.Connection, ceremony_id: str, version: int) -> bool:
    rows = sa.select(seating_step.c.version).where(seating_step.c.ceremony_id == ceremony_id)
    return conn.execute(rows.where(seating_step.c.version == version)).first() is not None


def as_at(
    conn: sa.Connection, ceremony_id: str, now: SeatingRow, seated: Seated, version: int
) -> tuple[SeatingRow, dict[Head, Sat]]:
    """The seating as it was at an earlier version. NotFound where that is not kept any more."""
    rows = sa.select(seating_step).where(seating_step.c.ceremony_id == ceremony_id, seating_step.c.version > version)
    steps = conn.execute(rows.order_by(seating_step.c.version.desc())).all()
    if not 0 <= version < now.version or len(steps) != now.version - version:
        raise NotFound(what="version of the seating", which=version)
    found = dict(seated)
    for step in steps:
        body = json.loads(step.body)
        now = now._replace(halls=tuple(body.get("halls", now.halls)), pattern=body.get("pattern", now.pattern))
        for guest_id, nth, sat in body["seats"]:
            if sat is None:
                found.pop((guest_id, nth), None)
            else:
                found[guest_id, nth] = Sat(*sat)
    return now, found


def _plain(seats: Mapping[Head, Sat | None]) -> list[Any]:
    return [(*head, sat and (sat.place, sat.heads, sat.fixed)) for head, sat in seats.items()]


def freeze_seats(tx: Tx, ceremony_id: str, release: int) -> None:
    """Keep who holds which place as that of a release; nothing where nobody was seated ever."""
    if head_of(tx.conn, tx.caller.office, ceremony_id).version == 0:
        return
    body = json.dumps(_plain(seats(tx.conn, ceremony_id)))
    tx.conn.execute(seating_frozen.insert(), {"ceremony_id": ceremony_id, "release": release, "body": body})


def seats_of_release(conn: sa.Connection, ceremony_id: str, release: int) -> dict[Head, Sat]:
    """Nobody, where nobody was seated then."""
    rows = sa.select(seating_frozen.c.body).where(seating_frozen.c.ceremony_id == ceremony_id)
    body = conn.execute(rows.where(seating_frozen.c.release == release)).scalar()
    return {(guest_id, nth): Sat(*sat) for guest_id, nth, sat in json.loads(body or "[]")}


def free_seats_of(tx: Tx, guest_ids: Iterable[str]) -> None:
    """Those who leave the list hold no seat any more."""
    for some in chunks(guest_ids):
        rows = sa.select(seat_held.c.ceremony_id).where(seat_held.c.guest_id.in_(some)).distinct()
        for ceremony_id in tx.conn.execute(rows).scalars().all():
            now = head_of(tx.conn, tx.caller.office, ceremony_id)
            seated = seats(tx.conn, ceremony_id)
            left = {head: sat for head, sat in seated.items() if head[0] not in some}
            then = now._replace(version=now.version + 1)
            save_seating(tx, ceremony_id, now, then, moves_between(seated, left))

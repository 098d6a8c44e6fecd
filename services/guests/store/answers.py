"""What guests answered, who and what comes with them, and who comes for whom: the SQL beside the list itself."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from schemas.answers import AnswerEntry, Arrangements, Arrival, ContactPerson, Need, NeedKind, PlusOne, State
from schemas.errors import NotFound
from services.guests.store.tables import answer, arrangement, chunks, guest, insert, need, plus_one, stand_in
from services.kit import tables
from services.kit.store import Connection, Tx

_OF_A_GUEST = (answer, arrangement, plus_one, need)


# States.


def log(tx: Tx, entries: Mapping[str, AnswerEntry]) -> None:
    """One more entry of each of these guests."""
    next_ones = dict[str, int]()
    last = sa.select(answer.c.guest_id, sa.func.max(answer.c.ordinal).label("last")).group_by(answer.c.guest_id)
    for some in chunks(entries):
        found = tx.conn.execute(last.where(answer.c.guest_id.in_(some)))
        next_ones |= {row.guest_id: row.last + 1 for row in found}
    insert(tx, answer, [_entry_row(key, next_ones.get(key, 0), one) for key, one in entries.items()])


def _entry_row(guest_id: str, ordinal: int, entry: AnswerEntry) -> dict[str, Any]:
    return {**entry.model_dump(), "guest_id": guest_id, "ordinal": ordinal, "at": entry.at.timestamp()}


def history(conn: Connection, guest_id: str) -> tuple[AnswerEntry, ...]:
    """Oldest first."""
    rows = sa.select(answer).where(answer.c.guest_id == guest_id).order_by(answer.c.ordinal)
    return tuple(
        AnswerEntry(
            state=row.state,
            was=row.was,
            at=datetime.fromtimestamp(row.at, UTC),
            by=row.by,
            through=row.through,
            note=row.note,
        )
        for row in conn.execute(rows)
    )


# What has to be arranged.


def arrangements(conn: Connection, guest_id: str) -> Arrangements:
    row = conn.execute(sa.select(arrangement).where(arrangement.c.guest_id == guest_id)).first()
    return Arrangements(
        plus_ones=tuple(PlusOne(name=one.name, note=one.note) for one in _rows(conn, plus_one, guest_id)),
        plus_count=row.plus_count if row else None,
        needs=tuple(Need(kind=one.kind, text=one.text) for one in _rows(conn, need, guest_id)),
        contact=_contact(row) if row else None,
        arrival=_arrival(row) if row else None,
    )


def _contact(row: Any) -> ContactPerson | None:
    found = ContactPerson(name=row.contact_name, phone=row.contact_phone, email=row.contact_email)
    return None if found == ContactPerson() else found


def _arrival(row: Any) -> Arrival | None:
    at = datetime.fromisoformat(row.arrival_at) if row.arrival_at else None
    found = Arrival(at=at, vehicle=row.arrival_vehicle, note=row.arrival_note)
    return None if found == Arrival() else found


def _rows(conn: Connection, table: sa.Table, guest_id: str) -> Sequence[Any]:
    return conn.execute(sa.select(table).where(table.c.guest_id == guest_id).order_by(table.c.ordinal)).all()


def arrange(tx: Tx, guest_id: str, new: Arrangements) -> None:
    """In the place of what was to be arranged."""
    for table in (arrangement, plus_one, need):
        tx.conn.execute(table.delete().where(table.c.guest_id == guest_id))
    contact, arrival = new.contact or ContactPerson(), new.arrival or Arrival()
    values = {f"contact_{name}": value for name, value in contact.model_dump().items()}
    values |= {"arrival_vehicle": arrival.vehicle, "arrival_note": arrival.note}
    values |= {"arrival_at": arrival.at.isoformat() if arrival.at else None, "plus_count": new.plus_count}
    if any(value is not None for value in values.values()):
        tx.conn.execute(arrangement.insert(), {"guest_id": guest_id, **values})
    for table, each in ((plus_one, new.plus_ones), (need, new.needs)):
        listed: Iterable[PlusOne | Need] = each
        insert(
            tx, table, [{**one.model_dump(), "guest_id": guest_id, "ordinal": at} for at, one in enumerate(listed)]
        )


def with_needs(conn: Connection, ceremony_guests: Collection[str]) -> dict[str, tuple[NeedKind, ...]]:
    """The kinds of needs of those of these guests who have any."""
    found = dict[str, tuple[NeedKind, ...]]()
    for some in chunks(ceremony_guests):
        rows = sa.select(need.c.guest_id, need.c.kind).where(need.c.guest_id.in_(some)).order_by(need.c.ordinal)
        for row in conn.execute(rows):
            found[row.guest_id] = (*found.get(row.guest_id, ()), row.kind)
    return found


class Company(NamedTuple):
    """How many come along with a guest, and whether he comes in a wheelchair."""

    along: int = 0
    wheelchair: bool = False


def company(conn: Connection, ceremony_id: str) -> dict[str, Company]:
    """Of those guests of a ceremony of whom it is known; those who are named count where no number is."""

    def here(table: sa.Table, *columns: Any) -> Any:
        joined = sa.select(table.c.guest_id, *columns).join(guest, guest.c.id == table.c.guest_id)
        return joined.where(guest.c.ceremony_id == ceremony_id)

    rows = conn.execute(here(arrangement, arrangement.c.plus_count))
    found = {row.guest_id: Company(row.plus_count or 0) for row in rows}
    named = Counter(conn.execute(here(plus_one)).scalars())
    for guest_id, count in named.items():
        found[guest_id] = Company(max(count, found.get(guest_id, Company()).along))
    for guest_id in conn.execute(here(need).where(need.c.kind == "wheelchair")).scalars():
        found[guest_id] = found.get(guest_id, Company())._replace(wheelchair=True)
    return found


# Who comes for whom.


class StandingIn(NamedTuple):
    """What it takes to undo it. `stand_in_was` is null where he came onto the list for this."""

    guest_id: str
    stand_in_id: str
    guest_was: State
    stand_in_was: State | None
    seat_was: str | None
    items: tuple[str, ...]
    lines: tuple[str, ...]


def standing_in(conn: Connection, guest_id: str) -> StandingIn | None:
    row = conn.execute(sa.select(stand_in).where(stand_in.c.guest_id == guest_id)).first()
    if row is None:
        return None
    told = row._asdict()
    return StandingIn(**told | {name: tuple(json.loads(told[name])) for name in ("items", "lines")})


def keep_stand_in(tx: Tx, one: StandingIn) -> None:
    tx.conn.execute(
        stand_in.insert(), one._asdict() | {"items": json.dumps(one.items), "lines": json.dumps(one.lines)}
    )


def drop_stand_in(tx: Tx, guest_id: str) -> None:
    tx.conn.execute(stand_in.delete().where(stand_in.c.guest_id == guest_id))


# Taking back.


def told(
    conn: Connection, office: str, ceremony_id: str, event_id: str, kinds: Collection[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a change of the guests of this ceremony was from and to, by guest id; NotFound if it is no such change."""
    out, kept = tables.outbox.c, tables.changes.c
    rows = sa.select(kept.before, kept.after).join(tables.outbox, out.id == kept.event_id)
    rows = rows.where(out.id == event_id, out.office == office, out.about == ceremony_id, out.type.in_(kinds))
    row = conn.execute(rows).first()
    if row is None:
        raise NotFound(what="change", which=event_id)
    return json.loads(row.before or "{}"), json.loads(row.after or "{}")


# Forgetting.


def forget_answers(tx: Tx, guest_ids: Collection[str]) -> None:
    """All that is told here of these guests."""
    for some in chunks(guest_ids):
        for table in _OF_A_GUEST:
            tx.conn.execute(table.delete().where(table.c.guest_id.in_(some)))
        tx.conn.execute(stand_in.delete().where(stand_in.c.guest_id.in_(some) | stand_in.c.stand_in_id.in_(some)))

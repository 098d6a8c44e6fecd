"""What guests answered, who and what comes with them, and who comes for whom: the SQL beside the list itself."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from schemas.answers import AnswerEntry, Arrangements, Arrival, ContactPerson, Need, PlusOne, State
from schemas.errors import NotFound
from services.guests.store.tables import answer, arrangement, chunks, guest, insert, need, plus_one, stand_in
from services.kit import tables
from services.kit.store import Connection, Tx

_OF_A_GUEST = (answer, arrangement, plus_one, need)


# States.


def log(tx: Tx, entries: Mapping[str, Sequence[AnswerEntry]]) -> None:
    """More entries of each of these guests, behind those that there are."""
    known = dict[str, int]()
    last = sa.select(answer.c.guest_id, sa.func.max(answer.c.ordinal).label("last")).group_by(answer.c.guest_id)
    for some in chunks(entries):
        known |= {row.guest_id: row.last + 1 for row in tx.conn.execute(last.where(answer.c.guest_id.in_(some)))}
    rows = [_entry(key, known.get(key, 0) + at, one) for key, each in entries.items() for at, one in enumerate(each)]
    insert(tx, answer, rows)


def rewrite_history(tx: Tx, entries: Mapping[str, Sequence[AnswerEntry]]) -> None:
    """In the place of what was there."""
    for some in chunks(entries):
        tx.conn.execute(answer.delete().where(answer.c.guest_id.in_(some)))
    log(tx, entries)


def _entry(guest_id: str, ordinal: int, entry: AnswerEntry) -> dict[str, Any]:
    return {**entry.model_dump(), "guest_id": guest_id, "ordinal": ordinal, "at": entry.at.timestamp()}


def history(conn: Connection, guest_ids: Collection[str]) -> dict[str, list[AnswerEntry]]:
    """Of each of these guests of whom there is any, oldest first."""
    found = defaultdict[str, list[AnswerEntry]](list)
    for row in _rows(conn, answer, guest_ids):
        at = datetime.fromtimestamp(row.at, UTC)
        told = {"state": row.state, "was": row.was, "by": row.by, "through": row.through, "note": row.note}
        found[row.guest_id].append(AnswerEntry.model_validate({**told, "at": at}))
    return found


def _rows(conn: Connection, table: sa.Table, guest_ids: Collection[str]) -> Iterator[Any]:
    """Of these guests, each guest's in their order."""
    for some in chunks(guest_ids):
        yield from conn.execute(sa.select(table).where(table.c.guest_id.in_(some)).order_by(*table.primary_key))


# What has to be arranged.


def arrangements(conn: Connection, guest_ids: Collection[str]) -> dict[str, Arrangements]:
    """Of each of these guests of whom there is any."""
    plus, needs = defaultdict[str, list[PlusOne]](list), defaultdict[str, list[Need]](list)
    for row in _rows(conn, plus_one, guest_ids):
        plus[row.guest_id].append(PlusOne(name=row.name, note=row.note))
    for row in _rows(conn, need, guest_ids):
        needs[row.guest_id].append(Need(kind=row.kind, text=row.text))
    heads = {row.guest_id: row for row in _rows(conn, arrangement, guest_ids)}
    return {
        key: _arrangements(heads.get(key), plus.get(key, ()), needs.get(key, ()))
        for key in {**heads, **plus, **needs}
    }


def _arrangements(row: Any, plus: Iterable[PlusOne], needs: Iterable[Need]) -> Arrangements:
    lists = Arrangements(plus_ones=tuple(plus), needs=tuple(needs))
    if row is None:
        return lists
    contact = ContactPerson(name=row.contact_name, phone=row.contact_phone, email=row.contact_email)
    at = datetime.fromisoformat(row.arrival_at) if row.arrival_at else None
    arrival = Arrival(at=at, vehicle=row.arrival_vehicle, note=row.arrival_note)
    more = {
        "plus_count": row.plus_count,
        "contact": None if contact == ContactPerson() else contact,
        "arrival": None if arrival == Arrival() else arrival,
    }
    return lists.model_copy(update=more)


def arrange(tx: Tx, new: Mapping[str, Arrangements]) -> None:
    """In the place of what was to be arranged for these guests."""
    for some in chunks(new):
        for table in (arrangement, plus_one, need):
            tx.conn.execute(table.delete().where(table.c.guest_id.in_(some)))
    insert(tx, arrangement, [row for key, one in new.items() if (row := _head(key, one))])
    insert(tx, plus_one, [row for key, one in new.items() for row in _numbered(key, one.plus_ones)])
    insert(tx, need, [row for key, one in new.items() for row in _numbered(key, one.needs)])


def _head(guest_id: str, one: Arrangements) -> dict[str, Any] | None:
    contact, arrival = one.contact or ContactPerson(), one.arrival or Arrival()
    values = {f"contact_{name}": value for name, value in contact.model_dump().items()}
    values |= {"arrival_vehicle": arrival.vehicle, "arrival_note": arrival.note, "plus_count": one.plus_count}
    values |= {"arrival_at": arrival.at.isoformat() if arrival.at else None}
    return {"guest_id": guest_id, **values} if any(value is not None for value in values.values()) else None


def _numbered(guest_id: str, listed: Iterable[PlusOne | Need]) -> Iterator[dict[str, Any]]:
    for at, one in enumerate(listed):
        yield {**one.model_dump(), "guest_id": guest_id, "ordinal": at}


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


def stand_ins_of(conn: Connection, guest_ids: Collection[str]) -> list[StandingIn]:
    """Those in which one of these comes, or for one of these somebody does."""
    rows = sa.select(stand_in.c.guest_id).where(
        stand_in.c.guest_id.in_(guest_ids) | stand_in.c.stand_in_id.in_(guest_ids)
    )
    found = (standing_in(conn, key) for key in conn.execute(rows).scalars().all())
    return [one for one in found if one]


def move_stand_ins(tx: Tx, giver: str, taker: str) -> None:
    """Who comes for the one comes for the other then; and whoever the one comes for is represented by the other."""
    for column in (stand_in.c.guest_id, stand_in.c.stand_in_id):
        tx.conn.execute(stand_in.update().where(column == giver).values({column.name: taker}))


def drop_stand_in(tx: Tx, guest_id: str) -> None:
    tx.conn.execute(stand_in.delete().where(stand_in.c.guest_id == guest_id))


# Taking back.


class Change(NamedTuple):
    """What was told of a change: by guest id what was before and after it, and its event."""

    type: str
    data: Mapping[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]


def told(conn: Connection, office: str, ceremony_id: str, event_id: str, kinds: Collection[str]) -> Change:
    """NotFound if it is no such change of the guests of this ceremony."""
    out, kept = tables.outbox.c, tables.changes.c
    rows = sa.select(kept.before, kept.after, out.type, out.body).join(tables.outbox, out.id == kept.event_id)
    rows = rows.where(out.id == event_id, out.office == office, out.about == ceremony_id, out.type.in_(kinds))
    row = conn.execute(rows).first()
    if row is None:
        raise NotFound(what="change", which=event_id)
    data = json.loads(row.body)["data"]
    return Change(row.type, data, json.loads(row.before or "{}"), json.loads(row.after or "{}"))


# Forgetting.


def forget_answers(tx: Tx, guest_ids: Collection[str]) -> None:
    """All that is told here of these guests."""
    for some in chunks(guest_ids):
        for table in _OF_A_GUEST:
            tx.conn.execute(table.delete().where(table.c.guest_id.in_(some)))
        tx.conn.execute(stand_in.delete().where(stand_in.c.guest_id.in_(some) | stand_in.c.stand_in_id.in_(some)))

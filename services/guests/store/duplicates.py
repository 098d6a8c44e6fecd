"""Which guests are two people however alike they are: the SQL. Hides which of two ids is written first."""

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from services.guests.store.tables import chunks, insert, two_people
from services.kit.store import Tx

Pair = tuple[str, str]


def in_pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def told_apart(conn: sa.Connection, ceremony_id: str) -> frozenset[Pair]:
    rows = sa.select(two_people.c.one, two_people.c.other).where(two_people.c.ceremony_id == ceremony_id)
    return frozenset((row.one, row.other) for row in conn.execute(rows))


def tell_apart(tx: Tx, ceremony_id: str, pairs: Iterable[Pair]) -> None:
    """Also these; nothing is said twice."""
    known = told_apart(tx.conn, ceremony_id)
    new = {in_pair(*pair) for pair in pairs} - known
    insert(tx, two_people, [{"one": one, "other": other, "ceremony_id": ceremony_id} for one, other in sorted(new)])


def tell_together(tx: Tx, one: str, other: str) -> None:
    first, second = in_pair(one, other)
    tx.conn.execute(two_people.delete().where(two_people.c.one == first, two_people.c.other == second))


def forget_pairs(tx: Tx, guest_ids: Collection[str]) -> None:
    for some in chunks(guest_ids):
        tx.conn.execute(two_people.delete().where(two_people.c.one.in_(some) | two_people.c.other.in_(some)))

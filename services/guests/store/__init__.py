"""Guests' SQL: the guest list of each ceremony, people and organisations of the office; staged and frozen parts.

What a ceremony's organizer wrote of a person stands with the guest: another ceremony's list never changes by it, and
titles are bound to their time. `person` says which guests of an office's ceremonies are one and the same.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from schemas.errors import NotFound, StaleVersion
from schemas.guests import GroupFields, PersonFields, Post
from services.guests.model.counts import KeptCount
from services.guests.model.lists import Kept, Listed
from services.guests.model.matching import called, found_by, marks
from services.guests.store.answers import forget_answers
from services.guests.store.duplicates import forget_pairs
from services.guests.store.imports import (
    layouts,
    remember_layouts,
)
from services.guests.store.people import forget, organisations, persons_for, persons_of, still
from services.guests.store.ranking import (
    Placing,
    forget_title,
    placings,
    put_placing,
    settle,
    settled_titles,
    take_placings,
    titles_of_lists,
)
from services.guests.store.seats import free_seats_of
from services.guests.store.tables import (
    chunks,
    guest,
    guest_list,
    head_count,
    insert,
    layout,
    metadata,
    organisation,
    parts,
    person,
    person_mark,
    placing,
    post,
    roll,
    settled_title,
)
from services.kit.store import Tx
from services.lang import match_key

__all__ = [
    "Listing",
    "Placing",
    "codes",
    "count",
    "expect",
    "for_change",
    "forget_title",
    "guest",
    "guest_for_change",
    "guest_list",
    "guests",
    "guests_by_id",
    "ids",
    "layout",
    "layouts",
    "listing",
    "listings",
    "matching",
    "metadata",
    "organisation",
    "parts",
    "person",
    "person_mark",
    "placing",
    "placings",
    "post",
    "put",
    "put_one",
    "put_placing",
    "remember_layouts",
    "remove",
    "represented",
    "roll",
    "save_listing",
    "search",
    "set_states",
    "settle",
    "settled_title",
    "settled_titles",
    "take_placings",
    "titles_of_lists",
]

_ONLY_PERSONS = ("honorific", "rank", "born_on", "phone", "language")
_ONLY_GROUPS = ("head_count", "head_count_kind")
_OF_A_POST = tuple(Post.model_fields)
_OF_ALL = (
    "side",
    "delegation",
    "note",
    "code",
    "seat",
    "attends_as",
    "state",
    "stands_in_for",
    "interim",
    "original",
)


class Listing(NamedTuple):
    """The head of a guest list: its version, and the profile and day whose rules it follows."""

    version: int
    profile: str
    on: date | None


# The head of a list.


def listing(conn: sa.Connection, office: str, ceremony_id: str) -> Listing | None:
    """None: there is no list yet. Another office's is not found."""
    row = conn.execute(sa.select(guest_list).where(guest_list.c.ceremony_id == ceremony_id)).first()
    if row and row.office != office:
        raise NotFound(what="ceremony", which=ceremony_id)
    return Listing(row.version, row.profile, row.on) if row else None


def listings(conn: sa.Connection, office: str, ceremony_ids: Collection[str]) -> dict[str, Listing]:
    """The heads of the lists of these ceremonies, of those that there are."""
    rows = sa.select(guest_list).where(guest_list.c.office == office, guest_list.c.ceremony_id.in_(ceremony_ids))
    return {row.ceremony_id: Listing(row.version, row.profile, row.on) for row in conn.execute(rows)}


def for_change(tx: Tx, ceremony_id: str, expected_version: int | None) -> Listing:
    """The head of the list, if it is at the version that the command thinks it is."""
    found = listing(tx.conn, tx.caller.office, ceremony_id)
    if found is None:
        raise NotFound(what="guest list of the ceremony", which=ceremony_id)
    if expected_version is not None and found.version != expected_version:
        raise StaleVersion(what="The guest list", expected=expected_version, actual=found.version)
    return found


def save_listing(tx: Tx, ceremony_id: str, head: Listing) -> None:
    changed = guest_list.update().where(guest_list.c.ceremony_id == ceremony_id).values(head._asdict())
    if tx.conn.execute(changed).rowcount == 0:
        values = {"ceremony_id": ceremony_id, "office": tx.caller.office, **head._asdict()}
        tx.conn.execute(guest_list.insert(), values)


def expect(conn: sa.Connection, office: str, ceremony_id: str, guest_id: str) -> None:
    """NotFound if nobody of this id is a guest of this ceremony of this office: who may see one may not see all."""
    both = sa.select(guest.c.id).join(guest_list, guest_list.c.ceremony_id == guest.c.ceremony_id)
    here = both.where(guest_list.c.office == office, guest_list.c.ceremony_id == ceremony_id)
    if conn.execute(here.where(guest.c.id == guest_id)).first() is None:
        raise NotFound(what="guest", which=guest_id)


# Guests.


def guests(conn: sa.Connection, ceremony_id: str, since: int | None = None) -> dict[str, Kept]:
    """The guests of a ceremony by id, as they were written; those that came with a later version of the list."""
    here = guest.c.ceremony_id == ceremony_id
    return {one.id: one for one in _read(conn, here if since is None else here & (guest.c.at_version > since))}


def guests_by_id(conn: sa.Connection, guest_ids: Collection[str]) -> dict[str, Kept]:
    return {one.id: one for some in chunks(guest_ids) for one in _read(conn, guest.c.id.in_(some))}


def count(conn: sa.Connection, ceremony_id: str) -> int:
    rows = sa.select(sa.func.count()).where(guest.c.ceremony_id == ceremony_id)
    return int(conn.execute(rows).scalar_one())


def ids(conn: sa.Connection, ceremony_id: str) -> set[str]:
    return set(conn.execute(sa.select(guest.c.id).where(guest.c.ceremony_id == ceremony_id)).scalars())


def represented(conn: sa.Connection, ceremony_id: str) -> set[str]:
    """The ids of the guests of the list for whom somebody comes."""
    other = guest.alias()
    rows = sa.select(guest.c.stands_in_for).join(other, other.c.id == guest.c.stands_in_for)
    return set(conn.execute(rows.where(guest.c.ceremony_id == ceremony_id)).scalars())


def codes(conn: sa.Connection, ceremony_id: str) -> dict[str, str]:
    """The office's code of each guest that has one."""
    rows = sa.select(guest.c.id, guest.c.code).where(guest.c.ceremony_id == ceremony_id, guest.c.code.is_not(None))
    return {row.id: row.code for row in conn.execute(rows)}


# Finding.


def matching(conn: sa.Connection, ceremony_id: str, words: Iterable[str]) -> set[str]:
    """The ids of the guests of a ceremony that are found by all of these words."""
    rows = sa.select(guest.c.id).where(guest.c.ceremony_id == ceremony_id, *_found_by(words))
    return set(conn.execute(rows).scalars())


class Hit(NamedTuple):
    """A guest that was found, of whichever ceremony."""

    id: str
    ceremony_id: str
    name: str


def search(
    conn: sa.Connection, office: str, among: Collection[str] | None, words: Iterable[str], limit: int
) -> list[Hit]:
    """Those found by all of these words on the lists of an office, of the newest ceremonies first.

    `among`: only on the lists of these ceremonies.
    """
    rows = sa.select(guest.c.id, guest.c.ceremony_id, guest.c.name).join(guest_list)
    rows = rows.where(guest_list.c.office == office, *_found_by(words))
    if among is not None:
        rows = rows.where(guest.c.ceremony_id.in_(among))
    return [Hit(*row) for row in conn.execute(rows.order_by(guest.c.ceremony_id.desc(), guest.c.id).limit(limit))]


def _found_by(words: Iterable[str]) -> list[sa.ColumnElement[bool]]:
    return [guest.c.find_key.contains(f" {word}", autoescape=True) for word in words]


# Changing them.


def guest_for_change(tx: Tx, guest_id: str, expected_version: int | None) -> Kept:
    """The guest as he is; None: at whichever version."""
    (found,) = _read(tx.conn, guest.c.id == guest_id)
    if expected_version not in {None, found.version}:
        raise StaleVersion(what="The guest", expected=expected_version, actual=found.version)
    return found


def _read(conn: sa.Connection, which: Any) -> Iterator[Kept]:
    posts, names, counts = (_rows_of(conn, table, which) for table in (post, roll, head_count))
    for row in conn.execute(sa.select(guest).where(which).order_by(guest.c.id)):
        held = tuple(_post(one) for one in posts.get(row.id, ()))
        said = tuple(one.name for one in names.get(row.id, ()))
        yield _guest(row, held, said, tuple(_count(one) for one in counts.get(row.id, ())))


def _rows_of(conn: sa.Connection, table: sa.Table, which: Any) -> Mapping[str, list[Any]]:
    """The rows of posts, rolls or counts of these guests, by guest."""
    found = defaultdict[str, list[Any]](list)
    rows = sa.select(table).join(guest, guest.c.id == table.c.guest_id).where(which)
    for row in conn.execute(rows.order_by(table.c.guest_id, table.c.ordinal)):
        found[row.guest_id].append(row)
    return found


def _post(row: Any) -> Post:
    said = row._asdict()
    return Post.model_validate({name: said[name] for name in _OF_A_POST})


def _count(row: Any) -> KeptCount:
    return KeptCount.model_validate({name: getattr(row, name) for name in KeptCount.model_fields})


def _guest(row: Any, posts: tuple[Post, ...], names: tuple[str, ...], counts: tuple[KeptCount, ...]) -> Kept:
    told = row._asdict()
    both: dict[str, Any] = {"email": row.email, "posts": posts}
    values = {name: told[name] for name in ("id", "version", *_OF_ALL)} | {"counts": counts}
    if row.person_id:
        only = {name: told[name] for name in _ONLY_PERSONS}
        return Kept(person=PersonFields(name=row.name, **both, **only), **values)
    only = {name: told[name] for name in _ONLY_GROUPS}
    return Kept(group=GroupFields(label=row.name, roll=names, **both, **only), **values)


def put(tx: Tx, ceremony_id: str, new: Sequence[Kept], version: int, old: Listed | None = None) -> None:
    """Write these guests, in the place of what they were; with this version of the list.

    `old`: the guests of the ceremony as they are, where they are known; then only the rows that differ are written.
    """
    if old is None:
        _write(tx, ceremony_id, new, version, [one.id for one in new])
        return
    light = [one for one in new if one.id in old and _beside(one) == _beside(old[one.id])]
    _set(tx, light, version)
    same = {one.id for one in light}
    whole = [one for one in new if one.id not in same]
    _write(tx, ceremony_id, whole, version, [one.id for one in whole if one.id in old])


def _beside(one: Kept) -> tuple[Any, ...]:
    """What of a guest stands in other rows than his own."""
    who = one.person or one.group
    return called(one), who and (who.email, who.posts), one.group and one.group.roll, one.counts


def _set(tx: Tx, guests: Sequence[Kept], version: int) -> None:
    """Only the rows of the guests themselves."""
    names = ("version", "at_version", "find_key", "email", *_ONLY_PERSONS, *_ONLY_GROUPS, *_OF_ALL)
    changed = guest.update().where(guest.c.id == sa.bindparam("key"))
    changed = changed.values({name: sa.bindparam(f"new_{name}") for name in names})
    told = [_values(one, None) | {"at_version": version} for one in guests]
    rows = [{f"new_{name}": each[name] for name in names} | {"key": each["id"]} for each in told]
    if rows:
        tx.conn.execute(changed, rows)


def _write(tx: Tx, ceremony_id: str, new: Sequence[Kept], version: int, present: Sequence[str]) -> None:
    """All rows of these guests; `present` are those of them who may have some."""
    was = persons_of(tx, present)
    _take_out(tx, present)
    same = {one.id: was[one.id].person_id for one in new if one.id in was and still(one, was[one.id].name)}
    told = {one.id: marks(one) for one in new if one.person}
    same |= persons_for(tx, ceremony_id, {key: each for key, each in told.items() if key not in same})
    ids = organisations(tx, new)
    here = {"ceremony_id": ceremony_id, "at_version": version}
    insert(tx, guest, [_values(one, same.get(one.id)) | here for one in new])
    insert(tx, person_mark, [{"guest_id": key, "mark": mark} for key, each in told.items() for mark in each])
    insert(tx, post, [row for one in new for row in _post_rows(one, ids)])
    insert(tx, roll, [row for one in new for row in _roll_rows(one)])
    insert(tx, head_count, [row for one in new for row in _count_rows(one)])
    forget(tx, was)


def set_states(tx: Tx, states: Mapping[str, str], version: int) -> None:
    """Only that of these guests, with this version of the list: thousands are checked in on one morning."""
    own = guest.c
    changed = guest.update().where(own.id == sa.bindparam("key"))
    changed = changed.values(state=sa.bindparam("new"), version=own.version + 1, at_version=version)
    if states:
        tx.conn.execute(changed, [{"key": guest_id, "new": state} for guest_id, state in states.items()])


def put_one(tx: Tx, ceremony_id: str, head: Listing, one: Kept) -> int:
    """The version of the list with this guest."""
    put(tx, ceremony_id, [one], head.version + 1)
    save_listing(tx, ceremony_id, head._replace(version=head.version + 1))
    return head.version + 1


def remove(tx: Tx, guest_ids: Sequence[str]) -> None:
    """Take guests out, and with their last place on a list all that is known of a person."""
    was = persons_of(tx, guest_ids)
    free_seats_of(tx, guest_ids)
    _take_out(tx, guest_ids)
    forget_answers(tx, guest_ids)
    take_placings(tx, guest_ids)
    forget_pairs(tx, guest_ids)
    forget(tx, was)


def _take_out(tx: Tx, guest_ids: Sequence[str]) -> None:
    for some in chunks(guest_ids):
        for table in (person_mark, post, roll, head_count):
            tx.conn.execute(table.delete().where(table.c.guest_id.in_(some)))
        tx.conn.execute(guest.delete().where(guest.c.id.in_(some)))


def _values(one: Kept, person_id: str | None) -> dict[str, Any]:
    who = one.person or one.group
    values = {name: getattr(one, name) for name in ("id", "version", *_OF_ALL)}
    values |= {name: getattr(who, name, None) for name in ("email", *_ONLY_PERSONS, *_ONLY_GROUPS)}
    return {**values, "person_id": person_id, "name": called(one), "find_key": found_by(one)}


def _post_rows(one: Kept, organisations: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    who = one.person or one.group
    for ordinal, held in enumerate(who.posts if who else ()):
        body = organisations.get(match_key(held.organisation or ""))
        yield {**held.model_dump(), "guest_id": one.id, "ordinal": ordinal, "organisation_id": body}


def _roll_rows(one: Kept) -> Iterator[dict[str, Any]]:
    for ordinal, name in enumerate(one.group.roll if one.group else ()):
        yield {"guest_id": one.id, "ordinal": ordinal, "name": name}


def _count_rows(one: Kept) -> Iterator[dict[str, Any]]:
    for ordinal, count in enumerate(one.counts):
        yield {**count.model_dump(), "guest_id": one.id, "ordinal": ordinal}

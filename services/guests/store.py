"""Guests' SQL: the guest list of each ceremony, people and organisations of the office; staged and frozen parts.

What a ceremony's organizer wrote of a person stands with the guest: another ceremony's list never changes by it, and
titles are bound to their time. `person` says which guests of an office's ceremonies are one and the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

import sqlalchemy as sa

from schemas.envelope import new_id
from schemas.errors import NotFound, StaleVersion
from schemas.guests import GroupFields, PersonFields, Post
from services.guests.model.lists import Kept
from services.guests.model.matching import called, marks, persons
from services.kit.parts import Parts
from services.kit.store import Tx
from services.lang import match_key

metadata = sa.MetaData()
parts = Parts(metadata)
_AT_ONCE = 500  # values in one IN (…): both engines take more, and none is faster

organisation = sa.Table(
    "organisation",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("office", sa.String(40), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_key", sa.Text, nullable=False),
    sa.UniqueConstraint("office", "name_key"),
)

person = sa.Table(
    "person",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("office", sa.String(40), nullable=False),
)

# What tells a person again, see model.matching.marks.
person_mark = sa.Table(
    "person_mark",
    metadata,
    sa.Column("guest_id", sa.String(36), sa.ForeignKey("guest.id"), primary_key=True),
    sa.Column("mark", sa.String(64), primary_key=True, index=True),
)

guest_list = sa.Table(
    "guest_list",
    metadata,
    sa.Column("ceremony_id", sa.String(36), primary_key=True),
    sa.Column("office", sa.String(40), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("profile", sa.String(80), nullable=False),
    sa.Column("on", sa.Date),
)

# `name` is that of the person, or the label of the group.
guest = sa.Table(
    "guest",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("guest_list.ceremony_id"), nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("person_id", sa.String(36), sa.ForeignKey("person.id"), index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("honorific", sa.Text),
    sa.Column("rank", sa.Text),
    sa.Column("born_on", sa.Date),
    sa.Column("email", sa.Text),
    sa.Column("phone", sa.Text),
    sa.Column("language", sa.Text),
    sa.Column("head_count", sa.Integer),
    sa.Column("head_count_kind", sa.String(20)),
    sa.Column("side", sa.String(10), nullable=False),
    sa.Column("delegation", sa.Text),
    sa.Column("note", sa.Text),
    sa.Column("code", sa.Text),
    sa.Column("seat", sa.Text),
)

post = sa.Table(
    "post",
    metadata,
    sa.Column("guest_id", sa.String(36), sa.ForeignKey("guest.id"), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("organisation", sa.Text),
    sa.Column("organisation_id", sa.String(36), sa.ForeignKey("organisation.id")),
    sa.Column("level", sa.Text),
    sa.Column("bloc", sa.Text),
    sa.Column("cls", sa.Text),
    sa.Column("since", sa.Date),
    sa.Column("until", sa.Date),
)

# The names of a group's members, where there is a roll.
roll = sa.Table(
    "roll",
    metadata,
    sa.Column("guest_id", sa.String(36), sa.ForeignKey("guest.id"), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
)

_ONLY_PERSONS = ("honorific", "rank", "born_on", "phone", "language")
_ONLY_GROUPS = ("head_count", "head_count_kind")
_OF_ALL = ("side", "delegation", "note", "code", "seat")


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


def guests(conn: sa.Connection, ceremony_id: str) -> dict[str, Kept]:
    """The guests of a ceremony by id, as they were written."""
    return {one.id: one for one in _read(conn, guest.c.ceremony_id == ceremony_id)}


def codes(conn: sa.Connection, ceremony_id: str) -> dict[str, str]:
    """The office's code of each guest that has one."""
    rows = sa.select(guest.c.id, guest.c.code).where(guest.c.ceremony_id == ceremony_id, guest.c.code.is_not(None))
    return {row.id: row.code for row in conn.execute(rows)}


def guest_for_change(tx: Tx, guest_id: str, expected_version: int) -> Kept:
    (found,) = _read(tx.conn, guest.c.id == guest_id)
    if found.version != expected_version:
        raise StaleVersion(what="The guest", expected=expected_version, actual=found.version)
    return found


def _read(conn: sa.Connection, which: Any) -> Iterator[Kept]:
    posts, names = _beside(conn, post, which), _beside(conn, roll, which)
    for row in conn.execute(sa.select(guest).where(which).order_by(guest.c.id)):
        held = tuple(_post(one) for one in posts[row.id])
        yield _guest(row, held, tuple(one.name for one in names[row.id]))


def _beside(conn: sa.Connection, table: sa.Table, which: Any) -> Mapping[str, list[Any]]:
    """The rows of posts or rolls of these guests, by guest."""
    found = defaultdict[str, list[Any]](list)
    rows = sa.select(table).join(guest, guest.c.id == table.c.guest_id).where(which)
    for row in conn.execute(rows.order_by(table.c.guest_id, table.c.ordinal)):
        found[row.guest_id].append(row)
    return found


def _post(row: Any) -> Post:
    return Post.model_validate({name: getattr(row, name) for name in Post.model_fields})


def _guest(row: Any, posts: tuple[Post, ...], names: tuple[str, ...]) -> Kept:
    both: dict[str, Any] = {"email": row.email, "posts": posts}
    values = {name: getattr(row, name) for name in ("id", "version", *_OF_ALL)}
    if row.person_id:
        only = {name: getattr(row, name) for name in _ONLY_PERSONS}
        return Kept(person=PersonFields(name=row.name, **both, **only), **values)
    only = {name: getattr(row, name) for name in _ONLY_GROUPS}
    return Kept(group=GroupFields(label=row.name, roll=names, **both, **only), **values)


def put(tx: Tx, ceremony_id: str, new: Sequence[Kept]) -> None:
    """Write these guests, in the place of what they were."""
    was = _persons_of(tx, [one.id for one in new])
    _take_out(tx, [one.id for one in new])
    same = {one.id: was[one.id].person_id for one in new if one.id in was and _still(one, was[one.id].name)}
    told = {one.id: marks(one) for one in new if one.person}
    same |= _persons(tx, ceremony_id, {key: each for key, each in told.items() if key not in same})
    ids = _organisations(tx, new)
    _insert(tx, guest, [_values(one, ceremony_id, same.get(one.id)) for one in new])
    _insert(tx, person_mark, [{"guest_id": key, "mark": mark} for key, each in told.items() for mark in each])
    _insert(tx, post, [row for one in new for row in _post_rows(one, ids)])
    _insert(tx, roll, [row for one in new for row in _roll_rows(one)])
    _forget(tx, was)


def remove(tx: Tx, guest_ids: Sequence[str]) -> None:
    """Take guests out, and with their last place on a list all that is known of a person."""
    was = _persons_of(tx, guest_ids)
    _take_out(tx, guest_ids)
    _forget(tx, was)


def _take_out(tx: Tx, guest_ids: Sequence[str]) -> None:
    for some in _chunks(guest_ids):
        for table in (person_mark, post, roll):
            tx.conn.execute(table.delete().where(table.c.guest_id.in_(some)))
        tx.conn.execute(guest.delete().where(guest.c.id.in_(some)))


def _values(one: Kept, ceremony_id: str, person_id: str | None) -> dict[str, Any]:
    who = one.person or one.group
    values = {name: getattr(one, name) for name in ("id", "version", *_OF_ALL)}
    values |= {name: getattr(who, name, None) for name in ("email", *_ONLY_PERSONS, *_ONLY_GROUPS)}
    return {**values, "ceremony_id": ceremony_id, "person_id": person_id, "name": called(one)}


def _post_rows(one: Kept, organisations: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    who = one.person or one.group
    for ordinal, held in enumerate(who.posts if who else ()):
        body = organisations.get(match_key(held.organisation or ""))
        yield {**held.model_dump(), "guest_id": one.id, "ordinal": ordinal, "organisation_id": body}


def _roll_rows(one: Kept) -> Iterator[dict[str, Any]]:
    for ordinal, name in enumerate(one.group.roll if one.group else ()):
        yield {"guest_id": one.id, "ordinal": ordinal, "name": name}


def _insert(tx: Tx, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        tx.conn.execute(table.insert(), rows)


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    left = iter(values)
    while some := list(islice(left, _AT_ONCE)):
        yield some


# People and organisations, which the ceremonies of an office share.


def _persons_of(tx: Tx, guest_ids: Iterable[str]) -> dict[str, Any]:
    """Which person each of these guests is, and by what name."""
    found: dict[str, Any] = {}
    rows = sa.select(guest.c.id, guest.c.person_id, guest.c.name).where(guest.c.person_id.is_not(None))
    for some in _chunks(guest_ids):
        found |= {row.id: row for row in tx.conn.execute(rows.where(guest.c.id.in_(some)))}
    return found


def _still(one: Kept, name: str) -> bool:
    """Whether the row of a list is about the person that it was about: not somebody else in the same place."""
    return one.person is not None and match_key(one.person.name) == match_key(name)


def _persons(tx: Tx, ceremony_id: str, told: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The person that each guest id is, by its marks: one whom another list of the office knows, or a new one."""
    known = _known_persons(tx, ceremony_id, (mark for each in told.values() for mark in each))
    found = persons(told, known)
    fresh = {guest_id: new_id() for guest_id in told if guest_id not in found}
    _insert(tx, person, [{"id": person_id, "office": tx.caller.office} for person_id in fresh.values()])
    return found | fresh


def _known_persons(tx: Tx, ceremony_id: str, told: Iterable[str]) -> dict[str, str]:
    """The person of each mark on other lists of the office; nobody who is a guest here already."""
    other = guest.alias()
    here = sa.exists().where(other.c.ceremony_id == ceremony_id, other.c.person_id == guest.c.person_id)
    rows = (
        sa.select(person_mark.c.mark, guest.c.person_id)
        .join(guest, guest.c.id == person_mark.c.guest_id)
        .join(person, person.c.id == guest.c.person_id)
        .where(person.c.office == tx.caller.office, ~here)
        .order_by(guest.c.person_id.desc())
    )
    found: dict[str, str] = {}
    for some in _chunks(told):
        found |= {row.mark: row.person_id for row in tx.conn.execute(rows.where(person_mark.c.mark.in_(some)))}
    return found


def _forget(tx: Tx, was: Mapping[str, Any]) -> None:
    """Of the persons that these guests were, those who are a guest nowhere any more are forgotten."""
    guest_somewhere = sa.exists().where(guest.c.person_id == person.c.id)
    for some in _chunks({row.person_id for row in was.values()}):
        tx.conn.execute(person.delete().where(person.c.id.in_(some), ~guest_somewhere))


def _organisations(tx: Tx, new: Iterable[Kept]) -> dict[str, str]:
    """The id of each organisation that posts name, by its key; those that are new are noted."""
    held = (one for guest in new for who in [guest.person or guest.group] if who for one in who.posts)
    named = {match_key(one.organisation): one.organisation for one in held if one.organisation}
    here, found = organisation.c.office == tx.caller.office, dict[str, str]()
    for some in _chunks(named):
        rows = sa.select(organisation.c.name_key, organisation.c.id)
        found |= {
            row.name_key: row.id for row in tx.conn.execute(rows.where(here, organisation.c.name_key.in_(some)))
        }
    fresh = {key: new_id() for key in named if key not in found}
    values = [{"id": fresh[key], "office": tx.caller.office, "name": named[key], "name_key": key} for key in fresh]
    _insert(tx, organisation, values)
    return found | fresh

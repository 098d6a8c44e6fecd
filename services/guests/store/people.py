"""People and organisations, whom the ceremonies of an office share: which guest is whom, and who is forgotten."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from schemas.envelope import new_id
from services.guests.model.lists import Kept
from services.guests.model.matching import persons
from services.guests.store.tables import chunks, guest, insert, organisation, person, person_mark
from services.kit.store import Tx
from services.lang import match_key


def persons_of(tx: Tx, guest_ids: Iterable[str]) -> dict[str, Any]:
    """Which person each of these guests is, and by what name."""
    found: dict[str, Any] = {}
    rows = sa.select(guest.c.id, guest.c.person_id, guest.c.name).where(guest.c.person_id.is_not(None))
    for some in chunks(guest_ids):
        found |= {row.id: row for row in tx.conn.execute(rows.where(guest.c.id.in_(some)))}
    return found


def still(one: Kept, name: str) -> bool:
    """Whether the row of a list is about the person that it was about: not somebody else in the same place."""
    return one.person is not None and match_key(one.person.name) == match_key(name)


def persons_for(tx: Tx, ceremony_id: str, told: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The person that each guest id is, by its marks: one whom another list of the office knows, or a new one."""
    known = _known_persons(tx, ceremony_id, (mark for each in told.values() for mark in each))
    found = persons(told, known)
    fresh = {guest_id: new_id() for guest_id in told if guest_id not in found}
    insert(tx, person, [{"id": person_id, "office": tx.caller.office} for person_id in fresh.values()])
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
    for some in chunks(told):
        found |= {row.mark: row.person_id for row in tx.conn.execute(rows.where(person_mark.c.mark.in_(some)))}
    return found


def forget(tx: Tx, was: Mapping[str, Any]) -> None:
    """Of the persons that these guests were, those who are a guest nowhere any more are forgotten."""
    guest_somewhere = sa.exists().where(guest.c.person_id == person.c.id)
    for some in chunks({row.person_id for row in was.values()}):
        tx.conn.execute(person.delete().where(person.c.id.in_(some), ~guest_somewhere))


def organisations(tx: Tx, new: Iterable[Kept]) -> dict[str, str]:
    """The id of each organisation that posts name, by its key; those that are new are noted."""
    held = (one for guest in new for who in [guest.person or guest.group] if who for one in who.posts)
    named = {match_key(one.organisation): one.organisation for one in held if one.organisation}
    here, found = organisation.c.office == tx.caller.office, dict[str, str]()
    for some in chunks(named):
        rows = sa.select(organisation.c.name_key, organisation.c.id)
        found |= {
            row.name_key: row.id for row in tx.conn.execute(rows.where(here, organisation.c.name_key.in_(some)))
        }
    fresh = {key: new_id() for key in named if key not in found}
    values = [{"id": fresh[key], "office": tx.caller.office, "name": named[key], "name_key": key} for key in fresh]
    insert(tx, organisation, values)
    return found | fresh

"""What people said of the order: places given by hand, and titles that the office settled."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from schemas.envelope import new_id
from schemas.errors import NotFound, StaleVersion
from schemas.precedence import SettledTitle, SettleTitle
from services.guests.model.placing import ByHand
from services.guests.store.tables import chunks, guest, guest_list, insert, placing, post, settled_title
from services.kit.store import Tx


class Placing(NamedTuple):
    """A place given by hand: where, why, by which account and when; each change of reason or place is a version."""

    hand: ByHand
    reason: str
    by: str | None
    at: datetime
    version: int


def placings(conn: sa.Connection, ceremony_id: str) -> dict[str, Placing]:
    """By guest; also of those whose place the rules decide meanwhile."""
    rows = conn.execute(sa.select(placing).where(placing.c.ceremony_id == ceremony_id).order_by(placing.c.guest_id))
    return {row.guest_id: _placing(row) for row in rows}


def _placing(row: Any) -> Placing:
    hand = ByHand(row.before_id, row.after_id, row.turn)
    return Placing(hand, row.reason, row.placed_by, datetime.fromisoformat(row.placed_at), row.version)


def put_placing(tx: Tx, ceremony_id: str, guest_id: str, new: Placing) -> None:
    take_placings(tx, [guest_id])
    row = {
        "guest_id": guest_id,
        "ceremony_id": ceremony_id,
        "before_id": new.hand.before,
        "after_id": new.hand.after,
        "turn": new.hand.turn,
        "reason": new.reason,
        "placed_by": new.by,
        "placed_at": new.at.isoformat(),
        "version": new.version,
    }
    insert(tx, placing, [row])


def take_placings(tx: Tx, guest_ids: Iterable[str]) -> None:
    for some in chunks(guest_ids):
        tx.conn.execute(placing.delete().where(placing.c.guest_id.in_(some)))


# Settled titles.


def settled_titles(conn: sa.Connection, office: str, profile: str | None = None) -> tuple[SettledTitle, ...]:
    rows = sa.select(settled_title).where(settled_title.c.office == office).order_by(settled_title.c.id)
    if profile is not None:
        rows = rows.where(settled_title.c.profile == profile)
    return tuple(_title(row) for row in conn.execute(rows))


def _title(row: Any) -> SettledTitle:
    names = ("id", "version", "profile", "title", "organisation", "level", "bloc", "cls")
    at = datetime.fromisoformat(row.settled_at)
    return SettledTitle(**{name: getattr(row, name) for name in names}, by=row.settled_by, at=at)


def settle(tx: Tx, command: SettleTitle, instead_of: SettledTitle | None) -> SettledTitle:
    """A new one, or what takes the place of another as its next version."""
    said = command.model_dump(exclude={"request_id"})
    title_id, version = (instead_of.id, instead_of.version + 1) if instead_of else (new_id(), 1)
    new = SettledTitle(id=title_id, version=version, by=tx.caller.actor, at=tx.now, **said)
    if instead_of:
        _take_title(tx, title_id)
    row = new.model_dump(exclude={"by", "at"}) | {"settled_by": new.by, "settled_at": new.at.isoformat()}
    insert(tx, settled_title, [row | {"office": tx.caller.office}])
    return new


def forget_title(tx: Tx, title_id: str, expected_version: int) -> SettledTitle:
    """What it was."""
    here = settled_title.c.office == tx.caller.office
    row = tx.conn.execute(sa.select(settled_title).where(here, settled_title.c.id == title_id)).first()
    if row is None:
        raise NotFound(what="settled title", which=title_id)
    if row.version != expected_version:
        raise StaleVersion(what="The settled title", expected=expected_version, actual=row.version)
    _take_title(tx, title_id)
    return _title(row)


def _take_title(tx: Tx, title_id: str) -> None:
    tx.conn.execute(settled_title.delete().where(settled_title.c.id == title_id))


def titles_of_lists(tx: Tx, profile: str) -> Mapping[str, set[tuple[str, str | None]]]:
    """By ceremony the titles with their organisations on the office's lists under this profile, of groups too."""
    here = sa.and_(guest_list.c.office == tx.caller.office, guest_list.c.profile == profile)
    both = guest.join(guest_list, guest_list.c.ceremony_id == guest.c.ceremony_id)
    posts = sa.select(guest.c.ceremony_id, post.c.title, post.c.organisation)
    posts = posts.select_from(both.join(post, post.c.guest_id == guest.c.id)).where(here).distinct()
    groups = sa.select(guest.c.ceremony_id, guest.c.name.label("title"), sa.null().label("organisation"))
    groups = groups.select_from(both).where(here, guest.c.person_id.is_(None)).distinct()
    found: dict[str, set[tuple[str, str | None]]] = {}
    for row in (*tx.conn.execute(posts), *tx.conn.execute(groups)):
        found.setdefault(row.ceremony_id, set()).add((row.title, row.organisation))
    return found

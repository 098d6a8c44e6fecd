"""Dispatch's SQL: what each guest was last given, every message with its exact bytes, and the feeds."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from pydantic import TypeAdapter

from schemas.dispatch import Feed, Invitation, InvitationsSummary, ListInvitations, WantedInvitations
from schemas.errors import NotFound, Problem
from services.dispatch.model.release import Before, Change
from services.dispatch.model.sequence import Sent
from services.kit.store import Connection, Tx

metadata = sa.MetaData()

# Up to which release a ceremony was worked, and what was wrong with it as a whole.
prepared = sa.Table(
    "prepared",
    metadata,
    sa.Column("ceremony_id", sa.String(36), primary_key=True),
    sa.Column("office", sa.String(40), nullable=False),
    sa.Column("release", sa.Integer, nullable=False),
    sa.Column("problems", sa.Text, nullable=False),
)

# One UID: `present` until its guest has a newer one, `release` the last that changed it.
invitation = sa.Table(
    "invitation",
    metadata,
    sa.Column("uid", sa.String(36), primary_key=True),
    sa.Column("office", sa.String(40), nullable=False),
    sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("prepared.ceremony_id"), nullable=False),
    sa.Column("guest_id", sa.String(80), nullable=False),
    sa.Column("present", sa.Boolean, nullable=False),
    sa.Column("cancelled", sa.Boolean, nullable=False),
    sa.Column("release", sa.Integer, nullable=False),
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("dtstamp", sa.String(40), nullable=False),
    sa.Column("method", sa.String(10)),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("sent", sa.Text, nullable=False),
    sa.Column("file_name", sa.String(80), nullable=False),
    sa.Column("problems", sa.Text, nullable=False),
    sa.Index("ix_invitation_guest", "ceremony_id", "guest_id"),
)

# What was given out, or is to be: never changed once it stands here. `recipient` is empty for a file to import.
message = sa.Table(
    "message",
    metadata,
    sa.Column("uid", sa.String(36), sa.ForeignKey("invitation.uid"), primary_key=True),
    sa.Column("sequence", sa.Integer, primary_key=True),
    sa.Column("dtstamp", sa.String(40), primary_key=True),
    sa.Column("recipient", sa.String(254), primary_key=True),
    sa.Column("office", sa.String(40), nullable=False),
    sa.Column("release", sa.Integer, nullable=False),
    sa.Column("method", sa.String(10)),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
)

feed = sa.Table(
    "feed",
    metadata,
    sa.Column("ceremony_id", sa.String(36), primary_key=True),
    sa.Column("office", sa.String(40), nullable=False),
    sa.Column("token", sa.String(64), nullable=False, unique=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("etag", sa.String(64), nullable=False),
    sa.Column("last_modified", sa.String(40), nullable=False),
)

feed_entry = sa.Table(
    "feed_entry",
    metadata,
    sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("feed.ceremony_id"), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("sent", sa.Text, nullable=False),
)

_PROBLEMS = TypeAdapter(tuple[Problem, ...])


class Done(NamedTuple):
    """Up to which release a ceremony was worked: 0 before the first."""

    release: int = 0
    problems: tuple[Problem, ...] = ()


# Releases.


def done(conn: Connection, office: str, ceremony_id: str) -> Done:
    """Another office's ceremony is not found."""
    row = conn.execute(sa.select(prepared).where(prepared.c.ceremony_id == ceremony_id)).first()
    if row is None:
        return Done()
    if row.office != office:
        raise NotFound(what="ceremony", which=ceremony_id)
    return Done(row.release, _PROBLEMS.validate_json(row.problems))


def save_done(tx: Tx, ceremony_id: str, now_done: Done) -> None:
    values = {"release": now_done.release, "problems": _problems(now_done.problems)}
    changed = prepared.update().where(prepared.c.ceremony_id == ceremony_id).values(values)
    if tx.conn.execute(changed).rowcount == 0:
        row = {"ceremony_id": ceremony_id, "office": tx.caller.office, **values}
        tx.conn.execute(prepared.insert(), row)


# Invitations and their messages.


def standing(conn: Connection, ceremony_id: str) -> dict[str, Before]:
    """By guest, the invitation that is not cancelled."""
    row = invitation.c
    rows = sa.select(row.guest_id, row.sent, row.file_name).where(
        row.ceremony_id == ceremony_id, row.present, ~row.cancelled
    )
    return {
        guest_id: Before(Sent.model_validate_json(sent), file_name)
        for guest_id, sent, file_name in conn.execute(rows)
    }


def save(tx: Tx, ceremony_id: str, release: int, changes: Sequence[Change]) -> None:
    """Keep what a release has changed, and the bytes of every message it led to."""
    told = [change for change in changes if change.raw is not None]
    created = [change for change in told if change.outcome == "created"]
    changed = [change for change in told if change.outcome != "created"]
    named = invitation.update().where(invitation.c.uid == sa.bindparam("key"))
    _many(tx, named, ({"key": change.sent.issue.uid, **_said(release, change)} for change in changed))
    _many(
        tx,
        named,
        ({"key": one.sent.issue.uid, "problems": _problems(one.problems)} for one in changes if not one.raw),
    )
    older = invitation.update().where(
        invitation.c.ceremony_id == ceremony_id, invitation.c.guest_id == sa.bindparam("guest")
    )
    _many(tx, older.values(present=False), ({"guest": change.guest_id} for change in created))
    head = {"office": tx.caller.office, "ceremony_id": ceremony_id, "present": True}
    _many(tx, invitation.insert(), ({**head, **_said(release, change), **_new(change)} for change in created))
    _many(tx, message.insert(), (_message(tx.caller.office, release, change) for change in told))


def _many(tx: Tx, statement: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    if all_rows := list(rows):
        tx.conn.execute(statement, all_rows)


def _new(change: Change) -> dict[str, Any]:
    return {"uid": change.sent.issue.uid, "guest_id": change.guest_id, "file_name": change.file_name}


def _said(release: int, change: Change) -> dict[str, Any]:
    issue = change.sent.issue
    return {
        "release": release,
        "outcome": change.outcome,
        "cancelled": issue.cancelled,
        "sequence": issue.sequence,
        "dtstamp": issue.dtstamp.isoformat(),
        "method": change.method,
        "status": change.status,
        "sent": change.sent.model_dump_json(),
        "problems": _problems(change.problems),
    }


def _message(office: str, release: int, change: Change) -> dict[str, Any]:
    issue, route = change.sent.issue, change.sent.said.route
    return {
        "uid": issue.uid,
        "sequence": issue.sequence,
        "dtstamp": issue.dtstamp.isoformat(),
        "recipient": route.attendee.address if route else "",
        "office": office,
        "release": release,
        "method": change.method,
        "body": change.raw,
        "state": "stored",
    }


def _problems(problems: Sequence[Problem]) -> str:
    return _PROBLEMS.dump_json(tuple(problems)).decode()


class Page(NamedTuple):
    """Rows of a page of guests; `next` is the last guest's id if there are more."""

    rows: Sequence[Any]
    next: str | None


def invitations(conn: Connection, question: ListInvitations, release: int) -> Page:
    """What a page of guests was last given, and what the last release took away from them."""
    meant = sa.and_(_shown(question.ceremony_id, release), *_meant(question, release))
    return _page(conn, sa.select(invitation), meant, question.after, question.limit)


def _meant(question: WantedInvitations, release: int) -> Iterator[sa.ColumnElement[bool]]:
    row = invitation.c
    if question.guest_ids is not None:
        yield row.guest_id.in_(question.guest_ids)
    if question.outcome is not None:
        touched = (row.release == release) & (row.outcome == question.outcome)
        yield touched | (row.release != release) if question.outcome == "unchanged" else touched
    if question.has_address is not None:
        yield row.method.is_not(None) if question.has_address else row.method.is_(None)
    if question.has_problems is not None:
        sound = row.problems == _problems(())
        yield ~sound if question.has_problems else sound


def messages(
    conn: Connection, ceremony_id: str, release: int, after: str | None, limit: int, *, guest_id: str | None
) -> Page:
    """The same with the bytes, of a page of guests or of one: guest_id, file_name, body."""
    row, shown = invitation.c, _shown(ceremony_id, release)
    last = (message.c.uid == row.uid) & (message.c.sequence == row.sequence) & (message.c.dtstamp == row.dtstamp)
    rows = sa.select(row.guest_id, row.file_name, message.c.body).join(message, last)
    return _page(conn, rows, shown if guest_id is None else shown & (row.guest_id == guest_id), after, limit)


def _shown(ceremony_id: str, release: int) -> sa.ColumnElement[bool]:
    row = invitation.c
    return (row.ceremony_id == ceremony_id) & (row.present | (row.release == release))


def _page(
    conn: Connection, rows: sa.Select[Any], shown: sa.ColumnElement[bool], after: str | None, limit: int
) -> Page:
    """Cut between guests: whoever has two rows has them on one page, the present one first."""
    row = invitation.c
    guests = sa.select(row.guest_id).where(shown, row.guest_id > (after or "")).distinct().order_by(row.guest_id)
    found = conn.execute(guests.limit(limit + 1)).scalars().all()
    page = found[:limit]
    if not page:
        return Page((), None)
    among = rows.where(shown, row.guest_id.between(page[0], page[-1])).order_by(row.guest_id, row.present.desc())
    return Page(conn.execute(among).all(), page[-1] if len(found) > limit else None)


def as_told(row: Any, release: int) -> Invitation:
    """A row as it is answered; what the last release did not touch is unchanged."""
    return Invitation(
        guest_id=row.guest_id,
        method=row.method,
        sequence=row.sequence,
        status=row.status,
        dtstamp=datetime.fromisoformat(row.dtstamp),
        release=row.release,
        outcome=row.outcome if row.release == release else "unchanged",
        file_name=row.file_name,
        problems=_PROBLEMS.validate_json(row.problems),
    )


def summary(conn: Connection, ceremony_id: str, release: int) -> InvitationsSummary:
    """Counted by the database: of a large ceremony there are thousands."""
    row = invitation.c
    alike = (row.outcome, row.release, row.method, row.sequence, row.problems == _problems(()))
    rows = sa.select(*alike, sa.func.count()).where(_shown(ceremony_id, release)).group_by(*alike)
    outcomes, methods, sequences = Counter[Any](), Counter[Any](), Counter[int]()
    sound = total = 0
    for outcome, since, method, sequence, is_sound, count in conn.execute(rows):
        outcomes[outcome if since == release else "unchanged"] += count
        methods[method] += count
        sequences[sequence] += count
        sound += count * bool(is_sound)
        total += count
    return InvitationsSummary(
        release=release,
        total=total,
        outcomes=outcomes,
        without_address=methods.pop(None, 0),
        methods=methods,
        sequences=sequences,
        with_problems=total - sound,
    )


# What is held of one guest, and what is erased.


def messages_of(conn: Connection, ceremony_id: str, guest_id: str) -> Sequence[Any]:
    """Everything he was ever given, with the bytes."""
    rows = sa.select(message).join(invitation).where(*_his(ceremony_id, guest_id))
    return conn.execute(rows.order_by(message.c.dtstamp)).all()


def erase_of(tx: Tx, ceremony_id: str, guest_id: str | None) -> int:
    """Invitations and every byte of them; None: of all guests of the ceremony."""
    his = _his(ceremony_id, guest_id)
    uids = sa.select(invitation.c.uid).where(*his).scalar_subquery()
    count = tx.conn.execute(message.delete().where(message.c.uid.in_(uids))).rowcount
    return count + tx.conn.execute(invitation.delete().where(*his)).rowcount


def _his(ceremony_id: str, guest_id: str | None) -> tuple[sa.ColumnElement[bool], ...]:
    here = invitation.c.ceremony_id == ceremony_id
    return (here,) if guest_id is None else (here, invitation.c.guest_id == guest_id)


# Feeds.


def feed_entries(conn: Connection, ceremony_id: str) -> dict[str, Sent]:
    rows = sa.select(feed_entry.c.key, feed_entry.c.sent).where(feed_entry.c.ceremony_id == ceremony_id)
    return {key: Sent.model_validate_json(sent) for key, sent in conn.execute(rows)}


def save_feed(tx: Tx, ceremony_id: str, body: bytes, entries: Mapping[str, Sent], *, new_token: str) -> None:
    """The token stays what it was first. Equal bytes change nothing, not even the date."""
    old = tx.conn.execute(sa.select(feed).where(feed.c.ceremony_id == ceremony_id)).first()
    values = {"body": body, "etag": hashlib.sha256(body).hexdigest(), "last_modified": _modified(tx.now, old)}
    if old is None:
        row = {"ceremony_id": ceremony_id, "office": tx.caller.office, "token": new_token, **values}
        tx.conn.execute(feed.insert(), row)
    elif old.etag != values["etag"]:
        tx.conn.execute(feed.update().where(feed.c.ceremony_id == ceremony_id).values(values))
    tx.conn.execute(feed_entry.delete().where(feed_entry.c.ceremony_id == ceremony_id))
    rows = ({"ceremony_id": ceremony_id, "key": key, "sent": sent.model_dump_json()} for key, sent in entries.items())
    _many(tx, feed_entry.insert(), rows)


def _modified(now: datetime, old: Any) -> str:
    """Whole seconds, as HTTP has them, and later than before: or a reader would take new bytes for the old ones."""
    second = now.replace(microsecond=0)
    if old is not None:
        second = max(second, datetime.fromisoformat(old.last_modified) + timedelta(seconds=1))
    return second.isoformat()


def feed_of(conn: Connection, office: str, ceremony_id: str) -> Feed:
    return _feed(conn, (feed.c.ceremony_id == ceremony_id) & (feed.c.office == office), ceremony_id)


def feed_behind(conn: Connection, token: str) -> Feed:
    """For whoever has the link, of whichever office. The refusal does not repeat the token."""
    return _feed(conn, feed.c.token == token, "…")


def _feed(conn: Connection, named: sa.ColumnElement[bool], which: str) -> Feed:
    row = conn.execute(sa.select(feed).where(named)).first()
    if row is None:
        raise NotFound(what="calendar", which=which)
    return Feed(
        ceremony_id=row.ceremony_id,
        token=row.token,
        text=row.body.decode(),
        etag=row.etag,
        last_modified=datetime.fromisoformat(row.last_modified),
    )

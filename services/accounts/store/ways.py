"""SQL of what lets somebody in: links, sessions, tokens, and how many tries failed. By digests of secrets only."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from schemas.accounts import ApiToken, LinkKind
from services.accounts.model.holder import Holder
from services.accounts.model.sessions import IDLE, LONGEST, Kept
from services.accounts.model.tries import FORGOTTEN, Tries
from services.accounts.store.people import holder_of
from services.accounts.store.tables import account, instant, link, moment, office, seconds, session, token, tries
from services.kit.store import Tx

# Links.


@dataclass(frozen=True, slots=True)
class KeptLink:
    digest: str
    kind: LinkKind
    office: str
    user_id: str | None
    expires_at: datetime
    removes_second_factor: bool


def find_link(conn: sa.Connection, digest: str, now: datetime) -> KeptLink | None:
    row = conn.execute(sa.select(link).where(link.c.digest == digest, link.c.expires_at > now.timestamp())).first()
    return KeptLink(**row._asdict() | {"expires_at": instant(row.expires_at)}) if row else None


def add_link(tx: Tx, new: KeptLink) -> None:
    """In place of those that the office (for set-up) or the user had."""
    drop_links(tx, new.office, new.user_id)
    tx.conn.execute(link.insert(), asdict(new) | {"expires_at": new.expires_at.timestamp()})


def drop_links(tx: Tx, code: str, user_id: str | None) -> int:
    """Those of the user, or the office's own (None); how many there were."""
    whose = link.c.user_id.is_(None) if user_id is None else link.c.user_id == user_id
    return tx.conn.execute(link.delete().where(link.c.office == code, whose)).rowcount


# Sessions.


class SessionOf(NamedTuple):
    kept: Kept
    holder: Holder


def session_by_secret(conn: sa.Connection, digest: str) -> SessionOf | None:
    """With the user whose it is, in one read; by the present secret or the one before."""
    return _with_holder(conn, (session.c.digest == digest) | (session.c.former == digest))


def _with_holder(conn: sa.Connection, which: sa.ColumnElement[bool]) -> SessionOf | None:
    row = conn.execute(_joined(session).where(which)).first()
    return SessionOf(_kept(row), holder_of(row)) if row else None


def _joined(table: sa.Table) -> sa.Select[Any]:
    """The rows of a table with the accounts that they belong to; own columns are named `<table>_<column>`."""
    own = [column.label(f"{table.name}_{column.name}") for column in table.c]
    whose = table.join(account, account.c.id == table.c.user_id).join(office, office.c.code == account.c.office)
    return sa.select(account, office.c.name.label("office_name"), *own).select_from(whose)


def _kept(row: Any) -> Kept:
    named = {name: getattr(row, f"session_{name}") for name in Kept.__slots__}
    times = {name: instant(named[name]) for name in ("opened_at", "seen_at", "renewed_at")}
    return Kept(**named | times | {"former_until": moment(named["former_until"])})


def sessions(conn: sa.Connection, user_id: str) -> list[Kept]:
    """Newest use first."""
    rows = _joined(session).where(session.c.user_id == user_id).order_by(session.c.seen_at.desc(), session.c.id)
    return [_kept(row) for row in conn.execute(rows)]


def add_session(tx: Tx, new: Kept) -> None:
    tx.conn.execute(session.insert(), asdict(new) | _times(asdict(new)))


def save_session(tx: Tx, session_id: str, **changed: Any) -> None:
    tx.conn.execute(session.update().where(session.c.id == session_id).values(changed | _times(changed)))


def _times(values: dict[str, Any]) -> dict[str, Any]:
    names = {"former_until", "opened_at", "seen_at", "renewed_at"}
    return {name: seconds(value) for name, value in values.items() if name in names}


def close_session(tx: Tx, session_id: str) -> None:
    tx.conn.execute(session.delete().where(session.c.id == session_id))


# API tokens.


class TokenOf(NamedTuple):
    id: str
    scopes: tuple[str, ...]
    expires_at: datetime
    used_at: datetime | None
    holder: Holder


def token_by_secret(conn: sa.Connection, digest: str) -> TokenOf | None:
    """With the user in whose name it acts, in one read."""
    row = conn.execute(_joined(token).where(token.c.digest == digest)).first()
    if row is None:
        return None
    times = instant(row.token_expires_at), moment(row.token_used_at)
    return TokenOf(row.token_id, tuple(json.loads(row.token_scopes)), *times, holder_of(row))


def tokens(conn: sa.Connection, user_id: str) -> list[ApiToken]:
    """Newest first."""
    rows = sa.select(token).where(token.c.user_id == user_id).order_by(token.c.made_at.desc(), token.c.id.desc())
    return [_token(row) for row in conn.execute(rows)]


def _token(row: Any) -> ApiToken:
    return ApiToken(
        id=row.id,
        name=row.name,
        scopes=tuple(json.loads(row.scopes)),
        made_at=instant(row.made_at),
        expires_at=instant(row.expires_at),
        used_at=moment(row.used_at),
    )


def add_token(tx: Tx, user_id: str, digest: str, new: ApiToken) -> None:
    values = new.model_dump() | {"user_id": user_id, "digest": digest, "scopes": json.dumps(new.scopes)}
    times = {name: seconds(values[name]) for name in ("made_at", "expires_at", "used_at")}
    tx.conn.execute(token.insert(), values | times)


def note_use(tx: Tx, token_id: str) -> None:
    tx.conn.execute(token.update().where(token.c.id == token_id).values(used_at=tx.now.timestamp()))


def drop_token(tx: Tx, token_id: str) -> None:
    tx.conn.execute(token.delete().where(token.c.id == token_id))


# Tries.


def tries_at(conn: sa.Connection, key: str) -> Tries | None:
    row = conn.execute(sa.select(tries).where(tries.c.key == key)).first()
    return Tries(row.failures, instant(row.at), moment(row.until)) if row else None


def save_tries(tx: Tx, key: str, new: Tries) -> None:
    values = {"failures": new.failures, "at": seconds(new.at), "until": seconds(new.until)}
    if tx.conn.execute(tries.update().where(tries.c.key == key).values(values)).rowcount == 0:
        tx.conn.execute(tries.insert(), {"key": key, **values})


def forget_tries(tx: Tx, key: str) -> None:
    tx.conn.execute(tries.delete().where(tries.c.key == key))


# What is over.


class Ended(NamedTuple):
    """Something that ran out: its id, and whose it was."""

    id: str
    user_id: str
    office: str


def sweep(tx: Tx) -> tuple[list[Ended], list[Ended]]:
    """Forget what is over: tries, links, sessions and tokens. The last two, for whoever tells of them."""
    now = tx.now.timestamp()
    tx.conn.execute(tries.delete().where(tries.c.at < (tx.now - FORGOTTEN).timestamp()))
    tx.conn.execute(link.delete().where(link.c.expires_at <= now))
    idle, long = (tx.now - IDLE).timestamp(), (tx.now - LONGEST).timestamp()
    dead = (session.c.seen_at <= idle) | (session.c.opened_at <= long)
    return _end(tx, session, dead), _end(tx, token, token.c.expires_at <= now)


def _end(tx: Tx, table: sa.Table, over: sa.ColumnElement[bool]) -> list[Ended]:
    whose = table.join(account, account.c.id == table.c.user_id)
    rows = sa.select(table.c.id, table.c.user_id, account.c.office).select_from(whose).where(over)
    ended = [Ended(*row) for row in tx.conn.execute(rows.order_by(table.c.id))]
    tx.conn.execute(table.delete().where(over))
    return ended

"""SQL of offices and of the people in them. Another office's user is not found."""

import json
from typing import Any

import sqlalchemy as sa

from schemas.accounts import Office
from schemas.envelope import Grant
from schemas.errors import NotFound, StaleVersion
from services.accounts.model.holder import Holder, address_key
from services.accounts.store.tables import account, identity, moment, office, recovery_code, seconds
from services.kit.store import Tx

_HOLDERS = sa.select(account, office.c.name.label("office_name")).join(office, office.c.code == account.c.office)
_TIMES = ("joined_at", "locked_at", "seen_at", "previous_visit")


# Offices.


def office_or_none(conn: sa.Connection, code: str) -> Office | None:
    row = conn.execute(sa.select(office).where(office.c.code == code)).first()
    return Office.model_validate(row._asdict()) if row else None


def find_office(conn: sa.Connection, code: str) -> Office:
    found = office_or_none(conn, code)
    if found is None:
        raise NotFound(what="office", which=code)
    return found


def save_office(tx: Tx, new: Office) -> None:
    changed = office.update().where(office.c.code == new.code).values(new.model_dump())
    if tx.conn.execute(changed).rowcount == 0:
        tx.conn.execute(office.insert(), new.model_dump())


# Users.


def users(conn: sa.Connection, code: str) -> list[Holder]:
    return [holder_of(row) for row in conn.execute(_HOLDERS.where(account.c.office == code))]


def somebody_can_sign_in(conn: sa.Connection, code: str) -> bool:
    return any(holder.state == "active" for holder in users(conn, code))


def user(conn: sa.Connection, code: str, user_id: str) -> Holder:
    row = conn.execute(_HOLDERS.where(account.c.id == user_id, account.c.office == code)).first()
    if row is None:
        raise NotFound(what="account", which=user_id)
    return holder_of(row)


def for_change(tx: Tx, user_id: str, expected_version: int) -> Holder:
    found = user(tx.conn, tx.caller.office, user_id)
    if found.version != expected_version:
        raise StaleVersion(what="The account", expected=expected_version, actual=found.version)
    return found


def user_by_email(conn: sa.Connection, email: str) -> Holder | None:
    """In whichever office: an address stands for one account of the whole installation."""
    row = conn.execute(_HOLDERS.where(account.c.email_key == address_key(email))).first()
    return holder_of(row) if row else None


def user_by_identity(conn: sa.Connection, issuer: str, subject: str) -> Holder | None:
    linked = _HOLDERS.join(identity, identity.c.user_id == account.c.id)
    row = conn.execute(linked.where(identity.c.issuer == issuer, identity.c.subject == subject)).first()
    return holder_of(row) if row else None


def holder_of(row: Any) -> Holder:
    """From a row with the columns of the account, and `office_name`."""
    named = row._asdict()
    values = {name: named[name] for name in Holder.__slots__}
    values |= {name: moment(named[name]) for name in _TIMES}
    values["grants"] = tuple(Grant.model_validate(grant) for grant in json.loads(named["grants"]))
    return Holder(**values)


def add_user(tx: Tx, new: Holder) -> None:
    values = {column.name: getattr(new, column.name) for column in account.c if column.name != "email_key"}
    tx.conn.execute(account.insert(), values | {"email_key": address_key(new.email)} | _as_kept(values))


def save_user(tx: Tx, user_id: str, **changed: Any) -> None:
    """What is named, as Holder holds it."""
    tx.conn.execute(account.update().where(account.c.id == user_id).values(changed | _as_kept(changed)))


def _as_kept(values: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {name: seconds(values[name]) for name in _TIMES if name in values}
    if "grants" in values:
        kept["grants"] = json.dumps([grant.model_dump() for grant in values["grants"]])
    return kept


# What signs somebody in beside his password.


def issuers(conn: sa.Connection, user_id: str) -> tuple[str, ...]:
    rows = sa.select(identity.c.issuer).where(identity.c.user_id == user_id).order_by(identity.c.issuer)
    return tuple(conn.execute(rows).scalars())


def add_identity(tx: Tx, user_id: str, issuer: str, subject: str) -> None:
    tx.conn.execute(identity.insert(), {"issuer": issuer, "subject": subject, "user_id": user_id})


def recovery_codes_left(conn: sa.Connection, user_id: str) -> int:
    count = sa.select(sa.func.count()).select_from(recovery_code).where(recovery_code.c.user_id == user_id)
    return conn.execute(count).scalar_one()


def replace_recovery_codes(tx: Tx, user_id: str, digests: list[str]) -> None:
    tx.conn.execute(recovery_code.delete().where(recovery_code.c.user_id == user_id))
    if digests:
        tx.conn.execute(recovery_code.insert(), [{"user_id": user_id, "digest": one} for one in digests])


def spend_recovery_code(tx: Tx, user_id: str, digest: str) -> bool:
    """Whether it was one of his; it is not any more."""
    his = recovery_code.delete().where(recovery_code.c.user_id == user_id, recovery_code.c.digest == digest)
    return tx.conn.execute(his).rowcount == 1

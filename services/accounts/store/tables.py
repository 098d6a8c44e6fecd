"""Accounts' tables. Kept of passwords: Argon2id hashes; of links, sessions, tokens and recovery codes: SHA-256 alone.

The secrets of authenticator apps are kept as they are: a code cannot be computed from a hash. Who can read this
database can compute codes, but no passwords, and comes in with neither alone.
"""

from datetime import UTC, datetime

import sqlalchemy as sa

metadata = sa.MetaData()

office = sa.Table(
    "office",
    metadata,
    sa.Column("code", sa.String(40), primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("version", sa.Integer, nullable=False),
)

account = sa.Table(
    "account",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("office", sa.String(40), sa.ForeignKey("office.code"), nullable=False, index=True),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("email_key", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text),
    sa.Column("language", sa.String(2)),
    sa.Column("theme", sa.String(5)),
    sa.Column("grants", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("password", sa.Text),
    sa.Column("totp_secret", sa.String(64)),
    sa.Column("totp_pending", sa.String(64)),
    sa.Column("totp_step", sa.BigInteger, nullable=False),
    sa.Column("joined_at", sa.Float),
    sa.Column("locked_at", sa.Float),
    sa.Column("seen_at", sa.Float),
    sa.Column("previous_visit", sa.Float),
)

recovery_code = sa.Table(
    "recovery_code",
    metadata,
    sa.Column("user_id", sa.String(36), sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("digest", sa.String(64), primary_key=True),
)

identity = sa.Table(
    "identity",
    metadata,
    sa.Column("issuer", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("user_id", sa.String(36), sa.ForeignKey("account.id"), nullable=False, index=True),
)

session = sa.Table(
    "session",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("user_id", sa.String(36), sa.ForeignKey("account.id"), nullable=False, index=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("former", sa.String(64), index=True),
    sa.Column("former_until", sa.Float),
    sa.Column("opened_at", sa.Float, nullable=False),
    sa.Column("seen_at", sa.Float, nullable=False),
    sa.Column("renewed_at", sa.Float, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("agent", sa.Text, nullable=False),
)

token = sa.Table(
    "token",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("user_id", sa.String(36), sa.ForeignKey("account.id"), nullable=False, index=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("made_at", sa.Float, nullable=False),
    sa.Column("expires_at", sa.Float, nullable=False),
    sa.Column("used_at", sa.Float),
)

link = sa.Table(
    "link",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("office", sa.String(40), sa.ForeignKey("office.code"), nullable=False),
    sa.Column("user_id", sa.String(36), sa.ForeignKey("account.id"), index=True),
    sa.Column("expires_at", sa.Float, nullable=False),
    sa.Column("removes_second_factor", sa.Boolean, nullable=False),
)

# By the SHA-256 of the address that was typed, whether anybody has it or not.
tries = sa.Table(
    "tries",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("until", sa.Float),
)


def seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def moment(at: float | None) -> datetime | None:
    return None if at is None else instant(at)


def instant(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)

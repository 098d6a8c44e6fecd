"""Offices, accounts, and what lets somebody in: identities, sessions, tokens, links, recovery codes, tries."""

import sqlalchemy as sa
from alembic import op

revision = "accounts0001"
down_revision = None
branch_labels = ("accounts",)
depends_on = None


def upgrade() -> None:
    _people()
    _sessions()
    _ways_in()


def _people() -> None:
    op.create_table(
        "office",
        sa.Column("code", sa.String(40), primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "account",
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


def _sessions() -> None:
    op.create_table(
        "session",
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
    op.create_table(
        "token",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("user_id", sa.String(36), sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("made_at", sa.Float, nullable=False),
        sa.Column("expires_at", sa.Float, nullable=False),
        sa.Column("used_at", sa.Float),
    )


def _ways_in() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("user_id", sa.String(36), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
    )
    op.create_table(
        "identity",
        sa.Column("issuer", sa.Text, primary_key=True),
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("user_id", sa.String(36), sa.ForeignKey("account.id"), nullable=False, index=True),
    )
    op.create_table(
        "link",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("office", sa.String(40), sa.ForeignKey("office.code"), nullable=False),
        sa.Column("user_id", sa.String(36), sa.ForeignKey("account.id"), index=True),
        sa.Column("expires_at", sa.Float, nullable=False),
        sa.Column("removes_second_factor", sa.Boolean, nullable=False),
    )
    op.create_table(
        "tries",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("until", sa.Float),
    )


def downgrade() -> None:
    for table in ("tries", "link", "identity", "recovery_code", "token", "session", "account", "office"):
        op.drop_table(table)

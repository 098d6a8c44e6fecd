"""Invitations, their messages, feeds."""

import sqlalchemy as sa
from alembic import op

revision = "dispatch0001"
down_revision = None
branch_labels = ("dispatch",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prepared",
        sa.Column("ceremony_id", sa.String(36), primary_key=True),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("release", sa.Integer, nullable=False),
        sa.Column("problems", sa.Text, nullable=False),
    )
    op.create_table(
        "invitation",
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
    )
    op.create_index("ix_invitation_guest", "invitation", ["ceremony_id", "guest_id"])
    op.create_table(
        "message",
        sa.Column("uid", sa.String(36), sa.ForeignKey("invitation.uid"), primary_key=True),
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("dtstamp", sa.String(40), primary_key=True),
        sa.Column("recipient", sa.String(254), primary_key=True),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("release", sa.Integer, nullable=False),
        sa.Column("method", sa.String(10)),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
    )
    op.create_table(
        "feed",
        sa.Column("ceremony_id", sa.String(36), primary_key=True),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("token", sa.String(64), nullable=False, unique=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("etag", sa.String(64), nullable=False),
        sa.Column("last_modified", sa.String(40), nullable=False),
    )
    op.create_table(
        "feed_entry",
        sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("feed.ceremony_id"), primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("sent", sa.Text, nullable=False),
    )


def downgrade() -> None:
    for table in ("feed_entry", "feed", "message", "invitation", "prepared"):
        op.drop_table(table)

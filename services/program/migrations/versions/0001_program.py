"""Editions, their documents, and the bytes by hash."""

import sqlalchemy as sa
from alembic import op

revision = "program0001"
down_revision = None
branch_labels = ("program",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "edition",
        sa.Column("ceremony_id", sa.String(36), primary_key=True),
        sa.Column("release", sa.Integer, primary_key=True),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("correlation", sa.String(80), nullable=False),
        sa.Column("wanted", sa.Integer, nullable=False),
        sa.Column("made", sa.Integer, nullable=False),
        sa.Column("refused", sa.Text),
    )
    op.create_table(
        "content",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("bytes", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("ceremony_id", sa.String(36), nullable=False),
        sa.Column("release", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("guest_id", sa.String(36), nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("inputs", sa.String(64), nullable=False),
        sa.Column("content", sa.String(64), sa.ForeignKey("content.sha256")),
        sa.Column("pages", sa.Integer),
        sa.Column("milliseconds", sa.Integer),
        sa.Column("missing", sa.Text, nullable=False),
        sa.Column("reused", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("at", sa.String(40)),
        sa.ForeignKeyConstraint(["ceremony_id", "release"], ["edition.ceremony_id", "edition.release"]),
        sa.UniqueConstraint("ceremony_id", "release", "kind", "guest_id"),
    )
    op.create_index("ix_document_content", "document", ["content"])
    op.create_index("ix_document_inputs", "document", ["office", "inputs"])


def downgrade() -> None:
    for table in ("document", "content", "edition"):
        op.drop_table(table)

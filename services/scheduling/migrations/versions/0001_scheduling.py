"""Ceremonies, items, releases, sagas."""

import sqlalchemy as sa
from alembic import op

revision = "scheduling0001"
down_revision = None
branch_labels = ("scheduling",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ceremony",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("release", sa.Integer, nullable=False),
        sa.Column("released_version", sa.Integer),
        sa.Column("cancelled", sa.Boolean, nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sa.UniqueConstraint("office", "code"),
    )
    op.create_table(
        "item",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("ceremony.id"), nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
    )
    op.create_index("ix_item_ceremony_id", "item", ["ceremony_id"])
    op.create_table(
        "release",
        sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("ceremony.id"), primary_key=True),
        sa.Column("release", sa.Integer, primary_key=True),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("parts", sa.Text, nullable=False),
        sa.Column("part", sa.Text, nullable=False),
    )
    op.create_table(
        "saga",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(80)),
        sa.Column("correlation", sa.String(80), nullable=False),
        sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("ceremony.id"), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("answer", sa.Text),
    )
    op.create_index("ix_saga_ceremony_id", "saga", ["ceremony_id"])


def downgrade() -> None:
    for table in ("saga", "release", "item", "ceremony"):
        op.drop_table(table)

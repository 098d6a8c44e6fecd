"""Halls of the office, and who sits where in a ceremony: as it is, as it was before each change, and in releases."""

import sqlalchemy as sa
from alembic import op

revision = "guests0004"
down_revision = "guests0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hall",
        sa.Column("office", sa.String(40), primary_key=True),
        sa.Column("key", sa.String(40), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "seating",
        sa.Column("ceremony_id", sa.String(36), primary_key=True),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("pattern", sa.Text, nullable=False),
    )
    op.create_table(
        "seat_held",
        sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("seating.ceremony_id"), primary_key=True),
        sa.Column("guest_id", sa.String(36), primary_key=True),
        sa.Column("nth", sa.Integer, primary_key=True),
        sa.Column("place", sa.String(100), nullable=False),
        sa.Column("slot", sa.String(60), nullable=False),
        sa.Column("heads", sa.Integer, nullable=False),
        sa.Column("fixed", sa.Boolean, nullable=False),
        sa.UniqueConstraint("ceremony_id", "place", "slot"),
    )
    op.create_index("ix_seat_held_guest_id", "seat_held", ["guest_id"])
    for table, number in (("seating_hall", "ordinal"), ("seating_step", "version"), ("seating_frozen", "release")):
        op.create_table(
            table,
            sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("seating.ceremony_id"), primary_key=True),
            sa.Column(number, sa.Integer, primary_key=True),
            sa.Column("body", sa.Text, nullable=False),
        )


def downgrade() -> None:
    for table in ("seating_frozen", "seating_step", "seating_hall", "seat_held", "seating", "hall"):
        op.drop_table(table)

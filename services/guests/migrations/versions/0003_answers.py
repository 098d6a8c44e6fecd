"""What guests answer: states with their history, arrangements, stand-ins, and the head counts of groups."""

import sqlalchemy as sa
from alembic import op

revision = "guests0003"
down_revision = "guests0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("guest", sa.Column("state", sa.String(20), nullable=False, server_default="to_invite"))
    op.add_column("guest", sa.Column("stands_in_for", sa.String(36)))
    op.add_column("guest", sa.Column("interim", sa.Boolean, nullable=False, server_default=sa.false()))
    if op.get_bind().dialect.name == "postgresql":  # SQLite cannot take a default away
        for name in ("state", "interim"):
            op.alter_column("guest", name, server_default=None)
    _counts()
    _answers()
    _arrangements()


def _counts() -> None:
    op.create_table(
        "head_count",
        sa.Column("guest_id", sa.String(36), sa.ForeignKey("guest.id"), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("as_of", sa.Date),
        sa.Column("source", sa.Text),
        sa.Column("chosen", sa.Boolean, nullable=False),
    )


def _answers() -> None:
    op.create_table(
        "answer",
        sa.Column("guest_id", sa.String(36), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("was", sa.String(20)),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("by", sa.String(80)),
        sa.Column("through", sa.String(20), nullable=False),
        sa.Column("note", sa.Text),
    )
    op.create_table(
        "stand_in",
        sa.Column("guest_id", sa.String(36), primary_key=True),
        sa.Column("stand_in_id", sa.String(36), nullable=False, unique=True),
        sa.Column("guest_was", sa.String(20), nullable=False),
        sa.Column("stand_in_was", sa.String(20)),
        sa.Column("seat_was", sa.Text),
        sa.Column("items", sa.Text, nullable=False),
        sa.Column("lines", sa.Text, nullable=False),
    )


def _arrangements() -> None:
    op.create_table(
        "arrangement",
        sa.Column("guest_id", sa.String(36), primary_key=True),
        sa.Column("plus_count", sa.Integer),
        sa.Column("contact_name", sa.Text),
        sa.Column("contact_phone", sa.Text),
        sa.Column("contact_email", sa.Text),
        sa.Column("arrival_at", sa.String(40)),
        sa.Column("arrival_vehicle", sa.Text),
        sa.Column("arrival_note", sa.Text),
    )
    op.create_table(
        "plus_one",
        sa.Column("guest_id", sa.String(36), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
    )
    op.create_table(
        "need",
        sa.Column("guest_id", sa.String(36), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.Text),
    )


def downgrade() -> None:
    for table in ("need", "plus_one", "arrangement", "stand_in", "answer", "head_count"):
        op.drop_table(table)
    for name in ("interim", "stands_in_for", "state"):
        op.drop_column("guest", name)

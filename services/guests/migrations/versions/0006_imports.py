"""What an office said of the columns of its lists, and the last import into each list, are remembered."""

import sqlalchemy as sa
from alembic import op

revision = "guests0006"
down_revision = "guests0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "layout",
        sa.Column("office", sa.String(40), primary_key=True),
        sa.Column("heads", sa.String(64), primary_key=True),
        sa.Column("fields", sa.Text, nullable=False),
    )
    op.create_table(
        "last_import",
        sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("guest_list.ceremony_id"), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("event_id", sa.String(36), nullable=False),
    )


def downgrade() -> None:
    for name in ("last_import", "layout"):
        op.drop_table(name)

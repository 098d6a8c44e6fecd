"""What an office said of the columns of its lists is remembered."""

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


def downgrade() -> None:
    op.drop_table("layout")

"""What somebody's list said of a guest, where it was taken apart, is kept with the guest."""

import sqlalchemy as sa
from alembic import op

revision = "guests0009"
down_revision = "guests0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("guest", sa.Column("original", sa.Text))


def downgrade() -> None:
    op.drop_column("guest", "original")

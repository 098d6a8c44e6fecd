"""Which releases are sealed in the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "scheduling0002"
down_revision = "scheduling0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seal",
        sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("ceremony.id"), primary_key=True),
        sa.Column("release", sa.Integer, primary_key=True),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(80)),
        sa.Column("correlation", sa.String(80), nullable=False),
        sa.Column("head", sa.String(64)),
    )


def downgrade() -> None:
    op.drop_table("seal")

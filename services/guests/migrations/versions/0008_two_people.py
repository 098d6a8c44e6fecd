"""Of which guests somebody said that they are two people."""

import sqlalchemy as sa
from alembic import op

revision = "guests0008"
down_revision = "guests0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "two_people",
        sa.Column("one", sa.String(36), primary_key=True),
        sa.Column("other", sa.String(36), primary_key=True),
        sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("guest_list.ceremony_id"), nullable=False),
    )
    op.create_index("ix_two_people_ceremony_id", "two_people", ["ceremony_id"])
    op.create_index("ix_two_people_other", "two_people", ["other"])


def downgrade() -> None:
    op.drop_table("two_people")

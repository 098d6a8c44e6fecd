"""Who was erased, and how long what is held of people is kept."""

import sqlalchemy as sa
from alembic import op

revision = "guests0007"
down_revision = "guests0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("ceremony_id", sa.String(36), nullable=False),
        sa.Column("guest_id", sa.String(36), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("by", sa.String(80)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("words", sa.Text),
        sa.Column("done", sa.Text, nullable=False),
    )
    op.create_index("ix_erasure_office", "erasure", ["office"])
    op.create_table(
        "retention",
        sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("guest_list.ceremony_id"), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("keeping", sa.Text),
        sa.Column("contacts_erased", sa.String(40)),
        sa.Column("papers_erased", sa.String(40)),
    )


def downgrade() -> None:
    op.drop_table("retention")
    op.drop_index("ix_erasure_office", "erasure")
    op.drop_table("erasure")

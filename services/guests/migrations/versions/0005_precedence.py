"""Places given by hand, titles that the office settled, and the post in which somebody attends."""

import sqlalchemy as sa
from alembic import op

revision = "guests0005"
down_revision = "guests0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("guest", sa.Column("attends_as", sa.Text))
    op.create_table(
        "placing",
        sa.Column("guest_id", sa.String(36), primary_key=True),
        sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("guest_list.ceremony_id"), nullable=False),
        sa.Column("before_id", sa.String(36)),
        sa.Column("after_id", sa.String(36)),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("placed_by", sa.String(80)),
        sa.Column("placed_at", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_placing_ceremony_id", "placing", ["ceremony_id"])
    op.create_table(
        "settled_title",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("profile", sa.String(80), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("bloc", sa.Text, nullable=False),
        sa.Column("cls", sa.Text, nullable=False),
        sa.Column("settled_by", sa.String(80)),
        sa.Column("settled_at", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_settled_title_office", "settled_title", ["office"])


def downgrade() -> None:
    op.drop_table("settled_title")
    op.drop_table("placing")
    op.drop_column("guest", "attends_as")

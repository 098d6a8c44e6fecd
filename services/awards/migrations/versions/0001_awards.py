"""Award lists with their decisions and lines; staged and frozen parts."""

import sqlalchemy as sa
from alembic import op

revision = "awards0001"
down_revision = None
branch_labels = ("awards",)
depends_on = None


def upgrade() -> None:
    _parts()
    _lists()


def _parts() -> None:
    op.create_table(
        "staged",
        sa.Column("office", sa.String(40), primary_key=True),
        sa.Column("saga", sa.String(80), primary_key=True),
        sa.Column("ceremony_id", sa.String(36), nullable=False),
        sa.Column("body", sa.Text),
        sa.Column("answer", sa.Text),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_table(
        "snapshot",
        sa.Column("office", sa.String(40), primary_key=True),
        sa.Column("ceremony_id", sa.String(36), primary_key=True),
        sa.Column("release", sa.Integer, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )


def _lists() -> None:
    op.create_table(
        "award_list",
        sa.Column("ceremony_id", sa.String(36), primary_key=True),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("profile", sa.String(80), nullable=False),
        sa.Column("on", sa.Date),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("award_list.ceremony_id"), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("on", sa.Date),
        sa.Column("signer", sa.Text),
        sa.Column("signer_post", sa.Text),
        sa.Column("authority", sa.Text),
        sa.UniqueConstraint("ceremony_id", "key"),
    )
    op.create_table(
        "line",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("award_list.ceremony_id"), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("decision", sa.Text),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("recipient_kind", sa.String(20), nullable=False),
        sa.Column("head_count", sa.Integer),
        sa.Column("post", sa.Text),
        sa.Column("unit", sa.Text),
        sa.Column("achievement", sa.Text),
        sa.Column("posthumous_receiver", sa.Text),
        sa.Column("presenter_kind", sa.String(20)),
        sa.Column("presenter_guest", sa.Text),
        sa.Column("presenter_text", sa.Text),
        sa.Column("item", sa.Text),
        sa.Column("stage_order", sa.Integer),
        sa.Column("note", sa.Text),
        sa.UniqueConstraint("ceremony_id", "key"),
    )


def downgrade() -> None:
    for table in ("line", "decision", "award_list", "snapshot", "staged"):
        op.drop_table(table)

"""Guest lists with their guests, posts and rolls; people and organisations; staged and frozen parts."""

import sqlalchemy as sa
from alembic import op

revision = "guests0001"
down_revision = None
branch_labels = ("guests",)
depends_on = None


def upgrade() -> None:
    _parts()
    _people()
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


def _people() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
        sa.UniqueConstraint("office", "name_key"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("office", sa.String(40), nullable=False),
    )


def _lists() -> None:
    op.create_table(
        "guest_list",
        sa.Column("ceremony_id", sa.String(36), primary_key=True),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("profile", sa.String(80), nullable=False),
        sa.Column("on", sa.Date),
    )
    op.create_table(
        "guest",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("guest_list.ceremony_id"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("person_id", sa.String(36), sa.ForeignKey("person.id")),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("honorific", sa.Text),
        sa.Column("rank", sa.Text),
        sa.Column("born_on", sa.Date),
        sa.Column("email", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("head_count", sa.Integer),
        sa.Column("head_count_kind", sa.String(20)),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("delegation", sa.Text),
        sa.Column("note", sa.Text),
        sa.Column("code", sa.Text),
        sa.Column("seat", sa.Text),
    )
    op.create_index("ix_guest_ceremony_id", "guest", ["ceremony_id"])
    op.create_index("ix_guest_person_id", "guest", ["person_id"])
    _beside_guests()


def _beside_guests() -> None:
    op.create_table(
        "person_mark",
        sa.Column("guest_id", sa.String(36), sa.ForeignKey("guest.id"), primary_key=True),
        sa.Column("mark", sa.String(64), primary_key=True),
    )
    op.create_index("ix_person_mark_mark", "person_mark", ["mark"])
    op.create_table(
        "post",
        sa.Column("guest_id", sa.String(36), sa.ForeignKey("guest.id"), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text),
        sa.Column("organisation_id", sa.String(36), sa.ForeignKey("organisation.id")),
        sa.Column("level", sa.Text),
        sa.Column("bloc", sa.Text),
        sa.Column("cls", sa.Text),
        sa.Column("since", sa.Date),
        sa.Column("until", sa.Date),
    )
    op.create_table(
        "roll",
        sa.Column("guest_id", sa.String(36), sa.ForeignKey("guest.id"), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
    )


def downgrade() -> None:
    for table in ("roll", "post", "person_mark", "guest", "guest_list", "person", "organisation"):
        op.drop_table(table)
    for table in ("snapshot", "staged"):
        op.drop_table(table)

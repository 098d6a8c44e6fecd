"""Pictures of pages; and what has changed since an edition was last in step."""

import sqlalchemy as sa
from alembic import op

revision = "program0002"
down_revision = "program0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "picture",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("page", sa.Integer, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("png", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("content", "page", "width"),
    )
    op.add_column("edition", sa.Column("because", sa.Text, nullable=False, server_default=""))
    if op.get_bind().dialect.name == "postgresql":  # SQLite cannot take a default away
        op.alter_column("edition", "because", server_default=None)


def downgrade() -> None:
    op.drop_column("edition", "because")
    op.drop_table("picture")

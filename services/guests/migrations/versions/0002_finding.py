"""Each guest's row says with which version of the list it came, and what it is found by."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from services.lang.finding import find_key

revision = "guests0002"
down_revision = "guests0001"
branch_labels = None
depends_on = None

_guest = sa.table(
    "guest", *(sa.column(name) for name in ("id", "name", "rank", "delegation", "note", "code", "find_key"))
)
_post = sa.table("post", *map(sa.column, ("guest_id", "ordinal", "title", "organisation")))


def upgrade() -> None:
    op.add_column("guest", sa.Column("at_version", sa.Integer, nullable=False, server_default="0"))
    op.add_column("guest", sa.Column("find_key", sa.Text, nullable=False, server_default=""))
    _fill()
    if op.get_bind().dialect.name == "postgresql":  # SQLite cannot take a default away
        for name in ("at_version", "find_key"):
            op.alter_column("guest", name, server_default=None)


def _fill() -> None:
    conn = op.get_bind()
    posts: dict[str, list[str | None]] = {}
    for row in conn.execute(sa.select(_post).order_by(_post.c.guest_id, _post.c.ordinal)):
        posts.setdefault(row.guest_id, []).extend((row.title, row.organisation))
    for row in conn.execute(sa.select(_guest)).all():
        conn.execute(_guest.update().where(_guest.c.id == row.id).values(find_key=_key(row, posts.get(row.id, []))))


def _key(row: Any, posts: list[str | None]) -> str:
    return find_key(row.name, row.rank, *posts, row.delegation, row.note, row.code)


def downgrade() -> None:
    for name in ("find_key", "at_version"):
        op.drop_column("guest", name)

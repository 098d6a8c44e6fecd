"""The outbox as a chain of hashes, with columns to look through it; what stands there already is filled in."""

import sqlalchemy as sa
from alembic import context, op

from schemas.envelope import Event
from services.kit import trail

revision = "kit0002"
down_revision = "kit0001"
branch_labels = None
depends_on = None

_NEEDED = {"office": sa.Text(), "type": sa.Text(), "about": sa.Text(), "chain": sa.String(64)}
_OPTIONAL = ("thing", "actor")
_PIECE = 1000


def upgrade() -> None:
    for name, kind in _NEEDED.items():
        op.add_column("outbox", sa.Column(name, kind, nullable=False, server_default=""))
    for name in _OPTIONAL:
        op.add_column("outbox", sa.Column(name, sa.Text))
    _fill(op.get_bind(), context.config.attributes["service"])
    if op.get_bind().dialect.name == "postgresql":  # SQLite cannot take a default away
        for name in _NEEDED:
            op.alter_column("outbox", name, server_default=None)
    _index()


def _fill(conn: sa.Connection, service: str) -> None:
    """In the order in which the events were committed, as if they had been chained from the first."""
    names = ("seq", "body", *_NEEDED, *_OPTIONAL)
    outbox = sa.table("outbox", *(sa.column(name) for name in names))
    out, seq, chain = outbox.c, -1, trail.start(service)
    fill = outbox.update().where(out.seq == sa.bindparam("at"))
    fill = fill.values({name: sa.bindparam(f"new_{name}") for name in (*_NEEDED, *_OPTIONAL)})
    rows = sa.select(out.seq, out.body).order_by(out.seq).limit(_PIECE)
    while found := conn.execute(rows.where(out.seq > seq)).all():
        values = []
        for row in found:
            seq, chain = row.seq, trail.link(chain, row.body)
            new = {"chain": chain, **trail.columns(Event.model_validate_json(row.body))}
            values.append({"at": seq} | {f"new_{name}": value for name, value in new.items()})
        conn.execute(fill, values)


def _index() -> None:
    op.create_index("outbox_office", "outbox", ["office", "seq"])
    op.create_index("outbox_type", "outbox", ["office", "type", "seq"])
    op.create_index("outbox_about", "outbox", ["office", "about", "seq"])
    for name in _OPTIONAL:
        known = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"outbox_{name}", "outbox", ["office", name, "seq"], sqlite_where=known, postgresql_where=known
        )


def downgrade() -> None:
    for name in ("office", "type", "about", *_OPTIONAL):
        op.drop_index(f"outbox_{name}", "outbox")
    for name in (*_NEEDED, *_OPTIONAL):
        op.drop_column("outbox", name)

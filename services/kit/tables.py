"""The tables that every service has beside its own: what it sent, heard, answered, changed and had to park."""

import sqlalchemy as sa

metadata = sa.MetaData()
# SQLite gives AUTOINCREMENT only to an INTEGER primary key; PostgreSQL needs 64 bits for years of events.
BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("seq", BigId, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(36), nullable=False, unique=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("sent_at", sa.Float),
    # For looking up; what counts is the body. `about` is the subject, `thing` what inside it the event names.
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("thing", sa.Text),
    sa.Column("actor", sa.Text),
    sa.Column("chain", sa.String(64), nullable=False),  # see trail.link
    sqlite_autoincrement=True,
)
sa.Index("outbox_office", outbox.c.office, outbox.c.seq)
sa.Index("outbox_type", outbox.c.office, outbox.c.type, outbox.c.seq)
sa.Index("outbox_about", outbox.c.office, outbox.c.about, outbox.c.seq)
for _name in ("thing", "actor"):
    sa.Index(
        f"outbox_{_name}",
        outbox.c.office,
        outbox.c[_name],
        outbox.c.seq,
        sqlite_where=outbox.c[_name].is_not(None),
        postgresql_where=outbox.c[_name].is_not(None),
    )
sa.Index(
    "outbox_unsent",
    outbox.c.seq,
    sqlite_where=outbox.c.sent_at.is_(None),
    postgresql_where=outbox.c.sent_at.is_(None),
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
)

requests = sa.Table(
    "requests",
    metadata,
    sa.Column("office", sa.String(40), primary_key=True),
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("asked", sa.String(64), nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)

# What a change was from and to, by event: erasable, where the outbox is kept.
changes = sa.Table(
    "changes",
    metadata,
    sa.Column("event_id", sa.String(36), primary_key=True),
    sa.Column("before", sa.Text),
    sa.Column("after", sa.Text),
)

parked = sa.Table(
    "parked",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)

# One-line facts about the installation, such as which stream the outbox was published to.
facts = sa.Table(
    "facts",
    metadata,
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

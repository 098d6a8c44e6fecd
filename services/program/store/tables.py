"""Program's tables: editions and their documents, bytes by hash, pictures of pages."""

import sqlalchemy as sa

from services.kit.tables import BigId

metadata = sa.MetaData()

# A draft (release 0) or a release with all its documents. It is in step when `made` has caught up with `wanted`;
# `because` names what changed since, with blanks between.
edition = sa.Table(
    "edition",
    metadata,
    sa.Column("ceremony_id", sa.String(36), primary_key=True),
    sa.Column("release", sa.Integer, primary_key=True),
    sa.Column("office", sa.String(40), nullable=False),
    sa.Column("correlation", sa.String(80), nullable=False),
    sa.Column("wanted", sa.Integer, nullable=False),
    sa.Column("made", sa.Integer, nullable=False),
    sa.Column("refused", sa.Text),
    sa.Column("because", sa.Text, nullable=False),
)

document = sa.Table(
    "document",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("ceremony_id", sa.String(36), nullable=False),
    sa.Column("release", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("guest_id", sa.String(36), nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("office", sa.String(40), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("inputs", sa.String(64), nullable=False),
    sa.Column("content", sa.String(64), sa.ForeignKey("content.sha256"), index=True),
    sa.Column("pages", sa.Integer),
    sa.Column("milliseconds", sa.Integer),
    sa.Column("missing", sa.Text, nullable=False),
    sa.Column("reused", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("at", sa.String(40)),
    sa.ForeignKeyConstraint(["ceremony_id", "release"], ["edition.ceremony_id", "edition.release"]),
    sa.UniqueConstraint("ceremony_id", "release", "kind", "guest_id"),
    sa.Index("ix_document_inputs", "office", "inputs"),
)

content = sa.Table(
    "content",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("bytes", sa.LargeBinary, nullable=False),
)


# Pages that somebody looked at, in the order in which they were drawn. They can be drawn again at any time.
picture = sa.Table(
    "picture",
    metadata,
    sa.Column("seq", BigId, primary_key=True, autoincrement=True),
    sa.Column("content", sa.String(64), nullable=False),
    sa.Column("page", sa.Integer, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("png", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("content", "page", "width"),
)

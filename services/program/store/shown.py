"""What is asked of program's store: lists of documents, their bytes, and pictures of their pages."""

from typing import Any, NamedTuple

import sqlalchemy as sa

from schemas.errors import NotFound, Refusal
from schemas.program import Document, State
from services.kit.store import Connection, Tx
from services.program.model import SECRET, Drawn
from services.program.store.tables import content, document, edition, picture

MOST_PICTURES = 500


class PaperErased(Refusal):
    """This paper is not kept any more: its time was up. What stays is its hash, {which}."""

    status = 410


def documents(
    conn: Connection, office: str, ceremony_id: str, release: int, *, secret: bool = True, guests: bool = False
) -> tuple[Document, ...]:
    """In the order in which they are made; the secret ones if they may be seen, those for one guest if asked for."""
    rows = sa.select(document, content.c.size, edition.c.because).outerjoin(content).join(edition)
    here = rows.where(
        document.c.office == office, document.c.ceremony_id == ceremony_id, document.c.release == release
    )
    if not secret:
        here = here.where(document.c.kind.not_in(SECRET))
    if not guests:
        here = here.where(document.c.guest_id == "")
    return tuple(_document(row) for row in conn.execute(here.order_by(document.c.ordinal)))


def _document(row: Any) -> Document:
    state: State = row.state
    return Document(
        id=row.id,
        ceremony_id=row.ceremony_id,
        release=row.release or None,
        kind=row.kind,
        guest_id=row.guest_id or None,
        title=row.title,
        file_name=row.file_name,
        state=state,
        inputs=row.inputs,
        content=row.content,
        pages=row.pages,
        size=row.size,
        milliseconds=row.milliseconds,
        reused=row.reused,
        reason=row.reason,
        missing=row.missing,
        at=row.at,
        secret=row.kind in SECRET,
        because=row.because.split() if state in {"stale", "rendering"} else (),
    )


class Piece(NamedTuple):
    bytes: bytes
    size: int
    file_name: str


class Wanted(NamedTuple):
    """The content of a document of this ceremony of this office; of a secret one only if that may be seen."""

    office: str
    ceremony_id: str
    content: str
    secret: bool

    def where(self) -> tuple[sa.ColumnElement[bool], ...]:
        row = document.c
        mine = (row.office == self.office, row.ceremony_id == self.ceremony_id, row.content == self.content)
        return mine if self.secret else (*mine, row.kind.not_in(SECRET))


def piece(conn: Connection, wanted: Wanted, offset: int, limit: int) -> Piece:
    """Some of its bytes."""
    part = sa.func.substr(content.c.bytes, offset + 1, limit, type_=sa.LargeBinary)
    rows = sa.select(part, content.c.size, document.c.file_name).join(document)
    found = conn.execute(rows.where(*wanted.where()).order_by(document.c.release).limit(1)).first()
    if found is None:
        raise NotFound(what="document with the content", which=wanted.content)
    _expect_kept(conn, wanted)
    return Piece(bytes(found[0]), found[1], found[2])


def _expect_kept(conn: Connection, wanted: Wanted) -> None:
    states = set(conn.execute(sa.select(document.c.state).where(*wanted.where())).scalars())
    if states == {"erased"}:
        raise PaperErased(which=wanted.content)


# Pictures of pages.


class Leaf(NamedTuple):
    """A page to look at: drawn before, or still to be drawn from these bytes."""

    drawn: Drawn | None
    pdf: bytes = b""


def leaf(conn: Connection, wanted: Wanted, page: int, width: int) -> Leaf:
    """NotFound if nothing with that content is shown here, or it has no such page."""
    pages = conn.execute(sa.select(document.c.pages).where(*wanted.where()).limit(1)).scalar()
    if pages is None:
        raise NotFound(what="document with the content", which=wanted.content)
    _expect_kept(conn, wanted)
    if page > pages:
        raise NotFound(what="page", which=page)
    row = picture.c
    known = sa.select(row.png, row.width, row.height).where(*_drawn(wanted.content, page, width))
    if found := conn.execute(known).first():
        return Leaf(Drawn(bytes(found.png), found.width, found.height))
    pdf = conn.execute(sa.select(content.c.bytes).where(content.c.sha256 == wanted.content)).scalar_one()
    return Leaf(None, bytes(pdf))


def keep_picture(tx: Tx, sha256: str, page: int, drawn: Drawn) -> None:
    """So many are kept, the last ones; none of bytes that were forgotten meanwhile."""
    if not tx.conn.execute(sa.select(content.c.size).where(content.c.sha256 == sha256)).first():
        return
    tx.conn.execute(picture.delete().where(*_drawn(sha256, page, drawn.width)))
    named = {"content": sha256, "page": page, "width": drawn.width}
    tx.conn.execute(picture.insert(), {**named, "height": drawn.height, "png": drawn.png})
    oldest = sa.select(picture.c.seq).order_by(picture.c.seq.desc()).offset(MOST_PICTURES).limit(1)
    if (seq := tx.conn.execute(oldest).scalar()) is not None:
        tx.conn.execute(picture.delete().where(picture.c.seq <= seq))


def _drawn(sha256: str, page: int, width: int) -> tuple[sa.ColumnElement[bool], ...]:
    return picture.c.content == sha256, picture.c.page == page, picture.c.width == width

"""Awards' SQL: the award list of each ceremony with its decisions and lines; staged and frozen parts."""

from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from schemas.awards import Decision
from schemas.errors import NotFound, StaleVersion
from services.awards.model import KeptLine, Listed
from services.kit.parts import Parts
from services.kit.store import Tx

metadata = sa.MetaData()
parts = Parts(metadata)

award_list = sa.Table(
    "award_list",
    metadata,
    sa.Column("ceremony_id", sa.String(36), primary_key=True),
    sa.Column("office", sa.String(40), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("profile", sa.String(80), nullable=False),
    sa.Column("on", sa.Date),
)

decision = sa.Table(
    "decision",
    metadata,
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

line = sa.Table(
    "line",
    metadata,
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


class Listing(NamedTuple):
    """The head of an award list: its version, and the profile and day whose rules it follows."""

    version: int
    profile: str
    on: date | None


def listing(conn: sa.Connection, office: str, ceremony_id: str) -> Listing | None:
    """None: there is no list yet. Another office's is not found."""
    row = conn.execute(sa.select(award_list).where(award_list.c.ceremony_id == ceremony_id)).first()
    if row and row.office != office:
        raise NotFound(what="ceremony", which=ceremony_id)
    return Listing(row.version, row.profile, row.on) if row else None


def for_change(tx: Tx, ceremony_id: str, expected_version: int) -> Listing:
    """The head of the list, if it is at the version that the command thinks it is."""
    found = listing(tx.conn, tx.caller.office, ceremony_id)
    if found is None:
        raise NotFound(what="award list of the ceremony", which=ceremony_id)
    if found.version != expected_version:
        raise StaleVersion(what="The award list", expected=expected_version, actual=found.version)
    return found


def save_listing(tx: Tx, ceremony_id: str, head: Listing) -> None:
    changed = award_list.update().where(award_list.c.ceremony_id == ceremony_id).values(head._asdict())
    if tx.conn.execute(changed).rowcount == 0:
        values = {"ceremony_id": ceremony_id, "office": tx.caller.office, **head._asdict()}
        tx.conn.execute(award_list.insert(), values)


def listed(conn: sa.Connection, ceremony_id: str) -> Listed:
    """What is on the list, as it was written."""
    return Listed(
        decisions=tuple(Decision.model_validate(_plain(row)) for row in _rows(conn, decision, ceremony_id)),
        lines=tuple(_line(row) for row in _rows(conn, line, ceremony_id)),
    )


def _rows(conn: sa.Connection, table: sa.Table, ceremony_id: str) -> Any:
    return conn.execute(sa.select(table).where(table.c.ceremony_id == ceremony_id).order_by(table.c.ordinal))


def _plain(row: Any) -> dict[str, Any]:
    named: dict[str, Any] = row._asdict()
    return {name: value for name, value in named.items() if name not in {"ceremony_id", "ordinal"}}


def _line(row: Any) -> KeptLine:
    named = _plain(row)
    presenter = {name: named.pop(f"presenter_{name}") for name in ("kind", "guest", "text")}
    return KeptLine.model_validate(named | {"presenter": presenter if presenter["kind"] else None})


def replace(tx: Tx, ceremony_id: str, new: Listed) -> None:
    """Put these in the place of everything that is on the list."""
    for table in (decision, line):
        tx.conn.execute(table.delete().where(table.c.ceremony_id == ceremony_id))
    here = {"ceremony_id": ceremony_id}
    if new.decisions:
        rows = [{**one.model_dump(), **here, "ordinal": at} for at, one in enumerate(new.decisions)]
        tx.conn.execute(decision.insert(), rows)
    if new.lines:
        rows = [{**_line_values(one), **here, "ordinal": at} for at, one in enumerate(new.lines)]
        tx.conn.execute(line.insert(), rows)


def _line_values(one: KeptLine) -> dict[str, Any]:
    values = one.model_dump()
    presenter = values.pop("presenter") or dict.fromkeys(("kind", "guest", "text"))
    return values | {f"presenter_{name}": value for name, value in presenter.items()}


def take_presenter(tx: Tx, ceremony_id: str, guest_id: str) -> int:
    """Nobody presents what this guest was to present; how many lines that were."""
    nobody = dict.fromkeys(("presenter_kind", "presenter_guest", "presenter_text"))
    his = (line.c.ceremony_id == ceremony_id) & (line.c.presenter_guest == guest_id)
    return tx.conn.execute(line.update().where(his).values(nobody)).rowcount

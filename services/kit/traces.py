"""The traces of one guest in a database: found and erased in every table that has rows of a ceremony.

Hides that no service lists its tables for this: whatever has a column `ceremony_id` is looked through, so is a table
made tomorrow. What points to the guest goes as a whole; of free text that names him, the name.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from unicodedata import normalize

import sqlalchemy as sa

from schemas.traces import Thing, Traced
from services.kit import tables

GONE = "…"  # stands where a name stood
_FORMS = (str, str.upper, str.lower, str.title)
_POINTS = ("id", "guest_id", "guest")
_NEVER = r"(?!)"


class Trace:
    """How one guest is known again in values: by his id, and by words of his own."""

    def __init__(self, traced: Traced) -> None:
        self.ceremony_id, self.guest_id = traced.ceremony_id, traced.guest_id
        words = [normalize(form, word) for word in traced.words for form in ("NFC", "NFD")]
        either = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words) or _NEVER
        self._words = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
        self._written = {normalize(form, case(word)) for word in words for case in _FORMS for form in ("NFC", "NFD")}

    def in_column(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        """Whether a text may mention him: quick, and never false where it does."""
        plain = {self.guest_id, *self._written}
        escaped = {json.dumps(word, ensure_ascii=form)[1:-1] for word in self._written for form in (True, False)}
        return sa.or_(*(column.contains(word, autoescape=True) for word in sorted(plain | escaped)))

    def without(self, value: Any) -> Any:
        """What is left of a value; None where it was all his."""
        if self._is_his(value):
            return None
        if isinstance(value, dict):
            return {key: self.without(each) for key, each in value.items() if key != self.guest_id}
        if isinstance(value, list):
            return [self.without(each) for each in value if not self._is_his(each)]
        return self._words.sub(GONE, value) if isinstance(value, str) else value

    def of(self, value: Any) -> Iterator[Any]:
        """What of a value is his: whole where it points to him, else the sentences that name him."""
        if self._is_his(value):
            yield value
        elif isinstance(value, dict):
            for key, each in value.items():
                yield from [each] if key == self.guest_id else self.of(each)
        elif isinstance(value, list):
            for each in value:
                yield from self.of(each)
        elif isinstance(value, str) and self._words.search(value):
            yield value

    def _is_his(self, value: Any) -> bool:
        if isinstance(value, dict):
            return any(value.get(name) == self.guest_id for name in _POINTS)
        return isinstance(value, list) and value[:1] == [self.guest_id]


def found(conn: sa.Connection, service: str, traced: Traced) -> list[Thing]:
    """All of it but files: rows of the guest whole, of others his part; former values; lines of the audit trail."""
    trace, things = Trace(traced), list[Thing]()
    for table in _tables(conn):
        for row in _rows(conn, table, trace):
            things += (Thing(place=f"{service}.{table.name}", data=data) for data in _told(row, trace))
    for row in _changes(conn, trace):
        at = datetime.fromtimestamp(row["at"], UTC)
        for name in ("before", "after"):
            what = _parsed(row[name])
            mine = what if row["thing"] == trace.guest_id else list(trace.of(what))
            if mine:
                things.append(Thing(place=f"{service}.changes", data={row["type"]: {name: mine}}, at=at))
    return [*things, *_audit(conn, service, trace)]


def _audit(conn: sa.Connection, service: str, trace: Trace) -> Iterator[Thing]:
    out = tables.outbox.c
    lines = sa.select(out.seq, out.type, out.at, out.actor).where(out.thing == trace.guest_id).order_by(out.seq)
    for row in conn.execute(lines):
        data = {"seq": row.seq, "type": row.type, "actor": row.actor}
        yield Thing(place=f"{service}.outbox", data=data, at=datetime.fromtimestamp(row.at, UTC), stays="audit")


def erase(conn: sa.Connection, traced: Traced, but: Collection[str] = ()) -> int:
    """How many rows that touched. Rows of his own (`guest_id`) are the service's to take out first; `but`: tables
    that it sees to itself.
    """
    trace, count = Trace(traced), 0
    for table in _tables(conn):
        if table.name not in but:
            count += sum(_clean(conn, table, row, trace) for row in _rows(conn, table, trace))
    for row in _changes(conn, trace):
        count += _clean_change(conn, row, trace)
    return count


def blank(conn: sa.Connection, ceremony_id: str, fields: Mapping[str, Any]) -> None:
    """Empty these fields of every JSON value of a ceremony, however deep they stand: former values, frozen parts."""
    names = [f'"{name}"' for name in fields]
    for table in _tables(conn):
        texts = [column for column in table.c if isinstance(column.type, sa.String)]
        if "ceremony_id" in table.c and texts:
            where = [column.contains(name) for column in texts for name in names]
            found = sa.select(*table.primary_key, *texts).where(table.c.ceremony_id == ceremony_id, sa.or_(*where))
            for row in [row._asdict() for row in conn.execute(found)]:
                _update(conn, table, row, {name: _blanked(value, fields) for name, value in row.items()})
    out, kept = tables.outbox.c, tables.changes.c
    changed = sa.select(kept.event_id, kept.before, kept.after).join(tables.outbox, out.id == kept.event_id)
    for row in [row._asdict() for row in conn.execute(changed.where(out.about == ceremony_id))]:
        _update(conn, tables.changes, row, {name: _blanked(value, fields) for name, value in row.items()})


def _blanked(text: Any, fields: Mapping[str, Any]) -> Any:
    value = _parsed(text)
    if not isinstance(value, dict | list):
        return text
    left = _emptied(value, fields)
    return text if left == value else json.dumps(left, ensure_ascii=False)


def _emptied(value: Any, fields: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: fields[key] if key in fields else _emptied(each, fields) for key, each in value.items()}
    return [_emptied(each, fields) for each in value] if isinstance(value, list) else value


def _clean(conn: sa.Connection, table: sa.Table, row: Mapping[str, Any], trace: Trace) -> int:
    left = {name: _written(value, trace) for name, value in row.items() if isinstance(value, str)}
    return _update(conn, table, row, left)


def _update(conn: sa.Connection, table: sa.Table, row: Mapping[str, Any], left: Mapping[str, Any]) -> int:
    new = {name: value for name, value in left.items() if value != row[name]}
    if not new:
        return 0
    same = [column == row[column.name] for column in table.primary_key]
    return conn.execute(table.update().where(*same).values(new)).rowcount


def _clean_change(conn: sa.Connection, row: Mapping[str, Any], trace: Trace) -> int:
    changes = tables.changes
    if row["thing"] == trace.guest_id:
        return conn.execute(changes.delete().where(changes.c.event_id == row["event_id"])).rowcount
    return _update(conn, changes, row, {name: _written(row[name], trace) for name in ("before", "after")})


def _written(text: str | None, trace: Trace) -> str | None:
    """A text without him: JSON stays JSON."""
    value = _parsed(text)
    if isinstance(value, dict | list):
        left = trace.without(value)
        return text if left == value else json.dumps(left, ensure_ascii=False)
    return None if text is None else str(trace.without(text))


def _told(row: Mapping[str, Any], trace: Trace) -> Iterator[Any]:
    values = {name: _parsed(value) for name, value in row.items()}
    if trace.guest_id in {row.get("guest_id"), row.get("id")}:
        yield {name: value for name, value in values.items() if value is not None and not isinstance(value, bytes)}
        return
    for name, value in values.items():
        if value == trace.guest_id:
            yield {name: value, "id": row.get("id")}
        yield from ({name: each} for each in trace.of(value))


def _parsed(text: Any) -> Any:
    if not isinstance(text, str) or not text.startswith(("{", "[")):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _tables(conn: sa.Connection) -> list[sa.Table]:
    """Of the service alone, with rows of ceremonies."""
    known = sa.MetaData()
    known.reflect(conn)
    own = (table for table in known.sorted_tables if table.name not in tables.metadata.tables)
    return [table for table in own if "ceremony_id" in table.c or "guest_id" in table.c]


def _rows(conn: sa.Connection, table: sa.Table, trace: Trace) -> list[dict[str, Any]]:
    """Of this guest, or of his ceremony and mentioning him."""
    texts = [column for column in table.c if isinstance(column.type, sa.String)]
    where: list[sa.ColumnElement[bool]] = []
    if "guest_id" in table.c:
        where.append(table.c.guest_id == trace.guest_id)
    if "ceremony_id" in table.c and texts:
        where.append((table.c.ceremony_id == trace.ceremony_id) & sa.or_(*map(trace.in_column, texts)))
    columns = [column for column in table.c if not isinstance(column.type, sa.LargeBinary)]
    return [row._asdict() for row in conn.execute(sa.select(*columns).where(sa.or_(*where)))]


def _changes(conn: sa.Connection, trace: Trace) -> list[dict[str, Any]]:
    out, kept = tables.outbox.c, tables.changes.c
    rows = sa.select(kept.event_id, out.type, out.at, out.thing, kept.before, kept.after)
    rows = rows.join(tables.outbox, out.id == kept.event_id)
    mention = sa.or_(*map(trace.in_column, (kept.before, kept.after)))
    own = out.thing == trace.guest_id
    meant = rows.where(sa.or_(own, (out.about == trace.ceremony_id) & mention)).order_by(out.seq)
    return [row._asdict() for row in conn.execute(meant)]

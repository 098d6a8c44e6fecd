"""The trail of one service: its outbox as a chain of hashes, and as a history to look through.

Every row holds the SHA-256 over the hash before it and its own exact body, so nothing in the middle can be changed,
removed or put elsewhere without the hashes after it telling. Whoever may write to the database can write all of them
anew from there on: only a head that was noted elsewhere shows that. What a change was from and to is not hashed, for
it may have to be erased.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from hashlib import sha256
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa
from pydantic import ValidationError

from schemas.envelope import FACTS, Event
from schemas.house import AuditCheck, AuditHead, BrokenLink, ListHistory
from services.kit import tables

_out = tables.outbox.c
_LAST = sa.select(_out.seq, _out.chain).order_by(_out.seq.desc()).limit(1)
_PIECE = 1000  # events that are verified in one read
_LONG = 20_000  # characters of before and after that a list still shows


def start(service: str) -> str:
    """What stands before the first event."""
    return sha256(service.encode()).hexdigest()


def link(before: str, body: str) -> str:
    return sha256((before + body).encode()).hexdigest()


def columns(event: Event) -> dict[str, str | None]:
    """By what an event is found. `thing`: what its data name inside the subject, in a field `…_id`."""
    things = (value for name, value in event.data.items() if name.endswith("_id") and isinstance(value, str))
    return {
        "office": event.office,
        "type": event.type,
        "about": event.subject,
        "thing": next(things, None),
        "actor": event.authid,
    }


def head(conn: sa.Connection, service: str) -> AuditHead:
    """The last event."""
    row = conn.execute(_LAST).first()
    return AuditHead(seq=row.seq, chain=row.chain) if row else AuditHead(seq=0, chain=start(service))


def find(conn: sa.Connection, event_type: str, office: str | None, chain: str | None) -> Any:
    """The last event of this type with its seq, chain and body; of one office, or at this hash."""
    rows = sa.select(_out.seq, _out.chain, _out.body).where(_out.type == event_type)
    if office is not None:
        rows = rows.where(_out.office == office)
    if chain is not None:
        rows = rows.where(_out.chain == chain)
    return conn.execute(rows.order_by(_out.seq.desc()).limit(1)).first()


class Verifying:
    """The recomputing of a trail, piece by piece, so that it never holds up who writes or asks."""

    def __init__(self, service: str, through: AuditHead | None) -> None:
        self.service, self.through = service, through
        self._seq: int | None = None
        self._chain = start(service)
        self._events = 0
        self._broken: BrokenLink | None = None
        self._passed = self._is_there(0)

    def piece(self, conn: sa.Connection) -> bool:
        """Whether there may be more."""
        rows = sa.select(tables.outbox).order_by(_out.seq).limit(_PIECE)
        found = conn.execute(rows if self._seq is None else rows.where(_out.seq > self._seq)).all()
        for row in found:
            if what := _fault(row, self._chain):
                self._broken = BrokenLink(seq=row.seq, event_id=row.id, what=what)
                return False
            self._seq, self._chain = row.seq, row.chain
            self._events += 1
            self._passed = self._passed or self._is_there(row.seq)
        return len(found) == _PIECE

    def _is_there(self, seq: int) -> bool:
        """Whether we stand at the point asked for."""
        return self.through is not None and (seq, self._chain) == (self.through.seq, self.through.chain)

    def result(self) -> AuditCheck:
        return AuditCheck(
            service=self.service,
            events=self._events,
            head=AuditHead(seq=self._seq or 0, chain=self._chain),
            broken=self._broken,
            passes=self._passed if self.through else None,
        )


def _fault(row: Any, before: str) -> Literal["chain", "columns"] | None:
    """What is wrong with a row."""
    if row.chain != link(before, row.body):
        return "chain"
    try:
        event = Event.model_validate_json(row.body)
    except ValidationError:
        return "columns"
    told = {"id": event.id, "subject": event.nats_subject, **columns(event)}
    return None if told == {name: getattr(row, name) for name in told} else "columns"


# Looking through it.


def page(conn: sa.Connection, service: str, office: str, question: ListHistory) -> tuple[Sequence[Any], int | None]:
    """Rows with seq, body, before, after and size, newest first, and the cursor behind them if there are more.

    `size` is that of before and after together; they are left out of a list where they are too long for it.
    """
    most = question.limit + 1
    seqs = sorted({seq for one in _places(conn, service, office, question, most) for seq in one}, reverse=True)
    shown, more = seqs[: question.limit], len(seqs) > question.limit
    changes = tables.changes.c
    size = sum((sa.func.coalesce(sa.func.length(one), 0) for one in (changes.before, changes.after)), sa.literal(0))
    short = sa.true() if question.event_id else size <= _LONG
    rows = sa.select(
        _out.seq,
        _out.body,
        size.label("size"),
        sa.case((short, changes.before)).label("before"),
        sa.case((short, changes.after)).label("after"),
    ).outerjoin_from(tables.outbox, tables.changes, changes.event_id == _out.id)
    found = conn.execute(rows.where(_out.seq.in_(shown)).order_by(_out.seq.desc())).all()
    return found, shown[-1] if more else None


def _places(
    conn: sa.Connection, service: str, office: str, question: ListHistory, most: int
) -> Iterator[Sequence[int]]:
    """The newest places of each way in which an event can be meant, each read off one index.

    The index is that of the narrowest condition; the others are tried on what it finds. The engines would guess which
    one that is, and the wrong one takes a hundred times as long.
    """
    rows = sa.select(_out.seq).where(_out.office == office).order_by(_out.seq.desc()).limit(most)
    if question.before is not None:
        rows = rows.where(_out.seq < question.before)
    asked = _conditions(service, question)
    for ways in asked[1:]:
        rows = rows.where(sa.or_(sa.false(), *(column.concat("") == value for column, value in ways)))
    for where in [[column == value] for column, value in asked[0]] if asked else [[]]:
        yield conn.execute(rows.where(*where)).scalars().all()


def _conditions(service: str, question: ListHistory) -> list[list[tuple[sa.Column[Any], Any]]]:
    """What is asked for, the narrowest first; of each the ways in which an event can be it."""
    asked: list[list[tuple[sa.Column[Any], Any]]] = [
        [(_out.id, question.event_id)],
        [(_out.about, question.about), (_out.thing, question.about)],
        [(_out.about, question.ceremony_id)],
        [(_out.actor, question.actor)],
    ]
    known = [ways for ways in asked if ways[0][1] is not None]
    types = [] if question.types is None else [[(_out.type, one) for one in _types(service, question.types)]]
    return known + types


def _types(service: str, beginning: str) -> list[str]:
    """Event types are never taken away, so those of the code are those of the table."""
    return [name for name, fact in FACTS.items() if name.startswith(beginning) and fact.owner() == service]


class Values(NamedTuple):
    """What a change was from and to, and how much of it that is: see HistoryEntry."""

    before: Any = None
    after: Any = None
    shown: Literal["whole", "part", "none", "long"] = "none"


def values_of(row: Any, hidden: Collection[str]) -> Values:
    """Of a row of `page`, without the hidden fields, wherever they stand in it."""
    if not row.size:
        return Values()
    if row.before is row.after is None:
        return Values(shown="long")
    (before, less), (after, lacks) = _without(row.before, hidden), _without(row.after, hidden)
    return Values(before, after, "part" if less or lacks else "whole")


def _without(text: str | None, hidden: Collection[str]) -> tuple[Any, bool]:
    """The value, and whether anything was left out."""
    found = False

    def keep(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal found
        kept = {name: value for name, value in pairs if name not in hidden}
        found = found or len(kept) < len(pairs)
        return kept

    return (None if text is None else json.loads(text, object_pairs_hook=keep)), found

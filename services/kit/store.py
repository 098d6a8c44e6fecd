"""One service's database: a change and the events it causes commit together, or not at all.

Hides the two engines (SQLite, PostgreSQL), their locks and their migrations. On both, one writer at a time per
service: the order of the outbox is then the order of the commits, and a read inside a change never goes stale.
"""

import asyncio
import contextvars
import json
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from schemas.envelope import Caller, Clock, Event, Fact
from schemas.errors import RequestReused
from schemas.house import AuditHead
from services.kit import tables, trail

Connection = sa.Connection
T = TypeVar("T")
_HERE = Path(__file__).parent
_PRAGMAS = (
    "busy_timeout=15000",
    "synchronous=full",
    "foreign_keys=on",
    "secure_delete=on",
)


_TRIES = 100


class LogInUse(Exception):
    """The write-ahead log could not be emptied: somebody reads the database without end."""


@dataclass
class Tx:
    """One change in the making. It commits when its block ends, and rolls back when anything is raised."""

    conn: sa.Connection
    caller: Caller
    now: datetime
    service: str
    cause: str | None = None
    emitted: list[Event] = field(default_factory=list)
    _chain: str = ""

    def emit(self, fact: Fact, about: str, before: Any = None, after: Any = None) -> Event:
        """Tell what happened to `about`; what it was from and to is kept apart, where it can be erased."""
        event = Event.of(fact, about, self.now, self.caller, self.cause)
        body = event.model_dump_json()
        self._chain = trail.link(self._chain or self.head().chain, body)
        row = {"id": event.id, "subject": event.nats_subject, "body": body, "at": time.time(), "chain": self._chain}
        self.conn.execute(tables.outbox.insert(), row | trail.columns(event))
        if before is not None or after is not None:
            change = {"event_id": event.id, "before": _json(before), "after": _json(after)}
            self.conn.execute(tables.changes.insert(), change)
        self.emitted.append(event)
        return event

    def head(self) -> AuditHead:
        """The last event of the trail, those of this change included."""
        return trail.head(self.conn, self.service)

    def first_time(self, event_id: str) -> bool:
        """Whether this event was not heard before; remembers that it is now."""
        known = sa.select(tables.inbox.c.id).where(tables.inbox.c.id == event_id)
        if self.conn.execute(known).first():
            return False
        self.conn.execute(tables.inbox.insert(), {"id": event_id, "at": time.time()})
        return True

    def answered(self, request_id: str, asked: str) -> str | None:
        """The answer that this request was given before, if it was; `asked` says what it asked for."""
        row = tables.requests.c
        known = sa.select(row.asked, row.answer).where(row.office == self.caller.office, row.id == request_id)
        found = self.conn.execute(known).first()
        if found is None:
            return None
        if found.asked != asked:
            raise RequestReused(id=request_id)
        answer: str = found.answer
        return answer

    def remember(self, request_id: str, asked: str, answer: str) -> None:
        values = {"office": self.caller.office, "id": request_id, "asked": asked, "answer": answer}
        self.conn.execute(tables.requests.insert(), {**values, "at": time.time()})


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


class Store:
    """The database of one service."""

    def __init__(self, url: str, service: str, clock: Clock) -> None:
        self.service, self.clock = service, clock
        self.postgresql = url.startswith("postgresql")
        self.woken: Callable[[], None] = lambda: None
        self._leader: sa.Connection | None = None
        self._threads = ThreadPoolExecutor(4, thread_name_prefix=service)
        self._lock_key = zlib.crc32(service.encode())
        if self.postgresql:
            options = {"options": f"-csearch_path={service}"}
            self.engine = sa.create_engine(url, connect_args=options, pool_pre_ping=True)
        else:
            self.engine = sa.create_engine(url)
            sa.event.listen(self.engine, "connect", _set_pragmas)
            sa.event.listen(self.engine, "begin", _begin_sqlite)
        self._writing = self.engine.execution_options(khaimac_writes=True)

    async def hop(self, work: Callable[..., T], *args: Any) -> T:
        """Run a unit of work in a thread of this store, for the same caller."""
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: context.run(work, *args))

    def open(self, migrations: Path | None) -> None:
        """Bring the tables to the newest version; processes that start together wait for each other."""
        with self._writing.begin() as conn:
            if self.postgresql:
                self._lock_writers(conn)
                conn.execute(sa.text(f"create schema if not exists {self.service}"))
            command.upgrade(self._alembic(conn, migrations), "heads")

    def _alembic(self, conn: sa.Connection, migrations: Path | None) -> Config:
        config = Config()
        places = [_HERE / "migrations" / "versions", *([migrations / "versions"] if migrations else [])]
        config.set_main_option("script_location", str(_HERE / "migrations").replace("%", "%%"))
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", "\n".join(map(str, places)).replace("%", "%%"))
        config.attributes |= {"connection": conn, "service": self.service}
        return config

    @contextmanager
    def change(self, caller: Caller, cause: str | None = None) -> Iterator[Tx]:
        """A transaction that may emit events; they are published if and only if it commits."""
        with self._writing.begin() as conn:
            if self.postgresql:
                self._lock_writers(conn)
            tx = Tx(conn, caller, self.clock(), self.service, cause)
            yield tx
        if tx.emitted:
            self.woken()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A view that does not wait for writers."""
        with self.engine.connect() as conn:
            yield conn

    def _lock_writers(self, conn: sa.Connection) -> None:
        conn.execute(sa.text("select pg_advisory_xact_lock(:space, :key)"), _key(1, self._lock_key))

    # What the relay needs.

    def may_relay(self) -> bool:
        """Whether this process publishes the outbox: one at a time, or the order would be lost."""
        if not self.postgresql:
            return True
        if self._leader is None:
            self._leader = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        return self._leads(self._leader)

    def _leads(self, conn: sa.Connection) -> bool:
        try:
            return bool(
                conn.execute(sa.text("select pg_try_advisory_lock(:space, :key)"), _key(2, self._lock_key)).scalar()
            )
        except sa.exc.DBAPIError:
            self._leader = None  # the connection is gone, and the lock with it
            conn.close()
            raise

    def unsent(self, limit: int = 500) -> Sequence[Any]:
        out = tables.outbox.c
        rows = sa.select(out.seq, out.id, out.subject, out.body).where(out.sent_at.is_(None)).order_by(out.seq)
        with self.read() as conn:
            return conn.execute(rows.limit(limit)).all()

    def mark_sent(self, seqs: Sequence[int]) -> None:
        with self._writing.begin() as conn:
            sent = tables.outbox.update().where(tables.outbox.c.seq.in_(seqs))
            conn.execute(sent.values(sent_at=time.time()))

    def send_again(self, since: float) -> int:
        """Mark what was emitted since this moment (seconds of the epoch) as unsent; returns how many events."""
        with self._writing.begin() as conn:
            again = tables.outbox.update().where(tables.outbox.c.at >= since)
            return conn.execute(again.values(sent_at=None)).rowcount

    def outbox_lag(self) -> tuple[int, float]:
        """How many events are not yet published, and for how many seconds the oldest has waited."""
        out = tables.outbox.c
        with self.read() as conn:
            waiting = sa.select(sa.func.count(), sa.func.min(out.at)).where(out.sent_at.is_(None))
            count, oldest = conn.execute(waiting).one()
        return count, max(0.0, time.time() - oldest) if oldest else 0.0

    def fact(self, name: str) -> str | None:
        with self.read() as conn:
            value: str | None = conn.execute(
                sa.select(tables.facts.c.value).where(tables.facts.c.name == name)
            ).scalar()
            return value

    def note_fact(self, name: str, value: str) -> None:
        with self._writing.begin() as conn:
            conn.execute(tables.facts.delete().where(tables.facts.c.name == name))
            conn.execute(tables.facts.insert(), {"name": name, "value": value})

    def cut_log(self) -> None:
        """After an erasure: SQLite's write-ahead log still holds what the file does not, so it is emptied.

        PostgreSQL's belongs to the server, see the operator's guide.
        """
        if self.postgresql:
            return
        raw = self.engine.raw_connection()
        try:
            for _ in range(_TRIES):
                if not raw.cursor().execute("pragma wal_checkpoint(truncate)").fetchone()[0]:
                    return
                time.sleep(0.05)  # somebody still reads what stands in it
        finally:
            raw.close()
        raise LogInUse

    # Events that could not be worked off.

    def park(self, event: Event, reason: str) -> None:
        with self._writing.begin() as conn:
            row = tables.parked
            attempts = conn.execute(sa.select(row.c.attempts).where(row.c.id == event.id)).scalar() or 0
            conn.execute(row.delete().where(row.c.id == event.id))
            values = {"id": event.id, "body": event.model_dump_json(), "reason": reason, "at": time.time()}
            conn.execute(row.insert(), {**values, "attempts": attempts + 1})

    def unpark(self, event_id: str) -> None:
        with self._writing.begin() as conn:
            conn.execute(tables.parked.delete().where(tables.parked.c.id == event_id))

    def parked(self) -> Sequence[Any]:
        with self.read() as conn:
            return conn.execute(sa.select(tables.parked).order_by(tables.parked.c.at)).all()

    def close(self) -> None:
        """Wait for the hops that are under way, and let go of the database."""
        self._threads.shutdown(cancel_futures=True)
        if self._leader is not None:
            self._leader.close()
            self._leader = None
        self.engine.dispose()


def _key(space: int, key: int) -> dict[str, int]:
    """PostgreSQL's two-part advisory lock keys are signed 32-bit numbers."""
    return {"space": space, "key": key - 2**32 if key >= 2**31 else key}


def _set_pragmas(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # or the driver would leave the first SELECT of a change outside its transaction
    for pragma in _PRAGMAS:
        raw.execute(f"pragma {pragma}")
    _write_ahead(raw)


def _write_ahead(raw: Any) -> None:
    """The file remembers this mode; whoever sets it first must be alone, and SQLite does not wait for that itself."""
    for _ in range(200):
        try:
            raw.execute("pragma journal_mode=wal")
        except sqlite3.OperationalError:
            time.sleep(0.05)
        else:
            return
    raw.execute("pragma journal_mode=wal")


def _begin_sqlite(conn: sa.Connection) -> None:
    writes = conn.get_execution_options().get("khaimac_writes")
    conn.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

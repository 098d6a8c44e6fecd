"""A change and its events commit together: the store on the real engines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from schemas.envelope import Caller, Event
from schemas.errors import StaleVersion
from services.kit import tables
from services.kit.store import Store
from tests.conftest import NOW
from tests.toys import Count, add_one, counter, make_tables

NewStore = Callable[[str], Store]


@pytest.fixture
def database_url(empty_url: str) -> str:
    return empty_url


@pytest.fixture
def store(new_store: NewStore) -> Store:
    store = new_store("scheduling")
    make_tables(store)
    return store


def test_change_commits_with_its_event(store: Store, caller: Caller) -> None:
    with store.change(caller) as tx:
        add_one(tx, Count(id="c1"))

    (row,) = store.unsent()
    event = Event.model_validate_json(row.body)
    assert (event.type, event.subject, event.data) == ("scheduling.toy.counted.v1", "c1", {"version": 1})
    assert (event.office, event.correlationid) == (caller.office, caller.correlation)
    assert row.subject == "evt.scheduling.toy.counted.c1"


def test_change_that_raises_leaves_neither_row_nor_event(store: Store, caller: Caller) -> None:
    def fail() -> None:
        with store.change(caller) as tx:
            add_one(tx, Count(id="c1"))
            raise StaleVersion(what="c1", expected=1, actual=2)

    with pytest.raises(StaleVersion):
        fail()

    assert store.unsent() == []
    with store.read() as conn:
        assert conn.execute(sa.select(sa.func.count()).select_from(counter)).scalar() == 0


def test_two_hundred_increments_at_once_are_two_hundred(store: Store, caller: Caller) -> None:
    def one(_n: int) -> None:
        with store.change(caller) as tx:
            add_one(tx, Count(id="c1"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(200)))

    with store.read() as conn:
        assert conn.execute(sa.select(counter.c.version)).scalar() == 200
    versions = [Event.model_validate_json(row.body).data["version"] for row in store.unsent()]
    assert versions == list(range(1, 201))  # the order of the outbox is the order of the commits


def test_before_and_after_stand_apart_from_the_event(store: Store, caller: Caller) -> None:
    with store.change(caller) as tx:
        add_one(tx, Count(id="c1"))
        event_id = tx.emitted[0].id

    with store.read() as conn:
        (change,) = conn.execute(sa.select(tables.changes)).all()
    assert tuple(change) == (event_id, '{"version": null}', '{"version": 1}')


def test_event_is_heard_once(store: Store, caller: Caller) -> None:
    with store.change(caller) as tx:
        assert tx.first_time("e1")
    with store.change(caller) as tx:
        assert not tx.first_time("e1")


def test_opening_twice_changes_nothing(store: Store) -> None:
    store.open(None)
    with store.read() as conn:
        found = sa.inspect(conn).get_table_names()
    assert set(tables.metadata.tables) <= set(found)


def test_migrations_make_exactly_the_declared_tables(new_store: NewStore) -> None:
    store = new_store("scheduling")
    store.open(None)
    with store.read() as conn:
        context = MigrationContext.configure(conn)
        assert compare_metadata(context, tables.metadata) == []


def test_processes_that_open_together_wait_for_each_other(new_store: NewStore) -> None:
    stores = [new_store("scheduling") for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda store: store.open(None), stores))
    assert stores[0].unsent() == []


def test_erased_words_leave_no_trace_on_disk(tmp_path: Path, caller: Caller) -> None:
    store = Store(f"sqlite:///{tmp_path}/s.db", "scheduling", lambda: NOW)
    make_tables(store)
    with store.change(caller) as tx:
        tx.remember("r1", "toy", "Nguyễn Thị Khuyết Danh")
    with store.change(caller) as tx:
        tx.conn.execute(tables.requests.delete())
    with store.engine.connect() as conn:
        conn.exec_driver_sql("pragma wal_checkpoint(truncate)")
    store.close()
    assert "Khuyết Danh".encode() not in b"".join(file.read_bytes() for file in tmp_path.glob("s.db*"))

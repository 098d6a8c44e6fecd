"""The outbox as a chain of hashes, on both engines: whatever is changed inside it shows; old rows come into it."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from schemas.envelope import Caller, Event
from schemas.errors import StaleVersion
from schemas.house import AuditCheck, AuditHead, BrokenLink
from services import kit
from services.kit import tables, trail
from services.kit.store import Store
from tests.conftest import NOW
from tests.toys import Counted

NewStore = Callable[[str], Store]
OUT = tables.outbox.c
START = sha256(b"scheduling").hexdigest()


@pytest.fixture
def database_url(empty_url: str) -> str:
    return empty_url


@pytest.fixture
def store(new_store: NewStore) -> Store:
    store = new_store("scheduling")
    store.open(None)
    return store


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty events are verified in three reads, so that what lies at their edges is looked at."""
    monkeypatch.setattr(trail, "_PIECE", 7)


def tell(store: Store, caller: Caller, count: int = 1, about: str = "c1") -> None:
    """So many events, each in a change of its own."""
    for number in range(count):
        with store.change(caller) as tx:
            tx.emit(Counted(version=number), about, before={"was": number}, after={"is": number})


def check(store: Store, through: AuditHead | None = None) -> AuditCheck:
    verifying = trail.Verifying(store.service, through)
    more = True
    while more:
        with store.read() as conn:
            more = verifying.piece(conn)
    return verifying.result()


def head(store: Store) -> AuditHead:
    with store.read() as conn:
        return trail.head(conn, store.service)


def rows(store: Store) -> list[Any]:
    with store.read() as conn:
        return list(conn.execute(sa.select(tables.outbox).order_by(OUT.seq)))


def tamper(store: Store, *statements: Any) -> None:
    """As somebody would who may write to the database, past the program."""
    with store.engine.begin() as conn:
        for statement in statements:
            conn.execute(statement)


def at(place: int, **values: Any) -> sa.Update:
    return tables.outbox.update().where(OUT.seq == place).values(**values)


def broken_at(store: Store, row: Any, what: Any = "chain") -> None:
    assert check(store).broken == BrokenLink(seq=row.seq, event_id=row.id, what=what)


# The chain.


def test_link_is_the_hash_over_the_one_before_and_the_exact_event(store: Store, caller: Caller) -> None:
    assert head(store) == AuditHead(seq=0, chain=START)
    tell(store, caller, 3, about="Cần Thơ")

    before = START
    for row in rows(store):
        assert row.chain == sha256((before + row.body).encode()).hexdigest()
        before = row.chain
    assert head(store) == AuditHead(seq=3, chain=before)


def test_several_events_of_one_change_are_linked_too(store: Store, caller: Caller) -> None:
    tell(store, caller)
    with store.change(caller) as tx:
        for number in range(5):
            tx.emit(Counted(version=number), "c1")
        told = tx.head()
    assert (check(store).events, check(store).broken, told) == (6, None, head(store))


def test_change_that_fails_leaves_no_link(store: Store, caller: Caller) -> None:
    tell(store, caller)
    before = head(store)

    def fail() -> None:
        with store.change(caller) as tx:
            tx.emit(Counted(version=1), "c1")
            raise StaleVersion(what="c1", expected=1, actual=2)

    with pytest.raises(StaleVersion):
        fail()
    assert head(store) == before
    tell(store, caller)
    assert (check(store).events, check(store).broken) == (2, None)


def test_changes_from_many_threads_and_connections_make_one_chain(new_store: NewStore, caller: Caller) -> None:
    stores = [new_store("scheduling") for _ in range(2)]
    stores[0].open(None)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: tell(stores[number % 2], caller, 10, f"c{number}"), range(16)))
    assert check(stores[0]) == AuditCheck(service="scheduling", events=160, head=head(stores[1]))


def test_verifying_goes_on_while_events_come(store: Store, caller: Caller) -> None:
    tell(store, caller, 20)
    verifying = trail.Verifying(store.service, None)
    with store.read() as conn:
        verifying.piece(conn)
    tell(store, caller, 3)
    while True:
        with store.read() as conn:
            if not verifying.piece(conn):
                break
    assert verifying.result().broken is None
    assert check(store).events == 23


# What shows.


@pytest.fixture
def told(store: Store, caller: Caller) -> list[Any]:
    tell(store, caller, 20)
    return rows(store)


def test_trail_that_nobody_touched_holds(store: Store, told: list[Any]) -> None:
    assert check(store) == AuditCheck(service="scheduling", events=20, head=head(store))


def test_flipped_byte_shows_where_it_is(store: Store, told: list[Any]) -> None:
    for row in (told[19], told[7], told[6], told[0]):
        tamper(store, at(row.seq, body=row.body.replace("toy.counted", "toy.countee")))
        broken_at(store, row)
        assert check(store).events == row.seq - 1


def test_removed_event_shows_in_the_one_behind_it(store: Store, told: list[Any]) -> None:
    for place in (18, 6, 0):
        tamper(store, tables.outbox.delete().where(OUT.seq == told[place].seq))
        broken_at(store, told[place + 1])


def test_swapped_events_show(store: Store, told: list[Any]) -> None:
    for one, other in ((told[12], told[15]), (told[6], told[7])):
        tamper(store, at(one.seq, seq=-1), at(other.seq, seq=one.seq), at(-1, seq=other.seq))
        assert check(store).broken == BrokenLink(seq=one.seq, event_id=other.id, what="chain")


def test_added_event_shows(store: Store, told: list[Any], caller: Caller) -> None:
    row = told[5]
    tamper(store, at(row.seq, id="other"))
    false = row._asdict() | {"seq": -5, "body": row.body.replace(row.id, "0" * 36), "id": "0" * 36}
    tamper(store, at(row.seq, id=row.id), tables.outbox.insert().values(false))
    assert check(store).broken == BrokenLink(seq=-5, event_id="0" * 36, what="chain")


def test_event_filed_under_something_else_shows(store: Store, told: list[Any]) -> None:
    row = told[4]
    for column in ("subject", "office", "type", "about", "thing", "actor"):
        tamper(store, at(row.seq, **{column: "other"}))
        broken_at(store, row, "columns")
        tamper(store, at(row.seq, **{column: getattr(row, column)}))
    tamper(store, at(row.seq, id="other"))
    assert check(store).broken == BrokenLink(seq=row.seq, event_id="other", what="columns")


def test_event_that_cannot_be_read_shows_even_if_it_was_chained(store: Store, told: list[Any]) -> None:
    last, before = told[-1], told[-2]
    tamper(store, at(last.seq, body="{", chain=trail.link(before.chain, "{")))
    broken_at(store, last, "columns")


def rewrite(store: Store, first: Any, version: int) -> None:
    """Change an event, and chain everything anew from there: what nobody can see who has only the database."""
    chain = next((row.chain for row in reversed(rows(store)) if row.seq < first.seq), START)
    for row in rows(store):
        if row.seq >= first.seq:
            body = json.loads(row.body)
            if row.seq == first.seq:
                body["data"]["version"] = version
            text = Event.model_validate(body).model_dump_json()
            chain = trail.link(chain, text)
            tamper(store, at(row.seq, body=text, chain=chain))


def test_rewritten_end_holds_by_itself_and_misses_a_head_noted_before(store: Store, told: list[Any]) -> None:
    noted = head(store)
    assert check(store, noted).passes is True
    rewrite(store, told[8], 99)

    again = check(store)
    assert (again.events, again.broken, again.passes) == (20, None, None)  # the limit: see the head of the module
    assert check(store, noted).passes is False
    assert check(store, AuditHead(seq=told[7].seq, chain=told[7].chain)).passes is True


def test_end_that_was_cut_off_misses_the_head(store: Store, told: list[Any], caller: Caller) -> None:
    noted = head(store)
    tamper(store, tables.outbox.delete().where(OUT.seq > told[14].seq))
    assert (check(store).broken, check(store, noted).passes) == (None, False)
    tell(store, caller, 10)
    assert (check(store).broken, check(store, noted).passes) == (None, False)


def test_head_is_passed_though_the_trail_breaks_behind_it(store: Store, told: list[Any]) -> None:
    tamper(store, at(told[12].seq, body="{}"))
    found = check(store, AuditHead(seq=told[9].seq, chain=told[9].chain))
    assert (found.passes, found.broken and found.broken.seq) == (True, told[12].seq)
    assert check(store, AuditHead(seq=told[12].seq, chain=told[12].chain)).passes is False


def test_beginning_is_a_head_that_every_trail_passes(store: Store, caller: Caller) -> None:
    beginning = head(store)
    assert check(store, beginning).passes is True
    tell(store, caller)
    assert check(store, beginning).passes is True
    assert check(store, AuditHead(seq=0, chain="0" * 64)).passes is False


# What must not show.


def test_publishing_rebuilding_and_erasing_leave_the_trail_whole(store: Store, told: list[Any]) -> None:
    noted = head(store)
    store.mark_sent([row.seq for row in told])
    assert store.send_again(0) == 20
    tamper(store, tables.changes.delete().where(tables.changes.c.event_id == told[3].id))
    tamper(store, tables.changes.update().values(before=None, after=None), tables.facts.delete())

    assert check(store, noted) == AuditCheck(service="scheduling", events=20, head=noted, passes=True)


# A database from before.


def open_as_before(store: Store) -> None:
    """With the tables of the first version."""
    config = Config()
    config.set_main_option("script_location", str(Path(kit.__file__).parent / "migrations"))
    with store.engine.begin() as conn:
        if store.postgresql:
            conn.execute(sa.text(f"create schema {store.service}"))
        config.attributes |= {"connection": conn, "service": store.service}
        command.upgrade(config, "kit0001")


def old_rows(caller: Caller, count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        who = caller.model_copy(update={"actor": None if number % 3 else f"user-{number}"})
        event = Event.of(Counted(version=number), f"c{number}", NOW, who)
        data = {"guest_id": f"g{number}", "version": 1} if number % 2 else event.data
        body = event.model_copy(update={"data": data}).model_dump_json()
        yield {"id": event.id, "subject": event.nats_subject, "body": body, "at": 1.5}


@pytest.mark.parametrize("count", [0, 1, 1005])
def test_old_database_is_chained_from_its_first_event(new_store: NewStore, caller: Caller, count: int) -> None:
    store = new_store("scheduling")
    open_as_before(store)
    old = list(old_rows(caller, count))
    names = ("id", "subject", "body", "at")
    before = sa.table("outbox", *(sa.column(name) for name in names))
    tamper(store, *([before.insert().values(old)] if old else []))

    store.open(None)

    assert check(store) == AuditCheck(service="scheduling", events=count, head=head(store))
    assert [{name: getattr(row, name) for name in names} for row in rows(store)] == old
    found = [(row.office, row.type, row.about, row.thing, row.actor) for row in rows(store)]
    assert found == [
        (
            caller.office,
            "scheduling.toy.counted.v1",
            f"c{n}",
            f"g{n}" if n % 2 else None,
            None if n % 3 else f"user-{n}",
        )
        for n in range(count)
    ]
    tell(store, caller, 2)
    assert (check(store).events, check(store).broken) == (count + 2, None)


def test_old_database_gets_exactly_the_declared_tables(new_store: NewStore) -> None:
    store = new_store("scheduling")
    open_as_before(store)
    store.open(None)
    with store.read() as conn:
        assert compare_metadata(MigrationContext.configure(conn), tables.metadata) == []
    if store.postgresql:  # a program that knows no chain must fail, not break it
        with pytest.raises(sa.exc.IntegrityError):
            tamper(store, sa.text("insert into outbox (id, subject, body, at) values ('1', 's', '{}', 0)"))


def test_numbers_of_events_are_never_given_twice(tmp_path: Path, caller: Caller) -> None:
    """SQLite's AUTOINCREMENT: a trail that was cut off is not filled up unseen."""
    store = Store(f"sqlite:///{tmp_path}/s.db", "scheduling", lambda: NOW)
    store.open(None)
    tell(store, caller, 3)
    store.close()
    with sqlite3.connect(tmp_path / "s.db") as raw:
        raw.execute("delete from outbox where seq = 3")
    raw.close()
    store = Store(f"sqlite:///{tmp_path}/s.db", "scheduling", lambda: NOW)
    tell(store, caller)
    assert [row.seq for row in rows(store)] == [1, 2, 4]
    store.close()

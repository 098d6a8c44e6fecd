"""What is kept in memory of the rows of a database: the newest version, and not too much of it."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from services.kit.remembered import Remembered
from services.kit.store import Connection


@pytest.fixture
def conn() -> Iterator[Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as conn:
        yield conn
    engine.dispose()


def test_the_newest_version_stays_whoever_comes_late(conn: Connection) -> None:
    known = Remembered[str](most=10)
    assert known.find(conn, "a") is None
    assert known.keep(conn, "a", "second", version=2, weight=1) == "second"
    assert known.keep(conn, "a", "first", version=1, weight=1) == "first"
    assert known.find(conn, "a") == "second"
    known.keep(conn, "a", "third", version=3, weight=1)
    assert known.find(conn, "a") == "third"


def test_what_was_asked_for_longest_ago_goes_first_and_the_last_never(conn: Connection) -> None:
    known = Remembered[str](most=5)
    for key in ("a", "b"):
        known.keep(conn, key, key, version=1, weight=2)
    known.find(conn, "a")
    known.keep(conn, "c", "c", version=1, weight=2)
    assert [known.find(conn, key) for key in ("a", "b", "c")] == ["a", None, "c"]
    known.keep(conn, "large", "large", version=1, weight=100)
    assert [known.find(conn, key) for key in ("a", "c", "large")] == [None, None, "large"]


def test_databases_know_nothing_of_each_other(conn: Connection) -> None:
    known, other = Remembered[str](most=5), sa.create_engine("sqlite://")
    known.keep(conn, "a", "a", version=1, weight=1)
    with other.connect() as elsewhere:
        assert known.find(elsewhere, "a") is None
    other.dispose()

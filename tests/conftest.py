"""Fixtures of all tests: the real engines, a real nats-server, a whole running instance."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from schemas.envelope import Caller
from services.kit.bus import Bus
from services.kit.context import work_for
from services.kit.nats_server import NatsServer
from services.kit.settings import Settings
from services.kit.store import Store
from tests.servers import Postgres

NOW = datetime(2024, 6, 20, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Commands that run inside the tests' process set up logging for all of it."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of its own on each engine; `{service}` is filled with the name of the service."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/{{service}}.db"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    url = postgres.new_database()
    yield url
    postgres.drop(url)


@pytest.fixture
def caller() -> Caller:
    return Caller(office="office", auth="system", correlation="0190a1b2-0000-7000-8000-000000000001")


@pytest.fixture
def new_store(database_url: str) -> Iterator[Callable[[str], Store]]:
    """Opens the store of a service by name, on the engine of the test."""
    opened: list[Store] = []

    def new(service: str) -> Store:
        store = Store(database_url.format(service=service), service, lambda: NOW)
        opened.append(store)
        return store

    yield new
    for store in opened:
        store.close()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    url = None if database_url.startswith("sqlite") else database_url
    return Settings(
        data_dir=tmp_path, database_url=url, clock=NOW, ack_wait=2, patience=1.6, http_port=0, _env_file=None
    )


@pytest.fixture
async def nats_server(tmp_path: Path) -> AsyncIterator[NatsServer]:
    server = NatsServer(tmp_path)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def bus(nats_server: NatsServer, settings: Settings, caller: Caller) -> AsyncIterator[Bus]:
    bus = Bus(settings)
    await bus.connect(nats_server.url)
    work_for(caller)
    yield bus
    await bus.quiet()
    await bus.close()

"""Fixtures of all tests: the real engines, a real nats-server, a whole running instance."""

import inspect
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from schemas.envelope import Caller
from services.__main__ import every_service
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


@pytest.fixture(scope="session")
def ready_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the databases of all services, empty, at the newest version: to copy one takes no time."""
    folder = tmp_path_factory.mktemp("ready")
    migrate_all(f"sqlite:///{folder}/{{service}}.db")
    return folder


@pytest.fixture(scope="session")
def ready_database(postgres: Postgres) -> str:
    """The same on PostgreSQL, as the template of others."""
    url = postgres.new_database()
    migrate_all(url)
    return url


def migrate_all(url: str) -> None:
    for name, kind in every_service().items():
        store = Store(url.format(service=name), name, lambda: NOW)
        store.open(Path(inspect.getfile(kind)).parent / "migrations")
        store.close()


@pytest.fixture
def sqlite_url(tmp_path: Path, ready_files: Path) -> str:
    shutil.copytree(ready_files, tmp_path, dirs_exist_ok=True)
    return f"sqlite:///{tmp_path}/{{service}}.db"


@pytest.fixture
def postgresql_url(postgres: Postgres, ready_database: str) -> Iterator[str]:
    url = postgres.new_database(like=ready_database)
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database of its own on each engine; `{service}` is filled with the name of the service."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The same without any table, for tests of how tables are made."""
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks over the bus does so on SQLite in `make test`; on PostgreSQL too in `make test-all`."""
    for item in items:
        if isinstance(item, pytest.Function) and "bus" in item.fixturenames and "postgresql" in item.name:
            item.add_marker(pytest.mark.long)

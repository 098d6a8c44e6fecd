"""An office with a gateway: real scheduling and awards on a real bus; what other services answer is made up."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from services.accounts.service import Accounts
from services.awards.service import Awards
from services.gateway.app import create_app
from services.gateway.serving import serving
from services.kit.bus import Bus
from services.kit.service import Service
from services.kit.settings import Settings
from services.kit.store import Store
from services.scheduling.service import Scheduling
from tests.service.gateway.office import HERE, SIGNED_IN, Papers
from tests.service.gateway.providers import Strange


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The gateway knows no database: one engine is enough here."""
    return sqlite_url


@asynccontextmanager
async def running(bus: Bus, settings: Settings, *kinds: type[Service]) -> AsyncIterator[None]:
    services = [
        kind(Store(settings.store_url(kind.name), kind.name, settings.now()), bus, settings) for kind in kinds
    ]
    for service in services:
        await service.start()
    try:
        yield
    finally:
        for service in services:
            await service.stop()


@pytest.fixture
async def house(bus: Bus, settings: Settings) -> AsyncIterator[Bus]:
    """Real accounts and real ceremonies."""
    async with running(bus, settings, Accounts, Scheduling):
        yield bus


@pytest.fixture
async def papers(bus: Bus) -> Papers:
    papers = Papers()
    await papers.open(bus)
    return papers


@pytest.fixture
async def client(bus: Bus, settings: Settings, papers: Papers) -> AsyncIterator[httpx.AsyncClient]:
    assert papers.asked == []
    over = httpx.ASGITransport(create_app(bus, settings))
    async with (
        running(bus, settings, Scheduling, Awards),
        httpx.AsyncClient(transport=over, base_url=HERE, headers=SIGNED_IN) as client,
    ):
        yield client


@pytest.fixture
async def strange() -> AsyncIterator[Strange]:
    """A provider to sign in by, at its own address."""
    strange = Strange()
    async with serving(strange, "127.0.0.1", 0, "") as strange.issuer:
        yield strange

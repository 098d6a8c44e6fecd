"""A service ends when it is told to, also when a cancellation gets lost on the way."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from services.kit.bus import Bus
from services.kit.settings import Settings
from services.kit.store import Store
from tests.toys import Counter

pytestmark = pytest.mark.anyio


class Stubborn(Counter):
    """Loses its first cancellation, as asyncio.wait_for does before Python 3.12 when its result is there already."""

    def background(self) -> list[Coroutine[Any, Any, None]]:
        return [self._work()]

    async def _work(self) -> None:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            await asyncio.sleep(3600)


@pytest.fixture
def database_url(empty_url: str) -> str:
    return empty_url


async def test_service_stops_although_a_cancellation_is_lost(
    bus: Bus, new_store: Callable[[str], Store], settings: Settings
) -> None:
    service = Stubborn(new_store("scheduling"), bus, settings)
    await service.start()
    await asyncio.sleep(0)
    await asyncio.wait_for(service.stop(), 10)

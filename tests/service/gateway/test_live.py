"""Open pages follow what others change, and see who is there: over a real server, as browsers read it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from schemas import accounts, scheduling
from schemas.accounts import LockUser
from schemas.envelope import Grant
from schemas.scheduling import CeremonyFields, ChangeCeremony, CreateCeremony
from services.accounts.service import Accounts
from services.gateway import live
from services.gateway.app import serve
from services.kit.bus import Bus
from services.kit.context import work_for
from services.kit.settings import Settings
from services.kit.store import Store
from tests.people import Person, colleague_of, owner_of

pytestmark = pytest.mark.anyio


@pytest.fixture
async def address(house: Bus, settings: Settings) -> AsyncIterator[str]:
    async with serve(house, settings) as address:
        yield address


class Line:
    """What a page was told, in order."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self.lines = lines

    async def next(self, event: str) -> Any:
        """The data of the next event of this name, within a second."""
        async with asyncio.timeout(5):
            async for line in self.lines:
                if line == f"event: {event}":
                    return json.loads((await anext(self.lines)).removeprefix("data: "))
        raise AssertionError(f"the line ended before {event}")


@asynccontextmanager
async def reading(address: str, who: Person, ceremony: str = "", **headers: str) -> AsyncIterator[Line]:
    async with httpx.AsyncClient(base_url=address, timeout=30, headers=who.headers | headers) as client:
        query = {"ceremony": ceremony, "where": "guests"} if ceremony else {}
        async with client.stream("GET", "/live", params=query) as answer:
            assert answer.status_code == 200, await answer.aread()
            yield Line(answer.aiter_lines())


async def planned(bus: Bus, who: Person, code: str) -> str:
    work_for(await who.caller(bus))
    fields = CeremonyFields(title=f"Lễ {code}")
    return (await bus.ask(scheduling.create_ceremony, CreateCeremony(code=code, ceremony=fields))).id


async def change(bus: Bus, who: Person, ceremony_id: str, version: int) -> None:
    work_for(await who.caller(bus))
    fields = CeremonyFields(title=f"Lễ lần {version + 1}")
    wish = ChangeCeremony(ceremony_id=ceremony_id, expected_version=version, ceremony=fields)
    await bus.ask(scheduling.change_ceremony, wish)


async def test_page_hears_of_a_change_within_a_second_and_by_whom(bus: Bus, address: str) -> None:
    owner = await owner_of(bus)
    ceremony = await planned(bus, owner, "mot")
    async with reading(address, owner, ceremony) as line:
        await line.next("presence")
        begun = time.monotonic()
        await change(bus, owner, ceremony, 1)
        told = await line.next("changed")
        assert time.monotonic() - begun < 1
    assert (told["owner"], told["ceremony"], told["version"], told["by"]) == (
        "scheduling",
        ceremony,
        2,
        owner.user_id,
    )


async def test_page_hears_of_its_own_office_and_ceremony_only(bus: Bus, address: str) -> None:
    owner, other = await owner_of(bus), await owner_of(bus, "khac")
    mine, second, theirs = (
        await planned(bus, owner, "mot"),
        await planned(bus, owner, "hai"),
        await planned(bus, other, "khac"),
    )
    clerk = await colleague_of(bus, owner, Grant(role="viewer", ceremony_id=mine))
    async with reading(address, owner, mine) as page, reading(address, clerk) as home:
        for _ in ("presence",):
            await page.next("presence")
            await home.next("presence")
        await change(bus, other, theirs, 1)
        await change(bus, owner, second, 1)
        await change(bus, owner, mine, 1)
        assert ((await page.next("changed"))["ceremony"], (await home.next("changed"))["ceremony"]) == (mine, mine)


async def test_ceremony_of_another_office_has_no_line(bus: Bus, address: str) -> None:
    owner, other = await owner_of(bus), await owner_of(bus, "khac")
    theirs = await planned(bus, other, "khac")
    async with httpx.AsyncClient(base_url=address, headers=owner.headers) as client:
        refused = await client.get("/live", params={"ceremony": theirs})
    assert refused.status_code == 404


async def test_pages_see_who_else_is_there_and_who_has_gone(bus: Bus, address: str) -> None:
    owner = await owner_of(bus)
    ceremony = await planned(bus, owner, "mot")
    clerk = await colleague_of(bus, owner, Grant(role="planner"))
    async with reading(address, owner, ceremony) as line:
        alone = await line.next("presence")
        async with reading(address, clerk, ceremony) as beside:
            both = await line.next("presence")
            await beside.next("presence")
        left = await line.next("presence")
    assert [[one["id"] for one in seen] for seen in (alone, both, left)] == [
        [owner.user_id],
        [owner.user_id, clerk.user_id],
        [owner.user_id],
    ]
    assert both[1] == {"id": clerk.user_id, "name": "Trần Văn Mẫu", "where": "guests"}


async def test_page_that_was_cut_off_is_told_to_look_anew(bus: Bus, address: str) -> None:
    owner = await owner_of(bus)
    ceremony = await planned(bus, owner, "mot")
    async with reading(address, owner, ceremony, **{"Last-Event-ID": "x"}) as line:
        assert await line.next("changed") == {"owner": None}


async def test_line_ends_with_its_session(bus: Bus, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "BEAT", 0.05)
    owner = await owner_of(bus)
    clerk = await colleague_of(bus, owner, Grant(role="planner"))
    async with reading(address, clerk) as line:
        await line.next("presence")
        work_for(await owner.caller(bus))
        await bus.ask(accounts.lock_user, LockUser(user_id=clerk.user_id))
        assert await line.next("ended") == {}


async def test_server_stops_though_pages_are_open(bus: Bus, settings: Settings) -> None:
    service = Accounts(Store(settings.store_url("accounts"), "accounts", settings.now()), bus, settings)
    await service.start()
    owner = await owner_of(bus)
    async with serve(bus, settings) as address, reading(address, owner) as line:
        await line.next("presence")
        begun = time.monotonic()
    assert time.monotonic() - begun < 3
    await service.stop()

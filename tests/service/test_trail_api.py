"""/api/v1/history and /api/v1/audit/head of a whole house: all services as one list, of the office that asks."""

from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from schemas.envelope import Grant
from schemas.house import SERVICES
from services.__main__ import running
from services.kit.settings import Settings
from tests.people import Person, colleague_of, owner_of

pytestmark = pytest.mark.anyio
HISTORY = "/api/v1/history"
PERSON = {"person": {"name": "Nguyễn Văn Mẫu", "email": "mau@example.org"}}


class Client:
    """People of two offices who ask over HTTP."""

    def __init__(self, http: httpx.AsyncClient, people: dict[str, Person]) -> None:
        self.http, self.people = http, people

    async def get(self, who: str, path: str, status: int = 200, **params: Any) -> Any:
        found = await self.http.get(path, params=params, headers=self.people[who].headers)
        assert found.status_code == status, found.text
        return found.json()

    async def post(self, who: str, path: str, body: Any) -> Any:
        done = await self.http.post(path, json=body, headers=self.people[who].headers)
        assert done.status_code == 201, done.text
        return done.json()

    async def put(self, who: str, path: str, version: int, body: Any) -> Any:
        headers = self.people[who].headers | {"If-Match": f'"{version}"'}
        done = await self.http.put(path, json=body, headers=headers)
        assert done.status_code == 200, done.text
        return done.json()

    async def ceremony(self, who: str, code: str) -> str:
        """With three guests and an item."""
        body = {"code": code, "ceremony": {"title": f"Lễ {code}"}}
        made: str = (await self.post(who, "/api/v1/ceremonies", body))["id"]
        for _ in range(3):
            await self.post(who, f"/api/v1/ceremonies/{made}/guests", PERSON)
        await self.put(who, f"/api/v1/ceremonies/{made}/items/one", 1, {"key": "one", "title": "Chào cờ"})
        return made


@pytest.fixture(scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    folder: Path = tmp_path_factory.mktemp("history")
    async with running(Settings(data_dir=folder, http_port=0, _env_file=None)) as house:
        owner, stranger = await owner_of(house.bus), await owner_of(house.bus, "khac", "Phạm Văn Khác")
        async with httpx.AsyncClient(base_url=house.address or "", timeout=30) as http:
            client = Client(http, {"owner": owner, "stranger": stranger})
            one = await client.ceremony("owner", "mot")
            await client.ceremony("owner", "hai")
            roles = {
                "planner of one": Grant(role="planner", ceremony_id=one),
                "auditor": Grant(role="auditor"),
                "viewer": Grant(role="viewer"),
            }
            client.people |= {who: await colleague_of(house.bus, owner, grant) for who, grant in roles.items()}
            yield client


async def everything(client: Client, who: str, limit: int, **params: Any) -> list[Any]:
    """All pages, one behind the other; without the documents, which become ready while we look."""
    found, before = [], ""
    while True:
        page = await client.get(who, HISTORY, limit=limit, before=before, **params)
        assert page["unreachable"] == []
        assert len(page["entries"]) <= limit
        found += [one for one in page["entries"] if one["service"] != "program"]
        if page["next"] is None:
            return found
        before = page["next"]


async def test_pages_of_all_services_are_one_list_by_time(client: Client) -> None:
    whole = await everything(client, "owner", 200)
    assert {one["service"] for one in whole} == {"accounts", "scheduling", "guests"}
    assert all(one["at"] >= other["at"] for one, other in pairwise(whole))
    assert len({one["event_id"] for one in whole}) == len(whole)
    for limit in (1, 3, 7):
        paged = await everything(client, "owner", limit)
        assert sorted(one["event_id"] for one in paged) == sorted(one["event_id"] for one in whole)
        assert all(one["at"] >= other["at"] for one, other in pairwise(paged))


async def test_page_goes_on_where_it_ended_though_more_happened(client: Client) -> None:
    first = await client.get("owner", HISTORY, limit=4)
    rest = await everything_after(client, first["next"])
    await client.ceremony("owner", "ba")
    assert await everything_after(client, first["next"]) == rest


async def everything_after(client: Client, before: str) -> list[str]:
    page = await client.get("owner", HISTORY, limit=200, before=before)
    assert page["next"] is None
    return [one["event_id"] for one in page["entries"]]


async def test_filters_name_a_ceremony_a_thing_and_a_person(client: Client) -> None:
    one = await everything(client, "owner", 200, ceremony="mot")
    (ceremony_id,) = {entry["subject"] for entry in one}
    guest = next(entry["data"]["guest_id"] for entry in one if entry["type"] == "guests.guest.added.v1")
    (added,) = await everything(client, "owner", 5, about=guest)
    assert (added["after"]["person"]["email"], added["values"]) == ("mau@example.org", "whole")
    mine = await everything(client, "owner", 50, actor=client.people["owner"].user_id, ceremony=ceremony_id)
    assert [entry["event_id"] for entry in mine] == [
        entry["event_id"] for entry in one if entry["actor"] == client.people["owner"].user_id
    ]
    assert await everything(client, "owner", 50, actor=client.people["auditor"].user_id, ceremony="mot") == []
    entry = await client.get("owner", f"{HISTORY}/guests/{added['event_id']}")
    assert entry == added
    await client.get("owner", f"{HISTORY}/scheduling/{added['event_id']}", status=404)
    await client.get("owner", f"{HISTORY}/nobody/{added['event_id']}", status=404)
    await client.get("owner", HISTORY, status=404, ceremony="khong-co")
    for wrong in ({"before": "x"}, {"limit": 201}, {"limit": 0}, {"other": "x"}):
        await client.get("owner", HISTORY, status=422, **wrong)


async def test_each_sees_what_is_his(client: Client) -> None:
    added = next(one for one in await everything(client, "owner", 200) if one["service"] == "guests")
    theirs = await everything(client, "stranger", 200)
    assert {one["office"] for one in theirs} == {"khac"}
    await client.get("stranger", HISTORY, status=404, ceremony="mot")
    await client.get("stranger", f"{HISTORY}/guests/{added['event_id']}", status=404)

    of_one = await everything(client, "planner of one", 200, ceremony="mot")
    assert {one["service"] for one in of_one} == {"scheduling", "guests"}
    await client.get("planner of one", HISTORY, status=403)
    await client.get("planner of one", HISTORY, status=404, ceremony="hai")
    await client.get("viewer", HISTORY, status=403)

    seen = await client.get("auditor", f"{HISTORY}/guests/{added['event_id']}")
    assert ("email" in seen["after"]["person"], seen["values"]) == (False, "part")
    assert "accounts" in {one["service"] for one in await everything(client, "auditor", 200)}


async def test_audit_head_is_the_last_seal_of_the_office(client: Client) -> None:
    before = await client.get("owner", "/api/v1/audit/head")
    assert (before["seal"], set(before["services"]), before["unreachable"]) == (None, set(SERVICES), [])
    released = await client.post("owner", "/api/v1/ceremonies/mot/releases", {})
    (listed,) = (await client.get("owner", "/api/v1/ceremonies/mot/releases"))["releases"]
    after = await client.get("auditor", "/api/v1/audit/head")
    assert after["seal"]["head"] == released["audit_head"] == listed["audit_head"]
    assert (after["seal"]["release"], set(after["seal"]["heads"])) == (1, set(SERVICES))
    assert (await client.get("stranger", "/api/v1/audit/head"))["seal"] is None
    await client.get("viewer", "/api/v1/audit/head", status=403)
    await client.get("planner of one", "/api/v1/audit/head", status=403)

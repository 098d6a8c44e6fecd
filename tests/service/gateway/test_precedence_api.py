"""The order of precedence over HTTP: explained, placed by hand, titles settled."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.service.gateway.desk import Desk, desk

pytestmark = pytest.mark.anyio
AT = "/api/v1/ceremonies/2024-07-01-can-tho/precedence"


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk(tmp_path_factory.mktemp("precedence-api")) as found:
        await found.plan("2024-07-01/can-tho")
        yield found


async def call(house: Desk, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
    given = house.owner.headers | house.here | {name.replace("_", "-"): value for name, value in headers.items()}
    return await house.client.request(method, path, json=body, headers=given)


async def line(house: Desk) -> dict[str, str]:
    """The ids by name, in order."""
    found = (await call(house, "GET", AT)).json()["positions"]
    return {one["address"].split()[-1]: one["guest_id"] for one in found}


async def test_each_place_is_explained(house: Desk) -> None:
    answer = await call(house, "GET", AT, None)
    found = answer.json()
    assert (answer.status_code, answer.headers["etag"], found["rules"]["key"]) == (200, '"1"', "vn-province/1")
    first = found["positions"][0]
    assert first["before"]["words"] == {
        "vi": "khối: Quốc hội, Hội đồng nhân dân trước Chính phủ, Ủy ban nhân dân",
        "en": "bloc: assembly before government",
    }
    assert [one["position"] for one in found["positions"]] == [1, 2, 3, 4, 5, 6]
    assert (await call(house, "GET", f"{AT}/unranked")).json()["titles"] == []
    follows = (await call(house, "GET", f"{AT}/courtesies")).json()
    assert follows["salutation"][0].startswith("Kính thưa Trung tướng Lê Tấn Tới")


async def test_a_guest_is_placed_by_hand_and_put_back(house: Desk) -> None:
    ids = await line(house)
    body = {"before": ids["Hưng"], "reason": "chủ nhà của buổi lễ"}
    stale = await call(house, "PUT", f"{AT}/{ids['Trường']}", body, If_Match='"99"')
    assert (stale.status_code, stale.json()["type"]) == (412, "urn:khaimac:problem:stale-version")
    done = await call(house, "PUT", f"{AT}/{ids['Trường']}", body)
    assert (done.status_code, list(await line(house))[:3]) == (200, ["Tới", "Trường", "Hưng"])
    (found,) = (await call(house, "GET", f"{AT}?only=by_hand")).json()["positions"]
    assert (found["by_hand"]["reason"], found["by_hand"]["by_name"]) == (body["reason"], "Lê Thị Chủ")
    assert (await call(house, "PUT", f"{AT}/{ids['Trường']}", {"reason": ""})).status_code == 422
    assert (await call(house, "DELETE", f"{AT}/{ids['Trường']}")).status_code == 200
    again = await call(house, "DELETE", f"{AT}/{ids['Trường']}")
    assert (again.status_code, again.json()["type"]) == (409, "urn:khaimac:problem:not-placed")
    assert list(await line(house)) == list(ids)


async def test_a_title_is_ranked_for_one_guest_and_settled_for_the_office(house: Desk) -> None:
    guest = {"person": {"name": "Lý Thử Thơ", "posts": [{"title": "Nghệ nhân ưu tú"}]}}
    made = await call(house, "POST", AT.replace("precedence", "guests"), guest)
    at, counts = f"{AT}/{made.json()['id']}/title", {"level": "province", "bloc": "mass_org", "cls": "leaders"}
    title = {"title": "Nghệ nhân ưu tú"}
    ranked = await call(house, "PUT", at, {**title, "counts": counts}, If_Match='"1"')
    assert (ranked.status_code, (await call(house, "GET", f"{AT}/unranked")).json()["titles"]) == (200, [])
    assert (await call(house, "PUT", at, title, If_Match=ranked.headers["etag"])).status_code == 200
    assert len((await call(house, "GET", f"{AT}/unranked")).json()["titles"]) == 1

    settled = await call(house, "POST", "/api/v1/titles", {"profile": "vn-province", **title, "counts": counts})
    assert settled.status_code == 201
    (one,) = (await call(house, "GET", "/api/v1/titles?profile=vn-province")).json()["titles"]
    assert (one["id"], one["title"], one["cls"]) == (settled.json()["id"], "Nghệ nhân ưu tú", "leaders")
    assert (await call(house, "GET", f"{AT}/unranked")).json()["titles"] == []
    gone = await call(house, "DELETE", f"/api/v1/titles/{one['id']}", If_Match='"1"')
    assert (gone.status_code, (await call(house, "GET", "/api/v1/titles")).json()) == (200, {"titles": []})

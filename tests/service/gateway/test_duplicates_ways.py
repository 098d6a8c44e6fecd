"""Guests who may be one person, over HTTP and on their page: told apart, merged, undone, and in the history."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.service.gateway.desk import Desk, desk, text_of, undo_of

pytestmark = pytest.mark.anyio
CODE = "2024-07-01-can-tho"
AT = f"/api/v1/ceremonies/{CODE}"
PAGE = f"/ceremonies/{CODE}/guests"


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk(tmp_path_factory.mktemp("duplicates")) as found:
        await found.plan("2024-07-01/can-tho")
        yield found


async def call(house: Desk, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
    given = house.owner.headers | house.here | {name.replace("_", "-"): value for name, value in headers.items()}
    return await house.client.request(method, f"{AT}{path}", json=body, headers=given)


@pytest.fixture
async def pair(house: Desk) -> AsyncIterator[tuple[str, str]]:
    """Somebody of the list, and the same again, without what follows the comma; gone afterwards."""
    person = {"name": "Tran Thi Thu", "phone": "0900 000 001", "posts": [{"title": "Người mẫu thứ nhất"}]}
    first = await call(house, "POST", "/guests", {"person": person | {"name": "Trần Thị Thử", "phone": None}})
    other = await call(house, "POST", "/guests", {"person": person})
    ids = (first.json()["id"], other.json()["id"])
    yield ids
    await call(house, "POST", "/guest-removals", {"guest_ids": ids})


async def test_the_api_lists_previews_merges_once_and_takes_back(house: Desk, pair: tuple[str, str]) -> None:
    kept, other = pair
    found = (await call(house, "GET", "/duplicates")).json()
    assert found["total"] == 1
    listed = found["pairs"][0]
    assert {listed["guest"]["id"], listed["other"]["id"]} == {kept, other}
    assert listed["reasons"] == ["The same name without accents.", "The same posts."]
    preview = (await call(house, "POST", f"/guests/{kept}/merge/preview", {"other_id": other})).json()
    assert [(one["name"], one["after"] is None) for one in preview["places"]] == [
        ("Trần Thị Thử", True),
        ("Tran Thi Thu", True),
    ]
    body = {"other_id": other, "other_version": 1}
    refused = await call(house, "POST", f"/guests/{kept}/merge", body)
    assert refused.status_code == 428
    headers = {"If_Match": '"1"', "Idempotency_Key": "hop-nhat-1"}
    done = await call(house, "POST", f"/guests/{kept}/merge", body, **headers)
    assert done.status_code == 200, done.text
    assert (await call(house, "POST", f"/guests/{kept}/merge", body, **headers)).json() == done.json()
    assert (await call(house, "GET", f"/guests/{kept}")).json()["person"]["phone"] == "0900 000 001"
    assert (await call(house, "GET", f"/guests/{other}")).status_code == 404
    back = await call(house, "POST", f"/guest-changes/{done.json()['event_id']}/take-back")
    assert (back.json()["changed"], back.json()["left_out"]) == (2, [])
    assert (await call(house, "GET", f"/guests/{other}")).json()["person"]["name"] == "Tran Thi Thu"
    assert (await call(house, "GET", f"/guests/{kept}")).json()["person"]["phone"] is None


async def test_the_page_tells_apart_and_merges_with_the_way_back(house: Desk, pair: tuple[str, str]) -> None:
    kept, other = pair
    assert "Duplicates: 1" in text_of(await house.get(f"{PAGE}/duplicates/count", part=True))
    page = text_of(await house.get(f"{PAGE}/duplicates"))
    assert "Almost certainly one person" in page
    assert "The same name without accents. The same posts." in page
    apart = await house.post(f"{PAGE}/duplicates/apart", guest=kept, other=other)
    assert "Nobody stands here twice" in text_of(await house.get(f"{PAGE}/duplicates"))
    assert (await house.get(f"{PAGE}/duplicates/count", part=True)).text.strip() == ""
    where, fields = undo_of(apart)
    await house.post(where, **fields)
    assert "They may be one person again." not in text_of(await house.get(f"{PAGE}/duplicates"))
    dialog = text_of(await house.get(f"{PAGE}/{kept}/merge?other={other}", part=True))
    assert "Merge two people" in dialog
    wrong = await house.post(f"{PAGE}/{kept}/merge/preview", None, **{"other": other, "take.name": "ai đó"})
    assert wrong.status_code == 422
    both = await house.post(f"{PAGE}/{kept}/merge/preview", None, **{"other": other, "take.name": "both"})
    assert "Of “name” only one of both can stay." in text_of(both)
    form = {"other": other, "version": "1", "other_version": "1", "take.name": "other"}
    done = await house.post(f"{PAGE}/{kept}/merge", None, **form)
    assert "Merged into Ông (Bà) Tran Thi Thu." in text_of(done)
    where, fields = undo_of(done)
    assert "Taken back for 2 guests." in text_of(await house.post(where, **fields))
    history = text_of(await house.get(f"/ceremonies/{CODE}/history"))
    told = [
        "Trần Thị Thử and Tran Thi Thu are two people",
        "Trần Thị Thử and Tran Thi Thu may be one person after all",
        "Tran Thi Thu was merged into Tran Thi Thu: they are one person",
        "The merge of Tran Thi Thu into Trần Thị Thử was undone",
    ]
    assert [words for words in told if words not in history] == []

"""A person's data on the pages and over the API, of a whole house."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from schemas.envelope import Grant
from tests.service.gateway.desk import Desk, desk, text_of

pytestmark = pytest.mark.anyio
NAME, MAIL = "Hoàng Thị Ví Dụ", "vi.du@example.org"


@pytest.fixture(scope="module")
async def at(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk(tmp_path_factory.mktemp("privacy")) as made:
        yield made


async def api(at: Desk, method: str, path: str, **more: Any) -> httpx.Response:
    headers = {
        **at.owner.headers,
        "Origin": at.house.address or "",
        "Accept-Language": "en",
        **more.pop("headers", {}),
    }
    return await at.client.request(method, f"/api/v1/ceremonies{path}", headers=headers, **more)


async def guest_of(at: Desk, code: str) -> str:
    await at.ceremony(code, "Lễ thử")
    person = {"name": NAME, "email": MAIL, "posts": [{"title": "Chủ tịch UBND xã Một"}]}
    made = await api(at, "POST", f"/{code}/guests", json={"person": person})
    return str(made.json()["id"])


async def test_all_that_is_held_is_a_page_and_a_file_and_goes_with_a_reason(at: Desk) -> None:
    guest = await guest_of(at, "le-mot")
    page = f"/ceremonies/le-mot/guests/{guest}"
    shown = await at.get(f"{page}/held")
    assert all(one in text_of(shown) for one in (f"All that is held of {NAME}", MAIL, "On the guest list"))
    file = await at.get(f"{page}/held.json")
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.json() == (await api(at, "GET", f"/le-mot/guests/{guest}/held")).json()

    without = await at.post(f"{page}/erase", reason=" ")
    assert (without.status_code, "Say why" in text_of(without)) == (422, True)
    assert MAIL in text_of(await at.get(f"{page}/held"))
    done = await at.post(f"{page}/erase", reason="The person asked for it")
    assert done.status_code in {200, 204}
    now = text_of(await at.get("/ceremonies/le-mot/retention"))
    assert "The person asked for it" in now
    left = text_of(await at.get(f"{page}/held"))
    assert (NAME in left, MAIL in left, "Audit trail" in left) == (False, False, True)
    assert "Erase it for good" not in left
    told = text_of(await at.get("/ceremonies/le-mot/history"))
    assert f"All that was held of guest {guest} erased" in told


async def test_how_long_is_said_on_the_page_and_over_the_api(at: Desk) -> None:
    await guest_of(at, "le-hai")
    both = await at.post("/ceremonies/le-hai/retention", version=0, contacts="days", contacts_days="many")
    assert both.status_code == 422
    said = await at.post("/ceremonies/le-hai/retention", version=0, contacts="until", contacts_until="2999-12-31")
    assert said.status_code in {200, 204}
    assert "Will be erased on" in text_of(await at.get("/ceremonies/le-hai/retention"))
    now = await api(at, "GET", "/le-hai/retention")
    assert (now.headers["etag"], now.json()["contacts_due"], now.json()["contacts"]) == ('"1"', "3000-01-01", 1)
    two = {"contacts_days": 3, "contacts_until": "2999-12-31"}
    refused = await api(at, "PUT", "/le-hai/retention", json=two, headers={"If-Match": '"1"'})
    assert refused.status_code == 422
    again = await api(at, "PUT", "/le-hai/retention", content="null", headers={"If-Match": '"1"', **_JSON})
    assert again.status_code == 200
    assert (await api(at, "GET", "/le-hai/retention")).json()["contacts_due"] is None


_JSON = {"Content-Type": "application/json"}


async def test_the_guest_desk_sees_how_long_but_not_all_that_is_held(at: Desk) -> None:
    guest = await guest_of(at, "le-ba")
    clerk = await at.colleague(Grant(role="guest_desk"))
    page = await at.get("/ceremonies/le-ba/retention", clerk)
    assert (page.status_code, "Say how long" in text_of(page), "Persons who were erased" in text_of(page)) == (
        200,
        False,
        False,
    )
    assert (await at.get(f"/ceremonies/le-ba/guests/{guest}/held", clerk)).status_code == 403
    assert "All that is held" not in text_of(await at.get(f"/ceremonies/le-ba/guests/{guest}", clerk))

"""Seats over the API and on the pages, of a whole house."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from schemas.envelope import Grant
from tests.people import Person
from tests.service.gateway.desk import Desk, desk, text_of, undo_of

pytestmark = pytest.mark.anyio
SHEET = b"S,S,S\n1,2,3\nW,2,3\n"


@pytest.fixture(scope="module")
async def at(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk(tmp_path_factory.mktemp("seats")) as made:
        yield made


@pytest.fixture
async def code(at: Desk, request: pytest.FixtureRequest) -> str:
    """A ceremony of the test's own with three guests and a room of six places."""
    code = f"le-{abs(hash(request.node.name)) % 10**8}"
    await at.ceremony(code, "Lễ thử")
    for name in ("Trần Văn An", "Trần Văn Bảo", "Trần Văn Cảnh"):
        guest = {"person": {"name": name, "posts": [{"title": "Chủ tịch UBND xã Một"}]}}
        assert (await api(at, "POST", f"/{code}/guests", json=guest)).status_code == 201
    file = {"file": ("phong.csv", SHEET, "text/csv")}
    drawn = await at.client.put("/api/v1/halls/phong", files=file, data={"name": "Phòng"}, headers=said_by(at))
    assert drawn.json()["hall"]["seats"] == 6
    return code


def said_by(at: Desk, who: Person | None = None) -> dict[str, str]:
    return {**(who or at.owner).headers, "Origin": at.house.address or "", "Accept-Language": "en"}


async def api(at: Desk, method: str, path: str, who: Person | None = None, **more: Any) -> httpx.Response:
    headers = said_by(at, who) | more.pop("headers", {})
    at.client.cookies.clear()
    return await at.client.request(method, f"/api/v1/ceremonies{path}", headers=headers, **more)


async def test_seats_are_given_at_the_version_that_was_read(at: Desk, code: str) -> None:
    seating = f"/{code}/seating"
    used = await api(at, "PUT", f"{seating}/halls", json={"halls": ["phong"]})
    assert (used.status_code, used.headers["etag"]) == (200, '"1"')
    shown = await api(at, "POST", f"{seating}/fill/preview", json={})
    filled = await api(at, "POST", f"{seating}/fill", json={}, headers={"If-Match": '"1"'})
    assert filled.json() == shown.json() | {"version": 2}
    stale = await api(at, "POST", f"{seating}/fill", json={}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    seats = (await api(at, "GET", f"{seating}/seats")).json()
    assert [one["place"] for one in seats["seats"]] == ["phong/1/A/1", "phong/1/A/2", "phong/1/A/3"]
    guest = seats["seats"][0]["guest_id"]
    put = await api(at, "PUT", f"{seating}/seats/{guest}", json={"place": "phong/1/B/3"})
    assert put.json()["places"] == ["phong/1/A/1", "phong/1/B/3"]
    listed = (await api(at, "GET", f"/{code}/guests/{guest}")).json()
    assert listed["seat"] == "Hàng B, ghế 3"
    back = await api(at, "POST", f"{seating}/back", json={})
    assert (back.json()["version"], back.json()["moved"]) == (4, 1)


async def test_plan_and_lists_are_fetched_as_files(at: Desk, code: str) -> None:
    seating = f"/{code}/seating"
    await api(at, "PUT", f"{seating}/halls", json={"halls": ["phong"]})
    await api(at, "POST", f"{seating}/fill", json={})
    plan = await api(at, "GET", f"{seating}/plan.svg")
    assert (plan.headers["content-type"], "Trần Văn Bảo" in plan.text) == ("image/svg+xml", True)
    doors = await api(at, "GET", f"{seating}/doors.csv")
    heads, *rows = doors.content.decode("utf-8-sig").splitlines()
    assert heads == '"Door","Block","Row","Seat","Name","People","Hall","Note"'
    assert len(rows) == 3
    assert (await api(at, "GET", f"{seating}/doors.xlsx")).content[:2] == b"PK"
    assert (await api(at, "GET", f"{seating}/cards")).json() == {"release": 0, "version": 2, "cards": []}


async def test_hall_with_a_mistake_is_told_of_and_not_kept(at: Desk) -> None:
    file = {"file": ("sai.csv", b"1,1\n", "text/csv")}
    at.client.cookies.clear()
    checked = await at.client.post("/api/v1/halls/sai/check", files=file, headers=said_by(at))
    assert [one["text"] for one in checked.json()["problems"]] == ["Row A has two seats 1 in one block."]
    drawn = await at.client.put("/api/v1/halls/sai", files=file, data={"name": "Sai"}, headers=said_by(at))
    assert drawn.status_code == 422
    assert (await at.client.get("/api/v1/halls/sai", headers=said_by(at))).status_code == 404


async def test_page_shows_the_hall_to_who_may_look_and_buttons_to_who_may_give(at: Desk, code: str) -> None:
    await api(at, "PUT", f"/{code}/seating/halls", json={"halls": ["phong"]})
    viewer = await at.colleague(Grant(role="viewer"))
    for who, buttons in ((at.owner, True), (viewer, False)):
        page = await at.get(f"/ceremonies/{code}/seats", who)
        assert page.text.count('class="seat ') == 6
        assert ("data-may-give" in page.text, "Fill…" in page.text) == (buttons, buttons)
    refused = await at.post(f"/ceremonies/{code}/seats/fill", viewer)
    assert refused.status_code == 403


async def test_change_on_the_page_draws_what_changed_and_is_taken_back(at: Desk, code: str) -> None:
    await api(at, "PUT", f"/{code}/seating/halls", json={"halls": ["phong"]})
    await at.post(f"/ceremonies/{code}/seats/fill")
    seats = (await api(at, "GET", f"/{code}/seating/seats")).json()["seats"]
    put = await at.post(
        f"/ceremonies/{code}/seats/put", guest=seats[0]["guest_id"], place=seats[1]["place"], hall="phong"
    )
    assert put.text.count("data-place=") == 2
    address, fields = undo_of(put)
    assert (await at.post(address, **fields)).status_code == 200
    assert (await api(at, "GET", f"/{code}/seating/seats")).json()["seats"] == seats
    late = await at.post(address, **fields | {"request_id": "another-one"})
    assert late.status_code == 409


async def test_lists_for_ushers_and_of_cards_say_how_it_stands(at: Desk, code: str) -> None:
    empty = await at.get(f"/ceremonies/{code}/seats/doors")
    assert "Nobody is seated yet" in text_of(empty)
    await api(at, "PUT", f"/{code}/seating/halls", json={"halls": ["meeting-300"]})
    await at.post(f"/ceremonies/{code}/seats/fill")
    doors = text_of(await at.get(f"/ceremonies/{code}/seats/doors"))
    assert "Right door Meeting hall, 300 seats · 2 people" in doors
    rows = text_of(await at.get(f"/ceremonies/{code}/seats/list?q=bao", part=True))
    assert ("Trần Văn Bảo" in rows, "Trần Văn An" in rows) == (True, False)
    assert "There is no release yet" in text_of(await at.get(f"/ceremonies/{code}/seats/cards"))

"""The resources of the API: what is created, read, changed and refused."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import structlog

from schemas import guests
from schemas.envelope import new_id
from services.gateway.app import create_app
from services.gateway.entrance import enter
from services.kit.bus import Bus
from services.kit.nats_server import NatsServer
from services.kit.settings import Settings
from tests.service.gateway.office import (
    CEREMONIES,
    CODE,
    FIELDS,
    HERE,
    PERSON,
    Papers,
    create,
    problem,
)

pytestmark = pytest.mark.anyio


# Ceremonies, guests, awards, releases.


async def test_ceremony_is_created_read_replaced_and_moved(client: httpx.AsyncClient) -> None:
    made = await create(client)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    at = made.headers["location"]
    read = await client.get(f"{CEREMONIES}/{CODE}")
    assert (read.headers["etag"], read.json()["id"]) == ('"1"', at.rsplit("/", 1)[1])
    put = await client.put(at, json=FIELDS | {"end": None}, headers={"If-Match": '"1"'})
    assert (put.status_code, put.headers["etag"], put.json()["version"]) == (200, '"2"', 2)
    moved = await client.post(f"{at}/move", json={"minutes": 30}, headers={"If-Match": '"2"'})
    assert moved.headers["etag"] == '"3"'
    now = (await client.get(at)).json()
    assert [now["start"], now["end"], now["version"]] == ["08:30:00", None, 3]


async def test_ceremonies_are_listed_by_pages(client: httpx.AsyncClient) -> None:
    made = {(await create(client, code)).json()["id"] for code in ("a", "b", "c")}
    first = (await client.get(CEREMONIES, params={"limit": 2})).json()
    second = (await client.get(CEREMONIES, params={"limit": 2, "after": first["next"]})).json()
    assert [len(first["ceremonies"]), len(second["ceremonies"]), second["next"]] == [2, 1, None]
    assert {one["id"] for page in (first, second) for one in page["ceremonies"]} == made


async def test_item_is_put_and_removed_at_the_version_that_was_read(client: httpx.AsyncClient) -> None:
    await create(client)
    item = {"key": "opening", "title": "Chào cờ", "minutes": 5}
    at = f"{CEREMONIES}/{CODE}/items/opening"
    put = await client.put(at, json=item, headers={"If-Match": '"1"'})
    assert (put.status_code, put.headers["etag"]) == (200, '"2"')
    part = await client.get(f"{CEREMONIES}/{CODE}/part")
    assert [one["key"] for one in part.json()["items"]] == ["opening"]
    other = await client.put(at, json=item | {"key": "other"}, headers={"If-Match": '"2"'})
    problem(other, 422, "key-differs")
    gone = await client.delete(at, headers={"If-Match": '"2"'})
    assert (gone.status_code, gone.headers["etag"]) == (200, '"3"')
    assert (await client.get(f"{CEREMONIES}/{CODE}/part")).json()["items"] == []


async def test_items_are_added_at_a_place_and_put_into_another_order(client: httpx.AsyncClient) -> None:
    await create(client)
    at = f"{CEREMONIES}/{CODE}"
    items = [{"key": key, "title": key} for key in ("a", "b")]
    added = await client.post(f"{at}/items", json={"items": items}, headers={"If-Match": '"1"'})
    assert (added.status_code, added.headers["etag"]) == (200, '"2"')
    third = {"items": [{"key": "c", "title": "c"}], "after": "a"}
    assert (await client.post(f"{at}/items", json=third, headers={"If-Match": '"2"'})).status_code == 200
    put = await client.put(f"{at}/order", json={"keys": ["b", "c"]}, headers={"If-Match": '"3"'})
    assert (put.status_code, put.headers["etag"]) == (200, '"4"')
    part = (await client.get(f"{at}/part")).json()
    assert [(one["key"], one["position"]) for one in part["items"]] == [("b", 1), ("c", 2), ("a", None)]
    problem(await client.put(f"{at}/order", json={"keys": []}, headers={"If-Match": '"3"'}), 412, "stale-version")
    problem(await client.post(f"{at}/items", json=third, headers={"If-Match": '"4"'}), 409, "key-taken")


async def test_guests_are_listed_added_and_changed(client: httpx.AsyncClient, papers: Papers) -> None:
    await create(client)
    listed = await client.get(f"{CEREMONIES}/{CODE}/guests")
    assert (listed.headers["etag"], [one["id"] for one in listed.json()["guests"]]) == ('"3"', ["g1", "g2"])
    added = await client.post(f"{CEREMONIES}/{CODE}/guests", json=PERSON)
    assert (added.status_code, added.headers["location"]) == (
        201,
        f"{CEREMONIES}/{papers.asked[-1][1].ceremony_id}/guests/g3",
    )
    assert papers.asked[-1][1].expected_version is None
    stale = await client.put(f"{CEREMONIES}/{CODE}/guests/g1", json=PERSON, headers={"If-Match": '"1"'})
    body = problem(stale, 412, "stale-version")
    assert body["params"] == {"what": "g1", "expected": "1", "actual": "4"}
    gone = await client.delete(f"{CEREMONIES}/{CODE}/guests/g1", headers={"If-Match": '"4"'})
    assert [gone.status_code, papers.asked[-1][1].expected_version] == [200, 4]
    assert (await client.get(f"{CEREMONIES}/{CODE}/guests/g1")).headers["etag"] == '"4"'


async def test_guests_are_filtered_and_paged_by_a_cursor(client: httpx.AsyncClient, papers: Papers) -> None:
    await create(client)
    at = f"{CEREMONIES}/{CODE}/guests"
    wanted: dict[str, str | int] = {
        "filter": "hieu",
        "side": "host",
        "needs_ranking": "false",
        "has_address": "true",
        "limit": 5,
    }
    cursor = "5,0190a1b2-0000-7000-8000-00000000000a:3"
    assert (await client.get(at, params=wanted | {"after": cursor})).status_code == 200
    asked = papers.asked[-1][1]
    assert asked.model_dump(exclude={"ceremony_id"}, exclude_none=True) == {
        "filter": "hieu",
        "side": "host",
        "needs_ranking": False,
        "has_address": True,
        "after": cursor,
        "limit": 5,
    }
    for wrong in ({"after": "x"}, {"side": "left"}, {"limit": 1001}, {"filter": "x" * 201}):
        problem(await client.get(at, params=wrong), 422, "values-wrong")


async def test_awards_are_put_listed_and_removed(client: httpx.AsyncClient) -> None:
    await create(client)
    at = f"{CEREMONIES}/{CODE}/awards"
    version = (await client.get(at)).headers["etag"]
    decision = {"key": "qd", "number": "12/QĐ-UBND"}
    put = await client.put(f"{at}/decisions/qd", json=decision, headers={"If-Match": version})
    assert put.status_code == 200
    line = {"key": "one", "kind": "giay_khen", "decision": "qd", "recipient": "Tổ dân phố số 1"}
    put = await client.put(f"{at}/lines/one", json=line, headers={"If-Match": put.headers["etag"]})
    assert put.status_code == 200
    listed = (await client.get(at)).json()
    assert [one["recipient"] for one in listed["lines"]] == ["Tổ dân phố số 1"]
    gone = await client.delete(f"{at}/lines/one", headers={"If-Match": put.headers["etag"]})
    assert (gone.status_code, (await client.get(at)).json()["total"]) == (200, 0)


async def test_ceremony_is_released_as_it_was_read(client: httpx.AsyncClient) -> None:
    await create(client)
    at = f"{CEREMONIES}/{CODE}/releases"
    assert (await client.get(at)).json() == {"releases": []}
    problem(await client.post(at, json={}, headers={"If-Match": '"9"'}), 412, "stale-version")
    made = await client.post(at, json={"note": "in time"}, headers={"If-Match": '"1"'})
    assert (made.status_code, made.json()["release"]) == (201, 1)
    assert (await client.get(made.headers["location"])).json()["release"] == 1
    listed = (await client.get(at)).json()["releases"]
    assert [(one["release"], one["version"], one["note"]) for one in listed] == [(1, 1, "in time")]


# Versions and repeated requests.


async def test_change_without_or_with_a_stale_version_is_refused(client: httpx.AsyncClient) -> None:
    await create(client)
    at = f"{CEREMONIES}/{CODE}"
    problem(await client.put(at, json=FIELDS), 428, "version-needed")
    problem(await client.put(at, json=FIELDS, headers={"If-Match": "*"}), 400, "version-unclear")
    problem(await client.put(at, json=FIELDS, headers={"If-Match": 'W/"1"'}), 400, "version-unclear")
    await client.put(at, json=FIELDS | {"end": None}, headers={"If-Match": '"1"'})
    stale = await client.put(at, json=FIELDS, headers={"If-Match": '"1"'})
    problem(stale, 412, "stale-version")


async def test_repeated_request_gets_the_first_answer(client: httpx.AsyncClient) -> None:
    key = new_id()
    first = await create(client, **{"Idempotency-Key": key})
    again = await create(client, **{"Idempotency-Key": f'"{key}"'})
    assert (again.status_code, again.json()) == (201, first.json())
    assert first.headers["idempotency-key"] == again.headers["idempotency-key"] == key
    problem(await create(client), 409, "code-taken")
    problem(await create(client, **{"Idempotency-Key": "a b"}), 400, "key-unfit")


async def test_request_without_a_key_is_told_the_one_to_repeat_it_with(client: httpx.AsyncClient) -> None:
    made = await create(client)
    again = await create(client, **{"Idempotency-Key": made.headers["idempotency-key"]})
    assert again.json() == made.json()


# Errors.


async def test_refusal_speaks_the_language_of_whoever_asks(client: httpx.AsyncClient) -> None:
    english = problem(await client.get(f"{CEREMONIES}/nowhere"), 404, "not-found")
    answer = await client.get(f"{CEREMONIES}/nowhere", headers={"Accept-Language": "vi-VN,vi;q=0.9,en;q=0.8"})
    vietnamese = problem(answer, 404, "not-found")
    assert english["detail"] == "There is no ceremony nowhere. Look at the list for the right name."
    assert vietnamese["detail"] == "Không có buổi lễ “nowhere”. Xem danh sách để lấy đúng tên."
    assert (vietnamese["title"], answer.headers["content-language"]) == ("Không tìm thấy", "vi")


async def test_wrong_values_are_named_without_repeating_them(client: httpx.AsyncClient) -> None:
    secret = "mau@example.org"
    body = {"code": "Cần Thơ", "ceremony": FIELDS | {"on": secret, "title": "", "extra": secret}}
    answer = await client.post(CEREMONIES, json=body, headers={"Accept-Language": "vi"})
    wrong = {one["where"]: one["what"] for one in problem(answer, 422, "values-wrong")["errors"]}
    assert sorted(wrong) == ["body.ceremony.extra", "body.ceremony.on", "body.ceremony.title", "body.code"]
    assert wrong["body.ceremony.title"] == "Cần ít nhất 1 ký tự."
    assert secret not in answer.text


async def test_body_that_is_no_json_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post(CEREMONIES, content=b"{", headers={"Content-Type": "application/json"})
    assert problem(answer, 422, "values-wrong")["errors"][0]["what"] == "This is not JSON."


async def test_unknown_addresses_and_methods_are_problems_too(client: httpx.AsyncClient) -> None:
    problem(await client.get("/api/v1/nothing"), 404, "nothing-here")
    answer = await client.patch(CEREMONIES)
    assert answer.headers["allow"]
    problem(answer, 405, "method-not-allowed")


async def test_too_large_body_is_refused_by_its_word_and_by_count(client: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(27):
            yield b" " * 2**20

    whole = await client.post(CEREMONIES, content=b" " * (26 * 2**20), headers={"Content-Type": "application/json"})
    problem(whole, 413, "body-too-large")
    chunked = await client.post(CEREMONIES, content=pieces(), headers={"Content-Type": "application/json"})
    problem(chunked, 413, "body-too-large")


async def test_fault_is_logged_and_answered_with_its_reference(client: httpx.AsyncClient, papers: Papers) -> None:
    await create(client)
    papers.answers[guests.get_guest] = lambda _question: (_ for _ in ()).throw(RuntimeError("secret"))
    answer = await client.get(f"{CEREMONIES}/{CODE}/guests/g1")
    body = problem(answer, 500, "fault")
    assert (body["params"], "secret" in answer.text) == (
        {"service": "guests", "reference": body["correlation"]},
        False,
    )


async def test_fault_of_the_gateway_itself_is_a_problem(bus: Bus, settings: Settings) -> None:
    app = create_app(bus, settings)
    app.dependency_overrides[enter] = lambda: None  # the table of rights knows no broken routes

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("secret")

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HERE) as client:
        with structlog.testing.capture_logs() as logs:
            answer = await client.get("/broken")
    assert problem(answer, 500, "fault")["params"]["service"] == "gateway"
    assert "secret" not in answer.text
    assert [one["route"] for one in logs if one["log_level"] == "error"] == ["/broken"]


async def test_without_nats_the_answer_is_503_at_once_and_work_goes_on_afterwards(
    client: httpx.AsyncClient, nats_server: NatsServer
) -> None:
    await create(client)
    port = nats_server.port
    await nats_server.stop()
    began = asyncio.get_running_loop().time()
    answer = await client.get(f"{CEREMONIES}/{CODE}", headers={"Accept-Language": "vi"})
    assert asyncio.get_running_loop().time() - began < 1
    problem(answer, 503, "unavailable")
    ready = await client.get("/health/ready")
    assert (answer.headers["retry-after"], ready.status_code) == ("2", 503)
    assert ready.json()["parts"]["nats"] is False
    assert (await client.get("/health/live")).json() == {"alive": True}
    nats_server.port = port
    await nats_server.start()
    for _ in range(100):
        if (await client.get(f"{CEREMONIES}/{CODE}")).status_code == 200:
            return
        await asyncio.sleep(0.1)
    pytest.fail("the gateway did not come back")

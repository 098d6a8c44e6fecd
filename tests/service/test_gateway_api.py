"""The API through its own front door: a real bus, real scheduling and awards; other services' answers are made up."""

import asyncio
import io
import re
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog

from schemas import guests, program
from schemas.envelope import new_id
from services.awards.service import Awards
from services.gateway import plans
from services.gateway.app import create_app, serve
from services.gateway.invitations import pack
from services.gateway.refusals import ZipTooLarge
from services.gateway.serving import PortTaken
from services.kit.bus import Bus
from services.kit.nats_server import NatsServer
from services.kit.settings import Settings
from services.kit.store import Store
from services.scheduling.service import Scheduling
from tests.service.gateway_office import BYTES, HASH, ICS, PAGE_HASH, PERSON, TOKEN, Papers

pytestmark = pytest.mark.anyio
HERE = "http://127.0.0.1:8000"
CEREMONIES = "/api/v1/ceremonies"
FIELDS = {"title": "Lễ ra mắt <script>", "on": "2024-07-01", "start": "08:00", "end": "09:30"}
CODE = "can-tho"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """The gateway knows no database: one engine is enough here."""
    return f"sqlite:///{tmp_path}/{{service}}.db"


@pytest.fixture
async def papers(bus: Bus) -> Papers:
    papers = Papers()
    await papers.open(bus)
    return papers


@pytest.fixture
async def client(bus: Bus, settings: Settings, papers: Papers) -> AsyncIterator[httpx.AsyncClient]:
    assert papers.asked == []
    services = [
        kind(Store(settings.store_url(kind.name), kind.name, settings.now()), bus, settings)
        for kind in (Scheduling, Awards)
    ]
    for service in services:
        await service.start()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(create_app(bus, settings)), base_url=HERE) as client:
        yield client
    for service in services:
        await service.stop()


async def create(client: httpx.AsyncClient, code: str = CODE, **headers: str) -> httpx.Response:
    return await client.post(CEREMONIES, json={"code": code, "ceremony": FIELDS}, headers=headers)


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    body: dict[str, Any] = response.json()
    assert (body["status"], body["type"]) == (status, f"urn:khaimac:problem:{code}")
    assert body["correlation"] == response.headers["x-correlation-id"]
    return body


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


async def test_guests_are_listed_added_and_changed(client: httpx.AsyncClient, papers: Papers) -> None:
    await create(client)
    listed = await client.get(f"{CEREMONIES}/{CODE}/guests")
    assert (listed.headers["etag"], [one["id"] for one in listed.json()["guests"]]) == ('"3"', ["g1", "g2"])
    added = await client.post(f"{CEREMONIES}/{CODE}/guests", json=PERSON)
    assert (added.status_code, added.headers["location"]) == (201, "/api/v1/guests/g3")
    assert papers.asked[-1][1].expected_version is None
    stale = await client.put("/api/v1/guests/g1", json=PERSON, headers={"If-Match": '"1"'})
    body = problem(stale, 412, "stale-version")
    assert body["params"] == {"what": "g1", "expected": "1", "actual": "4"}
    gone = await client.delete("/api/v1/guests/g1", headers={"If-Match": '"4"'})
    assert [gone.status_code, papers.asked[-1][1].expected_version] == [200, 4]
    assert (await client.get("/api/v1/guests/g1")).headers["etag"] == '"4"'


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
    papers.answers[guests.get_guest] = lambda _question: (_ for _ in ()).throw(RuntimeError("secret"))
    answer = await client.get("/api/v1/guests/g1")
    body = problem(answer, 500, "fault")
    assert (body["params"], "secret" in answer.text) == (
        {"service": "guests", "reference": body["correlation"]},
        False,
    )


async def test_fault_of_the_gateway_itself_is_a_problem(bus: Bus, settings: Settings) -> None:
    app = create_app(bus, settings)

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
    problem(answer, 503, "unavailable")
    ready = await client.get("/health/ready")
    assert asyncio.get_running_loop().time() - began < 1
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


# Who may come in.


async def test_correlation_id_reaches_the_services_and_comes_back(client: httpx.AsyncClient, papers: Papers) -> None:
    mine = "0190A1B2-0000-7000-8000-00000000000F"
    answer = await client.get("/api/v1/guests/g1", headers={"X-Correlation-Id": mine})
    who = papers.asked[-1][0]
    assert answer.headers["x-correlation-id"] == who.correlation == mine.lower()
    assert (who.office, who.actor) == ("office", None)
    other = await client.get("/api/v1/guests/g1", headers={"X-Correlation-Id": "x\ty"})
    assert re.fullmatch(r"[0-9a-f-]{36}", other.headers["x-correlation-id"])


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("[::1]:8000", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost@evil.example", 421),
        ("", 421),
    ],
)
async def test_only_loopback_names_are_answered(client: httpx.AsyncClient, host: str, status: int) -> None:
    answer = await client.get("/health/live", headers={"Host": host})
    assert answer.status_code == status


async def test_public_name_is_answered_too(bus: Bus, settings: Settings) -> None:
    public = settings.model_copy(update={"public_url": "https://le.example.org"})
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(bus, public)), base_url="https://le.example.org"
    ) as client:
        assert (await client.get("/health/live")).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"Origin": HERE, "Sec-Fetch-Site": "same-origin"}, 201),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:9000"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
async def test_pages_of_other_sites_change_nothing(
    client: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    assert (await create(client, **headers)).status_code == status
    listed = (await client.get(CEREMONIES, headers=headers)).json()["ceremonies"]
    assert len(listed) == (1 if status == 201 else 0)


async def test_every_answer_bears_the_security_headers(client: httpx.AsyncClient) -> None:
    for path in ("/", "/health/live", "/api/v1/nothing"):
        headers = (await client.get(path)).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


# Files.


async def test_document_is_streamed_whole_with_its_name(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/api/v1/documents/{HASH}")
    assert answer.content == BYTES
    assert (answer.headers["etag"], answer.headers["content-length"]) == (f'"{HASH}"', str(len(BYTES)))
    assert answer.headers["content-disposition"] == (
        'inline; filename="Chuong trinh le ra mat _Doi 1_.pdf"; '
        "filename*=UTF-8''Ch%C6%B0%C6%A1ng%20tr%C3%ACnh%20l%E1%BB%85%20ra%20m%E1%BA%AFt%20"
        "%E2%80%9C%C4%90%E1%BB%99i%201%E2%80%9D.pdf"
    )
    again = await client.get(f"/api/v1/documents/{HASH}", headers={"If-None-Match": f'"x", "{HASH}"'})
    assert (again.status_code, again.content) == (304, b"")
    problem(await client.get(f"/api/v1/documents/{'0' * 64}"), 404, "not-found")


async def test_document_that_could_run_is_only_downloaded(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/api/v1/documents/{PAGE_HASH}")
    assert answer.headers["content-disposition"].startswith("attachment;")


async def test_documents_are_listed(client: httpx.AsyncClient, papers: Papers) -> None:
    await create(client)
    answer = await client.get(f"{CEREMONIES}/{CODE}/documents", params={"release": 2, "guests": True})
    assert answer.json()["documents"][0]["content"] == HASH
    question = papers.asked[-1][1]
    assert (question.release, question.guests) == (2, True)


async def test_feed_says_what_calendar_programs_need(client: httpx.AsyncClient) -> None:
    at = f"/feeds/{TOKEN}.ics"
    answer = await client.get(at)
    headers = answer.headers
    assert (answer.content, headers["content-type"]) == (ICS.encode(), "text/calendar; charset=utf-8")
    assert (headers["etag"], headers["last-modified"]) == ('"abc"', "Thu, 20 Jun 2024 08:00:30 GMT")
    assert headers["cache-control"] == "private, max-age=900"
    by_tag = await client.get(at, headers={"If-None-Match": '"abc"'})
    by_date = await client.get(at, headers={"If-Modified-Since": "Thu, 20 Jun 2024 08:00:30 GMT"})
    assert [by_tag.status_code, by_date.status_code, by_tag.headers["etag"]] == [304, 304, '"abc"']
    older = {"If-Modified-Since": "Thu, 20 Jun 2024 08:00:29 GMT"}
    assert (await client.get(at, headers=older)).status_code == 200
    assert (await client.get(at, headers={"If-None-Match": '"old"'} | older)).status_code == 200
    assert (await client.get(at, headers={"If-Modified-Since": "soon"})).status_code == 200
    assert (await client.head(at)).headers["etag"] == '"abc"'


@pytest.mark.parametrize("token", ["A" * 22, "short", "%C3%A1" * 22])
async def test_wrong_feed_link_is_not_repeated(client: httpx.AsyncClient, token: str) -> None:
    answer = await client.get(f"/feeds/{token}.ics")
    assert problem(answer, 404, "no-feed")["params"] == {}
    assert token not in answer.text


async def test_feed_link_is_told_to_the_office(client: httpx.AsyncClient) -> None:
    await create(client)
    link = (await client.get(f"{CEREMONIES}/{CODE}/feed")).json()
    assert link == {"url": f"{HERE}/feeds/{TOKEN}.ics", "webcal": f"webcal://127.0.0.1:8000/feeds/{TOKEN}.ics"}


async def test_secrets_stay_out_of_logs_and_numbers(client: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as logs:
        await client.get(f"/feeds/{TOKEN}.ics?who=mau@example.org")
        await client.get(f"/{TOKEN}")
    assert [one["route"] for one in logs] == ["/feeds/{token}.ics", "unmatched"]
    said = str(logs) + (await client.get("/metrics")).text
    assert (TOKEN in said, "mau@example.org" in said) == (False, False)


async def test_invitation_is_a_file_and_no_message(client: httpx.AsyncClient) -> None:
    await create(client)
    answer = await client.get(f"{CEREMONIES}/{CODE}/invitations/g2.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert (b"X-N:2\r\n" in answer.content, answer.headers["content-disposition"]) == (
        True,
        (
            'attachment; filename="Giay moi Ong Do.ics"; '
            "filename*=UTF-8''Gi%E1%BA%A5y%20m%E1%BB%9Di%20%C3%94ng%20%C4%90%E1%BB%97.ics"
        ),
    )
    problem(await client.get(f"{CEREMONIES}/{CODE}/invitations/g9.ics"), 404, "no-invitation")


async def test_invitations_come_in_one_zip_once_they_are_written(client: httpx.AsyncClient, papers: Papers) -> None:
    await create(client)
    at = f"{CEREMONIES}/{CODE}/invitations.zip"
    problem(await client.get(at), 409, "not-released")
    await client.post(f"{CEREMONIES}/{CODE}/releases", json={})
    papers.prepared = 0
    problem(await client.get(at), 409, "not-ready")
    papers.prepared = 1
    answer = await client.get(at)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == ["Giấy mời Ông Đỗ.ics", "Giấy mời Ông Đỗ (2).ics"]
        assert b"X-N:2" in archive.read("Giấy mời Ông Đỗ (2).ics")


async def test_invitations_are_listed_with_what_is_wrong_with_them(client: httpx.AsyncClient) -> None:
    await create(client)
    listed = (await client.get(f"{CEREMONIES}/{CODE}/invitations", headers={"Accept-Language": "vi"})).json()
    assert [one["guest_id"] for one in listed["invitations"]] == ["g1", "g2"]
    assert [(one["text"], one["hint"]) for one in listed["problems"]] == [("Thiếu tệp guests.xlsx.", "Đổi tên tệp.")]


def test_pack_keeps_every_file_inside_its_folder() -> None:
    packed = pack([("../../x.ics", b"1"), ("..\\x.ics", b"2"), ("X.ics", b"3"), ("x.ics", b"4"), ("noend", b"5")])
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["_.._x.ics", "_x.ics", "X.ics", "x (2).ics", "noend"]


# Plan folders.

PLAN = {
    "ceremony.yaml": 'code: can-tho\ntitle: "Lễ ra mắt"\ndate: 2024-07-01\n',
    "running-order.csv": "Nội dung\nChào cờ\n",
    "guests.csv": "Họ và tên\nNguyễn Văn Mẫu\n",
    "awards.csv": "Hình thức khen thưởng,Họ và tên / Tập thể\nGiấy khen,Tổ dân phố số 1\n",
}


def as_parts(files: dict[str, str]) -> list[tuple[str, tuple[str, bytes]]]:
    return [("files", (name, text.encode())) for name, text in files.items()]


def as_zip(files: dict[str, str], folder: str = "can-tho/") -> list[tuple[str, tuple[str, bytes]]]:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, text in files.items():
            archive.writestr(folder + name, text)
        archive.writestr("__MACOSX/x", "litter")
    return [("files", ("plan.zip", whole.getvalue()))]


async def test_plan_with_errors_is_reported_whole_and_imported_not_at_all(client: httpx.AsyncClient) -> None:
    files = as_zip({"ceremony.yaml": "title: [\n"})
    check = await client.post("/api/v1/plans/check", files=files)
    assert (check.status_code, check.json()["accepted"]) == (200, False)
    told = [one["text"] for one in check.json()["problems"] if one["severity"] == "error"]
    assert "guests.xlsx is missing." in told
    imported = await client.post("/api/v1/plans", files=files, headers={"Accept-Language": "vi"})
    body = problem(imported, 422, "plan-refused")
    assert [one["severity"] for one in body["problems"]].count("error") == int(body["params"]["count"])
    assert "Thiếu tệp guests.xlsx." in [one["text"] for one in body["problems"]]
    assert (await client.get(CEREMONIES)).json()["ceremonies"] == []


@pytest.mark.parametrize("files", [as_parts(PLAN), as_zip(PLAN), as_zip(PLAN, "")])
async def test_plan_is_read_from_files_and_from_a_zip(client: httpx.AsyncClient, files: Any) -> None:
    answer = await client.post("/api/v1/plans/check", files=files)
    report = answer.json()
    assert [one["text"] for one in report["problems"] if one["severity"] == "error"] == []
    assert report["changes"]["guests"]["created"] == 2


async def test_upload_that_is_no_zip_or_nothing_is_refused(client: httpx.AsyncClient) -> None:
    broken = [("files", ("plan.zip", b"PK\x03\x04 broken"))]
    problem(await client.post("/api/v1/plans/check", files=broken), 422, "zip-unreadable")
    problem(await client.post("/api/v1/plans/check"), 422, "values-wrong")


def test_unpack_stops_at_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "MOST_MEGABYTES", 1)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("guests.csv", b"0" * (2**20 + 1))
    with pytest.raises(ZipTooLarge):
        plans.unpack("bomb.zip", whole.getvalue())
    many = dict.fromkeys((f"{number}.csv" for number in range(61)), "")
    with pytest.raises(ZipTooLarge):
        plans.unpack("many.zip", as_zip(many)[0][1][1])


# Parked work, health, numbers.


async def test_parked_work_is_listed_and_retried_wherever_it_is(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/api/v1/parked")).json()
    assert [one["event_id"] for one in listed["parked"]] == ["e-guests", "e-program"]
    assert listed["unreachable"] == ["dispatch"]
    again = (await client.post("/api/v1/parked/retry", json={})).json()
    assert again == {"done": 2, "parked_again": 0, "unreachable": ["dispatch"]}


async def test_ready_says_which_part_is_not(client: httpx.AsyncClient) -> None:
    answer = await client.get("/health/ready")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.json() == {
        "ready": False,
        "parts": {
            "nats": True,
            "scheduling": True,
            "guests": True,
            "awards": True,
            "program": True,
            "dispatch": False,
        },
    }


async def test_metrics_tell_of_services_and_requests(client: httpx.AsyncClient) -> None:
    await client.get(f"{CEREMONIES}/nowhere")
    lines = (await client.get("/metrics")).text.splitlines()
    for line in (
        'khaimac_up{service="dispatch"} 0.0',
        'khaimac_outbox_unsent{service="guests"} 2.0',
        'khaimac_outbox_oldest_seconds{service="guests"} 1.5',
        'khaimac_consumer_pending{service="scheduling"} 0.0',
        'khaimac_parked{service="program"} 1.0',
        'khaimac_rendered_total{service="program"} 3.0',
        'khaimac_http_requests_total{method="GET",route="/api/v1/ceremonies/{ceremony}",status="404"} 1.0',
        'khaimac_http_request_seconds_count{method="GET",route="/api/v1/ceremonies/{ceremony}"} 1.0',
    ):
        assert line in lines


# The start page, and the server itself.


async def test_start_page_shows_ceremonies_with_papers_and_calendar(client: httpx.AsyncClient) -> None:
    await create(client)
    answer = await client.get("/", headers={"Accept-Language": "vi"})
    page = answer.text
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    for text in (
        '<html lang="vi">',
        "Lễ ra mắt &lt;script&gt;",
        "Thứ Hai, ngày 1 tháng 7 năm 2024",
        "Dự thảo, chưa phát hành",
        f'<a href="/api/v1/documents/{HASH}">Chương trình &lt;b&gt;lễ&lt;/b&gt;</a>',
        f'href="webcal://127.0.0.1:8000/feeds/{TOKEN}.ics"',
    ):
        assert text in page
    assert (await client.get("/console.css")).headers["content-type"] == "text/css; charset=utf-8"


async def test_start_page_stands_when_a_service_does_not(
    client: httpx.AsyncClient, papers: Papers, nats_server: NatsServer
) -> None:
    await create(client)
    papers.answers[program.list_documents] = RuntimeError("broken")
    page = await client.get("/")
    assert (page.status_code, "The documents cannot be listed just now." in page.text) == (200, True)
    await nats_server.stop()
    page = await client.get("/")
    assert (page.status_code, "cannot be reached just now" in page.text) == (503, True)


async def test_server_tells_its_address_and_finishes_requests_at_hand(bus: Bus, settings: Settings) -> None:
    began, go = asyncio.Event(), asyncio.Event()

    async def slow(_question: Any) -> Any:
        began.set()
        await go.wait()
        return Papers().answers[guests.get_guest]

    await bus.answer("guests", {guests.get_guest: slow})
    async with httpx.AsyncClient() as client:
        async with serve(bus, settings) as address:
            assert re.fullmatch(r"http://127\.0\.0\.1:[1-9][0-9]*", address)
            assert (await client.get(f"{address}/health/live")).json() == {"alive": True}
            taken = settings.model_copy(update={"http_port": int(address.rsplit(":", 1)[1])})
            with pytest.raises(PortTaken):
                async with serve(bus, taken):
                    pass
            asked = asyncio.create_task(client.get(f"{address}/api/v1/guests/g1"))
            await began.wait()
            asyncio.get_running_loop().call_later(0.3, go.set)
        assert (await asked).status_code == 200
        with pytest.raises(httpx.ConnectError):
            await client.get(f"{address}/health/live")

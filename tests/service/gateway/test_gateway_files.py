"""What goes out and comes in as files: documents, calendars, plan folders."""

import io
import json
import zipfile
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import structlog

from schemas import program
from schemas.program import Documents
from services.gateway.api import plans
from services.gateway.archive import pack, stream
from services.gateway.refusals import ZipTooLarge
from tests.service.gateway.office import (
    BYTES,
    CEREMONIES,
    CODE,
    HASH,
    HERE,
    ICS,
    NAME,
    PAGE,
    PAGE_HASH,
    TOKEN,
    Papers,
    create,
    document,
    problem,
)

pytestmark = pytest.mark.anyio


# Files.


async def test_document_is_streamed_whole_with_its_name(client: httpx.AsyncClient) -> None:
    await create(client)
    answer = await client.get(f"{CEREMONIES}/{CODE}/documents/{HASH}")
    assert answer.content == BYTES
    assert (answer.headers["etag"], answer.headers["content-length"]) == (f'"{HASH}"', str(len(BYTES)))
    assert answer.headers["content-disposition"] == (
        'inline; filename="Chuong trinh le ra mat _Doi 1_.pdf"; '
        "filename*=UTF-8''Ch%C6%B0%C6%A1ng%20tr%C3%ACnh%20l%E1%BB%85%20ra%20m%E1%BA%AFt%20"
        "%E2%80%9C%C4%90%E1%BB%99i%201%E2%80%9D.pdf"
    )
    again = await client.get(f"{CEREMONIES}/{CODE}/documents/{HASH}", headers={"If-None-Match": f'"x", "{HASH}"'})
    assert (again.status_code, again.content) == (304, b"")
    problem(await client.get(f"{CEREMONIES}/{CODE}/documents/{'0' * 64}"), 404, "not-found")


async def test_document_that_could_run_is_only_downloaded(client: httpx.AsyncClient) -> None:
    await create(client)
    answer = await client.get(f"{CEREMONIES}/{CODE}/documents/{PAGE_HASH}")
    assert answer.headers["content-disposition"].startswith("attachment;")


async def test_documents_are_listed(client: httpx.AsyncClient, papers: Papers) -> None:
    await create(client)
    answer = await client.get(f"{CEREMONIES}/{CODE}/documents", params={"release": 2, "guests": True})
    assert answer.json()["documents"][0]["content"] == HASH
    question = papers.asked[-1][1]
    assert (question.release, question.guests) == (2, True)


async def test_page_is_a_picture_that_is_not_sent_twice(client: httpx.AsyncClient, papers: Papers) -> None:
    await create(client)
    at = f"{CEREMONIES}/{CODE}/documents/{HASH}/pages/2.png"
    answer = await client.get(at, params={"width": 400})
    assert (answer.content, answer.headers["content-type"]) == (b"png", "image/png")
    asked = papers.asked[-1][1]
    assert (asked.content, asked.page, asked.width) == (HASH, 2, 400)
    again = await client.get(at, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    problem(await client.get(at, params={"width": 1201}), 422, "values-wrong")
    problem(await client.get(at.replace("2.png", "0.png")), 422, "values-wrong")


async def test_documents_come_in_one_zip_with_a_manifest(client: httpx.AsyncClient, papers: Papers) -> None:
    await create(client)
    at = f"{CEREMONIES}/{CODE}/documents.zip"
    twin = document(PAGE_HASH).model_copy(update={"id": "d2"})
    failed = document().model_copy(update={"id": "d3", "state": "failed", "reason": "too long", "content": None})
    papers.answers[program.list_documents] = Documents(documents=(document(), twin, failed), complete=True)

    answer = await client.get(at)

    assert answer.headers["content-type"] == "application/zip"
    assert 'filename="can-tho-draft.zip"' in answer.headers["content-disposition"]
    other = NAME.replace(".pdf", " (2).pdf")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["manifest.json", NAME, other]
        assert (archive.read(NAME), archive.read(other)) == (BYTES, PAGE)
        manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["code"], manifest["release"]) == (CODE, None)
    assert [(one["file"], one["sha256"], one["reason"]) for one in manifest["documents"]] == [
        (NAME, HASH, None),
        (other, PAGE_HASH, None),
        (None, None, "too long"),
    ]
    assert (await client.get(at)).content == answer.content


async def test_documents_that_are_not_all_made_are_waited_for(client: httpx.AsyncClient, papers: Papers) -> None:
    await create(client)
    waiting = document().model_copy(update={"state": "rendering"})
    papers.answers[program.list_documents] = Documents(documents=(document(), waiting), complete=False)
    at = f"{CEREMONIES}/{CODE}/documents.zip"
    body = problem(await client.get(at), 409, "documents-not-ready")
    assert body["params"] == {"ready": "1", "total": "2"}
    problem(await client.get(at, params={"release": 1}), 404, "not-found")


async def test_zip_is_streamed_piece_by_piece() -> None:
    """Of a file of 64 MB no more than a piece is held at a time."""
    piece = b"x" * 2**20

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield piece

    async def files() -> AsyncIterator[tuple[str, AsyncIterator[bytes]]]:
        yield "large.bin", pieces()

    sizes = [len(part) async for part in stream(files())]
    assert (max(sizes) < 2 * len(piece), sum(sizes) > 64 * len(piece)) == (True, True)


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
    both = {"If-None-Match": '"old"', "If-Modified-Since": "Thu, 20 Jun 2024 08:00:30 GMT"}
    assert (await client.get(at, headers=both)).status_code == 200
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

"""The wizard that brings in a list, and the same over the API: found, corrected, asked, done, undone."""

import base64
import html
import io
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import openpyxl
import pytest

from schemas.envelope import Grant, new_id
from tests.service.gateway.desk import Desk, desk, text_of, undo_of
from tests.unit.old_letters import in_tcvn3
from tests.unit.sheet_files import saved

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk(tmp_path_factory.mktemp("lists")) as found:
        yield found


@pytest.fixture
async def code(house: Desk) -> str:
    code = f"le-{new_id()[-12:]}"
    await house.ceremony(code, "Lễ ra mắt")
    return code


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in (["STT", "Họ và tên", "Chức vụ", "Email"], *rows):
        book.active.append(row)
    return saved(book)


async def send(house: Desk, path: str, content: bytes | None, name: str = "a.xlsx", **fields: str) -> httpx.Response:
    headers = house.owner.headers | house.here | {"HX-Request": "true", "HX-Request-Type": "partial"}
    headers |= {"Accept-Language": "en"}
    files = {"file": (name, content)} if content is not None else {"file": ("", b"")}
    house.client.cookies.clear()
    return await house.client.post(path, headers=headers, files=files, data=fields, timeout=60)


# The wizard.


async def test_a_pasted_list_is_looked_at_then_brought_in_and_undone(house: Desk, code: str) -> None:
    at = f"/ceremonies/{code}/guests"
    pasted = "1. Lê Thị Mẫu, Chủ tịch UBND tỉnh\n2. Vũ Ba, Giám đốc Sở Y tế"
    looked = await send(house, f"{at}/import", None, pasted=pasted)
    assert "New 2 Changed 0 As before 0" in text_of(looked)
    assert "Chủ tịch – UBND tỉnh" in text_of(looked)
    assert text_of(await house.get(at)).count("Vũ Ba") == 0
    done = await send(house, f"{at}/import", None, pasted=pasted, confirm="true", version="0")
    assert "The list is imported." in text_of(done)
    assert text_of(await house.get(at)).count("Vũ Ba") > 0
    address, fields = undo_of(done)
    await house.post(address, **fields)
    assert text_of(await house.get(at)).count("Vũ Ba") == 0


async def test_a_column_that_was_corrected_is_read_so_and_kept_on_the_page(house: Desk, code: str) -> None:
    fields = {"column..2": "organisation"}
    content = "Họ và tên;Ở đâu\nVũ Ba;Sở Y tế\n".encode()
    page = await send(house, f"/ceremonies/{code}/guests/import", content, "a.csv", **fields)
    assert re.search(r'name="column\.\.2".*?<option value="organisation" selected>', page.text, re.DOTALL)
    assert "As you said" in text_of(page)


async def test_what_was_answered_goes_along_and_not_to_another_file(house: Desk, code: str) -> None:
    at = f"/ceremonies/{code}/guests/import"
    await send(house, at, workbook([1, "Lê Thị Mẫu", "Chủ tịch UBND tỉnh"]), confirm="true", version="0")
    like = workbook([1, "Le Thi Mau", "Chủ tịch UBND tỉnh"], [2, "Vũ Ba"])
    page = await send(house, at, like)
    (key, guest) = re.findall(r'name="(answer\.same:2)".*?value="([0-9a-f-]{36})"', page.text, re.DOTALL)[0]
    answered = await send(house, at, like, **hidden(page), **{key: guest})
    assert (f'<option value="{guest}" selected>' in answered.text, 'name="confirm"' in answered.text) == (True, True)
    other = workbook([1, "Le Thi Mau", "Giám đốc"])
    elsewhere = await send(house, at, other, **hidden(answered), **{key: guest}, confirm="true")
    assert (f'<option value="{guest}" selected>' in elsewhere.text, 'name="confirm"' in elsewhere.text) == (
        False,
        False,
    )
    assert "The list is imported." not in text_of(elsewhere)


def hidden(page: Any) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(about|answer\.[^"]+)" value="([^"]*)"', page.text))


async def test_old_letters_wait_for_an_answer(house: Desk, code: str) -> None:
    at, content = f"/ceremonies/{code}/guests/import", workbook([1, in_tcvn3("Nguyễn Văn Trưởng"), None])
    page = await send(house, at, content)
    assert "Nguyễn Văn Trưởng" in text_of(page)
    assert 'name="confirm"' not in page.text
    answered = await send(house, at, content, **{"answer.encoding": "recognised"})
    assert 'name="confirm"' in answered.text


async def test_rejected_rows_can_be_fetched_from_the_page(house: Desk, code: str) -> None:
    page = await send(house, f"/ceremonies/{code}/guests/import", workbook([1, "Vũ Ba", None, "x"], [2, "Lê Tư"]))
    (encoded,) = re.findall(r'href="data:[^"]*;base64,([^"]+)"', html.unescape(page.text))
    sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(encoded))).active
    assert [cell.value for cell in sheet[2]][:4] == [1, "Vũ Ba", None, "x"]
    refused = await send(
        house, f"/ceremonies/{code}/guests/import", workbook([1, "Vũ Ba", None, "x"], [2, "Lê Tư"]), confirm="true"
    )
    assert "1 rows cannot be taken over." in text_of(refused)


async def test_a_list_that_changed_meanwhile_is_not_overwritten(house: Desk, code: str) -> None:
    at = f"/ceremonies/{code}/guests/import"
    await send(house, at, workbook([1, "Vũ Ba"]), confirm="true", version="0")
    stale = await send(house, at, workbook([1, "Lê Tư"]), confirm="true", version="0")
    assert "was changed meanwhile" in text_of(stale)


async def test_who_may_not_change_guests_may_not_bring_in_lists(house: Desk, code: str) -> None:
    viewer = await house.colleague(Grant(role="viewer"))
    assert (await house.get(f"/ceremonies/{code}/guests/import", viewer)).status_code == 403
    assert (await house.get(f"/ceremonies/{code}/guests/export/csv", viewer)).status_code == 200


# The API.


async def test_api_checks_imports_and_undoes(house: Desk, code: str) -> None:
    at = f"/api/v1/ceremonies/{code}/guests"
    content = workbook([1, "Lê Thị Mẫu", "Chủ tịch UBND tỉnh", "mau@example.org"])
    checked = (await send(house, f"{at}/imports/check", content)).raise_for_status().json()
    assert [column["field"] for column in checked["tables"][0]["columns"]] == ["#", "name", "posts", "email"]
    assert (checked["outcome"]["created"], checked["outcome"]["committed"]) == (1, False)
    done = (await send(house, f"{at}/imports", content)).raise_for_status()
    assert (done.json()["outcome"]["created"], done.headers["etag"]) == (1, '"1"')
    exported = await house.client.get(f"{at}/exports/vcf", headers=house.owner.headers)
    assert "FN:Lê Thị Mẫu\r\n" in exported.text
    event = done.json()["outcome"]["event_id"]
    back = await house.client.post(
        f"/api/v1/ceremonies/{code}/guest-changes/{event}/take-back", headers=house.owner.headers
    )
    assert back.raise_for_status().json()["changed"] == 1


async def test_api_tells_what_is_open_and_takes_answers(house: Desk, code: str) -> None:
    at = f"/api/v1/ceremonies/{code}/guests/imports"
    await send(house, at, workbook([1, "Lê Thị Mẫu", "Chủ tịch UBND tỉnh"]))
    like = workbook([1, "Le Thi Mau", "Chủ tịch UBND tỉnh", "mau@example.org"])
    (question,) = (await send(house, f"{at}/check", like)).json()["questions"]
    assert (question["text"], question["required"]) == ("Is “Le Thi Mau” on the list already?", True)
    refused = await send(house, at, like)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:khaimac:problem:import-open")
    decisions = json.dumps({"answers": {question["key"]: question["suggestion"]}})
    done = await send(house, at, like, decisions=decisions)
    assert done.json()["outcome"]["updated"] == 1


async def test_api_gives_the_rejected_rows_as_a_file(house: Desk, code: str) -> None:
    at = f"/api/v1/ceremonies/{code}/guests/imports/rejected"
    answer = await send(house, at, workbook([1, "Vũ Ba", None, "x"]))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet.max_row == 2
    wrong = await send(house, at, workbook([1, "Vũ Ba"]), decisions="{")
    assert wrong.status_code == 422

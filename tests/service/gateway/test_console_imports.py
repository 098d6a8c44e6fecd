"""Import in the browser: what is wrong and what would change is shown before anything happens."""

import io
import re
import zipfile
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest

from schemas import guests, scheduling
from schemas.envelope import Grant, new_id
from schemas.guests import Guest, ListGuests
from schemas.scheduling import FindCeremony
from services.kit.context import work_for
from tests.people import Person
from tests.service.gateway.desk import Desk, desk, text_of
from tests.unit.plan_folders import folder, table

pytestmark = pytest.mark.anyio
SOUND = folder()


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk(tmp_path_factory.mktemp("imports")) as found:
        yield found


@pytest.fixture
def code() -> str:
    return f"le-{new_id()[-12:]}"


def plan(code: str, **files: bytes | str) -> dict[str, bytes]:
    return folder(ceremony=SOUND["ceremony.yaml"].decode().replace("le-ra-mat", code), **files)


async def send(
    house: Desk, path: str, files: Mapping[str, bytes], who: Person | None = None, **fields: str
) -> httpx.Response:
    """As the form posts it: files, and what its fields say."""
    person = who or house.owner
    headers = person.headers | house.here | {"HX-Request": "true", "HX-Request-Type": "partial"}
    house.client.cookies.clear()
    uploaded = [("files", (name, data)) for name, data in files.items()]
    headers |= {"Accept": "text/html", "Accept-Language": "en"}
    return await house.client.post(path, headers=headers, files=uploaded, data=fields)


async def listed(house: Desk, code: str) -> tuple[Guest, ...]:
    work_for(await house.owner.caller(house.house.bus))
    found = await house.house.bus.ask(scheduling.find_ceremony, FindCeremony(which=code))
    return (await house.house.bus.ask(guests.list_guests, ListGuests(ceremony_id=found.id))).guests


def changes(answer: Any) -> list[list[int]]:
    """New, changed, removed, as before; of ceremony, guests and awards."""
    rows = re.findall(r'<th scope="row">.*?</tr>', answer.text, re.DOTALL)
    return [[int(one) for one in re.findall(r">(\d+)<", row)] for row in rows]


async def test_check_shows_what_would_change_and_changes_nothing(house: Desk, code: str) -> None:
    answer = await send(house, "/import", plan(code))
    assert (answer.status_code, changes(answer)) == (200, [[2, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]])
    assert 'name="confirm"' in answer.text
    assert (await house.get(f"/ceremonies/{code}")).status_code == 404


async def test_import_is_done_once_however_often_it_is_sent(house: Desk, code: str) -> None:
    same = new_id()
    await send(house, "/import", plan(code), confirm="true", request_id=same)
    answer = await send(house, "/import", plan(code), confirm="true", request_id=same)
    assert ("The plan is imported." in text_of(answer), 'name="confirm"' in answer.text) == (True, False)
    assert f'href="/ceremonies/{code}/guests"' in answer.text
    assert len(await listed(house, code)) == 1


async def test_import_of_what_stands_already_says_so(house: Desk, code: str) -> None:
    await send(house, "/import", plan(code), confirm="true")
    answer = await send(house, "/import", plan(code))
    assert "The files say what stands already." in text_of(answer)
    assert 'name="confirm"' not in answer.text


async def test_check_names_file_and_cell_of_every_problem(house: Desk, code: str) -> None:
    wrong = table("Họ và tên|Email", ["An", "không phải"], ["Bình", "cũng không"])
    answer = await send(house, "/import", plan(code, guests=wrong), confirm="true")
    text = text_of(answer)
    assert "Errors: 2" in text
    assert "guests.csv · B2 “không phải” is not one e-mail address." in text
    assert "Write one address, for example van.phong@example.org." in text
    assert "guests.csv · B3" in text
    assert 'name="confirm"' not in answer.text
    assert (await house.get(f"/ceremonies/{code}")).status_code == 404


async def test_zip_of_a_folder_is_taken(house: Desk, code: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in plan(code).items():
            archive.writestr(f"ke-hoach/{name}", data)
    answer = await send(house, "/import", {"ke-hoach.zip": packed.getvalue()})
    assert changes(answer) == [[2, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]]


async def test_one_spreadsheet_leaves_the_other_parts_alone(house: Desk, code: str) -> None:
    await send(house, "/import", plan(code), confirm="true")
    more = table("Họ và tên|Email", ["Nguyễn Văn An", "an@example.org"], ["Trần Bình", "b@example.org"])
    at = f"/ceremonies/{code}/import"
    checked = await send(house, at, {"guests.csv": more})
    assert changes(checked) == [[0, 0, 0, 1], [1, 0, 0, 1], [0, 0, 0, 1]]
    await send(house, at, {"guests.csv": more}, confirm="true")
    assert len(await listed(house, code)) == 2


async def test_spreadsheet_of_any_name_holds_what_was_chosen(house: Desk, code: str) -> None:
    await send(house, "/import", plan(code), confirm="true")
    more = table("Họ và tên|Email", ["Trần Bình", "b@example.org"])
    at = f"/ceremonies/{code}/import"
    unnamed = await send(house, at, {"danh sách.csv": more})
    assert "guests.xlsx is missing" in text_of(unnamed)
    answer = await send(house, at, {"danh sách.csv": more}, holds="guests")
    assert changes(answer) == [[0, 0, 0, 1], [1, 0, 1, 0], [0, 0, 0, 1]]


async def test_folder_of_another_ceremony_is_refused_here(house: Desk, code: str) -> None:
    await send(house, "/import", plan(code), confirm="true")
    answer = await send(house, f"/ceremonies/{code}/import", plan(f"{code}-b"), confirm="true")
    assert (answer.status_code, f"This folder is the plan of “{code}-b”" in text_of(answer)) == (422, True)


async def test_form_without_files_says_what_to_do(house: Desk) -> None:
    answer = await house.post("/import", confirm="true")
    assert (answer.status_code, "Send the files of a plan folder" in text_of(answer)) == (422, True)


async def test_only_planners_import(house: Desk, code: str) -> None:
    await send(house, "/import", plan(code), confirm="true")
    who = await house.colleague(Grant(role="guest_desk"))
    assert (await house.get("/import", who)).status_code == 403
    assert (await send(house, f"/ceremonies/{code}/import", plan(code), who)).status_code == 403

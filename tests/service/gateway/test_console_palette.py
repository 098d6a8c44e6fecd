"""What Ctrl+K finds, however it is typed; and only what the caller may see and do."""

import re
from collections.abc import AsyncIterator
from typing import Any
from unicodedata import normalize
from urllib.parse import quote

import pytest

from schemas.envelope import Grant
from services.gateway.console.palette.matching import best
from tests.people import Person
from tests.service.gateway.desk import Desk, desk

pytestmark = pytest.mark.anyio
CODE = "hoa-mai-2024"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("dong", ["Đồng Tháp", "Lễ ở Đồng Xoài", "Cầu Hàm Rồng Đông", "Xe buýt liên đồng"]),
        ("đồng th", ["Đồng Tháp"]),
        ("tháp đồng", ["Đồng Tháp"]),
        ("uyt", ["Xe buýt liên đồng"]),
        ("  ", []),
        ("—", []),
    ],
)
def test_matches_stand_by_where_they_begin(typed: str, found: list[str]) -> None:
    things = ["Xe buýt liên đồng", "Cầu Hàm Rồng Đông", "Lễ ở Đồng Xoài", "Đồng Tháp", "Cà Mau"]
    for form in ("NFC", "NFD"):
        assert sorted(best(normalize(form, typed), things, lambda one: (one,), 9)) == sorted(found)
        assert best(normalize(form, typed), things, lambda one: (one,), 9)[:1] == found[:1]


def test_what_stands_within_a_word_comes_last() -> None:
    things = ["Bà Lan", "An Giang", "Hội An"]
    assert best("an", things, lambda one: (one,), 9) == ["An Giang", "Hội An", "Bà Lan"]
    assert best("an", things, lambda one: (one,), 1) == ["An Giang"]


@pytest.fixture(scope="module")
async def at(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk(tmp_path_factory.mktemp("palette")) as found:
        await found.plan("full-ceremony")
        await found.ceremony("khac", "Lễ đón nhận danh hiệu")
        yield found


async def palette(
    at: Desk, typed: str = "", who: Person | None = None, *, here: str = "", language: str = "en"
) -> dict[str, list[tuple[str, str]]]:
    """By group: address and text of each line."""
    page: Any = await at.get(f"/palette?q={quote(typed)}&ceremony={here}", who, part=True, language=language)
    assert page.status_code == 200
    groups = re.findall(r'<div role="group" aria-label="([^"]+)">(.*?)</div>', page.text, re.DOTALL)
    line = re.compile(r'<a role="option" tabindex="-1" href="([^"]+)">.*?class="palette-text">([^<]+)<', re.DOTALL)
    return {label: line.findall(inside) for label, inside in groups}


async def test_nothing_typed_offers_ceremonies_and_commands(at: Desk) -> None:
    found = await palette(at)
    assert list(found) == ["Ceremonies", "Commands"]
    assert ("/ceremonies/khac", "Lễ đón nhận danh hiệu") in found["Ceremonies"]
    assert found["Commands"][0] == ("/new", "New ceremony")


@pytest.mark.parametrize("typed", ["phan thien ng", "Phan Thiện Ngôn", normalize("NFD", "Phan Thiện Ngôn")])
async def test_people_are_found_with_and_without_accents(at: Desk, typed: str) -> None:
    found = await palette(at, typed, here=CODE)
    assert [text for _, text in found["People"]] == ["Thượng tướng Phan Thiện Ngôn"]
    address = found["People"][0][0]
    assert (address.startswith(f"/ceremonies/{CODE}/guests?open="), "Ng" in address) == (True, False)
    assert (await palette(at, typed))["People"] == found["People"]


async def test_items_documents_and_ceremonies_are_found(at: Desk) -> None:
    found = await palette(at, "chao co", here=CODE)
    assert [text for _, text in found["Running order"]] == ["Chào cờ, hát Quốc ca"]
    assert [text for _, text in (await palette(at, "don nhan"))["Ceremonies"]] == ["Lễ đón nhận danh hiệu"]


async def test_commands_are_found_in_the_language_of_the_page(at: Desk) -> None:
    assert (await palette(at, "phat hanh", here=CODE, language="vi"))["Lệnh"][0] == (
        f"/ceremonies/{CODE}/release",
        "Phát hành",
    )
    assert (await palette(at, "release", here=CODE))["Commands"][0][1] == "Release now"


async def test_viewer_finds_no_commands_that_are_not_his(at: Desk) -> None:
    viewer = await at.colleague(Grant(role="viewer"))
    assert [text for _, text in (await palette(at, "", viewer, here=CODE))["Commands"]] == ["My account"]


async def test_printer_finds_no_people(at: Desk) -> None:
    printer = await at.colleague(Grant(role="printer"))
    assert await palette(at, "phan thien ngon", printer, here=CODE) == {}


async def test_person_without_a_role_finds_his_account_alone(at: Desk) -> None:
    nobody = await at.colleague()
    assert await palette(at, "", nobody) == {"Commands": [("/account", "My account")]}
    assert await palette(at, "phan", nobody) == {}


async def test_what_is_not_there_finds_nothing(at: Desk) -> None:
    assert await palette(at, "khongcogi") == {}

"""Guests in the browser: found, paged, edited, placed; and what only some may see of them."""

import html
import json
import re
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from schemas import guests, scheduling
from schemas.envelope import Grant, new_id
from schemas.guests import AddGuest, Guest, GuestFields, ListGuests, PersonFields, Post
from schemas.scheduling import FindCeremony
from services.kit.context import work_for
from tests.people import Person
from tests.service.gateway.desk import Desk, desk, text_of, undo_of

pytestmark = pytest.mark.anyio
FULL = "/ceremonies/hoa-mai-2024/guests"


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk(tmp_path_factory.mktemp("guests")) as found:
        await found.plan("full-ceremony")
        yield found


@pytest.fixture
async def at(house: Desk) -> str:
    """The address of an empty list."""
    code = f"le-{new_id()[-12:]}"
    await house.ceremony(code, "Lễ ra mắt")
    return f"/ceremonies/{code}/guests"


async def listed(house: Desk, at: str) -> tuple[Guest, ...]:
    work_for(await house.owner.caller(house.house.bus))
    found = await house.house.bus.ask(scheduling.find_ceremony, FindCeremony(which=at.split("/")[2]))
    return (await house.house.bus.ask(guests.list_guests, ListGuests(ceremony_id=found.id, limit=500))).guests


def names(page: Any) -> list[str]:
    return [html.unescape(one) for one in re.findall(r'data-field="name" data-value="([^"]*)"', page.text)]


async def test_page_shows_guests_in_order_with_the_reason(house: Desk) -> None:
    page = await house.get(FULL)
    text = text_of(page)
    assert "Guests 120 Persons 112 Groups 8 (together 1,149 people) Without an address 20" in text
    assert names(page)[:2] == ["Phan Thiện Ngôn", "Tạ Minh Triết"]
    assert len(names(page)) == 60
    assert "thứ tự chữ cái: Phan Thiện Ngôn trước Tạ Minh Triết" in text
    assert "Vụ trưởng Vụ Cơ sở Bộ Trật tự Cộng đồng" in text


async def test_next_rows_come_behind_and_all_of_them_again(house: Desk) -> None:
    more = html.unescape(re.findall(r'hx-get="([^"]+after=[^"]+)"', (await house.get(FULL)).text)[0])
    chunk = await house.get(more, part=True)
    assert (len(names(chunk)), "<table" in chunk.text) == (60, False)
    assert 'name="shown" value="120"' in chunk.text
    assert len(names(await house.get(f"{FULL}?shown=120", part=True))) == 120


@pytest.mark.parametrize(
    ("query", "count"),
    [("q=phan+thien", 1), ("side=host", None), ("which=unreachable", 20), ("which=unranked", 0), ("q=xyzzy", 0)],
)
async def test_filters_show_those_that_fit(house: Desk, query: str, count: int | None) -> None:
    page = await house.get(f"{FULL}?{query}", part=True)
    hosts = sum(guest.side == "host" for guest in await listed(house, FULL))
    assert len(names(page)) == (hosts if count is None else count)
    assert ("Nothing fits the filter" in page.text) == (count == 0)


async def test_guest_is_added_with_posts_and_taken_back(house: Desk, at: str) -> None:
    posts = {"posts.a.title": "Giám đốc", "posts.a.organisation": "Sở Nội vụ", "posts.a.level": "province"}
    posts |= {"posts.b.title": "Ủy viên", "posts.b.since": "1/2/2020", "posts.c.title": " "}
    fields: dict[str, Any] = {"name": "Lê Văn An", "honorific": "Ông", "side": "guest", "posts": "", **posts}
    answer = await house.post(at, what="person", **fields)
    assert (answer.status_code, answer.headers["hx-trigger"]) == (200, "km:guests")
    found = (await listed(house, at))[0].person
    assert found is not None
    assert (found.honorific, found.posts) == (
        "Ông",
        (
            Post(title="Giám đốc", organisation="Sở Nội vụ", level="province"),
            Post(title="Ủy viên", since=date(2020, 2, 1)),
        ),
    )
    await house.post(undo_of(answer)[0])
    assert await listed(house, at) == ()


async def test_group_is_added_with_its_roll(house: Desk, at: str) -> None:
    fields: dict[str, Any] = {"name": "Tổ 1", "head_count": "1.200", "head_count_kind": "planned", "posts": ""}
    await house.post(at, what="group", side="host", roll="Đỗ A\r\n\r\nĐỗ B", **fields)
    found = (await listed(house, at))[0]
    assert (found.side, found.group and found.group.model_dump(include={"label", "head_count", "roll"})) == (
        "host",
        {"label": "Tổ 1", "head_count": 1200, "roll": ("Đỗ A", "Đỗ B")},
    )


async def test_form_that_cannot_be_used_comes_back_as_it_was_typed(house: Desk, at: str) -> None:
    posts: dict[str, Any] = {"posts": "", "posts.x.organisation": "Sở"}
    answer = await house.post(at, what="group", name="", note="Ghi lại", **posts)
    assert (answer.status_code, await listed(house, at)) == (422, ())
    assert ("Ghi lại" in answer.text, 'value="Sở"' in answer.text, "Give a text." in text_of(answer)) == (True,) * 3


async def test_form_sent_twice_adds_one_guest(house: Desk, at: str) -> None:
    same = new_id()
    for _ in range(2):
        answer = await house.post(at, what="person", name="Lê Văn An", side="guest", posts="", request_id=same)
        assert answer.status_code == 200
    assert len(await listed(house, at)) == 1


async def one(house: Desk, at: str, **fields: Any) -> str:
    """The address of a guest."""
    work_for(await house.owner.caller(house.house.bus))
    found = await house.house.bus.ask(scheduling.find_ceremony, FindCeremony(which=at.split("/")[2]))
    person = PersonFields(name="Lê Văn An", email="an@example.org", phone="0900")
    command = AddGuest(ceremony_id=found.id, guest=GuestFields(person=person, code="K1", **fields))
    return f"{at}/{(await house.house.bus.ask(guests.add_guest, command)).id}"


async def test_cell_is_saved_and_taken_back(house: Desk, at: str) -> None:
    row = await one(house, at)
    answer = await house.post(row, field="name", value="Lê Văn Bình", base="Lê Văn An")
    assert (answer.status_code, (await listed(house, at))[0].address) == (200, "Ông (Bà) Lê Văn Bình")
    address, fields = undo_of(answer)
    await house.post(address, **fields)
    assert (await listed(house, at))[0].address == "Ông (Bà) Lê Văn An"


async def test_collision_of_two_at_one_guest(house: Desk, at: str) -> None:
    row = await one(house, at)
    await house.post(row, field="delegation", value="Đoàn 1", base="")
    answer = await house.post(row, field="delegation", value="Đoàn 2", base="")
    assert (answer.status_code, "Delegation Yours Đoàn 2 Saved by the other Đoàn 1" in text_of(answer)) == (409, True)
    answer = await house.post(row, field="note", value="Ăn chay", base="")
    assert (answer.status_code, (await listed(house, at))[0].delegation) == (200, "Đoàn 1")


async def test_guest_removed_comes_back_with_all_that_was_said(house: Desk, at: str) -> None:
    row = await one(house, at, note="Ăn chay")
    answer = await house.post(f"{row}/remove")
    assert await listed(house, at) == ()
    assert "It was removed already." in text_of(await house.post(f"{row}/remove"))
    address, fields = undo_of(answer)
    await house.post(address, **fields)
    found = (await listed(house, at))[0]
    assert (found.note, found.code, found.person and found.person.email) == ("Ăn chay", "K1", "an@example.org")


async def test_dialog_holds_what_it_began_with(house: Desk, at: str) -> None:
    page = await house.get(await one(house, at), part=True)
    base = json.loads(html.unescape(re.findall(r'<input hidden name="base" value="([^"]*)"', page.text)[0]))
    assert (base["name"], base["email"], base["code"], base["posts"]) == ("Lê Văn An", "an@example.org", "K1", [])


async def test_guest_is_found_while_somebody_types(house: Desk) -> None:
    page = await house.get(f"{FULL}/choose?q=phan+thien", part=True)
    assert re.findall(r'data-text="([^"]*)"', page.text) == ["Thượng tướng Phan Thiện Ngôn"]
    assert re.fullmatch(r"[0-9a-f-]{36}", re.findall(r'data-guest="([^"]*)"', page.text)[0])


@pytest.fixture
async def crew(house: Desk) -> Person:
    return await house.colleague(Grant(role="stage_crew"))


async def test_addresses_are_shown_only_to_who_needs_them(house: Desk, crew: Person, at: str) -> None:
    row = await one(house, at)
    mine, theirs = await house.get(at), await house.get(at, crew)
    assert ("an@example.org" in mine.text, "0900" in mine.text) == (True, True)
    assert ("an@example.org" in theirs.text, "0900" in theirs.text, "data-grid" in theirs.text) == (False,) * 3
    assert [(await house.post(row, crew, field="note", value="x", base="")).status_code] == [403]
    assert (await house.get(row, crew, part=True)).status_code == 403

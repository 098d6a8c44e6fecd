"""The order of precedence in the browser: reasons, places by hand, titles settled in place; who may do what."""

import html
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from schemas import guests, scheduling
from schemas.envelope import Grant, new_id
from schemas.guests import AddGuest, GuestFields, PersonFields, Post
from schemas.scheduling import FindCeremony
from services.kit.context import work_for
from tests.service.gateway.desk import Desk, desk, text_of, undo_of

pytestmark = pytest.mark.anyio
PEOPLE = (
    ("Lê Thử Một", "Bí thư Tỉnh ủy", "guest"),
    ("Lê Thử Hai", "Giám đốc Sở Tư pháp", "guest"),
    ("Lê Thử Ba", "Chủ tịch UBND tỉnh", "host"),
    ("Lê Thử Bốn", "Giám đốc Nhà hát Chèo tỉnh", "guest"),
)


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk(tmp_path_factory.mktemp("precedence")) as found:
        yield found


@pytest.fixture
async def at(house: Desk) -> str:
    """The address of the order of a ceremony with `PEOPLE`."""
    code = f"le-{new_id()[-12:]}"
    await house.ceremony(code, "Lễ ra mắt")
    work_for(await house.owner.caller(house.house.bus))
    found = await house.house.bus.ask(scheduling.find_ceremony, FindCeremony(which=code))
    for name, title, side in PEOPLE:
        person = PersonFields(name=name, posts=(Post(title=title),))
        fields = GuestFields.model_validate({"person": person, "side": side})
        await house.house.bus.ask(guests.add_guest, AddGuest(ceremony_id=found.id, guest=fields))
    return f"/ceremonies/{code}/guests/order"


def names(page: httpx.Response) -> list[str]:
    found = re.findall(r'role="rowheader"[^>]*>([^<]+)', page.text)
    return [html.unescape(one).split()[-1] for one in found]


def row_of(page: httpx.Response, name: str) -> str:
    rows: list[str] = re.findall(r'<tr id="place-([^"]+)".*?</tr>', page.text, re.DOTALL)
    return rows[names(page).index(name)]


async def place(house: Desk, at: str, moved: str, before: str, **fields: Any) -> httpx.Response:
    page = await house.get(at)
    follower = row_of(page, before) if before else ""
    return await house.post(f"{at}/{row_of(page, moved)}/place", before=follower, **fields)


async def test_page_shows_the_order_with_its_reasons(house: Desk, at: str) -> None:
    page = await house.get(at)
    text = text_of(page)
    assert names(page) == ["Một", "Hai", "Bốn", "Ba"]
    assert "By Vietnam, provincial ceremony (province, commune) (vn-province/2)." in text
    assert "before Ông (Bà) Lê Thử Hai: key post (groups of QĐ 368-QĐ/TW): key leader before other post" in text
    assert "Hướng dẫn 112-HD/BTGTU" in text
    in_vietnamese = text_of(await house.get(at, language="vi"))
    assert "trước Ông (Bà) Lê Thử Ba: bên: khách trước chủ nhà" in in_vietnamese


async def test_a_dragged_row_asks_for_the_reason_and_changes_nothing_before(house: Desk, at: str) -> None:
    page = await house.get(at)
    asked = await house.post(f"{at}/arrange", moved=row_of(page, "Ba"), before=row_of(page, "Hai"))
    assert "Directly before Ông (Bà) Lê Thử Hai." in text_of(asked)
    assert (asked.headers["hx-reswap"], names(await house.get(at))) == ("none", ["Một", "Hai", "Bốn", "Ba"])
    without = await place(house, at, "Ba", "Hai", reason=" ")
    assert (without.status_code, "Say why: it is shown with the place." in text_of(without)) == (422, True)
    done = await place(house, at, "Ba", "Hai", reason="Chủ nhà tiếp khách")
    assert (done.status_code, done.headers["hx-trigger"]) == (200, "km:guests")
    after = await house.get(at)
    assert names(after) == ["Một", "Ba", "Hai", "Bốn"]
    assert "By hand Chủ nhà tiếp khách" in text_of(after)
    assert names(await house.get(f"{at}?which=by_hand", part=True)) == ["Ba"]


async def test_a_place_by_hand_is_taken_back_and_given_again(house: Desk, at: str) -> None:
    first = await place(house, at, "Ba", "Hai", reason="một")
    second = await place(house, at, "Ba", "Một", reason="hai")
    assert names(await house.get(at))[0] == "Ba"
    address, fields = undo_of(second)
    await house.post(address, **fields)
    page = await house.get(at)
    assert (names(page), "By hand một" in text_of(page)) == (["Một", "Ba", "Hai", "Bốn"], True)
    address, fields = undo_of(first)
    back = await house.post(address, **fields)
    assert names(await house.get(at)) == ["Một", "Hai", "Bốn", "Ba"]
    address, fields = undo_of(back)
    await house.post(address, **fields)
    assert names(await house.get(at)) == ["Một", "Ba", "Hai", "Bốn"]


async def test_a_neighbour_is_chosen_in_the_dialog(house: Desk, at: str) -> None:
    page = await house.get(at)
    row, follower = row_of(page, "Ba"), row_of(page, "Một")
    opened = await house.get(f"{at}/{row}/place", part=True)
    assert "Empty: at the end of the list." in text_of(opened)
    chosen: dict[str, Any] = {"asked": "true", "reason": "vì", "before.text": "ai đó", "before.kind": "guest"}
    unknown = await house.post(f"{at}/{row}/place", **(chosen | {"before.guest": ""}))
    assert (unknown.status_code, "Choose somebody of the list." in text_of(unknown)) == (422, True)
    await house.post(f"{at}/{row}/place", **(chosen | {"before.guest": follower}))
    assert names(await house.get(at)) == ["Ba", "Một", "Hai", "Bốn"]


async def test_an_unknown_title_is_settled_in_place(house: Desk, at: str) -> None:
    text = text_of(await house.get(at))
    assert "Needs ranking The profile does not know these titles" in text
    assert "Resembles head of department · government · province" in text
    title = "Giám đốc Nhà hát Chèo tỉnh"
    nothing = await house.post(f"{at}/titles", title=title)
    assert (nothing.status_code, "Choose the level and the class first." in text_of(nothing)) == (422, True)
    done = await house.post(f"{at}/titles", title=title, near="province/government/department_head")
    assert "“Giám đốc Nhà hát Chèo tỉnh” has its place in the whole office." in text_of(done)
    assert "Needs ranking The profile" not in text_of(await house.get(at))
    address, fields = undo_of(done)
    await house.post(address, **fields)
    page = await house.get(at)
    assert "Needs ranking The profile" in text_of(page)
    one: dict[str, Any] = {"level": "province", "cls": "government/division_head", "guest": row_of(page, "Bốn")}
    alone = await house.post(f"{at}/titles", title=title, **one)
    assert "Needs ranking The profile" not in text_of(await house.get(at))
    address, fields = undo_of(alone)
    await house.post(address, **fields)
    assert "Needs ranking The profile" in text_of(await house.get(at))


async def test_what_follows_from_the_order_is_shown(house: Desk, at: str) -> None:
    text = text_of(await house.get(f"{at}?view=courtesies"))
    assert "Kính thưa Ông (Bà) Lê Thử Một, Bí thư Tỉnh ủy Kính thưa Ông (Bà) Lê Thử Ba, Chủ tịch UBND tỉnh" in text
    assert "Arrivals Ông (Bà) Lê Thử Ba Ông (Bà) Lê Thử Hai Ông (Bà) Lê Thử Một" in text
    assert "Whoever needs ranking has no turn here: 1." in text


async def test_next_places_come_behind_and_a_drop_at_their_end_knows_who_follows(house: Desk) -> None:
    await house.plan("full-ceremony")
    at = "/ceremonies/hoa-mai-2024/guests/order"
    page = await house.get(at)
    more = html.unescape(re.findall(r'hx-get="([^"]+after=[^"]+)"', page.text)[0])
    chunk = await house.get(more, part=True)
    rows = re.findall(r'<tr id="place-([^"]+)"', chunk.text)
    assert (len(names(page)), len(rows)) == (100, 20)
    assert re.findall(r'data-sort-next="([^"]*)"', page.text + chunk.text) == [rows[0], ""]


async def test_who_only_looks_moves_nobody(house: Desk, at: str) -> None:
    viewer = await house.colleague(Grant(role="viewer"))
    page = await house.get(at, viewer)
    assert (page.status_code, "data-sort=" in page.text, "Settle" in text_of(page)) == (200, False, False)
    row = row_of(page, "Ba")
    refused = await house.post(f"{at}/{row}/place", viewer, before="", reason="x")
    assert refused.status_code == 403

"""The running order in the browser: its table, its dialogs, what two people do at once, and the ceremony itself."""

import html
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import time
from typing import Any
from unicodedata import normalize

import pytest

from schemas import scheduling
from schemas.envelope import Grant, new_id
from schemas.scheduling import AddItems, CeremonyFields, FindCeremony, GetPart, ItemFields, PutItem, SchedulingPart
from services.kit.context import work_for
from tests.people import Person
from tests.service.gateway.desk import Desk, desk, text_of, undo_of

pytestmark = pytest.mark.anyio
FIELDS = ("start", "minutes", "responsible", "mc_text", "cues", "props", "note")


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk(tmp_path_factory.mktemp("order")) as found:
        await found.plan("full-ceremony")
        yield found


@dataclass
class Table(Desk):
    """A ceremony of a test's own."""

    code: str = ""


@pytest.fixture
async def at(house: Desk) -> Table:
    """With three items."""
    table = Table(house.house, house.client, house.owner, f"le-{new_id()[-12:]}")
    await table.ceremony(table.code, "Lễ ra mắt")
    for title in ("Chào cờ", "Khai mạc", "Bế mạc"):
        await table.post(f"{where(table)}/items", title=title, minutes="10")
    return table


def where(at: Table) -> str:
    return f"/ceremonies/{at.code}/order"


async def part(at: Table) -> SchedulingPart:
    work_for(await at.owner.caller(at.house.bus))
    found = await at.house.bus.ask(scheduling.find_ceremony, FindCeremony(which=at.code))
    return await at.house.bus.ask(scheduling.get_part, GetPart(ceremony_id=found.id))


async def titles(at: Table) -> list[tuple[int | None, str]]:
    return [(item.position, item.title) for item in (await part(at)).items]


async def row(at: Table, title: str = "Khai mạc") -> str:
    """The address of an item."""
    return next(f"{where(at)}/items/{item.id}" for item in (await part(at)).items if item.title == title)


async def saved(at: Table, title: str = "Khai mạc") -> dict[str, Any]:
    item = next(item for item in (await part(at)).items if item.title == title)
    return item.model_dump(include=set(FIELDS), exclude_none=True)


async def test_page_shows_the_items_with_people_and_totals(house: Desk) -> None:
    text = text_of(await house.get("/ceremonies/hoa-mai-2024/order"))
    assert "Items 25 Minutes 240 Start 08:00 End 11:00" in text
    assert "Chào cờ, hát Quốc ca" in text
    assert "Master of ceremonies: Bà Phạm Hoài Thương; Ông Trịnh Gia Bách" in text
    script = text_of(await house.get("/ceremonies/hoa-mai-2024/order?view=script"))
    assert ("Kính mời quý vị đại biểu ký tên lưu niệm" in script, "Master of ceremonies:" in script) == (True, False)


async def test_long_order_comes_in_two_pieces_that_make_it_whole(at: Table) -> None:
    ceremony = (await part(at)).ceremony
    new = tuple(ItemFields(key=f"x{number}", title=f"Tiết mục {number}") for number in range(70))
    work_for(await at.owner.caller(at.house.bus))
    command = AddItems(ceremony_id=ceremony.id, expected_version=ceremony.version, items=new)
    await at.house.bus.ask(scheduling.add_items, command)
    shown = re.compile(r'data-field="title" class="strong"[^>]*>([^<]+)<')
    first = (await at.get(where(at))).text
    (rest,) = re.findall(r'id="order-rest"[^>]* hx-get="([^"]+)" hx-trigger="load"', first)
    found = [shown.findall(first), shown.findall((await at.get(html.unescape(rest), part=True)).text)]
    assert [len(each) for each in found] == [60, 13]
    assert found[0] + found[1] == [title for _, title in await titles(at)]
    assert shown.findall((await at.get(where(at), part=True)).text) == found[0] + found[1]


async def test_filter_finds_beginnings_of_words_without_accents(house: Desk) -> None:
    answer = await house.get("/ceremonies/hoa-mai-2024/order?q=co+chao+hat", part=True)
    assert re.findall(r'data-field="title" class="strong"[^>]*>([^<]+)<', answer.text) == ["Chào cờ, hát Quốc ca"]
    assert "Items 1 / 25" in text_of(answer)
    assert "data-sort" not in answer.text.replace("data-sort-key", "")  # what is hidden cannot be moved past
    assert "Nothing fits" in text_of(await house.get("/ceremonies/hoa-mai-2024/order?q=xyzzy", part=True))


async def test_item_is_added_where_the_form_says(at: Table) -> None:
    first = (await part(at)).items[0]
    answer = await at.post(f"{where(at)}/items", title="Văn nghệ", start="8h05", minutes="1h30", after=first.id)
    assert (answer.status_code, answer.headers["hx-trigger"]) == (200, "km:scheduling")
    assert await titles(at) == [(1, "Chào cờ"), (2, "Văn nghệ"), (3, "Khai mạc"), (4, "Bế mạc")]
    assert await saved(at, "Văn nghệ") == {"start": time(8, 5), "minutes": 90}
    await at.post(undo_of(answer)[0])
    assert [title for _, title in await titles(at)] == ["Chào cờ", "Khai mạc", "Bế mạc"]


async def test_form_sent_twice_adds_one_item(at: Table) -> None:
    for _ in range(2):
        answer = await at.post(
            f"{where(at)}/items", title="Văn nghệ", request_id="0190a1b2-0000-7000-8000-000000000009"
        )
        assert answer.status_code == 200
    assert [title for _, title in await titles(at)].count("Văn nghệ") == 1


async def test_form_that_cannot_be_used_comes_back_as_it_was_typed(at: Table) -> None:
    answer = await at.post(f"{where(at)}/items", title="", start="25:00", mc_text="Kính thưa")
    text = text_of(answer)
    assert answer.status_code == 422
    assert "“25:00” is not a time of day. Write hour and minute, for example 08:30 or 8h30." in text
    assert "Kính thưa" in answer.text
    assert len(await titles(at)) == 3
    answer = await at.post(await row(at), title="", roles="", base='{"title": "Khai mạc", "roles": []}')
    assert (answer.status_code, "Give a text." in text_of(answer)) == (422, True)


async def test_cell_is_saved_and_taken_back(at: Table) -> None:
    cell = await row(at)
    answer = await at.post(cell, field="minutes", value="45", base="10", request_id="a" * 12)
    assert (answer.status_code, (await saved(at))["minutes"]) == (200, 45)
    assert re.search(r'<tr id="item-[^"]+"', answer.text)
    address, fields = undo_of(answer)
    await at.post(address, **fields)
    assert (await saved(at))["minutes"] == 10


async def test_cell_that_cannot_be_read_says_so(at: Table) -> None:
    answer = await at.post(await row(at), field="start", value="morgens", base="")
    assert answer.status_code == 422
    assert "Start: “morgens” is not a time of day." in text_of(answer)


async def test_dialog_keeps_people_in_their_roles(at: Table) -> None:
    cell = await row(at)
    roles: dict[str, Any] = {
        "roles.a.role": "mc",
        "roles.a.text": "Ông A",
        "roles.a.kind": "off_list",
        "roles.a.guest": "",
    }
    roles |= {"roles.b.role": "chair", "roles.b.text": "Bà B", "roles.b.kind": "off_list", "roles.b.guest": "g7"}
    roles |= {"roles.c.role": "chair", "roles.c.text": "Đại biểu", "roles.c.kind": "text"}
    await at.post(cell, title="Khai mạc", roles="", base='{"roles": [], "title": "Khai mạc"}', **roles)
    item = next(item for item in (await part(at)).items if item.title == "Khai mạc")
    assert [(one.role, one.kind, one.guest, one.text) for one in item.roles] == [
        ("mc", "off_list", None, "Ông A"),
        ("chair", "guest", "g7", "Bà B"),
        ("chair", "text", None, "Đại biểu"),
    ]


async def collide(at: Table) -> tuple[str, Any]:
    """Somebody changes minutes and note; we began before, and change minutes and MC text."""
    cell = await row(at)
    await at.post(cell, field="minutes", value="20", base="10")
    await at.post(cell, field="note", value="Của người khác", base="")
    base = json.dumps({"title": "Khai mạc", "minutes": 10, "note": None, "mc_text": None})
    mine: dict[str, Any] = {"title": "Khai mạc", "minutes": "30", "note": "", "mc_text": "Kính thưa"}
    return cell, await at.post(cell, base=base, **mine)


def carried(answer: Any) -> dict[str, Any]:
    """What the dialog of a collision posts besides the choice."""
    fields = re.findall(r'name="(values|base|clash)" value="([^"]*)"', answer.text)
    return {name: html.unescape(value) for name, value in fields}


async def test_other_fields_go_together_without_a_question(at: Table) -> None:
    cell = await row(at)
    await at.post(cell, field="note", value="Của người khác", base="")
    answer = await at.post(cell, base='{"minutes": 10, "note": null}', minutes="30", note="")
    assert (answer.status_code, await saved(at)) == (200, {"minutes": 30, "note": "Của người khác"})


async def test_collision_shows_both_versions_and_saves_what_is_chosen(at: Table) -> None:
    cell, answer = await collide(at)
    text = text_of(answer)
    assert (answer.status_code, await saved(at)) == (409, {"minutes": 20, "note": "Của người khác"})
    assert "Minutes Yours 30 Saved by the other 20" in text
    done = await at.post(cell, **carried(answer), **dict[str, Any]({"keep.minutes": "mine"}))
    assert done.status_code == 200
    assert await saved(at) == {"minutes": 30, "note": "Của người khác", "mc_text": "Kính thưa"}


async def test_collision_is_settled_for_the_other_at_once(at: Table) -> None:
    cell, answer = await collide(at)
    await at.post(cell, **carried(answer), keep="theirs")
    assert await saved(at) == {"minutes": 20, "note": "Của người khác", "mc_text": "Kính thưa"}


async def test_accents_composed_otherwise_are_no_collision(at: Table) -> None:
    cell = await row(at)
    await at.post(cell, field="note", value="Việt Nam", base="")
    answer = await at.post(cell, field="note", value=normalize("NFD", "Việt Nam"), base="x")
    assert (answer.status_code, (await saved(at))["note"]) == (200, "Việt Nam")


async def test_item_removed_comes_back_where_it_was(at: Table) -> None:
    cell = await row(at)
    answer = await at.post(f"{cell}/remove")
    assert [title for _, title in await titles(at)] == ["Chào cờ", "Bế mạc"]
    again = await at.post(f"{cell}/remove")
    assert (again.status_code, "It was removed already." in text_of(again)) == (200, True)
    address, fields = undo_of(answer)
    await at.post(address, **fields)
    assert await titles(at) == [(1, "Chào cờ"), (2, "Khai mạc"), (3, "Bế mạc")]


async def test_change_of_an_item_that_is_gone_is_refused(at: Table) -> None:
    cell = await row(at)
    await at.post(f"{cell}/remove")
    answer = await at.post(cell, field="note", value="x", base="")
    assert answer.status_code == 404


async def test_item_is_moved_by_hand_and_back(at: Table) -> None:
    first, second, third = (item.id for item in (await part(at)).items)
    answer = await at.post(f"{where(at)}/items/arrange", moved=third, before=first)
    assert answer.text.lstrip().startswith("<tbody")
    assert await titles(at) == [(1, "Bế mạc"), (2, "Chào cờ"), (3, "Khai mạc")]
    address, fields = undo_of(answer)
    await at.post(address, **fields)
    assert await titles(at) == [(1, "Chào cờ"), (2, "Khai mạc"), (3, "Bế mạc")]
    await at.post(f"{where(at)}/items/arrange", moved=first, before="")
    assert await titles(at) == [(1, "Khai mạc"), (2, "Bế mạc"), (3, "Chào cờ")]
    gone = await at.post(f"{where(at)}/items/arrange", moved="nobody", before="")
    assert (gone.status_code, second in gone.text) == (404, False)


async def test_new_number_is_a_new_place(at: Table) -> None:
    answer = await at.post(await row(at, "Bế mạc"), field="position", value="1", base="3")
    assert answer.headers["hx-trigger"] == "km:scheduling"
    assert await titles(at) == [(1, "Bế mạc"), (2, "Chào cờ"), (3, "Khai mạc")]


async def test_ceremony_is_moved_after_a_look_at_what_would_change(at: Table) -> None:
    path = where(at).removesuffix("/order")
    await at.post(
        f"{path}/edit", base='{"on": null, "start": null, "end": null}', on="2024-07-01", start="08:00", end="09:30"
    )
    await at.post(await row(at), field="start", value="8:30", base="")
    preview = await at.post(f"{path}/move/preview", way="minutes", minutes="-15", to_date="2024-07-02")
    assert ("08:00 07:45" in text_of(preview), "08:30 08:15" in text_of(preview)) == (True, True)
    trouble = await at.post(f"{path}/move/preview", way="minutes", minutes="-900")
    assert "would pass midnight" in text_of(trouble)
    answer = await at.post(f"{path}/move", way="to", minutes="5", to_date="2024-07-02", to_start="9h")
    moved = (await part(at)).ceremony
    assert (str(moved.on), moved.start, moved.end, (await saved(at))["start"]) == (
        "2024-07-02",
        time(9),
        time(10, 30),
        time(9, 30),
    )
    address, fields = undo_of(answer)
    await at.post(address, **fields)
    back = (await part(at)).ceremony
    assert (str(back.on), back.start, (await saved(at))["start"]) == ("2024-07-01", time(8), time(8, 30))


async def test_ceremony_is_edited_field_by_field(at: Table) -> None:
    path = where(at).removesuffix("/order")
    page = await at.get(f"{path}/edit")
    values = json.loads(html.unescape(re.findall(r'<input hidden name="base" value="([^"]*)"', page.text)[0]))
    assert values["title"] == "Lễ ra mắt"
    fields: dict[str, Any] = {"title": "Lễ ra mắt", "venue.name": "Quảng trường", "sample": ["", "true"]}
    fields |= {"start": "8h00", "host": ""}
    answer = await at.post(f"{path}/edit", base=json.dumps(values), **fields)
    assert (answer.status_code, answer.headers["hx-redirect"]) == (200, path)
    saved_now = (await part(at)).ceremony
    assert (saved_now.venue.name, saved_now.sample, saved_now.start, saved_now.host) == (
        "Quảng trường",
        True,
        time(8),
        None,
    )
    address, back = undo_of(answer)
    await at.post(address, **back)
    now = CeremonyFields.model_validate(
        (await part(at)).ceremony.model_dump(include=set(CeremonyFields.model_fields))
    )
    assert now == CeremonyFields(title="Lễ ra mắt")


async def test_ceremony_with_a_wrong_field_comes_back_with_the_reason(at: Table) -> None:
    path = where(at).removesuffix("/order")
    answer = await at.post(f"{path}/edit", base="{}", title="Lễ ra mắt", start="8:99")
    assert (answer.status_code, "“8:99” is not a time of day." in text_of(answer)) == (422, True)


@pytest.fixture
async def viewer(house: Desk) -> Person:
    return await house.colleague(Grant(role="viewer"))


async def test_viewer_reads_and_changes_nothing(at: Table, viewer: Person) -> None:
    page = await at.get(where(at), viewer)
    assert (page.status_code, "data-grid" in page.text, "Add an item" in page.text) == (200, False, False)
    answer = await at.post(await row(at), viewer, field="minutes", value="1", base="10")
    assert (answer.status_code, (await saved(at))["minutes"]) == (403, 10)


async def test_others_are_told_who_was_quicker(at: Table) -> None:
    planner = await at.colleague(Grant(role="planner"))
    cell = await row(at)
    await at.post(cell, planner, field="minutes", value="20", base="10")
    answer = await at.post(cell, field="minutes", value="30", base="10")
    assert re.search(r"<p>[^<]+ saved another value before you did\.", answer.text)


async def test_edit_over_a_version_that_moved_on_is_repeated(at: Table) -> None:
    """Another item changed between our load and our save."""
    found = await part(at)
    other = ItemFields.model_validate(found.items[0].model_dump(exclude={"id"}))
    command = PutItem(
        ceremony_id=found.ceremony.id,
        expected_version=found.ceremony.version,
        item=other.model_copy(update={"note": "x"}),
    )
    await at.house.bus.ask(scheduling.put_item, command)
    answer = await at.post(await row(at), field="minutes", value="30", base="10", version=found.ceremony.version)
    assert (answer.status_code, (await saved(at))["minutes"]) == (200, 30)

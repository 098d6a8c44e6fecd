"""Answers on the page of the guests: states and filters, the dialogs of an answer, of counts and of a stand-in, and
what is done to chosen rows together.
"""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from schemas import answers, guests
from schemas.answers import GetAnswer, HeadCountFields, KeepCount
from schemas.envelope import Grant
from schemas.guests import Guest, ListGuests
from services.kit.context import work_for
from tests.service.gateway.desk import Desk, desk, text_of, undo_of

pytestmark = pytest.mark.anyio


class Answers:
    """The guests of the full example, as their page knows them."""

    def __init__(self, house: Desk, code: str) -> None:
        self.house, self.at, self.ceremony_id = house, f"/ceremonies/{code}/guests", ""

    async def first(self, count: int, **wanted: object) -> list[Guest]:
        work_for(await self.house.owner.caller(self.house.house.bus))
        question = ListGuests.model_validate({"ceremony_id": self.ceremony_id, "limit": count, **wanted})
        return list((await self.house.house.bus.ask(guests.list_guests, question)).guests)

    async def post(self, path: str, fields: dict[str, Any]) -> httpx.Response:
        return await self.house.post(f"{self.at}/{path}", **fields)

    async def answer(self, guest_id: str) -> answers.Answer:
        work_for(await self.house.owner.caller(self.house.house.bus))
        question = GetAnswer(ceremony_id=self.ceremony_id, guest_id=guest_id)
        return await self.house.house.bus.ask(answers.get_answer, question)


@pytest.fixture(scope="module")
async def page(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Answers]:
    async with desk(tmp_path_factory.mktemp("answers")) as house:
        code = await house.plan("full-ceremony")
        made = Answers(house, code)
        found = await house.client.get(f"/api/v1/ceremonies/{code}", headers=house.owner.headers)
        made.ceremony_id = found.json()["id"]
        yield made


async def test_an_answer_with_its_arrangements_is_saved_shown_and_filtered_by(page: Answers) -> None:
    one = (await page.first(1))[0]
    base: dict[str, Any] = {
        "plus_ones": [],
        "needs": [],
        **dict.fromkeys(("arrival.at", "arrival.vehicle", "contact.name")),
    }
    said: dict[str, Any] = {
        "base": json.dumps(base),
        "state": "accepted",
        "through": "phone",
        "note": "Thư ký báo",
        "plus_ones": "",
    }
    said |= {"plus_ones.1.name": "Trần Thị Mẫu", "plus_ones.1.note": "", "needs": "", "needs.1.kind": "wheelchair"}
    said |= {"arrival.at": "2024-07-08T07:15", "arrival.vehicle": "65A-123.45", "contact.name": ""}
    saved = await page.post(f"{one.id}/answer", said)
    assert (saved.status_code, f"{one.address}: accepted." in text_of(saved)) == (200, True)
    dialog = await page.house.get(f"{page.at}/{one.id}/answer", part=True)
    assert [f'value="{value}"' in dialog.text for value in ("Trần Thị Mẫu", "2024-07-08T07:15", "65A-123.45")] == [
        True
    ] * 3
    assert "Thư ký báo" in dialog.text
    listed = await page.house.get(f"{page.at}?state=accepted", part=True)
    assert "Guests 1 / 120" in text_of(listed)
    where, fields = undo_of(saved)
    assert (await page.house.post(where, **fields)).status_code == 200
    assert (await page.answer(one.id)).state == "to_invite"


async def test_what_two_typed_into_one_field_of_an_answer_is_asked_about(page: Answers) -> None:
    one = (await page.first(2))[1]
    nothing = json.dumps(dict.fromkeys(("contact.name", "arrival.at")))
    first, second, third = (
        {"state": "to_invite", "base": nothing, field: value}
        for field, value in (
            ("contact.name", "Lê Văn Một"),
            ("contact.name", "Lê Văn Hai"),
            ("arrival.at", "lúc sáng"),
        )
    )
    await page.post(f"{one.id}/answer", first)
    late = await page.post(f"{one.id}/answer", second)
    assert (late.status_code, "Lê Văn Một" in late.text) == (409, True)
    wrong = await page.post(f"{one.id}/answer", third)
    assert wrong.status_code == 422


async def test_chosen_rows_are_answered_changed_removed_and_set_back(page: Answers) -> None:
    ids = [one.id for one in (await page.first(4))[2:]]
    done = await page.house.post(f"{page.at}/several/answer", guest=ids, new_state="invited", through="mail")
    assert "2 guests: invited." in text_of(done)
    refused = await page.house.post(f"{page.at}/several/answer", guest=ids, new_state="stand_in_refused")
    assert "2 guests stay as they are." in text_of(refused)
    same = await page.house.post(f"{page.at}/several/same", guest=ids, new_side="host", delegation="Đoàn Một")
    where, fields = undo_of(same)
    assert {one.delegation for one in await page.first(9, guest_ids=ids)} == {"Đoàn Một"}
    await page.house.post(where, **fields)
    assert "Đoàn Một" not in {one.delegation for one in await page.first(9, guest_ids=ids)}
    gone = await page.house.post(f"{page.at}/several/remove", guest=ids)
    where, fields = undo_of(gone)
    assert await page.first(9, guest_ids=ids) == []
    assert "Taken back for 2 guests." in text_of(await page.house.post(where, **fields))
    assert [one.state for one in await page.first(9, guest_ids=ids)] == ["invited"] * 2
    nobody = await page.house.post(f"{page.at}/several/remove")
    assert (nobody.status_code, "Nobody is chosen." in text_of(nobody)) == (422, True)


async def test_all_that_fit_the_filter_are_meant_without_being_ticked(page: Answers) -> None:
    done = await page.house.post(f"{page.at}/several/answer", all="true", side="host", new_state="invited")
    hosts = await page.first(1000, side="host")
    assert (f"{len(hosts)} guests: invited." in text_of(done), {one.state for one in hosts}) == (True, {"invited"})


async def test_stand_in_is_previewed_confirmed_and_taken_back(page: Answers) -> None:
    one = (await page.first(6))[5]
    at = f"{one.id}/stand-in"
    assert "What it does" not in text_of(await page.post(f"{at}/preview", {"who.text": " "}))
    who = {"who.text": "Phạm Văn Thay", "post": "Phó Giám đốc Sở Nội vụ", "email": "thay@example.org"}
    told = text_of(await page.post(f"{at}/preview", who))
    assert [part in told for part in ("What it does", one.address, "Phạm Văn Thay", "Is to be seated.")] == [True] * 4
    done = await page.post(at, who)
    assert f"Phạm Văn Thay comes for {one.address}." in text_of(done)
    answer = await page.answer(one.id)
    assert answer.state == "stand_in_agreed"
    back = text_of(await page.house.get(f"{page.at}/{at}", part=True))
    assert "Take it back" in back
    where, fields = undo_of(done)
    assert "Nobody comes for" in text_of(await page.house.post(where, **fields))
    assert (await page.answer(one.id)).represented_by is None


async def test_history_says_who_was_set_to_what(page: Answers) -> None:
    one = (await page.first(10))[9]
    await page.house.post(f"{page.at}/several/answer", guest=[one.id], new_state="declined")
    told = text_of(await page.house.get(page.at.removesuffix("guests") + "history"))
    name = one.person.name if one.person else ""
    assert [words in told for words in (f"{name}: declined", f"{name}: Answer to invite declined")] == [True, True]


async def test_counts_of_a_group_stand_side_by_side_and_one_is_chosen(page: Answers) -> None:
    group = next(one for one in await page.first(1000) if one.group and one.group.head_count)
    at = f"{page.at}/{group.id}/counts"
    kept = await page.house.post(at, count="1.234", kind="actual", as_of="", source="Báo cáo")
    assert (kept.status_code, "1,234" in text_of(kept)) == (200, True)
    assert (await page.house.post(at, count="nhiều", kind="actual")).status_code == 422
    work_for(await page.house.owner.caller(page.house.house.bus))
    fields = HeadCountFields(count=900, kind="planned")
    command = KeepCount(ceremony_id=page.ceremony_id, guest_id=group.id, count=fields)
    await page.house.house.bus.ask(answers.keep_count, command)
    planned = next(one for one in (await page.answer(group.id)).counts if one.count == 900)
    await page.house.post(f"{at}/choose?count_id={planned.id}")
    assert [one.count for one in (await page.answer(group.id)).counts if one.prints] == [900]
    await page.house.post(f"{at}/drop?count_id={planned.id}")
    assert [one.count for one in (await page.answer(group.id)).counts if one.prints] == [1234]


async def test_door_sees_states_and_sets_who_is_there_but_no_needs(page: Answers) -> None:
    door = await page.house.colleague(Grant(role="check_in"))
    one = (await page.first(8))[7]
    shown = (await page.house.get(page.at, door)).text
    assert (f"{one.id}/check-in" in shown, f"{one.id}/answer" in shown, 'name="guest"' in shown) == (
        True,
        False,
        False,
    )
    assert (await page.house.post(f"{page.at}/{one.id}/check-in", door)).status_code == 200
    assert (await page.answer(one.id)).state == "attended"
    assert (await page.house.get(f"{page.at}/{one.id}/answer", door, part=True)).status_code == 403

"""Decisions and award lines in the browser; nobody without a role for awards comes near them."""

import html
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from schemas import awards, scheduling
from schemas.awards import AwardsPart, GetAwards
from schemas.envelope import Grant, new_id
from schemas.scheduling import FindCeremony
from services.kit.context import work_for
from tests.service.gateway.desk import Desk, desk, text_of, undo_of

pytestmark = pytest.mark.anyio
FULL = "/ceremonies/hoa-mai-2024/awards"


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk(tmp_path_factory.mktemp("awards")) as found:
        await found.plan("full-ceremony")
        yield found


@pytest.fixture
async def at(house: Desk) -> str:
    """The address of an empty list."""
    code = f"le-{new_id()[-12:]}"
    await house.ceremony(code, "Lễ ra mắt")
    return f"/ceremonies/{code}/awards"


async def part(house: Desk, at: str) -> AwardsPart:
    work_for(await house.owner.caller(house.house.bus))
    found = await house.house.bus.ask(scheduling.find_ceremony, FindCeremony(which=at.split("/")[2]))
    return await house.house.bus.ask(awards.get_part, GetAwards(ceremony_id=found.id))


def recipients(page: Any) -> list[str]:
    return [html.unescape(one) for one in re.findall(r'data-field="recipient" data-value="([^"]*)"', page.text)]


async def line(house: Desk, at: str, recipient: str = "Đội 1", **fields: Any) -> str:
    """The address of a new line."""
    await house.post(f"{at}/lines", recipient=recipient, kind="gift", **fields)
    return next(f"{at}/lines/{one.id}" for one in (await part(house, at)).lines if one.recipient == recipient)


async def decision(house: Desk, at: str, number: str = "1/QĐ-UBND") -> tuple[str, str]:
    """The address of a new decision, and its key."""
    await house.post(f"{at}/decisions", number=number, on="1/7/2024")
    one = next(one for one in (await part(house, at)).decisions if one.number == number)
    return f"{at}/decisions/{one.id}", one.key


async def test_page_shows_decisions_and_lines_under_their_kinds(house: Desk) -> None:
    page = await house.get(FULL)
    text = text_of(page)
    assert "Award lines 40 Decisions 4" in text
    assert "HC-01/QĐ-BTTCĐ" in text
    assert text.index("Commendation of a ministry or central body") < text.index(
        "Tổ bảo vệ an ninh, trật tự khu phố 1"
    )
    assert len(recipients(page)) == 40


async def test_filter_finds_lines_and_kinds(house: Desk) -> None:
    found = await house.get(f"{FULL}?q=khu+pho+1+phuong+hoa+sua", part=True)
    assert recipients(found) == ["Tổ bảo vệ an ninh, trật tự khu phố 1, phường Hoa Sữa"]
    gifts = await house.get(f"{FULL}?kind=gift", part=True)
    assert 0 < len(recipients(gifts)) < 40
    assert "Nothing fits" in text_of(await house.get(f"{FULL}?q=xyzzy", part=True))


async def test_line_is_added_with_its_presenter_and_taken_back(house: Desk, at: str) -> None:
    _, key = await decision(house, at)
    fields: dict[str, Any] = {"presenter.text": "Ông A", "presenter.kind": "guest", "presenter.guest": ""}
    fields |= {"kind": "giay_khen", "decision": key, "stage_order": "2", "achievement": "Một\r\nHai"}
    answer = await house.post(f"{at}/lines", recipient="Tổ 1", recipient_kind="collective", **fields)
    assert (answer.status_code, answer.headers["hx-trigger"]) == (200, "km:awards")
    made = (await part(house, at)).lines[0]
    assert made.presenter is not None
    assert (made.decision, made.stage_order, made.achievement, made.presenter.kind) == (
        key,
        2,
        "Một\nHai",
        "off_list",
    )
    await house.post(undo_of(answer)[0])
    assert (await part(house, at)).lines == ()


async def test_line_without_a_kind_comes_back_with_the_reason(house: Desk, at: str) -> None:
    answer = await house.post(f"{at}/lines", recipient="Tổ 1", kind="")
    assert (answer.status_code, 'value="Tổ 1"' in answer.text, "Give a text." in text_of(answer)) == (422, True, True)


async def test_cell_is_saved_and_taken_back(house: Desk, at: str) -> None:
    row = await line(house, at)
    answer = await house.post(row, field="note", value="Gấp", base="")
    assert (answer.status_code, (await part(house, at)).lines[0].note) == (200, "Gấp")
    address, fields = undo_of(answer)
    await house.post(address, **fields)
    assert (await part(house, at)).lines[0].note is None


async def test_collision_of_two_at_one_line(house: Desk, at: str) -> None:
    row = await line(house, at)
    await house.post(row, field="note", value="Một", base="")
    answer = await house.post(row, field="note", value="Hai", base="")
    assert (answer.status_code, "Note Yours Hai Saved by the other Một" in text_of(answer)) == (409, True)


async def test_line_removed_comes_back(house: Desk, at: str) -> None:
    row = await line(house, at)
    before = (await part(house, at)).lines[0]
    answer = await house.post(f"{row}/remove")
    assert (await part(house, at)).lines == ()
    assert "It was removed already." in text_of(await house.post(f"{row}/remove"))
    address, fields = undo_of(answer)
    await house.post(address, **fields)
    assert (await part(house, at)).lines[0].model_dump(exclude={"id"}) == before.model_dump(exclude={"id"})


async def test_decision_is_edited_and_removed_only_while_nobody_rests_on_it(house: Desk, at: str) -> None:
    row, key = await decision(house, at)
    await house.post(row, field="on", value="2024-07-02", base="2024-07-01")
    await house.post(f"{at}/lines", recipient="Tổ 1", kind="giay_khen", decision=key)
    kept = await house.post(f"{row}/remove")
    assert (kept.status_code, "1 award lines rest on this decision" in text_of(kept)) == (409, True)
    await house.post(f"{at}/lines/{(await part(house, at)).lines[0].id}/remove")
    answer = await house.post(f"{row}/remove")
    assert (await part(house, at)).decisions == ()
    address, fields = undo_of(answer)
    await house.post(address, **fields)
    back = (await part(house, at)).decisions[0]
    assert (back.key, back.number, str(back.on)) == (key, "1/QĐ-UBND", "2024-07-02")


@pytest.mark.parametrize("role", ["guest_desk", "viewer", "stage_crew", "mailer", "check_in", "printer"])
async def test_nobody_without_a_role_for_awards_gets_there(house: Desk, role: str) -> None:
    who = await house.colleague(Grant(role=role))
    secret = (await part(house, FULL)).lines[0]
    for path in (FULL, f"{FULL}/lines/new", f"{FULL}/lines/{secret.id}"):
        page = await house.get(path, who)
        assert (page.status_code, secret.recipient in page.text) == (403, False)


async def test_auditor_reads_and_changes_nothing(house: Desk) -> None:
    who = await house.colleague(Grant(role="auditor"))
    page = await house.get(FULL, who)
    assert (page.status_code, "data-grid" in page.text, "Add an award" in page.text) == (200, False, False)
    assert (await house.post(f"{FULL}/lines", who, recipient="Tổ 1", kind="gift")).status_code == 403

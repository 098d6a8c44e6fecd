"""Home: the first steps, the ceremonies by nearness, what needs somebody, what others changed."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from schemas import guests, scheduling
from schemas.envelope import Grant
from schemas.guests import AddGuest, GuestFields, PersonFields
from schemas.scheduling import CeremonyFields, ChangeCeremony, FindCeremony
from services.gateway.console.countdown import countdown
from services.gateway.console.home.creating import suggested
from services.gateway.console.home.examples import examples
from services.gateway.console.wording import wording
from services.kit.context import work_for
from tests.people import Person
from tests.service.gateway.desk import Desk, desk, text_of

pytestmark = pytest.mark.anyio
TODAY = datetime.now(UTC).astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date()


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncIterator[Desk]:
    """A house in which nothing is planned yet."""
    async with desk(tmp_path) as found:
        yield found


@pytest.fixture(scope="module")
async def at(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """Ceremonies before and after today, made in another order than that of their days."""
    async with desk(tmp_path_factory.mktemp("home")) as found:
        for code, days in (("sau", 40), ("qua", -3), ("ke", 9), ("chua", None)):
            which = await found.ceremony(code, f"Lễ {code}")
            await held_on(found, which, days)
        yield found


async def held_on(at: Desk, which: str, days: int | None) -> None:
    bus = at.house.bus
    found = await bus.ask(scheduling.find_ceremony, FindCeremony(which=which))
    on = None if days is None else TODAY + timedelta(days=days)
    fields = CeremonyFields(title=found.title, on=on, host="UBND phường Một")
    await bus.ask(
        scheduling.change_ceremony,
        ChangeCeremony(ceremony_id=which, expected_version=found.version, ceremony=fields),
    )


async def id_of(at: Desk, code: str) -> str:
    work_for(await at.owner.caller(at.house.bus))
    return (await at.house.bus.ask(scheduling.find_ceremony, FindCeremony(which=code))).id


def titles(page: Any) -> list[str]:
    return re.findall(r">(Lễ \w+)</a>", page.text)


# The first steps.


async def test_first_start_offers_three_ways_in(empty: Desk) -> None:
    page = await empty.get("/")
    assert re.findall(r'href="(/new|/import|/examples)"', page.text) == ["/new", "/import", "/examples"]


async def test_stranger_is_sent_to_sign_in(empty: Desk) -> None:
    answer = await empty.client.get("/", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/")


async def test_person_without_a_role_is_told_so(empty: Desk) -> None:
    nobody = await empty.colleague()
    page = await empty.get("/", nobody)
    assert "Nothing is open to you yet" in page.text
    assert 'href="/new"' not in page.text


async def test_viewer_is_offered_nothing_to_create(empty: Desk) -> None:
    page = await empty.get("/", await empty.colleague(Grant(role="viewer")))
    assert ("No ceremony yet" in page.text, 'href="/new"' in page.text) == (True, False)


async def test_examples_are_imported_as_chosen(empty: Desk) -> None:
    page = await empty.get("/examples")
    names = re.findall(r'name="names" value="([^"]+)"', page.text)
    assert names == list(examples())
    assert names[0] == "full-ceremony"
    done = await empty.post("/examples", names=["2024-07-01/can-tho", "2024-07-01/ca-mau"])
    assert (done.status_code, done.headers["hx-redirect"]) == (200, "/")
    home = text_of(await empty.get("/"))
    assert ("ANTT" in home, "Hoa Mai" in home) == (True, False)
    nothing = await empty.post("/examples")
    assert (nothing.status_code, "Choose at least one" in nothing.text) == (422, True)


# A new ceremony.


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Lễ ra mắt", "le-ra-mat"),
        ("Lễ đón Huân chương Độc lập hạng Nhất của tỉnh Đồng Tháp", "le-don-huan-chuong-doc-lap-hang-nhat-cua"),
        ("LỄ  KHAI MẠC: “Đêm hội”", "le-khai-mac-dem-hoi"),
        ("", ""),
    ],
)
def test_code_is_suggested_from_the_title(title: str, code: str) -> None:
    assert suggested(title) == code


async def test_ceremony_is_created_from_its_title_alone(empty: Desk) -> None:
    done = await empty.post("/new", title="Lễ ra mắt", request_id="0190a1b2-0001")
    assert (done.status_code, done.headers["hx-redirect"]) == (200, "/ceremonies/le-ra-mat")
    again = await empty.post("/new", title="Lễ ra mắt", request_id="0190a1b2-0001")
    assert again.headers["hx-redirect"] == "/ceremonies/le-ra-mat"
    other = await empty.post("/new", title="Lễ ra mắt")
    assert other.headers["hx-redirect"] == "/ceremonies/le-ra-mat-2"
    assert (await id_of(empty, "le-ra-mat")) != (await id_of(empty, "le-ra-mat-2"))


async def test_ceremony_is_created_as_it_was_filled_in(empty: Desk) -> None:
    await empty.post("/new", title="Lễ", on="2030-05-01", profile="plain", level="", code="le-ngan")
    work_for(await empty.owner.caller(empty.house.bus))
    found = await empty.house.bus.ask(scheduling.find_ceremony, FindCeremony(which="le-ngan"))
    assert (found.on, found.profile, found.level) == (date(2030, 5, 1), "plain", None)


async def test_form_keeps_what_was_typed_and_says_what_is_wrong(empty: Desk) -> None:
    await empty.ceremony("co-roi", "Có rồi")
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"title": "Lễ hai", "code": "co-roi"}, "There is a ceremony with the code co-roi already."),
        ({"title": "Lễ hai", "code": "Có dấu"}, "f-code-error"),
        ({"title": "Lễ hai", "on": "32/13"}, "f-on-error"),
        ({"title": " "}, "f-title-error"),
    )
    for fields, words in cases:
        wrong = await empty.post("/new", **fields)
        assert (wrong.status_code in {409, 422}, words in wrong.text) == (True, True)
        assert fields["title"].strip() in wrong.text


async def test_code_and_levels_follow_what_is_typed(empty: Desk) -> None:
    page = await empty.get("/new?title=L%E1%BB%85%20m%E1%BB%9Bi&code=cua-toi", part=True)
    assert ('placeholder="le-moi"' in page.text, 'value="cua-toi"' in page.text) == (True, True)
    assert 'name="level"' in page.text
    assert 'name="level"' not in (await empty.get("/new?profile=plain", part=True)).text


# The ceremonies.


async def test_ceremonies_stand_by_nearness(at: Desk) -> None:
    page = await at.get("/")
    assert titles(page) == ["Lễ ke", "Lễ sau", "Lễ chua", "Lễ qua"]
    text = text_of(page)
    assert ("in 9 days" in text, "in 40 days" in text, "no day yet" in text) == (True, True, True)


async def test_person_sees_the_ceremonies_of_his_roles_alone(at: Desk) -> None:
    viewer = await at.colleague(Grant(role="viewer", ceremony_id=await id_of(at, "sau")))
    assert titles(await at.get("/", viewer)) == ["Lễ sau"]


@pytest.mark.parametrize(
    ("days", "english", "vietnamese"),
    [
        (9, "in 9 days", "còn 9 ngày"),
        (1, "tomorrow", "ngày mai"),
        (0, "today", "hôm nay"),
        (-1, "yesterday", "hôm qua"),
        (-2, "2 days ago", "đã qua 2 ngày"),
        (None, "no day yet", "chưa có ngày"),
    ],
)
def test_countdown_is_said_as_people_say_it(days: int | None, english: str, vietnamese: str) -> None:
    assert (countdown(days, wording("en")), countdown(days, wording("vi"))) == (english, vietnamese)


# What needs somebody.


async def add_guest(at: Desk, which: str, name: str) -> None:
    person = PersonFields(name=name)
    await at.house.bus.ask(guests.add_guest, AddGuest(ceremony_id=which, guest=GuestFields(person=person)))


def needs(page: Any) -> list[str]:
    return re.findall(r'<li class="need \w+">.*?<a href="([^"]+)">', page.text)


async def test_needs_are_those_of_the_near_ceremonies_and_of_who_may_do_them(at: Desk) -> None:
    work_for(await at.owner.caller(at.house.bus))
    await add_guest(at, await id_of(at, "ke"), "Trần Văn Khách")
    page = await at.get("/home/needs", part=True)
    assert needs(page) == [
        "/ceremonies/ke",
        "/ceremonies/ke#open",
        "/ceremonies/ke/guests?which=unranked",
        "/ceremonies/ke/guests?which=unreachable",
    ]
    desk_only = await at.colleague(Grant(role="guest_desk"))
    assert needs(await at.get("/home/needs", desk_only, part=True)) == [
        "/ceremonies/ke/guests?which=unranked",
        "/ceremonies/ke/guests?which=unreachable",
    ]
    viewer = await at.colleague(Grant(role="viewer"))
    assert needs(await at.get("/home/needs", viewer, part=True)) == []


# What others changed.


@pytest.fixture(scope="module")
async def planner(at: Desk) -> Person:
    return await at.colleague(Grant(role="planner"))


async def test_changes_of_others_are_told_and_not_my_own(at: Desk, planner: Person) -> None:
    theirs = text_of(await at.get("/home/changes", planner, part=True))
    assert ("Ceremony created" in theirs, "Lê Thị Chủ" in theirs, "Lễ qua" in theirs) == (True, True, True)
    own = text_of(await at.get("/home/changes", part=True))
    assert "Lê Thị Chủ" not in own


async def test_changes_of_one_ceremony_are_for_who_has_a_role_there(at: Desk) -> None:
    one = await at.colleague(Grant(role="auditor", ceremony_id=await id_of(at, "qua")))
    text = text_of(await at.get("/home/changes", one, part=True))
    assert ("Lễ qua" in text, "Lễ sau" in text) == (True, False)

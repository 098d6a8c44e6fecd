"""The page of a ceremony: its state, what is open, and the step to a release."""

import html
import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schemas import guests, scheduling
from schemas.envelope import Grant
from schemas.guests import AddGuest, GuestFields, PersonFields
from schemas.scheduling import CeremonyFields, ChangeCeremony, FindCeremony
from services.kit.context import work_for
from tests.people import Person
from tests.service.gateway.desk import Desk, desk, text_of

pytestmark = pytest.mark.anyio
CODE = "hoa-mai-2024"
HASH = re.compile(r"\b[0-9a-f]{64}\b")


@pytest.fixture(scope="module")
async def at(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """The full example, and a ceremony of which nothing is known."""
    async with desk(tmp_path_factory.mktemp("ceremony")) as found:
        await found.plan("full-ceremony")
        await found.ceremony("trong", "Lễ trống")
        yield found


@pytest.fixture(scope="module")
async def viewer(at: Desk) -> Person:
    return await at.colleague(Grant(role="viewer"))


def points(page: Any) -> list[tuple[str, str]]:
    """What is open, with where it leads."""
    listed = re.search(r'<ul class="points">(.*?)</ul>', page.text, re.DOTALL)
    found = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', listed[1]) if listed else []
    return [(address, html.unescape(words)) for address, words in found]


async def test_page_shows_facts_and_the_state_of_every_part(at: Desk) -> None:
    text = text_of(await at.get(f"/ceremonies/{CODE}"))
    for words in (
        "Running order 25 items",
        "Guests 120 on the list",
        "Awards 40 lines",
        "Invitations 0 none before the first release",
        "Monday, 8 July 2024 · 08:00 – 11:00 · Quảng trường Mai Vàng",
        "Host UBND tỉnh Hoa Mai",
        "Kind Launch ceremony",
        "Part of —",
        "days ago",
    ):
        assert words in text


async def test_page_speaks_vietnamese(at: Desk) -> None:
    text = text_of(await at.get(f"/ceremonies/{CODE}", language="vi"))
    for words in ("Thứ Hai, ngày 8 tháng 7 năm 2024", "Loại Lễ ra mắt", "Cấp tỉnh", "Còn bỏ ngỏ"):
        assert words in text


async def test_viewer_sees_no_awards_no_invitations_and_no_commands(at: Desk, viewer: Person) -> None:
    page = await at.get(f"/ceremonies/{CODE}", viewer)
    text = text_of(page)
    assert [one in text for one in ("Guests 120", "Awards 40", "Invitations 0")] == [True, False, False]
    assert re.findall(r'hx-get="[^"]*/(edit|move|release)"', page.text) == []


async def test_what_is_open_leads_to_where_it_is_entered(at: Desk) -> None:
    assert points(await at.get("/ceremonies/trong")) == [
        ("/ceremonies/trong/edit", "The host of the ceremony is not known yet."),
        ("/ceremonies/trong/edit", "The venue of the ceremony is not known yet."),
        ("/ceremonies/trong/edit", "The administrative unit of the venue is not known yet."),
        ("/ceremonies/trong/edit", "The day of the ceremony is not known yet."),
        ("/ceremonies/trong/edit", "The start of the ceremony is not known yet."),
        ("/ceremonies/trong/edit", "The end of the ceremony is not known yet."),
        ("/ceremonies/trong/edit", "The number of the invitation is not known yet."),
        ("/ceremonies/trong/edit", "Who signs the invitation is not known yet."),
        ("/ceremonies/trong/order", "The running order is empty."),
        ("/ceremonies/trong/guests", "The guest list is empty."),
    ]
    assert points(await at.get(f"/ceremonies/{CODE}")) == [
        (
            f"/ceremonies/{CODE}/guests?which=unreachable",
            "Guests without an e-mail address, who get no invitation by mail: 20",
        )
    ]


async def test_page_of_nothing_is_not_found(at: Desk) -> None:
    assert (await at.get("/ceremonies/nirgends")).status_code == 404


# How the draft differs from the release.


async def test_differences_to_the_release_are_those_that_one_may_see(fresh: Desk) -> None:
    await fresh.post("/ceremonies/le/release", version=1)
    assert "the draft is as it was released" in text_of(await fresh.get("/ceremonies/le/differences", part=True))
    found, bus = await version_of(fresh, "le"), fresh.house.bus
    fields = CeremonyFields(title="Lễ mẫu", on=date(2024, 7, 1))
    command = ChangeCeremony(ceremony_id=found.id, expected_version=found.version, ceremony=fields)
    await bus.ask(scheduling.change_ceremony, command)
    person = PersonFields(name="Trần Văn Khách")
    await bus.ask(guests.add_guest, AddGuest(ceremony_id=found.id, guest=GuestFields(person=person)))
    owners = text_of(await fresh.get("/ceremonies/le/differences", part=True))
    assert "Ceremony and running order Day — 01/07/2024" in owners
    assert "Guests New Trần Văn Khách" in owners
    printer = await fresh.colleague(Grant(role="printer"))
    printers = text_of(await fresh.get("/ceremonies/le/differences", printer, part=True))
    assert ("01/07/2024" in printers, "Trần Văn Khách" in printers) == (True, False)


# Releasing.


@pytest.fixture
async def fresh(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(tmp_path) as found:
        await found.ceremony("le", "Lễ mẫu")
        yield found


async def version_of(at: Desk, code: str) -> scheduling.Ceremony:
    work_for(await at.owner.caller(at.house.bus))
    return await at.house.bus.ask(scheduling.find_ceremony, FindCeremony(which=code))


async def test_release_is_asked_about_and_then_made_with_its_head_to_note(fresh: Desk) -> None:
    asked = await fresh.get("/ceremonies/le/release", part=True)
    assert ("Release 1" in text_of(asked), 'name="version" value="1"' in asked.text) == (True, True)
    done = await fresh.post("/ceremonies/le/release", version=1, note="Bản đầu\r\n")
    assert (done.status_code, "Release 1 is made." in text_of(done)) == (200, True)
    heads = set(HASH.findall(done.text))
    listed = (await fresh.get("/ceremonies/le/releases")).text
    assert len(heads) == 1
    assert heads <= set(HASH.findall(listed))
    assert "Bản đầu</p>" in listed


async def test_release_of_what_changed_meanwhile_is_shown_again(fresh: Desk) -> None:
    found = await version_of(fresh, "le")
    fields = CeremonyFields(title="Lễ đã đổi")
    command = ChangeCeremony(ceremony_id=found.id, expected_version=found.version, ceremony=fields)
    await fresh.house.bus.ask(scheduling.change_ceremony, command)
    again = await fresh.post("/ceremonies/le/release", version=found.version, note="Vì sao")
    assert (again.status_code, 'name="version" value="2"' in again.text) == (409, True)
    assert ("Somebody changed the plan" in again.text, "Vì sao" in again.text) == (True, True)
    assert (await version_of(fresh, "le")).release == 0


async def test_release_sent_twice_is_made_once(fresh: Desk) -> None:
    for _ in range(2):
        done = await fresh.post("/ceremonies/le/release", version=1, request_id="0190a1b2-0001")
        assert "Release 1 is made." in text_of(done)
    assert (await version_of(fresh, "le")).release == 1


async def test_release_is_a_page_of_its_own_for_a_link(fresh: Desk) -> None:
    page = await fresh.get("/ceremonies/le/release")
    assert ("<h1>Release 1</h1>" in page.text, '<nav class="side"' in page.text) == (True, True)


async def test_viewer_releases_nothing(at: Desk, viewer: Person) -> None:
    assert (await at.get(f"/ceremonies/{CODE}/release", viewer)).status_code == 403
    assert (await at.post(f"/ceremonies/{CODE}/release", viewer, version=1)).status_code == 403

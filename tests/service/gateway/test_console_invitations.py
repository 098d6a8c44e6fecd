"""Invitations as their page shows them: before a release and after; filtered, previewed, subscribed to."""

import asyncio
import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, time
from typing import Any

import httpx
import pytest

from schemas import dispatch, guests, scheduling
from schemas.dispatch import SummariseInvitations
from schemas.envelope import Grant
from schemas.guests import AddGuest, GroupFields, GuestFields, PersonFields, RemoveGuest
from schemas.scheduling import CeremonyFields, ChangeCeremony, CreateCeremony, FindCeremony, ReleaseCeremony, Venue
from services.kit.context import work_for
from tests.service.gateway.desk import Desk, desk, text_of

pytestmark = pytest.mark.anyio
FIELDS = CeremonyFields(
    title="Lễ ra mắt <tổ>",
    on=date(2027, 7, 1),
    start=time(8, 0),
    end=time(10, 30),
    host="UBND phường Hoa Sữa",
    venue=Venue(name="Hội trường lớn"),
    organizer_email="van-phong@example.org",
)


@dataclass
class Ceremony:
    """What its organizers do, and what its page then shows."""

    at: Desk
    id: str
    code: str

    @property
    def path(self) -> str:
        return f"/ceremonies/{self.code}/invitations"

    async def ask(self, ask: Any, question: Any) -> Any:
        work_for(await self.at.owner.caller(self.at.house.bus))
        return await self.at.house.bus.ask(ask, question, 60)

    async def add(self, name: str, email: str | None = None) -> str:
        guest = GuestFields(person=PersonFields(name=name, honorific="Bà", email=email))
        return str((await self.ask(guests.add_guest, AddGuest(ceremony_id=self.id, guest=guest))).id)

    async def release(self) -> None:
        """Returns when its invitations are written."""
        now = await self.ask(scheduling.find_ceremony, FindCeremony(which=self.id))
        command = ReleaseCeremony(ceremony_id=self.id, expected_version=now.version)
        done = await self.ask(scheduling.release_ceremony, command)
        for _ in range(600):
            if (await self.ask(dispatch.summary, SummariseInvitations(ceremony_id=self.id))).release == done.release:
                return
            await asyncio.sleep(0.05)
        raise AssertionError("the invitations were not written in half a minute")

    async def part(self, query: str = "") -> httpx.Response:
        return await self.at.get(self.path + query, part=True)


def rows(answer: httpx.Response) -> list[str]:
    """What each row of the table says, the guest by the name alone."""
    found = re.findall(r'<tr id="invitation-.*?</tr>', answer.text, re.DOTALL)
    said = [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in found]
    return [row.removeprefix("Bà ") for row in said]


@pytest.fixture(scope="module")
async def at(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk(tmp_path_factory.mktemp("invitations")) as found:
        yield found


@pytest.fixture
async def ceremony(at: Desk, request: pytest.FixtureRequest) -> Ceremony:
    code = re.sub("[^a-z0-9]+", "-", request.node.name.lower())[:60].strip("-")
    work_for(await at.owner.caller(at.house.bus))
    made = await at.house.bus.ask(scheduling.create_ceremony, CreateCeremony(code=code, ceremony=FIELDS))
    return Ceremony(at, made.id, code)


@pytest.fixture
async def released(ceremony: Ceremony) -> Ceremony:
    """With three guests: one to be mailed to, one without an address, one with a bad one."""
    await ceremony.add("Trần Thị Ánh", "anh@example.org")
    await ceremony.add("Lê Văn Bình")
    await ceremony.add("Phạm Thị Chi", "không phải thư")
    await ceremony.release()
    return ceremony


async def test_before_the_first_release_the_page_says_what_will_happen(ceremony: Ceremony) -> None:
    page = await ceremony.at.get(ceremony.path)
    assert "The first release writes an invitation for every guest" in text_of(page)
    assert (f"/ceremonies/{ceremony.code}/releases" in page.text, "invitations.zip" in page.text) == (True, False)


async def test_each_guest_stands_with_what_was_written_to_him(released: Ceremony) -> None:
    page = await released.at.get(released.path)
    found = {row.split(" New ")[0]: row.split(" New ")[1] for row in rows(page)}
    assert sorted(found) == ["Lê Văn Bình", "Phạm Thị Chi", "Trần Thị Ánh"]
    assert found["Trần Thị Ánh"].startswith("settled an invitation by mail 1 ")
    assert found["Lê Văn Bình"].startswith("settled a file to hand over 1 ")
    assert ("không phải thư" in found["Phạm Thị Chi"], "To the guest" in found["Phạm Thị Chi"]) == (True, True)
    assert {"STATUS:CONFIRMED", "METHOD:REQUEST", "SEQUENCE:0"} <= set(re.findall(r'title="([A-Z]+:\w+)"', page.text))
    assert "Invited: 3 by mail: 1 by a file to hand over: 2 with a problem: 1" in text_of(page)


async def test_next_release_says_what_it_did_to_each(released: Ceremony) -> None:
    now = await released.ask(scheduling.find_ceremony, FindCeremony(which=released.id))
    moved = FIELDS.model_copy(update={"start": time(9, 0)})
    change = ChangeCeremony(ceremony_id=released.id, expected_version=now.version, ceremony=moved)
    await released.ask(scheduling.change_ceremony, change)
    guest = (await released.ask(guests.list_guests, guests.ListGuests(ceremony_id=released.id, filter="anh"))).guests[
        0
    ]
    gone = RemoveGuest(ceremony_id=released.id, guest_id=guest.id, expected_version=guest.version)
    await released.ask(guests.remove_guest, gone)
    await released.add("Đỗ Văn Đức", "duc@example.org")
    assert "Đỗ Văn Đức none yet: added since the last release" in rows(await released.part("?q=duc"))
    await released.release()
    told = {which: rows(await released.part(f"?which={which}")) for which in ("created", "rescheduled", "cancelled")}
    assert [row.split(" New")[0] for row in told["created"]] == ["Đỗ Văn Đức"]
    assert sorted(row.split(" Day, time")[0] for row in told["rescheduled"]) == ["Lê Văn Bình", "Phạm Thị Chi"]
    assert [" 2 " in row for row in told["rescheduled"]] == [True, True]
    (row,) = told["cancelled"]
    assert ("no longer on the list" in row, "a cancellation by mail" in row) == (True, True)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?q=anh", ["Trần Thị Ánh"]),
        ("?q=le+BINH", ["Lê Văn Bình"]),
        ("?which=no_address", ["Lê Văn Bình", "Phạm Thị Chi"]),
        ("?which=problems", ["Phạm Thị Chi"]),
        ("?which=problems&q=tran", []),
        ("?which=no_address&q=chi", ["Phạm Thị Chi"]),
        ("?which=unchanged", []),
    ],
)
async def test_list_is_filtered_by_name_and_kind(released: Ceremony, query: str, names: list[str]) -> None:
    part = await released.part(query)
    assert sorted(row.split(" New")[0] for row in rows(part)) == names
    assert "<html" not in part.text


async def test_list_goes_on_where_it_ended(released: Ceremony, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.gateway.console.invitations.page._PAGE", 2)
    for query in ("", "?which=created"):
        first = await released.part(query)
        more = html.unescape(re.findall(r'hx-get="([^"]+(?:after|beyond)=[^"]+)"', first.text)[0])
        rest = await released.at.get(more, part=True)
        assert (len(rows(first)), len(rows(rest)), "<table" in rest.text) == (2, 1, False)
        assert len({*rows(first), *rows(rest)}) == 3


async def test_preview_shows_what_a_calendar_will_and_the_file_itself(released: Ceremony) -> None:
    part = await released.part("?q=anh")
    (path,) = re.findall(rf'hx-get="({released.path}/[^"?]+)"', part.text)
    seen = await released.at.get(path, part=True)
    said = text_of(seen)
    assert "Lễ ra mắt <tổ>" in said
    assert ("08:00" in said, "10:30" in said, "Hội trường lớn" in said) == (True, True, True)
    assert "UBND phường Hoa Sữa <van-phong@example.org>" in said
    assert "Trần Thị Ánh <anh@example.org>" in said
    raw = html.unescape(re.findall(r'<pre class="raw"[^>]*>(.*?)</pre>', seen.text, re.DOTALL)[0])
    assert raw.split()[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert (max(map(len, raw.encode().split(b"\n"))) <= 76, "METHOD:REQUEST" in raw) == (True, True)
    download = re.findall(r'href="(/api/v1/[^"]+\.ics)"', seen.text)[0]
    assert (await released.at.get(download)).headers["content-type"] == "text/calendar; charset=utf-8"


async def test_preview_of_nobody_is_not_found(released: Ceremony) -> None:
    assert (
        await released.at.get(f"{released.path}/0190a1b2-0000-7000-8000-00000000dead", part=True)
    ).status_code == 404


async def test_day_without_a_time_is_shown_as_a_day(ceremony: Ceremony) -> None:
    now = await ceremony.ask(scheduling.find_ceremony, FindCeremony(which=ceremony.id))
    unset = FIELDS.model_copy(update={"start": None, "end": None})
    change = ChangeCeremony(ceremony_id=ceremony.id, expected_version=now.version, ceremony=unset)
    await ceremony.ask(scheduling.change_ceremony, change)
    guest = await ceremony.add("Trần Thị Ánh", "anh@example.org")
    await ceremony.release()
    said = text_of(await ceremony.at.get(f"{ceremony.path}/{guest}", part=True))
    assert ("Thursday, 1 July 2027" in said, "STATUS TENTATIVE" in said) == (True, True)


async def test_calendar_link_opens_with_a_picture_to_scan(released: Ceremony) -> None:
    seen = await released.at.get(f"/ceremonies/{released.code}/calendar", part=True)
    link = re.findall(r'data-copy="(http[^"]+\.ics)"', seen.text)[0]
    assert ("<svg" in seen.text, "style=" in seen.text) == (True, False)
    assert f'href="webcal://{link.partition("://")[2]}"' in seen.text
    assert (await released.at.client.get(link)).text.startswith("BEGIN:VCALENDAR")


async def test_auditor_sees_the_list_and_neither_files_nor_addresses(released: Ceremony) -> None:
    auditor = await released.at.colleague(Grant(role="auditor"))
    page = await released.at.get(released.path, auditor)
    assert (len(rows(page)), "invitations.zip" in page.text, f"{released.path}/" in page.text) == (3, False, False)
    assert ("example.org" in page.text, "không phải thư" in page.text) == (False, False)
    guest = re.findall(r'<tr id="invitation-([0-9a-f-]{36})"', page.text)[0]
    assert (await released.at.get(f"{released.path}/{guest}", auditor)).status_code == 403


async def test_group_is_invited_by_a_file(ceremony: Ceremony) -> None:
    group = GuestFields(group=GroupFields(label="Đoàn thanh niên", head_count=20))
    await ceremony.ask(guests.add_guest, AddGuest(ceremony_id=ceremony.id, guest=group))
    await ceremony.release()
    (row,) = rows(await ceremony.part())
    assert row.startswith("Đoàn thanh niên New settled a file to hand over")

"""A person's data, shown and erased over a real bus: nothing of it is left on the disk, but in released papers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date, time
from pathlib import Path
from typing import Any
from unicodedata import normalize
from unittest.mock import patch

import pytest
import sqlalchemy as sa

from schemas import answers, duplicates, guests, privacy, program, scheduling
from schemas.answers import Arrange, Arrangements, ContactPerson, GiveAnswers, Need
from schemas.awards import AwardsPlan, LineFields, Presenter
from schemas.envelope import Caller
from schemas.errors import Refusal
from schemas.guests import ChangeGuest, GuestFields, GuestsPlan, ListGuests, PersonFields, PlannedGuest, Post
from schemas.house import VerifyAudit, verify_audit
from schemas.privacy import ErasePerson, Erasure, HeldOf, HeldOfGuest, KeepFor, Keeping, ListErasures
from schemas.scheduling import CeremonyFields, ItemFields, Plan, Role, SchedulingPlan
from services.awards.service import Awards
from services.dispatch.service import Dispatch
from services.guests.service import Guests
from services.kit import traces
from services.kit.bus import Bus
from services.kit.context import caller, work_for
from services.kit.service import Service
from services.kit.settings import Settings
from services.kit.store import Store
from services.program.service import Program
from services.scheduling.service import Scheduling
from tests.conftest import NOW

pytestmark = pytest.mark.anyio

NAME, MAIL, PHONE, OLD_PHONE = "Hoàng Thị Uyển Quỳnh", "uyenquynh@vidu.example.org", "0912 000 777", "0913 111 888"
ASSISTANT, DIET, SAID = "Đỗ Trợ Lý Ảo", "kiêng hải sản có vỏ", "nhờ thư ký báo lại chiều thứ hai"
WORDS = (NAME, MAIL, PHONE, OLD_PHONE, ASSISTANT, DIET, SAID)

PERSON = PersonFields(
    name=NAME, honorific="Bà", email=MAIL, phone=OLD_PHONE, posts=(Post(title="Chủ tịch UBND TP Cần Thơ"),)
)
OTHER = PersonFields(
    name="Trần Thị Thử", email="thu@vidu.example.org", posts=(Post(title="Phó Chủ tịch UBND TP Cần Thơ"),)
)
PLAN = Plan(
    scheduling=SchedulingPlan(
        code="le-thu",
        ceremony=CeremonyFields(
            title="Lễ ra mắt thử nghiệm",
            on=date(2024, 7, 1),
            start=time(7, 30),
            organizer_email="moi@vidu.example.org",
        ),
        items=(
            ItemFields(
                key="speech",
                position=1,
                title="Diễn văn khai mạc",
                kind="speech",
                start=time(7, 45),
                roles=(Role(role="speaker", kind="guest", guest="q", text=f"Bà {NAME}"),),
                mc_text=f"Trân trọng kính mời bà {NAME.upper()} lên sân khấu.",
            ),
        ),
    ),
    guests=GuestsPlan(
        guests=(
            PlannedGuest(ref="q", side="host", person=PERSON),
            PlannedGuest(ref="thử", person=OTHER, note=f"Đi cùng bà {NAME}"),
        )
    ),
    awards=AwardsPlan(
        lines=(
            LineFields(
                key="gift",
                kind="gift",
                recipient="Lực lượng nòng cốt",
                presenter=Presenter(kind="guest", guest="q", text=f"Bà {NAME}"),
            ),
            LineFields(key="flag", kind="gift", recipient=f"bà {NAME}"),
        )
    ),
)


class House:
    """A ceremony in a running house."""

    def __init__(self, bus: Bus, services: dict[str, Service]) -> None:
        self.bus, self.services, self.id, self.guest = bus, services, "", ""

    async def fill(self) -> None:
        """A person of whom much is held, also formerly, and in a release."""
        done = await self.bus.ask(scheduling.import_plan, scheduling.ImportPlan(plan=PLAN), 30)
        assert [one for one in done.problems if one.severity == "error"] == []
        self.id = done.ceremony_id or ""
        one = (await self.listed())[NAME]
        self.guest = one.id
        fields = {name: getattr(one, name) for name in GuestFields.model_fields}
        said = GuestFields.model_validate({**fields, "person": PERSON.model_copy(update={"phone": PHONE})})
        change = ChangeGuest(ceremony_id=self.id, guest_id=one.id, expected_version=one.version, guest=said)
        await self.bus.ask(guests.change_guest, change)
        about: dict[str, Any] = {"ceremony_id": self.id, "guest_ids": (one.id,), "through": "phone"}
        await self.bus.ask(answers.give_answers, GiveAnswers(**about, state="accepted", note=SAID))
        arranged = Arrangements(needs=(Need(kind="diet", text=DIET),), contact=ContactPerson(name=ASSISTANT))
        now = await self.bus.ask(answers.get_answer, answers.GetAnswer(ceremony_id=self.id, guest_id=one.id))
        await self.bus.ask(
            answers.arrange,
            Arrange(ceremony_id=self.id, guest_id=one.id, expected_version=now.version, arrangements=arranged),
        )

    async def listed(self) -> dict[str, guests.Guest]:
        found = (await self.bus.ask(guests.list_guests, ListGuests(ceremony_id=self.id))).guests
        return {one.person.name: one for one in found if one.person}

    async def release(self) -> None:
        await self.bus.ask(scheduling.release_ceremony, scheduling.ReleaseCeremony(ceremony_id=self.id), 30)
        await self.in_step(1)
        await self.until(self._invited)

    async def _invited(self) -> bool:
        return (await self.held()).invited

    async def in_step(self, release: int | None = None) -> None:
        question = program.ListDocuments(ceremony_id=self.id, release=release, guests=True)

        async def complete() -> bool:
            return (await self.bus.ask(program.list_documents, question)).complete

        await self.until(complete)

    async def until(self, so: Callable[[], Any]) -> None:
        for _ in range(600):
            if await so():
                return
            await asyncio.sleep(0.05)
        raise AssertionError("it never came to that")

    async def held(self) -> HeldOfGuest:
        (one,) = (await self.bus.ask(privacy.held, HeldOf(ceremony_id=self.id, guest_id=self.guest), 30)).guests
        return one

    async def erase(self, **said: Any) -> None:
        command = ErasePerson(ceremony_id=self.id, guest_id=self.guest, **{"reason": "Người đó yêu cầu", **said})
        await self.bus.ask(privacy.erase_person, command, 30)

    async def erasure(self) -> Erasure:
        (one,) = (await self.bus.ask(privacy.list_erasures, ListErasures(ceremony_id=self.id))).erasures
        return one

    async def pending(self, *services: str) -> bool:
        return (await self.erasure()).pending == services

    async def papers_are(self, state: str) -> bool:
        wanted = program.ListDocuments(ceremony_id=self.id, release=1, guests=True)
        return {one.state for one in (await self.bus.ask(program.list_documents, wanted)).documents} == {state}

    async def nothing(self, folder: Path) -> bool:
        return left(self, folder) == {}

    async def no_mail(self, folder: Path) -> bool:
        return not {MAIL, PHONE, OLD_PHONE, ASSISTANT, DIET} & left(self, folder).keys()

    async def tick(self) -> None:
        served = self.services["guests"]
        assert isinstance(served, Guests)
        before = caller()
        await served.erase_what_is_due()
        work_for(before)

    async def all_done(self) -> None:
        async def done() -> bool:
            return not (await self.erasure()).pending

        await self.until(done)
        await self.in_step()


Start = Callable[..., AbstractAsyncContextManager[House]]
_WITHOUT_PAPERS = (Scheduling, Guests, Awards)


@pytest.fixture
def start(bus: Bus, new_store: Callable[[str], Store], settings: Settings) -> Start:
    @asynccontextmanager
    async def started(*kinds: type[Service]) -> AsyncIterator[House]:
        services = {kind.name: kind(new_store(kind.name), bus, settings) for kind in kinds}
        for one in services.values():
            await one.start()
        house = House(bus, services)
        await house.fill()
        yield house
        for one in house.services.values():
            await one.stop()

    return started


@pytest.fixture
async def house(start: Start) -> AsyncIterator[House]:
    async with start(*_WITHOUT_PAPERS, Program, Dispatch) as house:
        yield house


def written(word: str) -> Iterator[bytes]:
    """A word as it can stand in a file."""
    for form in ("NFC", "NFD"):
        for case in (str, str.upper, str.casefold):
            for code in ("utf-8", "utf-16-le", "utf-16-be"):
                yield normalize(form, case(word)).encode(code)
        yield normalize(form, word).encode("ascii", "backslashreplace")


def on_disk(folder: Path) -> dict[str, set[str]]:
    """Which of the words stand in which file of the data folder: databases, their logs, JetStream."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            there = path.read_bytes()
            for word in WORDS:
                if any(form in there for form in written(word)):
                    found.setdefault(word, set()).add(path.name)
    return found


def in_tables(stores: Iterator[Store]) -> dict[str, set[str]]:
    """Which of the words stand in which table, whatever the columns are."""
    found: dict[str, set[str]] = {}
    for store in stores:
        with store.read() as conn:
            known = sa.MetaData()
            known.reflect(conn)
            for table in known.sorted_tables:
                rows = "\n".join(map(as_text, conn.execute(sa.select(table))))
                for word in WORDS:
                    if any(form.decode("utf-8", "replace") in rows for form in written(word)):
                        found.setdefault(word, set()).add(f"{store.service}.{table.name}")
    return found


def as_text(row: sa.Row[Any]) -> str:
    return " ".join(one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in row)


def left(house: House, folder: Path) -> dict[str, set[str]]:
    """On SQLite the bytes of all files, on PostgreSQL all tables."""
    stores = [one.store for one in house.services.values()]
    return in_tables(iter(stores)) if stores[0].postgresql else on_disk(folder)


async def test_nothing_of_an_erased_person_is_left_on_the_disk(house: House, tmp_path: Path) -> None:
    assert set(left(house, tmp_path)) == set(WORDS)
    await house.erase()
    await house.all_done()
    assert left(house, tmp_path) == {}
    assert (await house.erasure()).done == ("awards", "dispatch", "guests", "program", "scheduling")


@pytest.mark.long
async def test_with_a_person_goes_who_was_merged_into_him(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = "Hoang Thi Uyen Quynh"
    monkeypatch.setattr("tests.service.test_erasing.WORDS", (*WORDS, again))
    twice = GuestFields(person=PersonFields(name=again, posts=PERSON.posts), note="Ghi hai lần")
    added = await house.bus.ask(
        guests.add_guest, guests.AddGuest(ceremony_id=house.id, expected_version=None, guest=twice)
    )
    one = (await house.listed())[NAME]
    about: dict[str, Any] = {"guest_id": one.id, "expected_version": one.version}
    about |= {"other_id": added.id, "other_version": added.version}
    await house.bus.ask(duplicates.merge_people, duplicates.MergePeople(ceremony_id=house.id, **about), 30)
    assert again in left(house, tmp_path)
    await house.erase()

    async def all_done() -> bool:
        found = (await house.bus.ask(privacy.list_erasures, ListErasures(ceremony_id=house.id))).erasures
        return [one.pending for one in found] == [(), ()]

    await house.until(all_done)
    await house.in_step()
    assert left(house, tmp_path) == {}


@pytest.mark.long
async def test_papers_of_a_release_stay_until_their_time_is_up_and_leave_a_hash(house: House, tmp_path: Path) -> None:
    await house.release()
    wanted = program.ListDocuments(ceremony_id=house.id, release=1)
    before = {one.kind: one.content for one in (await house.bus.ask(program.list_documents, wanted)).documents}
    await house.erase(invited_too=True)
    await house.all_done()
    kept = left(house, tmp_path)
    assert [*kept] == [NAME]
    assert {name.replace(".document", ".db") for name in kept[NAME]} == {"program.db"}
    (paper,) = {one for one in before.values() if one == before["programme"]}
    read = program.ReadContent(ceremony_id=house.id, content=str(paper))
    assert (await house.bus.ask(program.read_content, read)).size > 1000

    yesterday = Keeping(papers_until=date(2024, 6, 19))
    await house.bus.ask(privacy.keep_for, KeepFor(ceremony_id=house.id, expected_version=0, keeping=yesterday))
    await house.tick()
    await house.until(lambda: house.papers_are("erased"))
    after = {one.kind: one.content for one in (await house.bus.ask(program.list_documents, wanted)).documents}
    assert after == before
    with pytest.raises(Refusal) as refused:
        await house.bus.ask(program.read_content, read)
    assert (refused.value.code, refused.value.on_wire().status) == ("paper-erased", 410)
    await house.until(lambda: house.nothing(tmp_path))


async def test_an_erasure_that_forgets_a_table_is_found_out(house: House, tmp_path: Path) -> None:
    with patch.object(traces, "_clean_change", lambda *_: 0):
        await house.erase()
        await house.all_done()
    assert set(left(house, tmp_path)) >= {NAME, OLD_PHONE, DIET}


@pytest.mark.long
async def test_the_trail_still_tells_of_the_guest_and_holds(house: House) -> None:
    work_for(Caller(office="office", auth="system", actor="user-1"))
    await house.erase()
    await house.all_done()
    told = await house.held()
    assert (told.called, told.silent, told.invited) == (None, (), False)
    assert {one.stays for one in told.things} == {"audit"}
    assert [(one.place, one.data["actor"]) for one in told.things if "erased" in one.data["type"]] == [
        ("guests.outbox", "user-1")
    ]
    for name in house.services:
        checked = await house.bus.ask(verify_audit[name], VerifyAudit(), 30)
        assert checked.broken is None
    assert (await house.erasure()).by == "user-1"


@pytest.mark.long
async def test_what_is_held_is_told_by_every_service_before_it_is_erased(house: House) -> None:
    await house.release()
    told = await house.held()
    assert (told.called, told.invited, told.shared_words) == (NAME, True, False)
    erased = {one.place for one in told.things if one.stays is None}
    assert erased >= {
        "awards.line",
        "awards.snapshot",
        "dispatch.invitation",
        "dispatch.message",
        "guests.arrangement",
        "guests.changes",
        "guests.guest",
        "guests.need",
        "guests.post",
        "guests.snapshot",
        "program.document",
        "scheduling.item",
        "scheduling.release",
    }
    papers = {one.data["kind"] for one in told.things if one.stays == "release"}
    assert {"programme", "introductions", "guests", "invitation"} <= papers
    others = [one for one in told.things if "thu@vidu.example.org" in str(one.data)]
    assert others == []


@pytest.mark.long
async def test_who_still_holds_an_invitation_is_not_erased_unawares(house: House) -> None:
    await house.release()
    with pytest.raises(Refusal) as refused:
        await house.erase()
    assert refused.value.code == "still-invited"
    assert NAME in await house.listed()


@pytest.mark.long
async def test_what_others_share_is_left_alone(house: House) -> None:
    """A namesake keeps the texts that only write the name; nobody can tell whom they mean."""
    namesake = guests.AddGuest(
        ceremony_id=house.id, expected_version=None, guest=GuestFields(person=PersonFields(name=NAME))
    )
    await house.bus.ask(guests.add_guest, namesake)
    assert (await house.held()).shared_words
    await house.erase()
    await house.all_done()
    assert (await house.listed())["Trần Thị Thử"].note == f"Đi cùng bà {NAME}"
    part = await house.bus.ask(scheduling.get_part, scheduling.GetPart(ceremony_id=house.id))
    assert part.items[0].roles == ()


async def test_services_that_are_away_are_named_and_do_it_when_they_are_back(
    start: Start, new_store: Callable[[str], Store], bus: Bus, settings: Settings, tmp_path: Path
) -> None:
    async with start(*_WITHOUT_PAPERS) as house:
        assert (await house.held()).silent == ("program", "dispatch")
        with pytest.raises(Refusal) as refused:
            await house.erase()  # nobody can say whether an invitation would have to be cancelled
        assert refused.value.code == "unavailable"
        await house.erase(invited_too=True)
        await house.until(lambda: house.pending("program", "dispatch"))
        for kind in (Program, Dispatch):
            house.services[kind.name] = back = kind(new_store(kind.name), bus, settings)
            await back.start()
        await house.all_done()
        assert left(house, tmp_path) == {}


@pytest.mark.long
async def test_contact_data_go_when_their_time_is_up(house: House, tmp_path: Path) -> None:
    await house.release()
    question = privacy.GetRetention(ceremony_id=house.id)
    now = await house.bus.ask(privacy.get_retention, question)
    assert (now.contacts_due, now.papers_due, now.contacts, now.said) == (None, None, 2, False)
    said = KeepFor(ceremony_id=house.id, expected_version=0, keeping=Keeping(contacts_days=30))
    await house.bus.ask(privacy.keep_for, said)
    await house.tick()
    assert (await house.bus.ask(privacy.get_retention, question)).contacts_due == date(2024, 8, 1)
    assert MAIL in left(house, tmp_path)

    said = KeepFor(ceremony_id=house.id, expected_version=1, keeping=Keeping(contacts_until=date(2024, 6, 19)))
    await house.bus.ask(privacy.keep_for, said)
    await house.tick()
    now = await house.bus.ask(privacy.get_retention, question)
    assert (now.contacts, now.contacts_due, now.contacts_erased) == (0, date(2024, 6, 20), NOW)
    await house.until(lambda: house.no_mail(tmp_path))
    one = (await house.listed())[NAME]
    assert one.person
    assert (one.person.email, one.person.phone, one.person.posts) == (None, None, PERSON.posts)

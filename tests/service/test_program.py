"""Program among the services that it asks: drafts that follow, releases that stay, on both engines over the bus."""

import asyncio
import hashlib
import json
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from schemas import guests, program, scheduling
from schemas.awards import AwardsPlan, LineFields
from schemas.envelope import Caller, Grant
from schemas.errors import Refused
from schemas.guests import ChangeGuest, GuestFields, GuestsPlan, ListGuests, PersonFields, PlannedGuest
from schemas.program import Document, Documents, ListDocuments, ReadContent, ReadPicture
from schemas.rights import rights
from schemas.scheduling import (
    CeremonyChanged,
    CeremonyFields,
    ImportPlan,
    ItemFields,
    MoveCeremony,
    Plan,
    PutItem,
    ReleaseCeremony,
    Role,
    SchedulingPlan,
)
from services.awards.service import Awards
from services.guests.service import Guests
from services.kit import tables
from services.kit.bus import Bus
from services.kit.context import work_for
from services.kit.nats_server import NatsServer
from services.kit.service import Service
from services.kit.settings import Settings
from services.kit.store import Store
from services.program import service, store
from services.program.model import Rendered
from services.program.render import Press
from services.program.service import Program
from services.scheduling.service import Scheduling

NewStore = Callable[[str], Store]
MIGRATIONS = Path(service.__file__).parent / "migrations"
pytestmark = pytest.mark.anyio
on_both_engines = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
SHEETS = ["programme", "script", "introductions", "guests", "awards"]
SPEECH = ItemFields(
    key="speech",
    position=1,
    title="Diễn văn khai mạc",
    start=time(7, 45),
    minutes=10,
    mc_text="Kính mời ông Trần Văn Thử.",
    roles=(Role(role="speaker", kind="guest", guest="r1", text="Ông Trần Văn Thử"),),
)


def plan(names: tuple[str, ...] = ("Trần Văn Thử", "Lê Thị Mẫu"), **fields: object) -> Plan:
    given = {"title": "Lễ ra mắt thử nghiệm", "on": date(2024, 7, 1), "start": time(7, 30)} | fields
    people = [PlannedGuest(ref=f"r{n}", person=PersonFields(name=name)) for n, name in enumerate(names, 1)]
    own = SchedulingPlan(code="le-thu", ceremony=CeremonyFields.model_validate(given), items=(SPEECH,))
    gift = LineFields(key="g", kind="gift", recipient="Các gia đình chính sách", recipient_kind="group")
    return Plan(scheduling=own, guests=GuestsPlan(guests=tuple(people)), awards=AwardsPlan(lines=(gift,)))


class House:
    """The services, each with a connection of its own, and what an organizer does with them."""

    def __init__(self, bus: Bus, nats_server: NatsServer, new_store: NewStore, settings: Settings) -> None:
        self.bus, self.nats_server, self.new_store, self.settings = bus, nats_server, new_store, settings
        self.services: dict[str, Service] = {}

    async def enter(self, kind: type[Service]) -> None:
        bus = Bus(self.settings)
        await bus.connect(self.nats_server.url)
        self.services[kind.name] = one = kind(self.new_store(kind.name), bus, self.settings)
        await one.start()

    async def leave(self, name: str) -> None:
        one = self.services.pop(name)
        await one.bus.quiet()
        await one.stop()
        await one.bus.close()

    @property
    def program(self) -> Program:
        found = self.services["program"]
        assert isinstance(found, Program)
        return found

    async def imports(self, the_plan: Plan) -> str:
        outcome = await self.bus.ask(scheduling.import_plan, ImportPlan(plan=the_plan), 30)
        assert [problem for problem in outcome.problems if problem.severity == "error"] == []
        return outcome.ceremony_id or ""

    async def releases(self, ceremony_id: str) -> int:
        command = ReleaseCeremony(ceremony_id=ceremony_id)
        return (await self.bus.ask(scheduling.release_ceremony, command, 30)).release

    async def moves(self, ceremony_id: str, to_date: date) -> None:
        version = await self.version(ceremony_id)
        command = MoveCeremony(ceremony_id=ceremony_id, expected_version=version, to_date=to_date)
        await self.bus.ask(scheduling.move_ceremony, command)

    async def version(self, ceremony_id: str) -> int:
        found = await self.bus.ask(scheduling.find_ceremony, scheduling.FindCeremony(which=ceremony_id))
        return found.version

    async def documents(self, ceremony_id: str, release: int | None = None) -> Documents:
        question = ListDocuments(ceremony_id=ceremony_id, release=release, guests=True)
        return await self.bus.ask(program.list_documents, question, 30)

    async def in_step(self, ceremony_id: str, release: int | None = None) -> list[Document]:
        """The documents, once every event so far was heard and all of them are in step."""
        found = Documents(documents=(), complete=False)
        for _ in range(600):
            heard = all([await one.stream.waiting(one.name) == 0 for one in self.services.values() if one.reactions])
            unsent = sum([(await one.store.hop(one.store.outbox_lag))[0] for one in self.services.values()])
            found = await self.documents(ceremony_id, release)
            if heard and not unsent and found.complete:
                return list(found.documents)
            await asyncio.sleep(0.1)
        raise AssertionError(found)

    async def bytes(self, document: Document, limit: int = 524288) -> bytes:
        whole, size = b"", 1
        while len(whole) < size:
            question = ReadContent(
                ceremony_id=document.ceremony_id, content=document.content or "", offset=len(whole), limit=limit
            )
            piece = await self.bus.ask(program.read_content, question)
            whole, size = whole + b64decode(piece.base64), piece.size
        return whole

    async def told(self, kind: str) -> list[dict[str, object]]:
        """What program told with events of this type, in order."""

        def rows() -> list[dict[str, object]]:
            with self.program.store.read() as conn:
                found = conn.execute(tables.outbox.select().order_by(tables.outbox.c.seq))
                bodies = [json.loads(row.body) for row in found]
            return [body["data"] for body in bodies if body["type"] == kind]

        return await self.program.store.hop(rows)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLite, unless the test asks for other engines: what differs between them is in few of these tests."""
    url: str = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")
    return url


@pytest.fixture
async def house(bus: Bus, nats_server: NatsServer, new_store: NewStore, settings: Settings) -> AsyncIterator[House]:
    house = House(bus, nats_server, new_store, settings)
    for kind in (Scheduling, Guests, Awards, Program):
        await house.enter(kind)
    yield house
    for name in list(house.services):
        await house.leave(name)


def kinds(documents: list[Document]) -> list[str]:
    return [document.kind for document in documents]


def contents(documents: list[Document]) -> dict[tuple[str, str | None], str | None]:
    return {(document.kind, document.guest_id): document.content for document in documents}


async def test_draft_follows_an_import(house: House) -> None:
    ceremony_id = await house.imports(plan())

    draft = await house.in_step(ceremony_id)

    assert kinds(draft) == [*SHEETS, "invitation", "invitation", "invitations"]
    assert {document.state for document in draft} == {"ready"}
    assert {document.release for document in draft} == {None}
    assert [document.pages for document in draft] == [1, 1, 1, 1, 1, 1, 1, 2]
    assert draft[0].file_name == "le-thu-chuong-trinh-du-thao.pdf"


@on_both_engines
async def test_bytes_come_in_pieces_and_are_those_of_the_hash(house: House) -> None:
    ceremony_id = await house.imports(plan())
    draft = await house.in_step(ceremony_id)

    whole = await house.bytes(draft[0], limit=4096)

    assert hashlib.sha256(whole).hexdigest() == draft[0].content
    assert len(whole) == draft[0].size
    assert whole.startswith(b"%PDF-")


async def test_change_of_a_cue_moves_the_script_only(house: House) -> None:
    ceremony_id = await house.imports(plan())
    before = contents(await house.in_step(ceremony_id))

    item = SPEECH.model_copy(update={"cues": "Đèn sáng dần", "roles": ()})
    item = item.model_copy(update={"roles": (await _roles(house, ceremony_id))})
    command = PutItem(ceremony_id=ceremony_id, expected_version=await house.version(ceremony_id), item=item)
    await house.bus.ask(scheduling.put_item, command)
    after = contents(await house.in_step(ceremony_id))

    assert [key for key in after if after[key] != before[key]] == [("script", None)]
    told = await house.told("program.document.rendered.v1")
    assert [fact["kind"] for fact in told[-1:]] == ["script"]


async def _roles(house: House, ceremony_id: str) -> tuple[Role, ...]:
    part = await house.bus.ask(scheduling.get_part, scheduling.GetPart(ceremony_id=ceremony_id))
    return part.items[0].roles


async def test_change_of_a_guest_moves_what_prints_the_guest(house: House) -> None:
    ceremony_id = await house.imports(plan())
    before = contents(await house.in_step(ceremony_id))
    listed = await house.bus.ask(guests.list_guests, ListGuests(ceremony_id=ceremony_id))
    guest = next(one for one in listed.guests if one.person and one.person.name == "Lê Thị Mẫu")

    fields = GuestFields(person=PersonFields(name="Lê Thị Mẫu Đơn"))
    change = ChangeGuest(ceremony_id=ceremony_id, guest_id=guest.id, expected_version=guest.version, guest=fields)
    await house.bus.ask(guests.change_guest, change)
    after = contents(await house.in_step(ceremony_id))

    moved = {key for key in after if after[key] != before[key]}
    assert moved == {
        ("introductions", None),
        ("guests", None),
        ("invitation", guest.id),
        ("invitations", None),
    }


@on_both_engines
async def test_release_is_rendered_once_and_what_did_not_change_is_used_again(house: House) -> None:
    ceremony_id = await house.imports(plan())
    first = await house.releases(ceremony_id)
    released = await house.in_step(ceremony_id, first)
    await house.moves(ceremony_id, date(2024, 7, 2))

    second = await house.releases(ceremony_id)
    moved = await house.in_step(ceremony_id, second)
    third = await house.releases(ceremony_id)
    same = await house.in_step(ceremony_id, third)

    assert (first, second, third) == (1, 2, 3)
    assert contents(await house.in_step(ceremony_id, first)) == contents(released)
    unmoved = [key for key, content in contents(moved).items() if content == contents(released)[key]]
    assert unmoved == [("awards", None)]  # the only one that prints no day
    assert contents(same) == contents(moved)
    assert [document.reused for document in same] == [True] * 8
    assert await house.told("program.release.rendered.v1") == [
        {"release": 1, "rendered": 8, "reused": 0, "failed": 0},
        {"release": 2, "rendered": 7, "reused": 1, "failed": 0},
        {"release": 3, "rendered": 0, "reused": 8, "failed": 0},
    ]


async def test_single_invitations_are_told_of_together(house: House) -> None:
    ceremony_id = await house.imports(plan())
    await house.releases(ceremony_id)
    await house.in_step(ceremony_id, 1)

    told = await house.told("program.document.rendered.v1")
    released = [(fact["kind"], fact["pages"], fact["count"]) for fact in told if fact["release"] == 1]
    assert sorted(released) == [
        ("awards", 1, 1),
        ("guests", 1, 1),
        ("introductions", 1, 1),
        ("invitation", 2, 2),
        ("invitations", 2, 1),
        ("programme", 1, 1),
        ("script", 1, 1),
    ]


@on_both_engines
async def test_guest_who_left_leaves_no_invitation_in_the_draft(house: House) -> None:
    ceremony_id = await house.imports(plan())
    await house.in_step(ceremony_id)

    await house.imports(plan(names=("Trần Văn Thử",)))
    draft = await house.in_step(ceremony_id)

    assert kinds(draft) == [*SHEETS, "invitation", "invitations"]
    assert await _unused(house) == 0


async def _unused(house: House) -> int:
    def count() -> int:
        with house.program.store.change(Caller(office="office", auth="system")) as tx:
            return store.forget_unused(tx)

    return await house.program.store.hop(count)


async def test_work_that_was_cut_is_finished_at_the_next_start(house: House) -> None:
    ceremony_id = await house.imports(plan())
    await house.in_step(ceremony_id)
    house.program.press.set = _never  # type: ignore[assignment]  # as when the machine dies in the middle
    await house.releases(ceremony_id)
    await _until(lambda: _is_planned(house, ceremony_id))
    cut = await house.documents(ceremony_id, 1)
    await house.leave("program")

    await house.enter(Program)
    done = await house.in_step(ceremony_id, 1)

    assert (cut.complete, {document.state for document in cut.documents}) == (False, {"rendering"})
    assert {document.state for document in done} == {"ready"}
    assert len(done) == 8


async def _never(*_args: object) -> None:
    await asyncio.sleep(3600)


async def _until(so: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(600):
        if await so():
            return
        await asyncio.sleep(0.05)
    raise AssertionError


async def _is_planned(house: House, ceremony_id: str) -> bool:
    return bool((await house.documents(ceremony_id, 1)).documents)


async def _is_stale(house: House, ceremony_id: str) -> bool:
    return (await house.documents(ceremony_id)).documents[0].state == "stale"


async def test_document_that_cannot_be_set_fails_with_a_sentence_and_the_others_go_on(house: House) -> None:
    real = Press.set

    async def broken(press: Press, kind: str, context: object, urgency: int) -> object:
        if kind == "invitation":
            context = {"language": "vi"}
        return await real(press, kind, context, urgency)  # type: ignore[arg-type]

    house.program.press.set = broken.__get__(house.program.press)  # type: ignore[method-assign]
    ceremony_id = await house.imports(plan())

    draft = await house.in_step(ceremony_id)

    assert [document.state for document in draft] == [*["ready"] * 5, "failed", "failed", "failed"]
    assert draft[5].reason == (
        "This document could not be set: UndefinedError: 'title' is undefined. Look for a very long or unusual text "
        "in what it prints; once you change it, the document is tried again."
    )
    assert (draft[7].reason or "").startswith("Not every single invitation could be set")


async def test_ceremony_that_is_gone_is_told_instead_of_tried_for_ever(house: House) -> None:
    def tell_of_nothing() -> None:
        with house.services["scheduling"].store.change(Caller(office="office", auth="system")) as tx:
            tx.emit(CeremonyChanged(version=2, fields=("title",)), "0190a1b2-0000-7000-8000-000000000009")

    await house.program.store.hop(tell_of_nothing)
    draft = await house.in_step("0190a1b2-0000-7000-8000-000000000009")

    assert [(document.kind, document.state) for document in draft] == [("programme", "failed")]
    assert (draft[0].reason or "").startswith("There is no ceremony")


async def test_profile_that_does_not_hold_on_the_day_gives_way_to_the_newest(house: House) -> None:
    ceremony_id = await house.imports(plan())
    await house.moves(ceremony_id, date(1994, 7, 1))

    draft = await house.in_step(ceremony_id)

    assert {document.state for document in draft} == {"ready"}


async def test_import_under_way_is_waited_for_without_asking_again_and_again(house: House) -> None:
    real, asked, under_way = house.program.ask, list[object](), True

    async def ask(question: Any, body: Any, within: float = 5) -> Any:
        answer = await real(question, body, within)
        if question is not scheduling.get_part:
            return answer
        asked.append(body)
        busy = answer.ceremony.model_copy(update={"under_way": "import"})
        return answer.model_copy(update={"ceremony": busy}) if under_way else answer

    house.program.ask = ask  # type: ignore[assignment, method-assign]
    ceremony_id = await house.imports(plan())
    await asyncio.sleep(2)
    waiting, asked_while_waiting = await house.documents(ceremony_id), len(asked)
    under_way = False
    await house.imports(plan(names=("Trần Văn Thử",)))

    assert waiting == Documents(documents=(), complete=False)
    assert asked_while_waiting <= 4  # one for each of the events of an import at the most
    assert len(await house.in_step(ceremony_id)) == 7


async def test_change_in_the_middle_stops_what_is_not_begun(house: House) -> None:
    real, going_on, set_now = house.program.press.set, asyncio.Event(), list[str]()

    async def held(kind: str, context: Any, urgency: int) -> Rendered:
        set_now.append(kind)
        await going_on.wait()
        return await real(kind, context, urgency)

    house.program.press.set = held  # type: ignore[assignment, method-assign]
    ceremony_id = await house.imports(plan())
    places = 2 * house.settings.render_workers
    await _until(lambda: asyncio.sleep(0, len(set_now) == places))
    await house.moves(ceremony_id, date(2024, 7, 2))
    await _until(lambda: _is_stale(house, ceremony_id))
    going_on.set()

    assert len(await house.in_step(ceremony_id)) == 8
    assert len(set_now) == places + 7  # the second time all but the printer's file, which is joined


async def test_other_office_sees_nothing(house: House) -> None:
    ceremony_id = await house.imports(plan())
    draft = await house.in_step(ceremony_id)

    work_for(Caller(office="other", auth="system"))
    found = await house.documents(ceremony_id)

    assert found == Documents(documents=(), complete=False)
    with pytest.raises(Refused, match="There is no document with the content"):
        await house.bytes(draft[0])


async def test_documents_of_another_ceremony_are_not_found_and_secret_ones_only_by_who_may(house: House) -> None:
    ceremony_id = await house.imports(plan())
    draft = await house.in_step(ceremony_id)
    awards = next(one for one in draft if one.kind == "awards")
    assert [one.kind for one in draft if one.secret] == ["awards"]

    with pytest.raises(Refused, match="There is no document with the content"):
        await house.bytes(draft[0].model_copy(update={"ceremony_id": "another"}))

    async def picture(document: Document) -> tuple[bytes, int, int]:
        question = ReadPicture(ceremony_id=document.ceremony_id, content=document.content or "", width=300)
        found = await house.bus.ask(program.read_picture, question, 30)
        return b64decode(found.base64)[:4], found.width, found.height

    assert await picture(awards) == await picture(awards) == (b"\x89PNG", 300, 212)
    with pytest.raises(Refused, match="There is no document with the content"):
        await picture(awards.model_copy(update={"ceremony_id": "another"}))

    for role in sorted(rights().actions["documents.see"].roles):
        grants = (Grant(role=role, ceremony_id=ceremony_id),)
        work_for(Caller(office="office", auth="user", actor="u1", grants=grants))
        listed = (await house.documents(ceremony_id)).documents
        may = role in rights().actions["documents.secret"].roles
        assert kinds(list(listed)) == [kind for kind in kinds(draft) if may or kind != "awards"], role
        assert (await house.bytes(draft[0]))[:5] == b"%PDF-"
        if may:
            assert (await house.bytes(awards))[:5] == b"%PDF-"
        else:
            for read in (house.bytes, picture):
                with pytest.raises(Refused, match="There is no document with the content"):
                    await read(awards)


@on_both_engines
def test_migrations_make_the_tables_of_the_store(new_store: NewStore) -> None:
    opened = new_store("program")
    opened.open(MIGRATIONS)
    kit = set(tables.metadata.tables)

    def ours(item: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:  # noqa: FBT001 - Alembic's signature
        return not (kind == "table" and (name in kit or name == "alembic_version"))

    with opened.read() as conn:
        context = MigrationContext.configure(conn, opts={"include_object": ours})
        assert compare_metadata(context, store.metadata) == []

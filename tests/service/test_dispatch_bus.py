"""From a plan to invitations over the bus, with the services that dispatch asks."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator, Callable
from datetime import date, time

import pytest

from schemas import dispatch, scheduling
from schemas.dispatch import Invitations, ListInvitations, ReadInvitations
from schemas.envelope import Event
from schemas.errors import Refused
from schemas.guests import GuestsPlan, PersonFields, PlannedGuest
from schemas.scheduling import CeremonyFields, CeremonyReleased, ItemFields, Plan, Role, SchedulingPlan
from services.awards.service import Awards
from services.dispatch.service import Dispatch
from services.guests.service import Guests
from services.kit.bus import Bus
from services.kit.context import caller
from services.kit.service import Service
from services.kit.settings import Settings
from services.kit.store import Store
from services.scheduling.service import Scheduling
from tests.conftest import NOW
from tests.unit.dispatch_support import properties

SPEECH = ItemFields(
    key="speech",
    position=1,
    title="Diễn văn khai mạc",
    start=time(7, 45),
    minutes=10,
    roles=(Role(role="speaker", kind="guest", guest="r1", text="Ông Trần Văn Thử"),),
)


def plan(start: time | None = time(7, 30)) -> Plan:
    fields = CeremonyFields(
        title="Lễ ra mắt thử nghiệm", on=date(2024, 7, 1), start=start, organizer_email="moi@vidu.example.org"
    )
    people = [
        PlannedGuest(ref="r1", person=PersonFields(name="Trần Văn Thử", email="thu@khach.example.org")),
        PlannedGuest(ref="r2", person=PersonFields(name="Lê Thị Mẫu")),
    ]
    own = SchedulingPlan(code="le-thu", ceremony=fields, items=(SPEECH,))
    return Plan(scheduling=own, guests=GuestsPlan(guests=tuple(people)))


@pytest.fixture
async def running(
    bus: Bus, new_store: Callable[[str], Store], settings: Settings
) -> AsyncIterator[dict[str, Service]]:
    kinds: tuple[type[Service], ...] = (Scheduling, Guests, Awards, Dispatch)
    services = {kind.name: kind(new_store(kind.name), bus, settings) for kind in kinds}
    for one in services.values():
        await one.start()
    yield services
    for one in services.values():
        await one.stop()


async def release(bus: Bus, the_plan: Plan) -> scheduling.Released:
    imported = await bus.ask(scheduling.import_plan, scheduling.ImportPlan(plan=the_plan), 30)
    assert [problem for problem in imported.problems if problem.severity == "error"] == []
    command = scheduling.ReleaseCeremony(ceremony_id=imported.ceremony_id or "")
    return await bus.ask(scheduling.release_ceremony, command, 30)


async def prepared(bus: Bus, released: scheduling.Released) -> Invitations:
    """The invitations, as soon as dispatch has worked this release."""
    for _ in range(200):
        answer = await bus.ask(dispatch.list_invitations, ListInvitations(ceremony_id=released.ceremony_id))
        if answer.release >= released.release:
            return answer
        await asyncio.sleep(0.05)
    raise AssertionError(f"release {released.release} was never worked")


@pytest.mark.anyio
async def test_a_release_leads_to_invitations_and_a_move_to_sequence_1(bus: Bus, running: dict[str, Service]) -> None:
    first = await release(bus, plan())
    answer = await prepared(bus, first)
    assert sorted((str(one.method), one.outcome, one.sequence) for one in answer.invitations) == [
        ("None", "created", 0),
        ("REQUEST", "created", 0),
    ]
    moved = await prepared(bus, await release(bus, plan(time(8, 0))))
    assert sorted((str(one.method), one.outcome, one.sequence) for one in moved.invitations) == [
        ("None", "rescheduled", 1),
        ("REQUEST", "rescheduled", 1),
    ]
    files = await bus.ask(dispatch.read_invitations, ReadInvitations(ceremony_id=first.ceremony_id))
    lines = [properties(b64decode(file.base64)) for file in files.files]
    assert {line["DTSTART;TZID=Asia/Ho_Chi_Minh"] for line in lines} == {"20240701T080000"}
    duties = [line["DESCRIPTION"].count("Người phát biểu: 07:45") for line in lines]
    assert sorted(duties) == [0, 1]
    feed = await bus.ask(dispatch.get_feed, dispatch.GetFeed(ceremony_id=first.ceremony_id))
    assert feed.text.count("BEGIN:VEVENT") == 1
    assert running["dispatch"].store.parked() == []


@pytest.mark.anyio
async def test_the_same_event_again_does_nothing(bus: Bus, running: dict[str, Service]) -> None:
    """Given twice, and given late: after the next release."""
    first = await release(bus, plan())
    await prepared(bus, first)
    last = await prepared(bus, await release(bus, plan(time(8, 0))))
    fact = CeremonyReleased(version=first.version, release=1, parts=first.parts)
    service = running["dispatch"]
    assert isinstance(service, Dispatch)
    for _ in range(2):
        await service.released(Event.of(fact, first.ceremony_id, NOW, caller()), fact)
    assert await bus.ask(dispatch.list_invitations, ListInvitations(ceremony_id=first.ceremony_id)) == last


@pytest.mark.anyio
async def test_a_wrong_token_finds_no_feed(bus: Bus, running: dict[str, Service]) -> None:
    await prepared(bus, await release(bus, plan()))
    with pytest.raises(Refused) as refused:
        await bus.ask(dispatch.read_feed, dispatch.ReadFeed(token="a" * 43))
    assert refused.value.wire.status == 404
    assert running["dispatch"].store.parked() == []

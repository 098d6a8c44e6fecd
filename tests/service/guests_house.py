"""A running house of four services, a ceremony with a speech, a gift and three guests, and what is asked about it."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, time
from typing import TypeVar

from schemas import answers, awards, dispatch, guests, scheduling
from schemas.awards import AwardsPlan, GetAwards, LineFields, Presenter
from schemas.dispatch import Invitation, ListInvitations, ReadInvitations
from schemas.guests import GetGuests, Guest, GuestsPlan, ListGuests, PersonFields, PlannedGuest, Post
from schemas.scheduling import CeremonyFields, GetPart, ItemFields, Plan, Role, SchedulingPlan
from services.awards.service import Awards
from services.dispatch.service import Dispatch
from services.guests.service import Guests
from services.kit.bus import Bus
from services.kit.service import Service
from services.kit.settings import Settings
from services.kit.store import Store
from services.scheduling.service import Scheduling
from tests.unit.dispatch_support import properties

SECRETARY = PlannedGuest(
    ref="bí thư",
    side="host",
    delegation="Thành phố Ví Dụ",
    seat="A1",
    person=PersonFields(
        name="Nguyễn Văn Mẫu",
        honorific="Ông",
        email="mau@vidu.example.org",
        posts=(Post(title="Bí thư Thành ủy Cần Thơ"),),
    ),
)
CHAIR = PlannedGuest(
    ref="chủ tịch",
    side="host",
    person=PersonFields(
        name="Trần Thị Thử", email="thu@vidu.example.org", posts=(Post(title="Chủ tịch UBND TP Cần Thơ"),)
    ),
)
CENTRAL = PlannedGuest(
    ref="bộ", person=PersonFields(name="Lê Văn Giả", posts=(Post(title="Phó Chánh Văn phòng Bộ Công an"),))
)
SPEECH = ItemFields(
    key="speech",
    position=1,
    title="Diễn văn khai mạc",
    kind="speech",
    start=time(7, 45),
    roles=(Role(role="speaker", kind="guest", guest="bí thư", text="Ông Nguyễn Văn Mẫu"),),
)
GIFT = LineFields(
    key="gift",
    kind="gift",
    recipient="Lực lượng nòng cốt",
    presenter=Presenter(kind="guest", guest="bí thư", text="Ông Nguyễn Văn Mẫu"),
)


def plan(profile: str = "vn-province") -> Plan:
    fields = CeremonyFields(
        title="Lễ ra mắt thử nghiệm",
        on=date(2024, 7, 1),
        start=time(7, 30),
        organizer_email="moi@vidu.example.org",
        profile=profile,
    )
    return Plan(
        scheduling=SchedulingPlan(code="le-thu", ceremony=fields, items=(SPEECH,)),
        guests=GuestsPlan(guests=(SECRETARY, CHAIR, CENTRAL)),
        awards=AwardsPlan(lines=(GIFT,)),
    )


class House:
    """A ceremony in a running house, and what is asked about it."""

    def __init__(self, bus: Bus, services: dict[str, Service]) -> None:
        self.bus, self.services, self.id = bus, services, ""

    async def imports(self, the_plan: Plan) -> None:
        done = await self.bus.ask(scheduling.import_plan, scheduling.ImportPlan(plan=the_plan), 30)
        assert [one for one in done.problems if one.severity == "error"] == []
        self.id = done.ceremony_id or ""

    async def release(self) -> dict[str, list[Invitation]]:
        """The invitations of each guest, by name, as soon as dispatch has worked the release."""
        command = scheduling.ReleaseCeremony(ceremony_id=self.id)
        released = await self.bus.ask(scheduling.release_ceremony, command, 30)
        for _ in range(400):
            found = await self.bus.ask(dispatch.list_invitations, ListInvitations(ceremony_id=self.id))
            if found.release >= released.release:
                names = {one.id: name for name, one in (await self.listed()).items()}
                by_name: dict[str, list[Invitation]] = {}
                for one in found.invitations:
                    by_name.setdefault(names.get(one.guest_id, "?"), []).append(one)
                return by_name
            await asyncio.sleep(0.02)
        raise AssertionError("dispatch never worked the release")

    async def uids(self) -> dict[str, str]:
        """By address, of the newest bytes."""
        files = (await self.bus.ask(dispatch.read_invitations, ReadInvitations(ceremony_id=self.id))).files
        read = [properties(b64decode(one.base64)) for one in files]
        return {str(attendee(one)): one["UID"] for one in read if attendee(one)}

    async def listed(self) -> dict[str, Guest]:
        found = (await self.bus.ask(guests.list_guests, ListGuests(ceremony_id=self.id))).guests
        return {one.person.name: one for one in found if one.person}

    async def places(self, release: int | None = None) -> list[tuple[str, int | None]]:
        part = await self.bus.ask(guests.get_part, GetGuests(ceremony_id=self.id, release=release))
        return [(one.person.name, one.position) for one in part.guests if one.person]

    async def duties(self) -> list[tuple[str | None, str]]:
        """Who speaks and who presents: ids and words."""
        part = await self.bus.ask(scheduling.get_part, GetPart(ceremony_id=self.id))
        lines = (await self.bus.ask(awards.get_part, GetAwards(ceremony_id=self.id))).lines
        roles = [(role.guest, role.text) for item in part.items for role in item.roles]
        return roles + [(one.presenter.guest, one.presenter.text) for one in lines if one.presenter]

    async def hold(self, expected: list[tuple[str | None, str]]) -> None:
        """Until the duties are these, which the reaction to an event sees to."""
        for _ in range(400):
            if await self.duties() == expected:
                return
            await asyncio.sleep(0.02)
        assert await self.duties() == expected

    async def answer(self, name: str) -> answers.Answer:
        one = (await self.listed())[name]
        return await self.bus.ask(answers.get_answer, answers.GetAnswer(ceremony_id=self.id, guest_id=one.id))


H = TypeVar("H", bound=House)


def attendee(read: dict[str, str]) -> str | None:
    found = next((value for name, value in read.items() if name.startswith("ATTENDEE")), None)
    return found.removeprefix("mailto:") if found else None


@asynccontextmanager
async def running(bus: Bus, new_store: Callable[[str], Store], settings: Settings, kind: type[H]) -> AsyncIterator[H]:
    """Without a ceremony yet."""
    parts: tuple[type[Service], ...] = (Scheduling, Guests, Awards, Dispatch)
    services = {part.name: part(new_store(part.name), bus, settings) for part in parts}
    for one in services.values():
        await one.start()
    yield kind(bus, services)
    for one in services.values():
        await one.stop()

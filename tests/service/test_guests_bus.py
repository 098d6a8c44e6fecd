"""Guests, awards and scheduling together, over a real bus: what a plan and a release do to each part."""

from collections.abc import AsyncIterator, Callable
from datetime import date

import pytest

from schemas import awards, guests, scheduling
from schemas.errors import Refusal
from schemas.guests import GuestFields, PersonFields, PlannedGuest, Post
from schemas.parts import PartChange
from services.awards.service import Awards
from services.guests.service import Guests
from services.kit.bus import Bus
from services.kit.settings import Settings
from services.kit.store import Store
from services.scheduling.service import Scheduling

pytestmark = pytest.mark.anyio
ON = date(2024, 7, 1)


@pytest.fixture
async def house(bus: Bus, new_store: Callable[[str], Store], settings: Settings) -> AsyncIterator[Bus]:
    running = [kind(new_store(kind.name), bus, settings) for kind in (Scheduling, Guests, Awards)]
    for one in running:
        await one.start()
    yield bus
    for one in running:
        await one.stop()


HIEU = PlannedGuest(
    ref="guests:2",
    side="host",
    person=PersonFields(name="Nguyễn Văn Hiếu", honorific="Ông", posts=(Post(title="Bí thư Thành ủy Cần Thơ"),)),
)
PLAN = scheduling.Plan(
    scheduling=scheduling.SchedulingPlan(
        code="le-ra-mat", ceremony=scheduling.CeremonyFields(title="Lễ ra mắt", on=ON)
    ),
    guests=guests.GuestsPlan(guests=(HIEU,)),
    awards=awards.AwardsPlan(
        lines=(
            awards.LineFields(
                key="1",
                kind="gift",
                recipient="lực lượng mới thành lập",
                presenter=awards.Presenter(kind="guest", guest="guests:2", text="Nguyễn Văn Hiếu"),
            ),
        )
    ),
)


async def test_a_plan_fills_every_part_and_a_release_freezes_them(house: Bus) -> None:
    outcome = await house.ask(scheduling.import_plan, scheduling.ImportPlan(plan=PLAN), 30)
    assert outcome.problems == ()
    assert [outcome.changes[part] for part in ("guests", "awards")] == [PartChange(created=1)] * 2
    ceremony = outcome.ceremony_id or ""
    listed = await house.ask(guests.get_part, guests.GetGuests(ceremony_id=ceremony))
    lines = (await house.ask(awards.get_part, awards.GetAwards(ceremony_id=ceremony))).lines
    assert [one.presenter.guest for one in lines if one.presenter] == [guest.id for guest in listed.guests]

    again = await house.ask(scheduling.import_plan, scheduling.ImportPlan(plan=PLAN), 30)
    assert again.unchanged

    released = await house.ask(scheduling.release_ceremony, scheduling.ReleaseCeremony(ceremony_id=ceremony), 30)
    frozen = await house.ask(guests.get_part, guests.GetGuests(ceremony_id=ceremony, release=1))
    assert frozen == listed.model_copy(update={"release": 1})
    assert released.parts["guests"] == listed.hash


async def test_the_first_guest_of_a_ceremony_asks_scheduling_whose_rules_hold(house: Bus) -> None:
    guest = GuestFields(person=PersonFields(name="Maria Muster"))
    with pytest.raises(Refusal) as refused:
        await house.ask(guests.add_guest, guests.AddGuest(ceremony_id="nowhere", guest=guest))
    assert (refused.value.code, refused.value.params["what"]) == ("not-found", "ceremony")

    fields = scheduling.CeremonyFields(title="Opening", on=ON, profile="plain")
    created = await house.ask(scheduling.create_ceremony, scheduling.CreateCeremony(code="opening", ceremony=fields))
    add = guests.AddGuest(ceremony_id=created.id, expected_version=0, guest=guest)
    added = await house.ask(guests.add_guest, add)
    assert await house.ask(guests.add_guest, add) == added
    page = await house.ask(guests.list_guests, guests.ListGuests(ceremony_id=created.id))
    assert [(one.id, one.position, one.address) for one in page.guests] == [(added.id, 1, "Maria Muster")]

"""Guests, awards and scheduling together, over a real bus: what a plan and a release do to each part."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import date

import pytest

from schemas import awards, guests, precedence, scheduling
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


DISTRICT = PlannedGuest(
    ref="guests:3", person=PersonFields(name="Lâm Thử Huyện", posts=(Post(title="Chủ tịch UBND huyện Kế Sách"),))
)


async def told(house: Bus, ceremony: str, rules: str) -> precedence.Positions:
    """The order, once it follows these rules."""
    for _ in range(100):
        found = await house.ask(precedence.explain, precedence.ExplainOrder(ceremony_id=ceremony))
        if found.rules.key == rules:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"{rules} never held")


async def test_a_draft_that_is_moved_or_changed_is_ranked_by_the_rules_that_hold_then(house: Bus) -> None:
    plan = PLAN.model_copy(update={"guests": guests.GuestsPlan(guests=(HIEU, DISTRICT))})
    outcome = await house.ask(scheduling.import_plan, scheduling.ImportPlan(plan=plan), 30)
    ceremony = outcome.ceremony_id or ""
    assert (await told(house, ceremony, "vn-province/1")).needs_ranking == 0

    move = scheduling.MoveCeremony(
        ceremony_id=ceremony, expected_version=outcome.version or 0, to_date=date(2025, 7, 1), to_start=None
    )
    moved = await house.ask(scheduling.move_ceremony, move)
    assert (await told(house, ceremony, "vn-province/2")).needs_ranking == 1

    fields = scheduling.CeremonyFields(title="Lễ ra mắt", on=date(2025, 7, 1), profile="plain-vi")
    change = scheduling.ChangeCeremony(ceremony_id=ceremony, expected_version=moved.version, ceremony=fields)
    await house.ask(scheduling.change_ceremony, change)
    assert (await told(house, ceremony, "plain-vi/1")).needs_ranking == 0


async def test_what_follows_from_the_order_follows_it(house: Bus) -> None:
    speaker = scheduling.Role(role="speaker", kind="guest", guest="guests:2", text="Nguyễn Văn Hiếu")
    item = scheduling.ItemFields(key="1", title="Phát biểu", roles=(speaker,))
    part = PLAN.scheduling.model_copy(update={"items": (item,)})
    plan = PLAN.model_copy(update={"scheduling": part, "guests": guests.GuestsPlan(guests=(HIEU, DISTRICT))})
    outcome = await house.ask(scheduling.import_plan, scheduling.ImportPlan(plan=plan), 30)
    found = await house.ask(precedence.courtesies, precedence.GetCourtesies(ceremony_id=outcome.ceremony_id or ""))
    assert found.salutation == (
        "Kính thưa Ông (Bà) Lâm Thử Huyện, Chủ tịch UBND huyện Kế Sách",
        "Kính thưa Ông Nguyễn Văn Hiếu, Bí thư Thành ủy Cần Thơ",
        "Kính thưa các vị đại biểu và toàn thể quý vị",
    )
    assert [(one.manner, [who.position for who in one.guests]) for one in found.introductions] == [
        ("collectively", [1]),
        ("by_name", [2]),
    ]
    assert [(one.step, one.guest.address) for one in found.speeches] == [("host", "Ông Nguyễn Văn Hiếu")]
    assert [one.position for one in found.arrivals] == [2, 1]

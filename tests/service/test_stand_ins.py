"""“B comes for A” over a real bus: previewed, agreed, released, withdrawn; order, duties, papers and invitations."""

from collections.abc import AsyncIterator, Callable
from datetime import date
from typing import Any

import pytest

from schemas import answers, guests, stand_ins
from schemas.envelope import Event
from schemas.errors import Refusal
from schemas.guests import GetGuests, GuestsPlan, PersonFields, PlannedGuest, Post
from schemas.scheduling import CeremonyFields, Plan, SchedulingPlan
from schemas.stand_ins import Duty, PreviewStandIn, StandIn, StandInAgreed, StoodIn, WithdrawStandIn
from services.guests.service import Guests
from services.kit.bus import Bus
from services.kit.context import caller
from services.kit.settings import Settings
from services.kit.store import Store
from tests.conftest import NOW
from tests.service.guests_house import House, plan, running

pytestmark = pytest.mark.anyio

DEPUTY = PersonFields(
    name="Phạm Văn Thay",
    honorific="Ông",
    email="thay@vidu.example.org",
    posts=(Post(title="Phó Chủ tịch UBND TP Cần Thơ"),),
)


class Desk(House):
    async def stand_in(self, name: str = "Nguyễn Văn Mẫu", **said: Any) -> StoodIn:
        one = (await self.listed())[name]
        who = {"person": DEPUTY} | said if "stand_in_id" not in said else said
        about: dict[str, Any] = {"ceremony_id": self.id, "guest_id": one.id, "expected_version": one.version}
        return await self.bus.ask(stand_ins.stand_in, StandIn(**about, **who), 30)

    async def withdraw(self, done: StoodIn, **said: Any) -> StoodIn:
        command = WithdrawStandIn(ceremony_id=self.id, guest_id=done.guest_id, **said)
        return await self.bus.ask(stand_ins.withdraw_stand_in, command, 30)


@pytest.fixture
async def house(bus: Bus, new_store: Callable[[str], Store], settings: Settings) -> AsyncIterator[Desk]:
    async with running(bus, new_store, settings, Desk) as house:
        await house.imports(plan())
        yield house


BEFORE = [("Lê Văn Giả", 1), ("Nguyễn Văn Mẫu", 2), ("Trần Thị Thử", 3)]
AFTER = [("Lê Văn Giả", 1), ("Trần Thị Thử", 2), ("Phạm Văn Thay", 3)]


async def test_the_whole_effect_is_told_before_and_nothing_is_changed(house: Desk) -> None:
    await house.release()
    mau = (await house.listed())["Nguyễn Văn Mẫu"]
    question = PreviewStandIn(ceremony_id=house.id, guest_id=mau.id, person=DEPUTY)
    told = await house.bus.ask(stand_ins.preview_stand_in, question, 30)
    assert (told.rule, told.seat, told.seat_taken) == ("own_rank", "A1", False)
    assert [(one.name, one.before, one.after) for one in told.places] == [
        ("Ông Nguyễn Văn Mẫu", 2, None),
        ("Ông Phạm Văn Thay", None, 3),
        ("Ông (Bà) Trần Thị Thử", 3, 2),
    ]
    assert told.duties == (
        Duty(kind="item", key="speech", title="Diễn văn khai mạc", role="speaker"),
        Duty(kind="line", key="gift", title="Quà: Lực lượng nòng cốt", role="presenter"),
    )
    assert told.papers == ("programme", "script", "introductions", "guests", "awards", "invitation", "invitations")
    assert (told.release, told.cancels, told.invites) == (1, True, "mail")
    assert await house.places() == BEFORE


async def test_a_stand_in_after_a_release_takes_everything_over_and_the_next_release_tells_both(
    house: Desk,
) -> None:
    first = await house.release()
    assert [(name, one.method, one.sequence) for name, (one,) in sorted(first.items())] == [
        ("Lê Văn Giả", None, 0),
        ("Nguyễn Văn Mẫu", "REQUEST", 0),
        ("Trần Thị Thử", "REQUEST", 0),
    ]
    uids = await house.uids()
    done = await house.stand_in(note="Bận họp Trung ương")
    assert done.duties == 2
    assert await house.places() == AFTER
    assert await house.duties() == [(done.stand_in_id, "Ông Phạm Văn Thay")] * 2
    both = await house.listed()
    mau, thay = both["Nguyễn Văn Mẫu"], both["Phạm Văn Thay"]
    assert (mau.state, mau.position, mau.introduced, mau.represented_by) == ("stand_in_agreed", None, "not", thay.id)
    assert (thay.state, thay.stands_in_for, thay.side, thay.delegation, thay.seat) == (
        "accepted",
        mau.id,
        "host",
        "Thành phố Ví Dụ",
        None,
    )
    assert await house.places(release=1) == BEFORE

    second = await house.release()
    told = {
        name: [(one.method, one.status, one.sequence, one.outcome) for one in each] for name, each in second.items()
    }
    assert told == {
        "Lê Văn Giả": [(None, "CONFIRMED", 0, "unchanged")],
        "Nguyễn Văn Mẫu": [("CANCEL", "CANCELLED", 1, "cancelled")],
        "Phạm Văn Thay": [("REQUEST", "CONFIRMED", 0, "created")],
        "Trần Thị Thử": [("REQUEST", "CONFIRMED", 0, "unchanged")],
    }
    now = await house.uids()
    assert now["mau@vidu.example.org"] == uids["mau@vidu.example.org"]
    assert now["thay@vidu.example.org"] not in uids.values()


async def test_the_one_who_comes_after_all_gets_everything_back_and_is_invited_anew(house: Desk) -> None:
    await house.release()
    uids = await house.uids()
    done = await house.stand_in()
    await house.release()
    await house.withdraw(done, state="accepted", note="Đã thu xếp được")
    assert await house.places() == BEFORE
    assert await house.duties() == [(done.guest_id, "Ông Nguyễn Văn Mẫu")] * 2
    third = await house.release()
    assert [(one.method, one.sequence) for one in third["Nguyễn Văn Mẫu"] if one.outcome == "created"] == [
        ("REQUEST", 0)
    ]
    assert (await house.uids())["mau@vidu.example.org"] != uids["mau@vidu.example.org"]
    assert [(one.state, one.was, one.note) for one in (await house.answer("Nguyễn Văn Mẫu")).history] == [
        ("stand_in_agreed", "to_invite", None),
        ("accepted", "stand_in_agreed", "Đã thu xếp được"),
    ]


async def test_undone_before_a_release_leaves_no_trace_in_the_part(house: Desk) -> None:
    before = await house.bus.ask(guests.get_part, GetGuests(ceremony_id=house.id))
    done = await house.stand_in()
    await house.withdraw(done)
    after = await house.bus.ask(guests.get_part, GetGuests(ceremony_id=house.id))
    assert after.hash == before.hash
    assert sorted(await house.listed()) == ["Lê Văn Giả", "Nguyễn Văn Mẫu", "Trần Thị Thử"]


async def test_a_guest_of_the_list_may_come_for_another_and_stays_one_afterwards(house: Desk) -> None:
    listed = await house.listed()
    done = await house.stand_in(stand_in_id=listed["Trần Thị Thử"].id, duties="leave")
    assert done.duties == 0
    assert await house.duties() == [(done.guest_id, "Ông Nguyễn Văn Mẫu")] * 2
    assert await house.places() == [("Lê Văn Giả", 1), ("Trần Thị Thử", 2)]
    await house.withdraw(done)
    assert await house.places() == BEFORE
    assert (await house.listed())["Trần Thị Thử"].state == "to_invite"


async def test_place_and_seat_are_those_of_the_absent_where_the_profile_says_so(house: Desk) -> None:
    """By the rule of the lieutenancy a deputy who stands in is treated as the Lord-Lieutenant."""
    head = PersonFields(name="Adam Grey", posts=(Post(title="Lord-Lieutenant of Kent"),))
    sheriff = PersonFields(name="Beatrice Hill", posts=(Post(title="High Sheriff of Kent"),))
    deputy = PersonFields(name="Arthur Dale", posts=(Post(title="Deputy Lieutenant of Kent"),))
    listed = GuestsPlan(guests=(PlannedGuest(ref="1", person=head, seat="A1"), PlannedGuest(ref="2", person=sheriff)))
    fields = CeremonyFields(title="Opening", on=date(2024, 7, 1), profile="uk-county")
    await house.imports(Plan(scheduling=SchedulingPlan(code="opening", ceremony=fields), guests=listed))
    done = await house.stand_in("Adam Grey", person=deputy)
    assert await house.places() == [("Arthur Dale", 1), ("Beatrice Hill", 2)]
    assert (await house.listed())["Arthur Dale"].seat == "A1"
    await house.withdraw(done)
    assert await house.places() == [("Adam Grey", 1), ("Beatrice Hill", 2)]


async def test_a_retry_does_nothing_twice(house: Desk) -> None:
    one = (await house.listed())["Nguyễn Văn Mẫu"]
    command = StandIn(ceremony_id=house.id, guest_id=one.id, expected_version=one.version, person=DEPUTY)
    done = await house.bus.ask(stand_ins.stand_in, command, 30)
    assert await house.bus.ask(stand_ins.stand_in, command, 30) == done
    assert len(await house.listed()) == 4


@pytest.mark.parametrize(
    ("name", "other", "code"),
    [
        ("Trần Thị Thử", "Trần Thị Thử", "for-himself"),
        ("Trần Thị Thử", "Nguyễn Văn Mẫu", "has-stand-in"),
        ("Trần Thị Thử", "Phạm Văn Thay", "stands-in"),
        ("Phạm Văn Thay", "Trần Thị Thử", "stands-in"),
        ("Nguyễn Văn Mẫu", "Trần Thị Thử", "has-stand-in"),
        ("Trần Thị Thử", "nobody", "not-found"),
        ("Trần Thị Thử", None, "who-comes"),
    ],
)
async def test_a_standing_in_that_cannot_be_is_refused(house: Desk, name: str, other: str | None, code: str) -> None:
    await house.stand_in()
    listed = await house.listed()
    who = listed[other].id if other in listed else other
    with pytest.raises(Refusal) as refused:
        await house.stand_in(name, stand_in_id=who)
    assert refused.value.code == code


async def test_both_stay_on_the_list_until_it_is_taken_back(house: Desk) -> None:
    done = await house.stand_in()
    both = (done.guest_id, done.stand_in_id)
    command = answers.RemoveGuests(ceremony_id=house.id, guest_ids=both)
    removed = await house.bus.ask(answers.remove_guests, command)
    assert (removed.changed, {one.guest_id for one in removed.left_out}) == (0, set(both))
    await house.imports(plan())
    assert await house.places() == AFTER


async def test_duties_go_over_by_the_event_where_nobody_could_be_asked(
    house: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a crash between guests' change and the others': the event finishes it, and late it does no harm."""

    async def crash(*_about: Any) -> None: ...

    monkeypatch.setattr(Guests, "_hand_over", crash)
    secretary = (await house.listed())["Nguyễn Văn Mẫu"].id
    done = await house.stand_in()
    await house.hold([(done.stand_in_id, "Ông Phạm Văn Thay")] * 2)
    await house.withdraw(done)
    before: list[tuple[str | None, str]] = [(secretary, "Ông Nguyễn Văn Mẫu")] * 2
    await house.hold(before)
    service = house.services["guests"]
    assert isinstance(service, Guests)
    fact = StandInAgreed(
        guest_id=done.guest_id, stand_in=done.stand_in_id, items=("speech",), lines=("gift",), version=done.version
    )
    await service.agreed(Event.of(fact, house.id, NOW, caller()), fact)
    assert await house.duties() == before

"""Guests who may be one person over a real bus: found with reasons, told apart, merged with all they have, parted."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

import schemas.duplicates as ask
import schemas.seating as seat
from schemas import answers, guests, precedence, scheduling, stand_ins
from schemas.answers import Arrangements, Done, GiveAnswers, Need, PlusOne, State
from schemas.duplicates import (
    ListDuplicates,
    Merged,
    MergeEffect,
    MergePeople,
    PeopleMerged,
    PeopleParted,
    PreviewMerge,
)
from schemas.envelope import Event
from schemas.errors import Refusal
from schemas.guests import Guest, PersonFields, PlannedGuest, Post
from schemas.precedence import PlaceGuest
from schemas.scheduling import GetPart, ItemFields, PutItem, Role
from schemas.seating import PutGuest, UseHalls
from schemas.stand_ins import Duty, StandIn
from services.guests.model import likeness
from services.kit.bus import Bus
from services.kit.context import caller
from services.kit.settings import Settings
from services.kit.store import Store
from tests.conftest import NOW
from tests.service.guests_house import House, plan, running

pytestmark = pytest.mark.anyio

AGAIN = PlannedGuest(
    ref="lần hai",
    side="host",
    note="Danh sách của Văn phòng",
    code="VP-07",
    person=PersonFields(name="Nguyen Van Mau", phone="0900000001", posts=(Post(title="Bí thư Thành ủy Cần Thơ"),)),
)
TEST_CHAIR = "Trần Thị Thử"


class Desk(House):
    """The same ceremony with somebody who stands on its list twice."""

    async def two(self) -> tuple[Guest, Guest]:
        listed = await self.listed()
        return listed["Nguyễn Văn Mẫu"], listed["Nguyen Van Mau"]

    async def pairs(self) -> list[tuple[str, str]]:
        found = await self.bus.ask(ask.list_duplicates, ListDuplicates(ceremony_id=self.id))
        return [(called(one.guest), called(one.other)) for one in found.pairs]

    async def effect(self, **said: Any) -> MergeEffect:
        kept, other = await self.two()
        question = PreviewMerge(ceremony_id=self.id, guest_id=kept.id, other_id=other.id, **said)
        return await self.bus.ask(ask.preview_merge, question, 30)

    async def command(self, **said: Any) -> MergePeople:
        kept, other = await self.two()
        about = {"guest_id": kept.id, "expected_version": kept.version, "other_id": other.id}
        return MergePeople.model_validate(
            {"ceremony_id": self.id, **about, "other_version": other.version, "request_id": kept.id, **said}
        )

    async def merge(self, **said: Any) -> Merged:
        return await self.bus.ask(ask.merge_people, await self.command(**said), 30)

    async def back(self, done: Merged) -> Done:
        command = answers.TakeBack(ceremony_id=self.id, event_id=done.event_id)
        return await self.bus.ask(answers.take_back, command, 30)

    async def says(self, guest: Guest, state: State, **said: Any) -> None:
        command = GiveAnswers(ceremony_id=self.id, guest_ids=(guest.id,), state=state, **said)
        await self.bus.ask(answers.give_answers, command)

    async def arrange(self, guest: Guest, arrangements: Arrangements) -> None:
        now = await self.bus.ask(guests.get_guest, guests.GetGuest(ceremony_id=self.id, guest_id=guest.id))
        about: dict[str, Any] = {"ceremony_id": self.id, "guest_id": guest.id, "expected_version": now.version}
        command = answers.Arrange(**about, arrangements=arrangements)
        await self.bus.ask(answers.arrange, command)

    async def speaks_too(self, guest: Guest) -> None:
        """He has a role in the item in which the other one speaks."""
        part = await self.bus.ask(scheduling.get_part, GetPart(ceremony_id=self.id))
        item = part.items[0]
        roles = (*item.roles, Role(role="presenter", kind="guest", guest=guest.id, text="Ông (Bà) Nguyen Van Mau"))
        fields = ItemFields.model_validate(item.model_dump(exclude={"id"}) | {"roles": roles})
        command = PutItem(ceremony_id=self.id, expected_version=part.ceremony.version, item=fields)
        await self.bus.ask(scheduling.put_item, command)

    async def seats(self) -> dict[str, str]:
        found = await self.bus.ask(seat.list_seats, seat.ListSeats(ceremony_id=self.id))
        names = {one.id: name for name, one in (await self.listed()).items()}
        return {one.place: names[one.guest_id] for one in found.seats if one.guest_id}

    async def hears(self, fact: PeopleMerged | PeopleParted) -> None:
        service = self.services["guests"]
        await service.reactions[type(fact)](Event.of(fact, self.id, NOW, caller()), fact)

    async def told(self) -> Any:
        """All that is told of everybody, without versions, which go on, and the entry of the undoing."""
        listed = await self.listed()
        told = {}
        for name, one in listed.items():
            found = await self.answer(name)
            history = [entry for entry in found.history if entry.through != "undo"]
            answered = found.model_copy(update={"version": 0, "history": tuple(history)})
            told[name] = (one.model_copy(update={"version": 0}), answered)
        return told, await self.duties()


def called(guest: Guest) -> str:
    return guest.person.name if guest.person else ""


@pytest.fixture
async def desk(bus: Bus, new_store: Callable[[str], Store], settings: Settings) -> AsyncIterator[Desk]:
    async with running(bus, new_store, settings, Desk) as desk:
        whole = plan()
        listed = whole.guests.model_copy(update={"guests": (*whole.guests.guests, AGAIN)})
        await desk.imports(whole.model_copy(update={"guests": listed}))
        yield desk


async def test_who_may_be_one_person_is_told_with_reasons_and_what_each_says(desk: Desk) -> None:
    found = await desk.bus.ask(ask.list_duplicates, ListDuplicates(ceremony_id=desk.id))
    assert found.total == 1
    (pair,) = found.pairs
    assert (called(pair.guest), called(pair.other)) == ("Nguyễn Văn Mẫu", "Nguyen Van Mau")
    assert (pair.score, pair.reasons) == (0.94, (likeness.NO_ACCENTS, likeness.SAME_POSTS))
    fields = {one.field: (one.taken, one.conflict) for one in pair.fields}
    assert fields == {
        "name": ("kept", True),
        "honorific": ("kept", False),
        "posts": ("kept", False),
        "email": ("kept", False),
        "phone": ("other", False),
        "side": ("kept", False),
        "delegation": ("kept", False),
        "note": ("other", False),
        "code": ("other", False),
        "state": ("kept", False),
        "seat": ("kept", False),
    }


async def test_two_people_are_shown_no_more_until_that_was_a_mistake(desk: Desk) -> None:
    kept, other = await desk.two()
    said: dict[str, Any] = {"ceremony_id": desk.id, "guest_id": other.id, "other_id": kept.id}
    assert (await desk.bus.ask(ask.tell_apart, ask.TellApart(**said))).changed is True
    assert await desk.pairs() == []
    assert (await desk.bus.ask(ask.tell_apart, ask.TellApart(**said))).changed is False
    assert (await desk.bus.ask(ask.tell_apart, ask.TellApart(**said, apart=False))).changed is True
    assert await desk.pairs() == [("Nguyễn Văn Mẫu", "Nguyen Van Mau")]


async def test_one_stays_with_what_both_had_and_undoing_brings_both_back(desk: Desk) -> None:
    kept, other = await desk.two()
    await desk.says(kept, "invited")
    await desk.says(other, "accepted", through="phone", note="Thư ký báo")
    await desk.arrange(kept, Arrangements(needs=(Need(kind="parking"),)))
    along = (PlusOne(name="Trần Văn Kèm"),)
    await desk.arrange(other, Arrangements(plus_ones=along, needs=(Need(kind="wheelchair"),)))
    await desk.speaks_too(other)
    third = (await desk.listed())[TEST_CHAIR]
    place = PlaceGuest(
        ceremony_id=desk.id, guest_id=other.id, before=third.id, reason="Khách mời đặc biệt", expected_version=None
    )
    await desk.bus.ask(precedence.place_guest, place)
    before = await desk.told()

    effect = await desk.effect(take={"needs": "both"})
    assert {one.field for one in effect.fields if one.conflict} == {"name", "needs"}
    assert effect.duties == (Duty(kind="item", key="speech", title="Diễn văn khai mạc", role="presenter"),)
    assert [(one.name, one.after) for one in effect.places] == [("Nguyễn Văn Mẫu", 2), ("Nguyen Van Mau", None)]
    assert await desk.told() == before

    done = await desk.merge(take={"needs": "both"})
    assert sorted(await desk.listed()) == ["Lê Văn Giả", "Nguyễn Văn Mẫu", TEST_CHAIR]
    one, answered = (await desk.listed())["Nguyễn Văn Mẫu"], await desk.answer("Nguyễn Văn Mẫu")
    assert one.person
    assert (one.id, one.code, one.person.phone, one.person.email, one.note, one.state) == (
        kept.id,
        "VP-07",
        "0900000001",
        "mau@vidu.example.org",
        "Danh sách của Văn phòng",
        "accepted",
    )
    assert [(entry.state, entry.was, entry.note) for entry in answered.history] == [
        ("invited", "to_invite", None),
        ("accepted", "to_invite", "Thư ký báo"),
        ("accepted", "invited", None),
    ]
    assert answered.arrangements == Arrangements(
        plus_ones=along, needs=(Need(kind="parking"), Need(kind="wheelchair"))
    )
    assert [who for who, _ in await desk.duties()] == [kept.id, kept.id, kept.id]
    order = await desk.bus.ask(precedence.explain, precedence.ExplainOrder(ceremony_id=desk.id, only="by_hand"))
    assert [each.guest_id for each in order.positions] == [kept.id]

    assert (await desk.back(done)).changed == 2
    assert await desk.told() == before
    assert (await desk.back(done)).changed == 0


async def test_one_seat_stays_and_undoing_gives_both_back(desk: Desk) -> None:
    kept, other = await desk.two()
    await desk.bus.ask(seat.use_halls, UseHalls(ceremony_id=desk.id, halls=("meeting-300",)))
    await desk.bus.ask(seat.put_guest, PutGuest(ceremony_id=desk.id, guest_id=kept.id, place="meeting-300/P/A/1"))
    await desk.bus.ask(seat.put_guest, PutGuest(ceremony_id=desk.id, guest_id=other.id, place="meeting-300/P/A/2"))
    before = await desk.seats()
    effect = await desk.effect(take={"seat": "other"})
    assert [one.conflict for one in effect.fields if one.field == "seat"] == [True]
    assert effect.freed
    assert effect.seat
    assert effect.freed != effect.seat
    done = await desk.merge(take={"seat": "other"})
    assert await desk.seats() == {"meeting-300/P/A/2": "Nguyễn Văn Mẫu"}
    await desk.back(done)
    assert await desk.seats() == before


async def test_who_comes_for_the_one_comes_for_the_other_and_back(desk: Desk) -> None:
    _, other = await desk.two()
    deputy = (await desk.listed())[TEST_CHAIR]
    about: dict[str, Any] = {"ceremony_id": desk.id, "guest_id": other.id, "expected_version": other.version}
    await desk.bus.ask(stand_ins.stand_in, StandIn(**about, stand_in_id=deputy.id), 30)
    before = await desk.told()
    done = await desk.merge()
    kept = (await desk.listed())["Nguyễn Văn Mẫu"]
    assert (kept.state, kept.represented_by) == ("stand_in_agreed", deputy.id)
    await desk.back(done)
    assert await desk.told() == before
    withdrawn = stand_ins.WithdrawStandIn(ceremony_id=desk.id, guest_id=other.id)
    assert (await desk.bus.ask(stand_ins.withdraw_stand_in, withdrawn, 30)).stand_in_id == deputy.id


async def test_the_next_release_cancels_what_the_other_was_sent(desk: Desk) -> None:
    _kept, other = await desk.two()
    change = other.model_copy(update={"person": PersonFields(name="Nguyen Van Mau", email="hai@vidu.example.org")})
    fields = guests.GuestFields.model_validate(change.model_dump(include=set(guests.GuestFields.model_fields)))
    await desk.bus.ask(
        guests.change_guest,
        guests.ChangeGuest(ceremony_id=desk.id, guest_id=other.id, expected_version=other.version, guest=fields),
    )
    await desk.release()
    effect = await desk.effect()
    assert (effect.release, effect.cancels) == (1, True)
    await desk.merge()
    second = await desk.release()
    told = {name: [(one.method, one.outcome) for one in each] for name, each in second.items()}
    assert told["?"] == [("CANCEL", "cancelled")]
    assert told["Nguyễn Văn Mẫu"] == [("REQUEST", "unchanged")]


async def test_a_retry_merges_once_and_a_stale_version_of_either_is_refused(desk: Desk) -> None:
    command = await desk.command()
    for stale in ("expected_version", "other_version"):
        with pytest.raises(Refusal) as refused:
            await desk.merge(**{stale: 7, "request_id": stale})
        assert refused.value.code == "stale-version"
    done = await desk.bus.ask(ask.merge_people, command, 30)
    assert await desk.bus.ask(ask.merge_people, command, 30) == done
    assert len(await desk.listed()) == 3


async def test_two_who_cannot_be_one_are_refused(desk: Desk) -> None:
    kept, other = await desk.two()
    about: dict[str, Any] = {"ceremony_id": desk.id, "guest_id": kept.id, "expected_version": kept.version}
    with pytest.raises(Refusal) as refused:
        await desk.merge(other_id=kept.id)
    assert refused.value.code == "one-guest"
    with pytest.raises(Refusal) as refused:
        await desk.merge(take={"name": "both"})
    assert refused.value.code == "not-joined"
    await desk.bus.ask(stand_ins.stand_in, StandIn(**about, stand_in_id=other.id), 30)
    with pytest.raises(Refusal) as refused:
        await desk.merge()
    assert refused.value.code == "has-stand-in"
    assert await desk.pairs() == []


async def test_what_was_changed_since_stays_when_a_merge_is_undone(desk: Desk) -> None:
    kept, _ = await desk.two()
    done = await desk.merge()
    await desk.arrange(kept, Arrangements(plus_count=3))
    await desk.back(done)
    assert (await desk.answer("Nguyễn Văn Mẫu")).arrangements.plus_count == 3
    assert (await desk.listed())["Nguyen Van Mau"].code == "VP-07"


async def test_duties_follow_by_the_event_where_nobody_could_be_asked(desk: Desk) -> None:
    """As after a crash between guests' change and the others': the event finishes it, and late it does no harm."""
    kept, other = await desk.two()
    done = await desk.merge()
    await desk.speaks_too(other)
    said: dict[str, Any] = {"guest_id": kept.id, "merged": other.id, "items": ("speech",), "roles": {"speech": (1,)}}
    merged = PeopleMerged(**said, version=9)
    parted = PeopleParted(**said, takes_back=done.event_id, version=10)
    before = await desk.duties()
    await desk.hears(parted)
    assert await desk.duties() == before
    await desk.hears(merged)
    assert [who for who, _ in await desk.duties()] == [kept.id, kept.id, kept.id]
    await desk.back(done)
    await desk.hears(parted)
    assert await desk.duties() == before
    await desk.hears(merged)
    assert await desk.duties() == before

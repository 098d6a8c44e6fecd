"""A role for one ceremony reaches that one only, and an office its own: asked over the bus, of the real services."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from schemas import awards, dispatch, guests, open_points, scheduling
from schemas.differences import CompareRelease, Differences, compare_awards, compare_guests, compare_order
from schemas.envelope import Caller, Grant
from schemas.errors import Refused
from schemas.guests import GuestFields, PersonFields
from services.awards.service import Awards
from services.dispatch.service import Dispatch
from services.guests.service import Guests
from services.kit.bus import Bus
from services.kit.context import caller, work_for
from services.kit.settings import Settings
from services.kit.store import Store
from services.scheduling.service import Scheduling

pytestmark = pytest.mark.anyio
FIELDS = scheduling.CeremonyFields(title="Lễ ra mắt")
NOBODY = GuestFields(person=PersonFields(name="Trần Thị Mẫu"))


@pytest.fixture
async def house(bus: Bus, new_store: Callable[[str], Store], settings: Settings) -> AsyncIterator[Bus]:
    running = [kind(new_store(kind.name), bus, settings) for kind in (Scheduling, Guests, Awards, Dispatch)]
    for service in running:
        await service.start()
    yield bus
    for service in running:
        await service.stop()


@contextmanager
def signed_in(*grants: tuple[str, str | None], office: str = "office") -> Iterator[None]:
    before = caller()
    given = tuple(Grant(role=role, ceremony_id=ceremony) for role, ceremony in grants)
    work_for(Caller(office=office, auth="user", actor="u1", grants=given))
    yield
    work_for(before)


async def create(house: Bus, code: str) -> str:
    command = scheduling.CreateCeremony(code=code, ceremony=FIELDS)
    return (await house.ask(scheduling.create_ceremony, command)).id


async def refused(house: Bus, ask: Any, question: Any) -> str:
    with pytest.raises(Refused) as error:
        await house.ask(ask, question)
    return error.value.code


def plan(code: str) -> scheduling.Plan:
    return scheduling.Plan(scheduling=scheduling.SchedulingPlan(code=code, ceremony=FIELDS))


async def listed(house: Bus, limit: int = 2) -> list[str]:
    """The codes on every page; no page but the last is short."""
    found: list[str] = []
    after = None
    while True:
        question = scheduling.ListCeremonies(after=after, limit=limit)
        page = await house.ask(scheduling.list_ceremonies, question)
        found += [one.code for one in page.ceremonies]
        after = page.next
        if after is None:
            return found
        assert len(page.ceremonies) == limit


async def test_ceremonies_are_shown_to_who_has_a_role_for_them(house: Bus) -> None:
    ids = {code: await create(house, code) for code in ("a", "b", "c", "d", "e")}
    with signed_in(("viewer", ids["b"]), ("printer", ids["c"]), ("planner", ids["e"])):
        assert await listed(house) == ["b", "c", "e"]
        for which in ("a", ids["a"], "nowhere"):
            assert await refused(house, scheduling.find_ceremony, scheduling.FindCeremony(which=which)) == "not-found"
        for which in ("b", ids["b"]):
            found = await house.ask(scheduling.find_ceremony, scheduling.FindCeremony(which=which))
            assert found.id == ids["b"]
    with signed_in(("viewer", None)):
        assert await listed(house) == ["a", "b", "c", "d", "e"]
    with signed_in(("owner", None), office="another"):
        assert await listed(house) == []
        question = scheduling.FindCeremony(which=ids["a"])
        assert await refused(house, scheduling.find_ceremony, question) == "not-found"


async def test_code_that_reads_like_an_id_leads_to_no_other_ceremony(house: Bus) -> None:
    mine = await create(house, "mine")
    await create(house, mine)
    with signed_in(("planner", mine)):
        found = await house.ask(scheduling.find_ceremony, scheduling.FindCeremony(which=mine))
        part = await house.ask(scheduling.get_part, scheduling.GetPart(ceremony_id=mine))
    assert (found.code, part.ceremony.code) == ("mine", "mine")
    assert await refused(house, scheduling.get_part, scheduling.GetPart(ceremony_id="mine")) == "not-found"


async def test_plan_is_imported_by_who_may_for_its_ceremony_and_a_new_one_for_the_office(house: Bus) -> None:
    mine, other = await create(house, "mine"), await create(house, "other")
    with signed_in(("planner", mine), ("viewer", other)):
        outcome = await house.ask(scheduling.check_plan, scheduling.CheckPlan(plan=plan("mine")), 30)
        assert outcome.ceremony_id == mine
        for code in ("other", "new"):
            for ask, question in (
                (scheduling.check_plan, scheduling.CheckPlan(plan=plan(code))),
                (scheduling.import_plan, scheduling.ImportPlan(plan=plan(code))),
            ):
                assert await refused(house, ask, question) == "not-allowed"
    with signed_in(("planner", None)):
        made = await house.ask(scheduling.import_plan, scheduling.ImportPlan(plan=plan("new")), 30)
        assert made.accepted
    assert await listed(house) == ["mine", "other", "new"]


async def test_request_id_of_another_ceremony_gives_no_answer_of_its_import_or_release(house: Bus) -> None:
    mine, other = await create(house, "mine"), await create(house, "other")
    theirs = plan("other").model_copy(
        update={"guests": guests.GuestsPlan(guests=(guests.PlannedGuest(ref="1", **NOBODY.model_dump()),))}
    )
    first = scheduling.ImportPlan(plan=theirs)
    await house.ask(scheduling.import_plan, first, 30)
    released = scheduling.ReleaseCeremony(ceremony_id=other)
    await house.ask(scheduling.release_ceremony, released, 30)
    with signed_in(("planner", mine)):
        again = scheduling.ImportPlan(request_id=first.request_id, plan=plan("mine"))
        assert await refused(house, scheduling.import_plan, again) == "request-reused"
        other_release = released.model_copy(update={"ceremony_id": mine})
        assert await refused(house, scheduling.release_ceremony, other_release) == "request-reused"


async def test_open_points_are_asked_of_scheduling(house: Bus) -> None:
    mine = await create(house, "mine")
    found = await house.ask(open_points.list_open_points, open_points.ListOpenPoints(ceremony_id=mine))
    assert found.points[0].problem.text() == "The host of the ceremony is not known yet."


async def test_draft_is_compared_with_its_last_release(house: Bus) -> None:
    mine = await create(house, "mine")
    question = CompareRelease(ceremony_id=mine)
    assert (await house.ask(compare_order, question)).release == 0
    await house.ask(scheduling.release_ceremony, scheduling.ReleaseCeremony(ceremony_id=mine), 30)
    assert (await house.ask(compare_order, question)) == Differences(release=1)
    changed = FIELDS.model_copy(update={"venue": scheduling.Venue(name="Quảng trường"), "host": "UBND tỉnh"})
    change = scheduling.ChangeCeremony(ceremony_id=mine, expected_version=1, ceremony=changed)
    version = (await house.ask(scheduling.change_ceremony, change)).version
    item = scheduling.ItemFields(key="a", title="Chào cờ")
    add = scheduling.AddItems(ceremony_id=mine, expected_version=version, items=(item,))
    await house.ask(scheduling.add_items, add)
    found = await house.ask(compare_order, question)
    assert [(one.kind, one.what, one.label) for one in found.differences] == [
        ("ceremony", "changed", "Lễ ra mắt"),
        ("item", "created", "Chào cờ"),
    ]
    assert {(one.name, one.before, one.after) for one in found.differences[0].fields} == {
        ("host", None, "UBND tỉnh"),
        ("venue.name", None, "Quảng trường"),
    }


async def test_role_for_one_ceremony_answers_nothing_of_another(house: Bus) -> None:
    mine, other = await create(house, "mine"), await create(house, "other")
    added = await house.ask(guests.add_guest, guests.AddGuest(ceremony_id=other, guest=NOBODY))
    with signed_in(("owner", mine)):
        for ask, question in of_guest(other, added.id) + of_ceremony(other):
            assert await refused(house, ask, question) == "not-allowed", ask.subject
        for ask, question in of_guest(mine, added.id):
            assert await refused(house, ask, question) == "not-found", ask.subject
    with signed_in(("owner", None), office="another"):
        for ask, question in of_guest(other, added.id):
            assert await refused(house, ask, question) == "not-found", ask.subject


def of_guest(ceremony: str, guest: str) -> list[tuple[Any, Any]]:
    where = {"ceremony_id": ceremony, "guest_id": guest}
    return [
        (guests.get_guest, guests.GetGuest(**where)),
        (guests.change_guest, guests.ChangeGuest(**where, expected_version=1, guest=NOBODY)),
        (guests.remove_guest, guests.RemoveGuest(**where, expected_version=1)),
    ]


def of_ceremony(ceremony: str) -> list[tuple[Any, Any]]:
    """Questions that answer something even where there is nothing yet."""
    return [
        (guests.list_guests, guests.ListGuests(ceremony_id=ceremony)),
        (guests.summary, guests.SummariseGuests(ceremony_id=ceremony)),
        (awards.summary, awards.SummariseAwards(ceremony_id=ceremony)),
        (dispatch.summary, dispatch.SummariseInvitations(ceremony_id=ceremony)),
        (guests.get_part, guests.GetGuests(ceremony_id=ceremony)),
        (awards.list_lines, awards.ListLines(ceremony_id=ceremony)),
        (awards.get_part, awards.GetAwards(ceremony_id=ceremony)),
        (dispatch.list_invitations, dispatch.ListInvitations(ceremony_id=ceremony)),
        (dispatch.read_invitations, dispatch.ReadInvitations(ceremony_id=ceremony)),
        *(
            (compare, CompareRelease(ceremony_id=ceremony))
            for compare in (compare_order, compare_guests, compare_awards)
        ),
        (open_points.list_open_points, open_points.ListOpenPoints(ceremony_id=ceremony)),
        (scheduling.list_releases, scheduling.ListReleases(ceremony_id=ceremony)),
    ]

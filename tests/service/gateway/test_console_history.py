"""History as its pages tell it: every event in a sentence, what was before and after, filters, pages, rights."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from schemas import awards, guests, scheduling
from schemas.awards import DecisionFields, PutDecision
from schemas.catalogue import facts
from schemas.envelope import Fact, Grant, new_id
from schemas.frozen import filled
from schemas.guests import AddGuest, ChangeGuest, GuestFields, PersonFields
from schemas.house import HistoryEntry
from schemas.scheduling import FindCeremony, ItemFields, PutItem, RemoveItem
from services.gateway.console.fields import Fields
from services.gateway.console.history.changes import changes
from services.gateway.console.history.sentences import SENTENCES, Told, sentence, who
from services.gateway.console.wording import wording
from services.kit.context import work_for
from tests.people import Person
from tests.service.gateway.desk import Desk, desk, text_of

pytestmark = pytest.mark.anyio
AT = datetime(2024, 6, 20, 8, 0, tzinfo=UTC)


def entry(kind: type[Fact], **given: Any) -> HistoryEntry:
    return HistoryEntry(
        **{
            "service": kind.owner(),
            "seq": 1,
            "event_id": "e1",
            "at": AT,
            "type": kind.type,
            "subject": "c1",
            "actor": None,
            "authtype": "system",
            "office": "office",
            "correlation": "x",
            "data": filled(kind.model_json_schema()),
        }
        | given
    )


def told(one: HistoryEntry, language: str = "en", **names: str) -> Told:
    return Told(one, names, Fields(wording(language)))


# Sentences.


def test_every_event_has_a_sentence() -> None:
    assert sorted(kind.type for kind in SENTENCES) == sorted(facts())


@pytest.mark.parametrize("kind", facts().values(), ids=lambda kind: kind.type)
def test_event_is_told_in_both_languages(kind: type[Fact]) -> None:
    """Also where nothing is kept of what was before and after."""
    english, vietnamese = (sentence(told(entry(kind), language)) for language in ("en", "vi"))
    assert english
    assert english != vietnamese
    assert not re.search(r"[{}<]", english + vietnamese)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"actor": "u1", "authtype": "user"}, "Lê Thị Mẫu"),
        ({"actor": "u9", "authtype": "user"}, "An account that is gone"),
        ({"authtype": "unauthenticated"}, "Somebody not signed in"),
        ({}, "At the server"),
        ({"service": "program"}, "Automatically"),
    ],
)
def test_whoever_did_it_is_named(given: dict[str, Any], name: str) -> None:
    assert who(told(entry(guests.GuestAdded, **given), u1="Lê Thị Mẫu")) == name


# From what to what.


def test_fields_are_compared_one_by_one_in_words() -> None:
    before = {"title": "A", "on": "2024-07-01", "start": "08:00:00", "venue": {"name": None, "unit": "X"}}
    after = {"title": "A", "on": "2024-07-02", "start": None, "venue": {"name": "Nhà hát", "unit": "X"}}
    one = entry(scheduling.CeremonyChanged, before=before, after=after)
    assert changes(one, Fields(wording("en"))).rows == (
        ("Day", "01/07/2024", "02/07/2024"),
        ("Start", "08:00", ""),
        ("Venue", "", "Nhà hát"),
    )


def test_import_names_what_came_and_went_and_compares_what_stayed() -> None:
    before = {"g1": {"person": {"name": "An"}, "side": "guest"}, "g2": {"person": {"name": "Bình"}}}
    after = {"g1": {"person": {"name": "An"}, "side": "host"}, "g3": {"group": {"label": "Đoàn"}}}
    found = changes(entry(guests.GuestsImported, before=before, after=after), Fields(wording("en")))
    assert (found.new, found.gone, found.rows) == (("Đoàn",), ("Bình",), (("An: Side", "guest", "host"),))


def test_imported_plan_is_compared_with_the_fields_it_replaced() -> None:
    before = {"title": "A", "note": None}
    after = {"ceremony": {"title": "B", "note": None, "version": 7}, "items": [{"key": "k", "title": "Chào cờ"}]}
    found = changes(entry(scheduling.PlanImported, before=before, after=after), Fields(wording("en")))
    assert (found.new, found.rows) == (("Chào cờ",), (("Title", "A", "B"),))


def test_long_change_is_cut_and_says_how_much_is_left() -> None:
    after = {f"g{n}": {"person": {"name": f"N{n}"}} for n in range(9)}
    found = changes(entry(guests.GuestsImported, after=after), Fields(wording("en"))).cut(4)
    assert (len(found.new), found.hidden) == (4, 5)


# The pages.


@pytest.fixture(scope="module")
async def at(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """A ceremony of which an item, a guest and a decision were changed."""
    async with desk(tmp_path_factory.mktemp("history")) as found:
        await found.ceremony("le-khac", "Lễ khác")
        await change(found, await found.ceremony("le-mau", "Lễ mẫu"))
        yield found


async def change(at: Desk, which: str) -> None:
    bus = at.house.bus
    item = ItemFields(key="co", title="Chào cờ", minutes=5)
    for version, minutes in ((1, 5), (2, 10)):
        put = item.model_copy(update={"minutes": minutes})
        await bus.ask(scheduling.put_item, PutItem(ceremony_id=which, expected_version=version, item=put))
    await bus.ask(scheduling.remove_item, RemoveItem(ceremony_id=which, expected_version=3, key="co"))
    person = PersonFields(name="Trần Văn Khách", email="khach@example.org")
    guest = await bus.ask(guests.add_guest, AddGuest(ceremony_id=which, guest=GuestFields(person=person)))
    person = person.model_copy(update={"email": "moi@example.org", "honorific": "Ông"})
    await bus.ask(
        guests.change_guest,
        ChangeGuest(ceremony_id=which, guest_id=guest.id, expected_version=1, guest=GuestFields(person=person)),
    )
    decision = DecisionFields(key="q1", number="12/QĐ")
    await bus.ask(awards.put_decision, PutDecision(ceremony_id=which, expected_version=0, decision=decision))


def sentences(page: Any) -> list[str]:
    return re.findall(r'class="past-what">([^<]*)<', page.text)


TOLD = [
    "Decision added: 12/QĐ",
    "Guest changed: Trần Văn Khách",
    "Guest added: Trần Văn Khách",
    "Item removed from the running order: Chào cờ",
    "Item of the running order changed: Chào cờ",
    "Item added to the running order: Chào cờ",
    "Ceremony created",
]


async def test_history_of_a_ceremony_tells_all_of_it_newest_first(at: Desk) -> None:
    page = await at.get("/ceremonies/le-mau/history")
    text = text_of(page)
    assert sentences(page) == TOLD
    for words in ("Minutes 5 10", "E-mail address khach@example.org moi@example.org", "Lê Thị Chủ"):
        assert words in text


async def test_history_speaks_vietnamese(at: Desk) -> None:
    page = await at.get("/ceremonies/le-mau/history", language="vi")
    assert sentences(page)[0] == "Thêm quyết định: 12/QĐ"


async def test_history_is_filtered_by_kind_person_and_thing(at: Desk) -> None:
    at_page = "/ceremonies/le-mau/history"
    by_kind = await at.get(f"{at_page}?of=guests", part=True)
    assert sentences(by_kind) == TOLD[1:3]
    assert sentences(await at.get(f"{at_page}?who={at.owner.user_id}", part=True)) == TOLD
    assert sentences(await at.get(f"{at_page}?who={new_id()}", part=True)) == []
    thing = re.search(r"about=([\w-]+)", by_kind.text)
    assert thing
    assert sentences(await at.get(f"{at_page}?of=all&about={thing[1]}", part=True)) == TOLD[1:3]


async def test_history_of_the_office_names_the_ceremony(at: Desk) -> None:
    page = await at.get("/history")
    assert "Lễ khác" in text_of(page)
    assert sentences(page)[: len(TOLD)] == TOLD


async def test_history_goes_on_where_the_page_before_ended(at: Desk) -> None:
    which = await at.ceremony("dai", "Lễ dài")
    bus = at.house.bus
    for number in range(40):
        await bus.ask(
            guests.add_guest,
            AddGuest(ceremony_id=which, guest=GuestFields(person=PersonFields(name=f"Khách {number:02}"))),
        )
    first = await at.get("/ceremonies/dai/history?of=guests")
    further = re.search(r'hx-get="([^"]*after=[^"]*)"', first.text)
    assert further
    second = await at.get(further[1].replace("&amp;", "&"), part=True)
    names = [one.rpartition(" ")[2] for one in (*sentences(first), *sentences(second))]
    assert names == [f"{number:02}" for number in reversed(range(40))]
    assert "after=" not in second.text


async def test_page_is_told_only_of_what_is_newer(at: Desk) -> None:
    page = await at.get("/ceremonies/le-khac/history")
    newer = re.search(r'hx-get="([^"]*newest=[^"]*)"', page.text)
    assert newer
    address = newer[1].replace("&amp;", "&")
    assert "Something new happened" not in (await at.get(address, part=True)).text
    work_for(await at.owner.caller(at.house.bus))
    found = await at.house.bus.ask(scheduling.find_ceremony, FindCeremony(which="le-khac"))
    item = ItemFields(key="moi", title="Mới")
    command = PutItem(ceremony_id=found.id, expected_version=found.version, item=item)
    await at.house.bus.ask(scheduling.put_item, command)
    assert "Something new happened" in (await at.get(address, part=True)).text


async def test_entry_is_shown_whole(at: Desk) -> None:
    page = await at.get("/ceremonies/le-mau/history?of=guests")
    event = re.search(r'id="rows-([\w-]+)"', page.text)
    assert event
    whole = await at.get(f"/ceremonies/le-mau/history/guests/{event[1]}")
    assert (whole.status_code, "moi@example.org" in whole.text) == (200, True)
    assert (await at.get(f"/ceremonies/le-mau/history/guests/{new_id()}")).status_code == 404


@pytest.fixture(scope="module")
async def auditor(at: Desk) -> Person:
    return await at.colleague(Grant(role="auditor"))


async def test_addresses_are_kept_from_who_may_not_see_them(at: Desk, auditor: Person) -> None:
    page = await at.get("/ceremonies/le-mau/history?of=guests", auditor)
    assert ("example.org" in page.text, "Addresses are not shown to your role." in page.text) == (False, True)
    assert "Form of address — Ông" in text_of(page)


async def test_planner_of_one_ceremony_sees_its_history_with_names_and_no_other(at: Desk) -> None:
    work_for(await at.owner.caller(at.house.bus))
    which = (await at.house.bus.ask(scheduling.find_ceremony, FindCeremony(which="le-mau"))).id
    planner = await at.colleague(Grant(role="planner", ceremony_id=which))
    own = await at.get("/ceremonies/le-mau/history", planner)
    assert (own.status_code, "Lê Thị Chủ" in text_of(own)) == (200, True)
    assert (await at.get("/history", planner)).status_code == 403
    assert (await at.get("/ceremonies/le-khac/history", planner)).status_code == 404


async def test_viewer_sees_no_history(at: Desk) -> None:
    viewer = await at.colleague(Grant(role="viewer"))
    assert (await at.get("/ceremonies/le-mau/history", viewer)).status_code == 403

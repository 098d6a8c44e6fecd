"""Ceremonies, running order and releases on the real engines: the commands of scheduling, each in its transaction."""

from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from schemas import open_points
from schemas import scheduling as ask
from schemas.envelope import Caller, Event, Versioned
from schemas.errors import NotFound, Refusal, StaleVersion
from schemas.protocol import load_profile
from services.kit.store import Store
from services.scheduling import model, service, store

MIGRATIONS = Path(service.__file__).parent / "migrations"
FIELDS = ask.CeremonyFields(title="Lễ mẫu", on=date(2024, 7, 1), start=time(8), end=time(9))


class Office:
    """Gives commands, and looks at what they left."""

    def __init__(self, opened: Store, caller: Caller) -> None:
        self.store, self.caller = opened, caller

    def do(self, command: Callable[..., Versioned], **fields: Any) -> Versioned:
        asked = {
            service.create_ceremony: ask.CreateCeremony,
            service.change_ceremony: ask.ChangeCeremony,
            service.move_ceremony: ask.MoveCeremony,
            service.put_item: ask.PutItem,
            service.add_items: ask.AddItems,
            service.order_items: ask.OrderItems,
            service.remove_item: ask.RemoveItem,
        }[command]
        with self.store.change(self.caller) as tx:
            return command(tx, asked(**fields))

    def create(self, **changes: Any) -> str:
        return self.do(service.create_ceremony, code="le-mau", ceremony=FIELDS.model_copy(update=changes)).id

    def put(self, which: str, version: int, *items: tuple[str, int | None, time | None]) -> int:
        for key, position, start in items:
            item = ask.ItemFields(key=key, title=key, position=position, start=start)
            version = self.do(service.put_item, ceremony_id=which, expected_version=version, item=item).version
        return version

    def part(self, which: str) -> ask.SchedulingPart:
        """What is remembered of the draft is what its rows say."""
        with self.store.read() as conn:
            found = store.find(conn, self.caller.office, which)
            part = store.part(conn, self.caller.office, found.id, None)
            assert part == model.part(found, store.items(conn, found.id))
            return part

    def told(self) -> list[str]:
        return [Event.model_validate_json(row.body).type for row in self.store.unsent()]


@pytest.fixture
def office(new_store: Callable[[str], Store], caller: Caller) -> Office:
    opened = new_store("scheduling")
    opened.open(MIGRATIONS)
    return Office(opened, caller)


def test_ceremony_keeps_every_unknown_as_null(office: Office) -> None:
    which = office.do(service.create_ceremony, code="le", ceremony=ask.CeremonyFields(title="Lễ")).id

    found = office.part(which).ceremony
    assert (found.on, found.start, found.end, found.host, found.venue) == (None, None, None, None, ask.Venue())
    assert (found.version, found.release, found.under_way) == (1, 0, None)
    assert office.told() == ["scheduling.ceremony.planned.v1"]


def test_code_is_taken_once_in_an_office(office: Office) -> None:
    office.create()
    with pytest.raises(model.CodeTaken):
        office.create()


def test_other_office_does_not_see_it(office: Office) -> None:
    which = office.create()
    with pytest.raises(NotFound), office.store.read() as conn:
        store.find(conn, "another", which)


def test_move_keeps_the_distance_of_every_timed_item(office: Office) -> None:
    which = office.create()
    version = office.put(which, 1, ("a", 1, time(8)), ("b", 2, None), ("c", 3, time(8, 40)))

    office.do(service.move_ceremony, ceremony_id=which, expected_version=version, minutes=30)

    part = office.part(which)
    assert (part.ceremony.start, part.ceremony.end) == (time(8, 30), time(9, 30))
    assert [item.start for item in part.items] == [time(8, 30), None, time(9, 10)]
    assert office.told()[-1] == "scheduling.ceremony.moved.v1"


def test_draft_that_another_process_changed_is_seen(new_store: Callable[[str], Store], office: Office) -> None:
    other = Office(new_store("scheduling"), office.caller)
    which = office.create()
    assert other.part(which).items == ()
    office.put(which, 1, ("a", 1, time(8)))
    assert [item.key for item in other.part(which).items] == ["a"]
    other.store.close()


def test_move_to_a_start_moves_the_items_too(office: Office) -> None:
    which = office.create()
    version = office.put(which, 1, ("a", 1, time(8, 10)))
    office.do(
        service.move_ceremony,
        ceremony_id=which,
        expected_version=version,
        to_date=date(2024, 7, 2),
        to_start=time(7),
    )
    part = office.part(which)
    assert (part.ceremony.on, part.ceremony.start, part.items[0].start) == (date(2024, 7, 2), time(7), time(7, 10))


@pytest.mark.parametrize(
    ("changes", "move", "refusal"),
    [
        ({}, {"minutes": 15 * 60 + 1}, model.PastMidnight),  # 09:00 + 15:01
        ({"start": None}, {"minutes": 30}, model.NothingToMove),
        ({}, {}, model.NothingToMove),
        ({"start": None}, {"to_start": time(14)}, model.EndsBeforeStart),  # the end stays at 09:00
    ],
)
def test_move_that_cannot_be_is_refused_and_changes_nothing(
    office: Office, changes: dict[str, Any], move: dict[str, Any], refusal: type[Refusal]
) -> None:
    which = office.create(**changes)
    before = office.part(which)
    with pytest.raises(refusal):
        office.do(service.move_ceremony, ceremony_id=which, expected_version=1, **move)
    assert office.part(which) == before


def test_stale_version_is_refused(office: Office) -> None:
    which = office.create()
    office.put(which, 1, ("a", 1, None))
    with pytest.raises(StaleVersion):
        office.put(which, 1, ("b", 2, None))
    assert [item.key for item in office.part(which).items] == ["a"]


def test_items_stand_by_position_and_the_unplaced_behind_as_listed(office: Office) -> None:
    which = office.create()
    version = office.put(which, 1, ("x", None, None), ("c", 3, None), ("a", 1, None), ("y", None, None))
    assert [item.key for item in office.part(which).items] == ["a", "c", "x", "y"]

    version = office.put(which, version, ("a", 9, None))  # put again elsewhere: it moves, and keeps its id
    assert [item.key for item in office.part(which).items] == ["c", "a", "x", "y"]

    office.do(service.remove_item, ceremony_id=which, expected_version=version, key="c")
    assert [item.key for item in office.part(which).items] == ["a", "x", "y"]


def places(office: Office, which: str) -> list[tuple[str, int | None]]:
    return [(item.key, item.position) for item in office.part(which).items]


def new(*keys: str) -> tuple[ask.ItemFields, ...]:
    return tuple(ask.ItemFields(key=key, title=key, position=77) for key in keys)


def test_items_are_put_into_another_order_together(office: Office) -> None:
    which = office.create()
    version = office.put(which, 1, ("a", 1, time(8)), ("b", 2, None), ("c", 7, None), ("x", None, None))
    ids = {item.key: item.id for item in office.part(which).items}

    version = office.do(
        service.order_items, ceremony_id=which, expected_version=version, keys=("c", "a", "x")
    ).version
    assert places(office, which) == [("c", 1), ("a", 2), ("x", 3), ("b", None)]
    assert {item.key: item.id for item in office.part(which).items} == ids
    assert office.part(which).items[1].start == time(8)

    same = office.do(service.order_items, ceremony_id=which, expected_version=version, keys=("c", "a", "x"))
    assert same.version == version
    assert office.told().count("scheduling.running_order.changed.v1") == 5


@pytest.mark.parametrize(("keys", "refusal"), [(("a", "b", "a"), model.NamedTwice), (("a", "nowhere"), NotFound)])
def test_order_that_cannot_be_is_refused(office: Office, keys: tuple[str, ...], refusal: type[Refusal]) -> None:
    which = office.create()
    version = office.put(which, 1, ("a", 1, None), ("b", 2, None))
    with pytest.raises(refusal):
        office.do(service.order_items, ceremony_id=which, expected_version=version, keys=keys)
    assert places(office, which) == [("a", 1), ("b", 2)]


@pytest.mark.parametrize(
    ("after", "stand"),
    [
        (None, [("n", 1), ("m", 2), ("a", 3), ("b", 4), ("x", None), ("y", None)]),
        ("a", [("a", 1), ("n", 2), ("m", 3), ("b", 4), ("x", None), ("y", None)]),
        ("b", [("a", 1), ("b", 2), ("n", 3), ("m", 4), ("x", None), ("y", None)]),
        ("x", [("a", 1), ("b", 2), ("x", None), ("n", None), ("m", None), ("y", None)]),
    ],
)
def test_items_are_added_together_at_a_place(
    office: Office, after: str | None, stand: list[tuple[str, int | None]]
) -> None:
    which = office.create()
    version = office.put(which, 1, ("a", 2, None), ("b", 4, None), ("x", None, None), ("y", None, None))
    office.do(service.add_items, ceremony_id=which, expected_version=version, items=new("n", "m"), after=after)
    assert places(office, which) == stand


def test_first_items_get_places_and_those_beside_the_unplaced_do_not(office: Office) -> None:
    which = office.create()
    office.do(service.add_items, ceremony_id=which, expected_version=1, items=new("a", "b"))
    assert places(office, which) == [("a", 1), ("b", 2)]
    version = office.do(service.order_items, ceremony_id=which, expected_version=2, keys=()).version
    office.do(service.add_items, ceremony_id=which, expected_version=version, items=new("c"))
    assert places(office, which) == [("c", None), ("a", None), ("b", None)]


@pytest.mark.parametrize(
    ("keys", "after", "refusal"),
    [(("n", "a"), None, model.KeyTaken), (("n", "n"), None, model.KeyTaken), (("n",), "nowhere", NotFound)],
)
def test_items_are_added_all_or_none(
    office: Office, keys: tuple[str, ...], after: str | None, refusal: type[Refusal]
) -> None:
    which = office.create()
    version = office.put(which, 1, ("a", 1, None))
    with pytest.raises(refusal):
        office.do(service.add_items, ceremony_id=which, expected_version=version, items=new(*keys), after=after)
    assert places(office, which) == [("a", 1)]


def test_item_put_again_keeps_its_id_and_the_same_again_changes_nothing(office: Office) -> None:
    which = office.create()
    version = office.put(which, 1, ("a", 1, None))
    first = office.part(which).items[0].id

    assert office.put(which, version, ("a", 1, None)) == version
    office.put(which, version, ("a", 1, time(8)))
    assert office.part(which).items[0].id == first
    assert office.told().count("scheduling.running_order.changed.v1") == 2


def test_hash_follows_the_content_and_not_the_version(office: Office) -> None:
    which = office.create()
    before = office.part(which).hash
    version = office.put(which, 1, ("a", 1, None))
    assert office.part(which).hash != before
    office.do(service.remove_item, ceremony_id=which, expected_version=version, key="a")
    assert office.part(which).hash == before


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"timezone": "Asia/Ha_Noi"}, model.UnknownZone),
        ({"profile": "vn-nowhere"}, model.UnknownProfile),
        ({"start": time(10), "end": time(9)}, model.EndsBeforeStart),
    ],
)
def test_ceremony_that_cannot_be_is_refused(office: Office, wrong: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        office.create(**wrong)
    assert office.told() == []


# What is still unknown.


def test_open_points_are_those_of_the_draft_with_the_items_they_are_about(office: Office) -> None:
    known = {"host": "UBND tỉnh", "venue": ask.Venue(name="Quảng trường"), "document_number": "1/GM", "on": None}
    which = office.create(**known)
    speech = ask.ItemFields(key="s", title="Diễn văn", kind="speech", position=1, start=time(8), minutes=5)
    version = office.do(service.put_item, ceremony_id=which, expected_version=1, item=speech).version
    office.put(which, version, ("a", None, time(8)), ("b", None, None))
    part = office.part(which)
    points = open_points.open_points(part.ceremony, part.items, load_profile(part.ceremony.profile))
    assert [(point.problem.text(), point.keys) for point in points] == [
        ("The administrative unit of the venue is not known yet.", ()),
        ("The day of the ceremony is not known yet.", ()),
        ("Who signs the invitation is not known yet.", ()),
        ("Items without a place in the running order: 2 of 3 (a; b).", ("a", "b")),
        ("Items without a start: 1 of 3 (b).", ("b",)),
        ("Items without a duration: 2 of 3 (a; b).", ("a", "b")),
        ("Speeches without a speaker: 1 of 1 (Diễn văn).", ("s",)),
    ]


def test_open_points_name_a_dozen_items_at_most(office: Office) -> None:
    items = tuple(ask.ItemFields(key=f"{n}", title=f"Mục {n}", minutes=1, position=n) for n in range(14))
    *_, start = open_points.open_points(FIELDS, items, load_profile("plain"))
    assert start.problem.text().endswith("14 of 14 (" + "; ".join(f"Mục {n}" for n in range(12)) + "; …).")
    assert len(start.keys) == 14

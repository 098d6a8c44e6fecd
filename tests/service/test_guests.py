"""Guests on its real store: imports, releases, single guests, shared people, on both engines."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from schemas import guests as ask
from schemas.differences import CompareRelease, Differences, FieldDifference
from schemas.envelope import Caller, Grant, Versioned
from schemas.errors import Invalid, NotFound, StaleVersion
from schemas.guests import GroupFields, Guest, GuestFields, GuestsPart, GuestsPlan, PersonFields, PlannedGuest, Post
from schemas.parts import CommitPart, DropPart, FreezePart, Frozen, PartChange, PartCommitted
from schemas.rights import NotAllowed, rights
from services.guests import present, questions, service
from services.guests import store as sql
from services.guests.model.lists import CodeTaken
from services.guests.store import Listing
from services.kit import tables
from services.kit.context import work_for
from services.kit.remembered import Remembered
from services.kit.store import Connection, Store, Tx

NewStore = Callable[[str], Store]
MIGRATIONS = Path(service.__file__).parent / "migrations"
CEREMONY = "0190a1b2-0000-7000-8000-00000000000a"
OTHER = "0190a1b2-0000-7000-8000-00000000000b"
ON = date(2024, 7, 1)


@pytest.fixture
def store(new_store: NewStore, caller: Caller) -> Store:
    store = new_store("guests")
    store.open(MIGRATIONS)
    work_for(caller)
    return store


class Office:
    """What one office asks of guests, each time in a transaction of its own."""

    def __init__(self, store: Store, name: str = "office", caller: Caller | None = None) -> None:
        self.store, self.caller = store, caller or Caller(office=name, auth="system")

    @contextmanager
    def change(self) -> Iterator[Tx]:
        work_for(self.caller)
        with self.store.change(self.caller) as tx:
            yield tx

    def stage(
        self, plan: GuestsPlan, saga: str = "s1", ceremony: str = CEREMONY, on: date | None = ON
    ) -> ask.StagedGuests:
        command = ask.StageGuests(saga=saga, ceremony_id=ceremony, profile="vn-province", on=on, plan=plan)
        with self.change() as tx:
            return service.stage(tx, command)

    def commit(self, saga: str = "s1", ceremony: str = CEREMONY) -> PartCommitted:
        with self.change() as tx:
            return service.commit(tx, CommitPart(saga=saga, ceremony_id=ceremony))

    def imports(self, plan: GuestsPlan, saga: str = "s1", ceremony: str = CEREMONY) -> PartCommitted:
        self.stage(plan, saga, ceremony)
        return self.commit(saga, ceremony)

    def freeze(self, release: int, profile: str = "vn-province") -> Frozen:
        with self.change() as tx:
            command = FreezePart(ceremony_id=CEREMONY, release=release, profile=profile, saga="r")
            return service.freeze(tx, command)

    def part(self, release: int | None = None, ceremony: str = CEREMONY) -> GuestsPart:
        work_for(self.caller)
        with self.store.read() as conn:
            return questions.get_part(conn, ask.GetGuests(ceremony_id=ceremony, release=release))

    def names(self) -> list[str]:
        return [guest.address for guest in self.part().guests]

    def add(self, guest: GuestFields, version: int | None = None) -> Versioned:
        with self.change() as tx:
            command = ask.AddGuest(ceremony_id=CEREMONY, expected_version=version, guest=guest)
            return service.add_guest(tx, command)

    def replace(self, guest_id: str, guest: GuestFields, version: int, ceremony: str = CEREMONY) -> Versioned:
        with self.change() as tx:
            command = ask.ChangeGuest(ceremony_id=ceremony, guest_id=guest_id, expected_version=version, guest=guest)
            return service.change_guest(tx, command)

    def remove(self, guest_id: str, version: int, ceremony: str = CEREMONY) -> Versioned:
        with self.change() as tx:
            return service.remove_guest(
                tx, ask.RemoveGuest(ceremony_id=ceremony, guest_id=guest_id, expected_version=version)
            )

    def page(self, ceremony: str = CEREMONY, **question: Any) -> ask.GuestPage:
        work_for(self.caller)
        with self.store.read() as conn:
            return questions.list_guests(conn, ask.ListGuests(ceremony_id=ceremony, **question))

    def guest(self, guest_id: str, ceremony: str = CEREMONY) -> Guest:
        work_for(self.caller)
        with self.store.read() as conn:
            return questions.get_guest(conn, ask.GetGuest(ceremony_id=ceremony, guest_id=guest_id))


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


def person(ref: str, name: str, *titles: str, **fields: Any) -> PlannedGuest:
    only = {key: fields.pop(key) for key in ("rank", "honorific", "email", "phone", "born_on") if key in fields}
    posts = tuple(Post(title=title) for title in titles)
    return PlannedGuest(ref=ref, person=PersonFields(name=name, posts=posts, **only), **fields)


TOI = person(
    "tới",
    "Lê Tấn Tới",
    "Chủ nhiệm Ủy ban Quốc phòng và An ninh của Quốc hội",
    rank="Trung tướng",
    email="toi@example.org",
    born_on=date(1964, 1, 1),
)
HIEU = person("hiếu", "Nguyễn Văn Hiếu", "Bí thư Thành ủy Cần Thơ", side="host", honorific="Ông", seat="A2")
FORCE = PlannedGuest(
    ref="lực lượng",
    side="host",
    code="LL",
    group=GroupFields(
        label="Lực lượng tham gia bảo vệ an ninh, trật tự ở cơ sở",
        head_count=728,
        head_count_kind="claimed",
        roll=("Nguyễn Văn An", "Trần Thị Bình", "Nguyễn Văn An"),
        posts=(Post(title="Chủ tịch UBND xã", organisation="UBND xã Nhơn Ái", since=date(2024, 1, 2), cls="chair"),),
    ),
)
PLAN = GuestsPlan(guests=(FORCE, HIEU, TOI))
ALL = ["Trung tướng Lê Tấn Tới", "Ông Nguyễn Văn Hiếu", "Lực lượng tham gia bảo vệ an ninh, trật tự ở cơ sở"]


def events(store: Store) -> list[tuple[str, dict[str, Any]]]:
    bodies = [json.loads(row.body) for row in store.unsent()]
    return [(body["type"], body["data"]) for body in bodies]


def rows(store: Store, table: sa.Table) -> int:
    with store.read() as conn:
        return int(conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_migrations_make_exactly_the_declared_tables(store: Store) -> None:
    declared = sa.MetaData()
    for table in (*tables.metadata.tables.values(), *sql.metadata.tables.values()):
        table.to_metadata(declared)
    with store.read() as conn:
        assert compare_metadata(MigrationContext.configure(conn), declared) == []


# Importing.


def test_a_check_tells_what_would_change_and_keeps_nothing(store: Store, office: Office) -> None:
    question = ask.CheckGuests(ceremony_id=None, profile="vn-province", on=ON, plan=PLAN)
    with store.read() as conn:
        checked = service.check(conn, question)
    assert (checked.change, checked.problems) == (PartChange(created=3), ())
    assert list(checked.ids) == ["lực lượng", "hiếu", "tới"]
    assert office.part() == GuestsPart(guests=(), version=0, hash=office.part().hash)
    with pytest.raises(NotFound):
        office.commit()


def test_an_import_makes_the_staged_list_the_present_one(store: Store, office: Office) -> None:
    staged = office.stage(PLAN)
    assert office.names() == []
    committed = office.commit()
    part = office.part()
    assert committed == PartCommitted(version=1, hash=staged.hash)
    assert (part.version, part.hash, part.release) == (1, staged.hash, None)
    assert [guest.address for guest in part.guests] == ALL
    assert [guest.id for guest in part.guests] == [staged.ids[ref] for ref in ("tới", "hiếu", "lực lượng")]
    assert events(store) == [
        ("guests.list.imported.v1", {"version": 1, "created": 3, "updated": 0, "removed": 0, "count": 3})
    ]


def test_what_was_written_is_read_back_word_for_word(office: Office) -> None:
    office.imports(PLAN)
    written = [row.model_dump(exclude={"ref"}) for row in (TOI, HIEU, FORCE)]
    assert [guest.model_dump(include=set(GuestFields.model_fields)) for guest in office.part().guests] == written


def test_a_commit_repeated_answers_the_same_and_does_nothing(store: Store, office: Office) -> None:
    first = office.imports(PLAN)
    office.imports(GuestsPlan(), saga="s2")
    assert office.commit("s1") == first
    assert office.names() == []
    assert len(events(store)) == 2


def test_an_unchanged_import_changes_and_tells_nothing(store: Store, office: Office) -> None:
    first, part = office.imports(PLAN), office.part()
    again = office.stage(GuestsPlan(guests=(TOI, FORCE, HIEU)), "s2")
    assert (again.change, again.hash) == (PartChange(unchanged=3), first.hash)
    assert {ref: again.ids[ref] for ref in ("tới", "hiếu")} == {
        "tới": part.guests[0].id,
        "hiếu": part.guests[1].id,
    }
    assert office.commit("s2") == first
    assert office.part() == part
    assert len(events(store)) == 1


def test_an_import_updates_whom_it_knows_and_removes_who_is_gone(store: Store, office: Office) -> None:
    office.imports(PLAN)
    before = {guest.address: guest for guest in office.part().guests}
    hieu = HIEU.model_copy(update={"seat": "A1"})
    new = person("mới", "Phạm Văn Hiểu", "Chủ tịch HĐND TP Cần Thơ", side="host", honorific="Ông")
    assert office.stage(GuestsPlan(guests=(TOI, hieu, new)), "s2").change == PartChange(
        created=1, updated=1, removed=1, unchanged=1
    )
    office.commit("s2")
    after = {guest.address: guest for guest in office.part().guests}
    assert list(after) == ["Trung tướng Lê Tấn Tới", "Ông Nguyễn Văn Hiếu", "Ông Phạm Văn Hiểu"]
    assert after[ALL[0]] == before[ALL[0]]
    assert (after[ALL[1]].id, after[ALL[1]].version, after[ALL[1]].seat) == (before[ALL[1]].id, 2, "A1")
    assert events(store)[1][1] == {"version": 2, "created": 1, "updated": 1, "removed": 1, "count": 3}


def test_what_an_import_changed_is_kept_apart_from_its_event(store: Store, office: Office) -> None:
    office.imports(PLAN)
    hieu = HIEU.model_copy(update={"seat": "A1"})
    ids = office.stage(GuestsPlan(guests=(TOI, hieu)), "s2").ids
    force = office.part().guests[2].id
    office.commit("s2")
    with store.read() as conn:
        *_, changed = conn.execute(sa.select(tables.changes).order_by(tables.changes.c.event_id))
    before, after = json.loads(changed.before), json.loads(changed.after)
    assert sorted(before) == sorted((ids["hiếu"], force))
    assert list(after) == [ids["hiếu"]]
    assert (before[ids["hiếu"]]["seat"], after[ids["hiếu"]]["seat"]) == ("A2", "A1")
    bodies = "".join(row.body for row in store.unsent())
    assert [word for word in ("Hiếu", "Tới", "example.org") if word in bodies] == []


def test_another_day_under_other_rules_counts_whose_words_change(office: Office) -> None:
    retired = HIEU.model_copy(
        update={"person": PersonFields(name="An", posts=(Post(title="Bí thư Thành ủy Cần Thơ", until=ON),))}
    )
    office.imports(GuestsPlan(guests=(TOI, retired)))
    later = office.stage(GuestsPlan(guests=(TOI, retired)), "s2", on=date(2024, 7, 2))
    assert later.change == PartChange(updated=1, unchanged=1)
    assert office.commit("s2") == PartCommitted(version=2, hash=later.hash)
    assert [(guest.position, guest.version) for guest in office.part().guests] == [(1, 1), (None, 1)]


def test_a_plan_with_an_error_tells_everything_and_is_not_laid_aside(office: Office) -> None:
    again = FORCE.model_copy(update={"ref": "again"})
    stranger = person("lạ", "Ẩn Danh", "Chủ nhiệm câu lạc bộ cờ tướng")
    staged = office.stage(GuestsPlan(guests=(*PLAN.guests, again, stranger)))
    assert [problem.severity for problem in staged.problems] == ["error", "warning"]
    with pytest.raises(NotFound):
        office.commit()


def test_a_profile_that_is_not_in_force_is_a_problem(office: Office) -> None:
    (problem,) = office.stage(PLAN, on=date(1990, 1, 1)).problems
    assert (problem.severity, problem.file) == ("error", "ceremony.yaml")
    assert problem.text().startswith("The protocol profile vn-province does not hold on 1990-01-01.")


def test_a_name_of_blanks_only_is_a_problem_of_the_guest_list(office: Office) -> None:
    (problem,) = office.stage(GuestsPlan(guests=(TOI, person("x", "\u200b ")))).problems
    assert (problem.file, problem.text()) == ("guests", "guests: guests.1.person.name: Field required")


def test_the_longest_and_largest_values_reach_the_database(office: Office) -> None:
    crowd = GroupFields(label="Đ" * 400, head_count=100_000_000, posts=(Post(title="Đ" * 400, level="x" * 4000),))
    long = PlannedGuest(ref="x", group=crowd, code="9" * 4000, note="Đ" * 40_000)
    office.imports(GuestsPlan(guests=(long,)))
    assert [guest.group for guest in office.part().guests] == [crowd]


def test_a_later_stage_of_one_saga_replaces_the_earlier(office: Office) -> None:
    office.stage(PLAN)
    office.stage(GuestsPlan(guests=(TOI,)))
    office.commit()
    assert office.names() == ALL[:1]


def test_a_dropped_part_is_forgotten(office: Office) -> None:
    first = office.imports(PLAN)
    office.stage(GuestsPlan(), "s2")
    with office.change() as tx:
        assert service.drop(tx, DropPart(saga="s2")) == first
    with pytest.raises(NotFound):
        office.commit("s2")


def test_an_import_wins_over_a_guest_added_while_it_was_under_way(store: Store, office: Office) -> None:
    office.imports(PLAN)
    staged = office.stage(PLAN, "s2")
    office.add(person("x", "Lê Văn Cường"))
    assert office.commit("s2") == PartCommitted(version=3, hash=staged.hash)
    assert office.names() == ALL
    assert office.part().hash == staged.hash
    assert events(store)[-1][1] == {"version": 3, "created": 0, "updated": 0, "removed": 1, "count": 3}


def test_a_guest_removed_while_an_import_was_under_way_comes_back(office: Office) -> None:
    office.imports(PLAN)
    staged = office.stage(PLAN, "s2")
    office.remove(staged.ids["hiếu"], 1)
    office.commit("s2")
    assert office.names() == ALL
    assert office.part().guests[1].id == staged.ids["hiếu"]


# Releasing.


def test_a_release_stays_as_it_was(office: Office) -> None:
    office.imports(PLAN)
    frozen, part = office.freeze(1), office.part()
    office.imports(GuestsPlan(), "s2")
    assert office.freeze(1) == frozen == Frozen(version=1, hash=part.hash)
    assert office.part(1) == part.model_copy(update={"release": 1})
    assert office.freeze(2).version == 2
    with pytest.raises(NotFound):
        office.part(3)


def test_a_release_follows_the_profile_it_is_told(office: Office) -> None:
    office.imports(PLAN)
    office.freeze(1, "plain")
    by_alphabet = [
        "Ông Nguyễn Văn Hiếu",
        "Lực lượng tham gia bảo vệ an ninh, trật tự ở cơ sở",
        "Trung tướng Lê Tấn Tới",
    ]
    assert [guest.address for guest in office.part(1).guests] == by_alphabet
    assert (office.names(), office.part().hash) == (by_alphabet, office.part(1).hash)


def test_a_ceremony_without_guests_can_be_released(office: Office) -> None:
    assert office.freeze(1).version == 0
    assert office.part(1).guests == ()


# Single guests.


def test_a_guest_is_added_changed_and_removed(store: Store, office: Office) -> None:
    office.imports(PLAN)
    added = office.add(person("x", "Phạm Văn Hiểu", "Chủ tịch HĐND TP Cần Thơ", side="host"), 1)
    assert (added.version, office.guest(added.id).position) == (1, 3)
    changed = office.replace(added.id, person("x", "Phạm Văn Hiểu", "Bộ trưởng Bộ Công an"), 1)
    assert (changed, office.guest(added.id).position) == (Versioned(id=added.id, version=2), 2)
    assert office.replace(added.id, person("x", " Phạm  Văn Hiểu", "Bộ trưởng Bộ Công an"), 2) == changed
    assert office.remove(added.id, 2) == Versioned(id=added.id, version=3)
    assert office.names() == ALL
    assert office.part().version == 4
    assert events(store)[1:] == [
        ("guests.guest.added.v1", {"guest_id": added.id, "version": 2}),
        ("guests.guest.changed.v1", {"guest_id": added.id, "version": 3}),
        ("guests.guest.removed.v1", {"guest_id": added.id, "version": 4}),
    ]
    with store.read() as conn:
        found = conn.execute(sa.select(tables.changes.c.before, tables.changes.c.after)).all()
    told = sorted((bool(before), bool(after)) for before, after in found)
    assert told == [(False, True), (True, False), (True, True), (True, True)]


def test_a_guest_is_changed_on_the_version_that_was_seen(office: Office) -> None:
    office.imports(PLAN)
    toi = office.part().guests[0].id
    office.replace(toi, TOI.model_copy(update={"seat": "A1"}), 1)
    acts: list[Callable[[], object]] = [
        lambda: office.replace(toi, TOI, 1),
        lambda: office.remove(toi, 1),
        lambda: office.add(HIEU, 1),
    ]
    for act in acts:
        with pytest.raises(StaleVersion):
            act()
    assert office.part().version == 2


def test_equal_lists_have_equal_hashes_whatever_their_versions(office: Office) -> None:
    office.imports(PLAN)
    before = office.part()
    toi = before.guests[0].id
    office.replace(toi, TOI.model_copy(update={"seat": "A1"}), 1)
    assert office.part().hash != before.hash
    office.replace(toi, TOI, 2)
    assert (office.part().version, office.guest(toi).version, office.part().hash) == (3, 3, before.hash)


def test_a_code_belongs_to_one_guest(office: Office) -> None:
    office.imports(PLAN)
    toi, _, force = office.part().guests
    with pytest.raises(CodeTaken):
        office.add(person("x", "Lê Văn Cường", code="ll"))
    with pytest.raises(CodeTaken):
        office.replace(toi.id, TOI.model_copy(update={"code": "LL"}), 1)
    assert office.replace(force.id, FORCE.model_copy(update={"seat": "B"}), 1).version == 2


def test_guests_that_could_not_be_are_refused(office: Office) -> None:
    office.imports(PLAN)
    with pytest.raises(Invalid):
        office.add(GuestFields(person=PersonFields(name="\u200b ")))
    with pytest.raises(NotFound):
        office.guest("nobody")
    with pytest.raises(NotFound):
        office.remove("nobody", 1)


def test_guests_wait_until_their_list_is_opened(office: Office) -> None:
    with pytest.raises(NotFound):
        office.add(TOI)
    with office.change() as tx:
        service.open_list(tx, CEREMONY, Listing(0, "vn-province", ON))
    office.add(TOI, 0)
    assert office.names() == ALL[:1]


def test_guests_are_listed_in_pages(office: Office) -> None:
    office.imports(PLAN)
    first = office.page(limit=2)
    second = office.page(limit=2, after=first.next)
    assert [[guest.address for guest in page.guests] for page in (first, second)] == [ALL[:2], ALL[2:]]
    assert [(page.total, page.version) for page in (first, second)] == [(3, 1), (3, 1)]
    assert (second.next, office.page(limit=3).next) == (None, None)


def test_text_is_kept_in_one_normal_form(office: Office) -> None:
    name, note = "  Nguye\u0302\u0303n\u202e A ", "một\r\n hai\u200b"
    office.imports(GuestsPlan(guests=(person("a", name, honorific=" ", note=note),)))
    (guest,) = office.part().guests
    assert guest.person == PersonFields(name="Nguyễn A")
    assert guest.note == "một\nhai"


def test_another_offices_guests_are_not_found(store: Store, office: Office) -> None:
    office.imports(PLAN)
    office.freeze(1)
    toi = office.part().guests[0].id
    stranger = Office(store, "other")
    for act in (
        stranger.part,
        lambda: stranger.part(1),
        lambda: stranger.stage(GuestsPlan(), "s9"),
        lambda: stranger.freeze(2),
        lambda: stranger.commit("s1"),
        lambda: stranger.guest(toi),
        lambda: stranger.add(HIEU),
        lambda: stranger.replace(toi, HIEU, 1),
        lambda: stranger.remove(toi, 1),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_guest_of_another_ceremony_is_not_found(office: Office) -> None:
    office.imports(PLAN)
    office.imports(GuestsPlan(guests=(HIEU,)), "s2", OTHER)
    toi = office.part().guests[0].id
    for act in (
        lambda: office.guest(toi, OTHER),
        lambda: office.replace(toi, HIEU, 1, OTHER),
        lambda: office.remove(toi, 1, OTHER),
    ):
        with pytest.raises(NotFound):
            act()
    assert office.guest(toi).version == 1


# Who sees addresses.


def as_role(store: Store, role: str, ceremony: str | None) -> Office:
    grants = (Grant(role=role, ceremony_id=ceremony),)
    return Office(store, caller=Caller(office="office", auth="user", actor="u1", grants=grants))


def contacts(guests: Iterable[Guest]) -> set[tuple[str | None, str | None]]:
    named = {(one.person.email, one.person.phone) for one in guests if one.person}
    return named | {(one.group.email, None) for one in guests if one.group}


def everything_shown(office: Office) -> list[Guest]:
    """All that guests answers about the guests of the ceremony, in every way there is to ask."""
    listed = office.page().guests
    one_by_one = [office.guest(guest.id) for guest in listed]
    return [*listed, *one_by_one, *office.part().guests, *office.part(1).guests]


REACHABLE = GuestsPlan(
    guests=(
        person("tới", "Lê Tấn Tới", email="toi@example.org", phone="0900 000 001"),
        PlannedGuest(ref="đội", group=GroupFields(label="Đội 1", email="doi1@example.org")),
    )
)


@pytest.mark.parametrize("ceremony", [None, CEREMONY])
@pytest.mark.parametrize("role", sorted(rights().actions["guests.see"].roles))
def test_only_who_needs_addresses_sees_them(store: Store, office: Office, role: str, ceremony: str | None) -> None:
    office.imports(REACHABLE)
    office.freeze(1)
    known = {("toi@example.org", "0900 000 001"), ("doi1@example.org", None)}
    expected = known if role in rights().actions["guests.contact"].roles else {(None, None)}
    asker = as_role(store, role, ceremony)
    assert contacts(everything_shown(asker)) == expected
    assert asker.part().hash == office.part().hash


def test_addresses_of_one_ceremony_are_not_those_of_another(store: Store, office: Office) -> None:
    office.imports(REACHABLE, ceremony=OTHER)
    desk = as_role(store, "guest_desk", CEREMONY)
    assert contacts(desk.page(OTHER).guests) == {(None, None)}


def test_whoever_changes_guests_also_sees_their_addresses() -> None:
    """Or a change would write the addresses that were held back as unknown."""
    actions = rights().actions
    assert set(actions["guests.change"].roles) <= set(actions["guests.contact"].roles)


# The order is worked out once per version.


def test_the_order_is_worked_out_once_per_version(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.imports(PLAN)
    read: list[int] = []
    guests = sql.guests

    def counted(*args: Any, **named: Any) -> Any:
        found = guests(*args, **named)
        read.append(len(found))
        return found

    monkeypatch.setattr(sql, "guests", counted)
    parts = [office.part() for _ in range(3)]
    assert (read, parts[0]) == ([3], parts[2])
    added = office.add(person("x", "Lê Văn Cường"))
    assert [len(office.part().guests), len(office.part().guests), read] == [4, 4, [3, 1]]
    office.remove(added.id, 1)
    assert [office.part().guests, read] == [parts[0].guests, [3, 1, 0]]


def test_an_order_brought_up_to_date_is_that_of_a_fresh_reader(
    new_store: NewStore, store: Store, office: Office
) -> None:
    """Two processes on one database, each with its own order: one reads late, and never reads the whole again."""
    office.imports(PLAN)
    other = Office(new_store("guests"))
    assert other.names() == office.names()
    quang = person("quang", "Bùi Tuấn Quang", "Phó Trưởng Ban Dân vận Trung ương", honorific="Ông")
    steps: list[Callable[[], object]] = [
        lambda: office.add(quang),
        lambda: office.add(person("x", "Lê Văn Cường")),
        lambda: office.replace(office.part().guests[0].id, person("y", "Trần Văn Tới", "Chủ tịch UBND xã"), 1),
        lambda: office.remove(office.part().guests[-1].id, 1),
        lambda: office.imports(GuestsPlan(guests=(TOI, quang)), "s2"),
        lambda: office.imports(PLAN, "s3"),
        lambda: office.freeze(1),
    ]
    for step in steps:
        step()
        fresh = Office(new_store("guests"))
        assert office.part() == other.part() == fresh.part()
        assert office.page().guests == fresh.part().guests
    other.store.close()


def test_a_change_that_fails_leaves_no_trace_in_the_order(office: Office) -> None:
    office.imports(PLAN)

    def fail() -> None:
        with office.change() as tx:
            service.add_guest(tx, ask.AddGuest(ceremony_id=CEREMONY, guest=person("x", "Lê Văn Cường")))
            raise StaleVersion(what="x", expected=1, actual=2)

    with pytest.raises(StaleVersion):
        fail()
    office.add(person("y", "Bùi Tuấn Quang", "Phó Trưởng Ban Dân vận Trung ương", honorific="Ông"))
    assert [name for name in office.names() if name not in ALL] == ["Ông Bùi Tuấn Quang"]


def test_old_orders_make_room_for_new_ones(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(present, "_lists", Remembered[present.Present](3))
    office.imports(PLAN)
    office.imports(PLAN, "s2", OTHER)
    for _ in range(2):
        assert [len(office.part(ceremony=ceremony).guests) for ceremony in (CEREMONY, OTHER)] == [3, 3]


# Finding guests.


CROWD = GuestsPlan(
    guests=(
        TOI,
        HIEU,
        FORCE,
        person("hiểu", "Phạm Văn Hiểu", "Chủ tịch HĐND TP Cần Thơ", side="host", note="đón ở sân bay"),
        person("đào", "Đào Thị Điệp", "Chủ nhiệm câu lạc bộ cờ tướng", code="K-07", delegation="Đoàn Hậu Giang"),
    )
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("hieu", ["hiếu", "hiểu"]),
        ("hiếu", ["hiếu", "hiểu"]),
        ("Hie\u0302\u0301u", ["hiếu", "hiểu"]),
        ("hiểu phạm", ["hiểu"]),
        ("  HIEU   CHU tich ", ["hiểu"]),
        ("uỷ", ["hiếu", "tới"]),
        ("trung tuong", ["tới"]),
        ("dien", []),
        ("diep dao", ["đào"]),
        ("Đ", ["hiểu", "đào"]),
        ("k 07", ["đào"]),
        ("K-07", ["đào"]),
        ("hau giang", ["đào"]),
        ("san bay", ["hiểu"]),
        ("luc luong trat tu", ["lực lượng"]),
        ("NHON AI", ["lực lượng"]),
        ("example", []),
        ("100%", []),
        ("_", ["hiếu", "hiểu", "lực lượng", "tới", "đào"]),
        ("", ["hiếu", "hiểu", "lực lượng", "tới", "đào"]),
    ],
)
def test_guests_are_found_by_the_beginnings_of_words(office: Office, typed: str, found: list[str]) -> None:
    ids = office.stage(CROWD).ids
    office.commit()
    refs = {guest_id: ref for ref, guest_id in ids.items()}
    page = office.page(filter=typed)
    assert sorted(refs[guest.id] for guest in page.guests) == sorted(found)
    assert page.total == len(found)
    assert [guest.id for guest in page.guests] == [one.id for one in office.part().guests if refs[one.id] in found]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"side": "host"}, ["hiếu", "hiểu", "lực lượng"]),
        ({"needs_ranking": True}, ["đào"]),
        ({"needs_ranking": False, "side": "guest"}, ["tới"]),
        ({"has_address": True}, ["tới"]),
        ({"has_address": False, "filter": "hieu"}, ["hiếu", "hiểu"]),
        ({"introduced": "collectively"}, ["lực lượng"]),
    ],
)
def test_guests_are_filtered_by_what_holds_of_them(office: Office, wanted: dict[str, Any], found: list[str]) -> None:
    ids = office.stage(CROWD).ids
    office.commit()
    assert {guest.id for guest in office.page(**wanted).guests} == {ids[ref] for ref in found}


def test_guests_are_told_by_their_ids_in_order_of_precedence(office: Office) -> None:
    ids = office.stage(CROWD).ids
    office.commit()
    everybody = [guest.id for guest in office.page().guests]
    assert set(everybody) == set(ids.values())
    page = office.page(guest_ids=(everybody[3], "nobody", everybody[1], everybody[1]))
    assert ([guest.id for guest in page.guests], page.total) == ([everybody[1], everybody[3]], 2)


def test_pages_go_on_though_the_list_changes(office: Office) -> None:
    """The last guest shown is moved to the top, one before is removed, one comes in before: nobody twice or never."""
    names = [f"Nguyễn Văn {letter}" for letter in "ABCDEFGH"]
    office.imports(GuestsPlan(guests=tuple(person(name, name) for name in names)))
    first = office.page(limit=4)
    assert [guest.address[-1] for guest in first.guests] == list("ABCD")
    office.replace(first.guests[3].id, TOI, 1)
    office.remove(first.guests[1].id, 1)
    office.add(person("x", "Nguyễn Văn AA"))
    second = office.page(limit=3, after=first.next)
    assert [guest.address[-1] for guest in second.guests] == list("EFG")
    third = office.page(limit=3, after=second.next)
    assert ([guest.address[-1] for guest in third.guests], third.next, third.total) == (["H"], None, 8)


def found(office: Office, text: str, **question: Any) -> list[tuple[str, str]]:
    """Ceremony and form of address of those found."""
    work_for(office.caller)
    with office.store.read() as conn:
        told = questions.search(conn, ask.SearchGuests(text=text, **question)).guests
    return [(one.ceremony_id, one.address) for one in told]


def test_search_finds_the_best_first_on_all_lists(store: Store, office: Office) -> None:
    office.imports(CROWD)
    office.imports(GuestsPlan(guests=(HIEU,)), "s2", OTHER)
    Office(store, "another").imports(PLAN, "s3", "0190a1b2-0000-7000-8000-00000000000c")
    hieu, hieu_too, pham = (OTHER, "Ông Nguyễn Văn Hiếu"), (CEREMONY, "Ông Nguyễn Văn Hiếu"), "Ông (Bà) Phạm Văn Hiểu"
    assert found(office, "hieu") == [hieu, hieu_too, (CEREMONY, pham)]
    assert found(office, "hiểu") == [(CEREMONY, pham), hieu, hieu_too]
    assert found(office, "hieu", limit=1) == [hieu]
    assert found(office, "hieu", ceremony_id=OTHER) == [hieu]
    assert found(office, "van can tho") == [hieu, hieu_too, (CEREMONY, pham)]
    assert found(office, "?!") == found(office, "nobody") == []


def test_search_shows_lists_that_the_asker_may_see(store: Store, office: Office) -> None:
    office.imports(CROWD)
    office.imports(GuestsPlan(guests=(HIEU,)), "s2", OTHER)
    desk = as_role(store, "guest_desk", OTHER)
    assert found(desk, "hieu") == [(OTHER, "Ông Nguyễn Văn Hiếu")]
    assert found(as_role(store, "printer", OTHER), "hieu") == []
    with pytest.raises(NotAllowed):
        found(desk, "hieu", ceremony_id=CEREMONY)


def test_numbers_of_a_list(store: Store, office: Office) -> None:
    def summary() -> ask.GuestsSummary:
        work_for(office.caller)
        with store.read() as conn:
            return questions.summary(conn, ask.SummariseGuests(ceremony_id=CEREMONY))

    assert summary().total == 0
    office.imports(CROWD)
    assert summary() == ask.GuestsSummary(
        version=1,
        total=5,
        persons=4,
        groups=1,
        heads=728,
        sides={"guest": 2, "host": 3},
        introduced={"by_name": 4, "collectively": 1},
        states={"to_invite": 5},
        needs_ranking=1,
        without_address=4,
    )


# How the draft differs from a release.


def compared(office: Office, release: int | None = None) -> Differences:
    work_for(office.caller)
    with office.store.read() as conn:
        return questions.compare_release(conn, CompareRelease(ceremony_id=CEREMONY, release=release))


def test_draft_is_compared_with_the_last_release_by_what_is_written(office: Office) -> None:
    assert compared(office) == Differences(release=0)
    ids = office.stage(PLAN).ids
    office.commit()
    office.freeze(1)
    assert compared(office) == Differences(release=1)
    office.replace(ids["hiếu"], HIEU.model_copy(update={"seat": "A1"}), 1)
    office.remove(ids["lực lượng"], 1)
    new = office.add(person("x", "Lê Văn Cường"))
    found = compared(office)
    assert (found.created, found.changed, found.removed) == (1, 1, 1)
    told = {one.key: (one.kind, one.what, one.label, one.fields) for one in found.differences}
    seat = (FieldDifference(name="seat", before="A2", after="A1"),)
    assert told == {
        ids["hiếu"]: ("guest", "changed", "Nguyễn Văn Hiếu", seat),
        ids["lực lượng"]: ("guest", "removed", "Lực lượng tham gia bảo vệ an ninh, trật tự ở cơ sở", ()),
        new.id: ("guest", "created", "Lê Văn Cường", ()),
    }
    office.freeze(2)
    assert (compared(office).differences, compared(office, 1)) == ((), found)
    with pytest.raises(NotFound):
        compared(office, 3)


def test_changed_addresses_differ_for_who_may_see_them(store: Store, office: Office) -> None:
    office.imports(PLAN)
    office.freeze(1)
    toi = office.part().guests[0]
    other = TOI.model_copy(
        update={"person": TOI.person and TOI.person.model_copy(update={"email": "khac@example.org"})}
    )
    office.replace(toi.id, other, 1)
    (told,) = compared(as_role(store, "guest_desk", CEREMONY)).differences
    assert told.fields == (FieldDifference(name="person.email", before="toi@example.org", after="khac@example.org"),)
    assert compared(as_role(store, "auditor", CEREMONY)).differences == ()


def test_of_many_differences_so_many_are_shown_and_all_counted(office: Office) -> None:
    office.imports(GuestsPlan())
    office.freeze(1)
    office.imports(GuestsPlan(guests=tuple(person(str(n), f"Nguyễn Văn {n}") for n in range(250))), "s2")
    found = compared(office)
    assert (found.created, len(found.differences)) == (250, 200)


# People and organisations, whom the ceremonies of an office share.


def persons_of(store: Store) -> list[str]:
    """Which person each guest is, by name and ceremony."""
    with store.read() as conn:
        found = sa.select(sql.guest.c.person_id).where(sql.guest.c.person_id.is_not(None))
        return list(conn.execute(found.order_by(sql.guest.c.name, sql.guest.c.ceremony_id)).scalars())


def persons_of_others(conn: Connection, guest_id: str) -> set[str]:
    return set(conn.execute(sa.select(sql.guest.c.person_id).where(sql.guest.c.id != guest_id)).scalars())


def test_one_person_may_be_a_guest_of_several_ceremonies(store: Store, office: Office) -> None:
    office.imports(PLAN)
    mail_only = person("tới", "LÊ TẤN TỚI", "Đại biểu Quốc hội", email="Toi@example.org")
    hieu = HIEU.model_copy(update={"seat": None, "note": "khách mời"})
    office.imports(GuestsPlan(guests=(mail_only, hieu)), "s2", OTHER)
    assert len(set(persons_of(store))) == 2
    assert rows(store, sql.person) == 2


def test_what_one_ceremony_writes_never_changes_anothers_papers(office: Office) -> None:
    office.imports(PLAN)
    part = office.part()
    office.imports(
        GuestsPlan(guests=(person("tới", "Lê Tấn Tới", "Bộ trưởng", email="toi@example.org"),)), "s2", OTHER
    )
    assert office.part() == part
    assert office.stage(PLAN, "s3").change == PartChange(unchanged=3)


def test_nobody_is_a_guest_of_one_ceremony_twice(store: Store, office: Office) -> None:
    office.imports(GuestsPlan(guests=(TOI,)))
    office.imports(GuestsPlan(guests=(TOI,)), "s2", OTHER)
    namesake = office.add(TOI)
    with store.read() as conn:
        rows = sa.select(sql.guest.c.person_id).where(sql.guest.c.id == namesake.id)
        assert conn.execute(rows).scalar_one() not in persons_of_others(conn, namesake.id)


def test_people_of_another_office_are_other_people(store: Store, office: Office) -> None:
    office.imports(PLAN)
    Office(store, "other").imports(PLAN, "s1", OTHER)
    assert len(set(persons_of(store))) == 4
    assert rows(store, sql.organisation) == 2


def test_somebody_else_in_the_same_row_is_another_person(store: Store, office: Office) -> None:
    coded = TOI.model_copy(update={"code": "1"})
    office.imports(GuestsPlan(guests=(coded,)))
    office.imports(GuestsPlan(guests=(TOI,)), "s2", OTHER)
    assert len(set(persons_of(store))) == 1
    office.imports(GuestsPlan(guests=(person("1", "Nguyễn Văn Thuận", code="1"),)), "s3")
    assert len(set(persons_of(store))) == 2


def test_a_row_may_turn_from_a_person_into_a_group(store: Store, office: Office) -> None:
    office.imports(GuestsPlan(guests=(TOI.model_copy(update={"code": "LL"}),)))
    office.imports(GuestsPlan(guests=(FORCE,)), "s2")
    assert (office.names(), office.part().guests[0].version) == (ALL[2:], 2)
    assert rows(store, sql.person) == 0


def test_who_leaves_the_last_list_is_forgotten(store: Store, office: Office) -> None:
    office.imports(PLAN)
    office.imports(GuestsPlan(guests=(TOI,)), "s2", OTHER)
    office.imports(GuestsPlan(guests=(FORCE,)), "s3")
    assert rows(store, sql.person) == 1
    office.remove(office.part(ceremony=OTHER).guests[0].id, 1, OTHER)
    counts = [rows(store, table) for table in (sql.person, sql.person_mark, sql.post, sql.roll, sql.guest)]
    assert counts == [0, 0, 1, 3, 1]


def test_spellings_of_one_organisation_are_one(store: Store, office: Office) -> None:
    posts = [Post(title="Bí thư", organisation=name) for name in ("Thành ủy Cần Thơ", "Thành uỷ  Cần Thơ")]
    plan = GuestsPlan(
        guests=tuple(
            PlannedGuest(ref=str(at), person=PersonFields(name=f"An {at}", posts=(post,)))
            for at, post in enumerate(posts)
        )
    )
    office.imports(plan)
    assert rows(store, sql.organisation) == 1
    printed = [guest.posts_text for guest in office.part().guests]
    assert printed == ["Bí thư Thành ủy Cần Thơ", "Bí thư Thành uỷ Cần Thơ"]

"""Awards on its real store: imports, releases, single entries, on both engines and over the bus."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from schemas import awards as ask
from schemas import scheduling
from schemas.awards import AwardsPart, AwardsPlan, DecisionFields, LineFields, Presenter
from schemas.differences import CompareRelease, Differences
from schemas.envelope import Caller
from schemas.errors import Invalid, NotFound, Refusal, StaleVersion
from schemas.parts import CommitPart, DropPart, FreezePart, PartChange, PartCommitted, Staged
from services.awards import service
from services.awards import store as sql
from services.awards.model import DecisionInUse, DecisionUnknown, KindUnknown
from services.awards.service import Awards
from services.kit import tables
from services.kit.bus import Bus
from services.kit.context import work_for
from services.kit.settings import Settings
from services.kit.store import Store, Tx
from services.scheduling.service import Scheduling
from tests.conftest import NOW

NewStore = Callable[[str], Store]
MIGRATIONS = Path(service.__file__).parent / "migrations"
CEREMONY = "0190a1b2-0000-7000-8000-00000000000a"
ON = date(2024, 7, 1)


@pytest.fixture
def store(new_store: NewStore, caller: Caller) -> Store:
    store = new_store("awards")
    store.open(MIGRATIONS)
    work_for(caller)
    return store


class Office:
    """What one office asks of awards, each time in a transaction of its own."""

    def __init__(self, store: Store, name: str = "office") -> None:
        self.store, self.caller = store, Caller(office=name, auth="system")

    @contextmanager
    def change(self) -> Iterator[Tx]:
        work_for(self.caller)
        with self.store.change(self.caller) as tx:
            yield tx

    def stage(self, plan: AwardsPlan, saga: str = "s1", profile: str = "vn-province") -> Staged:
        command = ask.StageAwards(saga=saga, ceremony_id=CEREMONY, profile=profile, on=ON, plan=plan)
        with self.change() as tx:
            return service.stage(tx, command)

    def commit(self, saga: str = "s1") -> PartCommitted:
        with self.change() as tx:
            return service.commit(tx, CommitPart(saga=saga, ceremony_id=CEREMONY))

    def imports(self, plan: AwardsPlan, saga: str = "s1") -> PartCommitted:
        self.stage(plan, saga)
        return self.commit(saga)

    def freeze(self, release: int, profile: str = "vn-province") -> Any:
        freeze = FreezePart(ceremony_id=CEREMONY, release=release, profile=profile, saga="r")
        with self.change() as tx:
            return service.freeze(tx, freeze)

    def part(self, release: int | None = None) -> AwardsPart:
        work_for(self.caller)
        with self.store.read() as conn:
            return service.get_part(conn, ask.GetAwards(ceremony_id=CEREMONY, release=release))


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


def listed(office: Office, **question: Any) -> ask.LinePage:
    work_for(office.caller)
    with office.store.read() as conn:
        return service.list_lines(conn, ask.ListLines(ceremony_id=CEREMONY, **question))


def line(key: str, **fields: Any) -> LineFields:
    return LineFields(**{"key": key, "kind": "giay_khen", "decision": "qd1", "recipient": f"Ông {key}"} | fields)


QD1 = DecisionFields(key="qd1", number="12/QĐ-UBND", on=date(2024, 6, 1), signer="Trần Văn Ký")
PRESENTER = Presenter(kind="off_list", text="Ông Nguyễn Văn Hiếu")
PLAN = AwardsPlan(
    decisions=(QD1,),
    lines=(line("gift", kind="gift", decision=None), line("a", presenter=PRESENTER), line("b", stage_order=1)),
)


def events(store: Store) -> list[tuple[str, dict[str, Any]]]:
    bodies = [json.loads(row.body) for row in store.unsent()]
    return [(body["type"], body["data"]) for body in bodies]


def test_migrations_make_exactly_the_declared_tables(store: Store) -> None:
    declared = sa.MetaData()
    for table in (*tables.metadata.tables.values(), *sql.metadata.tables.values()):
        table.to_metadata(declared)
    with store.read() as conn:
        assert compare_metadata(MigrationContext.configure(conn), declared) == []


def test_a_list_that_another_process_changed_is_seen(new_store: NewStore, office: Office) -> None:
    other = Office(new_store("awards"))
    office.imports(PLAN)
    assert [one.key for one in other.part().lines] == ["b", "a", "gift"]
    office.imports(AwardsPlan(decisions=(QD1,), lines=(line("a"),)), "s2")
    assert other.part() == office.part()
    assert [one.key for one in other.part().lines] == ["a"]
    other.store.close()


def test_a_check_tells_what_would_change_and_keeps_nothing(store: Store, office: Office) -> None:
    question = ask.CheckAwards(ceremony_id=None, profile="vn-province", on=ON, plan=PLAN)
    with store.read() as conn:
        checked = service.check(conn, question)
    assert (checked.change, checked.problems) == (PartChange(created=4), ())
    assert office.part() == AwardsPart(decisions=(), lines=(), version=0, hash=office.part().hash)
    with pytest.raises(NotFound):
        office.commit()


def test_an_import_makes_the_staged_list_the_present_one(store: Store, office: Office) -> None:
    staged = office.stage(PLAN)
    assert office.part().lines == ()
    committed = office.commit()
    part = office.part()
    assert committed == PartCommitted(version=1, hash=staged.hash)
    assert (part.version, part.hash, part.release) == (1, staged.hash, None)
    assert [one.key for one in part.lines] == ["b", "a", "gift"]
    assert [one.presenter for one in part.lines] == [None, PRESENTER, None]
    assert [one.model_dump(exclude={"id"}) for one in part.decisions] == [QD1.model_dump()]
    assert events(store) == [
        ("awards.list.imported.v1", {"version": 1, "created": 4, "updated": 0, "removed": 0, "count": 3})
    ]


def test_a_commit_repeated_answers_the_same_and_does_nothing(store: Store, office: Office) -> None:
    first = office.imports(PLAN)
    office.imports(AwardsPlan(), saga="s2")
    assert office.commit("s1") == first
    assert office.part().lines == ()
    assert len(events(store)) == 2


def test_an_unchanged_import_changes_and_tells_nothing(store: Store, office: Office) -> None:
    first, part = office.imports(PLAN), office.part()
    again = office.stage(PLAN, "s2")
    assert (again.change, again.hash) == (PartChange(unchanged=4), first.hash)
    assert office.commit("s2") == first
    assert office.part() == part
    assert len(events(store)) == 1


def test_an_import_in_another_order_counts_what_moved(office: Office) -> None:
    office.imports(AwardsPlan(decisions=(QD1,), lines=(line("a"), line("b"), line("c"))))
    swapped = AwardsPlan(decisions=(QD1,), lines=(line("b"), line("a"), line("c")))
    assert office.stage(swapped, "s2").change == PartChange(updated=2, unchanged=2)
    assert office.commit("s2").version == 2


def test_an_import_updates_by_code_and_removes_what_is_gone(office: Office) -> None:
    office.imports(PLAN)
    ids = {one.key: one.id for one in office.part().lines}
    plan = AwardsPlan(decisions=(QD1,), lines=(line("a", unit="Phường Cái Khế"), line("c")))
    assert office.stage(plan, "s2").change == PartChange(created=1, updated=1, removed=2, unchanged=1)
    office.commit("s2")
    assert office.part().lines[0].id == ids["a"]


def test_a_plan_with_an_error_is_not_laid_aside(office: Office) -> None:
    staged = office.stage(AwardsPlan(lines=(line("a", decision=None, kind="medal_of_mars"),)))
    assert [problem.severity for problem in staged.problems] == ["error", "warning"]
    with pytest.raises(NotFound):
        office.commit()


def test_a_profile_that_is_not_in_force_is_a_problem(office: Office) -> None:
    command = ask.StageAwards(saga="s1", ceremony_id=CEREMONY, profile="vn-province", on=date(1990, 1, 1), plan=PLAN)
    with office.change() as tx:
        staged = service.stage(tx, command)
    (problem,) = staged.problems
    assert (problem.severity, problem.file) == ("error", "ceremony.yaml")
    assert problem.text().startswith("The protocol profile vn-province does not hold on 1990-01-01.")


def test_the_longest_and_largest_values_reach_the_database(office: Office) -> None:
    who = Presenter(kind="guest", guest="x" * 4000, text="Đ" * 4000)
    long = line("k" * 2000, decision=None, recipient="Đ" * 1000, head_count=100_000_000, presenter=who)
    office.imports(AwardsPlan(lines=(long,)))
    (kept,) = office.part().lines
    assert kept.model_dump(include=set(LineFields.model_fields)) == long.model_dump()


def test_a_dropped_part_is_forgotten(office: Office) -> None:
    office.stage(PLAN)
    with office.change() as tx:
        dropped = service.drop(tx, DropPart(saga="s1"))
    assert dropped == PartCommitted(version=0, hash=office.part().hash)
    with pytest.raises(NotFound):
        office.commit()
    with office.change() as tx:
        assert service.drop(tx, DropPart(saga="s1")).version == 0


def test_a_part_left_lying_for_a_day_is_cleared_by_the_next(store: Store, office: Office) -> None:
    office.imports(PLAN, "done")
    office.stage(PLAN, "left")
    store.clock = lambda: NOW + timedelta(days=1, seconds=1)
    office.stage(PLAN, "next")
    with pytest.raises(NotFound):
        office.commit("left")
    assert office.commit("next").version == 1
    assert office.commit("done").version == 1


def test_a_committed_part_is_laid_aside_no_longer(store: Store, office: Office) -> None:
    office.imports(PLAN)
    with store.read() as conn:
        assert conn.execute(sa.select(sql.parts.staged.c.body)).scalars().all() == [None]


def test_a_release_stays_as_it_was(office: Office) -> None:
    office.imports(PLAN)
    frozen, part = office.freeze(1), office.part()
    office.imports(AwardsPlan(), "s2")
    assert office.freeze(1) == frozen
    assert office.part(1) == part.model_copy(update={"release": 1})
    assert (frozen.version, frozen.hash) == (1, part.hash)
    assert office.freeze(2).version == 2
    with pytest.raises(NotFound):
        office.part(3)


def test_a_ceremony_without_awards_can_be_released(office: Office) -> None:
    frozen = office.freeze(1)
    assert (frozen.version, office.part(1).lines) == (0, ())


def test_a_release_follows_the_profile_it_is_told(office: Office) -> None:
    plan = AwardsPlan(decisions=(QD1,), lines=(line("a", kind="certificate"),))
    assert [problem.severity for problem in office.stage(plan, "s2").problems] == ["error"]
    office.stage(plan, "s3", profile="plain")
    office.commit("s3")
    office.freeze(1, profile="plain")
    assert [one.kind_label for one in office.part(1).lines] == ["Certificate"]
    office.freeze(2, profile="vn-province")
    assert [one.kind_label for one in office.part(2).lines] == ["certificate"]
    assert office.part(2).hash == office.part().hash


def test_equal_lists_have_equal_hashes_whatever_their_version(office: Office) -> None:
    first = office.imports(PLAN)
    part = office.part()
    office.imports(PLAN.model_copy(update={"lines": PLAN.lines[:2]}), "s2")
    shorter = office.part()
    office.imports(PLAN, "s3")
    assert shorter.hash != part.hash
    lines = {one.key: one.id for one in office.part().lines}
    assert lines["a"] == {one.key: one.id for one in part.lines}["a"]
    assert (first.version, office.part().version) == (1, 3)


def test_another_offices_list_is_not_found(store: Store, office: Office) -> None:
    office.imports(PLAN)
    office.freeze(1)
    stranger = Office(store, "other")
    for act in (
        stranger.part,
        lambda: stranger.part(1),
        lambda: stranger.stage(AwardsPlan(), "s9"),
        lambda: stranger.freeze(2),
        lambda: stranger.commit("s1"),
    ):
        with pytest.raises(NotFound):
            act()


def put(office: Office, fields: LineFields, version: int) -> int:
    with office.change() as tx:
        return service.put_line(tx, ask.PutLine(ceremony_id=CEREMONY, expected_version=version, line=fields)).version


def opened(office: Office) -> None:
    with office.change() as tx:
        service.open_list(tx, CEREMONY, "vn-province", ON)


def test_entries_are_put_one_by_one(store: Store, office: Office) -> None:
    opened(office)
    with office.change() as tx:
        command = ask.PutDecision(ceremony_id=CEREMONY, expected_version=0, decision=QD1)
        assert service.put_decision(tx, command).version == 1
    assert put(office, line("a"), 1) == 2
    assert put(office, line("a", unit="Đội 2"), 2) == 3
    assert put(office, line("a", unit=" Đội  2 "), 3) == 3
    with office.change() as tx:
        removed = service.remove_line(tx, ask.RemoveLine(ceremony_id=CEREMONY, expected_version=3, key="a"))
    assert (removed.id, removed.version) == (CEREMONY, 4)
    assert [(kind, data["version"], data["what"]) for kind, data in events(store)] == [
        ("awards.list.changed.v1", 1, "decision"),
        ("awards.list.changed.v1", 2, "line"),
        ("awards.list.changed.v1", 3, "line"),
        ("awards.list.changed.v1", 4, "line"),
    ]


def test_a_decision_is_removed_only_while_no_line_rests_on_it(store: Store, office: Office) -> None:
    def remove(version: int, key: str = "qd1") -> int:
        with office.change() as tx:
            command = ask.RemoveDecision(ceremony_id=CEREMONY, expected_version=version, key=key)
            return service.remove_decision(tx, command).version

    office.imports(PLAN)
    with pytest.raises(DecisionInUse, match="2 award lines"):
        remove(1)
    with pytest.raises(NotFound):
        remove(1, "qd9")
    put(office, line("a", decision=None), 1)
    put(office, line("b", decision=None), 2)
    assert (remove(3), office.part().decisions) == (4, ())
    assert events(store)[-1][1]["what"] == "decision"


def test_what_a_change_was_from_and_to_is_kept_apart(store: Store, office: Office) -> None:
    office.imports(PLAN)
    put(office, line("a", recipient="Bà Lê Thị Nhận"), 1)
    with store.read() as conn:
        *_, changed = conn.execute(sa.select(tables.changes).order_by(tables.changes.c.event_id))
    recipients = [json.loads(text)["recipient"] for text in (changed.before, changed.after)]
    assert recipients == ["Ông a", "Bà Lê Thị Nhận"]
    assert [body for row in store.unsent() for body in [row.body] if "Ông" in body or "Nhận" in body] == []


def test_entries_are_put_on_the_version_that_was_seen(office: Office) -> None:
    office.imports(PLAN)
    with pytest.raises(StaleVersion):
        put(office, line("c"), 0)
    with pytest.raises(NotFound), office.change() as tx:
        service.remove_line(tx, ask.RemoveLine(ceremony_id=CEREMONY, expected_version=1, key="nobody"))
    assert office.part().version == 1


def test_entries_that_could_not_be_are_refused(office: Office) -> None:
    office.imports(PLAN)
    with pytest.raises(KindUnknown):
        put(office, line("c", kind="medal_of_mars"), 1)
    with pytest.raises(DecisionUnknown):
        put(office, line("c", decision="qd9"), 1)
    with pytest.raises(Invalid):
        put(office, line("c", recipient=" \u200b "), 1)


def test_entries_wait_until_their_list_is_opened(office: Office) -> None:
    with pytest.raises(NotFound):
        put(office, line("c"), 0)


def test_an_import_wins_over_an_entry_put_while_it_was_under_way(office: Office) -> None:
    office.imports(PLAN)
    office.stage(PLAN, "s2")
    put(office, line("c"), 1)
    committed = office.commit("s2")
    assert (committed.version, office.part().hash) == (3, committed.hash)
    assert [one.key for one in office.part().lines] == ["b", "a", "gift"]


def test_lines_are_listed_in_pages(office: Office) -> None:
    office.imports(PLAN)
    first = listed(office, limit=2)
    second = listed(office, limit=2, after=first.next)
    assert [[one.key for one in page.lines] for page in (first, second)] == [["b", "a"], ["gift"]]
    assert [(page.total, page.version) for page in (first, second)] == [(3, 1), (3, 1)]
    assert (second.next, listed(office, limit=3).next) == (None, None)


def test_pages_go_on_though_the_last_line_shown_moves(office: Office) -> None:
    numbered = [line(key, stage_order=number) for number, key in enumerate("abcde", 1)]
    office.imports(AwardsPlan(decisions=(QD1,), lines=tuple(numbered)))
    first = listed(office, limit=2)
    with office.change() as tx:
        moved = line("b", stage_order=9)
        service.put_line(tx, ask.PutLine(ceremony_id=CEREMONY, expected_version=1, line=moved))
    second = listed(office, limit=3, after=first.next)
    assert [[one.key for one in page.lines] for page in (first, second)] == [["a", "b"], ["c", "d", "e"]]


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        ({"filter": "giay khen"}, ["b", "a"]),
        ({"filter": "hieu nguyen"}, ["a"]),
        ({"filter": "12 qd"}, ["b", "a"]),
        ({"filter": "ong GIFT"}, ["gift"]),
        ({"filter": "nobody"}, []),
        ({"kind": "gift"}, ["gift"]),
        ({"decision": "qd1"}, ["b", "a"]),
        ({"has_presenter": False}, ["b", "gift"]),
        ({"has_presenter": False, "filter": "gift"}, ["gift"]),
    ],
)
def test_lines_are_found_and_filtered(office: Office, wanted: dict[str, Any], keys: list[str]) -> None:
    office.imports(PLAN)
    page = listed(office, **wanted)
    assert ([one.key for one in page.lines], page.total) == (keys, len(keys))


def test_numbers_of_an_award_list(office: Office) -> None:
    open_ones = (DecisionFields(key="qd2"), QD1)
    office.imports(AwardsPlan(decisions=open_ones, lines=(*PLAN.lines, line("c", decision=None))))
    work_for(office.caller)
    with office.store.read() as conn:
        summary = service.summary(conn, ask.SummariseAwards(ceremony_id=CEREMONY))
    assert [(one.kind, one.lines) for one in summary.kinds] == [("giay_khen", 3), ("gift", 1)]
    assert summary.model_dump(exclude={"kinds"}) == {
        "version": 1,
        "total": 4,
        "decisions": 2,
        "decisions_without_number": 1,
        "without_decision": 1,
        "without_presenter": 3,
    }


def test_draft_is_compared_with_the_last_release(office: Office) -> None:
    def compared() -> Differences:
        work_for(office.caller)
        with office.store.read() as conn:
            return service.compare_release(conn, CompareRelease(ceremony_id=CEREMONY))

    assert compared() == Differences(release=0)
    office.imports(PLAN)
    office.freeze(1)
    signed = QD1.model_copy(update={"signer": "Lê Thị Ký"})
    lines = (line("a", presenter=PRESENTER, decision=None), line("b", stage_order=1), line("c"))
    office.imports(AwardsPlan(decisions=(signed,), lines=lines), "s2")
    found = compared()
    assert [(one.kind, one.what, one.label, [field.name for field in one.fields]) for one in found.differences] == [
        ("decision", "changed", "12/QĐ-UBND", ["signer"]),
        ("line", "changed", "Ông a", ["decision"]),
        ("line", "created", "Ông c", []),
        ("line", "removed", "Ông gift", []),
    ]
    assert (found.created, found.changed, found.removed) == (1, 2, 1)


def test_text_is_kept_in_one_normal_form(office: Office) -> None:
    office.imports(AwardsPlan(lines=(line("a", decision=None, recipient="  Nguye\u0302\u0303n\u202e A ", post=" "),)))
    (kept,) = office.part().lines
    assert (kept.recipient, kept.post) == ("Nguyễn A", None)


@pytest.fixture
async def services(bus: Bus, new_store: NewStore, settings: Settings) -> AsyncIterator[Bus]:
    running = [kind(new_store(kind.name), bus, settings) for kind in (Scheduling, Awards)]
    for one in running:
        await one.start()
    yield bus
    for one in running:
        await one.stop()


@pytest.mark.anyio
async def test_the_first_entry_of_a_ceremony_asks_scheduling_whose_rules_hold(services: Bus) -> None:
    with pytest.raises(Refusal) as refused:
        await services.ask(ask.put_line, ask.PutLine(ceremony_id=CEREMONY, expected_version=0, line=line("a")))
    assert (refused.value.code, refused.value.params["what"]) == ("not-found", "ceremony")

    fields = scheduling.CeremonyFields(title="Lễ ra mắt", on=ON, profile="plain")
    created = await services.ask(
        scheduling.create_ceremony, scheduling.CreateCeremony(code="le-ra-mat", ceremony=fields)
    )
    put_one = ask.PutLine(
        ceremony_id=created.id, expected_version=0, line=line("a", kind="certificate", decision=None)
    )
    assert (await services.ask(ask.put_line, put_one)).version == 1
    assert (await services.ask(ask.put_line, put_one)).version == 1
    part = await services.ask(ask.get_part, ask.GetAwards(ceremony_id=created.id))
    assert [one.kind_label for one in part.lines] == ["Certificate"]

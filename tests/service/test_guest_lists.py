"""Lists of other offices brought into a guest list on its real store: one version, one event, undone, remembered."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from schemas import guest_imports as ask
from schemas.answers import Done, GiveAnswers, TakeBack
from schemas.envelope import Caller, Event, Grant
from schemas.errors import StaleVersion
from schemas.guests import AddGuest, Guest, GuestFields, PersonFields
from services.guests import answering, bringing, contacts, present, service, several
from services.guests import store as sql
from services.guests.model import lists
from services.guests.store import Listing
from services.kit import tables
from services.kit.context import work_for
from services.kit.store import Store, Tx

CEREMONY = "0190a1b2-0000-7000-8000-00000000000a"
ROWS = (
    {"name": "Trung tướng Lê Tấn Tới, Chủ nhiệm Ủy ban Quốc phòng và An ninh của Quốc hội"},
    {"name": "Lê Thị Mẫu", "posts": "Chủ tịch UBND tỉnh Thử Nghiệm", "email": "mau@example.org"},
    {"group": "Đại diện các hộ dân", "count": "40"},
)


@pytest.fixture
def store(new_store: Callable[[str], Store], caller: Caller) -> Store:
    store = new_store("guests")
    store.open(Path(service.__file__).parent / "migrations")
    work_for(caller)
    with store.change(caller) as tx:
        sql.save_listing(tx, CEREMONY, Listing(0, "vn-province", date(2024, 7, 1)))
    return store


class Desk:
    """Who brings lists in, each in a transaction of its own."""

    def __init__(self, store: Store, caller: Caller) -> None:
        self.store, self.caller = store, caller

    @contextmanager
    def change(self) -> Iterator[Tx]:
        with self.store.change(self.caller) as tx:
            yield tx

    def commit(self, *rows: dict[str, str], **more: Any) -> ask.GuestImportOutcome:
        with self.change() as tx:
            return bringing.commit(tx, ask.CommitGuestImport(ceremony_id=CEREMONY, rows=told(rows), **more))

    def check(self, *rows: dict[str, str]) -> ask.GuestImportOutcome:
        with self.store.read() as conn:
            head = sql.listing(conn, self.caller.office, CEREMONY)
            assert head
            return bringing.check(conn, ask.CheckGuestImport(ceremony_id=CEREMONY, rows=told(rows)), head)

    def back(self, done: ask.GuestImportOutcome) -> Done:
        with self.change() as tx:
            return several.take_back(tx, TakeBack(ceremony_id=CEREMONY, event_id=done.event_id or ""))

    def guests(self) -> tuple[Guest, ...]:
        with self.store.read() as conn:
            return present.present(conn, self.caller.office, CEREMONY).part.guests

    def events(self) -> list[dict[str, Any]]:
        with self.store.read() as conn:
            rows = conn.execute(sa.select(tables.outbox.c.body).order_by(tables.outbox.c.seq)).scalars()
            return [Event.model_validate_json(body).data for body in rows]


def told(rows: tuple[dict[str, str], ...]) -> tuple[ask.ImportedRow, ...]:
    return tuple(ask.ImportedRow(row=str(at), cells=cells) for at, cells in enumerate(rows, 2))


@pytest.fixture
def desk(store: Store, caller: Caller) -> Desk:
    return Desk(store, caller)


def test_a_list_is_brought_in_with_one_version_and_one_event(desk: Desk) -> None:
    checked = desk.check(*ROWS)
    assert (checked.version, checked.created, checked.committed, desk.guests()) == (0, 3, False, ())
    done = desk.commit(*ROWS)
    assert (done.version, done.created, done.committed, done.rows) == (1, 3, True, ())
    assert [guest.address for guest in desk.guests()] == [
        "Trung tướng Lê Tấn Tới",
        "Ông (Bà) Lê Thị Mẫu",
        "Đại diện các hộ dân",
    ]
    assert desk.events() == [{"version": 1, "created": 3, "updated": 0, "removed": 0, "count": 3}]
    posts = "Lê Thị Mẫu\nChủ tịch UBND tỉnh Thử Nghiệm"
    assert [guest.original for guest in desk.guests()] == [ROWS[0]["name"], posts, None]


def test_the_same_list_again_changes_nothing_and_tells_nothing(desk: Desk) -> None:
    desk.commit(*ROWS)
    again = desk.commit(*ROWS)
    assert (again.version, again.unchanged, again.created, len(desk.events())) == (1, 3, 0, 1)


def test_guests_whom_no_row_names_stay_unless_they_are_to_go(desk: Desk) -> None:
    desk.commit(*ROWS)
    kept = desk.commit({"name": "Vũ Ba"})
    assert (kept.only_here, kept.removed, len(desk.guests())) == (3, 0, 4)
    gone = desk.commit({"name": "Vũ Ba"}, only_here="removed")
    assert (gone.only_here, gone.removed, [guest.address for guest in desk.guests()]) == (3, 3, ["Ông (Bà) Vũ Ba"])


def test_nothing_is_brought_in_while_a_row_is_rejected_or_open(desk: Desk) -> None:
    desk.commit(*ROWS)
    with pytest.raises(bringing.ImportRejected) as rejected:
        desk.commit({"name": "Vũ Ba"}, {"name": "Phạm Bốn", "email": "x"})
    assert rejected.value.params == {"count": "1"}
    with pytest.raises(bringing.ImportOpen):
        desk.commit({"name": "Vũ Ba"}, {"name": "Le Thi Mau", "posts": "Chủ tịch UBND tỉnh Thử Nghiệm"})
    assert (len(desk.guests()), len(desk.events())) == (3, 1)
    without = desk.commit({"name": "Vũ Ba"}, {"name": "Phạm Bốn", "email": "x"}, without_rejected=True)
    assert (without.created, without.rejected, [row.row for row in without.rows]) == (1, 1, ["3"])


def test_a_stale_version_is_refused(desk: Desk) -> None:
    desk.commit(*ROWS)
    with pytest.raises(StaleVersion):
        desk.commit({"name": "Vũ Ba"}, expected_version=0)


def plain(guests: tuple[Guest, ...]) -> list[dict[str, Any]]:
    fields = set(GuestFields.model_fields) | {"id", "state"}
    return [one.model_dump(include=fields) for one in guests]


def test_an_import_is_taken_back_and_done_again(desk: Desk) -> None:
    desk.commit(*ROWS)
    before = desk.guests()
    done = desk.commit({"name": "Lê Thị Mẫu", "phone": "0900"}, {"name": "Vũ Ba"}, only_here="removed")
    after = desk.guests()
    assert (done.updated, done.created, done.removed) == (1, 1, 2)
    back = desk.back(done)
    assert (back.version, back.changed, back.left_out, plain(desk.guests())) == (3, 4, (), plain(before))
    again = desk.back(done.model_copy(update={"event_id": back.event_id}))
    assert (again.changed, plain(desk.guests())) == (4, plain(after))


def test_taking_back_an_import_leaves_what_was_done_since(desk: Desk) -> None:
    desk.commit(*ROWS[:1])
    (first,) = desk.guests()
    done = desk.commit({"name": "Lê Tấn Tới", "phone": "0900"}, *ROWS[1:])
    mau = next(one.id for one in desk.guests() if one.person and one.person.name == "Lê Thị Mẫu")
    with desk.change() as tx:
        service.add_guest(tx, AddGuest(ceremony_id=CEREMONY, guest=GuestFields(person=PersonFields(name="Vũ Ba"))))
    for guest_id in (first.id, mau):
        with desk.change() as tx:
            answering.give_answers(tx, GiveAnswers(ceremony_id=CEREMONY, guest_ids=(guest_id,), state="accepted"))
    back = desk.back(done)
    assert (back.changed, [one.params["who"] for one in back.left_out]) == (2, ["Lê Thị Mẫu"])
    told = {one.person.name: (one.state, one.person.phone) for one in desk.guests() if one.person}
    assert (len(desk.guests()), told) == (
        3,
        {"Lê Tấn Tới": ("accepted", None), "Lê Thị Mẫu": ("accepted", None), "Vũ Ba": ("to_invite", None)},
    )


def test_a_code_given_to_another_since_is_not_taken_back(desk: Desk) -> None:
    desk.commit({"name": "Vũ Ba", "code": "1"})
    done = desk.commit({"name": "Lê Tư", "code": "2"}, only_here="removed")
    desk.commit({"name": "Phạm Năm", "code": "1"})
    with pytest.raises(lists.CodeTaken):
        desk.back(done)
    assert len(desk.guests()) == 2


def test_who_is_part_of_a_standing_in_is_not_taken_off(desk: Desk) -> None:
    desk.commit(*ROWS)
    first, second = (one.id for one in desk.guests()[:2])
    with desk.change() as tx:
        tx.conn.execute(sql.guest.update().where(sql.guest.c.id == second).values(stands_in_for=first))
        head = sql.for_change(tx, CEREMONY, None)
        sql.save_listing(tx, CEREMONY, head._replace(profile="vn-central"))  # read anew
    done = desk.commit({"name": "Vũ Ba"}, only_here="removed")
    with desk.store.read() as conn:
        left = sql.ids(conn, CEREMONY)
    assert (done.only_here, done.removed, len(left), left >= {first, second}) == (3, 1, 3, True)


def test_what_columns_mean_is_remembered_for_the_office_without_their_headings(desk: Desk) -> None:
    layout = ask.Layout(heads="hovaten|congtac", fields=("name", "posts"))
    desk.commit({"name": "Vũ Ba"}, layouts=[layout])
    desk.commit({"name": "Vũ Ba"}, layouts=[layout.model_copy(update={"fields": ("name", None)})])
    with desk.store.read() as conn:
        found = bringing.recall(conn, ask.RecallLayouts(ceremony_id=CEREMONY, heads=("hovaten|congtac", "x")))
        stored = json.dumps([list(row) for row in conn.execute(sa.select(sql.layout))])
    assert found.layouts == (ask.Layout(heads="hovaten|congtac", fields=("name", None)),)
    assert "congtac" not in stored


def test_contacts_that_one_may_not_see_are_not_told_in_changes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.commit(*ROWS)
    monkeypatch.setattr(bringing, "may", lambda *_: False)
    (row,) = desk.check({"name": "Lê Thị Mẫu", "email": "neu@example.org"}).rows
    assert [(one.field, one.before, one.after) for one in row.changes] == [("email", None, None)]


def test_the_cell_as_it_stood_is_only_for_who_may_see_contacts(desk: Desk) -> None:
    desk.commit({"name": "Bà Lê Thị Mẫu, Giám đốc (0900 000 001)"})
    (guest,) = desk.guests()
    assert guest.original == "Bà Lê Thị Mẫu, Giám đốc (0900 000 001)"
    work_for(Caller(office="office", auth="user", grants=(Grant(role="viewer"),)))
    assert contacts.shown(guest, CEREMONY).original is None
    work_for(Caller(office="office", auth="user", grants=(Grant(role="planner"),)))
    assert contacts.shown(guest, CEREMONY) == guest

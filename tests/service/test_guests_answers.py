"""Answers of guests on their real store: states with history, arrangements, counts, several at once, taking back."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from schemas import answers as ask
from schemas import guests
from schemas.answers import Arrangements, Arrival, ContactPerson, HeadCountFields, Need, PlusOne
from schemas.envelope import Caller, Grant
from schemas.errors import NotFound, StaleVersion
from schemas.guests import Guest, GuestsPlan
from services.guests import answering, questions, several
from services.guests.answering import NoGroup
from services.guests.model.answering import AnswerUnfit
from services.guests.store import answers as sql
from services.kit.context import work_for
from services.kit.store import Store, Tx
from tests.conftest import NOW
from tests.service.test_guests import CEREMONY, FORCE, HIEU, MIGRATIONS, OTHER, PLAN, TOI, Office, events

NEEDS = Arrangements(
    plus_ones=(PlusOne(name="Trần Thị Mẫu"),),
    needs=(Need(kind="wheelchair"), Need(kind="diet", text="ăn chay")),
    contact=ContactPerson(name="Lê Văn Thư Ký", phone="0900 000 001"),
    arrival=Arrival(at=datetime(2024, 7, 1, 0, 30, tzinfo=UTC), vehicle="65A-123.45"),
)


@pytest.fixture
def store(new_store: Callable[[str], Store], caller: Caller) -> Store:
    store = new_store("guests")
    store.open(MIGRATIONS)
    work_for(caller)
    return store


class Desk(Office):
    """An office with the guests of the plan on its list."""

    def __init__(self, store: Store, caller: Caller | None = None) -> None:
        super().__init__(store, caller=caller)
        self.ids: dict[str, str] = {}

    def opened(self) -> "Desk":
        self.ids = self.stage(PLAN).ids
        self.commit()
        return self

    def do(self, work: Callable[[Tx, Any], Any], command: Any) -> Any:
        with self.change() as tx:
            return work(tx, command)

    def give(self, state: ask.State, *refs: str, **more: Any) -> ask.Done:
        ids = tuple(self.ids.get(ref, ref) for ref in refs)
        command = ask.GiveAnswers(ceremony_id=CEREMONY, guest_ids=ids, state=state, **more)
        done: ask.Done = self.do(answering.give_answers, command)
        return done

    def back(self, done: ask.Done) -> ask.Done:
        command = ask.TakeBack(ceremony_id=CEREMONY, event_id=done.event_id or "")
        taken: ask.Done = self.do(several.take_back, command)
        return taken

    def answer(self, ref: str) -> ask.Answer:
        work_for(self.caller)
        with self.store.read() as conn:
            return answering.get_answer(conn, ask.GetAnswer(ceremony_id=CEREMONY, guest_id=self.ids[ref]))

    def states(self) -> dict[str, str]:
        refs = {guest_id: ref for ref, guest_id in self.ids.items()}
        return {refs[one.id]: one.state for one in self.page().guests}

    def one(self, ref: str) -> Guest:
        return self.guest(self.ids[ref])


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, Caller(office="office", auth="system", actor="u-an")).opened()


# States.


def test_an_answer_is_kept_with_who_when_and_through_what(store: Store, desk: Desk) -> None:
    desk.give("invited", "tới", through="mail")
    done = desk.give("declined", "tới", through="phone", note="  Bận\u200b công tác ")
    assert (done.changed, done.left_out) == (1, ())
    answer = desk.answer("tới")
    assert answer.state == "declined"
    assert [entry.model_dump(exclude={"at"}) for entry in answer.history] == [
        {"state": "invited", "was": "to_invite", "by": "u-an", "through": "mail", "note": None},
        {"state": "declined", "was": "invited", "by": "u-an", "through": "phone", "note": "Bận công tác"},
    ]
    assert {entry.at for entry in answer.history} == {NOW}
    kind, data = events(store)[-1]
    assert kind == "guests.answers.given.v1"
    assert data == {
        "guest_id": desk.ids["tới"],
        "guest_ids": [desk.ids["tới"]],
        "count": 1,
        "state": "declined",
        "through": "phone",
        "version": 3,
    }


def test_a_note_of_an_answer_stands_in_no_event(store: Store, desk: Desk) -> None:
    desk.give("accepted", "tới", note="đi cùng phu nhân")
    assert [row for row in store.unsent() if "phu nhân" in row.body] == []


def test_who_declined_is_introduced_no_more_but_stays_invited(desk: Desk) -> None:
    desk.give("declined", "tới")
    assert [(one.position, one.introduced) for one in desk.part().guests] == [
        (1, "not"),
        (2, "by_name"),
        (3, "collectively"),
    ]


def test_a_state_that_cannot_follow_is_refused_for_all_or_left_out(desk: Desk) -> None:
    desk.give("accepted", "tới")
    with pytest.raises(AnswerUnfit) as refused:
        desk.give("read", "hiếu", "tới")
    assert refused.value.params == {"who": "Nguyễn Văn Hiếu", "what": "to invite"}
    desk.give("invited", "hiếu")
    done = desk.give("read", "hiếu", "tới", leave_out=True)
    assert (done.changed, [(one.guest_id, one.params["who"]) for one in done.left_out]) == (
        1,
        [(desk.ids["tới"], "Lê Tấn Tới")],
    )
    assert desk.states() == {"tới": "accepted", "hiếu": "read", "lực lượng": "to_invite"}


def test_the_same_answer_again_changes_nothing_and_is_noted_only_with_words(store: Store, desk: Desk) -> None:
    desk.give("accepted", "tới")
    told = len(events(store))
    again = desk.give("accepted", "tới")
    noted = desk.give("accepted", "tới", note="Gọi lại lần hai")
    assert (again.changed, again.event_id, noted.changed, noted.event_id) == (0, None, 1, None)
    assert [entry.note for entry in desk.answer("tới").history] == [None, "Gọi lại lần hai"]
    assert len(events(store)) == told


def test_an_answer_over_an_older_version_of_the_guest_is_refused(desk: Desk) -> None:
    desk.give("invited", "tới", expected_version=1)
    with pytest.raises(StaleVersion):
        desk.give("accepted", "tới", expected_version=1)


def test_a_guest_of_another_ceremony_is_not_answered_for(desk: Desk) -> None:
    desk.imports(GuestsPlan(guests=(FORCE,)), "s9", OTHER)
    strange = desk.page(OTHER).guests[0].id
    with pytest.raises(NotFound):
        desk.give("accepted", strange)


def test_many_are_checked_in_with_one_event_and_counted_by_state(store: Store, desk: Desk) -> None:
    command = ask.CheckIn(ceremony_id=CEREMONY, guest_ids=tuple(desk.ids.values()))
    assert desk.do(answering.check_in, command).changed == 3
    work_for(desk.caller)
    with store.read() as conn:
        assert questions.summary(conn, guests.SummariseGuests(ceremony_id=CEREMONY)).states == {"attended": 3}
    assert [one.id for one in desk.page(state="attended", limit=2).guests] == [desk.ids["tới"], desk.ids["hiếu"]]
    assert events(store)[-1][1]["count"] == 3


def test_an_import_leaves_answers_alone(desk: Desk) -> None:
    desk.give("accepted", "hiếu")
    moved = HIEU.model_copy(update={"delegation": "Cần Thơ"})
    desk.imports(GuestsPlan(guests=(TOI, moved, FORCE)), "s2")
    assert (desk.one("hiếu").state, desk.one("hiếu").delegation) == ("accepted", "Cần Thơ")
    assert len(desk.answer("hiếu").history) == 1


def test_answers_of_a_removed_guest_are_forgotten(store: Store, desk: Desk) -> None:
    desk.give("accepted", "hiếu")
    guest_id = desk.ids["hiếu"]
    desk.do(answering.arrange, arrangement(desk, "hiếu"))
    desk.remove(guest_id, desk.one("hiếu").version)
    with store.read() as conn:
        assert (sql.history(conn, [guest_id]), sql.arrangements(conn, [guest_id])) == ({}, {})


# Arrangements.


def arrangement(desk: Desk, ref: str) -> ask.Arrange:
    version = desk.one(ref).version
    about = {"ceremony_id": CEREMONY, "guest_id": desk.ids[ref], "expected_version": version}
    return ask.Arrange.model_validate({**about, "arrangements": NEEDS})


def test_arrangements_are_read_back_and_told_without_a_word_of_them(store: Store, desk: Desk) -> None:
    done = desk.do(answering.arrange, arrangement(desk, "tới"))
    assert desk.answer("tới").arrangements == NEEDS
    assert (done.version, desk.one("tới").version) == (2, 2)
    assert events(store)[-1] == ("guests.guest.arranged.v1", {"guest_id": desk.ids["tới"], "version": 2})
    again = desk.do(answering.arrange, arrangement(desk, "tới"))
    assert (again.version, len(events(store))) == (2, 2)


def test_needs_contact_and_notes_are_for_those_who_have_to_do_with_them(desk: Desk) -> None:
    desk.do(answering.arrange, arrangement(desk, "tới"))
    desk.give("accepted", "tới", note="đi cùng phu nhân")
    desk.caller = Caller(office="office", auth="user", grants=(Grant(role="check_in"),))
    answer = desk.answer("tới")
    assert answer.arrangements == Arrangements(plus_ones=NEEDS.plus_ones)
    assert [(entry.state, entry.note) for entry in answer.history] == [("accepted", None)]
    desk.caller = Caller(office="office", auth="user", grants=(Grant(role="guest_desk"),))
    assert desk.answer("tới").arrangements == NEEDS


# Head counts.


def count(desk: Desk, number: int, kind: ask.CountKind, ref: str = "lực lượng", **more: Any) -> None:
    fields = HeadCountFields(count=number, kind=kind, **more)
    desk.do(answering.keep_count, ask.KeepCount(ceremony_id=CEREMONY, guest_id=desk.ids[ref], count=fields))


def test_contradicting_counts_stand_side_by_side_and_the_surest_prints(desk: Desk) -> None:
    count(desk, 750, "planned", source="Kế hoạch 395/KH-UBND")
    count(desk, 715, "actual", as_of=date(2024, 7, 1))
    told = desk.answer("lực lượng").counts
    assert [(one.count, one.kind, one.prints) for one in told] == [
        (728, "claimed", False),
        (750, "planned", False),
        (715, "actual", True),
    ]
    assert (desk.one("lực lượng").counted, desk.one("lực lượng").counted_kind) == (715, "actual")
    choose = ask.ChooseCount(
        ceremony_id=CEREMONY, guest_id=desk.ids["lực lượng"], expected_version=3, count_id=told[1].id
    )
    desk.do(answering.choose_count, choose)
    assert (desk.part().guests[2].counted, desk.part().guests[2].group) == (750, FORCE.group)
    drop = ask.DropCount(
        ceremony_id=CEREMONY, guest_id=desk.ids["lực lượng"], expected_version=4, count_id=told[1].id or ""
    )
    desk.do(answering.drop_count, drop)
    assert desk.one("lực lượng").counted == 715


def test_only_a_group_has_counts(desk: Desk) -> None:
    with pytest.raises(NoGroup):
        count(desk, 2, "actual", "tới")


def test_counts_survive_an_import(desk: Desk) -> None:
    count(desk, 715, "actual")
    desk.imports(GuestsPlan(guests=(TOI, HIEU, FORCE.model_copy(update={"note": "đông"}))), "s2")
    assert desk.one("lực lượng").counted == 715


# Several at once, and back.


def test_several_are_changed_together_and_set_back(store: Store, desk: Desk) -> None:
    before = desk.part()
    same = ask.ChangeGuests(
        ceremony_id=CEREMONY, guest_ids=tuple(desk.ids.values()), delegation=" Đoàn 1 ", side="host"
    )
    done = desk.do(several.change_guests, same)
    assert {(one.side, one.delegation) for one in desk.part().guests} == {("host", "Đoàn 1")}
    assert desk.back(done).changed == 3
    assert desk.part().hash == before.hash
    assert [kind for kind, _ in events(store)[1:]] == ["guests.list.changed.v1"] * 2


def test_who_was_changed_again_stays_as_he_is(desk: Desk) -> None:
    done = desk.give("accepted", "tới", "hiếu")
    desk.give("declined", "tới")
    back = desk.back(done)
    assert (back.changed, [one.params["who"] for one in back.left_out]) == (1, ["Lê Tấn Tới"])
    assert desk.states() == {"tới": "declined", "hiếu": "to_invite", "lực lượng": "to_invite"}
    assert [entry.through for entry in desk.answer("hiếu").history] == ["desk", "undo"]


def test_removed_guests_come_back_as_they_were_with_all_they_answered(desk: Desk) -> None:
    desk.give("accepted", "tới", note="đi cùng phu nhân")
    desk.do(answering.arrange, arrangement(desk, "tới"))
    count(desk, 715, "actual")
    before, answer = desk.part(), desk.answer("tới")
    done = desk.do(several.remove_guests, ask.RemoveGuests(ceremony_id=CEREMONY, guest_ids=tuple(desk.ids.values())))
    assert (done.changed, desk.part().guests) == (3, ())
    assert desk.back(done).changed == 3
    assert desk.part().hash == before.hash
    assert desk.answer("tới") == answer.model_copy(update={"version": answer.version + 1})
    assert desk.one("lực lượng").counted == 715
    assert desk.back(done).changed == 0


def test_only_what_was_done_to_several_of_this_ceremony_is_taken_back(desk: Desk) -> None:
    done = desk.give("accepted", "tới")
    command = ask.TakeBack(ceremony_id=OTHER, event_id=done.event_id or "")
    desk.imports(GuestsPlan(guests=(FORCE,)), "s9", OTHER)
    with pytest.raises(NotFound):
        desk.do(several.take_back, command)

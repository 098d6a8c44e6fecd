"""Seating on its real store: halls, filling, changes by hand, the way back, releases and cards, on both engines."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import schemas.guests as guests_ask
import schemas.halls.asked as hall
import schemas.seating as ask
import schemas.stand_ins as stand
from schemas.differences import CompareRelease
from schemas.envelope import Caller
from schemas.errors import NotFound, StaleVersion
from schemas.guests import GroupFields, GuestFields, PersonFields, Post
from schemas.parts import FreezePart
from services.guests import halls, questions, seating, seats_asked, service, stand_ins
from services.guests import store as sql
from services.guests.halls import KeyIsReadyMade
from services.guests.seating import HallTwice, NoHall, NoReleaseYet, NotSeated
from services.guests.service import SeatFromSeating
from services.guests.store import Listing
from services.guests.store.tables import seat_held
from services.kit.context import work_for
from services.kit.store import Connection, Store, Tx

CEREMONY = "0190a1b2-0000-7000-8000-00000000000a"
SHEET = hall.HallSheet(name="Hội trường", rows=(("S", "S", "S"), ("1", "2", "3"), ("W", "2", "3")))
NAMES = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Chiến", "Phạm Thị Dung")


class Office:
    """What one office does, each time in a transaction of its own; `ids` of the guests by their names."""

    def __init__(self, store: Store, caller: Caller) -> None:
        self.store, self.caller = store, caller
        self.ids: dict[str, str] = {}

    @contextmanager
    def change(self) -> Iterator[Tx]:
        work_for(self.caller)
        with self.store.change(self.caller) as tx:
            yield tx

    def do(self, work: Callable[[Tx, Any], Any], command: Any) -> Any:
        with self.change() as tx:
            return work(tx, command)

    def look(self, work: Callable[[Connection, Any], Any], question: Any) -> Any:
        work_for(self.caller)
        with self.store.read() as conn:
            return work(conn, question)

    def invite(self, *names: str) -> None:
        with self.change() as tx:
            service.open_list(tx, CEREMONY, Listing(0, "plain", None))
        for name in names:
            guest = GuestFields(person=PersonFields(name=name, posts=(Post(title="Đại biểu"),)))
            made = self.do(service.add_guest, guests_ask.AddGuest(ceremony_id=CEREMONY, guest=guest))
            self.ids[name] = made.id

    def draw(self, key: str = "nho", sheet: hall.HallSheet = SHEET) -> hall.HallDrawn:
        drawn: hall.HallDrawn = self.do(halls.draw_hall, hall.DrawHall(hall=key, name="Phòng nhỏ", sheet=sheet))
        return drawn

    def use(self, *keys: str) -> ask.Filled:
        used: ask.Filled = self.do(seating.use_halls, ask.UseHalls(ceremony_id=CEREMONY, halls=keys))
        return used

    def fill(self, **said: Any) -> ask.Filled:
        filled: ask.Filled = self.do(seating.fill_seats, ask.FillSeats(ceremony_id=CEREMONY, **said))
        return filled

    def put(self, name: str, place: str, version: int | None = None) -> ask.Filled:
        command = ask.PutGuest(ceremony_id=CEREMONY, guest_id=self.ids[name], place=place, expected_version=version)
        put: ask.Filled = self.do(seating.put_guest, command)
        return put

    def take_back(self, to_version: int | None = None) -> ask.Filled:
        back: ask.Filled = self.do(seating.take_back, ask.TakeBackSeats(ceremony_id=CEREMONY, to_version=to_version))
        return back

    def release(self, number: int) -> None:
        self.do(service.freeze, FreezePart(ceremony_id=CEREMONY, release=number, profile="plain", saga="r"))

    def places(self) -> dict[str, str]:
        found: ask.Seats = self.look(seats_asked.list_seats, ask.ListSeats(ceremony_id=CEREMONY))
        names = {guest_id: name for name, guest_id in self.ids.items()}
        return {names[seat.guest_id]: seat.place.removeprefix("nho/1/") for seat in found.seats}

    def texts(self) -> dict[str, str | None]:
        part = self.look(questions.get_part, guests_ask.GetGuests(ceremony_id=CEREMONY))
        return {guest.person.name: guest.seat for guest in part.guests}

    def short(self) -> ask.SeatingInShort:
        short: ask.SeatingInShort = self.look(seats_asked.get_seating, ask.GetSeating(ceremony_id=CEREMONY))
        return short

    def cards(self) -> list[tuple[str, str]]:
        found: ask.Cards = self.look(seats_asked.compare_cards, ask.CompareCards(ceremony_id=CEREMONY))
        return [(card.name, card.what) for card in found.cards]


@pytest.fixture
def office(new_store: Callable[[str], Store], caller: Caller) -> Office:
    store = new_store("guests")
    store.open(Path(service.__file__).parent / "migrations")
    return Office(store, caller)


@pytest.fixture
def seated(office: Office) -> Office:
    """Four guests in a room of five seats and a wheelchair place."""
    office.invite(*NAMES)
    office.draw()
    office.use("nho")
    office.fill()
    return office


def events(office: Office) -> list[tuple[str, dict[str, Any]]]:
    bodies = [json.loads(row.body) for row in office.store.unsent()]
    return [(body["type"], body["data"]) for body in bodies if "seating" in body["type"] or "hall" in body["type"]]


def test_a_hall_is_drawn_listed_and_removed(office: Office) -> None:
    assert office.draw().hall == hall.HallInShort(
        key="nho", label={"und": "Phòng nhỏ"}, outdoor=False, seats=6, standing=0, ready_made=False, version=1
    )
    listed = office.look(halls.list_halls, hall.ListHalls()).halls
    assert [(one.key, one.ready_made) for one in listed[:2]] == [("nho", False), ("square-blocks", True)]
    office.do(halls.remove_hall, hall.RemoveHall(hall="nho"))
    with pytest.raises(NotFound):
        office.look(halls.get_hall, hall.GetHall(hall="nho"))
    with pytest.raises(KeyIsReadyMade):
        office.draw("meeting-300")
    assert [name for name, _ in events(office)] == ["guests.hall.saved.v1", "guests.hall.removed.v1"]


def test_a_drawing_with_a_mistake_is_not_kept(office: Office) -> None:
    drawn = office.draw(sheet=hall.HallSheet(rows=(("1", "1"),)))
    assert (drawn.hall, len(drawn.problems)) == (None, 1)
    assert events(office) == []


def test_a_seat_prints_as_the_seating_gives_it(seated: Office) -> None:
    assert seated.texts() == {
        "Nguyễn Văn An": "Row A, seat 1",
        "Trần Thị Bình": "Row A, seat 2",
        "Lê Văn Chiến": "Row A, seat 3",
        "Phạm Thị Dung": "Row B, seat 2",
    }
    short = seated.short()
    assert (short.seats, short.taken, short.heads, short.unseated, short.version) == (6, 4, 4, 0, 2)


def test_a_filling_is_shown_before_it_is_done(office: Office) -> None:
    office.invite(*NAMES)
    with pytest.raises(NoHall):
        office.fill()
    office.draw()
    office.use("nho")
    shown = office.look(seating.preview_fill, ask.PreviewFill(ceremony_id=CEREMONY))
    assert (shown.seated, shown.new, shown.unseated_count, office.places()) == (4, 4, 0, {})
    done = office.fill()
    assert done == shown.model_copy(update={"version": 2})
    assert events(office)[-1] == (
        "guests.seating.changed.v1",
        {"version": 2, "how": "filled", "seated": 4, "moved": 0, "unseated": 0},
    )


def test_who_is_put_on_a_taken_seat_swaps_and_stays(seated: Office) -> None:
    seated.put("Phạm Thị Dung", "nho/1/A/1")
    assert seated.places()["Nguyễn Văn An"] == "B/2"
    seated.fill()
    assert seated.places()["Phạm Thị Dung"] == "A/1"
    with pytest.raises(StaleVersion):
        seated.put("Phạm Thị Dung", "nho/1/A/2", version=1)


def test_every_step_is_taken_back(seated: Office) -> None:
    before = seated.places()
    seated.put("Phạm Thị Dung", "nho/1/A/1")
    seated.do(seating.clear_seats, ask.ClearSeats(ceremony_id=CEREMONY, guest_ids=(seated.ids[NAMES[0]],)))
    seated.use("meeting-300")
    assert seated.places() == {}
    seated.take_back()
    assert len(seated.places()) == 3
    seated.take_back(2)
    assert seated.places() == before
    seated.take_back(0)
    assert (seated.places(), seated.short().halls) == ({}, ())
    seated.take_back()
    assert seated.places() == before
    with pytest.raises(NotFound):
        seated.take_back(99)


def test_who_leaves_the_list_leaves_the_seat_and_gets_none_back(seated: Office) -> None:
    guest = seated.ids["Nguyễn Văn An"]
    seated.do(service.remove_guest, guests_ask.RemoveGuest(ceremony_id=CEREMONY, guest_id=guest, expected_version=1))
    seated.put("Phạm Thị Dung", "nho/1/A/1")
    seated.take_back(2)
    with seated.store.read() as conn:
        held = set(conn.execute(sa.select(seat_held.c.guest_id)).scalars())
    assert held == set(seated.ids.values()) - {guest}


def test_a_change_after_a_release_moves_few_and_names_the_cards(seated: Office) -> None:
    with pytest.raises(NoReleaseYet):
        seated.do(seating.reseat, ask.Reseat(ceremony_id=CEREMONY, since="release"))
    seated.release(1)
    assert seated.cards() == []
    printed = seated.places()
    guest = seated.ids["Lê Văn Chiến"]
    seated.do(service.remove_guest, guests_ask.RemoveGuest(ceremony_id=CEREMONY, guest_id=guest, expected_version=1))
    seated.invite("Bùi Văn Em")
    seated.put("Nguyễn Văn An", "nho/1/B/3")
    again = seated.do(seating.reseat, ask.Reseat(ceremony_id=CEREMONY, since="draft"))
    assert (again.moved, again.new) == (0, 1)
    assert sorted(seated.cards()) == [("Bùi Văn Em", "new"), ("Lê Văn Chiến", "gone"), ("Nguyễn Văn An", "moved")]
    seated.do(seating.fix_seats, ask.FixSeats(ceremony_id=CEREMONY, guest_ids=(seated.ids[NAMES[0]],), fixed=False))
    seated.do(seating.reseat, ask.Reseat(ceremony_id=CEREMONY, since="release"))
    assert {name: place for name, place in seated.places().items() if name in printed} == {
        name: place for name, place in printed.items() if name != "Lê Văn Chiến"
    }
    assert seated.short().changed_since == 2


def test_a_release_holds_the_seats_that_cards_were_printed_with(seated: Office) -> None:
    seated.release(1)
    seated.fill(pattern=ask.SeatPattern(pattern="serpentine"))
    frozen = seated.look(questions.get_part, guests_ask.GetGuests(ceremony_id=CEREMONY, release=1))
    assert {guest.seat for guest in frozen.guests} == {
        f"Row {one}" for one in ("A, seat 1", "A, seat 2", "A, seat 3", "B, seat 2")
    }
    compared = seated.look(questions.compare_release, CompareRelease(ceremony_id=CEREMONY))
    moved = {one.label for one in compared.differences}
    assert moved == {name for name, _ in seated.cards()} != set()


def test_a_typed_seat_stays_where_no_seating_gives_one(seated: Office) -> None:
    guest = GuestFields(person=PersonFields(name="Đỗ Văn Gõ"), seat="Hàng danh dự")
    made = seated.do(service.add_guest, guests_ask.AddGuest(ceremony_id=CEREMONY, guest=guest))
    seated.ids["Đỗ Văn Gõ"] = made.id
    assert seated.texts()["Đỗ Văn Gõ"] == "Hàng danh dự"
    seated.put("Đỗ Văn Gõ", "nho/1/B/3")
    assert seated.texts()["Đỗ Văn Gõ"] == "Row B, seat 3"

    def change(seat: str | None, version: int, note: str) -> Any:
        fields = guest.model_copy(update={"seat": seat, "note": note})
        command = guests_ask.ChangeGuest(
            ceremony_id=CEREMONY, guest_id=made.id, expected_version=version, guest=fields
        )
        return seated.do(service.change_guest, command)

    change("Row B, seat 3", 1, "nhìn thấy rồi lưu lại")
    with pytest.raises(SeatFromSeating):
        change("Row A, seat 1", 2, "")
    seated.do(seating.clear_seats, ask.ClearSeats(ceremony_id=CEREMONY, guest_ids=(made.id,)))
    assert seated.texts()["Đỗ Văn Gõ"] == "Hàng danh dự"


def test_who_comes_for_somebody_is_seated_and_nobody_else_moves(seated: Office) -> None:
    before = seated.places()
    coming = guests_ask.PersonFields(name="Võ Văn Thay", posts=(Post(title="Đại biểu"),))
    command = stand.StandIn(
        ceremony_id=CEREMONY, guest_id=seated.ids["Lê Văn Chiến"], expected_version=1, person=coming
    )
    done = seated.do(lambda tx, said: stand_ins.stand_in(tx, said, ()), command)
    seated.ids["Võ Văn Thay"] = done.stand_in_id
    for _ in range(2):
        seated.do(lambda tx, pair: seating.settle(tx, CEREMONY, pair), (done.guest_id, done.stand_in_id))
        now = seated.places()
        assert now == {name: place for name, place in before.items() if name != "Lê Văn Chiến"} | {
            "Võ Văn Thay": "A/3"
        }
    back = stand.WithdrawStandIn(ceremony_id=CEREMONY, guest_id=done.guest_id)
    seated.do(stand_ins.withdraw, back)
    seated.do(lambda tx, pair: seating.settle(tx, CEREMONY, pair), (done.guest_id, done.stand_in_id))
    assert seated.places() == before


def test_what_cannot_be_is_refused(seated: Office) -> None:
    with pytest.raises(HallTwice):
        seated.use("nho", "nho")
    with pytest.raises(NotFound):
        seated.use("khong-co")
    with pytest.raises(NotSeated):
        seated.do(seating.clear_seats, ask.ClearSeats(ceremony_id=CEREMONY, guest_ids=("nobody",)))
    stranger = Office(seated.store, seated.caller.model_copy(update={"office": "khac"}))
    for question in (ask.GetSeating(ceremony_id=CEREMONY), ask.ListSeats(ceremony_id=CEREMONY)):
        with pytest.raises(NotFound):
            stranger.look(seats_asked.get_seating, question)
    assert stranger.look(halls.list_halls, hall.ListHalls()).halls[0].ready_made


def test_a_group_stands_or_says_why_not(seated: Office) -> None:
    for label, count in (("Khối công an", 250), ("Khối không rõ", None)):
        guest = GuestFields(group=GroupFields(label=label, head_count=count))
        made = seated.do(service.add_guest, guests_ask.AddGuest(ceremony_id=CEREMONY, guest=guest))
        seated.ids[label] = made.id
    seated.use("nho", "square-blocks")
    filled = seated.fill()
    assert [(one.name, one.why) for one in filled.unseated] == [("Khối không rõ", "head_count_unknown")]
    assert seated.places()["Khối công an"] == "square-blocks/K1"
    with seated.store.read() as conn:
        assert sql.listing(conn, seated.caller.office, CEREMONY) is not None

"""Halls filled by patterns, changed with few moves and by hand: what must hold whatever the hall and the guests."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import NotFound
from schemas.halls import Hall, HallBlock, HallSeat, HallSign, ready_made, ready_made_hall
from schemas.protocol import load_profile
from schemas.protocol.rules import Seating
from schemas.protocol.words import Label
from schemas.seating import BlockUse, SeatPattern
from services.guests.model.seating.filling import Filling, Head, Sat, Sitter, fill, kept
from services.guests.model.seating.moving import BlockFull, TooManyForSeat, clear, fix, put
from services.guests.model.seating.places import Room
from services.guests.model.seating.reseating import reseat, together_with

NAME = Label({"en": "Hall"})
VN = load_profile("vn-province").seating
PLAIN = load_profile("plain").seating


def hall(rows: Sequence[str], *, kind: str = "seats", key: str = "h", block: str = "B", standing: int = 0) -> Hall:
    """Rows from the front, as text: o a seat, w for wheelchairs, r reserved, a blank an aisle."""
    marks = {"o": "", "w": "wheelchair", "r": "reserved"}
    seats = [
        HallSeat.model_validate(
            {
                "block": block,
                "row": chr(65 + depth),
                "number": str(at + 1),
                "x": at + 0.5,
                "y": -depth if kind == "rostrum" else depth,
                "mark": marks[sign],
            }
        )
        for depth, row in enumerate(rows)
        for at, sign in enumerate(row)
        if sign != " "
    ]
    blocks = [HallBlock.model_validate({"key": block, "label": NAME, "kind": kind})]
    if standing:
        blocks.append(HallBlock(key="S", label=NAME, kind="standing", capacity=standing))
    return Hall(key=key, label=NAME, blocks=tuple(blocks), seats=tuple(seats))


def singles(count: int) -> list[Sitter]:
    return [Sitter(f"g{number}") for number in range(1, count + 1)]


def said(filling: Filling) -> list[str]:
    """Row and number of those who sit, in the order in which they were seated."""
    return ["".join(sat.place.split("/")[2:]) or sat.place for sat in filling.seated.values()]


def row_of(filling: Filling, *ids: str) -> set[str]:
    return {sat.place.split("/")[2] for head, sat in filling.seated.items() if head[0] in ids}


def filled(*halls: Hall, sitters: Sequence[Sitter], profile: Seating = VN, **pattern: object) -> Filling:
    return fill(Room(halls), sitters, {}, SeatPattern.model_validate(pattern), profile)


# Patterns.


def test_the_first_sits_in_the_middle_and_the_others_by_turns_on_either_hand() -> None:
    assert said(filled(hall(["ooooo"]), sitters=singles(5))) == ["A3", "A4", "A2", "A5", "A1"]
    assert said(filled(hall(["oooo"]), sitters=singles(4))) == ["A3", "A2", "A4", "A1"]
    assert said(filled(hall(["ooo"]), sitters=singles(3), first_side="left")) == ["A2", "A1", "A3"]


def test_on_a_rostrum_the_right_hand_is_the_left_of_the_hall() -> None:
    presidium = hall(["ooooo"], kind="rostrum")
    assert said(filled(presidium, sitters=singles(3), rostrum=3)) == ["A3", "A2", "A4"]


def test_the_front_row_of_a_rostrum_is_that_nearest_to_the_hall() -> None:
    two = hall(["ooo", "ooo"], kind="rostrum")
    assert said(filled(two, sitters=singles(4), rostrum=4)) == ["A2", "A1", "A3", "B2"]


def test_an_even_number_on_a_rostrum_may_leave_the_middle_free() -> None:
    presidium = hall(["ooooo"], kind="rostrum")
    assert said(filled(presidium, sitters=singles(2), rostrum=2, even="gap_centre")) == ["A2", "A4"]
    assert said(filled(presidium, sitters=singles(2), rostrum=2, even="pair_centre")) == ["A3", "A2"]


def test_rows_are_filled_from_one_end_and_serpentine_turns_round() -> None:
    square = hall(["ooo", "ooo"])
    assert said(filled(square, sitters=singles(6), profile=PLAIN)) == ["A1", "A2", "A3", "B1", "B2", "B3"]
    assert said(filled(square, sitters=singles(6), pattern="serpentine")) == ["A3", "A2", "A1", "B1", "B2", "B3"]


def test_the_middle_is_that_of_the_stage() -> None:
    seats = hall(["oooooo"])
    stage = HallSign(kind="stage", x=3, y=-3, width=2)
    assert said(filled(seats.model_copy(update={"signs": (stage,)}), sitters=singles(2))) == ["A5", "A4"]


def test_halls_are_filled_one_after_the_other() -> None:
    first, second = hall(["oo"], key="in"), hall(["oo"], key="out")
    filling = filled(first, second, sitters=singles(5))
    assert [sat.place.split("/")[0] for sat in filling.seated.values()] == ["in", "in", "out", "out"]
    assert [(left.head, left.why) for left in filling.left] == [(("g5", 0), "no_seat")]


# Those who belong together.


def test_who_comes_along_sits_beside_the_guest_and_never_over_an_aisle() -> None:
    filling = filled(hall(["oo oo", "oooo"]), sitters=[Sitter("a", heads=3), Sitter("b", heads=2), Sitter("c")])
    assert {head: sat.place for head, sat in filling.seated.items() if head[0] == "b"} == {
        ("b", 0): "h/B/A/4",
        ("b", 1): "h/B/A/5",
    }
    assert row_of(filling, "a") == {"B"}


def test_who_cannot_sit_beside_the_guest_is_told_of() -> None:
    filling = filled(hall(["o o"]), sitters=[Sitter("a", heads=2)])
    assert said(filling) == ["A3"]
    assert [(left.head, left.why) for left in filling.left] == [(("a", 1), "no_seat_beside")]


def test_a_delegation_sits_in_one_row_if_a_row_holds_it() -> None:
    sitters = [Sitter("x"), Sitter("d1", delegation="D"), Sitter("y"), Sitter("d2", delegation="D")]
    sitters += [Sitter("d3", delegation="D"), Sitter("d4", delegation="D"), Sitter("z"), Sitter("last")]
    filling = filled(hall(["oooo", "oooo"]), sitters=sitters, together=True)
    assert row_of(filling, "d1", "d2", "d3", "d4") == {"B"}
    assert row_of(filling, "x", "y", "z", "last") == {"A"}
    assert row_of(filled(hall(["oooo", "oooo"]), sitters=sitters), "d1", "d2", "d3", "d4") == {"A", "B"}


def test_a_delegation_larger_than_every_row_goes_on_in_the_row_behind() -> None:
    sitters = [Sitter(f"d{number}", delegation="D") for number in range(6)]
    filling = filled(hall(["oo", "oooo", "oo"]), sitters=sitters, together=True)
    assert Counter(sat.place.split("/")[2] for sat in filling.seated.values()) == {"A": 2, "B": 4}


# Wheelchairs, reserved seats, groups.


def test_wheelchair_places_are_for_who_needs_one_and_his_company_sits_near() -> None:
    sitters = [Sitter("a"), Sitter("w", wheelchair=True, heads=2), Sitter("v", wheelchair=True)]
    filling = filled(hall(["ooo", "wwo"]), sitters=sitters)
    assert {filling.seated["w", 0].place, filling.seated["v", 0].place} == {"h/B/B/1", "h/B/B/2"}
    assert filling.seated["w", 1].place == "h/B/B/3"
    lost = filled(hall(["ooo"]), sitters=[Sitter("w", wheelchair=True)])
    assert [left.why for left in lost.left] == ["no_wheelchair_place"]


def test_reserved_seats_are_left_to_the_hand() -> None:
    assert said(filled(hall(["oro"]), sitters=singles(3))) == ["A3", "A1"]
    assert put(Room((hall(["oro"]),)), {}, ("g1", 0), "h/B/A/2") == {("g1", 0): Sat("h/B/A/2", fixed=True)}


def test_a_group_stands_as_a_whole_or_takes_seats() -> None:
    group = Sitter("g", group=True, heads=4)
    standing = filled(hall(["ooo"], standing=5), sitters=[group, Sitter("p")])
    assert {head: (sat.place, sat.heads) for head, sat in standing.seated.items()} == {
        ("g", 0): ("h/S", 4),
        ("p", 0): ("h/B/A/2", 1),
    }
    seated = filled(hall(["ooo", "ooo"], standing=3), sitters=[group])
    assert len(seated.seated) == 4
    unknown = filled(hall(["ooo"], standing=3), sitters=[Sitter("g", group=True, heads=None)])
    assert [left.why for left in unknown.left] == ["head_count_unknown"]


def test_blocks_are_taken_by_whom_they_are_for() -> None:
    front, back = hall(["ooo"], key="f"), hall(["ooo"], key="b")
    uses = (BlockUse(block="f/B", who="hosts"), BlockUse(block="b/B", who="guests"))
    filling = filled(front, back, sitters=[Sitter("g"), Sitter("h", side="host")], uses=uses)
    assert {head[0]: sat.place for head, sat in filling.seated.items()} == {"g": "b/B/A/2", "h": "f/B/A/2"}


# What must always hold.

rooms = st.lists(st.text("oooowr ", min_size=1, max_size=9).filter(str.strip), min_size=1, max_size=5).flatmap(
    lambda rows: st.builds(hall, st.just(rows), standing=st.integers(0, 6))
)
sitter = st.builds(
    Sitter,
    id=st.just(""),
    side=st.sampled_from(("guest", "host")),
    heads=st.integers(1, 3),
    delegation=st.sampled_from((None, "D", "E")),
    wheelchair=st.booleans(),
)
group = st.builds(Sitter, id=st.just(""), group=st.just(value=True), heads=st.one_of(st.none(), st.integers(0, 4)))
people = st.lists(st.one_of(sitter, sitter, group), max_size=14).map(
    lambda some: [replace(one, id=f"g{number}") for number, one in enumerate(some)]
)
patterns = st.builds(
    SeatPattern,
    pattern=st.sampled_from(["centre_out", "rows", "serpentine", None]),
    together=st.booleans(),
    rostrum=st.integers(0, 3),
    even=st.sampled_from(["pair_centre", "gap_centre", None]),
)


def sound(room: Room, sitters: Sequence[Sitter], filling: Filling) -> None:
    """Nobody sits twice or beyond his number, no seat is held twice, no block is too full, nobody is forgotten."""
    of = {one.id: one for one in sitters}
    held = Counter[str]()
    heads = Counter[str]()
    for (guest, nth), sat in filling.seated.items():
        held[sat.place] += sat.heads
        heads[guest] += sat.heads
        most = of[guest].heads
        assert nth == 0 if most is None else nth + sat.heads <= most
    assert all(count <= room.places[place].capacity for place, count in held.items())
    for left in filling.left:
        assert left.head not in filling.seated
        heads[left.head[0]] += left.heads
    unknown = {one.id for one in sitters if one.heads is None}
    assert {one: count for one, count in heads.items() if one not in unknown} == {
        one.id: one.heads for one in sitters if one.heads
    }


@given(rooms, people, patterns)
def test_a_filling_is_sound_and_respects_what_places_are_for(
    drawn: Hall, sitters: list[Sitter], pattern: SeatPattern
) -> None:
    room = Room((drawn,))
    filling = fill(room, sitters, {}, pattern, VN)
    sound(room, sitters, filling)
    needing = {one.id for one in sitters if one.wheelchair}
    for (guest, nth), sat in filling.seated.items():
        mark = room.places[sat.place].mark
        assert mark != "reserved"
        assert (mark == "wheelchair") == (guest in needing and nth == 0 and not room.places[sat.place].standing)
    free = {key for key, place in room.places.items() if not place.mark and not place.standing}
    if any(left.why == "no_seat" for left in filling.left):
        assert free <= {sat.place for sat in filling.seated.values()}


@given(rooms, people, people, patterns, st.data())
def test_a_change_moves_only_who_may_not_stay(
    drawn: Hall, before: list[Sitter], after: list[Sitter], pattern: SeatPattern, data: st.DataObject
) -> None:
    room = Room((drawn,))
    first = fill(room, before, {}, pattern, VN).seated
    some = data.draw(st.sets(st.sampled_from(sorted(first)))) if first else set()
    present = {head: Sat(sat.place, sat.heads, fixed=head in some) for head, sat in first.items()}
    again = reseat(room, after, present, pattern, VN)
    sound(room, after, again)
    stay = kept(present, room, after)
    moved = [head for head, sat in stay.items() if again.seated.get(head) != sat]
    assert all(not present[head].fixed for head in moved)
    needing = [one for one in after if one.wheelchair and again.seated.get((one.id, 0)) != stay.get((one.id, 0))]
    assert len(moved) <= 2 * len(needing)
    if not needing:
        assert moved == []


@given(rooms, people, patterns, st.data())
def test_hands_keep_a_seating_sound(
    drawn: Hall, sitters: list[Sitter], pattern: SeatPattern, data: st.DataObject
) -> None:
    room = Room((drawn,))
    seated: Mapping[Head, Sat] = fill(room, sitters, {}, pattern, VN).seated
    one_by_one = sorted(head for head, sat in seated.items() if sat.heads == 1)
    for head in data.draw(st.lists(st.sampled_from(one_by_one), max_size=4)) if one_by_one else []:
        place = data.draw(st.sampled_from(sorted(key for key, one in room.places.items() if not one.standing)))
        before, seated = seated, put(room, seated, head, place)
        assert seated[head] == Sat(place, fixed=True)
        assert len(seated) == len(before)
    held = Counter(sat.place for sat in seated.values() if not room.places[sat.place].standing)
    assert max(held.values(), default=0) <= 1


# By hand.


def test_putting_somebody_on_a_taken_seat_swaps_the_two() -> None:
    room = Room((hall(["oo"]),))
    seated = {("a", 0): Sat("h/B/A/1"), ("b", 0): Sat("h/B/A/2")}
    assert put(room, seated, ("a", 0), "h/B/A/2") == {
        ("a", 0): Sat("h/B/A/2", fixed=True),
        ("b", 0): Sat("h/B/A/1"),
    }
    assert put(room, seated, ("c", 0), "h/B/A/2") == {("a", 0): Sat("h/B/A/1"), ("c", 0): Sat("h/B/A/2", fixed=True)}


def test_what_does_not_fit_is_refused() -> None:
    room = Room((hall(["oo"], standing=3),))
    with pytest.raises(NotFound):
        put(room, {}, ("a", 0), "h/B/A/9")
    with pytest.raises(BlockFull):
        put(room, {("a", 0): Sat("h/S", 2)}, ("b", 0), "h/S", heads=2)
    with pytest.raises(TooManyForSeat):
        put(room, {("a", 0): Sat("h/S", 2)}, ("a", 0), "h/B/A/1")


def test_clearing_keeps_fixed_seats_and_fixing_is_taken_back() -> None:
    seated = {("a", 0): Sat("h/B/A/1", fixed=True), ("b", 0): Sat("h/B/A/2")}
    assert list(clear(seated, None)) == [("a", 0)]
    assert list(clear(seated, ["a"])) == [("b", 0)]
    assert [sat.fixed for sat in fix(seated, ["a", "b"], fixed=False).values()] == [False, False]


def test_a_newcomer_in_a_wheelchair_moves_one_who_needs_no_such_place() -> None:
    room = Room((hall(["wo"]),))
    present = {("a", 0): Sat("h/B/A/1")}
    again = reseat(room, [Sitter("a"), Sitter("w", wheelchair=True)], present, SeatPattern(), VN)
    assert {head[0]: sat.place for head, sat in again.seated.items()} == {"w": "h/B/A/1", "a": "h/B/A/2"}


def test_of_two_seatings_the_first_has_the_say() -> None:
    room, sitters = Room((hall(["oo"]),)), [Sitter("a"), Sitter("b")]
    printed, now = {("a", 0): Sat("h/B/A/1")}, {("a", 0): Sat("h/B/A/2"), ("b", 0): Sat("h/B/A/1")}
    both = kept(together_with(printed, now), room, sitters)
    assert both == {("a", 0): Sat("h/B/A/1")}


# Halls.


def test_ready_made_halls_hold_what_they_say() -> None:
    counts = {one.key: (len(one.seats), one.standing) for one in ready_made()}
    assert counts == {
        "theatre-2000": (2000, 0),
        "yard-1000": (1000, 0),
        "meeting-300": (309, 0),
        "square-blocks": (215, 1900),
        "presidium-23": (23, 0),
    }


def test_the_best_seat_of_a_theatre_is_in_the_middle_of_its_first_row() -> None:
    theatre = ready_made_hall("theatre-2000")
    assert said(filled(theatre, sitters=singles(4))) == ["A1", "A2", "A3", "A4"]


def test_three_thousand_are_seated_without_a_conflict() -> None:
    room = Room((ready_made_hall("theatre-2000"), ready_made_hall("yard-1000")))
    sitters = [Sitter(f"g{n}", delegation=f"d{n % 90}", heads=1 + (n % 11 == 0)) for n in range(2700)]
    filling = fill(room, sitters, {}, SeatPattern(together=True), VN)
    sound(room, sitters, filling)
    assert len(filling.seated) == 2946

"""Placing by hand: beside a neighbour, whatever else happens to the list."""

import random
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.protocol import load_profile
from services.guests.model.placing import ByHand, Line
from services.guests.model.precedence import Entry, Order, Placed, Rules, Side, order
from services.guests.model.standing import PostIn

DAY = load_profile("vn-province", date(2024, 7, 1))
RULES = Rules(DAY)
Hands = dict[str, ByHand]


def person(key: str, title: str, side: Side = "guest", **more: Any) -> Entry:
    return Entry(key=key, kind="person", side=side, name=key, posts=(PostIn(title),), **more)


LIST = [
    person("bộ", "Thứ trưởng Bộ Công an"),
    person("tỉnh", "Bí thư Tỉnh ủy"),
    person("sở", "Giám đốc Sở Tư pháp"),
    person("nghệ nhân", "Nghệ nhân"),
    person("chủ tịch", "Chủ tịch UBND tỉnh", "host"),
    person("giám đốc", "Giám đốc Công an tỉnh", "host"),
]


def ordered(entries: list[Entry], hands: Hands | None = None) -> Order:
    return Order([RULES.rank(entry) for entry in entries], DAY, hands)


def stand(entries: list[Entry], hands: Hands | None = None) -> list[str]:
    return [each.entry.key for each in ordered(entries, hands)]


def put(entries: list[Entry], hands: Hands, moved: str, before: str | None) -> Hands:
    """As the service does it."""
    found = ordered(entries, hands)
    line = Line(
        shown=[each.entry.key for each in found],
        by_rule=found.by_rule,
        sides={each.entry.key: each.side for each in found if not each.needs_ranking and not each.by_hand},
        hands={key: hand for key, hand in hands.items() if key in {each.entry.key for each in found if each.by_hand}},
    )
    side = next(entry.side for entry in entries if entry.key == moved)
    return hands | line.put(moved, side, before)


def found(placed: list[Placed], key: str) -> Placed:
    return next(each for each in placed if each.entry_key == key)


def test_who_is_placed_by_hand_stands_there_and_the_others_around_him() -> None:
    hands = put(LIST, {}, "giám đốc", "tỉnh")
    placed = order(LIST, DAY, hands=hands)
    assert stand(LIST, hands) == ["bộ", "giám đốc", "tỉnh", "sở", "nghệ nhân", "chủ tịch"]
    assert (found(placed, "giám đốc").why, found(placed, "giám đốc").by_hand) == ("placed by hand", True)
    assert (found(placed, "tỉnh").against, found(placed, "tỉnh").why) == ("bộ", "level: central before province")


def test_who_needs_ranking_has_a_place_once_he_is_put_somewhere() -> None:
    hands = put(LIST, {}, "nghệ nhân", "bộ")
    placed = order(LIST, DAY, hands=hands)
    assert [each.entry_key for each in placed if each.needs_ranking] == []
    assert (placed[0].entry_key, placed[1].why) == ("nghệ nhân", "first of all")


def test_a_place_by_hand_follows_its_neighbour_through_other_people_s_changes() -> None:
    hands = put(LIST, {}, "giám đốc", "tỉnh")
    more = [*LIST, person("phó thủ tướng", "Phó Thủ tướng"), person("phó bí thư", "Phó Bí thư Tỉnh ủy")]
    assert stand(more, hands)[:5] == ["phó thủ tướng", "bộ", "giám đốc", "tỉnh", "phó bí thư"]
    promoted = [person("tỉnh", "Chủ tịch Quốc hội"), *(entry for entry in LIST if entry.key != "tỉnh")]
    assert stand(promoted, hands)[:3] == ["giám đốc", "tỉnh", "bộ"]


def test_a_neighbour_who_leaves_is_replaced_by_the_other_one_and_then_by_the_rules() -> None:
    hands = put(LIST, {}, "giám đốc", "tỉnh")
    without = [entry for entry in LIST if entry.key != "tỉnh"]
    assert stand(without, hands) == ["bộ", "giám đốc", "sở", "nghệ nhân", "chủ tịch"]
    alone = [entry for entry in without if entry.key != "bộ"]
    assert stand(alone, hands) == ["sở", "nghệ nhân", "chủ tịch", "giám đốc"]
    assert not found(order(alone, DAY, hands=hands), "giám đốc").by_hand


def test_moving_a_neighbour_by_hand_does_not_drag_the_other_along() -> None:
    hands = put(LIST, {}, "giám đốc", "tỉnh")
    hands = put(LIST, hands, "tỉnh", None)
    assert stand(LIST, hands) == ["bộ", "giám đốc", "sở", "nghệ nhân", "chủ tịch", "tỉnh"]
    hands = put(LIST, hands, "tỉnh", "giám đốc")
    assert stand(LIST, hands) == ["bộ", "tỉnh", "giám đốc", "sở", "nghệ nhân", "chủ tịch"]


def test_between_two_sides_the_neighbour_of_the_own_side_counts() -> None:
    hands = put(LIST, {}, "giám đốc", "chủ tịch")
    assert hands["giám đốc"] == ByHand(before="chủ tịch", after="nghệ nhân")
    ranked = [entry for entry in LIST if entry.key != "nghệ nhân"]
    assert put(ranked, {}, "bộ", "chủ tịch")["bộ"] == ByHand(after="sở")


def test_a_list_of_one_can_be_placed_as_well() -> None:
    hands = put(LIST[:1], {}, "bộ", None)
    assert stand(LIST[:1], hands) == ["bộ"]


KEYS = [entry.key for entry in LIST]
MOVES = st.lists(st.tuples(st.sampled_from(KEYS), st.none() | st.sampled_from(KEYS)), max_size=12)


@settings(max_examples=60, deadline=None)
@given(MOVES, st.randoms(use_true_random=False))
def test_every_move_leads_where_it_says_and_moves_nobody_else(
    moves: list[tuple[str, str | None]], chance: random.Random
) -> None:
    hands: Hands = {}
    for moved, before in moves:
        if moved == before:
            continue
        line = stand(LIST, hands)
        line.remove(moved)
        line.insert(line.index(before) if before else len(line), moved)
        hands = put(LIST, hands, moved, before)
        assert stand(chance.sample(LIST, len(LIST)), hands) == line


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(KEYS),
        st.builds(
            ByHand,
            before=st.none() | st.sampled_from([*KEYS, "fort"]),
            after=st.none() | st.sampled_from([*KEYS, "fort"]),
            turn=st.integers(0, 2),
        ),
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_is_total_and_stable_whatever_was_noted(hands: Hands, chance: random.Random) -> None:
    placed, again = ordered(LIST, hands), ordered(chance.sample(LIST, len(LIST)), hands)
    assert [again.placed(at) for at in range(len(LIST))] == [placed.placed(at) for at in range(len(LIST))]
    assert sorted(each.entry.key for each in placed) == sorted(KEYS)

"""The states of an invitation, and which head count of a group prints."""

from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.answers import STATE_WORDS, STATES, CountKind, State
from schemas.guests import GroupFields
from services.guests.model import answering, counts
from services.guests.model.answering import AnswerUnfit, HasStandIn, NameTheStandIn, following
from services.guests.model.counts import KeptCount

states = st.sampled_from(STATES)


def refused(was: State, new: State) -> type[Exception] | None:
    try:
        answering.check(was, new, "Trần Văn Thử")
    except (AnswerUnfit, HasStandIn, NameTheStandIn) as refusal:
        return type(refusal)
    return None


@given(states, st.lists(states, max_size=12))
def test_states_only_change_to_what_may_follow(was: State, wanted: list[State]) -> None:
    """Whatever is asked for in whatever order: a stand-in comes about and goes by commands of their own only."""
    began = was
    for new in wanted:
        if refused(was, new) is None:
            assert new == was or new in following(was)
            was = new
        else:
            assert new not in following(was)
    assert (was == "stand_in_agreed") == (began == "stand_in_agreed")


@given(states)
def test_every_guest_can_be_checked_in_unless_somebody_comes_for_him(was: State) -> None:
    there = {new for new in ("attended", "absent") if refused(was, new) is None}
    assert there == (set() if was == "stand_in_agreed" else {"attended", "absent"})


@pytest.mark.parametrize(
    ("was", "new", "why"),
    [
        ("invited", "stand_in_agreed", NameTheStandIn),
        ("stand_in_agreed", "accepted", HasStandIn),
        ("accepted", "read", AnswerUnfit),
        ("attended", "declined", AnswerUnfit),
        ("to_invite", "stand_in_refused", AnswerUnfit),
        ("stand_in_proposed", "stand_in_refused", None),
        ("accepted", "declined", None),
        ("declined", "declined", None),
        ("absent", "attended", None),
    ],
)
def test_change_of_state_is_taken_or_refused(was: State, new: State, why: type[Exception] | None) -> None:
    assert refused(was, new) is why


def test_every_state_has_words() -> None:
    assert set(STATE_WORDS) == set(STATES)


# Counts.

GROUP = GroupFields(label="Lực lượng nòng cốt", head_count=700, head_count_kind="planned")


def kept(number: int, kind: CountKind, as_of: date | None = None, **more: Any) -> KeptCount:
    return KeptCount(id=f"c{number}", count=number, kind=kind, as_of=as_of, **more)


@pytest.mark.parametrize(
    ("known", "prints"),
    [
        ((), (700, "planned")),
        ((kept(728, "claimed", date(2024, 6, 30)),), (700, "planned")),
        ((kept(710, "planned", date(2024, 6, 1)),), (710, "planned")),
        ((kept(728, "actual"), kept(650, "actual", date(2024, 7, 1))), (650, "actual")),
        ((kept(728, "actual"), kept(3000, "claimed", chosen=True)), (3000, "claimed")),
    ],
)
def test_surest_and_latest_count_prints_unless_one_is_chosen(
    known: tuple[KeptCount, ...], prints: tuple[int, CountKind]
) -> None:
    assert counts.printed(GROUP, known) == prints
    told = counts.told(GROUP, known)
    assert [one.count for one in told] == [700, *(one.count for one in known)]
    assert [one.count for one in told if one.prints] == [prints[0]]


counts_of_a_group = st.lists(
    st.builds(
        KeptCount,
        id=st.uuids().map(str),
        count=st.integers(0, 10_000),
        kind=st.sampled_from(get_args(CountKind)),
        as_of=st.none() | st.dates(),
    ),
    max_size=6,
    unique_by=lambda one: (one.kind, one.as_of),
)


@given(counts_of_a_group, st.randoms())
def test_count_that_prints_does_not_hang_on_the_order_of_the_sources(known: list[KeptCount], random: Any) -> None:
    nameless = GroupFields(label="Quần chúng")
    shuffled = list(known)
    random.shuffle(shuffled)
    assert counts.printed(nameless, known) == counts.printed(nameless, shuffled)

"""A guest list: what a plan makes of it, what is wrong with a plan, and the list in order."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from schemas.guests import GroupFields, Guest, GuestFields, GuestsPlan, PersonFields, PlannedGuest, Post
from schemas.parts import PartChange
from schemas.protocol import Profile, load_profile
from services.guests.model import ordered
from services.guests.model.lists import (
    CodeTaken,
    CountTooLarge,
    Kept,
    PersonOrGroup,
    check_guest,
    compare,
    kept,
    planned,
    problems_of,
    sound,
    unranked,
)

ON = date(2024, 7, 1)
PROFILE = load_profile("vn-province", ON)


def row(ref: str, name: str = "", *titles: str, **fields: Any) -> PlannedGuest:
    only = {key: fields.pop(key) for key in ("rank", "honorific") if key in fields}
    posts = tuple(Post(title=title) for title in titles)
    return PlannedGuest(ref=ref, person=PersonFields(name=name or ref, posts=posts, **only), **fields)


def plan(*rows: PlannedGuest) -> GuestsPlan:
    return GuestsPlan(guests=rows)


def in_order(guests: Iterable[Kept], profile: Profile, on: date) -> tuple[Guest, ...]:
    return ordered.in_order(guests, profile, on).guests


def listed(*rows: PlannedGuest) -> dict[str, Kept]:
    _, guests = planned(plan(*rows), {}, iter(map(str, range(99))))
    return {guest.id: guest for guest in guests}


# Cần Thơ, 1 July 2024, in the order of the report; the collective of 728 stands with its label only.
CAN_THO = (
    row("tới", "Lê Tấn Tới", "Chủ nhiệm Ủy ban Quốc phòng và An ninh của Quốc hội", rank="Trung tướng"),
    row("hưng", "Cao Đăng Hưng", "Phó Chánh Văn phòng Bộ Công an", rank="Thiếu tướng"),
    row("hiếu", "Nguyễn Văn Hiếu", "Bí thư Thành ủy Cần Thơ", side="host", honorific="ông"),
    row("trường", "Trần Việt Trường", "Chủ tịch UBND TP Cần Thơ", side="host", honorific="Ông"),
)


def test_guests_stand_in_the_order_of_the_report_and_it_is_said_why() -> None:
    guests = in_order(reversed(listed(*CAN_THO).values()), PROFILE, ON)
    assert [guest.address for guest in guests] == [
        "Trung tướng Lê Tấn Tới",
        "Thiếu tướng Cao Đăng Hưng",
        "Ông Nguyễn Văn Hiếu",
        "Ông Trần Việt Trường",
    ]
    assert [guest.position for guest in guests] == [1, 2, 3, 4]
    assert [guest.posts_text for guest in guests[2:]] == ["Bí thư Thành ủy Cần Thơ", "Chủ tịch UBND TP Cần Thơ"]
    whys = [guest.why or "" for guest in guests]
    assert [why.partition(":")[0] for why in whys[2:]] == [PROFILE.word("side", "vi"), PROFILE.word("bloc", "vi")]


def test_who_needs_ranking_has_no_position_and_takes_none_from_others() -> None:
    rows = (*CAN_THO, row("lạ", "Ẩn Danh", "Chủ nhiệm câu lạc bộ cờ tướng"))
    guests = in_order(listed(*rows).values(), PROFILE, ON)
    assert [guest.position for guest in guests] == [1, 2, None, 3, 4]
    assert guests[2].introduced == "by_name"


def test_a_post_that_is_no_longer_held_does_not_rank() -> None:
    past = Post(title="Bí thư Thành ủy Cần Thơ", until=date(2024, 6, 30))
    guest = PlannedGuest(ref="a", person=PersonFields(name="An", posts=(past,)))
    (was,) = in_order(listed(guest).values(), PROFILE, ON)
    (still,) = in_order(listed(guest).values(), PROFILE, date(2024, 6, 30))
    assert (was.position, was.posts_text) == (None, "")
    assert (still.position, still.posts_text) == (1, "Bí thư Thành ủy Cần Thơ")


def test_groups_are_introduced_together() -> None:
    group = GroupFields(label="Đoàn viên", posts=(Post(title="Chủ tịch UBND xã Nhơn Ái"),))
    guests = in_order(listed(PlannedGuest(ref="g", group=group), CAN_THO[0]).values(), PROFILE, ON)
    assert [guest.introduced for guest in guests] == ["by_name", "collectively"]


def test_levels_that_are_not_named_are_introduced_together() -> None:
    rows = (CAN_THO[0], row("xã", "An", "Chủ tịch UBND xã Nhơn Ái"))
    assert [guest.introduced for guest in in_order(listed(*rows).values(), PROFILE, ON)] == [
        "by_name",
        "collectively",
    ]


def test_a_row_keeps_the_id_of_the_guest_it_is() -> None:
    present = listed(*CAN_THO)
    ids, guests = planned(plan(row("mới", "Mới"), *CAN_THO[:3]), present, iter(["new"]))
    assert ids == {"mới": "new", "tới": "0", "hưng": "1", "hiếu": "2"}
    assert guests[1:] == list(present.values())[:3]
    assert compare(present, guests) == PartChange(created=1, removed=1, unchanged=3)


def test_a_guest_that_says_something_else_is_a_new_version() -> None:
    present = listed(CAN_THO[0])
    _, guests = planned(plan(CAN_THO[0].model_copy(update={"seat": "A1"})), present, iter(()))
    assert [(guest.version, guest.seat) for guest in guests] == [(2, "A1")]
    assert compare(present, guests) == PartChange(updated=1)
    assert kept(guests[0], "0", guests[0]) is guests[0]


def test_a_plan_without_fault_has_no_problem() -> None:
    assert problems_of(plan(*CAN_THO)) == []


def test_a_code_on_two_rows_is_an_error() -> None:
    (problem,) = problems_of(plan(row("a", code="K-1"), row("b", code="k-1"), row("c", code="K-2")))
    assert (problem.severity, problem.file) == ("error", "guests")
    assert problem.text() == "The code k-1 stands on two guests. Give each its own."


def test_rows_that_are_nobody_or_go_by_one_name_are_errors() -> None:
    both = PlannedGuest(ref="both", person=PersonFields(name="An"), group=GroupFields(label="Đội"))
    rows = (both, PlannedGuest(ref="none"), row("twice"), row("twice"))
    assert [problem.text().partition(".")[0] for problem in problems_of(plan(*rows))] == [
        "The guest both is both a person and a group, or neither",
        "The guest none is both a person and a group, or neither",
        "Two guests of the plan go by “twice”",
    ]
    assert [one.ref for one in sound(plan(*rows)).guests] == ["twice", "twice"]


def test_a_head_count_beyond_all_counting_is_an_error() -> None:
    crowd = PlannedGuest(ref="g", group=GroupFields(label="Người dân", head_count=10**20))
    (problem,) = problems_of(plan(crowd))
    assert problem.text() == "The head count 100000000000000000000 of “Người dân” is more than 100000000. Correct it."
    with pytest.raises(CountTooLarge):
        check_guest(crowd, ())


def test_who_needs_ranking_is_a_warning_that_names_the_row() -> None:
    rows = (CAN_THO[0], row("guests:7", "Ẩn Danh", "Chủ nhiệm câu lạc bộ cờ tướng"))
    guests = in_order(listed(*rows).values(), PROFILE, ON)
    (problem,) = unranked(guests, PROFILE, {"0": "tới", "1": "guests:7"})
    assert (problem.severity, problem.params["ref"]) == ("warning", "guests:7")
    assert problem.text() == (
        "“Ông (Bà) Ẩn Danh” has no place in the order of precedence: the profile vn-province/1 knows no post of "
        "“Chủ nhiệm câu lạc bộ cờ tướng”. Write another title, or say level, bloc and class of the post."
    )


def test_a_single_guest_is_refused_for_the_same_reasons() -> None:
    with pytest.raises(PersonOrGroup):
        check_guest(GuestFields(), ())
    with pytest.raises(CodeTaken):
        check_guest(row("a", code="k-1"), ("K-1",))
    check_guest(row("a", code="k-1"), ("K-2",))
    check_guest(row("a"), ("K-1",))

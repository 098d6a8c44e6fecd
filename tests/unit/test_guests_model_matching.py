"""Which row is which guest, and which guests are one person."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.guests import GroupFields, GuestFields, PersonFields, Post
from services.guests.model.matching import marks, match, persons


def person(name: str, *titles: str, code: str | None = None, **fields: Any) -> GuestFields:
    posts = tuple(Post(title=title) for title in titles)
    return GuestFields(person=PersonFields(name=name, posts=posts, **fields), code=code)


def group(label: str, code: str | None = None) -> GuestFields:
    return GuestFields(group=GroupFields(label=label), code=code)


def test_a_code_identifies_whatever_else_changed() -> None:
    present = {"1": person("Nguyễn Văn An", code="A1"), "2": person("Trần Thị Bình", code="A2")}
    assert match([person("Trần Thị Bình", code="a1"), person("Lê Văn Cường", code="A2")], present) == ["1", "2"]


def test_name_and_posts_tell_namesakes_apart() -> None:
    present = {"1": person("Nguyễn Văn An", "Chủ tịch"), "2": person("Nguyễn Văn An", "Bí thư")}
    rows = [person("Nguyễn  văn AN", "Bí thư"), person("Nguyễn Văn An", "Chủ tịch")]
    assert match(rows, present) == ["2", "1"]


def test_a_name_that_stands_once_on_both_sides_is_the_same_guest() -> None:
    present = {"1": person("Nguyễn Văn An", "Phó Chủ tịch"), "2": person("Lê Văn Cường")}
    assert match([person("Nguyễn Văn An", "Chủ tịch", code="A1")], present) == ["1"]


def test_namesakes_whose_posts_all_changed_are_new() -> None:
    present = {"1": person("Nguyễn Văn An", "Phó Chủ tịch")}
    rows = [person("Nguyễn Văn An", "Chủ tịch"), person("Nguyễn Văn An", "Bí thư")]
    assert match(rows, present) == [None, None]
    assert match(rows[:1], {**present, "2": person("Nguyễn Văn An", "Trưởng phòng")}) == [None]


def test_one_of_two_namesakes_is_known_by_posts_and_the_other_is_what_is_left() -> None:
    present = {"1": person("Nguyễn Văn An", "Chủ tịch"), "2": person("Nguyễn Văn An", "Bí thư")}
    rows = [person("Nguyễn Văn An", "Phó Bí thư"), person("Nguyễn Văn An", "Chủ tịch")]
    assert match(rows, present) == ["2", "1"]


def test_equal_rows_are_paired_one_by_one() -> None:
    present = {"1": person("Nguyễn Văn An"), "2": person("Nguyễn Văn An")}
    assert match([person("Nguyễn Văn An")] * 3, present) == ["1", "2", None]


@pytest.mark.parametrize(
    ("row", "present"),
    [
        (person("Phạm Văn Hiểu"), person("Phạm Văn Hiếu")),
        (person("Đội 1"), group("Đội 1")),
        (person("Nguyễn Văn An", "Chủ tịch"), person("Nguyễn Văn Ân", "Chủ tịch")),
    ],
)
def test_others_are_not_taken_for_each_other(row: GuestFields, present: GuestFields) -> None:
    assert match([row], {"1": present}) == [None]


@pytest.mark.parametrize(
    ("row", "present"),
    [
        (person("Hoà Bình"), person("Hòa Bình")),
        (person("Nguyễn Văn An", "Bí thư Thành uỷ"), person("Nguyễn Văn An", "Bí thư Thành ủy")),
        (group("728 cá nhân nòng cốt"), group("728  cá nhân Nòng cốt")),
    ],
)
def test_spellings_of_one_thing_are_taken_for_it(row: GuestFields, present: GuestFields) -> None:
    assert match([row], {"1": present}) == ["1"]


names = st.sampled_from(["An", "Ân", "Bình"])
guests = st.builds(person, names, st.sampled_from(["Chủ tịch", "Bí thư"]), code=st.sampled_from([None, "1", "2"]))


@settings(max_examples=200, deadline=None)
@given(st.lists(guests, max_size=6), st.lists(guests, max_size=6))
def test_nobody_is_matched_twice_and_a_list_matches_itself(rows: list[GuestFields], old: list[GuestFields]) -> None:
    present = {str(at): guest for at, guest in enumerate(old)}
    found = [guest_id for guest_id in match(rows, present) if guest_id]
    assert len(found) == len(set(found))
    assert None not in match(old, present)


def test_a_person_is_told_by_name_with_posts_or_with_mail() -> None:
    one = person("Nguyễn Văn An", "Chủ tịch", email="an@example.org")
    assert len(marks(one)) == 2
    same_posts = person("NGUYỄN Văn An", "Chủ tịch", email="other@example.org")
    same_mail = person("Nguyễn Văn An", "Bí thư", email="An@Example.org")
    assert set(marks(one)) & set(marks(same_posts)) == {marks(one)[0]}
    assert set(marks(one)) & set(marks(same_mail)) == {marks(one)[1]}


@pytest.mark.parametrize(
    "other",
    [
        person("Trần Thị Bình", "Chủ tịch", email="an@example.org"),
        person("Nguyễn Văn An", "Bí thư", email="other@example.org"),
        person("Nguyễn Văn An"),
        group("Nguyễn Văn An"),
    ],
)
def test_a_shared_mailbox_or_a_bare_name_tells_nobody(other: GuestFields) -> None:
    one = person("Nguyễn Văn An", "Chủ tịch", email="an@example.org")
    assert set(marks(one)) & set(marks(other)) == set()


def test_nobody_is_two_guests_of_one_ceremony() -> None:
    told = {"g1": ("m1", "m2"), "g2": ("m2",), "g3": ("m3",)}
    assert persons(told, {"m2": "p1", "m3": "p3"}) == {"g1": "p1", "g3": "p3"}

"""How guests are called on paper."""

from datetime import date
from typing import Any

import pytest

from schemas.guests import GroupFields, GuestFields, PersonFields, Post
from schemas.protocol import load_profile
from services.guests.model.wording import PostsText, address

ON = date(2024, 7, 1)
PROFILE = load_profile("vn-province", ON)
PLAIN = load_profile("plain")


def person(*posts: Post, **fields: Any) -> GuestFields:
    return GuestFields(person=PersonFields(name="Lê Tấn Tới", posts=posts, **fields))


@pytest.mark.parametrize(
    ("honorific", "rank", "said"),
    [
        (None, "Trung tướng", "Trung tướng Lê Tấn Tới"),
        ("Ông", "Trung tướng", "Trung tướng Lê Tấn Tới"),
        ("ông", None, "Ông Lê Tấn Tới"),
        ("Đồng chí", None, "Đồng chí Lê Tấn Tới"),
        (None, None, "Ông (Bà) Lê Tấn Tới"),
    ],
)
def test_a_rank_replaces_the_honorific_and_the_unknown_stays_neutral(
    honorific: str | None, rank: str | None, said: str
) -> None:
    assert address(person(honorific=honorific, rank=rank), PROFILE) == said


@pytest.mark.parametrize(
    ("honorific", "rank", "said"),
    [
        (None, None, "Lê Tấn Tới"),
        ("Mr", "General", "Mr General Lê Tấn Tới"),
        (None, "General", "General Lê Tấn Tới"),
    ],
)
def test_where_no_rank_replaces_anything_both_are_said(honorific: str | None, rank: str | None, said: str) -> None:
    assert address(person(honorific=honorific, rank=rank), PLAIN) == said


def test_a_group_is_called_by_its_label() -> None:
    assert address(GuestFields(group=GroupFields(label="728 cá nhân nòng cốt")), PROFILE) == "728 cá nhân nòng cốt"


@pytest.mark.parametrize(
    ("title", "organisation", "printed"),
    [
        ("Chủ tịch UBND TP Cần Thơ", "UBND TP Cần Thơ", "Chủ tịch UBND TP Cần Thơ"),
        ("Chủ tịch UBND TP Cần Thơ", "Ủy ban nhân dân thành phố Cần Thơ", "Chủ tịch UBND TP Cần Thơ"),
        ("Giám đốc Công an", "Công an tỉnh Sóc Trăng", "Giám đốc Công an tỉnh Sóc Trăng"),
        ("Bí thư", "Thành ủy Cần Thơ", "Bí thư Thành ủy Cần Thơ"),
        ("Bí thư Thành uỷ", "Thành ủy Cần Thơ", "Bí thư Thành uỷ Cần Thơ"),
        ("Bí thư Tỉnh ủy", None, "Bí thư Tỉnh ủy"),
        ("Phó Bí thư Tỉnh ủy, Chủ tịch UBND tỉnh", "Sóc Trăng", "Phó Bí thư Tỉnh ủy, Chủ tịch UBND tỉnh, Sóc Trăng"),
        ("Báo Cần Thơ", "Báo Cần Thơ", "Báo Cần Thơ"),
    ],
)
def test_title_and_organisation_say_nothing_twice(title: str, organisation: str | None, printed: str) -> None:
    posts = PostsText(PROFILE, ON)
    assert posts.of(person(Post(title=title, organisation=organisation))) == printed


def test_posts_stand_in_one_line_as_they_were_listed() -> None:
    posts = ("Ủy viên Trung ương Đảng", "Bí thư Tỉnh ủy", "Trưởng Đoàn đại biểu Quốc hội tỉnh")
    printed = PostsText(PROFILE, ON).of(person(*(Post(title=title) for title in posts)))
    assert printed == "Ủy viên Trung ương Đảng, Bí thư Tỉnh ủy, Trưởng Đoàn đại biểu Quốc hội tỉnh"


def test_posts_that_are_not_held_on_the_day_are_not_printed() -> None:
    dated = (
        Post(title="Trưởng phòng", until=date(2024, 6, 30)),
        Post(title="Phó Giám đốc", since=date(2024, 7, 1), until=date(2024, 7, 1)),
        Post(title="Giám đốc", since=date(2024, 7, 2)),
    )
    assert PostsText(PROFILE, ON).of(person(*dated)) == "Phó Giám đốc"
    assert PostsText(PROFILE, None).of(person(*dated)) == "Trưởng phòng, Phó Giám đốc, Giám đốc"


def test_who_has_no_post_has_an_empty_line_and_so_has_a_group() -> None:
    group = GroupFields(label="Lãnh đạo các sở", posts=(Post(title="Giám đốc Sở"),))
    assert PostsText(PROFILE, ON).of(person()) == ""
    assert PostsText(PROFILE, ON).of(GuestFields(group=group)) == ""

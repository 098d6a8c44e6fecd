"""Guests of one list who may be one person: who is found, how likely, and by what; and what stays of each field."""

import pytest

from schemas.answers import Arrangements, PlusOne, State
from schemas.duplicates import MergeField, Taken
from schemas.guests import PersonFields, Post
from schemas.protocol import profile_for
from services.guests.model import likeness, merging
from services.guests.model.likeness import Present
from services.guests.model.lists import Kept
from services.guests.model.merging import Person, Two

VIETNAM = profile_for("vn-province", None)
CHAIR, HEAD = "Chủ tịch UBND tỉnh Thử Nghiệm", "Giám đốc Sở Y tế"


def guest(guest_id: str, name: str, title: str = "", code: str | None = None, state: State = "to_invite") -> Kept:
    posts = (Post(title=title),) if title else ()
    return Kept(id=guest_id, version=1, person=PersonFields(name=name, posts=posts), code=code, state=state)


def pairs(*listed: Kept) -> list[likeness.Pair]:
    return Present({one.id: one for one in listed}, VIETNAM).pairs()


@pytest.mark.parametrize(
    ("other", "title", "score", "reasons"),
    [
        ("Trần Đức Hòa", CHAIR, 1.0, (likeness.SAME_NAME, likeness.SAME_POSTS)),
        ("TRẦN ĐỨC HOÀ", CHAIR, 1.0, (likeness.SPELLING, likeness.SAME_POSTS)),
        ("Tran Duc Hoa", CHAIR, 0.94, (likeness.NO_ACCENTS, likeness.SAME_POSTS)),
        ("Ông Trần Đức Hòa", CHAIR, 0.94, (likeness.TITLE_IN_NAME, likeness.SAME_POSTS)),
        ("Hòa Trần Đức", CHAIR, 0.9, (likeness.SWAPPED, likeness.SAME_POSTS)),
        ("Hoa Tran Duc", "", 0.6, (likeness.SWAPPED, likeness.POSTS_UNKNOWN)),
        ("Trần Đức Hóa", CHAIR, 0.65, (likeness.ACCENTS, likeness.SAME_POSTS)),
        ("Trần Đức Hòa", HEAD, 0.65, (likeness.SAME_NAME, likeness.OTHER_POSTS)),
    ],
)
def test_one_person_is_found_however_the_name_is_written(
    other: str, title: str, score: float, reasons: tuple[str, ...]
) -> None:
    found = pairs(guest("a", "Trần Đức Hòa", CHAIR), guest("b", other, title), guest("c", "Lê Thị Mẫu", CHAIR))
    assert [({one.one, one.other}, one.score, one.reasons) for one in found] == [({"a", "b"}, score, reasons)]


def test_namesakes_whom_nothing_joins_are_left_alone() -> None:
    one = guest("a", "Trần Đức Hòa", CHAIR)
    assert pairs(one, guest("b", "Trần Đức Hóa", HEAD)) == []
    assert pairs(one.model_copy(update={"code": "K1"}), guest("b", "Trần Đức Hòa", HEAD, code="K2")) == []


def test_hundreds_of_one_name_are_compared_with_those_nearest_only() -> None:
    listed = [guest(f"g{number:03}", "Trần Đức Hòa", f"Trưởng ban {number // 2:03}") for number in range(400)]
    found = pairs(*listed)
    assert len(found) < 400 * 30
    sure = sorted((one.one, one.other) for one in found if one.score == 1.0)
    assert sure == [(f"g{number:03}", f"g{number + 1:03}") for number in range(0, 400, 2)]


@pytest.mark.parametrize(
    ("kept", "other", "stays", "conflict"),
    [
        ("to_invite", "accepted", "accepted", False),
        ("accepted", "invited", "accepted", False),
        ("accepted", "declined", "accepted", True),
        ("declined", "attended", "attended", True),
    ],
)
def test_the_more_advanced_answer_stays_and_a_contradiction_is_told(
    kept: State, other: State, stays: State, *, conflict: bool
) -> None:
    two = Two(Person(guest("a", "A", state=kept)), Person(guest("b", "A", state=other)))
    assert merging.merged(two, {}).guest.state == stays
    assert [one.conflict for one in merging.compared(two, {}) if one.field == "state"] == [conflict]


def test_what_both_lists_said_is_kept() -> None:
    one, other = (guest(key, "A").model_copy(update={"original": f"A, {title}"}) for key, title in ("aX", "bY"))
    assert merging.merged(Two(Person(one), Person(other)), {}).guest.original == "A, X\nA, Y"


@pytest.mark.parametrize(
    ("take", "posts", "along"),
    [
        ({}, [CHAIR], 2),
        ({"posts": "other", "company": "kept"}, [HEAD], 1),
        ({"posts": "both", "company": "both"}, [CHAIR, HEAD], 3),
    ],
)
def test_of_each_field_that_stays_which_was_chosen(
    take: dict[MergeField, Taken], posts: list[str], along: int
) -> None:
    names = [PlusOne(name="Lê Thị Mẫu"), PlusOne(name="Trần Thị Thử"), PlusOne(name="Phạm Văn Giả")]
    one = Person(guest("a", "A", CHAIR), Arrangements(plus_ones=tuple(names[:1])))
    other = Person(guest("b", "A", HEAD), Arrangements(plus_ones=tuple(names[1:])))
    found = merging.merged(Two(one, other), take)
    assert found.guest.person
    assert ([post.title for post in found.guest.person.posts], found.arrangements.along) == (posts, along)

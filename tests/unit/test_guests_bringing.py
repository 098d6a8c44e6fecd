"""Rows of somebody's list beside the present one: who is new, who changes, who is asked about, who is rejected."""

from collections.abc import Mapping
from datetime import date
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.guest_imports import ImportedRow
from schemas.guests import GroupFields, GuestFields, PersonFields, Post
from schemas.protocol import profile_for
from services.guests.model import likeness
from services.guests.model.bringing import Bringing, Brought, Settings
from services.guests.model.incoming import Reader
from services.guests.model.lists import Kept

VIETNAM = profile_for("vn-province", None)
CHAIR = (Post(title="Chủ tịch", organisation="UBND tỉnh"),)


def person(guest_id: str, name: str, posts: tuple[Post, ...] = (), **more: object) -> Kept:
    return Kept(id=guest_id, version=1, person=PersonFields.model_validate({"name": name, "posts": posts, **more}))


def brought(
    rows: list[dict[str, str]],
    present: list[Kept] | None = None,
    answers: Mapping[str, str] | None = None,
    *,
    suggested: bool = False,
    group: str | None = None,
) -> Brought:
    reader = Reader(VIETNAM, answers or {})
    numbers = count(1)
    bringing = Bringing(
        {one.id: one for one in present or ()},
        VIETNAM,
        answers or {},
        iter(lambda: f"new-{next(numbers)}", None),
        Settings(suggested=suggested),
    )
    told = [ImportedRow(row=str(at), cells=cells, group=group) for at, cells in enumerate(rows, 2)]
    return bringing.bring([reader.read(row) for row in told])


def outcomes(found: Brought) -> list[str]:
    return [one.outcome for one in found.decisions]


# The same guest.


def test_a_row_updates_what_it_says_and_leaves_the_rest() -> None:
    old = person("a", "Lê Thị Mẫu", CHAIR, email="mau@example.org", phone="1")
    found = brought([{"name": "Lê Thị Mẫu", "posts": "Chủ tịch UBND tỉnh", "phone": "2"}], [old], group="Đoàn tỉnh")
    assert outcomes(found) == ["updated"]
    (new,) = found.come
    assert new == old.model_copy(
        update={
            "version": 2,
            "delegation": "Đoàn tỉnh",
            "person": old.person and old.person.model_copy(update={"phone": "2"}),
        }
    )
    assert [(one.field, one.before, one.after) for one in found.decisions[0].changes] == [
        ("phone", "1", "2"),
        ("delegation", None, "Đoàn tỉnh"),
    ]


@pytest.mark.parametrize(
    "name", ["Lê Thị Mẫu", "LÊ THỊ MẪU", "le\u0302\u0323 thị mẫu".replace("e\u0302\u0323", "ê"), "Ông  Lê  Thị Mẫu"]
)
def test_case_blanks_composition_and_titles_make_no_other_guest(name: str) -> None:
    found = brought(
        [{"name": name, "posts": "Chủ tịch, UBND tỉnh"}], [person("a", "Lê Thị Mẫu", CHAIR, honorific="Ông")]
    )
    assert outcomes(found) == ["unchanged"]


def test_tone_placement_makes_no_other_guest_and_the_printed_name_stays() -> None:
    found = brought([{"name": "Huỳnh Việt Hoà", "seat": "A1"}], [person("a", "Huỳnh Việt Hòa")])
    assert [one.person and one.person.name for one in found.come] == ["Huỳnh Việt Hòa"]


def test_a_code_decides_over_the_name() -> None:
    old = Kept(id="a", version=1, code="K1", person=PersonFields(name="Lê Thị Mẫu"))
    found = brought([{"name": "Lê Thị Mẫu Mới", "code": "k1"}], [old])
    assert [one.person and one.person.name for one in found.come] == ["Lê Thị Mẫu Mới"]


def test_namesakes_are_told_apart_by_their_posts_whatever_the_order() -> None:
    present = [person("a", "Lê Mẫu", CHAIR), person("b", "Lê Mẫu", (Post(title="Khách"),))]
    rows = [{"name": "Lê Mẫu", "posts": "Khách"}, {"name": "Lê Mẫu", "posts": "Chủ tịch UBND tỉnh"}]
    assert [one.old and one.old.id for one in brought(rows, present).decisions] == ["b", "a"]
    assert brought([rows[1]], present).only_here == ["b"]


# Perhaps the same.


@pytest.mark.parametrize(
    ("name", "posts", "reason", "suggested"),
    [
        ("Le Thi Mau", "Chủ tịch UBND tỉnh", likeness.NO_ACCENTS, "a"),
        ("Mẫu Lê Thị", "Chủ tịch UBND tỉnh", likeness.SWAPPED, "a"),
        ("Lê Thị Mậu", "Chủ tịch UBND tỉnh", likeness.ACCENTS, "new"),
        ("Lê Thị Mẫu", "Giám đốc Sở Y tế", likeness.SAME_NAME, "new"),
    ],
)
def test_probable_duplicates_are_asked_with_score_and_reason(
    name: str, posts: str, reason: str, suggested: str
) -> None:
    found = brought([{"name": name, "posts": posts}], [person("a", "Lê Thị Mẫu", CHAIR)])
    (one,) = found.decisions
    assert (one.outcome, one.like[0].guest_id, one.like[0].reasons[0]) == ("asked", "a", reason)
    assert (one.asked[0].suggestion, found.only_here) == (suggested, [])
    assert 0.6 <= one.like[0].score < 0.95


def test_a_title_kept_in_the_present_name_is_seen_through() -> None:
    found = brought([{"name": "Lê Thị Mẫu", "posts": "Chủ tịch UBND tỉnh"}], [person("a", "Bà Lê Thị Mẫu", CHAIR)])
    assert found.decisions[0].like[0].reasons == (likeness.TITLE_IN_NAME, likeness.SAME_POSTS)


def test_names_that_differ_by_accents_are_two_people_where_posts_differ() -> None:
    found = brought([{"name": "Phạm Văn Hiếu", "posts": "Khách"}], [person("a", "Phạm Văn Hiểu", CHAIR)])
    assert outcomes(found) == ["created"]


def test_answers_and_suggestions_settle_what_is_asked() -> None:
    rows, present = [{"name": "Le Thi Mau", "posts": "Chủ tịch UBND tỉnh"}], [person("a", "Lê Thị Mẫu", CHAIR)]
    assert outcomes(brought(rows, present, {"same:2": "new"})) == ["created"]
    assert outcomes(brought(rows, present, {"same:2": "skip"})) == ["left_out"]
    same = brought(rows, present, {"same:2": "a"})
    assert (outcomes(same), same.decisions[0].old) == (["updated"], present[0])
    assert outcomes(brought(rows, present, suggested=True)) == ["updated"]


def test_what_was_taken_apart_is_kept_as_it_stood() -> None:
    whole = "Trung tướng Lê Tấn Tới, Chủ nhiệm Ủy ban Quốc phòng và An ninh của Quốc hội"
    rows = [
        {"name": whole},
        {"name": "Lê Thị Mẫu", "posts": "Bí thư Tỉnh ủy, Chủ tịch HĐND tỉnh"},
        {"name": "Trần Văn Hai", "posts": "Khách", "organisation": "Sở Nội vụ"},
    ]
    assert [one.original for one in brought(rows).come] == [
        whole,
        "Lê Thị Mẫu\nBí thư Tỉnh ủy, Chủ tịch HĐND tỉnh",
        None,
    ]
    old = person("a", "Lê Thị Mẫu").model_copy(update={"original": "Mẫu"})
    (kept,) = brought([{"name": "Lê Thị Mẫu", "phone": "1"}], [old]).come
    (new,) = brought([{"name": "Bà Lê Thị Mẫu", "phone": "1"}], [old]).come
    assert (kept.original, new.original) == ("Mẫu", "Bà Lê Thị Mẫu")


def test_a_changed_roll_of_a_group_is_told() -> None:
    old = Kept(id="a", version=1, group=GroupFields(label="Các hộ dân", roll=("Vũ Ba",)))
    found = brought([{"group": "Các hộ dân", "roll": "Vũ Ba\nLê Tư"}], [old])
    assert [(one.before, one.after) for one in found.decisions[0].changes] == [("Vũ Ba", "Vũ Ba; Lê Tư")]


def test_a_guest_twice_in_one_list_is_asked_once() -> None:
    rows = [
        {"name": "Lê Mẫu", "posts": "Khách"},
        {"name": "Lê Mẫu"},
        {"name": "Lê Mẫu", "posts": "Chủ tịch UBND tỉnh"},
    ]
    found = brought(rows)
    assert outcomes(found) == ["created", "asked", "created"]
    assert found.decisions[1].asked[0].key == "twice:3"


def test_somebody_born_on_another_day_is_asked_about() -> None:
    old = person("a", "Lê Mẫu", born_on=date(1970, 1, 2))
    found = brought([{"name": "Lê Mẫu", "born": "3/4/1980"}], [old])
    assert outcomes(found) == ["created"]


# Rejected.


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"posts": "Khách"}, "The row names nobody. Write a name, or delete the row."),
        ({"name": "A B", "email": "x"}, "“{text}” is not one e-mail address."),
        ({"name": "A B", "born": "31/2/1970"}, "“{text}” is not a date."),
        ({"group": "Hộ dân", "count": "nhiều"}, "“{text}” is not a number of people."),
        ({"name": "A B", "side": "giữa"}, "“{text}” is not one of {known}."),
        ({"name": "a" * 401}, "“{text}” is too long: at most {limit} signs fit."),
        ({"name": "A B", "posts": "b" * 500}, "“{text}” is too long: at most {limit} signs fit."),
    ],
)
def test_rows_that_cannot_be_taken_are_rejected_with_the_reason(cells: dict[str, str], sentence: str) -> None:
    (one,) = brought([cells]).decisions
    assert (one.outcome, one.new) == ("rejected", None)
    assert one.reasons[0].sentence.startswith(sentence)


def test_a_code_that_stands_twice_rejects_the_second_row() -> None:
    found = brought([{"name": "A B", "code": "K1"}, {"name": "C D", "code": "k1"}])
    assert outcomes(found) == ["created", "rejected"]
    assert found.decisions[1].reasons[0].params == {"code": "k1", "first": "2"}


def test_only_a_year_of_birth_is_doubted_and_not_taken() -> None:
    (one,) = brought([{"name": "A B", "born": "1970"}]).decisions
    assert (one.outcome, len(one.row.doubted), one.new and one.new.person and one.new.person.born_on) == (
        "created",
        1,
        None,
    )


def test_groups_keep_their_number() -> None:
    (new,) = brought([{"group": "Đại diện các hộ dân", "count": "1.200", "count_kind": "planned"}]).come
    assert new.group == GroupFields(label="Đại diện các hộ dân", head_count=1200, head_count_kind="planned")


# Whatever the rows.

NAMES = st.sampled_from(["Lê Mẫu", "Le Mau", "LÊ MẪU", "Mẫu Lê", "Lê Mậu", "Trần Hai", "Bà Lê Mẫu", ""])
ROWS = st.lists(
    st.fixed_dictionaries(
        {"name": NAMES},
        optional={
            "posts": st.sampled_from(["Khách", "Chủ tịch UBND tỉnh"]),
            "code": st.sampled_from(["K1", "K2"]),
            "email": st.sampled_from(["a@example.org", "x"]),
        },
    ),
    max_size=8,
)


@given(ROWS, ROWS)
def test_a_list_brought_in_twice_changes_nothing_the_second_time(
    first: list[dict[str, str]], more: list[dict[str, str]]
) -> None:
    once = brought(first + more, suggested=True)
    present = once.come
    again = brought(first + more, present, suggested=True)
    assert again.come == []
    assert {one.id for one in present} >= set(again.only_here)


@given(ROWS, ROWS)
def test_nobody_is_named_by_two_rows_and_nobody_gets_lost(
    first: list[dict[str, str]], more: list[dict[str, str]]
) -> None:
    present = brought(first, suggested=True).come
    found = brought(more, present, suggested=True)
    named = [one.old.id for one in found.decisions if one.old]
    assert len(named) == len(set(named))
    assert {one.id for one in present} == {*named, *found.only_here}


def test_read_rows_are_sound_guests() -> None:
    (new,) = brought([{"name": "Đại tá Lê Mẫu", "posts": "Khách", "email": "a@example.org", "note": "x\ny"}]).come
    assert Kept.model_validate(new.model_dump()) == new
    assert GuestFields.model_fields.keys() <= new.model_dump().keys()

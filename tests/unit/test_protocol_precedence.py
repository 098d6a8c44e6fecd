"""Who stands before whom, and why: the lists of 1 July 2024 in the order that the reports give them."""

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.protocol import Profile, load_profile
from services.guests.model.introductions import introductions
from services.guests.model.precedence import Entry, Placed, Side, order, why_words
from services.guests.model.standing import PostIn, Standing, split_posts, standing
from services.lang import Collation

DAY = load_profile("vn-province", date(2024, 7, 1))
NOW = load_profile("vn-province", date(2025, 7, 1))
PLAIN = load_profile("plain")


def person(name: str, *titles: str, side: Side = "guest", **more: Any) -> Entry:
    posts = tuple(PostIn(title) for title in titles)
    return Entry(key=name, kind="person", side=side, name=name, **({"posts": posts} | more))


def group(name: str, side: Side = "guest") -> Entry:
    return Entry(key=name, kind="group", side=side, name=name)


def keys(placed: list[Placed]) -> list[str]:
    return [each.entry_key for each in placed]


CAN_THO = [
    person("Lê Tấn Tới", "Chủ nhiệm Ủy ban Quốc phòng và An ninh của Quốc hội", rank="Trung tướng"),
    person("Cao Đăng Hưng", "Phó Chánh Văn phòng Bộ Công an", rank="Thiếu tướng"),
    group("lãnh đạo Tổng Liên đoàn Lao động Việt Nam"),
    person("Nguyễn Văn Hiếu", "Bí thư Thành ủy Cần Thơ", side="host"),
    person("Trần Việt Trường", "Chủ tịch UBND TP Cần Thơ", side="host"),
    group("728 cá nhân nòng cốt", side="host"),
]
CAN_THO_WHY = [
    "first of all",
    "bloc: assembly before government",
    "bloc: government before mass organisation",
    "side: guest before host",
    "bloc: party before government",
    "level: province before commune",
]


@pytest.mark.parametrize("seed", range(20))
def test_can_tho_stands_as_reported(seed: int) -> None:
    placed = order(random.Random(seed).sample(CAN_THO, len(CAN_THO)), DAY)  # noqa: S311
    assert keys(placed) == keys(order(CAN_THO, DAY)) == [entry.key for entry in CAN_THO]
    assert [each.why for each in placed] == CAN_THO_WHY
    assert [each.position for each in placed] == [1, 2, 3, 4, 5, 6]


def test_rank_never_outranks_post() -> None:
    thuan = person("Nguyễn Văn Thuận", "Giám đốc Công an TP Cần Thơ", side="host", rank="Thiếu tướng")
    assert keys(order([thuan, *CAN_THO], DAY))[3:] == [
        "Nguyễn Văn Hiếu",
        "Trần Việt Trường",
        "Nguyễn Văn Thuận",
        "728 cá nhân nòng cốt",
    ]


def test_soc_trang_stands_as_reported() -> None:
    lau = person("Trần Văn Lâu", "Phó Bí thư Tỉnh ủy", "Chủ tịch UBND tỉnh", side="host")
    man = person(
        "Lâm Văn Mẫn",
        "Trưởng Đoàn đại biểu Quốc hội tỉnh",
        "Bí thư Tỉnh ủy",
        "Ủy viên Trung ương Đảng",
        side="host",
    )
    placed = order([lau, man], DAY)
    assert keys(placed) == ["Lâm Văn Mẫn", "Trần Văn Lâu"]
    assert [each.standing for each in placed] == [
        Standing("central", "party", "central_committee_member"),
        Standing("province", "party", "deputy_secretary"),
    ]


PROVINCE = "province"
TITLES = [
    ("Chủ tịch UBND TP Cần Thơ", (PROVINCE, "government", "chair")),
    ("Bí thư Thành ủy Cần Thơ", (PROVINCE, "party", "secretary")),
    ("Chủ tịch HĐND TP Cần Thơ", (PROVINCE, "assembly", "chair")),
    ("Chủ nhiệm Ủy ban Quốc phòng và An ninh của Quốc hội", ("central", "assembly", "board_head")),
    ("Phó Chánh Văn phòng Bộ Công an", ("central", "government", "office_deputy_chief")),
    ("Giám đốc Công an TP Cần Thơ", (PROVINCE, "armed_forces", "commander")),
    ("Phó Trưởng Ban Dân vận trung ương", ("central", "party", "board_deputy_head")),
    ("Chủ tịch UBND tỉnh Cà Mau", (PROVINCE, "government", "chair")),
    ("Chủ tịch UBND tỉnh Long An", (PROVINCE, "government", "chair")),
    ("Ủy viên Trung ương Đảng", ("central", "party", "central_committee_member")),
    ("Bí thư Tỉnh ủy", (PROVINCE, "party", "secretary")),
    ("Trưởng Đoàn đại biểu Quốc hội tỉnh", (PROVINCE, "assembly", "delegation_head")),
    ("Phó Bí thư Tỉnh ủy", (PROVINCE, "party", "deputy_secretary")),
    ("Chủ tịch UBND tỉnh", (PROVINCE, "government", "chair")),
    ("Thứ trưởng Bộ Công an", ("central", "government", "deputy_minister")),
    ("Ủy viên Ban thường vụ Tỉnh ủy", (PROVINCE, "party", "standing_member")),
    ("Giám đốc Công an tỉnh", (PROVINCE, "armed_forces", "commander")),
    ("Lãnh đạo tỉnh Cà Mau", (PROVINCE, "government", "leaders")),
    ("Hàng ngàn người dân", ("commune", "collective", "people")),
    # as written elsewhere
    ("BÍ THƯ THÀNH UỶ CẦN THƠ", (PROVINCE, "party", "secretary")),
    ("PCT UBND H.Kế Sách", ("district", "government", "vice_chair")),
    ("Quyền Chủ tịch UBND TP.Cần Thơ", (PROVINCE, "government", "chair")),
    ("Trưởng Công an phường Cái Khế, quận Ninh Kiều, TP Cần Thơ", ("commune", "armed_forces", "station_head")),
    ("Chủ tịch UBND thành phố Tân An", ("district", "government", "chair")),
    ("Phó Giám đốc Sở Lao động - Thương binh và Xã hội", (PROVINCE, "government", "department_deputy_head")),
    ("Bí thư Tỉnh đoàn", (PROVINCE, "mass_org", "chair")),
    ("Chủ tịch Ủy ban MTTQ Việt Nam tỉnh", (PROVINCE, "front", "chair")),
    ("Phó Thủ tướng Chính phủ", ("central", "government", "deputy_prime_minister")),
]


@pytest.mark.parametrize(("title", "expected"), TITLES, ids=[title for title, _ in TITLES])
def test_titles_are_recognised(title: str, expected: tuple[str, str, str]) -> None:
    assert standing(PostIn(title), DAY) == Standing(*expected)


@pytest.mark.parametrize(
    "title",
    [
        "Bí thư Thành ủy",  # of which city
        "Bí thư Đảng ủy Công an tỉnh",  # the party's office inside the police, not the province's
        "Chánh Văn phòng",
        "đại diện Chỉ huy Công an một số đơn vị, địa phương",  # of units and places of several levels
        "Chủ tịch UBND thành phố Huế",  # a city of a province until the end of 2024, then a province
        "Trưởng ca trực phường Cái Khế",  # not CA, the police
        "Nguyên",
        "",
    ],
)
def test_unknown_titles_are_not_guessed(title: str) -> None:
    assert standing(PostIn(title), DAY) is None


@pytest.mark.parametrize(
    ("title", "organisation", "level"),
    [
        ("Bí thư Thành uỷ", "Thành ủy Cần Thơ", "province"),
        ("Bí thư", "Thành ủy Cần Thơ", "province"),
        ("Chủ tịch", "UBND xã An Bình, huyện Bến Lức", "commune"),
        ("Giám đốc Công an tỉnh", "Công an tỉnh Long An", "province"),
    ],
)
def test_the_organisation_completes_a_title(title: str, organisation: str, level: str) -> None:
    found = standing(PostIn(title, organisation), DAY)
    assert found is not None
    assert found.level == level


def test_an_organisation_completes_only_the_post_it_belongs_to() -> None:
    post = PostIn("Ủy viên Ban Thường vụ Thành ủy, Bí thư Huyện ủy", "Huyện ủy Phong Điền")
    assert standing(post, DAY) == Standing("district", "party", "secretary")
    post = PostIn("Ủy viên Ban Thường vụ Thành ủy, Bí thư Đảng ủy phường Cái Khế", "UBND TP Cần Thơ")
    assert standing(post, DAY) == Standing("commune", "party", "secretary")


def test_a_member_of_a_city_s_committee_is_no_city() -> None:
    post = PostIn("Thành ủy viên", "Thành ủy Cần Thơ")
    expected = Standing("province", "party", "committee_member")
    assert [standing(post, profile) for profile in (DAY, NOW)] == [expected, expected]


def test_posts_that_districts_had_rank_no_longer() -> None:
    for title in (
        "Chủ tịch UBND huyện Bến Lức, tỉnh Long An",
        "Bí thư Thành ủy Tân An",
        "Trưởng Công an thị trấn Kế Sách",
    ):
        assert (standing(PostIn(title), DAY) is None, standing(PostIn(title), NOW)) == (False, None)


def test_one_text_with_several_posts_counts_by_the_highest() -> None:
    text = "Chủ tịch UBND tỉnh – Phó Bí thư Tỉnh ủy, Ủy viên Trung ương Đảng"
    assert split_posts(text, DAY) == ("Chủ tịch UBND tỉnh", "Phó Bí thư Tỉnh ủy", "Ủy viên Trung ương Đảng")
    assert standing(PostIn(text), DAY) == Standing("central", "party", "central_committee_member")


def test_a_name_is_not_split_at_its_own_comma() -> None:
    text = "Chủ tịch UBND xã An Bình, huyện Bến Lức, Tổ trưởng Tổ bảo vệ an ninh, trật tự"
    assert split_posts(text, DAY) == (text,)


def test_what_the_office_says_comes_before_what_the_title_says() -> None:
    assert standing(PostIn("Giám đốc Nhà hát", None, "province", "government", "department_head"), DAY) == Standing(
        "province", "government", "department_head"
    )
    assert standing(PostIn("Bí thư Thành ủy", level="province"), DAY) == Standing("province", "party", "secretary")
    assert standing(PostIn("Bí thư Tỉnh ủy", level="galaxy"), DAY) is None


def test_former_holders_follow_the_incumbent_of_their_class() -> None:
    former = person("A A", "Nguyên Bí thư Tỉnh ủy")
    incumbent, deputy = person("B B", "Bí thư Tỉnh ủy"), person("C C", "Phó Bí thư Tỉnh ủy")
    placed = order([deputy, former, incumbent], DAY)
    assert keys(placed) == ["B B", "A A", "C C"]
    assert placed[1].why == "in office: incumbent before former holder"
    equal = DAY.model_copy(update={"former_holders": "as_incumbent"})
    assert keys(order([incumbent, former], equal)) == ["A A", "B B"]


def test_key_leaders_of_the_centre_stand_before_its_other_posts() -> None:
    deputy_pm, board = person("A A", "Phó Thủ tướng Chính phủ"), person("B B", "Phó Trưởng Ban Dân vận Trung ương")
    placed = order([board, deputy_pm], DAY)
    assert (keys(placed), placed[1].why) == (
        ["A A", "B B"],
        "key post (groups of KL 35-KL/TW): key leader before other post",
    )


def test_ties_go_by_time_in_post_then_by_age_then_by_the_alphabet() -> None:
    def head(name: str, since: date | None = None, born: date | None = None) -> Entry:
        return person(name, posts=(PostIn("Giám đốc Sở Tư pháp", since=since),), born_on=born)

    expected = [
        head("Lê Văn Út", since=date(2019, 1, 1)),
        head("Lê Văn An", since=date(2020, 1, 1)),
        head("Lê Văn Ý", born=date(1960, 1, 1)),
        head("Lê Văn Hiểu", born=date(1970, 1, 1)),
        head("Lê Văn Bá"),
        head("Phạm Văn Hiểu"),
        head("Nguyễn Văn Hiếu"),
    ]
    placed = order(expected[::-1], DAY)
    assert keys(placed) == [entry.name for entry in expected]
    assert [each.why for each in placed[1:]] == [
        "in post since: 2019-01-01 before 2020-01-01",
        "in post since: 2020-01-01 before —",
        "born on: 1960-01-01 before 1970-01-01",
        "born on: 1970-01-01 before —",
        "alphabet: Lê Văn Bá before Phạm Văn Hiểu",
        "alphabet: Phạm Văn Hiểu before Nguyễn Văn Hiếu",
    ]
    office = order(expected, DAY, Collation("vi", "office"))
    assert keys(office)[-2:] == ["Nguyễn Văn Hiếu", "Phạm Văn Hiểu"]


def test_rank_may_break_ties_where_the_profile_says_so() -> None:
    profile = DAY.model_copy(update={"tie_breakers": ("rank", "collation")})
    deputies = [
        person(name, "Phó Giám đốc Công an tỉnh", rank=rank)
        for name, rank in (("A A", None), ("B B", "Thượng tá"), ("C C", "ĐẠI TÁ"))
    ]
    assert keys(order(deputies, profile)) == ["C C", "B B", "A A"]
    assert keys(order(deputies, DAY)) == ["A A", "B B", "C C"]


def test_unknown_titles_wait_at_the_end_of_their_side() -> None:
    unknown = person("A A", "Nghệ nhân")
    placed = order([unknown, *CAN_THO], DAY)
    assert [(each.entry_key, each.why) for each in placed if each.needs_ranking] == [
        ("A A", "needs ranking: the profile knows none of the posts")
    ]
    assert keys(placed)[2:5] == ["lãnh đạo Tổng Liên đoàn Lao động Việt Nam", "A A", "Nguyễn Văn Hiếu"]
    assert placed[4].why == "side: guest before host"


def test_the_first_post_listed_may_count_instead_of_the_highest() -> None:
    profile = DAY.model_copy(update={"multi_position": "first_listed"})
    lau = person("Trần Văn Lâu", "Chủ tịch UBND tỉnh", "Phó Bí thư Tỉnh ủy")
    assert [order([lau], each)[0].standing for each in (DAY, profile)] == [
        Standing("province", "party", "deputy_secretary"),
        Standing("province", "government", "chair"),
    ]


def test_the_host_may_take_the_second_place() -> None:
    profile = DAY.model_copy(update={"host_rule": "second"})
    placed = order(CAN_THO, profile)
    assert keys(placed)[:3] == ["Lê Tấn Tới", "Nguyễn Văn Hiếu", "Cao Đăng Hưng"]
    assert placed[1].why == "the host takes the second place"
    assert keys(order(CAN_THO[3:], profile))[:2] == ["Trần Việt Trường", "Nguyễn Văn Hiếu"]
    assert keys(order(CAN_THO[:1], profile)) == ["Lê Tấn Tới"]


def test_the_plain_profile_knows_only_the_alphabet() -> None:
    people = [person(name, "Bí thư Tỉnh ủy") for name in ("Zoe Adams", "Adam Young", "Bea Adams")]
    placed = order([*people, person("Éric Adams", side="host")], PLAIN)
    assert keys(placed) == ["Bea Adams", "Éric Adams", "Zoe Adams", "Adam Young"]
    assert [each.needs_ranking for each in placed] == [False] * 4


def test_reasons_are_given_in_the_reader_s_language() -> None:
    placed = order(CAN_THO, DAY)
    assert [why_words(each, DAY, "vi") for each in placed[3:5]] == [
        "bên: khách trước chủ nhà",
        "khối: Đảng trước Chính phủ, Ủy ban nhân dân",
    ]
    assert why_words(placed[0], DAY, "vi") == "first of all"


SOME_TITLES = [title for title, _ in TITLES] + ["Nghệ nhân", "Nguyên Bí thư Tỉnh ủy"]
ENTRIES = st.lists(
    st.builds(
        Entry,
        key=st.text("abcdef", min_size=1, max_size=4),
        kind=st.sampled_from(["person", "group"]),
        side=st.sampled_from(["guest", "host"]),
        name=st.sampled_from(["Lê Văn Hiếu", "Lê Văn Hiểu", "An", "Phạm Hà"]),
        posts=st.lists(
            st.builds(
                PostIn,
                title=st.sampled_from(SOME_TITLES),
                since=st.none() | st.sampled_from([date(2019, 1, 1), date(2020, 1, 1)]),
            ),
            max_size=2,
        ).map(tuple),
        born_on=st.none() | st.sampled_from([date(1960, 1, 1), date(1970, 1, 1)]),
    ),
    max_size=10,
    unique_by=lambda entry: entry.key,
)


@settings(max_examples=60, deadline=None)
@given(ENTRIES, st.randoms(use_true_random=False), st.sampled_from([DAY, NOW, PLAIN]))
def test_the_order_is_total_and_does_not_depend_on_the_list(
    entries: list[Entry], chance: random.Random, profile: Profile
) -> None:
    placed = order(entries, profile)
    shuffled = entries[:]
    chance.shuffle(shuffled)
    assert order(shuffled, profile) == placed
    assert [each.position for each in placed] == list(range(1, len(entries) + 1))
    assert sorted(keys(placed)) == sorted(entry.key for entry in entries)
    told = [key for each in introductions(placed, profile) for key in each.entry_keys]
    assert sorted(told) == sorted(keys(placed))


def told(entries: list[Entry], profile: Profile) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.manner, each.entry_keys) for each in introductions(order(entries, profile), profile)]


DELEGATES = [
    *CAN_THO,
    person("A A", "Phó Giám đốc Công an tỉnh"),
    person("B B", "Trưởng Công an huyện Bến Lức"),
    person("C C", "Trưởng Công an huyện Kế Sách"),
    person("D D", "Nghệ nhân"),
    person("E E", "Chủ tịch HĐND TP Cần Thơ", side="host"),
    person("F F", "Phó Chủ tịch HĐND TP Cần Thơ", side="host"),
    group("Hàng ngàn người dân", side="host"),
]


def test_superiors_are_introduced_by_name_and_groups_and_lower_levels_together() -> None:
    assert told(DELEGATES, DAY) == [
        ("by_name", ("Lê Tấn Tới",)),
        ("by_name", ("Cao Đăng Hưng",)),
        ("collectively", ("lãnh đạo Tổng Liên đoàn Lao động Việt Nam",)),
        ("by_name", ("A A",)),
        ("collectively", ("B B", "C C")),
        ("needs_ranking", ("D D",)),
        ("by_name", ("Nguyễn Văn Hiếu",)),
        ("by_name", ("E E",)),
        ("by_name", ("Trần Việt Trường",)),
        ("by_name", ("F F",)),
        ("collectively", ("728 cá nhân nòng cốt",)),
        ("collectively", ("Hàng ngàn người dân",)),
    ]


def test_only_the_top_of_each_bloc_may_be_introduced_by_name() -> None:
    policy = DAY.introduction.model_copy(update={"policy": "top_of_each_bloc_only"})
    profile = DAY.model_copy(update={"introduction": policy})
    assert told(DELEGATES, profile)[3:] == [
        ("by_name", ("A A",)),
        ("by_name", ("B B",)),
        ("collectively", ("C C",)),
        ("needs_ranking", ("D D",)),
        ("by_name", ("Nguyễn Văn Hiếu",)),
        ("by_name", ("E E",)),
        ("by_name", ("Trần Việt Trường",)),
        ("collectively", ("F F",)),
        ("collectively", ("728 cá nhân nòng cốt",)),
        ("collectively", ("Hàng ngàn người dân",)),
    ]

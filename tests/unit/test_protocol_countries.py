"""The profiles of the shelf: who stands where in each, who stands in for whom, and the two Vietnamese alphabets."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schemas.protocol import Profile, load_profile, profile_names
from services import plan
from services.guests.model.lists import kept
from services.guests.model.ordered import in_order
from services.guests.model.precedence import Entry, Side, order
from services.guests.model.standing import PostIn, Standing, standing
from services.lang import Collation

FR, UK, US = (load_profile(name) for name in ("fr-1989", "uk-county", "us-state"))
CENTRAL, POLICE = (load_profile(name, date(2024, 7, 1)) for name in ("vn-central", "vn-police"))
PROVINCE = load_profile("vn-province", date(2024, 7, 1))
BY_GIVEN_NAME = [
    "Phạm Văn Hiểu",
    "Nguyễn Văn Hiếu",
    "Lê Quốc Hùng",
    "Cao Đăng Hưng",
    "Trần Văn Lâu",
    "Lâm Văn Mẫn",
    "Nguyễn Văn Nhựt",
    "Bùi Tuấn Quang",
    "Nguyễn Văn Thuận",
    "Lê Tấn Tới",
    "Trần Việt Trường",
    "Nguyễn Văn Út",
    "Huỳnh Quốc Việt",
]


def person(name: str, *titles: str, side: Side = "guest", **more: Any) -> Entry:
    posts = tuple(PostIn(title) for title in titles)
    return Entry(key=name, kind="person", side=side, name=name, **({"posts": posts} | more))


def names(entries: list[Entry], profile: Profile, collation: Collation | None = None) -> list[str]:
    return [each.entry_key for each in order(entries[::-1], profile, collation)]


def versions() -> list[Profile]:
    days = (date(2024, 7, 1), date(2025, 7, 1))
    return list(
        {found.key: found for name in profile_names() for found in (load_profile(name, day) for day in days)}.values()
    )


@pytest.mark.parametrize("profile", versions(), ids=lambda profile: profile.key)
def test_every_profile_cites_its_sources_and_speaks_both_languages(profile: Profile) -> None:
    assert profile.sources
    labels = [*profile.labels.values(), profile.label, profile.salutation.opening]
    assert [label.root for label in labels if not {"vi", "en"} <= label.root.keys()] == []
    assert {"programme", "introductions", "guests", "invitation"} <= profile.documents.keys()


def test_what_is_from_memory_says_so() -> None:
    marked = {name for name in profile_names() if any(s.confidence == "memory" for s in load_profile(name).sources)}
    assert marked == {"fr-1989", "uk-county", "us-state", "vn-central", "vn-police", "vn-province"}


@pytest.mark.parametrize("name", ["vn-province", "vn-central", "vn-police"])
def test_vietnamese_profiles_change_with_the_districts(name: str) -> None:
    last, first = load_profile(name, date(2025, 6, 30)), load_profile(name, date(2025, 7, 1))
    assert (last.version, first.version) == (1, 2)
    assert ("district" in last.level_order, "district" in first.level_order) == (True, False)


def test_key_posts_before_blocs_name_whom_they_follow() -> None:
    labels = [load_profile("vn-province", day).word("key_post") for day in (date(2024, 7, 1), date(2025, 7, 1))]
    assert labels == ["key post (groups of KL 35-KL/TW)", "key post (groups of QĐ 368-QĐ/TW)"]


def test_can_tho_s_list_stands_as_its_report_has_it() -> None:
    reading = plan.read(Path("examples/2024-07-01/can-tho"))
    assert reading.plan
    ceremony, guests = reading.plan.scheduling.ceremony, reading.plan.guests.guests
    listed = [kept(row, str(number), None) for number, row in enumerate(reversed(guests))]
    found = in_order(listed, load_profile(ceremony.profile, ceremony.on), ceremony.on)
    said = [row.person.name if row.person else row.group.label if row.group else "" for row in guests]
    assert [
        guest.person.name if guest.person else guest.group and guest.group.label for guest in found.guests
    ] == said


def test_names_sort_by_given_name_in_both_tone_orders() -> None:
    people = [person(name) for name in BY_GIVEN_NAME]
    plain = load_profile("plain-vi")
    assert names(people, plain) == BY_GIVEN_NAME
    office = plain.model_copy(update={"collation": plain.collation.model_copy(update={"tones": "office"})})
    assert names(people, office) == [BY_GIVEN_NAME[1], BY_GIVEN_NAME[0], *BY_GIVEN_NAME[2:]]


def test_names_sort_part_by_part_and_not_as_one_string() -> None:
    """As one string `Hiếu An` comes first: the alphabet looks at tones only after all letters."""
    plain = load_profile("plain-vi")
    name_key = plain.collation.model_copy(update={"name_key": ("family", "given", "middle")})
    by_family = plain.model_copy(update={"collation": name_key})
    whole = Collation("vi").key
    assert whole("Hiếu An") < whole("Hiểu Bá")
    assert names([person("Hiếu An"), person("Hiểu Bá")], by_family) == ["Hiểu Bá", "Hiếu An"]


def test_the_key_leaders_of_the_centre_have_an_order_across_the_blocs() -> None:
    posts = [
        "Tổng Bí thư",
        "Chủ tịch nước",
        "Thủ tướng Chính phủ",
        "Chủ tịch Quốc hội",
        "Thường trực Ban Bí thư",
        "Ủy viên Bộ Chính trị",
        "Chủ tịch Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam",
        "Bộ trưởng Bộ Công an",
    ]
    people = [person(title, title) for title in posts]
    assert names(people, CENTRAL) == posts
    assert order(people, CENTRAL)[1].why.endswith(": general secretary before president")


def test_police_ranks_decide_only_between_equal_posts() -> None:
    people = [
        person("A A", "Giám đốc Công an tỉnh", rank="Đại tá"),
        person("B B", "Phó Giám đốc Công an tỉnh", rank="Đại tá", posts=(PostIn("Phó Giám đốc Công an tỉnh"),)),
        person(
            "C C",
            "Phó Giám đốc Công an tỉnh",
            rank="Thượng tá",
            posts=(PostIn("Phó Giám đốc Công an tỉnh", since=date(2001, 1, 1)),),
        ),
        person("D D", "Phó Trưởng phòng Tham mưu Công an tỉnh", rank="Thiếu tướng"),
    ]
    assert names(people, POLICE) == ["A A", "B B", "C C", "D D"]
    assert names(people, PROVINCE) == ["A A", "C C", "B B", "D D"]


def test_a_french_ceremony_has_the_list_of_the_decree_and_its_host_second() -> None:
    titles = [
        "Préfet de l'Aisne",
        "Députée",
        "Sénateur",
        "Représentante au Parlement européen",
        "Président du conseil régional",
        "Présidente du conseil départemental",
    ]
    host = person("Mairie", "Maire de la commune", side="host")
    people = [*(person(title, title) for title in titles), host]
    assert names(people, FR) == [titles[0], "Mairie", *titles[1:]]
    assert order(people, FR)[1].why == "the host takes the second place"
    assert order(people, FR)[2].why == "place by article 3: prefect before member of the National Assembly"


def test_a_british_county_begins_with_the_lord_lieutenant_and_an_american_state_with_its_governor() -> None:
    county = [
        "HM Lord-Lieutenant",
        "High Sheriff",
        "Chairman of Kent County Council",
        "Mayor of Dover",
        "MP for Dover",
    ]
    assert names([person(title, title) for title in county], UK) == county
    state = ["Governor", "Mayor", "US Senator", "Member of Congress"]
    assert names([person(title, title) for title in state], US) == state
    assert (UK.advisory, US.advisory, FR.advisory) == (True, True, False)


@pytest.mark.parametrize(
    ("title", "profile"),
    [
        ("Governor of Ohio", US),
        ("Mayor of Springfield", US),
        ("Maire de Laon", FR),
        ("Ancien préfet", FR),
        ("Former High Sheriff", UK),
    ],
    ids=lambda value: value if isinstance(value, str) else value.profile,
)
def test_of_which_place_a_post_is_nobody_guesses(title: str, profile: Profile) -> None:
    assert standing(PostIn(title), profile) is None


def test_a_former_president_has_a_place_of_his_own() -> None:
    found = standing(PostIn("Former President of the United States"), US)
    assert found == Standing("state", "officials", "former_president")


def test_somebody_counts_by_the_post_in_which_he_attends_where_the_profile_asks_that() -> None:
    both = person("A A", "High Sheriff", "Member of Parliament", capacity="Member of parliament")
    mayor = person("B B", "Mayor of Dover")
    assert names([both, mayor], UK) == ["B B", "A A"]
    assert names([replace(both, capacity=None), mayor], UK) == ["A A", "B B"]
    assert names([replace(both, capacity="Gardener"), mayor], UK) == ["A A", "B B"]


@pytest.mark.parametrize(
    ("profile", "head", "deputy", "between", "interim", "first"),
    [
        (PROVINCE, "Bí thư Tỉnh ủy", "Phó Giám đốc Sở Tư pháp", "Chủ tịch UBND tỉnh", False, False),
        (PROVINCE, "Bí thư Tỉnh ủy", "Phó Giám đốc Sở Tư pháp", "Chủ tịch UBND tỉnh", True, False),
        (FR, "Préfet", "Conseiller départemental", "Sénateur", False, False),
        (FR, "Préfet", "Conseiller départemental", "Sénateur", True, True),
        (UK, "Lord-Lieutenant", "Deputy Lieutenant", "High Sheriff", False, True),
        (UK, "Lord-Lieutenant", "Deputy Lieutenant", "High Sheriff", True, True),
    ],
    ids=["vn", "vn interim", "fr", "fr interim", "uk", "uk interim"],
)
def test_a_stand_in_takes_the_rank_that_the_profile_gives_him(
    profile: Profile, head: str, deputy: str, between: str, interim: object, first: object
) -> None:
    stand_in = person("B", deputy, stands_in_for=person("A", head), interim=bool(interim))
    other = person("C", between)
    placed = order([other, stand_in], profile)
    assert [each.entry_key for each in placed] == (["B", "C"] if first else ["C", "B"])
    found = next(each for each in placed if each.entry_key == "B")
    assert (found.represents, found.counted) == (first, PostIn(head if first else deputy))

"""The shipped profiles are whole, and the model refuses what is not."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.errors import NotFound
from schemas.protocol import Label, Profile, ProfileNotInForce, load_profile, profile_names

LAST_WITH_DISTRICTS = date(2025, 6, 30)
SOURCE_KINDS = [
    "award_and_gift_presentation",
    "chairing",
    "directive_speech",
    "field_drill",
    "gift_presentation",
    "parade_block",
    "reports",
    "response_speech",
    "ritual",
    "simulated_scenario_drill",
    "souvenir_flag_presentation",
    "speech",
    "vehicle_block",
]
PLANNED_KINDS = [
    "assembly",
    "reception",
    "arts",
    "announcement",
    "flag_salute",
    "introduction",
    "speech",
    "directive_speech",
    "response",
    "decision",
    "ritual",
    "pledge",
    "award",
    "gift",
    "souvenir_flag",
    "parade_block",
    "parade",
    "drill",
    "performance",
    "video_link",
    "break",
    "rehearsal",
    "closing",
]


def changed(name: str = "vn-province", **fields: Any) -> dict[str, Any]:
    return load_profile(name).model_dump(by_alias=True) | fields


def test_names_are_listed() -> None:
    names = ("fr-1989", "plain", "plain-vi", "uk-county", "us-state", "vn-central", "vn-police", "vn-province")
    assert profile_names() == names


@pytest.mark.parametrize(
    ("on", "version"),
    [
        (None, 2),
        (date(2022, 5, 5), 1),
        (date(2024, 7, 1), 1),
        (LAST_WITH_DISTRICTS, 1),
        (LAST_WITH_DISTRICTS + timedelta(days=1), 2),
    ],
)
def test_the_version_in_force_is_taken(on: date | None, version: int) -> None:
    assert load_profile("vn-province", on).key == f"vn-province/{version}"


def test_a_day_before_all_versions_is_refused() -> None:
    with pytest.raises(ProfileNotInForce) as refused:
        load_profile("vn-province", date(2020, 1, 1))
    assert str(refused.value) == (
        "The protocol profile vn-province does not hold on 2020-01-01. "
        "Its versions hold 2022-05-05 to 2025-06-30; 2025-07-01 to …."
    )


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(NotFound, match=r"There is no protocol profile xx"):
        load_profile("xx")
    with pytest.raises(NotFound):
        load_profile("../profile")


def test_districts_end_with_their_last_day() -> None:
    with_districts, without = load_profile("vn-province", LAST_WITH_DISTRICTS), load_profile("vn-province")
    assert with_districts.level_order == ("central", "province", "district", "commune")
    assert without.level_order == ("central", "province", "commune")
    deciders = [set(each.award_kinds["giay_khen"].decided_by) for each in (with_districts, without)]
    assert deciders[0] - deciders[1] == {"district_chair"}


@pytest.mark.parametrize("name", ["vn-province", "plain"])
def test_profiles_name_all_kinds_of_items(name: str) -> None:
    kinds = load_profile(name).item_kinds
    assert [kind for kind in SOURCE_KINDS + PLANNED_KINDS if kind not in kinds] == []
    assert all({"vi", "en"} == set(kind.label.root) for kind in kinds.values())


def test_gifts_and_flags_need_no_decision_and_all_awards_do() -> None:
    kinds = load_profile("vn-province").award_kinds
    free = {code for code, kind in kinds.items() if not kind.needs_decision}
    assert free == {"gift", "souvenir_flag", "flowers"} == {c for c, kind in kinds.items() if kind.cls == "non_award"}


def test_the_ladder_goes_down_from_orders_to_gifts() -> None:
    kinds = load_profile("vn-province", date(2024, 7, 1)).award_kinds
    some = [
        "gift",
        "giay_khen",
        "bang_khen_tinh",
        "bang_khen_thu_tuong",
        "huan_chuong_lao_dong_ba",
        "huan_chuong_sao_vang",
    ]
    assert sorted(some, key=lambda code: kinds[code].rank) == some[::-1]
    assert sorted(kind.rank for kind in kinds.values()) == list(range(1, len(kinds) + 1))


def test_ranks_are_names_prefixes() -> None:
    profile = load_profile("vn-province")
    assert [rank.code for rank in profile.rank_scale[:4]] == [
        "dai_tuong",
        "thuong_tuong",
        "trung_tuong",
        "thieu_tuong",
    ]
    assert {"Trung tướng", "Ông", "Đồng chí"} <= set(profile.name_prefixes)


def test_official_papers_have_the_margins_of_the_decree() -> None:
    layout = load_profile("vn-province").layouts["official"]
    margins = layout.margins_mm
    assert (20 <= margins.top <= 25, 20 <= margins.bottom <= 25) == (True, True)
    assert (30 <= margins.left <= 35, 15 <= margins.right <= 20) == (True, True)
    number = layout.page_number
    assert (number.form, number.place, number.on_first) == ("bare", "top_centre", False)


def test_labels_fall_back_to_the_language_then_to_english() -> None:
    label = Label({"vi": "Quà", "en": "Gift"})
    assert [label.say(locale) for locale in ("vi", "vi-VN", "vi_VN", "fr")] == ["Quà", "Quà", "Quà", "Gift"]
    assert Label({"fr": "Cadeau"}).say("vi") == "Cadeau"


def test_a_profile_read_back_is_the_same() -> None:
    assert Profile.model_validate(changed()) == load_profile("vn-province")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"weather": 1}, "Extra inputs are not permitted"),
        ({"level_order": ["central", "commune"]}, "“province” is not one of central, commune"),
        ({"time_zone": "Asia/Can_Tho"}, "“Asia/Can_Tho” is not in the IANA list"),
        ({"valid": {"from": "2025-07-01", "to": "2025-06-30"}}, "“to” lies before “from”"),
        ({"host_rule": "first"}, "host_rule “first” asks for host, guest"),
        ({"labels": {}}, "labels: there is none for"),
        ({"posts": [{"pattern": r"\S", "bloc": "party", "class": "secretary"}]}, "write the pattern in lower case"),
        ({"posts": [{"pattern": "(", "bloc": "party", "class": "secretary"}]}, "not a regular expression"),
        ({"posts": [{"pattern": "x", "bloc": "party", "class": "chair"}]}, "posts “x”: “chair” is not one of"),
        ({"address": {"default": "x", "rank_replaces": True, "styles": {}}}, "address: “x” is not one of"),
    ],
    ids=["field", "level", "zone", "dates", "host", "labels", "escape", "regex", "class", "address"],
)
def test_inconsistent_profiles_are_refused(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(sentence)):
        Profile.model_validate(changed(**fields))


def test_two_awards_of_one_rank_are_refused() -> None:
    kinds = changed()["award_kinds"]
    with pytest.raises(ValidationError, match="more than one of rank 1"):
        Profile.model_validate(changed(award_kinds=kinds | {"other": kinds["huan_chuong_sao_vang"]}))


@pytest.mark.parametrize("pattern", ["{day.__class__}", "{hour}", "{day:9999999}", "{day!r}"])
def test_wording_reaches_only_its_fields(pattern: str) -> None:
    wording = changed()["wording"] | {"date_long": pattern}
    with pytest.raises(ValidationError, match="is not a field here; there are day, month, year, weekday, month_name"):
        Profile.model_validate(changed(wording=wording))

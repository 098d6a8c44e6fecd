"""Names in parts, and the alphabets they sort by."""

import random

import pytest

from services.lang import Collation, NameOrder, NamePart, NameParts, Tones, split_name, strip_prefixes

BY_GIVEN_NAME: tuple[NamePart, ...] = ("given", "middle", "family")
# The thirteen people of the reports of 1 July 2024, as ICU's Vietnamese alphabet puts them.
DICTIONARY = (
    """
Phạm Văn Hiểu, Nguyễn Văn Hiếu, Lê Quốc Hùng, Cao Đăng Hưng, Trần Văn Lâu, Lâm Văn Mẫn, Nguyễn Văn Nhựt,
Bùi Tuấn Quang, Nguyễn Văn Thuận, Lê Tấn Tới, Trần Việt Trường, Nguyễn Văn Út, Huỳnh Quốc Việt
""".strip()
    .replace("\n", " ")
    .split(", ")
)
OFFICE = [DICTIONARY[1], DICTIONARY[0], *DICTIONARY[2:]]


def sorted_names(names: list[str], tones: Tones) -> list[str]:
    collation = Collation("vi", tones)
    return sorted(names, key=lambda name: collation.name_key(split_name(name, "family_first"), BY_GIVEN_NAME))


@pytest.mark.parametrize(("tones", "expected"), [("cldr", DICTIONARY), ("office", OFFICE)])
def test_names_sort_by_given_name_in_either_tone_order(tones: Tones, expected: list[str]) -> None:
    for seed in range(10):
        assert sorted_names(random.Random(seed).sample(expected, len(expected)), tones) == expected  # noqa: S311


@pytest.mark.parametrize(("tones", "expected"), [("cldr", "ma mà mả mã má mạ"), ("office", "ma mà má mả mã mạ")])
def test_tones_sort_as_the_profile_says(tones: Tones, expected: str) -> None:
    assert " ".join(sorted(["mạ", "mã", "má", "mả", "mà", "ma"], key=Collation("vi", tones).key)) == expected


def test_parts_are_compared_one_after_the_other() -> None:
    collation = Collation("vi")
    an, ba = NameParts("", "An", "Hiếu"), NameParts("", "Bá", "Hiểu")
    assert collation.name_key(ba, BY_GIVEN_NAME) < collation.name_key(an, BY_GIVEN_NAME)
    assert collation.key("Hiếu An") < collation.key("Hiểu Bá")


def test_letters_sort_by_the_alphabet_of_the_locale() -> None:
    words = ["đa", "da", "dz", "ea"]
    assert sorted(words, key=Collation("vi").key) == ["da", "dz", "đa", "ea"]
    assert sorted(words, key=Collation("vi", "office").key) == ["da", "dz", "đa", "ea"]
    assert sorted(words, key=Collation("en").key) == ["da", "đa", "dz", "ea"]


@pytest.mark.parametrize(
    ("full", "order", "parts"),
    [
        ("Nguyễn Văn Hiếu", "family_first", NameParts("Nguyễn", "Văn", "Hiếu")),
        ("Lê  Thị Thanh Hà", "family_first", NameParts("Lê", "Thị Thanh", "Hà")),
        ("Lê Hà", "family_first", NameParts("Lê", "", "Hà")),
        ("Sukarno", "family_first", NameParts("", "", "Sukarno")),
        ("Sukarno", "given_first", NameParts("", "", "Sukarno")),
        ("Anne Marie Weber", "given_first", NameParts("Weber", "Marie", "Anne")),
    ],
)
def test_names_are_split_by_the_order_given(full: str, order: NameOrder, parts: NameParts) -> None:
    assert split_name(full, order) == parts


@pytest.mark.parametrize(
    ("text", "found", "name"),
    [
        ("Trung tướng Lê Tấn Tới", ("Trung tướng",), "Lê Tấn Tới"),
        ("Đ/c: Thiếu tướng, Cao Đăng Hưng", ("Đ/c", "Thiếu tướng"), "Cao Đăng Hưng"),
        ("ÔNG Trần Văn Lâu", ("ÔNG",), "Trần Văn Lâu"),
        ("GS.TS. Lê Hà", ("GS.TS.",), "Lê Hà"),
        ("Trung Tướng", (), "Trung Tướng"),
        ("Bà", (), "Bà"),
        ("Trung Văn Hà", (), "Trung Văn Hà"),
    ],
)
def test_prefixes_are_taken_off_a_name(text: str, found: tuple[str, ...], name: str) -> None:
    assert strip_prefixes(text, ["Ông", "Bà", "Đ/c", "Tướng", "Trung tướng", "Thiếu tướng", "GS.TS"]) == (found, name)

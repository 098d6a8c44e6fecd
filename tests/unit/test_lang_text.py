"""Keys that tell equal from different: Vietnamese in both compositions and both tone placements."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.lang import clean, clean_block, match_key, nfc, search_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Thành ủy", "Thành uỷ"),
        ("Huỳnh Việt Hoà", "Huỳnh Việt Hòa"),
        ("Thúy", "Thuý"),
        ("Quý", "Qúy"),
        ("khoẻ", "khỏe"),
        ("  NGUYỄN   Văn\u00a0Hiếu ", "nguyễn văn hiếu"),
        (unicodedata.normalize("NFD", "Nguyễn Văn Hiếu"), "Nguyễn Văn Hiếu"),
        ("Hiếu\u200b", "Hiếu"),
        ("Hi\u200dếu", "Hiếu"),
    ],
)
def test_match_key_joins_spellings_of_one_name(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hiếu", "Hiểu"),
        ("Hưng", "Hùng"),
        ("Đang", "Dang"),
        ("Lan", "Lân"),
        ("Hoa", "Hòa"),
        ("Núñez", "Nuñez"),
        ("òá", "òa"),
    ],
)
def test_match_key_keeps_accents_apart(one: str, other: str) -> None:
    assert match_key(one) != match_key(other)


@pytest.mark.parametrize(
    ("text", "typed"),
    [("Nguyễn Văn Hiếu", "nguyen van hieu"), ("Đặng Thị Ước", "dang thi uoc"), ("Łódź", "lodz")],
)
def test_search_key_finds_what_is_typed_without_accents(text: str, typed: str) -> None:
    assert search_key(text) == search_key(unicodedata.normalize("NFD", text)) == typed


def test_clean_leaves_one_line_of_visible_text() -> None:
    assert clean("  Lễ\u2028ra\tmắt\r\n\u202elực\u0000 lượng\ufeff \ud800") == "Lễ ra mắt lực lượng"


def test_clean_block_keeps_lines() -> None:
    assert clean_block("\na  b\r\nc\u2028d\u0007\n\n e\n") == "a b\nc\nd\n\ne"


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert (clean(once), nfc(once), match_key(once)) == (once, once, match_key(text))
    assert once.encode("utf-8").decode("utf-8") == once


@given(st.text(alphabet="aăâeêioôơuưyhtpqgn\u0300\u0301\u0303\u0309\u0323 "))
def test_match_key_is_its_own_key(text: str) -> None:
    assert match_key(match_key(text)) == match_key(text)

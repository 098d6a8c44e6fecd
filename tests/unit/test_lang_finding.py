"""Finding by the beginnings of words, whichever way they are typed."""

import pytest

from services.lang import find_key, find_words, is_found

KEY = find_key("Đào Thị Điệp", None, "Chủ tịch UBND xã Hòa-An", "K_07/b")


@pytest.mark.parametrize(
    "typed",
    ["dao", "ĐÀO", "đà", "Đa\u0300o Thi\u0323", "diep dao", "hoà an", "hòa", "07", "k_07", "b", "ubnd  xa", "", "…"],
)
def test_beginnings_of_words_are_found(typed: str) -> None:
    assert is_found(find_words(typed), KEY)


@pytest.mark.parametrize("typed", ["ao", "diep z", "dào thịnh", "ịch", "7"])
def test_what_begins_no_word_is_not_found(typed: str) -> None:
    assert not is_found(find_words(typed), KEY)


def test_words_are_asked_for_once() -> None:
    assert find_words("An an ÁN ăn") == ("an",)

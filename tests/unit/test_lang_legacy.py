"""Text in encodings from before Unicode: recognised by its letters, converted without loss, else left alone."""

import re
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.lang.legacy import Encoding, by_font, convert, profile, western
from services.lang.legacy_tables import TCVN3, VNI_ALONE, VNI_PAIRS
from tests.unit.old_letters import in_tcvn3, in_vni, in_windows_1258

NAMES = [
    "Nguyễn Văn An",
    "Vũ Hùng",
    "Đặng Thị Thuỷ, Chủ tịch UBND tỉnh",
    "Huỳnh Quốc Việt",
    "giữa quyết thuở khuya Quảng Ngoèo",
    "Lê Tấn Tới",
]
OLD = {"tcvn3": in_tcvn3, "vni": in_vni, "windows-1258": in_windows_1258}


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "windows-1258"])
@pytest.mark.parametrize("text", NAMES)
def test_old_text_is_recognised_and_converted_without_loss(text: str, encoding: Encoding) -> None:
    old = OLD[encoding](text)
    assert encoding in profile(old).possible
    assert profile(old).plain is False
    assert convert(old, encoding) == text


@pytest.mark.parametrize("text", [*NAMES, "Lê Tám", "Préfecture de Nice", "plain", "Müller GmbH", "Hòa", "28 °C"])
def test_text_of_today_is_certainly_nothing_else(text: str) -> None:
    assert profile(text).certain is None


def test_a_word_that_reads_both_ways_is_not_certain() -> None:
    assert (profile("Vò").certain, profile("Vò").plain, "tcvn3" in profile("Vò").possible) == (None, True, True)


def test_fonts_tell_encoding_and_capitals() -> None:
    fonts = (".VnTime", ".VnTimeH", "VNI-Times", "Times New Roman")
    assert [by_font(font) for font in fonts] == [("tcvn3", False), ("tcvn3", True), ("vni", False), None]
    assert convert(in_tcvn3("nguyễn văn an"), "tcvn3", capitals=True) == "NGUYỄN VĂN AN"


def test_vni_capitals_are_converted_whichever_case_their_marks_have() -> None:
    assert [convert(text, "vni") for text in ("NGUYEÃN", "NGUYEãN", "ÑAËNG")] == ["NGUYỄN", "NGUYỄN", "ĐẶNG"]


def test_bytes_show_one_sign_each() -> None:
    assert len(set(western(bytes(range(256))))) == 256


def test_tables_hold_every_vietnamese_letter_once() -> None:
    letters = {normalize("NFC", base + tone) for base in "aăâeêioôơuưy" for tone in "\u0300\u0301\u0303\u0309\u0323"}
    lower = letters | set("ăâêôơưđ")
    assert {sign for sign in TCVN3.values() if sign.islower()} == lower
    assert {*VNI_PAIRS.values(), *VNI_ALONE.values()} == lower
    assert len(set(TCVN3.values())) == len(TCVN3)


SYLLABLES = st.sampled_from(re.findall(r"\w+", " ".join(NAMES)))


@given(st.lists(SYLLABLES, min_size=1, max_size=6).map(" ".join))
def test_whatever_is_said_in_tcvn3_comes_back(text: str) -> None:
    assert convert(in_tcvn3(text), "tcvn3") == text

"""Dates, times, durations and numbers as the profiles have them written."""

from datetime import date, time
from decimal import Decimal

import pytest

from schemas.protocol import load_profile
from services.lang import Writer, date_words, fill_pattern, time_words, weekday_name

VIETNAMESE = load_profile("vn-province")
PLAIN = load_profile("plain")
VI = Writer(VIETNAMESE.locale, VIETNAMESE.wording)
EN = Writer(PLAIN.locale, PLAIN.wording)


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2024, 7, 1), "ngày 01 tháng 7 năm 2024"),
        (date(2024, 2, 9), "ngày 09 tháng 02 năm 2024"),
        (date(2024, 1, 31), "ngày 31 tháng 01 năm 2024"),
        (date(2024, 3, 10), "ngày 10 tháng 3 năm 2024"),
        (date(2024, 12, 25), "ngày 25 tháng 12 năm 2024"),
        (None, "—"),
    ],
)
def test_state_papers_pad_small_days_and_the_first_two_months_only(on: date | None, words: str) -> None:
    assert VI.date(on) == words


def test_a_paper_opens_with_place_and_date() -> None:
    assert VI.place_date("Cần Thơ", date(2024, 7, 1)) == "Cần Thơ, ngày 01 tháng 7 năm 2024"
    assert VI.place_date(None, None) == "—, —"


def test_weekdays_and_months_come_from_the_locale() -> None:
    assert VI.date_weekday(date(2024, 7, 1)) == "Thứ Hai, ngày 01 tháng 7 năm 2024"
    assert EN.date_weekday(date(2024, 7, 1)) == "Monday, 1 July 2024"
    assert weekday_name(date(2024, 7, 7), "vi") == "Chủ Nhật"
    assert date_words(date(2024, 7, 1), "{day} {month_name}", "fr") == "1 juillet"


def test_short_dates_stay_day_first() -> None:
    assert (VI.date_short(date(2024, 7, 1)), EN.date_short(date(2024, 7, 1))) == ("01/7/2024", "01/07/2024")


def test_times_are_written_by_the_pattern() -> None:
    assert (VI.time(time(8, 5)), EN.time(time(8, 5)), VI.time(None)) == ("08 giờ 05", "08:05", "—")
    assert time_words(time(8, 30), "{hour}h{minute:02}") == "8h30"


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (time(8), time(8, 30), "08 giờ 00 – 08 giờ 30"),
        (time(8), None, "08 giờ 00"),
        (None, time(8, 30), "—"),
    ],
)
def test_a_stretch_of_time_says_what_is_known(start: time | None, end: time | None, words: str) -> None:
    assert VI.time_range(start, end) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(15, "15 phút"), (0, "0 phút"), (60, "1 giờ"), (95, "1 giờ 35 phút"), (None, "—")],
)
def test_durations_are_written_in_hours_and_minutes(minutes: int | None, words: str) -> None:
    assert VI.duration(minutes) == words


@pytest.mark.parametrize(
    ("number", "vietnamese", "english"),
    [
        (3000, "3.000", "3,000"),
        (728, "728", "728"),
        (-1234567, "-1.234.567", "-1,234,567"),
        (Decimal("1.47"), "1,47", "1.47"),
        (Decimal("1E+4"), "10.000", "10,000"),
        (None, "—", "—"),
    ],
)
def test_numbers_carry_the_marks_of_the_profile(number: int | Decimal | None, vietnamese: str, english: str) -> None:
    assert (VI.number(number), EN.number(number)) == (vietnamese, english)


def test_a_pattern_reaches_only_its_values() -> None:
    assert fill_pattern("{day:02}{{x}}", {"day": "1"}) == "01{x}"
    with pytest.raises(KeyError):
        fill_pattern("{day.__class__}", {"day": "1"})

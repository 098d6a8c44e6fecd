"""Dates, times, durations and numbers in every form that offices were seen to write, and the sentences for others."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from services.lang import Unreadable, parse_date, parse_duration, parse_number, parse_time

FIRST_OF_JULY = date(2024, 7, 1)


@pytest.mark.parametrize(
    "text",
    [
        "1/7/2024", "01/7/2024", "01/07/2024", "1-7-2024", "1.7.2024", "1 / 7 / 2024",
        "2024-07-01", "2024/7/1", "2024-07-01 00:00:00",
        "ngày 01 tháng 7 năm 2024", "Ngày 1 tháng 7, năm 2024", "ngày 1/7/2024", "mùng 1 tháng 7 năm 2024",
        "1 July 2024", "1st July 2024", "July 1, 2024", "1 Jul 2024",
        FIRST_OF_JULY, datetime(2024, 7, 1, 8, 0),  # noqa: DTZ001 - as a spreadsheet's cell gives it
    ],
)  # fmt: skip
def test_dates_are_read_day_first(text: str | date) -> None:
    assert parse_date(text) == FIRST_OF_JULY


@pytest.mark.parametrize("text", ["1-7", "1/7", "1.7", "1.7.", "ngày 1/7", "ngày 1 tháng 7"])
def test_dates_without_a_year_take_the_hint(text: str) -> None:
    assert parse_date(text, 2024) == FIRST_OF_JULY
    with pytest.raises(Unreadable, match=r"does not say the year"):
        parse_date(text)


def test_dates_with_a_year_keep_it_against_the_hint() -> None:
    assert parse_date("1/7/2024", 2023) == FIRST_OF_JULY


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "31/02/2024",
            "“31/02/2024” is not in the calendar: month 2 of 2024 has no day 31. Write a day that exists.",
        ),
        (
            "7/31/2024",
            "“7/31/2024” is not a date: there is no month 31. The day stands before the month, as in 31/7/2024.",
        ),
        ("63/63", "“63/63” is not a date: there is no month 63. The day stands before the month, as in 31/7/2024."),
        ("1/7/24", "“1/7/24” is not a date. Write day, month and year, for example 1/7/2024 or 2024-07-01."),
        ("Cùng ngày", "“Cùng ngày” is not a date. Write day, month and year, for example 1/7/2024 or 2024-07-01."),
        ("8/8 huyện", "“8/8 huyện” is not a date. Write day, month and year, for example 1/7/2024 or 2024-07-01."),
        ("1/7-2024", "“1/7-2024” is not a date. Write day, month and year, for example 1/7/2024 or 2024-07-01."),
        ("", "“” is not a date. Write day, month and year, for example 1/7/2024 or 2024-07-01."),
    ],
)
def test_dates_that_are_none_are_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(Unreadable) as refused:
        parse_date(text, 2024)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8h00", time(8)), ("8h", time(8)), ("7h30", time(7, 30)), ("08h30′", time(8, 30)), ("08:30", time(8, 30)),
        ("08:30:00", time(8, 30)), ("7 giờ 30 phút", time(7, 30)), ("19 giờ", time(19)), ("08 giờ 30", time(8, 30)),
        ("8g30", time(8, 30)), ("19 giờ 30 phút", time(19, 30)), ("2 giờ chiều", time(14)), ("14h chiều", time(14)),
        ("7h30 sáng", time(7, 30)), ("7 giờ tối", time(19)), ("8:30 PM", time(20, 30)), ("12:15 am", time(0, 15)),
        (time(8, 30), time(8, 30)), (timedelta(hours=8, minutes=30), time(8, 30)),
        (time(8, 29, 59, 999999), time(8, 30)), (datetime(1899, 12, 31, 8, 30), time(8, 30)),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_times_are_read(text: str | time, expected: time) -> None:
    assert parse_time(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "24:00",
        "8:60",
        "25h",
        "8",
        "8.30",
        "9 giờ chiều",
        "0 giờ trưa",
        "sáng",
        "",
        time(8, 0, 20),
        timedelta(hours=25),
    ],
)
def test_times_that_are_none_are_refused(text: str | time | timedelta) -> None:
    with pytest.raises(Unreadable, match=r"time of day\. Write hour and minute, for example 08:30 or 8h30\."):
        parse_time(text)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("15", 15), ("15 phút", 15), ("15’", 15), ("15 min", 15), ("90p", 90), ("1h30", 90), ("1h", 60),
        ("1 giờ 30 phút", 90), ("2 tiếng", 120), ("0:15:00", 15), ("0", 0), (15.0, 15),
        (time(0, 15), 15), (timedelta(minutes=15), 15), (timedelta(seconds=899.9999), 15),
    ],
)  # fmt: skip
def test_durations_are_whole_minutes(text: str | float | time | timedelta, minutes: int) -> None:
    assert parse_duration(text) == minutes


@pytest.mark.parametrize("text", ["1:30", "-3", "1h90", "7,5", 7.5, float("nan"), float("inf"), True, -1, "99999"])
def test_durations_that_are_none_are_refused(text: str | float) -> None:
    with pytest.raises(Unreadable, match=r"is not a duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.000", 3000), ("4. 861", 4861), ("728", 728), ("1.234.567", 1234567), ("-5", -5), ("\u22125", -5),
        ("1,47", Decimal("1.47")), ("1.234,50", Decimal("1234.50")), (3.0, 3), (2.5, Decimal("2.5")), (Decimal(7), 7),
    ],
)  # fmt: skip
def test_numbers_are_read_by_the_marks_of_the_locale(text: str | float, expected: int | Decimal) -> None:
    assert parse_number(text) == expected


def test_numbers_take_other_marks() -> None:
    assert parse_number("3,000.5", group=",", decimal=".") == Decimal("3000.5")
    assert parse_number("3 000,5", group="\u00a0", decimal=",") == Decimal("3000.5")


@pytest.mark.parametrize("text", ["3.00", "1,2,3", "63/63", "", "1.47.000", "nan", "1e5", "12 000", float("inf")])
def test_numbers_that_are_none_are_refused(text: str | float) -> None:
    with pytest.raises(Unreadable, match=r"Write thousands as 3\.000 and decimals as 1,5, as in 1\.234,5\."):
        parse_number(text)

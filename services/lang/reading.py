"""Dates, times, durations and numbers as offices write them: read exactly or refused with a sentence."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache

from services.lang.forms import alternatives, any_of, month_names, parts_of_day
from services.lang.refusals import (
    NoDate,
    NoDuration,
    NoNumber,
    NoSuchDay,
    NoSuchMonth,
    NoTime,
    Unreadable,
    YearMissing,
)
from services.lang.text import match_key

_MINUTE_SIGNS = "['\u2019\u2032\u00b4]"
_MIDNIGHT = r"(?:[t ]00:00(?::00(?:\.0+)?)?)?"  # what a spreadsheet appends to a date that it saves as text
_DAY, _MONTH, _YEAR = r"(?P<day>\d{1,2})", r"(?P<month>\d{1,2})", r"(?P<year>\d{4})"
_MAX_MINUTES = 60 * 24 * 31
_MINUTE = timedelta(minutes=1)


def parse_date(text: str | date, year_hint: int | None = None) -> date:
    """Day first: 1-7 (with a year hint), 1/7/2024, 1.7, "ngày 01 tháng 7 năm 2024", "1 July 2024"; or ISO."""
    if isinstance(text, date):
        return text.date() if isinstance(text, datetime) else text
    found = _first_match(_date_patterns(), match_key(text))
    if not found:
        raise NoDate(text)
    month = int(found.get("month") or month_names()[found["name"]])
    if not 1 <= month <= 12:  # noqa: PLR2004 - months of the year
        raise NoSuchMonth(text, month=month)
    year = found.get("year") or year_hint
    if year is None:
        raise YearMissing(text)
    return _calendar_day(text, int(year), month, int(found["day"]))


def _calendar_day(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NoSuchDay(text, day=day, month=month, year=year) from None


@cache
def _date_patterns() -> tuple[re.Pattern[str], ...]:
    day, month, year = any_of("day"), any_of("month"), any_of("year")
    lead = rf"(?:(?:{day}) )?"
    name = rf"(?P<name>{alternatives(month_names())})\.?"
    return tuple(
        re.compile(pattern, re.ASCII)
        for pattern in (
            rf"{_YEAR}(?P<mark>[-/.]){_MONTH}(?P=mark){_DAY}{_MIDNIGHT}",
            rf"{lead}{_DAY} ?(?P<mark>[-/.]) ?{_MONTH}(?: ?(?P=mark) ?{_YEAR})?\.?",
            rf"{lead}{_DAY} (?:{month}) {_MONTH}(?:,? (?:{year}) {_YEAR})?",
            rf"{_DAY}(?:st|nd|rd|th)? {name}(?:,? {_YEAR})?",
            rf"{name} {_DAY}(?:st|nd|rd|th)?(?:,? {_YEAR})?",
        )
    )


def parse_time(text: str | time | datetime | timedelta) -> time:
    """8h00, 08h30′, 08:30, "7 giờ 30 phút", "19 giờ", "2 giờ chiều", 8:30 pm; and a spreadsheet's cells."""
    if isinstance(text, datetime | time):
        return _clock(text, *divmod(_minutes(_since_midnight(text), NoTime), 60))
    if isinstance(text, timedelta):
        return _clock(text, *divmod(_minutes(text, NoTime), 60))
    found = _first_match(_time_patterns(), match_key(text))
    if not found:
        raise NoTime(text)
    hour, minute = int(found["hour"]), int(found.get("minute") or 0)
    if word := found.get("part"):
        hour = _hour_of_day(text, hour, word)
    return _clock(text, hour, minute)


def _clock(text: object, hour: int, minute: int) -> time:
    try:
        return time(hour, minute)
    except ValueError:
        raise NoTime(text) from None


def _hour_of_day(text: str, hour: int, word: str) -> int:
    """2 in the afternoon is 14, and so is 14 in the afternoon; 9 in the afternoon is refused."""
    for real in parts_of_day()[word]:
        if real == hour or (real % 12 == hour % 12 and 0 < hour <= 12):  # noqa: PLR2004 - a clock's face
            return real
    raise NoTime(text)


@cache
def _time_patterns() -> tuple[re.Pattern[str], ...]:
    hour, minute = any_of("hour"), any_of("minute")
    part = rf"(?: ?(?P<part>{alternatives(parts_of_day())}))?"
    minutes = rf"(?: ?(?P<minute>[0-5]?\d) ?(?:{minute}|{_MINUTE_SIGNS})?)?"
    return tuple(
        re.compile(pattern, re.ASCII)
        for pattern in (
            rf"(?P<hour>\d{{1,2}}):(?P<minute>[0-5]\d)(?::00(?:\.0+)?)?{part}",
            rf"(?P<hour>\d{{1,2}}) ?(?:{hour}){minutes}{part}",
        )
    )


def parse_duration(text: str | int | float | time | timedelta) -> int:  # noqa: PYI041 - cells hold either
    """Whole minutes: 15, "15 phút", "1h30", "1 giờ 30 phút", "15 min", 0:15:00, or a spreadsheet's cell."""
    if isinstance(text, time):
        return _within(text, _minutes(_since_midnight(text), NoDuration))
    if isinstance(text, timedelta):
        return _within(text, _minutes(text, NoDuration))
    if isinstance(text, int | float):
        return _within(text, _whole_minutes(text))
    found = _first_match(_duration_patterns(), match_key(text))
    if not found:
        raise NoDuration(text)
    return _within(text, int(found.get("hour") or 0) * 60 + int(found.get("minute") or 0))


def _since_midnight(at: time | datetime) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)


def _minutes(span: timedelta, refusal: type[Unreadable]) -> int:
    """Whole minutes; a spreadsheet's fractions of a day may be off by less than a second."""
    minutes = round(span / _MINUTE)
    if abs(span - minutes * _MINUTE) >= timedelta(seconds=1):
        raise refusal(span)
    return minutes


def _whole_minutes(number: float) -> int:
    if isinstance(number, bool) or number != number or number % 1:  # noqa: PLR0124 - the only test for NaN
        raise NoDuration(number)
    return int(number)


def _within(text: object, minutes: int) -> int:
    if not 0 <= minutes <= _MAX_MINUTES:
        raise NoDuration(text)
    return minutes


@cache
def _duration_patterns() -> tuple[re.Pattern[str], ...]:
    hour, minute = any_of("hour"), any_of("minute")
    minutes = rf"(?:{minute}|{_MINUTE_SIGNS})"
    return tuple(
        re.compile(pattern, re.ASCII)
        for pattern in (
            r"(?P<minute>\d{1,5})",
            rf"(?P<minute>\d{{1,5}}) ?{minutes}\.?",
            rf"(?P<hour>\d{{1,3}}) ?(?:{hour})(?: ?(?P<minute>[0-5]?\d)(?: ?{minutes})?)?\.?",
            r"(?P<hour>\d{1,3}):(?P<minute>[0-5]\d):00",
        )
    )


def parse_number(text: str | float | Decimal, group: str = ".", decimal: str = ",") -> int | Decimal:
    """3.000 is 3000 and 1,47 a Decimal under the Vietnamese marks, which the caller takes from the profile.

    White space beside a group mark is let pass ("4. 861"); groups that are not of three digits are refused.
    """
    if isinstance(text, int | float | Decimal) and not isinstance(text, bool):
        return _exact(text, group, decimal)
    found = _number_pattern(group, decimal).fullmatch(match_key(str(text)))
    if not found:
        raise _no_number(text, group, decimal)
    whole = re.sub(r"\D", "", found["whole"])
    sign = "-" if found["sign"] else ""
    return Decimal(f"{sign}{whole}.{found['part']}") if found["part"] else int(sign + whole)


def _exact(number: float | Decimal, group: str, decimal: str) -> int | Decimal:
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    if not exact.is_finite():
        raise _no_number(number, group, decimal)
    return int(exact) if exact == exact.to_integral_value() else exact


def _no_number(text: object, group: str, decimal: str) -> NoNumber:
    return NoNumber(text, group=f"3{group}000", decimal=f"1{decimal}5", example=f"1{group}234{decimal}5")


@cache
def _number_pattern(group: str, decimal: str) -> re.Pattern[str]:
    mark = rf" ?{re.escape(group)} ?" if group.strip() else " "
    return re.compile(
        rf"(?P<sign>[-\u2212])?(?P<whole>\d{{1,3}}(?:{mark}\d{{3}})+|\d{{1,30}})"
        rf"(?:{re.escape(decimal)}(?P<part>\d{{1,30}}))?",
        re.ASCII,
    )


def _first_match(patterns: tuple[re.Pattern[str], ...], text: str) -> dict[str, str] | None:
    for pattern in patterns:
        if found := pattern.fullmatch(text):
            return {name: value for name, value in found.groupdict().items() if value}
    return None

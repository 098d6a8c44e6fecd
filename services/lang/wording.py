"""Dates, times, durations and numbers in words, by a profile's patterns; the unknown prints as its sign."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from string import Formatter
from typing import Protocol

from babel.dates import format_date

UNKNOWN = "—"


class Patterns(Protocol):
    """What a profile says of writing; the fields of its patterns are named at the functions below."""

    @property
    def date_long(self) -> str: ...
    @property
    def date_weekday(self) -> str: ...
    @property
    def date_short(self) -> str: ...
    @property
    def zero_padded_months(self) -> Sequence[int]: ...
    @property
    def time(self) -> str: ...
    @property
    def time_range(self) -> str: ...
    @property
    def duration_minutes(self) -> str: ...
    @property
    def duration_hours(self) -> str: ...
    @property
    def duration_both(self) -> str: ...
    @property
    def place_date(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def decimal(self) -> str: ...
    @property
    def unknown(self) -> str: ...


def fill_pattern(pattern: str, values: dict[str, str]) -> str:
    """The pattern with its {fields}; {day:02} pads with zeros. A pattern reaches nothing but these values."""
    return "".join(
        text + (values[field].zfill(int(width or 0)) if field is not None else "")
        for text, field, width, _ in Formatter().parse(pattern)
    )


def pattern_fields(pattern: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(pattern) if field is not None}


def date_words(on: dt.date, pattern: str, locale: str, padded_months: Sequence[int] = ()) -> str:
    """Fields: day, month, year, weekday, month_name. `padded_months` are written with two digits.

    Nghị định 30/2020/NĐ-CP, Phụ lục I: days below ten and the months 1 and 2 carry a zero, other months none.
    """
    month = f"{on.month:02}" if on.month in padded_months else str(on.month)
    names = {"weekday": format_date(on, "EEEE", locale), "month_name": format_date(on, "MMMM", locale)}
    return fill_pattern(pattern, names | {"day": str(on.day), "month": month, "year": f"{on.year:04}"})


def weekday_name(on: dt.date, locale: str) -> str:
    return str(format_date(on, "EEEE", locale))


def time_words(at: dt.time, pattern: str) -> str:
    """Fields: hour, minute."""
    return fill_pattern(pattern, {"hour": str(at.hour), "minute": str(at.minute)})


def duration_words(minutes: int, patterns: Patterns) -> str:
    """Fields: hours, minutes; one pattern for less than an hour, one for whole hours, one for the rest."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return fill_pattern(patterns.duration_minutes, {"minutes": str(rest)})
    pattern = patterns.duration_both if rest else patterns.duration_hours
    return fill_pattern(pattern, {"hours": str(hours), "minutes": str(rest)})


def number_text(number: int | Decimal, group: str, decimal: str) -> str:
    whole, _, part = (
        f"{abs(number):,f}".partition(".") if isinstance(number, Decimal) else (f"{abs(number):,}", "", "")
    )
    sign = "-" if number < 0 else ""
    return sign + whole.replace(",", group) + (decimal + part if part else "")


@dataclass(frozen=True, slots=True)
class Writer:
    """A profile's wording in a locale: `Writer(profile.locale, profile.wording)`. None prints as unknown."""

    locale: str
    patterns: Patterns

    def date(self, on: dt.date | None) -> str:
        return self._date(on, self.patterns.date_long)

    def date_weekday(self, on: dt.date | None) -> str:
        return self._date(on, self.patterns.date_weekday)

    def date_short(self, on: dt.date | None) -> str:
        return self._date(on, self.patterns.date_short)

    def time(self, at: dt.time | None) -> str:
        return self.patterns.unknown if at is None else time_words(at, self.patterns.time)

    def time_range(self, start: dt.time | None, end: dt.time | None) -> str:
        if start is None or end is None:
            return self.time(start)
        return fill_pattern(self.patterns.time_range, {"start": self.time(start), "end": self.time(end)})

    def duration(self, minutes: int | None) -> str:
        return self.patterns.unknown if minutes is None else duration_words(minutes, self.patterns)

    def number(self, number: int | Decimal | None) -> str:
        if number is None:
            return self.patterns.unknown
        return number_text(number, self.patterns.group, self.patterns.decimal)

    def place_date(self, place: str | None, on: dt.date | None) -> str:
        values = {"place": place or self.patterns.unknown, "date": self.date(on)}
        return fill_pattern(self.patterns.place_date, values)

    def _date(self, on: dt.date | None, pattern: str) -> str:
        if on is None:
            return self.patterns.unknown
        return date_words(on, pattern, self.locale, self.patterns.zero_padded_months)

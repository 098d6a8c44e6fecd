"""The words that written dates, times and durations hold, by language; a new language is a new row."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from babel.dates import get_month_names

from services.lang.text import match_key


@dataclass(frozen=True, slots=True)
class Words:
    """`parts`: words for a part of the day, with the hours of 24 it reaches over: never more than twelve."""

    day: tuple[str, ...] = ()
    month: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    hour: tuple[str, ...] = ()
    minute: tuple[str, ...] = ()
    parts: dict[str, range] = field(default_factory=dict)


FORMS = {
    "vi": Words(
        day=("ngày", "mùng", "mồng"),
        month=("tháng",),
        year=("năm",),
        hour=("giờ", "tiếng", "h", "g"),
        minute=("phút", "ph", "p"),
        parts={"sáng": range(1, 12), "trưa": range(10, 15), "chiều": range(12, 19), "tối": range(17, 24)},
    ),
    "en": Words(
        hour=("hours", "hour", "hrs", "hr", "h"),
        minute=("minutes", "minute", "mins", "min", "m"),
        parts={"am": range(12), "pm": range(12, 24)},
    ),
}


@cache
def any_of(kind: str) -> str:
    """A pattern for any language's word of this kind, longest first."""
    return alternatives(word for words in FORMS.values() for word in getattr(words, kind))


def alternatives(words: Iterable[str]) -> str:
    return "|".join(sorted({match_key(word) for word in words}, key=lambda word: (-len(word), word)))


@cache
def parts_of_day() -> dict[str, range]:
    return {match_key(word): part for words in FORMS.values() for word, part in words.parts.items()}


@cache
def month_names() -> dict[str, int]:
    """Names of months that are one word, full and short: "july", "jul"."""
    named = (
        (name, number)
        for locale in FORMS
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, locale=locale).items()
    )
    return {match_key(name): number for name, number in named if name.isalpha()}

"""How pages say things in a language: sentences, days, times, numbers. What is unknown prints as its sign."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_skeleton, format_timedelta, get_datetime_format
from babel.lists import format_list
from babel.numbers import format_decimal
from markupsafe import Markup

from schemas.scheduling import CeremonyFields
from services.lang import UNKNOWN, date_words
from services.lang.translate import translate

DATE = "{weekday}, {day} {month_name} {year}"
_LOCALES = {"en": "en_GB"}  # a plain "en" writes months first, which nobody outside of one country reads
_HOME: str = CeremonyFields.model_fields["timezone"].default
_SOON = 45  # seconds that still count as just now


@dataclass(frozen=True, slots=True)
class Wording:
    """Says it in one language; `fixed`: an instant to take for now."""

    language: str
    locale: Locale
    fixed: datetime | None = None

    def say(self, sentence: str, **params: object) -> str:
        return translate(sentence, {name: str(value) for name, value in params.items()}, self.language)

    def day(self, on: date | None) -> str:
        """With its weekday, in words."""
        words = on and date_words(on, translate(DATE, {}, self.language), self.language)
        return _time(on.isoformat(), words) if on and words else UNKNOWN

    def day_short(self, on: date | None) -> str:
        return _time(on.isoformat(), format_skeleton("yMd", on, locale=self.locale)) if on else UNKNOWN

    def clock(self, at: time | None) -> str:
        """Hours and minutes of 24, as programmes print them."""
        return _time(at.isoformat("minutes"), at.strftime("%H:%M")) if at else UNKNOWN

    def moment(self, at: datetime | None, zone: str | None = None) -> str:
        """An instant by the clocks of a zone (IANA name); without one, those of the ceremonies' usual zone."""
        if at is None:
            return UNKNOWN
        return _time(at.isoformat(timespec="seconds"), self._exact(at, zone))

    def ago(self, at: datetime | None, zone: str | None = None) -> str:
        """How long since, with the instant itself as its title."""
        if at is None:
            return UNKNOWN
        since = at - (self.fixed or datetime.now(UTC))
        words = format_timedelta(since, locale=self.locale, add_direction=True, threshold=1)
        if abs(since.total_seconds()) < _SOON:
            words = self.say("just now")
        exact = self._exact(at, zone)
        return Markup('<time datetime="{}" title="{}">{}</time>').format(at.isoformat("T", "seconds"), exact, words)

    def _exact(self, at: datetime, zone: str | None) -> str:
        local = at.astimezone(ZoneInfo(zone or _HOME))
        day = format_skeleton("yMd", local.date(), locale=self.locale)
        return str(get_datetime_format("short", self.locale)).format(local.strftime("%H:%M"), day)

    def number(self, value: float | Decimal | None) -> str:
        return UNKNOWN if value is None else format_decimal(value, locale=self.locale)

    def listed(self, items: Iterable[str]) -> str:
        """One after the other, as the language joins them."""
        return format_list(list(items), locale=self.locale) or UNKNOWN


def _time(machine: str, words: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, words)


@cache
def wording(language: str, fixed: datetime | None = None) -> Wording:
    return Wording(language, Locale.parse(_LOCALES.get(language, language)), fixed)

"""What a profile says in words: labels in several languages, and how dates, times and numbers are written."""

from collections.abc import Mapping
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, RootModel

from schemas.envelope import Strict


class Label(RootModel[Mapping[str, str]]):
    """The same words by language."""

    model_config = ConfigDict(frozen=True)

    def say(self, locale: str) -> str:
        """In this locale, else in its language, else in English, else in the first language there is."""
        tags = (locale, locale.replace("_", "-").split("-")[0], "en")
        return next((self.root[tag] for tag in tags if tag in self.root), next(iter(self.root.values())))


def _pattern(*fields: str) -> AfterValidator:
    """Only these fields, each padded with zeros at most: a pattern must not be able to reach anything else."""

    def check(pattern: str) -> str:
        for _, field, width, conversion in Formatter().parse(pattern):
            if field is not None and (field not in fields or conversion or width not in {"", "02"}):
                raise ValueError(f"“{{{field}}}” is not a field here; there are {', '.join(fields)}")
        return pattern

    return AfterValidator(check)


DatePattern = Annotated[str, _pattern("day", "month", "year", "weekday", "month_name")]


class Wording(Strict):
    """Patterns with {fields}; {day:02} pads with a zero. `unknown` is what prints for what nobody knows."""

    date_long: DatePattern
    date_weekday: DatePattern
    date_short: DatePattern
    zero_padded_months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()
    time: Annotated[str, _pattern("hour", "minute")]
    time_range: Annotated[str, _pattern("start", "end")]
    duration_minutes: Annotated[str, _pattern("minutes")]
    duration_hours: Annotated[str, _pattern("hours")]
    duration_both: Annotated[str, _pattern("hours", "minutes")]
    place_date: Annotated[str, _pattern("place", "date")]
    group: str = Field(max_length=1)
    decimal: str = Field(min_length=1, max_length=1)
    unknown: str = "—"

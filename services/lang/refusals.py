"""What cannot be read: the docstring is the English sentence, `params` its values, `str` both together."""


class Unreadable(ValueError):
    """“{text}” cannot be read."""

    def __init__(self, text: object, **params: object) -> None:
        super().__init__(text)
        self.params = {"text": str(text)} | {name: str(value) for name, value in params.items()}

    @property
    def sentence(self) -> str:
        return " ".join((type(self).__doc__ or "").split())

    def __str__(self) -> str:
        return self.sentence.format_map(self.params)


class NoDate(Unreadable):
    """“{text}” is not a date. Write day, month and year, for example 1/7/2024 or 2024-07-01."""


class NoSuchDay(Unreadable):
    """“{text}” is not in the calendar: month {month} of {year} has no day {day}. Write a day that exists."""


class NoSuchMonth(Unreadable):
    """“{text}” is not a date: there is no month {month}. The day stands before the month, as in 31/7/2024."""


class YearMissing(Unreadable):
    """“{text}” does not say the year. Write it with four digits, for example 1/7/2024."""


class NoTime(Unreadable):
    """“{text}” is not a time of day. Write hour and minute, for example 08:30 or 8h30."""


class NoDuration(Unreadable):
    """“{text}” is not a duration. Write whole minutes, for example 15, or 1h30 for an hour and a half."""


class NoNumber(Unreadable):
    """“{text}” is not a number. Write thousands as {group} and decimals as {decimal}, as in {example}."""

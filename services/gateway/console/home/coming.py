"""Ceremonies in the order in which they matter: the next one first, then those without a day, then what is over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from schemas.envelope import Clock
from schemas.scheduling import Ceremony
from services.gateway.console.countdown import countdown, days_until
from services.gateway.console.grants import all_ceremonies
from services.gateway.console.wording import Wording
from services.kit.bus import Bus
from services.kit.context import may

_FAR = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Coming:
    """`days` until it; None while no day is known."""

    ceremony: Ceremony
    days: int | None
    words: Wording

    @property
    def countdown(self) -> str:
        return countdown(self.days, self.words)

    @property
    def month(self) -> str:
        return format_date(self.ceremony.on, "LLL", self.words.locale) if self.ceremony.on else ""


async def my_ceremonies(bus: Bus, clock: Clock, words: Wording) -> tuple[list[Coming], list[Coming]]:
    """Those ahead and those that are over; none for who has no role."""
    known = await all_ceremonies(bus) if may("ceremony.see", anywhere=True) else []
    return coming(known, clock, words)


def coming(ceremonies: Iterable[Ceremony], clock: Clock, words: Wording) -> tuple[list[Coming], list[Coming]]:
    """Those ahead and those that are over, which a cancelled one is too; the nearest first."""
    all_of_them = [Coming(one, days_until(one, clock), words) for one in ceremonies]
    ahead = [one for one in all_of_them if not one.ceremony.cancelled and (one.days is None or one.days >= 0)]
    over = [one for one in all_of_them if one not in ahead]
    return (
        sorted(ahead, key=lambda one: _FAR if one.days is None else one.days),
        sorted(over, key=lambda one: -_FAR if one.days is None else one.days, reverse=True),
    )

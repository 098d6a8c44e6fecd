"""How long it is until a ceremony, in days of its own place, and in words."""

from datetime import date
from zoneinfo import ZoneInfo

from schemas.envelope import Clock
from schemas.scheduling import CeremonyFields
from services.gateway.console.wording import Wording


def today_at(ceremony: CeremonyFields, clock: Clock) -> date:
    return clock().astimezone(ZoneInfo(ceremony.timezone)).date()


def days_until(ceremony: CeremonyFields, clock: Clock) -> int | None:
    """Below nought once it is over; None while no day is known."""
    return None if ceremony.on is None else (ceremony.on - today_at(ceremony, clock)).days


def countdown(days: int | None, words: Wording) -> str:
    if days is None:
        return words.say("no day yet")
    if abs(days) <= 1:
        return (words.say("today"), words.say("tomorrow"), words.say("yesterday"))[days]
    if days > 0:
        return words.say("in {count} days", count=words.number(days))
    return words.say("{count} days ago", count=words.number(-days))

"""How often somebody may try to come in. Hides how the waits grow, and when tries are forgotten."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from schemas.errors import Refusal

FREE = 5
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))
FORGOTTEN = timedelta(days=1)


class TryLater(Refusal):
    """Too many wrong passwords or codes. Try again in {minutes} min; nothing is accepted before."""

    status = 429


@dataclass(frozen=True, slots=True)
class Tries:
    """`failures`: how many in a row, the last one at `at`; nothing is accepted before `until`."""

    failures: int
    at: datetime
    until: datetime | None


def begun(before: Tries | None, now: datetime) -> Tries:
    """A try counts as failed from its beginning, so that a hundred at once are not one. TryLater: not yet."""
    if before and before.until and now < before.until:
        raise TryLater(minutes=ceil((before.until - now) / timedelta(minutes=1)))
    count = 1 + (before.failures if before and now - before.at < FORGOTTEN else 0)
    wait = _WAITS[min(count - FREE, len(_WAITS) - 1)] if count >= FREE else None
    return Tries(count, now, now + wait if wait else None)


def taken_back(tries: Tries) -> Tries:
    """The password was right and only the code is missing: neither a failure nor a success."""
    return Tries(tries.failures - 1, tries.at, None)

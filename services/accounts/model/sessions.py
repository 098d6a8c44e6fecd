"""How long a session lives, and when it gets a new secret. Hides what may go wrong between server and browser."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=14)
RENEWED = timedelta(hours=1)
OVERLAP = timedelta(minutes=1)  # requests under way carry the old secret
NOTED = timedelta(minutes=5)  # a sign of life is written at most this often


@dataclass(frozen=True, slots=True)
class Kept:
    """A session as it is kept. `former` is the secret before this one; `former_until` None: the new one was not used
    yet, so perhaps the browser never got it.
    """

    id: str
    user_id: str
    digest: str = field(repr=False)
    former: str | None = field(repr=False)
    former_until: datetime | None
    opened_at: datetime
    seen_at: datetime
    renewed_at: datetime
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Step:
    """What recognising a session leads to."""

    renew: bool = False
    confirm: bool = False
    note: bool = False

    @property
    def writes(self) -> bool:
        return self.renew or self.confirm or self.note


def expires_at(kept: Kept) -> datetime:
    return min(kept.opened_at + LONGEST, kept.seen_at + IDLE)


def recognised(kept: Kept, digest: str, now: datetime) -> Step | None:
    """None: this secret opens nothing any more.

    A browser that never got its new secret (the connection broke) goes on with the old one and is given another.
    """
    if now >= expires_at(kept):
        return None
    note = now - kept.seen_at >= NOTED
    age = now - kept.renewed_at
    if digest == kept.digest:
        unused = kept.former is not None and kept.former_until is None
        return Step(renew=age >= RENEWED, confirm=unused, note=note)
    if kept.former_until is not None:
        return Step(note=note) if now < kept.former_until else None
    return Step(renew=age >= OVERLAP, note=note)

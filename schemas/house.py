"""What every service is asked about itself: its health, and the work it had to park."""

from datetime import datetime

from pydantic import Field

from schemas.envelope import Ask, Command, Question, Strict

SERVICES = ("scheduling", "guests", "awards", "program", "dispatch")


class GetHealth(Question):
    pass


class Health(Strict):
    """How a service is. `numbers` are its own counters, by metric name without the prefix."""

    service: str
    outbox_unsent: int
    outbox_oldest_seconds: float = Field(description="Age of the oldest event not yet published; 0 if none.")
    consumer_pending: int = Field(description="Events that wait for this service.")
    parked: int
    numbers: dict[str, float] = {}


class ListParked(Question):
    pass


class ParkedWork(Strict):
    """An event that could not be worked off. `reason` holds no personal data: the kind of error and where."""

    event_id: str
    service: str
    type: str
    subject: str
    reason: str
    attempts: int
    at: datetime


class Parked(Strict):
    parked: tuple[ParkedWork, ...]


class RetryParked(Command):
    """Try one parked event again, or all of them."""

    event_id: str | None = None


class Retried(Strict):
    done: int
    parked_again: int


health = {name: Ask(name, "health", GetHealth, Health) for name in SERVICES}
list_parked = {name: Ask(name, "list_parked", ListParked, Parked) for name in SERVICES}
retry_parked = {name: Ask(name, "retry_parked", RetryParked, Retried) for name in SERVICES}

"""What every service is asked about itself: its health, the work it had to park, its history and its audit trail."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.envelope import Ask, Command, Question, Strict

SERVICES = ("accounts", "scheduling", "guests", "awards", "program", "dispatch")


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


class ListHistory(Question):
    """What happened in a service, newest first; of the caller's office only, and only what he may see."""

    ceremony_id: str | None = Field(None, description="Only of this ceremony: the subject of the event.")
    about: str | None = Field(None, description="Only about this thing: a ceremony, a guest, an award line, a user.")
    actor: str | None = Field(None, description="Only what this user did.")
    types: str | None = Field(None, description="Only event types that begin so.", examples=["guests.guest."])
    event_id: str | None = Field(None, description="Only this event, with its values however long they are.")
    before: int | None = Field(None, description="Cursor: `next` of the page before.")
    limit: int = Field(50, ge=1, le=200)


class HistoryEntry(Strict):
    """An event, and what the change was from and to where it was kept, is not erased, and may be seen.

    `values` says how much of that stands here: the whole; part, without what the asker may not see; none; or that it
    is too long for a list (ask for this `event_id`).
    """

    service: str
    seq: int
    event_id: str
    at: datetime
    type: str
    subject: str
    actor: str | None
    authtype: Literal["user", "system", "unauthenticated"]
    office: str
    correlation: str
    data: dict[str, Any]
    before: Any = None
    after: Any = None
    values: Literal["whole", "part", "none", "long"] = "none"


class History(Strict):
    entries: tuple[HistoryEntry, ...]
    next: int | None = None


class AuditHead(BaseModel):
    """A point of a service's audit trail: an event by its number, and the hash over everything up to it.

    Number 0 is the beginning. Part of an event, so readers ignore what they do not know.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    seq: int
    chain: str = Field(description="SHA-256 in hexadecimal.")


class GetAuditHead(Question):
    pass


class VerifyAudit(Question):
    """Recompute the whole trail."""

    through: AuditHead | None = Field(None, description="A point noted earlier that the trail should pass.")


class BrokenLink(Strict):
    """The first event that does not fit: its hash is not that of what stands there (`chain`), or the columns by which
    it is found say something else than the event itself (`columns`).
    """

    seq: int
    event_id: str
    what: Literal["chain", "columns"]


class AuditCheck(Strict):
    """`events` hold; `head` is the last of them. `passes`: whether the point asked for is one of them."""

    service: str
    events: int
    head: AuditHead
    broken: BrokenLink | None = None
    passes: bool | None = None


health = {name: Ask(name, "health", GetHealth, Health) for name in SERVICES}
list_parked = {name: Ask(name, "list_parked", ListParked, Parked) for name in SERVICES}
retry_parked = {name: Ask(name, "retry_parked", RetryParked, Retried) for name in SERVICES}
history = {name: Ask(name, "history", ListHistory, History) for name in SERVICES}
audit_head = {name: Ask(name, "audit_head", GetAuditHead, AuditHead) for name in SERVICES}
verify_audit = {name: Ask(name, "verify_audit", VerifyAudit, AuditCheck) for name in SERVICES}

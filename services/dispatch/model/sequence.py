"""When somebody is sent something again, and with which SEQUENCE and DTSTAMP (RFC 5546 section 2.1.4 and 2.1.5)."""

from datetime import datetime, timedelta
from typing import Literal

from schemas.envelope import Strict
from services.dispatch.model.ical import Issue
from services.dispatch.model.occasion import Occasion

Outcome = Literal["created", "rescheduled", "reworded", "unchanged", "cancelled"]


class Sent(Strict):
    """What was last given out under a UID, as far as the next object depends on it."""

    issue: Issue
    significant: str
    wording: str
    said: Occasion


def first(occasion: Occasion, uid: str, now: datetime) -> Sent:
    return _sent(occasion, Issue(uid=uid, sequence=0, dtstamp=_whole_seconds(now)))


def again(sent: Sent, occasion: Occasion, now: datetime) -> tuple[Outcome, Sent]:
    """What a change of the facts does to somebody who was sent something before."""
    if sent.significant != occasion.significant():
        raised = _next(sent.issue, now, sequence=sent.issue.sequence + 1, partstat="NEEDS-ACTION")
        return "rescheduled", _sent(occasion, raised)
    if sent.wording != occasion.wording():
        return "reworded", _sent(occasion, _next(sent.issue, now))
    return "unchanged", sent


def withdrawn(sent: Sent, now: datetime, *, whole: bool) -> Sent:
    """Cancelled: the whole ceremony, or only for this guest. Whoever is invited again gets a new UID."""
    ended = _next(sent.issue, now, sequence=sent.issue.sequence + 1, cancelled=True, whole=whole)
    return sent.model_copy(update={"issue": ended})


def readdressed(sent: Sent, occasion: Occasion) -> bool:
    """Whether what was sent would stay with somebody, or come from somebody, that is no longer meant.

    Its UID is the key to the guest's answer: it does not go to another address. A calendar takes changes from the
    organizer alone. A file without addresses was in nobody's mail, and may become a message.
    """
    old, new = sent.said.route, occasion.route
    return old is not None and (new is None or old.addresses != new.addresses)


def _next(issue: Issue, now: datetime, **changed: int | str | bool) -> Issue:
    """DTSTAMP grows with every object, whatever the clock does: equal ones are taken for the same message."""
    dtstamp = max(_whole_seconds(now), issue.dtstamp + timedelta(seconds=1))
    return issue.model_copy(update={"dtstamp": dtstamp, **changed})


def _sent(occasion: Occasion, issue: Issue) -> Sent:
    return Sent(issue=issue, significant=occasion.significant(), wording=occasion.wording(), said=occasion)


def _whole_seconds(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("A clock without a time zone cannot stamp a message.")
    return now.replace(microsecond=0)

"""For whom the present work is done: set where a request or an event comes in, read wherever something goes out."""

from contextvars import ContextVar

import structlog

from schemas.envelope import Caller
from schemas.rights import allowed

_current: ContextVar[Caller] = ContextVar("caller")


def caller() -> Caller:
    """The caller of the work at hand. Outside any work there is none, and asking is a mistake in the code."""
    return _current.get()


def work_for(who: Caller) -> None:
    """From here on, in this task, the work is done for this caller; log lines carry its correlation id."""
    _current.set(who)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(correlation=who.correlation, office=who.office)


def may(action: str, ceremony_id: str | None = None, *, anywhere: bool = False) -> bool:
    """Whether the caller of the work at hand may; see schemas.rights.allowed."""
    return allowed(caller(), action, ceremony_id, anywhere=anywhere)


def ceremonies_where(action: str) -> frozenset[str] | None:
    """The ceremonies for which the caller may; None: for all of the office."""
    if may(action):
        return None
    named = {grant.ceremony_id for grant in caller().grants if grant.ceremony_id}
    return frozenset(one for one in named if may(action, one))

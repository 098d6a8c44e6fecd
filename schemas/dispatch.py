"""What dispatch is asked and tells: invitations (iMIP bytes per guest and SEQUENCE) and calendar feeds."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from schemas.envelope import Ask, Fact, Question, Strict
from schemas.errors import Problem

Method = Literal["REQUEST", "CANCEL"]


Outcome = Literal["created", "rescheduled", "reworded", "unchanged", "cancelled"]


class Invitation(Strict):
    """What a guest was last given. `method` is null for a guest without an address: a file to import, no iTIP."""

    guest_id: str
    method: Method | None
    sequence: int
    status: Literal["TENTATIVE", "CONFIRMED", "CANCELLED"]
    dtstamp: datetime
    release: int
    outcome: Outcome = Field(description="What the last release did to it.")
    file_name: str
    problems: tuple[Problem, ...] = Field((), description="Why it is not what it could be: a bad address.")


class WantedInvitations(Question):
    """Which are meant: all that is said must be so; what is null may be as it is."""

    guest_ids: tuple[str, ...] | None = Field(None, max_length=1000, description="Only of these guests.")
    outcome: Outcome | None = None
    has_address: bool | None = Field(None, description="Whether there is a mail address it can go to.")
    has_problems: bool | None = None


class ListInvitations(WantedInvitations):
    ceremony_id: str
    after: str | None = Field(None, description="Cursor: the last guest id of the page before.")
    limit: int = Field(200, ge=1, le=1000)


class Invitations(Strict):
    """`release`: up to which release dispatch has worked; 0 before the first.

    A guest whose address changed stands in it twice for one release: newly invited, and the old address cancelled.
    """

    invitations: tuple[Invitation, ...]
    release: int
    problems: tuple[Problem, ...] = Field(
        (), description="What holds for all: why nobody could be invited, or why nobody can answer."
    )
    next: str | None = None


class SummariseInvitations(Question):
    ceremony_id: str


class InvitationsSummary(Strict):
    """Of the invitations that a list of them shows; `sequences` counts them by their SEQUENCE."""

    release: int
    total: int
    outcomes: dict[Outcome, int]
    methods: dict[Method, int]
    sequences: dict[int, int]
    without_address: int = Field(description="Files to import, for whom no mail can reach.")
    with_problems: int


class ReadInvitations(Question):
    """The exact bytes of the invitations of a page of guests, or of one guest."""

    ceremony_id: str
    guest_id: str | None = None
    after: str | None = None
    limit: int = Field(200, ge=1, le=500)


class InvitationFile(Strict):
    guest_id: str
    file_name: str
    base64: str


class InvitationFiles(Strict):
    """A page may hold fewer guests than were asked for; `next` says whether there are more."""

    files: tuple[InvitationFile, ...]
    next: str | None = None


class GetFeed(Question):
    """By ceremony, for the office."""

    ceremony_id: str


class ReadFeed(Question):
    """By token, for whoever has the link."""

    token: str = Field(pattern="^[A-Za-z0-9_-]{22,64}$")


class Feed(Strict):
    """A calendar of all that has a time. The bytes change only when what they say does."""

    ceremony_id: str
    token: str
    text: str
    etag: str
    last_modified: datetime


list_invitations = Ask("dispatch", "list_invitations", ListInvitations, Invitations)
summary = Ask("dispatch", "summary", SummariseInvitations, InvitationsSummary)
read_invitations = Ask("dispatch", "read_invitations", ReadInvitations, InvitationFiles)
get_feed = Ask("dispatch", "get_feed", GetFeed, Feed)
read_feed = Ask("dispatch", "read_feed", ReadFeed, Feed)


class InvitationsPrepared(Fact, type="dispatch.invitations.prepared.v1"):
    """The invitations of a release are stored; the subject is the ceremony."""

    release: int
    created: int
    rescheduled: int
    reworded: int
    unchanged: int
    cancelled: int

"""From a file to the guest list: read, laid over with what the office said before, checked or brought in.

Hides which questions a file raises before its rows can be looked at, and those that the rows raise.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from schemas import guest_imports as ask
from schemas.envelope import Ask, Q, R, new_id
from schemas.errors import Refusal
from schemas.guest_imports import Asked, GuestImportOutcome
from services.plan.lists.proposal import Decided, Listing, propose, read_lists

PATIENCE = 120  # seconds: twenty thousand rows


class ListOpen(Refusal):
    """{count} questions about the file must be answered first, such as: {example}. Nothing was changed."""

    status = 409


class ListUnread(Refusal):
    """No list of guests was read from {file}: {reason}. Nothing was changed."""


class Asks(Protocol):
    """Where questions are asked: the bus, or what stands before it."""

    async def ask(self, ask: Ask[Q, R], question: Q, within: float = ...) -> R: ...


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as it was found, and what its rows do, or did; None where it holds no rows."""

    listing: Listing
    outcome: GuestImportOutcome | None

    @property
    def open(self) -> list[Asked]:
        """What must be said before the rows can be brought in."""
        asked = [
            *self.listing.open,
            *(one for row in (self.outcome.rows if self.outcome else ()) for one in row.asked),
        ]
        return [one for one in asked if one.required and one.answer is None]


async def find(bus: Asks, ceremony_id: str, name: str, source: bytes | Path, decided: Decided) -> Listing:
    """The tables of a file, with the meaning that this office gave such columns before."""
    listing = await asyncio.to_thread(read_lists, name, source, decided)
    known: tuple[ask.Layout, ...] = ()
    if listing.heads:
        question = ask.RecallLayouts(ceremony_id=ceremony_id, heads=listing.heads[:200])
        known = (await bus.ask(ask.recall_layouts, question, 10)).layouts
    return await asyncio.to_thread(propose, listing, {layout.heads: layout for layout in known})


async def check(bus: Asks, ceremony_id: str, listing: Listing) -> Brought:
    """What the rows would do; nothing changes."""
    rows = listing.rows[: ask.MOST_ROWS]
    if not rows:
        return Brought(listing, None)
    said = listing.decided
    question = ask.CheckGuestImport(
        ceremony_id=ceremony_id, rows=rows, answers=said.answers, only_here=said.only_here
    )
    return Brought(listing, await bus.ask(ask.check_import, question, PATIENCE))


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms rows are brought in; see CommitGuestImport."""

    request_id: str = ""
    expected_version: int | None = None
    suggested: bool = False
    without_rejected: bool = False


async def commit(bus: Asks, ceremony_id: str, listing: Listing, terms: Terms) -> Brought:
    """All of it or nothing. An encoding is never taken as suggested: whoever knows the file must say it."""
    waiting = [one for one in listing.open if one.required and one.answer is None]
    if terms.suggested:
        waiting = [one for one in waiting if one.key == "encoding"]
    if waiting:
        raise ListOpen(count=len(waiting), example=waiting[0].sentence)
    if not listing.rows:
        reason = listing.problems[0].text() if listing.problems else "—"
        raise ListUnread(file=listing.file, reason=reason)
    said = listing.decided
    command = ask.CommitGuestImport(
        request_id=terms.request_id or new_id(),
        ceremony_id=ceremony_id,
        expected_version=terms.expected_version,
        rows=listing.rows,
        answers=said.answers,
        only_here=said.only_here,
        suggested=terms.suggested,
        without_rejected=terms.without_rejected,
        layouts=listing.layouts,
    )
    return Brought(listing, await bus.ask(ask.commit_import, command, PATIENCE))

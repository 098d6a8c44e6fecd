"""The list: guests in order of precedence with their invitations, or invitations of one kind with their guests."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from schemas import dispatch, guests
from schemas.dispatch import Invitation, ListInvitations, SummariseInvitations
from schemas.guests import Guest, ListGuests
from schemas.paging import Cursor
from schemas.scheduling import Ceremony
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.frame import show
from services.gateway.problems import PlanProblem, language_of, told
from services.kit.bus import Bus

router = APIRouter(include_in_schema=False)
_PAGE, _LOOKED, _MOST = 100, 200, 1000  # guests that are shown, looked through for some of them, asked for
Which = Literal[
    "", "created", "rescheduled", "reworded", "unchanged", "cancelled", "no_address", "problems"
]  # outcomes of the last release, and two more
_MEANT: Mapping[str, Mapping[str, Any]] = {
    "": {},
    "no_address": {"has_address": False},
    "problems": {"has_problems": True},
}


class Wanted(BaseModel):
    """The filters as they stand in the page's address; `after` or `beyond`: where the page before ended."""

    q: str = Field("", max_length=200)
    which: Which = ""
    after: Cursor | None = None
    beyond: str | None = Field(None, max_length=64)

    @property
    def meant(self) -> Mapping[str, Any]:
        return _MEANT.get(self.which, {"outcome": self.which})

    def more(self, path: str, **cursor: str) -> str:
        asked = {"q": self.q, "which": self.which, **cursor}
        return f"{path}?{urlencode({name: value for name, value in asked.items() if value})}"


@dataclass(frozen=True, slots=True)
class Row:
    """A guest with what he was given; `guest` None: not on the list any more."""

    guest_id: str
    guest: Guest | None
    invitations: Sequence[tuple[Invitation, Sequence[PlanProblem]]]


@dataclass(frozen=True, slots=True)
class Found:
    """`more`: the address of the rows that follow; `problems`: what is wrong with all of them."""

    rows: Sequence[Row]
    more: str | None
    problems: Sequence[PlanProblem]


@router.get("/ceremonies/{ceremony}/invitations")
async def invitations_page(
    request: Request, bus: TheBus, ceremony: TheCeremony, wanted: Annotated[Wanted, Query()]
) -> Response:
    listing = _by_kind if wanted.which and not wanted.q else _by_guest
    summary, found = await asyncio.gather(
        bus.ask(dispatch.summary, SummariseInvitations(ceremony_id=ceremony.id)),
        listing(bus, request, ceremony, wanted),
    )
    counts = {str(outcome): count for outcome, count in summary.outcomes.items()}
    counts |= {"no_address": summary.without_address, "problems": summary.with_problems}
    return await show(
        request,
        "invitations/invitations.html",
        block="chunk" if wanted.after or wanted.beyond else "rows",
        here="invitations",
        ceremony=ceremony,
        summary=summary,
        counts=counts,
        found=found,
        wanted=wanted,
        at=request.url.path,
    )


async def _by_guest(bus: Bus, request: Request, ceremony: Ceremony, wanted: Wanted) -> Found:
    """In order of precedence. With a kind besides, of more guests at once: most of them drop out."""
    limit = _LOOKED if wanted.which else _PAGE
    question = ListGuests(ceremony_id=ceremony.id, filter=wanted.q or None, after=wanted.after, limit=limit)
    page = await bus.ask(guests.list_guests, question)
    ids = tuple(guest.id for guest in page.guests)
    asked = ListInvitations(ceremony_id=ceremony.id, guest_ids=ids, limit=_MOST, **wanted.meant)
    given = await bus.ask(dispatch.list_invitations, asked)
    rows = _rows(request, {guest.id: guest for guest in page.guests}, given.invitations)
    kept = [row for row in rows if row.invitations] if wanted.which else rows
    more = wanted.more(request.url.path, after=page.next) if page.next else None
    return Found(kept, more, _told(request, given.problems))


async def _by_kind(bus: Bus, request: Request, ceremony: Ceremony, wanted: Wanted) -> Found:
    """Those too whose guest is no longer on the list."""
    asked = ListInvitations(ceremony_id=ceremony.id, after=wanted.beyond, limit=_PAGE, **wanted.meant)
    given = await bus.ask(dispatch.list_invitations, asked)
    ids = tuple(dict.fromkeys(one.guest_id for one in given.invitations))
    page = await bus.ask(guests.list_guests, ListGuests(ceremony_id=ceremony.id, guest_ids=ids, limit=_MOST))
    known: dict[str, Guest | None] = {guest.id: guest for guest in page.guests}
    rows = _rows(request, known | {one: None for one in ids if one not in known}, given.invitations)
    more = wanted.more(request.url.path, beyond=given.next) if given.next else None
    return Found(rows, more, _told(request, given.problems))


def _rows(request: Request, known: Mapping[str, Guest | None], given: Iterable[Invitation]) -> list[Row]:
    by_guest: dict[str, list[tuple[Invitation, Sequence[PlanProblem]]]] = {}
    for one in given:
        by_guest.setdefault(one.guest_id, []).append((one, _told(request, one.problems)))
    return [Row(guest_id, guest, by_guest.get(guest_id, [])) for guest_id, guest in known.items()]


def _told(request: Request, problems: Iterable[Any]) -> list[PlanProblem]:
    return [told(problem, language_of(request)) for problem in problems]

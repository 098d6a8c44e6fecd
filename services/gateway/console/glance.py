"""How far a ceremony is: what the services say of it in numbers. Hides whom to ask, and who did not answer."""

import asyncio
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel

from schemas import awards, dispatch, guests, program, scheduling
from schemas.awards import AwardsSummary, SummariseAwards
from schemas.dispatch import InvitationsSummary, SummariseInvitations
from schemas.envelope import Ask
from schemas.errors import Refusal
from schemas.guests import GuestsSummary, SummariseGuests
from schemas.program import Documents, ListDocuments
from schemas.scheduling import Ceremony, GetPart, Item
from services.kit.bus import Bus
from services.kit.context import may

Q = TypeVar("Q", bound=BaseModel)
R = TypeVar("R", bound=BaseModel)
PATIENCE = 2.0  # seconds that a page waits for what it can do without


@dataclass(frozen=True, slots=True)
class Glance:
    """The draft as it is now; None: the caller may not know, or nobody answered."""

    ceremony: Ceremony
    items: tuple[Item, ...] | None
    guests: GuestsSummary | None
    awards: AwardsSummary | None
    documents: Documents | None
    invitations: InvitationsSummary | None

    @property
    def ready(self) -> int:
        return self.in_state("ready")

    @property
    def failed(self) -> int:
        return self.in_state("failed")

    def in_state(self, *states: str) -> int:
        return sum(one.state in states for one in self.documents.documents) if self.documents else 0


async def glance(bus: Bus, ceremony: Ceremony, *, whole: bool = True) -> Glance:
    """Not the `whole`: the guests and the documents alone, for a list of many ceremonies."""
    which = ceremony.id
    part, listed, lines, papers, invited = await asyncio.gather(
        said(bus, scheduling.get_part, GetPart(ceremony_id=which), allowed=whole),
        said(bus, guests.summary, SummariseGuests(ceremony_id=which), allowed=may("guests.see", which)),
        said(bus, awards.summary, SummariseAwards(ceremony_id=which), allowed=whole and may("awards.see", which)),
        said(bus, program.list_documents, ListDocuments(ceremony_id=which), allowed=may("documents.see", which)),
        said(
            bus,
            dispatch.summary,
            SummariseInvitations(ceremony_id=which),
            allowed=whole and may("invitations.see", which),
        ),
    )
    return Glance(ceremony, part.items if part else None, listed, lines, papers, invited)


async def said(bus: Bus, ask: Ask[Q, R], question: Q, *, allowed: bool = True) -> R | None:
    """What a page can do without: None where it may not be known, or nobody answers."""
    if not allowed:
        return None
    try:
        return await bus.ask(ask, question, PATIENCE)
    except Refusal:
        return None

"""Every event with its owner and listeners, and every question and command: the table the papers are made from."""

import schemas.accounts_facts
import schemas.audit
import schemas.awards
import schemas.differences
import schemas.dispatch
import schemas.guests
import schemas.house
import schemas.open_points
import schemas.program
import schemas.scheduling
from schemas.envelope import FACTS, Ask, Fact

DRAFT_CHANGES = (
    schemas.scheduling.CeremonyPlanned,
    schemas.scheduling.CeremonyChanged,
    schemas.scheduling.CeremonyMoved,
    schemas.scheduling.RunningOrderChanged,
    schemas.scheduling.PlanImported,
    schemas.guests.GuestsImported,
    schemas.guests.GuestAdded,
    schemas.guests.GuestChanged,
    schemas.guests.GuestRemoved,
    schemas.awards.AwardsImported,
    schemas.awards.AwardsChanged,
)

# Who reacts to what. An event that nobody hears is still the audit trail.
LISTENERS: dict[str, tuple[type[Fact], ...]] = {
    "program": (*DRAFT_CHANGES, schemas.scheduling.CeremonyReleased),
    "dispatch": (schemas.scheduling.CeremonyReleased,),
}


def facts() -> dict[str, type[Fact]]:
    """Every event type and its model."""
    return dict(sorted(FACTS.items()))


def asks() -> dict[str, Ask]:  # type: ignore[type-arg]  # the table holds questions of every shape
    """Every subject and what is asked there."""
    return dict(sorted(Ask.known.items()))


def listeners(fact: type[Fact]) -> list[str]:
    return sorted(name for name, heard in LISTENERS.items() if fact in heard)

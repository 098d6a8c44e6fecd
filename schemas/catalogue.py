"""Every event with its owner and listeners, and every question and command: the table the papers are made from."""

from pydantic import BaseModel

import schemas.accounts
import schemas.accounts_facts
import schemas.answers
import schemas.audit
import schemas.awards
import schemas.differences
import schemas.dispatch
import schemas.duplicates
import schemas.guest_imports
import schemas.guests
import schemas.halls.asked
import schemas.house
import schemas.open_points
import schemas.precedence
import schemas.privacy
import schemas.program
import schemas.scheduling
import schemas.seating
import schemas.stand_ins
import schemas.traces
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
    schemas.answers.AnswersGiven,
    schemas.answers.CountsChanged,
    schemas.answers.GuestsChanged,
    schemas.stand_ins.StandInAgreed,
    schemas.stand_ins.StandInWithdrawn,
    schemas.duplicates.PeopleMerged,
    schemas.duplicates.PeopleParted,
    schemas.seating.SeatingChanged,
    schemas.precedence.GuestPlaced,
    schemas.precedence.GuestReturned,
    schemas.precedence.ListReranked,
    schemas.awards.AwardsImported,
    schemas.awards.AwardsChanged,
)

# Who reacts to what. An event that nobody hears is still the audit trail.
LISTENERS: dict[str, tuple[type[Fact], ...]] = {
    "program": (
        *DRAFT_CHANGES,
        schemas.scheduling.CeremonyReleased,
        schemas.privacy.PapersExpired,
        schemas.traces.GuestErased,
        schemas.traces.SchedulingForgot,
        schemas.traces.AwardsForgot,
    ),
    "guests": (
        schemas.scheduling.CeremonyPlanned,
        schemas.scheduling.CeremonyChanged,
        schemas.scheduling.CeremonyMoved,
        schemas.stand_ins.StandInAgreed,
        schemas.stand_ins.StandInWithdrawn,
        *schemas.traces.Forgotten.of_service.values(),
        schemas.duplicates.PeopleMerged,
        schemas.duplicates.PeopleParted,
    ),
    "dispatch": (
        schemas.scheduling.CeremonyReleased,
        schemas.privacy.ContactsExpired,
        schemas.traces.GuestErased,
    ),
    "scheduling": (schemas.traces.GuestErased,),
    "awards": (schemas.traces.GuestErased,),
}


def facts() -> dict[str, type[Fact]]:
    """Every event type of the house and its model; tests may know further ones."""
    return {name: fact for name, fact in sorted(FACTS.items()) if _ours(fact)}


def asks() -> dict[str, Ask]:  # type: ignore[type-arg]  # the table holds questions of every shape
    """Every subject and what is asked there."""
    return {subject: ask for subject, ask in sorted(Ask.known.items()) if _ours(ask.request)}


def _ours(model: type[BaseModel]) -> bool:
    return model.__module__.startswith("schemas.")


def listeners(fact: type[Fact]) -> list[str]:
    return sorted(name for name, heard in LISTENERS.items() if fact in heard)

"""Entries as people read them: with names for ids, sentences for types, and rows from what to what."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from schemas import accounts, scheduling
from schemas.envelope import Question
from schemas.errors import Refusal
from schemas.house import HistoryEntry
from schemas.scheduling import Ceremony, CeremonyFields, FindCeremony
from services.gateway.console.fields import Fields, profile_of
from services.gateway.console.history.changes import Changes, changes
from services.gateway.console.history.sentences import Told, sentence, who
from services.gateway.console.wording import Wording
from services.kit.bus import Bus

_ROWS = 6  # of one entry in a list; the rest is asked for
_PATIENCE = 2.0  # seconds
_THINGS = ("guest_id", "key_id")
# Events of which what they were from and to is always kept: where it is not there, it was erased.
_KEPT = (
    "scheduling.ceremony.changed.",
    "scheduling.ceremony.moved.",
    "scheduling.running_order.",
    "scheduling.plan.",
    "guests.",
    "awards.",
    "accounts.user.changed.",
    "accounts.user.invited.",
    "accounts.office.",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """`thing`: the guest or award line that it is about, if it is only one."""

    entry: HistoryEntry
    who: str
    what: str
    ceremony: Ceremony | None
    changes: Changes

    @property
    def erased(self) -> bool:
        return self.entry.values == "none" and self.entry.type.startswith(_KEPT)

    @property
    def at(self) -> datetime:
        """By the clocks where the ceremony is held."""
        zone = self.ceremony.timezone if self.ceremony else CeremonyFields.model_fields["timezone"].default
        return self.entry.at.astimezone(ZoneInfo(zone))

    @property
    def day(self) -> date:
        return self.at.date()

    @property
    def thing(self) -> str | None:
        data = self.entry.data
        return next((str(data[name]) for name in _THINGS if data.get(name)), None)


@dataclass(frozen=True, slots=True)
class Known:
    """What ids stand for: people of the office, ceremonies."""

    names: Mapping[str, str]
    ceremonies: Mapping[str, Ceremony]

    def shown(self, entry: HistoryEntry, words: Wording, most: int = _ROWS) -> Shown:
        ceremony = self.ceremonies.get(entry.subject)
        told = Told(entry, self.names, Fields(words, profile_of(ceremony) if ceremony else None))
        return Shown(entry, who(told), sentence(told), ceremony, changes(entry, told.fields).cut(most))


async def known_to(bus: Bus, entries: Iterable[HistoryEntry], ceremony: Ceremony | None = None) -> Known:
    """What is needed to tell of these entries; a ceremony that is at hand is not asked for."""
    at_hand = {ceremony.id: ceremony} if ceremony else {}
    others = {one.subject for one in entries if one.service != "accounts"} - at_hand.keys()
    names, found = await asyncio.gather(names_of(bus), asyncio.gather(*(_ceremony(bus, one) for one in others)))
    return Known(names, at_hand | {one.id: one for one in found if one})


async def names_of(bus: Bus) -> Mapping[str, str]:
    """Of the office's people, by id."""
    try:
        return (await bus.ask(accounts.list_names, Question(), _PATIENCE)).names
    except Refusal:
        return {}


async def _ceremony(bus: Bus, which: str) -> Ceremony | None:
    try:
        return await bus.ask(scheduling.find_ceremony, FindCeremony(which=which), _PATIENCE)
    except Refusal:
        return None

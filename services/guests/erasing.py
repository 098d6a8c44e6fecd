"""All that is held of a person, shown; and erased, here and then by every service.

Guests erases its own share and tells of it by ids alone; the others ask for the words that name the person, erase
theirs and tell that they have. Only then are the words forgotten too: what is pending can be finished after a crash.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import schemas.privacy as ask
from schemas import dispatch, scheduling
from schemas.dispatch import ListInvitations
from schemas.envelope import Ask, Event, Fact
from schemas.errors import Refusal, Unavailable
from schemas.house import SERVICES
from schemas.privacy import ErasePerson, Erasures, HeldOf, HeldOfGuest, HeldReport
from schemas.rights import require
from schemas.traces import Forgotten, GetTraces, GuestErased, Holding, Traced, get_traces, holding
from services.guests import several, store
from services.guests.keeping import KeepingTime
from services.guests.merging import forget_found
from services.guests.model.matching import called
from services.guests.present import present
from services.guests.store import erasing as sql
from services.kit import traces
from services.kit.context import caller, ceremonies_where, may
from services.kit.service import Question_, Reaction, Talk
from services.kit.store import Connection, Tx
from services.lang import clean_block

_LONG = 30  # seconds: a service looks through all its tables
_HOLDERS = tuple(name for name in SERVICES if name != "accounts")  # accounts holds users of the house, no guests


class StillInvited(Refusal):
    """“{who}” was given an invitation that was never cancelled, and once erased nobody can cancel it. Remove the
    guest and release, so that the cancellation goes out, and erase then; or say that all is erased even so.
    """

    status = 409


class Erasing(KeepingTime):
    """The conversations of guests with the others about one person's data."""

    def people_talks(self) -> dict[Ask[Any, Any], Talk]:
        return {
            ask.held: self.held,
            ask.erase_person: self.erase_person,
            ask.get_retention: self.get_retention,
            ask.list_retentions: self.list_retentions,
        }

    def people_reactions(self) -> Mapping[type[Fact], Reaction]:
        return dict.fromkeys(Forgotten.of_service.values(), self.forgotten)

    async def held(self, question: HeldOf) -> HeldReport:
        found = await self.read(_guests_of, question.ceremony_id, question.guest_id, "people.held")
        told = [await self._held_of(guest_id, ceremony_id) for guest_id, ceremony_id in found.items()]
        return HeldReport(guests=tuple(told))

    async def _held_of(self, guest_id: str, ceremony_id: str) -> HeldOfGuest:
        what, shared, who = await self.read(_traced, ceremony_id, guest_id)
        others = [name for name in _HOLDERS if name != self.name]
        answers = await asyncio.gather(*(self._from(name, what) for name in others))
        own = await self.read(self.holds, what)
        things = [thing for answer in (own, *answers) if answer for thing in answer.things]
        silent = [name for name, answer in zip(others, answers, strict=True) if answer is None]
        invited = "dispatch" not in silent and await self._is_invited(ceremony_id, guest_id)
        return HeldOfGuest(
            ceremony_id=ceremony_id,
            guest_id=guest_id,
            called=who,
            shared_words=shared,
            invited=invited,
            things=tuple(things),
            silent=tuple(silent),
        )

    async def _from(self, service: str, what: Traced) -> Holding | None:
        """None: it does not answer."""
        try:
            return await self.ask(holding[service], what, _LONG)
        except Unavailable:
            return None

    async def _is_invited(self, ceremony_id: str, guest_id: str) -> bool:
        ceremony = await self.ask(scheduling.find_ceremony, scheduling.FindCeremony(which=ceremony_id))
        if ceremony.on and ceremony.on < self.store.clock().date():
            return False
        question = ListInvitations(ceremony_id=ceremony_id, guest_ids=(guest_id,))
        sent = (await self.ask(dispatch.list_invitations, question)).invitations
        return any(one.method and one.status != "CANCELLED" for one in sent)

    async def erase_person(self, command: ErasePerson) -> Any:
        found = await self.read(_guests_of, command.ceremony_id, command.guest_id, "people.erase")
        for guest_id, ceremony_id in found.items():
            if not command.invited_too and await self._is_invited(ceremony_id, guest_id):
                _, _, who = await self.read(_traced, ceremony_id, guest_id)
                raise StillInvited(who=who or guest_id)
        done = await self._command(ask.erase_person, self._erase_all)(command)
        await self.store.hop(self.store.cut_log)
        for ceremony_id in {*found.values()}:
            await self.read(present, caller().office, ceremony_id)  # what is known of the list in memory goes too
            forget_found(ceremony_id)
        return done

    def _erase_all(self, tx: Tx, command: ErasePerson) -> Erasures:
        found = _guests_of(tx.conn, command.ceremony_id, command.guest_id, "people.erase")
        told = [(guest_id, sql.traced(tx.conn, ceremony_id, guest_id)[0]) for guest_id, ceremony_id in found.items()]
        begun = [self._erase_one(tx, guest_id, what, command.reason) for guest_id, what in told]
        return Erasures(erasures=tuple(sql.erasures(tx.conn, tx.caller.office, None, begun, len(begun))))

    def _erase_one(self, tx: Tx, guest_id: str, what: Traced, reason: str) -> str:
        """Where somebody comes for somebody, that is to be taken back first: or half of it would be left."""
        head = store.for_change(tx, what.ceremony_id, None)
        for one in store.guests_by_id(tx.conn, [guest_id]).values():
            several.removable(tx, what.ceremony_id)(one)
        store.remove(tx, [guest_id])
        others = store.guests(tx.conn, what.ceremony_id)
        self.erase(tx, what)
        version = several.next_version(tx, what.ceremony_id, head)
        left = store.guests(tx.conn, what.ceremony_id).items()
        reworded = [one.model_copy(update={"version": one.version + 1}) for key, one in left if one != others[key]]
        store.put(tx, what.ceremony_id, reworded, version)
        said = str(traces.Trace(what).without(clean_block(reason)))
        erasure = sql.begin(tx, what, said)
        tx.emit(GuestErased(guest_id=guest_id, erasure=erasure, version=version), what.ceremony_id)
        return erasure

    async def forgotten(self, event: Event, fact: Forgotten) -> None:
        """A service has done its share; after the last one the words are forgotten, and the log that held them."""
        if await self.react(event, sql.mark_done, fact.erasure, fact.owner()):
            await self.store.hop(self.store.cut_log)

    def erase(self, tx: Tx, traced: Traced) -> int:
        """Not the words of an erasure under way: the others still need them."""
        return traces.erase(tx.conn, traced, but=("erasure",))

    def holds(self, conn: Connection, traced: Traced) -> Holding:
        """Who was erased is no trace of him."""
        found = super().holds(conn, traced)
        return Holding(things=tuple(one for one in found.things if one.place != "guests.erasure"))


def _guests_of(conn: Connection, ceremony_id: str, guest_id: str, action: str) -> Mapping[str, str]:
    """The ceremony of each guest who is this person, where the caller may."""
    require(caller(), action, ceremony_id)
    sql.expect_known(conn, caller().office, ceremony_id, guest_id)
    found = sql.same_person(conn, caller().office, ceremony_id, guest_id)
    return {key: where for key, where in found.items() if may(action, where)}


def _traced(conn: Connection, ceremony_id: str, guest_id: str) -> tuple[Traced, bool, str | None]:
    """With how he is called while he is on the list."""
    what, shared = sql.traced(conn, ceremony_id, guest_id)
    one = store.guests_by_id(conn, [guest_id]).get(guest_id)
    return what, shared, called(one) if one else None


def traces_of(conn: Connection, question: GetTraces) -> Traced:
    return sql.traces_of(conn, caller().office, question.erasure)


def list_erasures(conn: Connection, question: ask.ListErasures) -> Erasures:
    among = ceremonies_where("people.held")
    if question.ceremony_id is not None:
        require(caller(), "people.held", question.ceremony_id)
        among = frozenset({question.ceremony_id})
    return Erasures(erasures=tuple(sql.erasures(conn, caller().office, among, None, question.limit)))


QUESTIONS: Mapping[Ask[Any, Any], Question_] = {get_traces: traces_of, ask.list_erasures: list_erasures}

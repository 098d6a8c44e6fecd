"""Guests: who comes to a ceremony, in which order, and how they are called. Commands and questions, on one screen."""

from collections.abc import Mapping
from typing import Any, ClassVar

import schemas.duplicates as same
import schemas.guest_imports as bring
import schemas.guests as ask
import schemas.halls.asked as hall
import schemas.seating as seat
import schemas.stand_ins as stand
from schemas import accounts, answers, precedence, privacy, scheduling
from schemas.differences import compare_guests
from schemas.envelope import Ask, Event, Fact, Question, Versioned, new_id
from schemas.errors import Refusal
from schemas.parts import CommitPart, DropPart, FreezePart, Frozen, PartCommitted
from services.guests import (
    answering,
    bringing,
    courtesies,
    erasing,
    explaining,
    halls,
    importing,
    merging,
    questions,
    ranking,
    seating,
    seats_asked,
    several,
    store,
)
from services.guests.erasing import Erasing
from services.guests.keeping import keep_for
from services.guests.merging import Merging
from services.guests.model import lists
from services.guests.model.lists import Kept
from services.guests.present import present
from services.guests.store import Listing
from services.guests.store.keeping import release_made
from services.guests.store.seats import freeze_seats
from services.kit.context import caller
from services.kit.service import Command_, Service
from services.kit.store import Connection, Tx
from services.kit.tidy import tidied

_OF_ANSWERS: Mapping[Ask[Any, Any], Command_] = {
    answers.give_answers: answering.give_answers,
    answers.check_in: answering.check_in,
    answers.arrange: answering.arrange,
    answers.keep_count: answering.keep_count,
    answers.choose_count: answering.choose_count,
    answers.drop_count: answering.drop_count,
    answers.change_guests: several.change_guests,
    answers.remove_guests: several.remove_guests,
    same.tell_apart: merging.tell_apart,
}
_OF_SEATS: Mapping[Ask[Any, Any], Command_] = {
    seat.fill_seats: seating.fill_seats,
    seat.put_guest: seating.put_guest,
    seat.clear_seats: seating.clear_seats,
    seat.fix_seats: seating.fix_seats,
    seat.reseat: seating.reseat,
    seat.take_back_seats: seating.take_back,
}
_SOON = 1  # seconds: a name that comes later than that is left out


class SeatFromSeating(Refusal):
    """The seat of this guest comes from the seating, which gives “{seat}”. Move the guest there."""

    status = 409


class Guests(Merging, Erasing):
    name = "guests"
    seen_with = "guests.see"
    secrets: ClassVar[Mapping[str, str]] = {
        **Service.secrets,
        "original": "guests.contact",
        **dict.fromkeys(("needs", "contact", "arrival", "history"), "guests.needs"),
    }

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.commands = {
            ask.stage: stage,
            ask.commit: commit,
            ask.drop: drop,
            ask.freeze: freeze,
            ask.change_guest: change_guest,
            ask.remove_guest: remove_guest,
            **_OF_ANSWERS,
            hall.draw_hall: halls.draw_hall,
            hall.remove_hall: halls.remove_hall,
            **_OF_SEATS,
            **ranking.COMMANDS,
            privacy.keep_for: keep_for,
        }
        self.questions = {
            ask.check: check,
            ask.get_part: questions.get_part,
            ask.list_guests: questions.list_guests,
            ask.get_guest: questions.get_guest,
            ask.search: questions.search,
            ask.summary: questions.summary,
            bring.recall_layouts: bringing.recall,
            same.list_duplicates: merging.list_duplicates,
            compare_guests: questions.compare_release,
            answers.get_answer: answering.get_answer,
            hall.list_halls: halls.list_halls,
            hall.get_hall: halls.get_hall,
            hall.check_hall: halls.check_hall,
            seat.get_seating: seats_asked.get_seating,
            seat.list_seats: seats_asked.list_seats,
            seat.list_placed: seats_asked.list_placed,
            seat.preview_fill: seating.preview_fill,
            seat.preview_reseat: seating.preview_reseat,
            seat.compare_cards: seats_asked.compare_cards,
            seat.draw_plan: seats_asked.draw_plan,
            seat.list_by_door: seats_asked.list_by_door,
            **explaining.QUESTIONS,
            **erasing.QUESTIONS,
        }
        self.talks = {
            ask.add_guest: self.add_guest,
            seat.use_halls: self.use_halls,
            stand.preview_stand_in: self.preview_stand_in,
            stand.stand_in: self.stand_in,
            stand.withdraw_stand_in: self.withdraw_stand_in,
            **self.of_two(),
            precedence.explain: self.explain_order,
            precedence.courtesies: self.courtesies,
            bring.check_import: self.check_import,
            bring.commit_import: self.commit_import,
            **self.people_talks(),
        }
        self.reactions = {
            **dict.fromkeys(ranking.FOLLOWED, self.follow),
            **self.duties_follow(),
            **self.people_reactions(),
        }

    async def add_guest(self, command: ask.AddGuest) -> Any:
        """Before the first guest the list is opened."""
        await self._open_list(command.ceremony_id)
        return await self._command(ask.add_guest, add_guest)(command)

    async def use_halls(self, command: seat.UseHalls) -> Any:
        """A hall may be chosen before anybody is invited."""
        await self._open_list(command.ceremony_id)
        return await self._command(seat.use_halls, seating.use_halls)(command)

    async def stand_in(self, command: stand.StandIn) -> stand.StoodIn:
        return await self._settled(command.ceremony_id, await super().stand_in(command))

    async def withdraw_stand_in(self, command: stand.WithdrawStandIn) -> stand.StoodIn:
        return await self._settled(command.ceremony_id, await super().withdraw_stand_in(command))

    async def _settled(self, ceremony_id: str, done: stand.StoodIn) -> stand.StoodIn:
        """Both have the seats that are theirs now; asked for again it changes nothing."""
        await self.change(seating.settle, ceremony_id, (done.guest_id, done.stand_in_id))
        return done

    async def check_import(self, question: bring.CheckGuestImport) -> bring.GuestImportOutcome:
        head = await self._head(question.ceremony_id)
        return await self.read(bringing.check, question, head)

    async def commit_import(self, command: bring.CommitGuestImport) -> Any:
        await self._open_list(command.ceremony_id)
        return await self._command(bring.commit_import, bringing.commit)(command)

    async def _open_list(self, ceremony_id: str) -> None:
        if (head := await self._head(ceremony_id)).version == 0:
            await self.change(open_list, ceremony_id, head)

    async def _head(self, ceremony_id: str) -> Listing:
        """Of a list that there is not yet: what ceremony this is, and whose rules it follows, scheduling knows."""
        if head := await self.read(store.listing, caller().office, ceremony_id):
            return head
        found = await self.ask(scheduling.find_ceremony, scheduling.FindCeremony(which=ceremony_id))
        return Listing(0, found.profile, found.on)

    async def explain_order(self, question: precedence.ExplainOrder) -> precedence.Positions:
        """With the names of those who placed somebody by hand, if accounts is there to tell them."""
        found = await self.read(explaining.explain, question)
        if not any(one.by_hand and one.by_hand.by for one in found.positions):
            return found
        try:
            names = (await self.ask(accounts.list_names, Question(), _SOON)).names
        except Refusal:
            return found
        return explaining.with_names(found, names)

    async def courtesies(self, question: precedence.GetCourtesies) -> precedence.Courtesies:
        """Who speaks stands in the running order."""
        part = await self.ask(scheduling.get_part, scheduling.GetPart(ceremony_id=question.ceremony_id))
        return await self.read(courtesies.courtesies, part)

    async def follow(self, event: Event, _fact: Fact) -> None:
        """Another day or profile has other rules; what holds is asked, whatever the event said."""
        found = await self.ask(scheduling.find_ceremony, scheduling.FindCeremony(which=event.subject))
        await self.react(event, ranking.follow, found)


# Importing and releasing: our share of scheduling's sagas.


def check(conn: Connection, question: ask.CheckGuests) -> ask.StagedGuests:
    return importing.prepare(conn, caller().office, question)[0]


def stage(tx: Tx, command: ask.StageGuests) -> ask.StagedGuests:
    answer, prepared = importing.prepare(tx.conn, tx.caller.office, command)
    if prepared:
        store.parts.stage(tx, command.saga, command.ceremony_id, prepared.model_dump_json())
    return answer


def commit(tx: Tx, command: CommitPart) -> PartCommitted:
    return store.parts.commit(tx, command, lambda body: importing.apply(tx, command.ceremony_id, body))


def drop(tx: Tx, command: DropPart) -> PartCommitted:
    ceremony_id = store.parts.drop(tx, command.saga)
    part = present(tx.conn, tx.caller.office, ceremony_id).part
    return PartCommitted(version=part.version, hash=part.hash)


def freeze(tx: Tx, command: FreezePart) -> Frozen:
    def now() -> tuple[ask.GuestsPart, Frozen]:
        head = present(tx.conn, tx.caller.office, command.ceremony_id).head
        store.save_listing(tx, command.ceremony_id, head._replace(profile=command.profile, on=command.on))
        part = present(tx.conn, tx.caller.office, command.ceremony_id).part
        freeze_seats(tx, command.ceremony_id, command.release)
        release_made(tx, command.ceremony_id)
        return part.model_copy(update={"release": command.release}), Frozen(version=part.version, hash=part.hash)

    return store.parts.freeze(tx, command.ceremony_id, command.release, now)


# Commands on single guests: each in one transaction.


def open_list(tx: Tx, ceremony_id: str, head: Listing) -> None:
    if store.listing(tx.conn, tx.caller.office, ceremony_id) is None:
        store.save_listing(tx, ceremony_id, head)


def add_guest(tx: Tx, command: ask.AddGuest) -> Versioned:
    fields = tidied(command.guest, "guest")
    head = store.for_change(tx, command.ceremony_id, command.expected_version)
    lists.check_guest(fields, store.codes(tx.conn, command.ceremony_id).values())
    new = lists.kept(fields, new_id(), None)
    version = store.put_one(tx, command.ceremony_id, head, new)
    tx.emit(ask.GuestAdded(guest_id=new.id, version=version), command.ceremony_id, after=new.model_dump(mode="json"))
    return Versioned(id=new.id, version=new.version)


def change_guest(tx: Tx, command: ask.ChangeGuest) -> Versioned:
    fields = tidied(command.guest, "guest")
    ceremony_id = command.ceremony_id
    store.expect(tx.conn, tx.caller.office, ceremony_id, command.guest_id)
    old = store.guest_for_change(tx, command.guest_id, command.expected_version)
    codes = store.codes(tx.conn, ceremony_id)
    codes.pop(old.id, None)
    lists.check_guest(fields, codes.values())
    new = lists.kept(_seat_as_typed(tx, ceremony_id, fields, old), old.id, old)
    if new == old:
        return Versioned(id=old.id, version=old.version)
    version = store.put_one(tx, ceremony_id, store.for_change(tx, ceremony_id, None), new)
    fact = ask.GuestChanged(guest_id=new.id, version=version)
    tx.emit(fact, ceremony_id, before=old.model_dump(mode="json"), after=new.model_dump(mode="json"))
    return Versioned(id=new.id, version=new.version)


def _seat_as_typed(tx: Tx, ceremony_id: str, fields: ask.GuestFields, old: Kept) -> ask.GuestFields:
    """The seating's word is not taken for what somebody typed; and nothing typed is taken for the seating."""
    given = present(tx.conn, tx.caller.office, ceremony_id).kept[old.id].seat
    if given == old.seat:
        return fields
    if fields.seat not in {given, old.seat}:
        raise SeatFromSeating(seat=given)
    return fields.model_copy(update={"seat": old.seat})


def remove_guest(tx: Tx, command: ask.RemoveGuest) -> Versioned:
    ceremony_id = command.ceremony_id
    store.expect(tx.conn, tx.caller.office, ceremony_id, command.guest_id)
    old = store.guest_for_change(tx, command.guest_id, command.expected_version)
    several.removable(tx, ceremony_id)(old)
    head = store.for_change(tx, ceremony_id, None)
    store.remove(tx, [old.id])
    store.save_listing(tx, ceremony_id, head._replace(version=head.version + 1))
    fact = ask.GuestRemoved(guest_id=old.id, version=head.version + 1)
    tx.emit(fact, ceremony_id, before=old.model_dump(mode="json"))
    return Versioned(id=old.id, version=old.version + 1)

"""Dispatch: who gets which invitation after a release, and the calendars to subscribe to. On one screen."""

import secrets
import time
from base64 import b64encode
from typing import Any
from uuid import uuid4

import schemas.dispatch as ask
from schemas import guests, scheduling
from schemas.envelope import Event
from schemas.guests import GuestsPart
from schemas.privacy import ContactsExpired
from schemas.scheduling import CeremonyReleased, SchedulingPart
from schemas.traces import GuestErased, Holding, Thing, Traced
from services.dispatch import store
from services.dispatch.model.feed import feed_bytes, next_entries
from services.dispatch.model.release import Prepared, prepare
from services.dispatch.store import Done
from services.dispatch.words import words_for
from services.kit.context import caller, may
from services.kit.service import Service
from services.kit.store import Connection, Tx

_LONG = 30  # seconds for the part of ten thousand guests
_HELD_BACK = {"address": "…"}
_MOST = 4 * 1024 * 1024  # bytes of calendar objects in one answer: the bus carries 8 MB


class Dispatch(Service):
    name = "dispatch"
    seen_with = "invitations.see"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.questions = {
            ask.list_invitations: list_invitations,
            ask.summary: summary,
            ask.read_invitations: read_invitations,
            ask.get_feed: get_feed,
            ask.read_feed: read_feed,
        }
        self.reactions = {
            CeremonyReleased: self.released,
            GuestErased: self.forget,
            ContactsExpired: self.expired,
        }
        self.numbers |= dict.fromkeys(("invitations_prepared_total", "invitations_prepare_seconds_total"), 0)

    async def released(self, event: Event, fact: CeremonyReleased) -> None:
        """Compare the release with what each guest was last given. A release older than the last one does nothing."""
        if (await self.read(store.done, event.office, event.subject)).release >= fact.release:
            return
        plan = scheduling.GetPart(ceremony_id=event.subject, release=fact.release)
        listed = guests.GetGuests(ceremony_id=event.subject, release=fact.release)
        part = await self.ask(scheduling.get_part, plan, _LONG)
        people = await self.ask(guests.get_part, listed, _LONG)
        begun = time.perf_counter()
        prepared = await self.react(event, prepare_release, fact.release, part, people)
        self.numbers["invitations_prepared_total"] += prepared or 0
        self.numbers["invitations_prepare_seconds_total"] += time.perf_counter() - begun

    def holds(self, conn: Connection, traced: Traced) -> Holding:
        """With the calendar objects themselves."""
        given = store.messages_of(conn, traced.ceremony_id, traced.guest_id)
        files = tuple(Thing(place="dispatch.message", data=_said(row)) for row in given)
        return Holding(things=(*super().holds(conn, traced).things, *files))

    def erase(self, tx: Tx, traced: Traced) -> int:
        return store.erase_of(tx, traced.ceremony_id, traced.guest_id) + super().erase(tx, traced)

    async def expired(self, event: Event, _fact: ContactsExpired) -> None:
        """Contact data have had their time: every calendar object holds an address or a name."""
        await self.react(event, store.erase_of, event.subject, None)
        await self.store.hop(self.store.cut_log)


def _said(row: Any) -> dict[str, Any]:
    return {"recipient": row.recipient, "sequence": row.sequence, "text": row.body.decode()}


def prepare_release(tx: Tx, release: int, part: SchedulingPart, people: GuestsPart) -> int:
    """How many calendar objects the release called for."""
    ceremony_id = part.ceremony.id
    if store.done(tx.conn, tx.caller.office, ceremony_id).release >= release:
        return 0
    before, words = store.standing(tx.conn, ceremony_id), words_for(part.ceremony)
    found = prepare(part, people, words, before, tx.now, new_uid=_new_uid)
    store.save_done(tx, ceremony_id, Done(release, found.problems))
    store.save(tx, ceremony_id, release, found.changes)
    entries = next_entries(part, words, store.feed_entries(tx.conn, ceremony_id), tx.now, new_uid=_new_uid)
    body = feed_bytes(part.ceremony, words, entries)
    store.save_feed(tx, ceremony_id, body, entries, new_token=secrets.token_urlsafe(32))
    tx.emit(_told(release, found), ceremony_id)
    return len(found.changes)


def _new_uid() -> str:
    """Random: it is also the key to the answer, and must tell nothing of the guest (RFC 7986 section 5.3)."""
    return str(uuid4())


def _told(release: int, found: Prepared) -> ask.InvitationsPrepared:
    counts = found.counts()
    return ask.InvitationsPrepared(
        release=release,
        created=counts["created"],
        rescheduled=counts["rescheduled"],
        reworded=counts["reworded"],
        unchanged=counts["unchanged"],
        cancelled=counts["cancelled"],
    )


# Questions.


def list_invitations(conn: Connection, question: ask.ListInvitations) -> ask.Invitations:
    done = store.done(conn, caller().office, question.ceremony_id)
    page = store.invitations(conn, question, done.release)
    told = tuple(store.as_told(row, done.release) for row in page.rows)
    return ask.Invitations(
        invitations=told if may("guests.contact", question.ceremony_id) else tuple(map(_without_address, told)),
        release=done.release,
        problems=done.problems,
        next=page.next,
    )


def _without_address(one: ask.Invitation) -> ask.Invitation:
    """What is wrong with an address can be told without it."""
    told = (each.model_copy(update={"params": each.params | _HELD_BACK}) for each in one.problems)
    return one.model_copy(update={"problems": tuple(told)})


def summary(conn: Connection, question: ask.SummariseInvitations) -> ask.InvitationsSummary:
    done = store.done(conn, caller().office, question.ceremony_id)
    return store.summary(conn, question.ceremony_id, done.release)


def read_invitations(conn: Connection, question: ask.ReadInvitations) -> ask.InvitationFiles:
    done = store.done(conn, caller().office, question.ceremony_id)
    page = store.messages(
        conn, question.ceremony_id, done.release, question.after, question.limit, guest_id=question.guest_id
    )
    files, size = list[ask.InvitationFile](), 0
    for row in page.rows:
        size += len(row.body)
        if files and size > _MOST and row.guest_id != files[-1].guest_id:
            return ask.InvitationFiles(files=tuple(files), next=files[-1].guest_id)
        files.append(_file(row))
    return ask.InvitationFiles(files=tuple(files), next=page.next)


def _file(row: Any) -> ask.InvitationFile:
    encoded = b64encode(row.body).decode()
    return ask.InvitationFile(guest_id=row.guest_id, file_name=row.file_name, base64=encoded)


def get_feed(conn: Connection, question: ask.GetFeed) -> ask.Feed:
    return store.feed_of(conn, caller().office, question.ceremony_id)


def read_feed(conn: Connection, question: ask.ReadFeed) -> ask.Feed:
    return store.feed_behind(conn, question.token)

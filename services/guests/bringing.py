"""Bringing somebody's list into the present one: checked, done in one step, undone while nothing else changed."""

import hashlib
import json
from collections.abc import Iterator
from typing import NamedTuple

from schemas import guest_imports as ask
from schemas.envelope import new_id
from schemas.errors import Refusal, StaleVersion
from schemas.guests import GuestsImported
from schemas.protocol import profile_for
from services.guests import store
from services.guests.importing import said
from services.guests.model.bringing import Bringing, Brought, Settings
from services.guests.model.incoming import Reader
from services.guests.model.lists import Kept
from services.guests.present import present
from services.guests.store import Listing
from services.kit.context import caller, may
from services.kit.store import Connection, Tx


class ImportOpen(Refusal):
    """{count} rows are still open: say of each whether it is somebody on the list. Nothing was changed."""

    status = 409


class ImportRejected(Refusal):
    """{count} rows cannot be taken over. Correct them, or import the others without them. Nothing was changed."""


class NothingToUndo(Refusal):
    """The last change of this list was no import that could be undone. Look at the history."""

    status = 409


def check(conn: Connection, question: ask.CheckGuestImport, head: Listing) -> ask.GuestImportOutcome:
    settings = Settings(with_contacts=may("guests.contact", question.ceremony_id))
    now = _kept(conn, question.ceremony_id)
    bringing, brought = _bring(question, now, head, settings)
    return _outcome(bringing, brought, question, head.version)


def commit(tx: Tx, command: ask.CommitGuestImport) -> ask.GuestImportOutcome:
    head = store.for_change(tx, command.ceremony_id, command.expected_version)
    old = _kept(tx.conn, command.ceremony_id)
    settings = Settings(suggested=command.suggested, with_contacts=may("guests.contact", command.ceremony_id))
    bringing, brought = _bring(command, old, head, settings)
    counts = brought.counts
    if counts["asked"]:
        raise ImportOpen(count=counts["asked"])
    if counts["rejected"] and not command.without_rejected:
        raise ImportRejected(count=counts["rejected"])
    gone = brought.only_here if command.only_here == "removed" else []
    version = _apply(tx, command.ceremony_id, head, _Change(old, brought.come, gone))
    store.remember_layouts(tx, {_hash(one.heads): json.dumps(one.fields) for one in command.layouts})
    outcome = _outcome(bringing, brought, command, version)
    return outcome.model_copy(update={"committed": True})


def _bring(asked: ask.Rows, old: dict[str, Kept], head: Listing, settings: Settings) -> tuple[Bringing, Brought]:
    profile = profile_for(head.profile, head.on)
    reader = Reader(profile, asked.answers)
    fresh: Iterator[str] = iter(new_id, None)
    bringing = Bringing(old, profile, asked.answers, fresh, settings)
    return bringing, bringing.bring([reader.read(row) for row in asked.rows])


def _kept(conn: Connection, ceremony_id: str) -> dict[str, Kept]:
    return dict(present(conn, caller().office, ceremony_id).written)


class _Change(NamedTuple):
    """What becomes of a list: who comes, new or otherwise than before, and who goes."""

    old: dict[str, Kept]
    come: list[Kept]
    gone: list[str]


def _apply(tx: Tx, ceremony_id: str, head: Listing, change: _Change) -> int:
    """Write what is otherwise; one version and one event for all of it, none where nothing changes."""
    old, come, gone = change
    if not come and not gone:
        return head.version
    version = head.version + 1
    store.remove(tx, gone)
    store.put(tx, ceremony_id, come, version)
    store.save_listing(tx, ceremony_id, head._replace(version=version))
    created = sum(guest.id not in old for guest in come)
    fact = GuestsImported(
        version=version,
        created=created,
        updated=len(come) - created,
        removed=len(gone),
        count=len(old) + created - len(gone),
    )
    before = {guest_id: old[guest_id] for guest_id in (*gone, *(guest.id for guest in come)) if guest_id in old}
    event = tx.emit(fact, ceremony_id, before=said(before), after=said({guest.id: guest for guest in come}))
    store.remember_import(tx, ceremony_id, version, event.id)
    return version


def _outcome(bringing: Bringing, brought: Brought, asked: ask.Rows, version: int) -> ask.GuestImportOutcome:
    counts = brought.counts
    quiet = {"unchanged", "created", "updated"} if isinstance(asked, ask.CommitGuestImport) else {"unchanged"}
    told = [one for one in brought.decisions if one.outcome not in quiet or one.row.asked or one.row.doubted]
    return ask.GuestImportOutcome(
        version=version,
        rows=tuple(map(bringing.outcome, told)),
        created=counts["created"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        asked=counts["asked"],
        rejected=counts["rejected"],
        left_out=counts["left_out"],
        only_here=len(brought.only_here),
        removed=len(brought.only_here) if asked.only_here == "removed" else 0,
    )


# Undoing.


def undo(tx: Tx, command: ask.UndoGuestImport) -> ask.GuestImportUndone:
    """The guests as they were; their versions go on, as those of the list do."""
    head = store.for_change(tx, command.ceremony_id, None)
    if head.version != command.expected_version:
        raise StaleVersion(what="The guest list", expected=command.expected_version, actual=head.version)
    values = store.values_of_import(tx, command.ceremony_id, head.version)
    if values is None:
        raise NothingToUndo
    before, after = ({key: Kept.model_validate({"id": key, **each}) for key, each in one.items()} for one in values)
    now = _kept(tx.conn, command.ceremony_id)
    back = [guest.model_copy(update={"version": after.get(key, guest).version + 1}) for key, guest in before.items()]
    gone = [key for key in after if key not in before and key in now]
    version = _apply(tx, command.ceremony_id, head, _Change(now, back, gone))
    created = sum(guest.id not in now for guest in back)
    store.forget_import(tx, command.ceremony_id)
    return ask.GuestImportUndone(version=version, created=created, updated=len(back) - created, removed=len(gone))


# What an office said of its columns.


def recall(conn: Connection, question: ask.RecallLayouts) -> ask.Layouts:
    hashes = {_hash(heads): heads for heads in question.heads}
    found = store.layouts(conn, caller().office, hashes)
    told = (ask.Layout(heads=hashes[key], fields=tuple(json.loads(fields))) for key, fields in found.items())
    return ask.Layouts(layouts=tuple(told))


def _hash(heads: str) -> str:
    return hashlib.sha256(heads.encode()).hexdigest()

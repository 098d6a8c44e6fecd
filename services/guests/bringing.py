"""Bringing somebody's list into the present one: checked, and done in one step."""

import hashlib
import json
from collections.abc import Iterator
from typing import NamedTuple

from schemas import guest_imports as ask
from schemas.envelope import new_id
from schemas.errors import Refusal
from schemas.guests import GuestsImported
from schemas.protocol import profile_for
from services.guests import several, store
from services.guests.beside import whole
from services.guests.importing import said
from services.guests.model.bringing import Bringing, Brought, Settings
from services.guests.model.incoming import Reader
from services.guests.model.lists import Kept
from services.guests.model.reverting import parts
from services.guests.present import Present, present
from services.guests.store import Listing
from services.kit.context import caller, may
from services.kit.store import Connection, Tx


class ImportOpen(Refusal):
    """{count} rows are still open: say of each whether it is somebody on the list. Nothing was changed."""

    status = 409


class ImportRejected(Refusal):
    """{count} rows cannot be taken over. Correct them, or import the others without them. Nothing was changed."""


def check(conn: Connection, question: ask.CheckGuestImport, head: Listing) -> ask.GuestImportOutcome:
    settings = Settings(with_contacts=may("guests.contact", question.ceremony_id))
    now = present(conn, caller().office, question.ceremony_id)
    bringing, brought = _bring(question, now, head, settings)
    return _outcome(bringing, brought, question, head.version)


def commit(tx: Tx, command: ask.CommitGuestImport) -> ask.GuestImportOutcome:
    head = store.for_change(tx, command.ceremony_id, command.expected_version)
    now = present(tx.conn, tx.caller.office, command.ceremony_id)
    old = dict(now.written)
    settings = Settings(suggested=command.suggested, with_contacts=may("guests.contact", command.ceremony_id))
    bringing, brought = _bring(command, now, head, settings)
    counts = brought.counts
    if counts["asked"]:
        raise ImportOpen(count=counts["asked"])
    if counts["rejected"] and not command.without_rejected:
        raise ImportRejected(count=counts["rejected"])
    gone = _going(tx, command, [old[key] for key in brought.only_here])
    version, event_id = _apply(tx, command.ceremony_id, head, _Change(old, brought.come, gone))
    store.remember_layouts(tx, {_hash(one.heads): json.dumps(one.fields) for one in command.layouts})
    outcome = _outcome(bringing, brought, command, version)
    return outcome.model_copy(update={"committed": True, "event_id": event_id, "removed": len(gone)})


def _going(tx: Tx, command: ask.CommitGuestImport, only_here: list[Kept]) -> list[Kept]:
    """Who leaves the list; whoever is part of a standing-in stays: both belong together until that is taken back."""
    if command.only_here == "stay":
        return []
    ids = [one.id for one in only_here]
    return several.chosen(tx, command.ceremony_id, ids, several.removable(tx, command.ceremony_id), leave_out=True)[0]


def _bring(asked: ask.Rows, now: Present, head: Listing, settings: Settings) -> tuple[Bringing, Brought]:
    profile = profile_for(head.profile, head.on)
    reader = Reader(profile, asked.answers)
    fresh: Iterator[str] = iter(new_id, None)
    bringing = Bringing(now.written, profile, asked.answers, fresh, settings, seats=now.seats)
    return bringing, bringing.bring([reader.read(row) for row in asked.rows])


class _Change(NamedTuple):
    """What becomes of a list: who comes, new or otherwise than before, and who goes."""

    old: dict[str, Kept]
    come: list[Kept]
    gone: list[Kept]


def _apply(tx: Tx, ceremony_id: str, head: Listing, change: _Change) -> tuple[int, str | None]:
    """Write what is otherwise; one version and one event for all of it, none where nothing changes."""
    old, come, gone = change
    if not come and not gone:
        return head.version, None
    version = several.next_version(tx, ceremony_id, head)
    before, after = whole(tx, ceremony_id, gone), said({one.id: one for one in come if one.id not in old})
    for one in come:
        if one.id in old:
            before[one.id], after[one.id] = parts(old[one.id], one)
    created = len(come) - len(before) + len(gone)
    store.remove(tx, [one.id for one in gone])
    store.put(tx, ceremony_id, come, version, old)
    fact = GuestsImported(
        version=version,
        created=created,
        updated=len(come) - created,
        removed=len(gone),
        count=len(old) + created - len(gone),
    )
    return version, tx.emit(fact, ceremony_id, before, after).id


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


# What an office said of its columns.


def recall(conn: Connection, question: ask.RecallLayouts) -> ask.Layouts:
    hashes = {_hash(heads): heads for heads in question.heads}
    found = store.layouts(conn, caller().office, hashes)
    told = (ask.Layout(heads=hashes[key], fields=tuple(json.loads(fields))) for key, fields in found.items())
    return ask.Layouts(layouts=tuple(told))


def _hash(heads: str) -> str:
    return hashlib.sha256(heads.encode()).hexdigest()

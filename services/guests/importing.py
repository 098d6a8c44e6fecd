"""A guest list's way through an import: compared and laid aside, then made the present one."""

from collections.abc import Iterable

from schemas import guests as ask
from schemas.envelope import new_id
from schemas.errors import Invalid, Problem, Refusal
from schemas.parts import PartChange, PartCommitted
from schemas.protocol import load_profile
from services.guests import store
from services.guests.model import lists
from services.guests.model.lists import Kept, Listed, Prepared
from services.guests.present import Present, present
from services.guests.store import Listing
from services.kit.parts import shifted
from services.kit.store import Connection, Tx
from services.kit.tidy import tidied


def prepare(
    conn: Connection, office: str, question: ask.CheckGuests | ask.StageGuests
) -> tuple[ask.StagedGuests, Prepared | None]:
    """The answer to a check, and what to lay aside if there is no error in the plan."""
    now = present(conn, office, question.ceremony_id)
    head, old = now.head, now.part
    try:
        profile = load_profile(question.profile, question.on)
        plan = tidied(question.plan, "guests")
    except Refusal as error:
        file = "guests" if isinstance(error, Invalid) else "ceremony.yaml"
        problem = Problem(file=file, sentence=error.sentence, params=error.params)
        return ask.StagedGuests(problems=(problem,), hash=old.hash), None
    wrong = lists.problems_of(plan)
    listed = now.written
    ids, guests = lists.planned(lists.sound(plan), listed, iter(new_id, None))
    then = Listing(head.version, question.profile, question.on)
    same = then == head and {guest.id: guest for guest in guests} == listed
    new = old if same else _made(conn, office, guests, then, now)  # ranking ten thousand guests takes seconds
    answer = ask.StagedGuests(
        problems=(*wrong, *lists.unranked(new.guests, profile, {guest_id: ref for ref, guest_id in ids.items()})),
        change=_change(listed, guests, old, new),
        hash=new.hash,
        ids=ids,
    )
    if wrong:
        return answer, None
    prepared = Prepared(
        base=head.version,
        profile=question.profile,
        on=question.on,
        hash=new.hash,
        change=answer.change,
        guests=tuple(guests),
    )
    return answer, prepared


def apply(tx: Tx, ceremony_id: str, body: str) -> PartCommitted:
    """Make the prepared list the present one; tell of it if that changes anything."""
    prepared = Prepared.model_validate_json(body)
    head = store.listing(tx.conn, tx.caller.office, ceremony_id) or Listing(0, prepared.profile, prepared.on)
    old = present(tx.conn, tx.caller.office, ceremony_id).written
    new, change = {guest.id: guest for guest in prepared.guests}, prepared.change
    if head.version != prepared.base:
        new = {guest.id: lists.kept(guest, guest.id, old.get(guest.id)) for guest in prepared.guests}
        change = _change_now(tx, ceremony_id, prepared, old, new)
    version = head.version + change.any
    store.save_listing(tx, ceremony_id, Listing(version, prepared.profile, prepared.on))
    if change.any:
        gone = {guest_id: guest for guest_id, guest in old.items() if new.get(guest_id) != guest}
        come = {guest_id: guest for guest_id, guest in new.items() if old.get(guest_id) != guest}
        store.remove(tx, [guest_id for guest_id in gone if guest_id not in new])
        store.put(tx, ceremony_id, list(come.values()), version)
        counts = change.model_dump(include={"created", "updated", "removed"})
        fact = ask.GuestsImported(version=version, count=len(new), **counts)
        tx.emit(fact, ceremony_id, before=said(gone), after=said(come))
    return PartCommitted(version=version, hash=prepared.hash)


def _change_now(tx: Tx, ceremony_id: str, prepared: Prepared, old: Listed, new: Listed) -> PartChange:
    """What the part changes after all: somebody was at the list since it was compared."""
    now = present(tx.conn, tx.caller.office, ceremony_id)
    then = Listing(now.head.version, prepared.profile, prepared.on)
    made = _made(tx.conn, tx.caller.office, new.values(), then, now)
    return _change(old, list(new.values()), now.part, made)


def _made(conn: Connection, office: str, guests: Iterable[Kept], then: Listing, now: Present) -> ask.GuestsPart:
    """The part as it will be: who stays keeps the place that he was given by hand."""
    return now.part_of(guests, then, store.settled_titles(conn, office, then.profile))


def _change(old: Listed, new: list[Kept], was: ask.GuestsPart, made: ask.GuestsPart) -> PartChange:
    return shifted(lists.compare(old, new), was.guests, made.guests)


def said(guests: Listed) -> dict[str, object]:
    """What an event keeps of guests, by id."""
    return {guest_id: guest.model_dump(mode="json", exclude_defaults=True) for guest_id, guest in guests.items()}

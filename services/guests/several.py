"""One command for several guests: whom it fits, what is told of the others, and how it is taken back."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from schemas import answers as ask
from schemas.answers import AnswerEntry, Done, LeftOut, State, Through
from schemas.duplicates import PeopleMerged, PeopleParted
from schemas.errors import NotFound, Refusal
from schemas.guests import GuestsImported
from services.guests import store
from services.guests.beside import put_back, whole
from services.guests.model import answering, lists
from services.guests.model.lists import Kept
from services.guests.model.matching import called
from services.guests.model.reverting import ChangedSince, Reverted, part, reverted
from services.guests.store import Listing
from services.guests.store import answers as sql
from services.kit.store import Tx
from services.lang import clean, match_key

_TAKEN_BACK = (ask.AnswersGiven.type, ask.GuestsChanged.type, GuestsImported.type, PeopleMerged.type)


def chosen(
    tx: Tx, ceremony_id: str, guest_ids: Collection[str], check: Callable[[Kept], None], *, leave_out: bool
) -> tuple[list[Kept], tuple[LeftOut, ...]]:
    """Those of these guests whom `check` does not refuse; with `leave_out` the others with their reasons, else the
    first refusal is raised.
    """
    found = store.guests_by_id(tx.conn, store.ids(tx.conn, ceremony_id) & set(guest_ids))
    fitting, left = list[Kept](), list[LeftOut]()
    for guest_id in dict.fromkeys(guest_ids):
        try:
            if guest_id not in found:
                raise NotFound(what="guest", which=guest_id)
            check(found[guest_id])
            fitting.append(found[guest_id])
        except Refusal as refusal:
            if not leave_out:
                raise
            left.append(LeftOut(guest_id=guest_id, sentence=refusal.sentence, params=refusal.params))
    return fitting, tuple(left)


def next_version(tx: Tx, ceremony_id: str, head: Listing) -> int:
    """The list has one more version."""
    version = head.version + 1
    store.save_listing(tx, ceremony_id, head._replace(version=version))
    return version


def log_states(tx: Tx, guests: Collection[Kept], new: State, through: Through, note: str | None = None) -> None:
    """An entry in the history of each, who is still at what he was before."""
    sql.log(tx, {one.id: [entry(tx, new, one.state, through, note)] for one in guests})


def entry(tx: Tx, new: State, was: State | None, through: Through, note: str | None = None) -> AnswerEntry:
    return AnswerEntry(state=new, was=was, at=tx.now, by=tx.caller.actor, through=through, note=note)


# The same for several.


def change_guests(tx: Tx, command: ask.ChangeGuests) -> Done:
    said: dict[str, Any] = {"side": command.side} if command.side else {}
    if command.delegation is not None:
        said["delegation"] = clean(command.delegation) or None
    head = store.for_change(tx, command.ceremony_id, None)
    found, _ = chosen(tx, command.ceremony_id, command.guest_ids, lambda _one: None, leave_out=False)
    old = {one.id: one for one in found if any(getattr(one, name) != value for name, value in said.items())}
    new = {key: one.model_copy(update={**said, "version": one.version + 1}) for key, one in old.items()}
    if not new:
        return Done(changed=0, version=head.version)
    version = next_version(tx, command.ceremony_id, head)
    store.put(tx, command.ceremony_id, list(new.values()), version)
    before, after = ({key: part(one, said) for key, one in some.items()} for some in (old, new))
    event = tx.emit(ask.GuestsChanged(version=version, updated=len(new)), command.ceremony_id, before, after)
    return Done(changed=len(new), version=version, event_id=event.id)


def remove_guests(tx: Tx, command: ask.RemoveGuests) -> Done:
    """Whoever is part of a standing-in stays: both belong together until that is taken back."""
    ceremony_id = command.ceremony_id
    head = store.for_change(tx, ceremony_id, None)
    found, left = chosen(tx, ceremony_id, command.guest_ids, removable(tx, ceremony_id), leave_out=True)
    if not found:
        return Done(changed=0, version=head.version, left_out=left)
    before = whole(tx, ceremony_id, found)
    version = next_version(tx, ceremony_id, head)
    store.remove(tx, list(before))
    event = tx.emit(ask.GuestsChanged(version=version, removed=len(before)), ceremony_id, before=before)
    return Done(changed=len(before), version=version, event_id=event.id, left_out=left)


def removable(tx: Tx, ceremony_id: str) -> Callable[[Kept], None]:
    """A check that refuses who comes for somebody of this list, and for whom somebody does."""
    represented = store.represented(tx.conn, ceremony_id)

    def check(one: Kept) -> None:
        if one.id in represented:
            raise answering.HasStandIn(who=called(one))
        if one.stands_in_for in represented:
            raise answering.StandsIn(who=called(one))

    return check


# Taking back.


def take_back(tx: Tx, command: ask.TakeBack) -> Done:
    """What an event of this ceremony says that several guests were; also from one that took back."""
    ceremony_id = command.ceremony_id
    head = store.for_change(tx, ceremony_id, None)
    told = sql.told(tx.conn, tx.caller.office, ceremony_id, command.event_id, _TAKEN_BACK)
    merge = PeopleMerged.model_validate(told.data) if told.type == PeopleMerged.type else None
    found = reverted(told.before, told.after, store.guests_by_id(tx.conn, {*told.before, *told.after}))
    gone, stay = chosen(tx, ceremony_id, [one.id for one in found.gone], removable(tx, ceremony_id), leave_out=True)
    left_out, new = (*found.left_out, *stay), (*found.changed, *found.back)
    count = len(new) + len(gone)
    if not count or (merge and not found.back):
        return Done(changed=0, version=head.version, left_out=left_out)
    _check_codes(tx, ceremony_id, new, {one.id for one in gone})
    was, away = store.guests_by_id(tx.conn, [one.id for one in found.changed]), whole(tx, ceremony_id, gone)
    version = next_version(tx, ceremony_id, head)
    if merge:
        _stand_ins_back(tx, merge, told.before[merge.merged])
    store.remove(tx, list(away))
    store.put(tx, ceremony_id, new, version, was)
    put_back(tx, ceremony_id, found, told.before, told.after)
    sql.log(tx, _undone(tx, found, was))
    fact = (
        PeopleParted(**merge.model_dump(exclude={"version"}), takes_back=command.event_id, version=version)
        if merge
        else ask.GuestsChanged(
            version=version,
            updated=len(found.changed),
            created=len(found.back),
            removed=len(away),
            takes_back=command.event_id,
        )
    )
    said = {one.id: part(one, told.before[one.id]) for one in new}
    before = {key: part(one, told.before[key]) for key, one in was.items()}
    event = tx.emit(fact, ceremony_id, before | away, said)
    return Done(changed=count, version=version, event_id=event.id, left_out=left_out)


def _check_codes(tx: Tx, ceremony_id: str, new: Collection[Kept], gone: Collection[str]) -> None:
    """Refuse a code that somebody else was given meanwhile."""
    coded = [one for one in new if one.code]
    if not coded:
        return
    moved = {one.id for one in new}.union(gone)
    taken = {match_key(code) for key, code in store.codes(tx.conn, ceremony_id).items() if key not in moved}
    for one in coded:
        if match_key(one.code or "") in taken:
            raise lists.CodeTaken(code=one.code)


def _undone(tx: Tx, found: Reverted, was: Mapping[str, Kept]) -> dict[str, list[AnswerEntry]]:
    """States that go back, each with an entry that says so."""
    moved = (one for one in found.changed if one.state != was[one.id].state)
    return {one.id: [entry(tx, one.state, was[one.id].state, "undo")] for one in moved}


def _stand_ins_back(tx: Tx, merge: PeopleMerged, before: Mapping[str, Any]) -> None:
    """A stand-in in which the one who was merged away had a part is his again; refused if it was ended since."""
    wanted = {tuple(pair) for pair in before["stood"]}
    swap = {merge.guest_id: merge.merged}
    here = sql.stand_ins_of(tx.conn, [merge.guest_id])
    if wanted - {(swap.get(one.guest_id, one.guest_id), swap.get(one.stand_in_id, one.stand_in_id)) for one in here}:
        raise ChangedSince(who=before["person"]["name"])
    if wanted:
        sql.move_stand_ins(tx, merge.guest_id, merge.merged)

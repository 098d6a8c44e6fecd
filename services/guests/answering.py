"""What guests answer, what is arranged for them and how many a group has: commands and questions."""

from collections.abc import Callable

from schemas import answers as ask
from schemas.answers import STATES, Done, Through
from schemas.envelope import Versioned, new_id
from schemas.errors import NotFound, Refusal, StaleVersion
from services.guests import store
from services.guests.contacts import for_caller
from services.guests.model import answering, counts
from services.guests.model.counts import KeptCount
from services.guests.model.lists import Kept
from services.guests.model.matching import called
from services.guests.model.reverting import part
from services.guests.present import present
from services.guests.several import chosen, log_states, next_version
from services.guests.store import answers as sql
from services.kit.context import caller
from services.kit.store import Connection, Tx
from services.kit.tidy import tidied
from services.lang import clean_block

_NAMED = 100  # ids that an event names


class NoGroup(Refusal):
    """“{who}” is a person: only groups have a head count. Choose a group."""


def get_answer(conn: Connection, question: ask.GetAnswer) -> ask.Answer:
    order = present(conn, caller().office, question.ceremony_id).order
    if question.guest_id not in order.places:
        raise NotFound(what="guest", which=question.guest_id)
    at = order.places[question.guest_id]
    kept, guest = order.written(at), order.guest(at)
    answer = ask.Answer(
        guest_id=guest.id,
        version=guest.version,
        state=guest.state,
        stands_in_for=guest.stands_in_for,
        represented_by=guest.represented_by,
        following=tuple(state for state in STATES if state in answering.following(guest.state)),
        history=tuple(sql.history(conn, [guest.id])[guest.id]),
        arrangements=sql.arrangements(conn, [guest.id]).get(guest.id, ask.Arrangements()),
        counts=counts.told(kept.group, kept.counts),
    )
    return for_caller(answer, question.ceremony_id)


# States.


def give_answers(tx: Tx, command: ask.GiveAnswers) -> Done:
    def fits(one: Kept) -> None:
        if command.expected_version not in {None, one.version}:
            raise StaleVersion(what="The guest", expected=command.expected_version, actual=one.version)
        answering.check(one.state, command.state, called(one))

    store.for_change(tx, command.ceremony_id, None)
    found, left = chosen(tx, command.ceremony_id, command.guest_ids, fits, leave_out=command.leave_out)
    done = _give(tx, command, found, command.through)
    return done.model_copy(update={"left_out": left})


def check_in(tx: Tx, command: ask.CheckIn) -> Done:
    def fits(one: Kept) -> None:
        answering.check(one.state, command.state, called(one))

    store.for_change(tx, command.ceremony_id, None)
    found, _ = chosen(tx, command.ceremony_id, command.guest_ids, fits, leave_out=False)
    return _give(tx, command, found, "door")


def _give(tx: Tx, command: ask.GiveAnswers | ask.CheckIn, found: list[Kept], through: Through) -> Done:
    """The same answer again is noted only if something is said with it."""
    ceremony_id, new = command.ceremony_id, command.state
    head = store.for_change(tx, ceremony_id, None)
    note = clean_block(command.note or "") or None
    told = [one for one in found if one.state != new or note]
    log_states(tx, told, new, through, note)
    changed = {one.id: one for one in told if one.state != new}
    if not changed:
        return Done(changed=len(told), version=head.version)
    version = next_version(tx, ceremony_id, head)
    store.set_states(tx, dict.fromkeys(changed, new), version)
    before = {key: part(one, ("state",)) for key, one in changed.items()}
    after = {key: {**one, "state": new} for key, one in before.items()}
    event = tx.emit(_given(command, tuple(changed), through, version), ceremony_id, before, after)
    return Done(changed=len(told), version=version, event_id=event.id)


def _given(
    command: ask.GiveAnswers | ask.CheckIn, ids: tuple[str, ...], through: Through, version: int
) -> ask.AnswersGiven:
    return ask.AnswersGiven(
        guest_id=ids[0] if len(ids) == 1 else None,
        guest_ids=ids[:_NAMED],
        count=len(ids),
        state=command.state,
        through=through,
        version=version,
    )


# Arrangements.


def arrange(tx: Tx, command: ask.Arrange) -> Versioned:
    ceremony_id, guest_id = command.ceremony_id, command.guest_id
    store.expect(tx.conn, tx.caller.office, ceremony_id, guest_id)
    one = store.guest_for_change(tx, guest_id, command.expected_version)
    new = tidied(command.arrangements, "arrangements")
    old = sql.arrangements(tx.conn, [guest_id]).get(guest_id, ask.Arrangements())
    if new == old:
        return Versioned(id=guest_id, version=one.version)
    sql.arrange(tx, {guest_id: new})
    version = next_version(tx, ceremony_id, store.for_change(tx, ceremony_id, None))
    store.set_states(tx, {guest_id: one.state}, version)
    before, after = ({"name": called(one), **said.model_dump(mode="json")} for said in (old, new))
    tx.emit(ask.GuestArranged(guest_id=guest_id, version=version), ceremony_id, before, after)
    return Versioned(id=guest_id, version=one.version + 1)


# Head counts.


def keep_count(tx: Tx, command: ask.KeepCount) -> Versioned:
    new = KeptCount(id=new_id(), **tidied(command.count, "count").model_dump())
    return _counted(tx, command, lambda kept: (*kept, new))


def choose_count(tx: Tx, command: ask.ChooseCount) -> Versioned:
    def choose(kept: tuple[KeptCount, ...]) -> tuple[KeptCount, ...]:
        if command.count_id is not None:
            _expect(kept, command.count_id)
        return tuple(one.model_copy(update={"chosen": one.id == command.count_id}) for one in kept)

    return _counted(tx, command, choose)


def drop_count(tx: Tx, command: ask.DropCount) -> Versioned:
    def drop(kept: tuple[KeptCount, ...]) -> tuple[KeptCount, ...]:
        _expect(kept, command.count_id)
        return tuple(one for one in kept if one.id != command.count_id)

    return _counted(tx, command, drop)


def _expect(kept: tuple[KeptCount, ...], count_id: str) -> None:
    if count_id not in {one.id for one in kept}:
        raise NotFound(what="head count", which=count_id)


def _counted(
    tx: Tx,
    command: ask.KeepCount | ask.ChooseCount | ask.DropCount,
    work: Callable[[tuple[KeptCount, ...]], tuple[KeptCount, ...]],
) -> Versioned:
    """The group with what `work` makes of its counts."""
    ceremony_id = command.ceremony_id
    store.expect(tx.conn, tx.caller.office, ceremony_id, command.guest_id)
    version = getattr(command, "expected_version", None)
    old = store.guest_for_change(tx, command.guest_id, version)
    if old.group is None:
        raise NoGroup(who=called(old))
    new = old.model_copy(update={"counts": work(old.counts), "version": old.version + 1})
    if new.counts == old.counts:
        return Versioned(id=old.id, version=old.version)
    version = next_version(tx, ceremony_id, store.for_change(tx, ceremony_id, None))
    store.put(tx, ceremony_id, [new], version)
    fact = ask.CountsChanged(guest_id=old.id, version=version)
    before, after = (
        {**part(one, ("counts",)), "head_count": counts.printed(one.group, one.counts)[0]} for one in (old, new)
    )
    tx.emit(fact, ceremony_id, before, after)
    return Versioned(id=new.id, version=new.version)

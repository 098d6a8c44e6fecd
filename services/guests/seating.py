"""Commands that give seats: halls chosen, filled by a pattern, changed by hand, given anew, taken back."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import schemas.seating as ask
from schemas.errors import Refusal
from services.guests import store
from services.guests.halls import hall_body
from services.guests.model.counts import printed
from services.guests.model.seating import moving
from services.guests.model.seating.filling import Filling, Head, Left, Sat, Seated, fill, kept
from services.guests.model.seating.reseating import reseat as reseated
from services.guests.model.seating.reseating import together_with
from services.guests.model.standing_in import takes_seat
from services.guests.rooms import room
from services.guests.seated import Desk, told
from services.guests.store import seats
from services.guests.store.seats import SeatingRow, moves_between
from services.kit.context import caller
from services.kit.store import Connection, Tx


class NoHall(Refusal):
    """This ceremony has no hall yet. Choose one, then seat the guests."""

    status = 409


class HallTwice(Refusal):
    """The hall {hall} is named twice. A ceremony uses each hall once."""


class NotSeated(Refusal):
    """None of these guests has a seat. Seat them first."""

    status = 409


class NoReleaseYet(Refusal):
    """There is no release with seats yet. Begin from the draft."""

    status = 409


class Then(NamedTuple):
    """How a seating is to be; `left` None: who has no place is to be looked up."""

    row: SeatingRow
    seated: Seated
    left: tuple[Left, ...] | None = None


# What a command would do.


def preview_fill(conn: Connection, question: ask.PreviewFill) -> ask.Filled:
    desk = Desk.now(conn, question.ceremony_id)
    then = _filled(desk, question)
    return told(desk, desk.then(then.row, then.seated), then.left)


def preview_reseat(conn: Connection, question: ask.PreviewReseat) -> ask.Filled:
    desk = Desk.now(conn, question.ceremony_id)
    then = _reseated(conn, desk, question)
    return told(desk, desk.then(then.row, then.seated), then.left)


# Commands, each in one transaction.


def use_halls(tx: Tx, command: ask.UseHalls) -> ask.Filled:
    if twice := [key for key in command.halls if command.halls.count(key) > 1]:
        raise HallTwice(hall=twice[0])
    bodies = tuple(hall_body(tx.conn, tx.caller.office, key) for key in command.halls)
    desk = _open(tx, command, need_hall=False)
    stay = kept(desk.seated, room(bodies), desk.sitters)
    return _save(tx, desk, "halls_chosen", Then(desk.row._replace(halls=bodies), stay))


def fill_seats(tx: Tx, command: ask.FillSeats) -> ask.Filled:
    desk = _open(tx, command)
    return _save(tx, desk, "filled", _filled(desk, command))


def reseat(tx: Tx, command: ask.Reseat) -> ask.Filled:
    desk = _open(tx, command)
    return _save(tx, desk, "reseated", _reseated(tx.conn, desk, command))


def put_guest(tx: Tx, command: ask.PutGuest) -> ask.Filled:
    store.expect(tx.conn, tx.caller.office, command.ceremony_id, command.guest_id)
    desk = _open(tx, command)
    guest = desk.order.written(desk.order.places[command.guest_id])
    heads = (printed(guest.group, guest.counts)[0] if guest.group else 1) or 1
    seated = moving.put(desk.room, desk.seated, (command.guest_id, command.nth), command.place, heads)
    return _save(tx, desk, "put", Then(desk.row, seated))


def clear_seats(tx: Tx, command: ask.ClearSeats) -> ask.Filled:
    desk = _open(tx, command)
    _need_seats(desk, command.guest_ids)
    return _save(tx, desk, "cleared", Then(desk.row, moving.clear(desk.seated, command.guest_ids)))


def fix_seats(tx: Tx, command: ask.FixSeats) -> ask.Filled:
    desk = _open(tx, command)
    _need_seats(desk, command.guest_ids)
    seated = moving.fix(desk.seated, command.guest_ids, fixed=command.fixed)
    return _save(tx, desk, "fixed" if command.fixed else "released", Then(desk.row, seated))


def take_back(tx: Tx, command: ask.TakeBackSeats) -> ask.Filled:
    """Who has left the list meanwhile gets no seat back."""
    desk = _open(tx, command, need_hall=False)
    version = desk.row.version - 1 if command.to_version is None else command.to_version
    row, seated = seats.as_at(tx.conn, command.ceremony_id, desk.row, desk.seated, version)
    here = {head: sat for head, sat in seated.items() if head[0] in desk.order.places}
    return _save(tx, desk, "taken_back", Then(row, here))


def settle(tx: Tx, ceremony_id: str, guest_ids: Sequence[str]) -> None:
    """Seats after a stand-in came or was taken back: nobody else moves; nothing where nobody sits yet.

    The seat goes over where the rank does; else the stand-in takes what is free by his own.
    """
    desk = Desk.now(tx.conn, ceremony_id)
    if not desk.seated:
        return
    concerned = {*guest_ids, *(head[0] for head in desk.seated)}
    who = [one for one in desk.sitters if one.id in concerned]
    base = _handed_over(desk, guest_ids)
    filling = reseated(desk.room, who, base, desk.pattern, desk.order.profile.seating)
    _save(tx, desk, "reseated", Then(desk.row, filling.seated))


def _handed_over(desk: Desk, guest_ids: Sequence[str]) -> Seated:
    found = dict(desk.seated)
    for guest_id in guest_ids:
        one = desk.order.kept.get(guest_id)
        if one is None or one.stands_in_for is None or (guest_id, 0) in found:
            continue
        if takes_seat(desk.order.profile, interim=one.interim) and (seat := found.pop((one.stands_in_for, 0), None)):
            found[guest_id, 0] = seat
    return found


# How they work.


def _open(tx: Tx, command: ask.SeatCommand, *, need_hall: bool = True) -> Desk:
    store.for_change(tx, command.ceremony_id, None)
    desk = Desk.now(tx.conn, command.ceremony_id)
    seats.expect_seating(desk.row, command.expected_version)
    if need_hall:
        _need_hall(desk)
    return desk


def _need_hall(desk: Desk) -> None:
    if not desk.row.halls:
        raise NoHall


def _need_seats(desk: Desk, guest_ids: tuple[str, ...] | None) -> None:
    """A word to who means others than he named."""
    if guest_ids is not None and not any(head[0] in guest_ids for head in desk.seated):
        raise NotSeated


def _filled(desk: Desk, said: ask.FillSeats | ask.PreviewFill) -> Then:
    _need_hall(desk)
    stay = kept(desk.seated, desk.room, desk.sitters, only_fixed=said.keep == "fixed")
    filling = fill(desk.room, desk.sitters, stay, said.pattern, desk.order.profile.seating)
    return _then(desk, filling, said.pattern)


def _reseated(conn: Connection, desk: Desk, said: ask.Reseat | ask.PreviewReseat) -> Then:
    _need_hall(desk)
    base = desk.seated if said.since == "draft" else _printed(conn, desk)
    pattern = said.pattern or desk.pattern
    return _then(desk, reseated(desk.room, desk.sitters, base, pattern, desk.order.profile.seating), pattern)


def _then(desk: Desk, filling: Filling, pattern: ask.SeatPattern) -> Then:
    row = desk.row._replace(pattern=pattern.model_dump_json(exclude_defaults=True))
    return Then(row, filling.seated, filling.left)


def _printed(conn: Connection, desk: Desk) -> Seated:
    """What is fixed now comes first, then what was printed, then what is the draft's."""
    release = store.parts.last_release(conn, caller().office, desk.ceremony_id)
    printed = seats.seats_of_release(conn, desk.ceremony_id, release)
    if not printed:
        raise NoReleaseYet
    fixed = {head: sat for head, sat in desk.seated.items() if sat.fixed}
    return together_with(together_with(fixed, printed), desk.seated)


def _save(tx: Tx, desk: Desk, how: ask.How, then: Then) -> ask.Filled:
    """The list of guests has a new version too: what their cards say has changed."""
    moves = moves_between(desk.seated, then.seated)
    if not moves.before and then.row == desk.row:
        return told(desk, desk, then.left)
    row = then.row._replace(version=desk.row.version + 1)
    seats.save_seating(tx, desk.ceremony_id, desk.row, row, moves)
    head = store.for_change(tx, desk.ceremony_id, None)
    store.save_listing(tx, desk.ceremony_id, head._replace(version=head.version + 1))
    answer = told(desk, desk.then(row, then.seated), then.left)
    fact = ask.SeatingChanged(
        version=row.version, how=how, seated=answer.seated, moved=answer.moved, unseated=answer.unseated_count
    )
    tx.emit(fact, desk.ceremony_id, before=_said(moves.before), after=_said(moves.after))
    return answer


def _said(seated: Mapping[Head, Sat | None]) -> dict[str, str]:
    """Guest and place; of those who come with a guest their number behind his id."""
    return {f"{head[0]}+{head[1]}" if head[1] else head[0]: sat.place for head, sat in seated.items() if sat}

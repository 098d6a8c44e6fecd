"""What is asked about seats: numbers, who sits where, cards that differ, lists by door, drawn plans."""

from collections import Counter, defaultdict
from collections.abc import Iterator

import schemas.seating as ask
from schemas.errors import NotFound
from schemas.guests import GuestsPart
from schemas.halls import hall_words, ready_made
from services.guests import store
from services.guests.halls import in_short
from services.guests.model.seating.cards import cards
from services.guests.model.seating.drawing import Look, Shown, draw, shown_at
from services.guests.model.seating.filling import Head, Left, missing
from services.guests.model.seating.ushers import by_door
from services.guests.seated import Desk
from services.guests.seating import NoHall
from services.guests.store import seats as sql
from services.kit.context import caller
from services.kit.store import Connection
from services.lang import find_words

_READY = frozenset(hall.key for hall in ready_made())


def get_seating(conn: Connection, question: ask.GetSeating) -> ask.SeatingInShort:
    desk = Desk.now(conn, question.ceremony_id)
    return ask.SeatingInShort(
        version=desk.row.version,
        list_version=desk.guests.head.version,
        blocks=_blocks(desk),
        halls=tuple(in_short(hall, None if hall.key in _READY else 0) for hall in desk.room.halls),
        pattern=desk.pattern,
        seats=sum(len(hall.seats) for hall in desk.room.halls),
        standing=sum(hall.standing for hall in desk.room.halls),
        taken=sum(sat.heads for sat in desk.seated.values() if not desk.room.places[sat.place].standing),
        heads=sum(sat.heads for sat in desk.seated.values()),
        unseated=sum(len(missing(one, desk.seated)) for one in desk.sitters),
        may_take_back=sql.may_take_back(conn, question.ceremony_id, desk.row.version),
        changed_since=len(_cards(conn, desk, None).cards),
    )


def _blocks(desk: Desk) -> tuple[ask.BlockInShort, ...]:
    places, held = Counter[str](), Counter[str]()
    for place in desk.room.places.values():
        places[place.block] += place.capacity
    for sat in desk.seated.values():
        held[desk.room.places[sat.place].block] += sat.heads
    return tuple(
        ask.BlockInShort(id=key, label=block.label, kind=block.kind, places=places[key], free=places[key] - held[key])
        for key, block in desk.room.blocks.items()
    )


def list_placed(conn: Connection, question: ask.ListPlaced) -> ask.PlacedPage:
    desk = Desk.now(conn, question.ceremony_id)
    heads = list(_heads(desk))
    if question.guest_id is not None:
        heads = [one for one in heads if one.head[0] == question.guest_id]
    if question.nth is not None:
        heads = [one for one in heads if one.head[1] == question.nth]
    if words := find_words(question.filter or ""):
        found = store.matching(conn, question.ceremony_id, words)
        heads = [one for one in heads if one.head[0] in found]
    if question.seated is not None:
        heads = [one for one in heads if (one.head in desk.seated) == question.seated]
    shown = tuple(desk.placed(one) for one in heads[: question.limit])
    return ask.PlacedPage(version=desk.row.version, total=len(heads), heads=shown)


def _heads(desk: Desk) -> Iterator[Left]:
    """Guest by guest in their order, each with a reason that counts only where there is no place."""
    waiting = {one.head[0]: one for one in desk.waiting()}
    seated = defaultdict[str, list[Head]](list)
    for head in sorted(desk.seated):
        seated[head[0]].append(head)
    for guest_id in desk.order.ids:
        for head in seated[guest_id]:
            yield Left(head, desk.seated[head].heads, "waiting")
        if guest_id in waiting:
            yield waiting[guest_id]


def list_seats(conn: Connection, question: ask.ListSeats) -> ask.Seats:
    desk = Desk.now(conn, question.ceremony_id)
    seats = [
        ask.Seat(
            guest_id=head[0],
            nth=head[1],
            place=sat.place,
            heads=sat.heads,
            fixed=sat.fixed,
            text=desk.words.one(sat.place),
        )
        for head, sat in desk.seated.items()
    ]
    order = {place: at for at, place in enumerate(desk.room.places)}
    return ask.Seats(
        version=desk.row.version,
        halls=desk.room.halls,
        seats=tuple(sorted(seats, key=lambda seat: (order[seat.place], seat.guest_id, seat.nth))),
        unseated=desk.unseated(desk.waiting()),
        guests=tuple(map(desk.sitting, range(len(desk.order)))),
    )


def draw_plan(conn: Connection, question: ask.DrawPlan) -> ask.SeatPlan:
    desk = Desk.now(conn, question.ceremony_id)
    halls = {hall.key: hall for hall in desk.room.halls}
    key = question.hall or next(iter(halls), None)
    if key is None:
        raise NoHall
    if key not in halls:
        raise NotFound(what="hall", which=key)
    if question.block is not None and f"{key}/{question.block}" not in desk.room.blocks:
        raise NotFound(what="block", which=question.block)
    profile = desk.order.profile
    blocs = {code: profile.word(code, question.language) for code in profile.bloc_order}
    only = None if question.places is None else frozenset(question.places)
    look = Look(question.language, profile.names.order, blocs, question.block, only)
    svg = draw(desk.room, halls[key], _shown(desk, question.language), look)
    return ask.SeatPlan(version=desk.row.version, list_version=desk.guests.head.version, hall=key, svg=svg)


def list_by_door(conn: Connection, question: ask.ListByDoor) -> ask.UsherList:
    desk = Desk.now(conn, question.ceremony_id)
    rows = by_door(desk.room, _shown(desk, question.language), question.language)
    return ask.UsherList(version=desk.row.version, rows=tuple(rows))


def _shown(desk: Desk, language: str) -> dict[str, list[Shown]]:
    people = {guest_id: desk.shown(at) for at, guest_id in enumerate(desk.order.ids)}
    return shown_at(desk.seated, people, hall_words(), language)


def compare_cards(conn: Connection, question: ask.CompareCards) -> ask.Cards:
    return _cards(conn, Desk.now(conn, question.ceremony_id), question.release)


def _cards(conn: Connection, desk: Desk, release: int | None) -> ask.Cards:
    office = caller().office
    which = release or store.parts.last_release(conn, office, desk.ceremony_id)
    if not which:
        return ask.Cards(release=0, version=desk.row.version, cards=())
    printed = GuestsPart.model_validate_json(store.parts.frozen(conn, office, desk.ceremony_id, which))
    now = tuple(map(desk.guests.guest, range(desk.order.coming)))
    return ask.Cards(release=which, version=desk.row.version, cards=tuple(cards(printed.guests, now)))

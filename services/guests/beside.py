"""What is kept of guests beside their rows: told whole before it goes, and put back as far as it still fits.

History, arrangements, seats, a place by hand, and of whom it was said that he is somebody else.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from schemas.answers import AnswerEntry, Arrangements
from services.guests import store
from services.guests.model.lists import Kept
from services.guests.model.placing import ByHand
from services.guests.model.reverting import Reverted, Told
from services.guests.model.seating.filling import Sat, Sitter, kept
from services.guests.rooms import room
from services.guests.store import Placing, seats
from services.guests.store import answers as sql
from services.guests.store import duplicates as pairs
from services.kit.store import Tx

_ANY = 1_000_000  # heads: how many may come is not asked where a seat is given back
_MARK = "seats"  # stands in all that `whole` tells, and in nothing else


def whole(tx: Tx, ceremony_id: str, guests: Collection[Kept]) -> dict[str, dict[str, Any]]:
    """All that is kept of these guests, by id, as JSON has it."""
    said: dict[str, dict[str, Any]] = {one.id: one.model_dump(mode="json") for one in guests}
    for each in said.values():
        each.update(history=[], arrangements=None, seats=[], placing=None, apart=[])
    for guest_id, entries in sql.history(tx.conn, said).items():
        said[guest_id]["history"] = [one.model_dump(mode="json") for one in entries]
    for guest_id, arranged in sql.arrangements(tx.conn, said).items():
        said[guest_id]["arrangements"] = arranged.model_dump(mode="json")
    for (guest_id, nth), sat in seats.seats(tx.conn, ceremony_id).items():
        if guest_id in said:
            said[guest_id]["seats"].append({"nth": nth, **asdict(sat)})
    placings = store.placings(tx.conn, ceremony_id)
    for guest_id in placings.keys() & said.keys():
        said[guest_id]["placing"] = _told(placings[guest_id])
    for first, second in sorted(pairs.told_apart(tx.conn, ceremony_id)):
        for guest_id, other in ((first, second), (second, first)):
            said.get(guest_id, {"apart": []})["apart"].append(other)
    return said


def put_back(tx: Tx, ceremony_id: str, found: Reverted, before: Told, after: Told) -> None:
    """Of who comes back all of it; of who was changed what is still as the change left it."""
    changed = [one for one in found.changed if _MARK in before[one.id] and _MARK in after[one.id]]
    back = {one.id: before[one.id] for one in found.back if _MARK in before[one.id]}
    now = whole(tx, ceremony_id, changed) if changed else {}

    def wanted(name: str) -> dict[str, Any]:
        same = (key for key in now if now[key][name] == after[key][name] != before[key][name])
        return {key: each[name] for key, each in back.items()} | {key: before[key][name] for key in same}

    sql.rewrite_history(tx, {key: _history(before[key], after[key], now[key]) for key in now})
    sql.log(tx, {key: _entries(each["history"]) for key, each in back.items()})
    sql.arrange(tx, {key: Arrangements.model_validate(told or {}) for key, told in wanted("arrangements").items()})
    _seats_back(tx, ceremony_id, wanted("seats"))
    _placings_back(tx, ceremony_id, wanted("placing"))
    pairs.tell_apart(tx, ceremony_id, ((key, other) for key, told in wanted("apart").items() for other in told))


def _history(before: Mapping[str, Any], after: Mapping[str, Any], now: Mapping[str, Any]) -> list[AnswerEntry]:
    """As it was, with what came since."""
    return _entries([*before["history"], *now["history"][len(after["history"]) :]])


def _entries(told: Collection[Any]) -> list[AnswerEntry]:
    return [AnswerEntry.model_validate(one) for one in told]


def _seats_back(tx: Tx, ceremony_id: str, wanted: Mapping[str, Any]) -> None:
    """Where nobody else sits by now."""
    head, seated = seats.head_of(tx.conn, tx.caller.office, ceremony_id), seats.seats(tx.conn, ceremony_id)
    others = {key: sat for key, sat in seated.items() if key[0] not in wanted}
    told = {
        (guest_id, one["nth"]): Sat(one["place"], one["heads"], one["fixed"])
        for guest_id, each in wanted.items()
        for one in each
    }
    sitters = [Sitter(guest_id, heads=_ANY) for guest_id in {key[0] for key in (*others, *told)}]
    then = kept({**others, **told}, room(head.halls), sitters)
    moves = seats.moves_between(seated, then)
    if moves.before:
        seats.save_seating(tx, ceremony_id, head, head._replace(version=head.version + 1), moves)


def _told(placing: Placing) -> dict[str, Any]:
    return {**placing._asdict(), "hand": asdict(placing.hand), "at": placing.at.isoformat()}


def _placings_back(tx: Tx, ceremony_id: str, wanted: Mapping[str, Any]) -> None:
    store.take_placings(tx, wanted)
    for guest_id, told in wanted.items():
        if told:
            placing = {**told, "hand": ByHand(**told["hand"]), "at": datetime.fromisoformat(told["at"])}
            store.put_placing(tx, ceremony_id, guest_id, Placing(**placing))

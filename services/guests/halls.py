"""Halls of the office: those drawn with cells, beside the ready-made ones."""

import schemas.halls.asked as ask
from schemas.errors import NotFound, Refusal, StaleVersion
from schemas.halls import Hall, ready_made, ready_made_hall
from services.guests.model.seating.cells import hall_of
from services.guests.store import seats as store
from services.guests.store.seats import HallRow
from services.kit.context import caller
from services.kit.store import Connection, Tx
from services.lang import clean


class KeyIsReadyMade(Refusal):
    """“{key}” is the key of a ready-made hall. Choose another one for yours."""

    status = 409


def list_halls(conn: Connection, _question: ask.ListHalls) -> ask.HallList:
    own = [in_short(Hall.model_validate_json(row.body), row.version) for row in store.halls(conn, caller().office)]
    return ask.HallList(halls=(*own, *map(in_short, ready_made())))


def get_hall(conn: Connection, question: ask.GetHall) -> Hall:
    return Hall.model_validate_json(hall_body(conn, caller().office, question.hall))


def check_hall(_conn: Connection, question: ask.CheckHall) -> ask.HallDrawn:
    return _drawn(question)[1]


def draw_hall(tx: Tx, command: ask.DrawHall) -> ask.HallDrawn:
    """Nothing is kept where an error forbids it."""
    hall, answer = _drawn(command)
    if hall is None or answer.hall is None:
        return answer
    old = store.hall_of(tx.conn, tx.caller.office, command.hall)
    actual = old.version if old else 0
    _expect(command.expected_version, actual)
    store.save_hall(tx, HallRow(command.hall, actual + 1, hall.model_dump_json()))
    fact = ask.HallSaved(version=actual + 1, seats=len(hall.seats), standing=hall.standing)
    tx.emit(fact, command.hall)
    return answer.model_copy(update={"hall": in_short(hall, actual + 1)})


def remove_hall(tx: Tx, command: ask.RemoveHall) -> ask.HallRemoved:
    old = store.hall_of(tx.conn, tx.caller.office, command.hall)
    if old is None:
        raise NotFound(what="hall", which=command.hall)
    _expect(command.expected_version, old.version)
    store.remove_hall(tx, command.hall)
    tx.emit(ask.HallGone(version=old.version), command.hall)
    return ask.HallRemoved(key=command.hall)


def _expect(expected: int | None, actual: int) -> None:
    if expected is not None and expected != actual:
        raise StaleVersion(what="The hall", expected=expected, actual=actual)


def hall_body(conn: Connection, office: str, key: str) -> str:
    """The JSON of the office's own hall of that key, else of the ready-made one."""
    own = store.hall_of(conn, office, key)
    return own.body if own else ready_made_hall(key).model_dump_json()


def in_short(hall: Hall, version: int | None = None) -> ask.HallInShort:
    return ask.HallInShort(
        key=hall.key,
        label=hall.label,
        outdoor=hall.outdoor,
        seats=len(hall.seats),
        standing=hall.standing,
        ready_made=version is None,
        version=version,
    )


def _drawn(said: ask.CheckHall | ask.DrawHall) -> tuple[Hall | None, ask.HallDrawn]:
    if any(hall.key == said.hall for hall in ready_made()):
        raise KeyIsReadyMade(key=said.hall)
    drawn = hall_of(said.sheet, said.hall, clean(said.name), outdoor=said.outdoor)
    short = in_short(drawn.hall, 0) if drawn.hall else None
    return drawn.hall, ask.HallDrawn(hall=short, problems=tuple(drawn.problems))

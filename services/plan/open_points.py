"""What nobody knows yet: one note for each open point, so that the check list shows it. Nothing here is an error."""

from collections.abc import Iterator, Sequence

from schemas import open_points
from schemas.errors import Problem
from schemas.protocol import Profile
from schemas.scheduling import CeremonyFields
from services.plan.honours import Honours
from services.plan.order import Planned
from services.plan.people import Listed
from services.plan.row import Row
from services.plan.telling import Place, told

_ROWS_SHOWN = 12


def of_ceremony(file: str, fields: CeremonyFields) -> Iterator[Problem]:
    return (told("note", Place(file), sentence) for sentence in open_points.of_ceremony(fields))


def of_order(planned: Sequence[Planned], profile: Profile) -> Iterator[Problem]:
    for found in open_points.of_items([one.item for one in planned], profile):
        rows = [planned[at].row for at in found.places]
        yield from _of_rows(found.of_rows, rows, found.total)


def of_guests(listed: Sequence[Listed]) -> Iterator[Problem]:
    groups = [one for one in listed if one.guest.group]
    uncounted = [one.row for one in groups if one.guest.group and one.guest.group.head_count is None]
    yield from _of_rows("Groups without a head count: {count} of {total} (rows {rows}).", uncounted, len(groups))
    persons = [one for one in listed if one.guest.person]
    silent = [one.row for one in persons if one.guest.person and not one.guest.person.email]
    yield from _of_rows("Persons without an e-mail address: {count} of {total} (rows {rows}).", silent, len(persons))


def of_honours(honours: Honours) -> Iterator[Problem]:
    for decision in honours.decisions:
        rows = [one.row for one in honours.lines if one.line.decision == decision.key]
        if not decision.number:
            yield from _of_rows("Awards whose decision has no number yet: {count} (rows {rows}).", rows)
        elif decision.on is None:
            sentence = "Decision {number} has no date yet (rows {rows})."
            yield from _of_rows(sentence, rows, number=decision.number)
        elif not decision.signer:
            sentence = "Decision {number} has no signer yet (rows {rows})."
            yield from _of_rows(sentence, rows, number=decision.number)
    groups = [one for one in honours.lines if one.line.recipient_kind == "group"]
    nameless = [one.row for one in groups if one.line.head_count is None]
    sentence = "Lines for a group whose head count is not known: {count} (rows {rows})."
    yield from _of_rows(sentence, nameless)


def _of_rows(sentence: str, rows: Sequence[Row], total: int = 0, /, **params: str) -> Iterator[Problem]:
    if rows:
        shown = ", ".join(str(row.number) for row in rows[:_ROWS_SHOWN]) + (" …" if len(rows) > _ROWS_SHOWN else "")
        place = rows[0].page.place()
        yield told("note", place, sentence, None, count=len(rows), total=total, rows=shown, **params)

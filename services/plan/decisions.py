"""Decisions on awards, gathered from the lines that cite them; of what nobody knows there is one, called unknown."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from schemas.awards import DecisionFields
from services.lang import match_key
from services.plan.keys import Keys
from services.plan.row import Row

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Cited:
    """What one row says of its decision."""

    row: Row
    number: str | None
    on: date | None
    signer: str | None
    signer_post: str | None
    authority: str | None

    @property
    def anything(self) -> bool:
        return any((self.number, self.on, self.signer, self.signer_post, self.authority))

    @property
    def identity(self) -> tuple[str, date | None, str, str]:
        """Number, date and signer: rows that agree in them cite one decision. Without number the authority counts."""
        authority = "" if self.number else match_key(self.authority or "")
        return match_key(self.number or ""), self.on, match_key(self.signer or ""), authority


def cite(row: Row) -> Cited:
    return Cited(
        row,
        number=row.text("number"),
        on=row.day("on"),
        signer=row.text("signer"),
        signer_post=row.text("signer_post"),
        authority=row.text("authority"),
    )


class Decisions:
    """A row that gives the number alone cites the one decision of this number that other rows tell more of."""

    def __init__(self, cited: Sequence[Cited]) -> None:
        whole = _completed(cited)
        self._keys: dict[int, str] = {}
        groups: dict[tuple[str, date | None, str, str], list[Cited]] = defaultdict(list)
        for one in whole:
            groups[one.identity].append(one)
        keys = Keys([UNKNOWN])
        self.fields = tuple(self._decision(rows, keys) for rows in groups.values())

    def key(self, cited: Cited | None) -> str | None:
        return self._keys[cited.row.number] if cited else None

    def _decision(self, rows: list[Cited], keys: Keys) -> DecisionFields:
        first = rows[0]
        known = first.number or " ".join(filter(None, (first.signer, str(first.on or ""), first.authority)))
        key = keys.of(known) if known else UNKNOWN
        self._keys.update({one.row.number: key for one in rows})
        return DecisionFields(
            key=key,
            number=first.number,
            on=first.on,
            signer=first.signer,
            signer_post=_agreed(rows, "signer_post"),
            authority=_agreed(rows, "authority"),
        )


def _completed(cited: Sequence[Cited]) -> list[Cited]:
    """Date and signer filled in from rows of the same number, where those agree."""
    by_number: dict[str, list[Cited]] = defaultdict(list)
    for one in cited:
        if one.number:
            by_number[match_key(one.number)].append(one)
    days = {number: {one.on for one in rows if one.on} for number, rows in by_number.items()}
    signers = {
        number: {match_key(one.signer): one.signer for one in rows if one.signer}
        for number, rows in by_number.items()
    }
    for number, rows in by_number.items():
        if len(days[number]) > 1 or len(signers[number]) > 1:
            _contradict(rows)
    return [_complete(one, days, signers) if one.number else one for one in cited]


def _complete(one: Cited, days: dict[str, set[date]], signers: dict[str, dict[str, str]]) -> Cited:
    number = match_key(one.number or "")
    on = one.on or (next(iter(days[number])) if len(days[number]) == 1 else None)
    signer = one.signer or (next(iter(signers[number].values())) if len(signers[number]) == 1 else None)
    return replace(one, on=on, signer=signer)


def _contradict(rows: list[Cited]) -> None:
    last = rows[-1]
    sentence = "Decision {number} stands in the rows {rows} with different dates or signers."
    hint = "Correct them, if it is one decision; they are kept as several."
    numbers = ", ".join(str(one.row.number) for one in rows)
    last.row.doubt("number", sentence, hint, number=last.number or "", rows=numbers)


def _agreed(rows: list[Cited], field: str) -> str | None:
    """What the rows say; where they differ the first, and a warning."""
    said = [(one, value) for one in rows if (value := getattr(one, field))]
    for one, value in said[1:]:
        if match_key(value) != match_key(said[0][1]):
            sentence = "“{value}” differs from “{first}”, which row {row} says of the same decision."
            hint, first = "Correct one of them; the first is kept.", said[0][0].row.number
            one.row.doubt(field, sentence, hint, value=value, first=said[0][1], row=first)
    return said[0][1] if said else None

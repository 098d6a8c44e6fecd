"""Problems of spreadsheets: made in one line, and never so many that the first ones are not seen."""

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from schemas.errors import Problem

Severity = Literal["error", "warning", "note"]
SHOWN_OF_A_KIND = 20


def problem(
    sentence: str,
    hint: str | None = None,
    *,
    severity: Severity = "error",
    file: str | None = None,
    sheet: str | None = None,
    row: int | None = None,
    column: str | None = None,
    **params: str | int | None,
) -> Problem:
    """`file` and `sheet` also fill the placeholders of their names; a None fills nothing."""
    values = {
        name: str(value) for name, value in {"file": file, "sheet": sheet, **params}.items() if value is not None
    }
    return Problem(
        severity=severity, file=file, sheet=sheet, row=row, column=column, sentence=sentence, params=values, hint=hint
    )


def capped(problems: Iterable[Problem]) -> list[Problem]:
    """At most 20 of one kind in one sheet, then one that counts the others."""
    kept: list[Problem] = []
    first: dict[tuple[str | None, str | None, str], Problem] = {}
    seen: Counter[tuple[str | None, str | None, str]] = Counter()
    for found in problems:
        kind = (found.file, found.sheet, found.sentence)
        seen[kind] += 1
        first.setdefault(kind, found)
        if seen[kind] <= SHOWN_OF_A_KIND:
            kept.append(found)
    return kept + [_and_more(first[kind], count) for kind, count in seen.items() if count > SHOWN_OF_A_KIND]


def _and_more(like: Problem, count: int) -> Problem:
    sentence = "{count} more problems are like this one: {example}"
    return problem(
        sentence,
        like.hint,
        severity=like.severity,
        file=like.file,
        sheet=like.sheet,
        count=count - SHOWN_OF_A_KIND,
        example=like.text(),
    )

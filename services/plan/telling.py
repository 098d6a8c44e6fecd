"""A problem with its place, made in one line; what fills the placeholders follows by name."""

from typing import NamedTuple

from schemas.errors import Problem
from services.kit.sheets.problems import Severity


class Place(NamedTuple):
    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None


def told(severity: Severity, place: Place, sentence: str, hint: str | None = None, /, **params: str | int) -> Problem:
    """`file` is always one of the placeholders."""
    values = {"file": place.file, **{name: str(value) for name, value in params.items()}}
    return Problem(
        severity=severity,
        file=place.file,
        sheet=place.sheet,
        row=place.row,
        column=place.column,
        sentence=sentence,
        params=values,
        hint=hint,
    )

"""Refusals and problems: sentences that say what is wrong, where, and what to do, kept apart from their values.

The English sentence is the message id of the catalogues in templates/locale, so every face translates it at its edge.
"""

import re
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict


class Refusal(Exception):
    """The request was refused."""

    status: ClassVar[int] = 422

    def __init__(self, **params: Any) -> None:
        super().__init__(params)
        self.params = {name: str(value) for name, value in params.items()}

    @property
    def code(self) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "-", type(self).__name__).lower()

    @property
    def sentence(self) -> str:
        """The English sentence with {placeholders}: the docstring of the class, white space folded."""
        return " ".join((type(self).__doc__ or "").split())

    def __str__(self) -> str:
        return fill(self.sentence, self.params)

    def on_wire(self) -> "RefusalOnWire":
        return RefusalOnWire(code=self.code, status=self.status, sentence=self.sentence, params=self.params)


class NotFound(Refusal):
    """There is no {what} {which}. Look at the list for the right name."""

    status = 404


class StaleVersion(Refusal):
    """{what} was changed meanwhile: you have version {expected}, it is at version {actual}.
    Load it again and repeat your change.
    """

    status = 409


class RequestReused(Refusal):
    """The request id {id} was used before for something else. Give every new request an id of its own."""


class UnderWay(Refusal):
    """An {work} of {what} is under way. Wait until it has finished, then try again."""

    status = 409


class Unavailable(Refusal):
    """{what} cannot be reached just now. Try again in a few seconds with the same request: nothing is done twice."""

    status = 503


class Invalid(Refusal):
    """{where}: {what}"""

    status = 422


class RefusalOnWire(BaseModel):
    """A refusal as it travels in a reply."""

    model_config = ConfigDict(frozen=True)
    code: str
    status: int
    sentence: str
    params: dict[str, str] = {}


class Refused(Refusal):
    """What another service refused; its code, sentence and values are the original ones."""

    def __init__(self, wire: RefusalOnWire) -> None:
        super().__init__(**wire.params)
        self.wire = wire

    @property
    def code(self) -> str:
        return self.wire.code

    @property
    def sentence(self) -> str:
        return self.wire.sentence

    def on_wire(self) -> RefusalOnWire:
        return self.wire


class Problem(BaseModel):
    """One thing wrong in what a person wrote: where it is, what is wrong, and what would be right."""

    model_config = ConfigDict(frozen=True)
    severity: Literal["error", "warning", "note"] = "error"
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    sentence: str
    params: dict[str, str] = {}
    hint: str | None = None

    def text(self) -> str:
        return fill(self.sentence, self.params)

    def where(self) -> str:
        """file, sheet, row, column as far as they are known, in reading order."""
        cell = f"{self.column or ''}{self.row or ''}"
        return " · ".join(part for part in (self.file, self.sheet, cell) if part)


def fill(sentence: str, params: dict[str, str]) -> str:
    """The sentence with its {placeholders} filled; a brace that is no placeholder stays as it is."""
    return re.sub(r"\{(\w+)\}", lambda found: params.get(found[1], found[0]), sentence)

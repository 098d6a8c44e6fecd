"""One row of a table while it is read: typed values come out, what is wrong is noted with row and column."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, time
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from services.kit.sheets import Record
from services.lang import (
    Unreadable,
    clean,
    clean_block,
    match_key,
    parse_date,
    parse_duration,
    parse_number,
    parse_time,
)
from services.plan.columns import Terms, Unknown, unknown_signs
from services.plan.page import Page
from services.plan.telling import Place, told

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

_MOST = 10**9
_LONGEST_SIGN = 20
_TYPED = {"date", "time", "datetime", "duration", "number"}
_BETWEEN_ENTRIES = re.compile(r"[;\n]")
# One pair of marks around all of it; a mark inside would be the end of a first entry and the beginning of a second.
_QUOTED = re.compile(r"""^[“"„«]([^“”"„«»]+)[”"“»]$""", re.DOTALL)


class Row:
    """An unknown value and an empty cell both read as None."""

    def __init__(self, page: Page, record: Record) -> None:
        self.page, self.record = page, record

    @property
    def number(self) -> int:
        return self.record.row

    def wrong(self, key: str | None, sentence: str, hint: str | None = None, /, **params: str | int) -> None:
        self.page.problems.append(told("error", self.place(key), sentence, hint, **params))

    def doubt(self, key: str | None, sentence: str, hint: str | None = None, /, **params: str | int) -> None:
        self.page.problems.append(told("warning", self.place(key), sentence, hint, **params))

    def remark(self, key: str | None, sentence: str, hint: str | None = None, /, **params: str | int) -> None:
        self.page.problems.append(told("note", self.place(key), sentence, hint, **params))

    def place(self, key: str | None) -> Place:
        return self.page.place(self.number, key)

    def text(self, key: str) -> str | None:
        """On one line."""
        if not (typed := self.record.text(key)):  # most cells are empty
            return None
        text = clean(typed)
        return None if is_unknown(text) else text

    def block(self, key: str) -> str | None:
        """With its line breaks."""
        text = clean_block(self.record.text(key))
        return None if is_unknown(text) else text

    def entries(self, key: str) -> list[str]:
        """Parted at line breaks and semicolons, never at commas: official names hold commas."""
        if not (typed := self.record.text(key)):
            return []
        text = clean_block(typed)
        if quoted(text) is not None:
            return [clean(text)]
        if is_unknown(text):
            return []
        return [clean(part) for part in _BETWEEN_ENTRIES.split(text) if clean(part)]

    def required(self, key: str) -> str | None:
        text = self.text(key)
        if text is None:
            heading = self.page.titles[key]
            self.wrong(key, "“{heading}” is empty in this row.", "Write it, or delete the row.", heading=heading)
        return text

    def day(self, key: str) -> date | None:
        return self._value(key, parse_date)

    def clock(self, key: str) -> time | None:
        return self._value(key, parse_time)

    def minutes(self, key: str) -> int | None:
        return self._value(key, parse_duration)

    def count(self, key: str) -> int | None:
        """A whole number that is not negative."""
        group, decimal = self.page.marks
        number = self._value(key, lambda value: parse_number(value, group, decimal))
        if number is None or (isinstance(number, int) and 0 <= number < _MOST):
            return number
        sentence = "“{text}” is not a number of things that can be counted."
        self.wrong(key, sentence, "Write a whole number, for example 728.", text=self.record.text(key))
        return None

    def _value(self, key: str, parse: Callable[[Any], T]) -> T | None:
        """Of a cell that holds a date, a time or a number the value itself, else of its text."""
        text, cell = self.text(key), self.record[key]
        if text is None:
            return None
        return self.parsed(key, cell.value if cell.kind in _TYPED else text, parse)

    def parsed(self, key: str, value: object, parse: Callable[[Any], T]) -> T | None:
        try:
            return parse(value)
        except Unreadable as why:
            self.wrong(key, why.sentence, **why.params)
            return None

    def choice(self, key: str, terms: Terms, unknown: Unknown) -> str | None:
        """The code of the word in the cell."""
        text = self.text(key)
        return self.coded(key, text, terms, unknown) if text else None

    def coded(self, key: str, text: str, terms: Terms, unknown: Unknown) -> str | None:
        code = terms.code(text)
        if code is None:
            self.page.looks -= 1
            sentence, values = terms.unknown(text, unknown, look=self.page.looks >= 0)
            self.wrong(key, sentence, **values)
        return code

    def build(self, model: type[M], values: Mapping[str, Any], keys: Mapping[str, str] | None = None) -> M | None:
        """The model of these values; `keys` names the columns of the fields that are called otherwise."""
        try:
            return model.model_validate(values)
        except ValidationError as why:
            for error in why.errors(include_url=False):
                self._refused(error, keys or {})
            return None

    def _refused(self, error: Any, keys: Mapping[str, str]) -> None:
        field = str(error["loc"][0]) if error["loc"] else ""
        key = keys.get(field, field)
        if error["type"] == "string_too_long":
            length, limit = len(error["input"]), error["ctx"]["max_length"]
            self.wrong(key, TOO_LONG, "Write it shorter; the rest may go into the notes.", length=length, limit=limit)
        else:
            self.wrong(key, "This cannot be used: {why}.", why=error["msg"])


def rows(page: Page) -> Iterator[Row]:
    """Those that say anything at all."""
    for record in page.table.records if page.table else ():
        if not all(is_unknown(cell.text) for cell in record.cells.values()):
            yield Row(page, record)


TOO_LONG = "This text has {length} characters; at most {limit} fit."


def is_unknown(text: str) -> bool:
    return not text or (len(text) <= _LONGEST_SIGN and match_key(text) in unknown_signs())


def quoted(text: str) -> str | None:
    """What stands between quotation marks, if the whole text does."""
    found = _QUOTED.match(text)
    return found[1].strip() if found else None

"""The words by which a list is recognised, and how surely a heading means a column."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from services.kit.sheets.headings import ColumnSpec, Headings, fold
from services.lang.text import match_key

NUMBER = "#"  # the field of a column that only numbers the rows
_FUZZY, _SHORTEST = 0.82, 4
# What may stand before an entry or a group: I. A. 1) - + •
_ENUMERATED = re.compile(
    r"(?:(?P<big>[IVXLC]{1,6}|[A-ZĐ])|(?P<small>\d{1,4}(?:\.\d{1,3})*))\s?[.)/:\-–]\s*|[-–+•*]\s+"
)


class Guess(NamedTuple):
    """`confidence` is 1 where the heading is known word for word."""

    field: str
    confidence: float


@dataclass(frozen=True)
class ListWords:
    """`main`: the field of every entry; `parts`: fields that together say it, such as family and given name; `own`:
    the field that only tables have that we wrote: each of their rows is an entry, and meant as it stands.

    `opening`, `totals`, `foot`, `groups`: how such rows begin; see body.
    """

    columns: Mapping[str, ColumnSpec]
    main: str
    numbering: tuple[str, ...]
    opening: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    own: str = ""

    @cached_property
    def headings(self) -> Headings:
        return Headings({NUMBER: ColumnSpec(self.numbering), **self.columns}, ())

    def exact(self, heading: str) -> str | None:
        """The field of a heading that is known word for word; a long text is none."""
        return self.headings.key(heading) if 0 < len(heading) <= 80 else None  # noqa: PLR2004 - signs of a heading

    def guess(self, heading: str) -> Guess | None:
        """What a heading probably means."""
        if found := self.exact(heading):
            return Guess(found, 1.0)
        folded = fold(heading)
        if len(folded) < _SHORTEST:
            return None
        return self._contained(folded) or self._fuzzy(folded)

    def _contained(self, folded: str) -> Guess | None:
        """The longest known heading that it begins with, or else holds."""
        for confidence, fits in ((0.8, folded.startswith), (0.65, folded.__contains__)):
            held = [name for name in self._folded if len(name) >= _SHORTEST and fits(name)]
            if held:
                return Guess(self._folded[max(held, key=len)], confidence)
        return None

    def _fuzzy(self, folded: str) -> Guess | None:
        near = difflib.get_close_matches(folded[:60], self._folded, n=1, cutoff=_FUZZY)
        return Guess(self._folded[near[0]], 0.6) if near else None

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {fold(name): key for key, spec in self.headings.columns.items() for name in spec.names}

    def is_opening(self, text: str) -> bool:
        return _begins(text, self.opening)

    def is_total(self, text: str) -> bool:
        return _begins(text, self.totals)

    def is_foot(self, text: str) -> bool:
        return _begins(text, self.foot)

    def is_group(self, text: str) -> bool:
        return _begins(text, self.groups)


def _begins(text: str, words: Iterable[str]) -> bool:
    said = f"{match_key(_ENUMERATED.sub('', text[:200], count=1)).rstrip(':.')} "
    return any(said.startswith(f"{word} ") for word in _keys(tuple(words)))


@lru_cache(64)
def _keys(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(match_key, words))


def without_number(text: str) -> str:
    """An entry without its number or bullet: “1. Nguyễn Văn An” is Nguyễn Văn An. A dash inside stays."""
    found = _ENUMERATED.match(text)
    return text[found.end() :] if found and not found["big"] else text


def group_label(text: str) -> str:
    """A group's label without what counts it: “I. Lãnh đạo Trung ương:” is Lãnh đạo Trung ương."""
    return _ENUMERATED.sub("", text, count=1).strip().rstrip(":").strip() or text


def is_counted_big(text: str) -> bool:
    """Whether a text begins with a Roman number or a letter, as groups are counted."""
    found = _ENUMERATED.match(text)
    return bool(found and found["big"])


def is_big_number(text: str) -> bool:
    """A Roman number or a letter alone, in the column of numbers."""
    return re.fullmatch(r"(?:[IVXLC]{1,6}|[A-ZĐ])[.)]?", text) is not None

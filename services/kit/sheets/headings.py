"""How a heading is recognized: what it folds to, which row holds the heads, what a mistyped one meant."""

import difflib
import itertools
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from services.kit.sheets.cells import Merge, Sheet
from services.lang.text import search_key

LOOKED_AT = 30
_LONGEST = 200
_ASIDE = re.compile(r"\([^)]*\)|\[[^]]*\]|\*")


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """`names`: the headings that mean this column, the first one as it is shown to people."""

    names: tuple[str, ...]
    required: bool = False

    @property
    def title(self) -> str:
        return self.names[0]


def fold(heading: str) -> str:
    """Letters and digits alone, without case and accents: "Họ và tên:" is hovaten."""
    return "".join(sign for sign in search_key(heading[:_LONGEST]) if sign.isalnum())


class Headings:
    """Which column a heading means."""

    def __init__(self, columns: Mapping[str, ColumnSpec], ignored: Collection[str]) -> None:
        self.columns = columns
        self._keys: dict[str, str] = {}
        for key, spec in columns.items():
            for name in spec.names:
                if self._keys.setdefault(fold(name), key) != key:
                    raise ValueError(f"the heading {name!r} means both {self._keys[fold(name)]} and {key}")
        self._ignored = {fold(name) for name in ignored} | {""}

    def key(self, heading: str) -> str | None:
        """The column's key, with or without what stands in brackets; None where the heading is not known."""
        return self._keys.get(fold(heading)) or self._keys.get(fold(_ASIDE.sub("", heading)))

    def ignores(self, heading: str) -> bool:
        return {fold(heading), fold(_ASIDE.sub("", heading))} & self._ignored != set()

    def nearest(self, heading: str, taken: Collection[str]) -> str | None:
        """The title of the column that was probably meant, among those that no other heading means already."""
        free = [folded for folded, key in self._keys.items() if key not in taken]
        near = difflib.get_close_matches(fold(heading)[:60], free, n=1, cutoff=0.72)
        return self.columns[self._keys[near[0]]].title if near else None

    def count(self, texts: Iterable[str]) -> tuple[int, int]:
        """How many required and how many columns at all a row names, each counted once."""
        keys = {key for text in texts if text and (key := self.key(text))}
        return sum(self.columns[key].required for key in keys), len(keys)


def merged_down(sheet: Sheet) -> dict[tuple[int, int], Merge]:
    """The merge by (row, column) for each cell that continues the one above it: those say the same once more."""
    last = len(sheet.rows)
    continued = (
        (row, merge) for merge in sheet.merges for row in range(merge.first_row + 1, min(merge.last_row, last) + 1)
    )
    # Merges that overlap, which no program writes, could otherwise keep this busy for long.
    room = last * max((len(row) for row in sheet.rows), default=0)
    return {(row, merge.first_column): merge for row, merge in itertools.islice(continued, room)}


def head_row(sheet: Sheet, headings: Headings, down: Mapping[tuple[int, int], Merge]) -> int | None:
    """The row of the first 30 that names most required columns, then most columns; None where none names any."""
    best: tuple[tuple[int, int], int | None] = ((0, 0), None)
    for row in range(1, min(LOOKED_AT, len(sheet.rows)) + 1):
        count = headings.count(text_at(sheet, down, row, column) for column in range(1, width(sheet, row) + 1))
        if count[1] and count > best[0]:
            best = (count, row)
    return best[1]


def below_heads(row: int, sheet: Sheet) -> int:
    """The first row after the heads: heads merged with the row under them reach that far."""
    last = row
    for merge in sheet.merges:
        if merge.first_row <= row < merge.last_row:
            last = max(last, merge.last_row)
    return last + 1 if last - row < LOOKED_AT else row + 1


def text_at(sheet: Sheet, down: Mapping[tuple[int, int], Merge], row: int, column: int) -> str:
    text = sheet.cell(row, column).text
    if not text and (merge := down.get((row, column))):
        text = sheet.cell(merge.first_row, merge.first_column).text
    return text


def width(sheet: Sheet, row: int) -> int:
    """How far a row reaches, counting cells merged with the ones above."""
    merged = (merge.first_column for merge in sheet.merges if merge.first_row < row <= merge.last_row)
    return max(len(sheet.rows[row - 1]), max(merged, default=0))

"""Which rows below the heads are entries, which are headings of groups, and which are neither, with the reason."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from services.kit.sheets.cells import Cell, Merge, Sheet
from services.kit.sheets.finding.content import looks_like_name
from services.kit.sheets.finding.heads import FoundTable
from services.kit.sheets.finding.words import (
    NUMBER,
    ListWords,
    group_label,
    is_big_number,
    is_counted_big,
    without_number,
)
from services.kit.sheets.headings import merged_down
from services.kit.sheets.tables import is_numbering

Why = Literal["numbering", "heads", "total", "below", "title", "hidden"]
_USUALLY = 0.5
_DATED = re.compile(r".{0,60}\bngày\b.{0,20}\btháng\b.{0,20}\bnăm\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: its cells by field, and the heading of its group. `doubtful`: it may be the heading of a group."""

    row: int
    cells: Mapping[str, Cell]
    group: str | None = None
    doubtful: bool = False

    def text(self, name: str) -> str:
        cell = self.cells.get(name)
        return cell.text if cell else ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is no entry."""

    row: int
    why: Why
    text: str


@dataclass(slots=True)
class Body:
    """The rows of a table, each of them told once."""

    entries: list[Entry] = field(default_factory=list)
    groups: list[tuple[int, str]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def doubtful(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.doubtful]


def read_body(
    table: FoundTable, words: ListWords, *, hidden: bool = True, as_groups: frozenset[int] = frozenset()
) -> Body:
    """`hidden`: also read hidden rows. `as_groups`: rows of which a person said that they head a group."""
    return _Reader(table, words, hidden=hidden, as_groups=as_groups).read()


class _Reader:
    """Goes down the rows of one table; the group that it last met is that of the rows below."""

    def __init__(self, table: FoundTable, words: ListWords, *, hidden: bool, as_groups: frozenset[int]) -> None:
        self.table, self.words, self.sheet = table, words, table.sheet
        self.hidden, self.as_groups = hidden, as_groups
        self.fields = {column.number: column.field for column in table.columns if column.field}
        self.numbers = [number for column in table.columns for number in (column.number, *column.also)]
        self.also = {column.number: column.also for column in table.columns if column.also}
        self.main = next((at for at, name in self.fields.items() if name == words.main), None)
        self.counter = next((at for at, name in self.fields.items() if name == NUMBER), None)
        self.own = words.own in self.fields.values()
        self.down = merged_down(self.sheet)
        self.across = _across(self.sheet, self.numbers)
        self.heads = {self.sheet.cell(row, self.main or 1).text for row in table.heads} - {""}
        self.body, self.group, self.ended = Body(), "", False

    def read(self) -> Body:
        for row in range(self.table.first, self.table.last + 1):
            written = self._written(row)
            if not written:
                continue
            if why := self._why_not(row, written):
                self.body.left_out.append(LeftOut(row, why, _told(written)))
            elif self._is_group(row, written):
                self.group = group_label(self._label(written))
                self.body.groups.append((row, self.group))
            else:
                self.body.entries.append(Entry(row, self._cells(row), self.group or None))
        self._doubt()
        return self.body

    def _written(self, row: int) -> dict[int, Cell]:
        cells = self.sheet.rows[row - 1]
        width = len(cells)
        return {
            number: cells[number - 1]
            for number in self.numbers
            if number <= width and cells[number - 1].kind != "empty"
        }

    def _why_not(self, row: int, written: Mapping[int, Cell]) -> Why | None:
        if self.own or (not self.hidden and row in self.sheet.hidden_rows):
            return None if self.hidden or row not in self.sheet.hidden_rows else "hidden"
        if row == self.table.first and self.table.heads and is_numbering(self.sheet, row):
            return "numbering"
        main = written.get(self.main or 0)
        if main and main.text in self.heads:
            return "heads"
        if 1 < len(written) == len(self.numbers) and not self.ended:
            return None
        texts = [cell.text for cell in written.values()]
        if any(self.words.is_total(text) for text in texts[:2]):
            self.ended = True
            return "total"
        return self._why_below(written, texts)

    def _why_below(self, written: Mapping[int, Cell], texts: list[str]) -> Why | None:
        """Signatures and the like; and titles, where there are no heads to end them."""
        foot = any(self.words.is_foot(text) or _DATED.fullmatch(text) for text in texts)
        few = len(written) <= max(1, len(self.numbers) // 3)
        if foot or (self.ended and (few or self.main not in written)):
            self.ended = True
            return "below"
        names = any(looks_like_name(text) and not self.words.is_opening(text) for text in texts)
        if not self.table.heads and not self.body.entries and not names:
            return "title"
        return None

    def _is_group(self, row: int, written: Mapping[int, Cell]) -> bool:
        if row in self.as_groups or self.own:
            return row in self.as_groups
        counter = written.get(self.counter or 0)
        numbered = counter is not None and is_big_number(counter.text)
        others = [at for at in written if at != self.counter]
        if numbered:
            return len(others) <= 1
        if len(written) != 1:
            return False
        (at, cell), *_ = written.items()
        if len(self.numbers) == 1:
            return is_counted_big(cell.text) or (cell.text.endswith(":") and not looks_like_name(cell.text))
        return self._heads_rows(row, at, cell.text)

    def _heads_rows(self, row: int, at: int, text: str) -> bool:
        """Of a text that stands alone in a row of a table of several columns."""
        if row in self.across or is_counted_big(text) or text.endswith(":") or self.words.is_group(text):
            return True
        counter = at == self.counter and not text.rstrip(".)").isdecimal()
        return counter or (at != self.main and not self.fields.get(at))

    def _label(self, written: Mapping[int, Cell]) -> str:
        return max((cell.text for at, cell in written.items() if at != self.counter), key=len, default="") or _told(
            written
        )

    def _cells(self, row: int) -> dict[str, Cell]:
        cells = {}
        for number, name in self.fields.items():
            cell = self._cell(row, number)
            if number in self.also:
                parts = (cell.text, *(self._cell(row, other).text for other in self.also[number]))
                text = " ".join(part for part in parts if part)
                cell = Cell(text, "text", text)
            if number == self.main and self.counter is None and cell.text and not self.own:
                text = without_number(cell.text)
                cell = Cell(text, cell.kind, text)
            if cell.kind != "empty" and name != NUMBER:
                cells[name] = cell
        return cells

    def _cell(self, row: int, number: int) -> Cell:
        """Cells merged downwards say the same for each of their rows; a person's name does not."""
        cell = self.sheet.cell(row, number)
        if cell.kind == "empty" and number != self.main and (merge := self.down.get((row, number))):
            return self.sheet.cell(merge.first_row, merge.first_column)
        return cell

    def _doubt(self) -> None:
        """An entry of a name alone, where most others say more, may be the heading of a group."""
        if self.own:
            return
        sizes = Counter(len(entry.cells) > 1 for entry in self.body.entries)
        if sizes[True] <= _USUALLY * len(self.body.entries):
            return
        self.body.entries[:] = [
            Entry(entry.row, entry.cells, entry.group, doubtful=True) if self._alone(entry) else entry
            for entry in self.body.entries
        ]

    def _alone(self, entry: Entry) -> bool:
        counted = self.counter is not None and self.sheet.cell(entry.row, self.counter).text
        return len(entry.cells) == 1 and not counted and entry.row not in self.as_groups


def _told(written: Mapping[int, Cell]) -> str:
    return " · ".join(cell.text for cell in written.values())[:120]


def _across(sheet: Sheet, numbers: list[int]) -> dict[int, Merge]:
    """Rows in which one merge covers several columns of the table."""
    return {
        merge.first_row: merge
        for merge in sheet.merges
        if sum(merge.first_column <= number <= merge.last_column for number in numbers) > 1
    }

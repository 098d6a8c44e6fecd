"""Scans content.xml of an ods for formulas, merges and extent, before calamine opens it."""

import itertools
import re
import zipfile

from services.kit.sheets_child.marks import Marks, local, parse

_LONGEST, _REPEATED = 500, 1_000
_HIDDEN = ("collapse", "filter")
_BRACKETS = re.compile(r"\[\.([^\]]+)\]")


def scan(container: zipfile.ZipFile) -> dict[str, Marks]:
    """The marks of every table by its name (OpenDocument 1.3 part 3, chapter 9)."""
    content = _ContentScan()
    with container.open("content.xml") as stream:
        parse(stream, content.start, content.end)
    return content.sheets


class _ContentScan:
    """Rows and cells count by their repetition; a row without content reaches nowhere."""

    def __init__(self) -> None:
        self.sheets: dict[str, Marks] = {}
        self.marks: Marks | None = None
        self.depth = 0
        self.row = self.column = self.columns = 0
        self.rows = 1
        self.cell = (0, 0)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.depth += 1
            if self.depth == 1:
                self.marks = self.sheets.setdefault(attributes.get("table:name", ""), Marks())
                self.row, self.rows, self.columns = 0, 1, 0
                self.cell = (0, 0)
        elif self.depth == 1 and self.marks:
            self._inside(name, attributes, self.marks)

    def _inside(self, name: str, attributes: dict[str, str], marks: Marks) -> None:
        if name == "table:table-row":
            self.row += self.rows
            self.column = 1
            self.rows = _count(attributes, "table:number-rows-repeated")
            if attributes.get("table:visibility") in _HIDDEN:
                marks.hide(rows=range(self.row, self.row + min(self.rows, _REPEATED)))
        elif name == "table:table-column":
            self._column(attributes, marks)
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._cell(attributes, marks)
        elif name == "text:p":
            self._used(marks)

    def _column(self, attributes: dict[str, str], marks: Marks) -> None:
        first, self.columns = self.columns + 1, self.columns + _count(attributes, "table:number-columns-repeated")
        if attributes.get("table:visibility") in _HIDDEN:
            marks.hide(columns=range(first, min(self.columns, first + _REPEATED) + 1))

    def _cell(self, attributes: dict[str, str], marks: Marks) -> None:
        columns = _count(attributes, "table:number-columns-repeated")
        place = (self.row, self.column)
        self.cell = (self.row + self.rows - 1, self.column + columns - 1)
        self.column += columns
        if any(local(key) == "value-type" for key in attributes):
            self._used(marks)
        if formula := attributes.get("table:formula"):
            self._used(marks)
            self._formula(formula, place, marks)
        down = _count(attributes, "table:number-rows-spanned")
        across = _count(attributes, "table:number-columns-spanned")
        if down > 1 or across > 1:
            marks.merge((*place, place[0] + down - 1, place[1] + across - 1))

    def _formula(self, formula: str, place: tuple[int, int], marks: Marks) -> None:
        """Marks each repetition; those beyond any limit of rows and columns are refused for where they lie."""
        text = "=" + _BRACKETS.sub(r"\1", formula.partition("=")[2][:_LONGEST])
        rows = range(place[0], min(self.cell[0], place[0] + _REPEATED) + 1)
        columns = range(place[1], min(self.cell[1], place[1] + _REPEATED) + 1)
        marks.formulas.update(dict.fromkeys(itertools.product(rows, columns), text))

    def _used(self, marks: Marks) -> None:
        marks.used(*self.cell)

    def end(self, name: str) -> None:
        if name == "table:table":
            self.depth -= 1


def _count(attributes: dict[str, str], name: str) -> int:
    given = attributes.get(name)
    return max(int(given), 1) if given and given.isdecimal() else 1

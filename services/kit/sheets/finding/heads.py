"""Where the tables of a sheet are, and what their columns mean: heads of one row or two, several tables beside or
below each other, a form of labels and values, or no heads at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from services.kit.sheets.cells import Merge, Sheet
from services.kit.sheets.finding.content import content_guess
from services.kit.sheets.finding.forms import form_as_table
from services.kit.sheets.finding.words import NUMBER, ListWords
from services.kit.sheets.headings import below_heads, fold

_LOOKED_AT = 60
_HEADS_AT_LEAST = 2
SAMPLES = 4
Remembered = Mapping[str, Mapping[str, str | None]]


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """`also` are columns whose texts belong behind this one's: a head merged across family and given names.

    `source` says what the field was guessed by; no field: the column is not read.
    """

    number: int
    heading: str
    field: str | None = None
    confidence: float = 0.0
    source: str = "heading"
    also: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundTable:
    """`heads` are the rows of its headings, none where it has no heads; `last` the last row that may belong to it.

    `form`: it was a form of labels and values, of which `sheet` is a table.
    """

    sheet: Sheet
    heads: tuple[int, ...]
    first: int
    last: int
    columns: tuple[FoundColumn, ...]
    form: bool = False

    def column(self, name: str) -> FoundColumn | None:
        return next((column for column in self.columns if column.field == name), None)

    @property
    def layout(self) -> str:
        """What is the same whenever this office's table comes again: its headings."""
        return "|".join(fold(column.heading) for column in self.columns)

    def taking(self, fields: Mapping[int, str | None], source: str) -> "FoundTable":
        """The same with these fields for these columns; a field is only one column's."""
        given = {name for name in fields.values() if name}
        columns = tuple(
            replace(column, field=fields[column.number], confidence=1.0, source=source)
            if column.number in fields
            else replace(column, field=None)
            if column.field in given
            else column
            for column in self.columns
        )
        return replace(self, columns=columns)


def find_lists(sheet: Sheet, words: ListWords) -> list[FoundTable]:
    """The tables of a sheet from above, those beside each other from the left; none in an empty sheet."""
    if sheet.empty:
        return []
    if form := form_as_table(sheet, words):
        return [replace(_tables_at(form, (1,), len(form.rows), words)[0], form=True)]
    zones = list(_head_zones(sheet, words))
    ends = [*(zone[0] - 1 for zone in zones[1:]), len(sheet.rows)]
    tables = [table for zone, end in zip(zones, ends, strict=False) for table in _tables_at(sheet, zone, end, words)]
    return tables or _without_heads(sheet, words)


# Heads.


def _head_zones(sheet: Sheet, words: ListWords) -> Iterator[tuple[int, ...]]:
    """The rows of heads of each table: the first that names most columns, then others like heads further down."""
    row, last, known = 1, len(sheet.rows), ""
    while row <= last:
        if _may_be_head(sheet, row, words, anywhere=not known):
            zone = _zone(sheet, row, words)
            heads = "|".join(fold(cell.text) for cell in sheet.rows[row - 1])
            if heads != known:
                yield zone
            known, row = heads, zone[-1]
        row += 1


def _may_be_head(sheet: Sheet, row: int, words: ListWords, *, anywhere: bool) -> bool:
    """In the first rows the main column by name; there or below a gap two columns, that or the numbers among them."""
    cells = sheet.rows[row - 1]
    if not (row <= _LOOKED_AT if anywhere else row > 1 and _is_gap(sheet, row - 1)):
        return False
    fields = {found for cell in cells if cell.kind == "text" and (found := words.exact(cell.text))}
    return (anywhere and words.main in fields) or (
        len(fields) >= _HEADS_AT_LEAST and bool(fields & {words.main, NUMBER, *words.parts})
    )


def _is_gap(sheet: Sheet, row: int) -> bool:
    return sum(cell.kind != "empty" for cell in sheet.rows[row - 1]) <= 1


def _zone(sheet: Sheet, row: int, words: ListWords) -> tuple[int, ...]:
    """One row of heads, or more where they are merged downwards or the next row names parts of them."""
    last = below_heads(row, sheet) - 1
    if last > row:
        return tuple(range(row, last + 1))
    if row < len(sheet.rows):
        below = sheet.rows[row]
        main = next((at for at, cell in enumerate(sheet.rows[row - 1]) if words.exact(cell.text) == words.main), None)
        under = "" if main is None or main >= len(below) else below[main].text
        free = main is not None and (not under or words.exact(under) in words.parts)
        told = [cell.text for cell in below if cell.kind != "empty"]
        if free and 2 * sum(words.exact(text) is not None for text in told) >= len(told) > 0:
            return row, row + 1
    return (row,)


def _tables_at(sheet: Sheet, zone: tuple[int, ...], end: int, words: ListWords) -> list[FoundTable]:
    columns = _columns(sheet, zone, words)
    blocks = [_joined(block, words) for block in _blocks(columns, words)]
    return [
        FoundTable(sheet, zone, zone[-1] + 1, end, tuple(_once(block))) for block in blocks if _counts(block, words)
    ]


def _counts(block: list[FoundColumn], words: ListWords) -> bool:
    known = {column.field for column in block if column.field}
    return words.main in known or len(known - {NUMBER}) >= _HEADS_AT_LEAST


def _columns(sheet: Sheet, zone: tuple[int, ...], words: ListWords) -> list[FoundColumn]:
    width = max(len(sheet.rows[row - 1]) for row in zone)
    across = {(merge.first_row, merge.first_column): merge for merge in sheet.merges if merge.first_row in zone}
    columns: list[FoundColumn] = []
    covered: dict[int, str] = {}
    passed: set[int] = set()
    for number in range(1, width + 1):
        texts = [text for row in zone if (text := sheet.cell(row, number).text)]
        merge = next((found for row in zone if (found := across.get((row, number)))), None)
        if merge and merge.last_column > number:
            covered |= dict.fromkeys(range(number, merge.last_column + 1), sheet.cell(merge.first_row, number).text)
        if number in passed:
            continue
        parent = [covered[number]] if number in covered and covered[number] not in texts else []
        column = _column(number, [*parent, *texts], words)
        spread = _spread(sheet, merge, zone, column, words)
        passed |= set(spread)
        columns.append(replace(column, also=spread))
    return columns


def _spread(
    sheet: Sheet, merge: Merge | None, zone: tuple[int, ...], column: FoundColumn, words: ListWords
) -> tuple[int, ...]:
    """Columns under one head that is merged over them down to the entries: parts of one value."""
    whole = merge is not None and merge.last_row >= zone[-1] and merge.first_column == column.number
    if merge is None or not whole or column.field != words.main or merge.last_column == merge.first_column:
        return ()
    others = tuple(range(merge.first_column + 1, merge.last_column + 1))
    return () if any(sheet.cell(zone[-1], number).text for number in others) else others


def _column(number: int, texts: list[str], words: ListWords) -> FoundColumn:
    """By the lowest head, which is the most exact; then by all of them as one text; then by the upper one."""
    heading = " / ".join(dict.fromkeys(texts))
    for text in (*reversed(texts), " ".join(texts)):
        if found := words.guess(text):
            return FoundColumn(number, heading, found.field, found.confidence)
    return FoundColumn(number, heading)


def _blocks(columns: list[FoundColumn], words: ListWords) -> list[list[FoundColumn]]:
    """Tables side by side: another begins where the numbers, or the main column, come once more."""
    blocks: list[list[FoundColumn]] = [[]]
    for column in columns:
        met = {one.field for one in blocks[-1] if one.confidence == 1}
        again = column.confidence == 1 and column.field in met and column.field in {NUMBER, words.main}
        if again and words.main in met:
            blocks.append([])
        blocks[-1].append(column)
    return [[column for column in block if column.heading or column.also] for block in blocks]


def _joined(block: list[FoundColumn], words: ListWords) -> list[FoundColumn]:
    """Columns that hold the parts of the main value are one, read from the left; the last part alone is the whole."""
    parts = [column for column in block if column.field in words.parts]
    whole = any(column.field == words.main and column.confidence == 1 for column in block)
    if whole or not any(column.field == words.parts[-1] for column in parts):
        return [replace(column, field=None) if column in parts else column for column in block]
    first, *others = parts
    heading = " / ".join(column.heading for column in parts)
    also = tuple(column.number for column in others)
    one = replace(first, heading=heading, field=words.main, also=also)
    return [one if column is first else column for column in block if column not in others]


def _once(block: list[FoundColumn]) -> Iterator[FoundColumn]:
    """A field is that of the surest column, the first of equals; the others wait for a person."""
    best: dict[str, FoundColumn] = {}
    for column in block:
        if column.field and column.field != NUMBER:
            held = best.setdefault(column.field, column)
            if column.confidence > held.confidence:
                best[column.field] = column
    for column in block:
        taken = column.field in {None, NUMBER} or best[str(column.field)] is column
        yield column if taken else replace(column, field=None, confidence=0.0)


# No heads.


def _without_heads(sheet: Sheet, words: ListWords) -> list[FoundTable]:
    """One table of all columns that hold something, each guessed by what stands in it."""
    width = max(len(row) for row in sheet.rows)
    numbers = [
        number for number in range(1, width + 1) if any(_text(sheet, row, number) for row in range(len(sheet.rows)))
    ]
    columns = [
        FoundColumn(number, "", *content_guess(_texts(sheet, number), words), source="content") for number in numbers
    ]
    first = next(at for at, row in enumerate(sheet.rows, 1) if any(cell.kind != "empty" for cell in row))
    return [FoundTable(sheet, (), first, len(sheet.rows), tuple(_once(columns)))]


def _text(sheet: Sheet, row: int, number: int) -> str:
    cells = sheet.rows[row]
    return cells[number - 1].text if number <= len(cells) else ""


def _texts(sheet: Sheet, number: int) -> list[str]:
    return [text for row in range(len(sheet.rows)) if (text := _text(sheet, row, number))]

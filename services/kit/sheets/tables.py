"""Finds the table in a sheet: title lines above, heads in any known wording, rows below; says what does not fit."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from schemas.errors import Problem
from services.kit.sheets.cells import EMPTY, Cell, Merge, Sheet, column_letter
from services.kit.sheets.headings import (
    LOOKED_AT,
    ColumnSpec,
    Headings,
    below_heads,
    fold,
    head_row,
    merged_down,
    text_at,
    width,
)
from services.kit.sheets.problems import Severity, capped, problem

__all__ = ["NUMBERING", "ColumnSpec", "Record", "Table", "find_sheet", "find_table"]

NUMBERING = ("STT", "TT", "Số TT", "Số thứ tự", "Thứ tự", "No.", "S/N", "Serial number")
_SHOWN = 60
_BRACKETED, _LETTER = re.compile(r"[(\[]\w{1,2}[)\]]"), re.compile("[A-Za-z]")
_PLAINLY = 3  # 1 2 3 without brackets; fewer may be values
_VALUES_HINT = "Write the value itself in place of the formula."


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table. A column that the sheet does not have reads as EMPTY."""

    row: int
    cells: dict[str, Cell]

    def __getitem__(self, key: str) -> Cell:
        return self.cells.get(key, EMPTY)

    def text(self, key: str) -> str:
        return self[key].text


@dataclass(frozen=True, slots=True)
class Table:
    """The rows under the heads; `records` hold what could be understood even where `problems` hold errors."""

    sheet: Sheet
    head: int | None = None
    letters: dict[str, str] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return all(found.severity != "error" for found in self.problems)

    def problem(
        self,
        sentence: str,
        hint: str | None = None,
        *,
        row: int | None = None,
        key: str | None = None,
        column: str | None = None,
        severity: Severity = "error",
        **params: str | int | None,
    ) -> Problem:
        """A problem at a row and at the column of `key` (or at a column's letter); it is returned, not added."""
        column = self.letters.get(key) if key else column
        return problem(
            sentence,
            hint,
            severity=severity,
            file=self.sheet.file,
            sheet=self.sheet.name,
            row=row,
            column=column,
            **params,
        )


def find_sheet(sheets: Sequence[Sheet], file: str, names: Sequence[str] = ()) -> Sheet | Problem:
    """The sheet of a file that is called by one of `names`, or its only visible sheet that is not empty."""
    of_file = [sheet for sheet in sheets if sheet.file == file]
    wanted = {fold(name) for name in names}
    for sheet in of_file:
        if sheet.name is not None and fold(sheet.name) in wanted:
            return sheet
    written = [sheet for sheet in of_file if not sheet.hidden and not sheet.empty]
    if len(written) == 1:
        return written[0]
    return _no_sheet(file, of_file, written, names)


def _no_sheet(file: str, of_file: list[Sheet], written: list[Sheet], names: Sequence[str]) -> Problem:
    if not written:
        sheet = of_file[0].name if of_file else None
        return problem("The file {file} holds nothing in its sheets.", _HEADS_HINT, file=file, sheet=sheet)
    sentence = "The file {file} has the sheets {found}, and none of them is called {wanted}."
    found = ", ".join(sheet.name or "" for sheet in written)
    hint = "Give the sheet this name, or delete the other sheets."
    return problem(sentence, hint, file=file, found=found, wanted=names[0] if names else "—")


_HEADS_HINT = "Write the headings in the first row and one entry in each row below."


def find_table(
    sheet: Sheet,
    columns: Mapping[str, ColumnSpec],
    ignored: Collection[str] = NUMBERING,
    unknown: Severity = "error",
) -> Table:
    """The table under the row of the first 30 that names most of `columns`.

    Blank rows are left out, cells merged downwards count for each of their rows, columns with an `ignored` heading
    (row numbers) are passed over. `unknown` is how severe an unknown heading is.
    """
    if sheet.empty:
        sentence = "The sheet {sheet} is empty." if sheet.name else "The file {file} is empty."
        return Table(sheet, problems=[problem(sentence, _HEADS_HINT, file=sheet.file, sheet=sheet.name)])
    headings = Headings(columns, ignored)
    down = merged_down(sheet)
    head = head_row(sheet, headings, down)
    if head is None:
        return Table(sheet, problems=[_no_heads(sheet, columns)])
    table = Table(sheet, head)
    numbers = _read_heads(table, headings, down, unknown)
    _read_rows(table, numbers, down)
    table.problems[:] = capped(table.problems)
    return table


def _no_heads(sheet: Sheet, columns: Mapping[str, ColumnSpec]) -> Problem:
    sentence = "None of the first {rows} rows holds the headings. Expected are: {expected}."
    expected = ", ".join(spec.title for spec in columns.values())
    return problem(sentence, _HEADS_HINT, file=sheet.file, sheet=sheet.name, rows=LOOKED_AT, expected=expected)


def _read_heads(
    table: Table, headings: Headings, down: Mapping[tuple[int, int], Merge], unknown: Severity
) -> dict[str, int]:
    """Column numbers by key; adds what is wrong with the heads to the table's problems."""
    numbers: dict[str, int] = {}
    strangers: list[tuple[int, str]] = []
    head = table.head or 1
    for number in range(1, width(table.sheet, head) + 1):
        text = text_at(table.sheet, down, head, number)
        key = headings.key(text) if text else None
        if key and key in numbers:
            table.problems.append(_twice(table, text, number, numbers[key]))
        elif key:
            numbers[key] = number
            table.letters[key] = column_letter(number)
        elif text and not headings.ignores(text):
            strangers.append((number, text))
    table.problems.extend(_unknown(table, headings, stranger, unknown) for stranger in strangers)
    table.problems.extend(_missing(table, headings, numbers))
    return numbers


def _twice(table: Table, heading: str, number: int, before: int) -> Problem:
    return table.problem(
        "The heading “{heading}” names a column that {first} holds already.",
        "Keep one of the two columns, or give one another heading.",
        row=table.head,
        column=column_letter(number),
        heading=heading,
        first=f"{column_letter(before)}{table.head}",
    )


def _unknown(table: Table, headings: Headings, stranger: tuple[int, str], severity: Severity) -> Problem:
    number, heading = stranger
    near = headings.nearest(heading, table.letters)
    sentence = "The heading “{heading}” is not known."
    if near:
        sentence = "The heading “{heading}” is not known; the nearest known one is “{nearest}”."
    return table.problem(
        sentence,
        "Correct the heading, or delete the column.",
        severity=severity,
        row=table.head,
        column=column_letter(number),
        heading=_short(heading),
        nearest=near,
    )


def _missing(table: Table, headings: Headings, numbers: Collection[str]) -> Iterator[Problem]:
    for key, spec in headings.columns.items():
        if spec.required and key not in numbers:
            sentence = "The column “{heading}” is missing."
            hint = "Add a column with this heading; cells that nobody knows yet may stay empty."
            yield table.problem(sentence, hint, row=table.head, heading=spec.title)


def _read_rows(table: Table, numbers: Mapping[str, int], down: Mapping[tuple[int, int], Merge]) -> None:
    sheet, head = table.sheet, table.head or 1
    across = _merged_across(sheet, numbers)
    start = below_heads(head, sheet)
    for row in range(start, len(sheet.rows) + 1):
        if row == start and is_numbering(sheet, row):
            continue
        cells = {key: _cell(sheet, down, row, number) for key, number in numbers.items()}
        if all(cell.kind == "empty" for cell in cells.values()):
            _tell_loose(table, row)
        elif row in across:
            table.problems.append(_spread(table, row, across[row]))
        else:
            table.records.append(Record(row, cells))
            table.problems.extend(_untrusted(table, row, cells))
    if not table.records:
        hint = "Write one entry in each row below the headings."
        table.problems.append(
            table.problem("There is no row below the headings.", hint, row=head, severity="warning")
        )


def _cell(sheet: Sheet, down: Mapping[tuple[int, int], Merge], row: int, number: int) -> Cell:
    cell = sheet.cell(row, number)
    if cell.kind == "empty" and (merge := down.get((row, number))):
        return sheet.cell(merge.first_row, merge.first_column)
    return cell


def _merged_across(sheet: Sheet, numbers: Mapping[str, int]) -> dict[int, Merge]:
    """Rows in which a merge covers more than one of the columns that are read."""
    across = {}
    for merge in sheet.merges:
        covered = [number for number in numbers.values() if merge.first_column <= number <= merge.last_column]
        if len(covered) > 1:
            across[merge.first_row] = merge
    return across


def _spread(table: Table, row: int, merge: Merge) -> Problem:
    first, last = column_letter(merge.first_column), column_letter(merge.last_column)
    sentence = "The cells {first} to {last} are merged, so it is unclear which column their text belongs to."
    hint = "Undo the merge and write each value in its column; delete section titles and totals between the rows."
    ends = f"{last}{merge.last_row}"
    return table.problem(sentence, hint, row=row, column=first, first=f"{first}{row}", last=ends)


def is_numbering(sheet: Sheet, row: int) -> bool:
    """A row (1) (2) (3) under the heads, as Vietnamese tables have it."""
    texts = [cell.text for cell in sheet.rows[row - 1] if cell.text]
    bracketed = all(_BRACKETED.fullmatch(text) for text in texts)
    signs = [text.strip("()[]") for text in texts]
    digits = [sign for sign in signs if sign.isdecimal()]
    rest = [sign for sign in signs if not sign.isdecimal()]
    counts_up = digits == [str(number) for number in range(1, len(digits) + 1)]
    return (
        counts_up and len(digits) >= (1 if bracketed else _PLAINLY) and all(_LETTER.fullmatch(sign) for sign in rest)
    )


def _tell_loose(table: Table, row: int) -> None:
    for number, cell in enumerate(table.sheet.rows[row - 1], 1):
        if cell.kind not in ("empty", "number", "formula"):
            sentence = "“{text}” stands outside of the columns that are read, in a row without entries."
            hint = "Move it to its column, or delete it."
            column, text = column_letter(number), _short(cell.text)
            table.problems.append(
                table.problem(sentence, hint, severity="warning", row=row, column=column, text=text)
            )
            return


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _untrusted(table: Table, row: int, cells: Mapping[str, Cell]) -> Iterator[Problem]:
    for key, cell in cells.items():
        name = f"{table.letters[key]}{row}"
        if cell.kind == "formula":
            sentence = "Cell {cell} holds the formula {formula}."
            yield table.problem(sentence, _VALUES_HINT, row=row, key=key, cell=name, formula=_short(cell.formula))
        elif cell.kind == "error":
            sentence = "Cell {cell} shows the error {error}."
            yield table.problem(sentence, "Write the value itself.", row=row, key=key, cell=name, error=cell.text)

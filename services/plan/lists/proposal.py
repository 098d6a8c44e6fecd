"""A file of any office as a list: what was found in it, what is open about it, and its rows by field.

Hides that a file is read anew each time: what a person decided is laid over what was found.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from pydantic import Field

from schemas.envelope import Strict
from schemas.errors import Problem
from schemas.guest_imports import MOST_ROWS, Asked, Choice, ImportedRow, Layout
from services.kit.sheets import Limits, Reading, Sheet, read_tables
from services.kit.sheets.finding import Body, Entry, FoundTable, ListWords, find_lists, read_body
from services.kit.sheets.legacy import Conversion, How, converted, recognised
from services.plan.lists.texts import texts_of
from services.plan.lists.words import list_words

_SAMPLED, _SAMPLES = 40, 3
_ANSWERED = ("guest", "group", "skip")


class Decided(Strict):
    """What a person said about a file and its rows. Unsaid: as it is proposed.

    `answers` are by the key of what was asked; `columns`: of each table, by column number, the field (empty: not
    read). `only_here`: what becomes of guests whom no row names.
    """

    answers: dict[str, str] = Field({}, max_length=MOST_ROWS)
    columns: dict[str, dict[int, str]] = Field({}, max_length=100)
    only_here: Literal["stay", "removed"] = "stay"

    @property
    def encoding(self) -> How | None:
        said = self.answers.get("encoding")
        return next((how for how in get_args(How) if how == said), None)

    @property
    def tables(self) -> tuple[str, ...] | None:
        said = self.answers.get("tables")
        return None if said is None else tuple(said.split("\n"))

    @property
    def hidden(self) -> bool:
        return self.answers.get("hidden") != "no"

    def row(self, place: str) -> str | None:
        """Whether a row in doubt is an entry (guest), heads a group (group) or is to be left out (skip)."""
        return self.answers.get(f"row:{place}")


class Listed(NamedTuple):
    """A table of the file with its rows; `key` names it in decisions."""

    key: str
    table: FoundTable
    body: Body

    def samples(self, column: int) -> tuple[str, ...]:
        """The first texts of a column below its heading, to be recognised by."""
        numbers = next(((one.number, *one.also) for one in self.table.columns if one.number == column), (column,))
        cells = (
            " ".join(filter(None, (self.table.sheet.cell(entry.row, number).text for number in numbers)))
            for entry in self.body.entries[:_SAMPLED]
        )
        return tuple(text[:80] for text in cells if text)[:_SAMPLES]


@dataclass(slots=True)
class Listing:
    """What was found. `open` asks what a person should say first; without rows there is nothing to import."""

    file: str
    decided: Decided
    sheets: list[Sheet] = field(default_factory=list)
    found: list[FoundTable] = field(default_factory=list)
    tables: list[Listed] = field(default_factory=list)
    conversions: list[tuple[Sheet, Conversion]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def chosen(self) -> list[Listed]:
        """The tables whose rows are taken: those named, else all on sheets in sight."""
        wanted = self.decided.tables
        if wanted is not None:
            return [one for one in self.tables if one.key in wanted]
        return [one for one in self.tables if not one.table.sheet.hidden and _names_somebody(one.table)]

    @property
    def open(self) -> list[Asked]:
        return list(_questions(self))

    @property
    def rows(self) -> tuple[ImportedRow, ...]:
        single = len(self.tables) == 1
        return tuple(row for one in self.chosen for row in _rows(one, self.decided, single=single))

    @property
    def heads(self) -> tuple[str, ...]:
        """The headings of each table that has some, normalised, by which an office's corrections are remembered."""
        return tuple(dict.fromkeys(table.layout for table in self.found if table.heads))

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """What the columns of the chosen tables came to mean."""
        told = {
            one.table.layout: tuple(column.field for column in one.table.columns)
            for one in self.chosen
            if one.table.heads
        }
        return tuple(Layout(heads=heads, fields=fields) for heads, fields in told.items())


def read_lists(name: str, source: bytes | Path, decided: Decided, limits: Limits | None = None) -> Listing:
    """The tables of a file as they stand; what the office said of such tables is laid over them by `propose`.

    Blocks while the file is read: call it from a thread.
    """
    reading: Reading = read_tables({name: source}, limits, loose=True)
    listing = Listing(name, decided, problems=[one for one in reading.problems if one.severity != "note"])
    listing.conversions = [(sheet, one) for sheet in reading.sheets for one in recognised(sheet)]
    how = decided.encoding
    listing.sheets = [converted(sheet, how) if how else sheet for sheet in reading.sheets]
    words = list_words("guests")
    listing.found = [table for sheet in listing.sheets for table in find_lists(sheet, words)]
    return listing


def propose(listing: Listing, remembered: Mapping[str, Layout] | None = None) -> Listing:
    """With the meaning of columns that this office gave such tables before, and what was decided now."""
    words = list_words("guests")
    listing.tables = []
    for key, table in _keyed(listing.found):
        known = (remembered or {}).get(table.layout) if table.heads else None
        shown = _remembering(table, known) if known else table
        if told := listing.decided.columns.get(key):
            shown = shown.taking(_other_than_shown(shown, told), "chosen")
        listing.tables.append(Listed(key, shown, _body(shown, key, listing.decided, words)))
    return listing


def _other_than_shown(table: FoundTable, told: Mapping[int, str]) -> dict[int, str | None]:
    """Of what a person said of columns that which was not proposed anyway."""
    proposed = {column.number: column.field for column in table.columns}
    return {number: name or None for number, name in told.items() if (name or None) != proposed.get(number)}


def _names_somebody(table: FoundTable) -> bool:
    return any(table.column(name) for name in ("name", "group"))


def _keyed(tables: list[FoundTable]) -> Iterator[tuple[str, FoundTable]]:
    """Each by its sheet, and by a number where a sheet has several."""
    counts: dict[str, int] = {}
    for table in tables:
        name = table.sheet.name or ""
        counts[name] = counts.get(name, 0) + 1
        yield (f"{name}#{counts[name]}" if counts[name] > 1 else name), table


def _remembering(table: FoundTable, known: Layout) -> FoundTable:
    numbers = [column.number for column in table.columns]
    if len(numbers) != len(known.fields):
        return table
    return table.taking(dict(zip(numbers, known.fields, strict=True)), "remembered")


def _body(table: FoundTable, key: str, decided: Decided, words: ListWords) -> Body:
    rows = range(table.first, table.last + 1) if decided.answers else ()
    groups = frozenset(row for row in rows if decided.row(place(key, row)) == "group")
    return read_body(table, words, hidden=decided.hidden, as_groups=groups)


def place(key: str, row: int) -> str:
    """Where a row stands, for people and for answers."""
    return f"{key}!{row}" if key else str(row)


def _rows(one: Listed, decided: Decided, *, single: bool) -> Iterator[ImportedRow]:
    for entry in one.body.entries:
        at = place("" if single else one.key, entry.row)
        if decided.row(place(one.key, entry.row)) != "skip":
            yield ImportedRow(row=at, cells=texts_of(entry), group=entry.group)


# What is open.


def _questions(listing: Listing) -> Iterator[Asked]:
    if asked := _encoding(listing):
        yield asked
    chosen = listing.chosen
    if len(listing.tables) > 1:
        yield _which(listing)
    if any(one.table.sheet.hidden_rows & _taken(one) for one in chosen):
        yield _hidden(listing)
    for one in chosen:
        for entry in one.body.doubtful:
            yield _heading(listing, one, entry)


def _taken(one: Listed) -> frozenset[int]:
    return frozenset(row for row in one.table.sheet.hidden_rows if one.table.first <= row <= one.table.last)


_ENCODINGS: dict[str, str] = {
    "recognised": "Convert the cells that were recognised.",
    "tcvn3": "All of it is TCVN3 (ABC).",
    "vni": "All of it is VNI.",
    "windows-1258": "All of it is Windows-1258.",
    "unicode": "Leave it as it stands.",
}


def _encoding(listing: Listing) -> Asked | None:
    """Asked where old letters were recognised, or where a text file does not tell its encoding."""
    unknown = any(sheet.single_bytes for sheet in listing.sheets)
    if not listing.conversions and not unknown and listing.decided.encoding is None:
        return None
    return Asked(
        key="encoding",
        sentence="Part of the text seems to be written in an old Vietnamese encoding. Shall it be converted?",
        choices=tuple(Choice(value=value, sentence=said) for value, said in _ENCODINGS.items()),
        suggestion="recognised" if listing.conversions else "unicode",
        answer=listing.decided.encoding,
        required=True,
    )


def _which(listing: Listing) -> Asked:
    return Asked(
        key="tables",
        sentence="There are {count} tables in this file. Which of them shall be read?",
        params={"count": str(len(listing.tables))},
        choices=tuple(
            Choice(
                value=one.key,
                sentence="{sheet}: rows {count}",
                params={"sheet": one.key or listing.file, "count": str(len(one.body.entries))},
            )
            for one in listing.tables
        ),
        suggestion="\n".join(one.key for one in listing.chosen),
        answer=listing.decided.answers.get("tables"),
    )


def _hidden(listing: Listing) -> Asked:
    return Asked(
        key="hidden",
        sentence="Some rows are hidden in the spreadsheet. Shall they be read too?",
        choices=(Choice(value="yes", sentence="Read them too."), Choice(value="no", sentence="Leave them out.")),
        suggestion="yes",
        answer=listing.decided.answers.get("hidden"),
        required=True,
    )


def _heading(listing: Listing, one: Listed, entry: Entry) -> Asked:
    key = place(one.key, entry.row)
    answer = listing.decided.row(key)
    return Asked(
        key=f"row:{key}",
        sentence="Row {row} says “{text}” and nothing else. What is it?",
        params={"row": str(entry.row), "text": entry.text("name")},
        choices=(
            Choice(value="guest", sentence="A guest."),
            Choice(value="group", sentence="The heading of the rows below."),
            Choice(value="skip", sentence="Leave it out."),
        ),
        suggestion="guest",
        answer=answer if answer in _ANSWERED else None,
    )

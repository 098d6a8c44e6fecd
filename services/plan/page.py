"""One table of a plan folder as it is read: its rows, and everything that is wrong in it."""

from schemas.errors import Problem
from services.kit.sheets import Reading, Table, find_sheet, find_table
from services.plan.columns import TableWords, words
from services.plan.nearness import LOOKS
from services.plan.telling import Place


class Page:
    """`marks` are the signs of thousands and decimals in its numbers; `looks`: how often what was meant is sought."""

    def __init__(self, file: str, table: Table | None = None, titles: dict[str, str] | None = None) -> None:
        self.file, self.table, self.titles = file, table, titles or {}
        self.marks, self.looks = (".", ","), LOOKS
        self.problems: list[Problem] = list(table.problems) if table else []

    @property
    def readable(self) -> bool:
        """Whether its rows could be found at all; one with a wrong heading still shows what else is wrong."""
        return self.table is not None and self.table.head is not None

    def has(self, key: str) -> bool:
        return self.table is not None and key in self.table.letters

    def place(self, row: int | None = None, key: str | None = None) -> Place:
        if self.table is None:
            return Place(self.file)
        return Place(self.file, self.table.sheet.name, row, self.table.letters.get(key) if key else None)


def find_page(reading: Reading, name: str, file: str) -> Page:
    """The page of a table by its name; `reading` says already what is wrong with a file that has no sheets."""
    known = words().tables[name]
    if not reading.of(file):
        return Page(file)
    sheet = find_sheet(reading.sheets, file, (*known.sheets, name))
    if isinstance(sheet, Problem):
        page = Page(file)
        page.problems.append(sheet)
        return page
    return Page(file, find_table(sheet, known.specs, known.ignored), _titles(known))


def _titles(known: TableWords) -> dict[str, str]:
    return {key: spec.title for key, spec in known.specs.items()}

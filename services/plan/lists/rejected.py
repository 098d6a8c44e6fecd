"""The rows that could not be taken over, as a spreadsheet in the layout of theirs, with what is wrong behind them."""

from collections.abc import Callable, Iterator
from io import BytesIO

from schemas.errors import Problem
from schemas.guest_imports import GuestImportOutcome
from services.kit.sheets import SheetOut, Value, write_xlsx
from services.plan.lists.proposal import Listed, Listing, place

Say = Callable[[str, dict[str, str]], str]
_WRONG = "What is wrong"


def rejected_workbook(listing: Listing, outcome: GuestImportOutcome, say: Say) -> bytes:
    """To be corrected and imported again: heads and cells as they stood, the heading of each row's group above it."""
    reasons = {row.row: _reasons(row.problems, say) for row in outcome.rows if row.outcome == "rejected"}
    single = len(listing.tables) == 1
    sheets = [sheet for one in listing.chosen if (sheet := _sheet(one, reasons, say, single=single))]
    buffer = BytesIO()
    write_xlsx(buffer, sheets or [SheetOut("1", [say(_WRONG, {})], [])])
    return buffer.getvalue()


def _reasons(problems: tuple[Problem, ...], say: Say) -> str:
    return "\n".join(say(one.sentence, one.params) for one in problems)


def _sheet(one: Listed, reasons: dict[str, str], say: Say, *, single: bool) -> SheetOut | None:
    width = max((number for column in one.table.columns for number in (column.number, *column.also)), default=0)
    rows = list(_rows(one, reasons, width, single=single))
    if not rows:
        return None
    heads = [_cells(one, row, width) for row in one.table.heads] or [[None] * width]
    name = one.key or one.table.sheet.name or "1"
    first = [str(value or "") for value in heads[0]]
    return SheetOut(name, [*first, say(_WRONG, {})], [*heads[1:], *rows])


def _rows(one: Listed, reasons: dict[str, str], width: int, *, single: bool) -> Iterator[list[Value]]:
    group = None
    for entry in one.body.entries:
        reason = reasons.get(place("" if single else one.key, entry.row))
        if reason is None:
            continue
        if entry.group and entry.group != group:
            group = entry.group
            yield [f"{group}:"]
        yield [*_cells(one, entry.row, width), reason]


def _cells(one: Listed, row: int, width: int) -> list[Value]:
    cells = [one.table.sheet.cell(row, number) for number in range(1, width + 1)]
    return [cell.text or None if cell.value is None else cell.value for cell in cells]

"""A registration form, whose labels stand beside their values, as a table: a row for each person who filled it."""

from collections.abc import Iterator
from dataclasses import replace

from services.kit.sheets.cells import Cell, Sheet
from services.kit.sheets.finding.words import NUMBER, ListWords

_LONGEST, _LABELS_AT_LEAST, _PER_ROW = 400, 3, 2
_LONGEST_LABEL = 60
Pair = tuple[str, str, str]


def form_as_table(sheet: Sheet, words: ListWords) -> Sheet | None:
    """None where the sheet is no form: at least three labels below each other, never three in a row."""
    if len(sheet.rows) > _LONGEST:
        return None
    rows = [list(_pairs(row, words)) for row in sheet.rows]
    fields = {field for pairs in rows for field, _, _ in pairs}
    labelled = sum(bool(pairs) for pairs in rows)
    too_wide = any(len(pairs) > _PER_ROW for pairs in rows)
    if words.main not in fields or len(fields) < _LABELS_AT_LEAST or labelled < _LABELS_AT_LEAST or too_wide:
        return None
    return _table(sheet, [pair for pairs in rows for pair in pairs], words)


def _pairs(row: list[Cell], words: ListWords) -> Iterator[Pair]:
    """(field, label, value) of “Họ và tên: …” in one cell, or of a label and the next cell that is none."""
    written = [cell.text for cell in row if cell.kind != "empty"]
    at = 0
    while at < len(written):
        label, colon, value = written[at].partition(":")
        field = words.exact(label.strip()) if len(label) <= _LONGEST_LABEL else None
        if field and field != NUMBER and colon and value.strip():
            yield field, label.strip(), value.strip()
        elif field and field != NUMBER and at + 1 < len(written) and not words.exact(written[at + 1].rstrip(": ")):
            yield field, label.strip(), written[at + 1]
            at += 1
        at += 1


def _table(sheet: Sheet, pairs: list[Pair], words: ListWords) -> Sheet:
    labels: dict[str, str] = {}
    people: list[dict[str, str]] = []
    for field, label, value in pairs:
        labels.setdefault(field, label)
        if not people or field in people[-1]:
            people.append({})
        people[-1][field] = value
    heads = [Cell(label, "text", label) for label in labels.values()]
    rows = [[_cell(person.get(field, "")) for field in labels] for person in people if words.main in person]
    return replace(sheet, rows=[heads, *rows], merges=[], hidden_rows=frozenset(), hidden_columns=frozenset())


def _cell(text: str) -> Cell:
    return Cell(text, "text", text) if text else Cell()

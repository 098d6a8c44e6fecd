"""A problem as the child reports it: plain data, the English sentence apart from its values."""

from typing import Any

Complaint = dict[str, Any]
RESAVE = "Open it in Excel or LibreOffice and save it again as .xlsx."


def complaint(
    sentence: str,
    hint: str | None = None,
    severity: str = "error",
    sheet: str | None = None,
    at: tuple[int, int] | None = None,
    **params: str | int,
) -> Complaint:
    """`at` is (row, column), both counted from 1."""
    row, column = at or (None, None)
    return {
        "severity": severity,
        "sheet": sheet,
        "row": row,
        "column": letter(column) if column else None,
        "sentence": sentence,
        "params": {name: str(value) for name, value in params.items()},
        "hint": hint,
    }


class Unreadable(Exception):
    """Ends the reading of one file; carries the complaint that says why."""

    def __init__(self, sentence: str, hint: str | None = None, **where: Any) -> None:
        super().__init__(sentence)
        self.complaint = complaint(sentence, hint, **where)


def letter(column: int) -> str:
    """1 is A, 27 is AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    return f"{letter(column)}{row}"

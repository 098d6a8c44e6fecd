"""Values as they travel to the parent: None, text, number, truth value, or [kind, ...]."""

import math
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from services.kit.sheets_child.complaint import Complaint, cell_name, complaint
from services.kit.sheets_child.limits import Limits
from services.kit.sheets_child.text import clean

Answer = dict[str, Any]
_EXACT = 1e15  # a spreadsheet keeps 15 digits


class SheetWire:
    """One sheet on its way: converts values row by row and collects what was wrong with them."""

    def __init__(self, name: str | None, limits: Limits, *, hidden: bool = False) -> None:
        self.name = name
        self.hidden = hidden
        self.limits = limits
        self.rows: list[list[Any]] = []
        self.merges: list[Any] = []
        self.complaints: list[Complaint] = []
        self.beside: dict[str, Any] = {}
        self.originals: list[tuple[int, int, str]] = []

    def add(self, values: Iterable[Any]) -> None:
        row = [None if value == "" else self._value(value, column) for column, value in enumerate(values, 1)]
        while row and row[-1] is None:
            row.pop()
        self.rows.append(row)

    def _value(self, value: Any, column: int) -> Any:
        if isinstance(value, str):
            return self._text(value, column)
        return plain(value)

    def _text(self, text: str, column: int) -> str | None:
        place = (len(self.rows) + 1, column)
        if len(text) > self.limits.cell_chars:
            self._complain(_TOO_LONG, "Shorten it.", place, length=len(text), limit=self.limits.cell_chars)
            text = text[: self.limits.cell_chars]
        text, removed = self._cleaned(text, place)
        for kind in removed:
            self._complain(_REMOVED, None, place, severity="note", kind=kind)
        if "\ufffd" in text:
            hint = "Type the text anew; the file was once saved in a wrong encoding."
            self._complain(_LOST, hint, place, severity="warning")
        return text or None

    def _cleaned(self, text: str, place: tuple[int, int]) -> tuple[str, tuple[str, ...]]:
        """The soft hyphen is the letter ư where text is in the encoding TCVN3: such text is also kept as it was."""
        if "\xad" in text and max(text) <= "\xff":
            self.originals.append((*place, text))
            return clean(text)[0], ()
        return clean(text)

    def _complain(
        self,
        sentence: str,
        hint: str | None,
        place: tuple[int, int],
        *,
        severity: str = "error",
        **params: str | int,
    ) -> None:
        found = complaint(sentence, hint, severity=severity, sheet=self.name, at=place)
        found["params"] |= {"cell": cell_name(*place)} | {name: str(value) for name, value in params.items()}
        self.complaints.append(found)

    def mark(self, row: int, column: int, marked: list[Any]) -> None:
        """Puts a formula or an error in place of what was read; the value read becomes a formula's last part."""
        self.rows.extend([] for _ in range(row - len(self.rows)))
        cells = self.rows[row - 1]
        cells.extend([None] * (column - len(cells)))
        cells[column - 1] = [*marked, cells[column - 1]] if marked[0] == "formula" else marked

    def wire(self) -> Answer:
        while self.rows and not self.rows[-1]:
            self.rows.pop()
        sheet = {"name": self.name, "rows": self.rows, "merges": self.merges, "hidden": self.hidden}
        return sheet | {"originals": self.originals} | self.beside


_TOO_LONG = "The text in cell {cell} has {length} characters; the limit is {limit}."
_REMOVED = "The text in cell {cell} held {kind}; they were taken out."
_LOST = "The text in cell {cell} holds � where a letter was lost."


def plain(value: Any) -> Any:
    """A value of calamine as JSON; times are rounded to the second, which a fraction of a day rarely hits exactly."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number(value)
    return _of_calendar(value)


def _number(value: float) -> Any:
    if not math.isfinite(value):
        return ["error", "#NUM!"]
    return int(value) if float(value).is_integer() and abs(value) < _EXACT else value


def _of_calendar(value: Any) -> Any:
    match value:
        case datetime():
            return ["datetime", _whole(value).isoformat()]
        case date():
            return ["date", value.isoformat()]
        case time():
            return ["time", _whole(datetime.combine(date(1900, 1, 1), value)).time().isoformat()]
        case timedelta():
            return ["duration", round(value.total_seconds())]
        case _:
            return str(value)


def _whole(moment: datetime) -> datetime:
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)

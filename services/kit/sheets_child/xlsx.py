"""Scans the sheets of an xlsx for what calamine does not tell, before calamine opens it."""

import posixpath
import re
import zipfile
from typing import Any

from services.kit.sheets_child.marks import Edges, Marks, local, parse

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_LONGEST = 500
_USUAL = "xl/workbook.xml"


def scan(container: zipfile.ZipFile) -> dict[str, Marks]:
    """The marks of every sheet that has a part; calamine, too, takes no notice of case in the names of parts."""
    parts = {member.casefold(): member for member in container.namelist()}
    sheets = {name: parts.get(part.casefold()) for name, part in _parts(container).items()}
    return {name: _scan_sheet(container, part) for name, part in sheets.items() if part}


def _parts(container: zipfile.ZipFile) -> dict[str, str]:
    """Where each sheet lies in the container: workbook → relationship → part (ECMA-376 part 1, 12.3.24)."""
    book = _book(container)
    folder, file = posixpath.split(book)
    targets = {rel.get("Id"): rel.get("Target", "") for rel in _elements(container, f"{folder}/_rels/{file}.rels")}
    parts = {}
    for sheet in _elements(container, book, "sheet"):
        target = targets.get(next((value for key, value in sheet.items() if local(key) == "id"), None))
        if target:
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            parts[sheet.get("name", "")] = part
    return parts


def _book(container: zipfile.ZipFile) -> str:
    for rel in _elements(container, "_rels/.rels"):
        if rel.get("Type", "").endswith("/officeDocument"):
            return rel.get("Target", "").lstrip("/")
    return _USUAL


def _elements(container: zipfile.ZipFile, part: str, wanted: str = "Relationship") -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) == wanted:
            found.append(attributes)

    if part in container.namelist():
        with container.open(part) as stream:
            parse(stream, start)
    return found


def _scan_sheet(container: zipfile.ZipFile, part: str) -> Marks:
    sheet = _SheetScan()
    with container.open(part) as stream:
        parse(stream, sheet.start, sheet.end, sheet.text)
    return sheet.marks


class _SheetScan:
    """Handlers for one worksheet part (ECMA-376 part 1, 18.3.1): row, c, f, v, is, mergeCell."""

    def __init__(self) -> None:
        self.marks = Marks()
        self.row = self.column = 0
        self.kind = self.caught = ""
        self.inside = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name == "c":
            self._cell(attributes)
        elif name in {"v", "is"}:
            self.marks.used(self.row, self.column)
            self.inside = "v" if self.kind == "e" and name == "v" else ""
            self.caught = ""
        elif name == "row":
            given = attributes.get("r", "")
            self.row = int(given) if given.isdecimal() else self.row + 1
            self.column = 0
        elif name == "f":
            self.marks.used(self.row, self.column)
            self.inside, self.caught = "f", ""
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _cell(self, attributes: dict[str, str]) -> None:
        place = _place(attributes.get("r", ""))
        self.row, self.column = place or (max(self.row, 1), self.column + 1)
        self.kind = attributes.get("t", "")

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        start, end = _place(first), _place(last)
        if start and end:
            edges: Edges = (*start, *end)
            self.marks.merge(edges)

    def text(self, text: str) -> None:
        if self.inside and len(self.caught) < _LONGEST:
            self.caught += text[:_LONGEST]

    def end(self, name: str) -> None:
        if not self.inside or local(name) != self.inside:
            return
        place = (self.row, self.column)
        if self.inside == "f":
            # A cell that shares the formula of another one has an empty element.
            self.marks.formulas[place] = f"={self.caught}" if self.caught else "=…"
        else:
            self.marks.errors[place] = self.caught
        self.inside = ""


def _place(reference: str) -> tuple[int, int] | None:
    """(row, column) of a reference such as C7."""
    found: Any = _REFERENCE.fullmatch(reference)
    if not found:
        return None
    column = 0
    for sign in found[1].upper():
        column = column * 26 + ord(sign) - 64
    return int(found[2]), column

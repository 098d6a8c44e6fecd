"""Scans the sheets of an xlsx for what calamine does not tell, before calamine opens it."""

import posixpath
import re
import zipfile
from typing import Any

from services.kit.sheets_child.marks import Edges, Marks, is_legacy_font, local, parse

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_LONGEST = 500
_USUAL = "xl/workbook.xml"
_TRUE = ("1", "true")
_FURTHEST = 16_384


def scan(container: zipfile.ZipFile) -> dict[str, Marks]:
    """The marks of every sheet that has a part; calamine, too, takes no notice of case in the names of parts."""
    parts = {member.casefold(): member for member in container.namelist()}
    sheets = {name: parts.get(part.casefold()) for name, part in _parts(container).items()}
    fonts = _legacy_fonts(container, parts.get("xl/styles.xml"))
    return {name: _scan_sheet(container, part, fonts) for name, part in sheets.items() if part}


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


def _legacy_fonts(container: zipfile.ZipFile, part: str | None) -> dict[str, str]:
    """By the number of a cell's format (18.8.10): the name of its font, where that is from before Unicode."""
    if part is None:
        return {}
    styles = _StyleScan()
    with container.open(part) as stream:
        parse(stream, styles.start, styles.end)
    named = ((str(number), styles.name(font)) for number, font in enumerate(styles.formats))
    return {number: name for number, name in named if is_legacy_font(name)}


class _StyleScan:
    """Handlers for the part of styles: the fonts in their order, and which of them each cell format takes."""

    def __init__(self) -> None:
        self.inside: list[str] = []
        self.fonts: list[str] = []
        self.formats: list[int] = []

    def name(self, font: int) -> str:
        return self.fonts[font] if font < len(self.fonts) else ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        outer = self.inside[-1] if self.inside else ""
        self.inside.append(name)
        if (outer, name) == ("fonts", "font"):
            self.fonts.append("")
        elif (outer, name) == ("font", "name") and self.fonts:
            self.fonts[-1] = attributes.get("val", "")
        elif (outer, name) == ("cellXfs", "xf"):
            given = attributes.get("fontId", "")
            self.formats.append(int(given) if given.isdecimal() else 0)

    def end(self, _name: str) -> None:
        self.inside.pop()


def _scan_sheet(container: zipfile.ZipFile, part: str, fonts: dict[str, str]) -> Marks:
    sheet = _SheetScan(fonts)
    with container.open(part) as stream:
        parse(stream, sheet.start, sheet.end, sheet.text)
    return sheet.marks


class _SheetScan:
    """Handlers for one worksheet part (ECMA-376 part 1, 18.3.1): row, c, f, v, is, mergeCell."""

    def __init__(self, fonts: dict[str, str]) -> None:
        self.marks, self.fonts = Marks(), fonts
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
            if attributes.get("hidden") in _TRUE:
                self.marks.hide(rows=range(self.row, self.row + 1))
        elif name == "col" and attributes.get("hidden") in _TRUE:
            self.marks.hide(columns=_span(attributes))
        elif name == "f":
            self.marks.used(self.row, self.column)
            self.inside, self.caught = "f", ""
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _cell(self, attributes: dict[str, str]) -> None:
        place = _place(attributes.get("r", ""))
        self.row, self.column = place or (max(self.row, 1), self.column + 1)
        self.kind = attributes.get("t", "")
        if self.fonts and (font := self.fonts.get(attributes.get("s", "0"))):
            self.marks.fonts[self.row, self.column] = font

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


def _span(attributes: dict[str, str]) -> range:
    first, last = attributes.get("min", ""), attributes.get("max", "")
    if not (first.isdecimal() and last.isdecimal()):
        return range(0)
    return range(int(first), min(int(last), _FURTHEST) + 1)


def _place(reference: str) -> tuple[int, int] | None:
    """(row, column) of a reference such as C7."""
    found: Any = _REFERENCE.fullmatch(reference)
    if not found:
        return None
    column = 0
    for sign in found[1].upper():
        column = column * 26 + ord(sign) - 64
    return int(found[2]), column

"""What the values alone do not show of a sheet: formulas, errors, merges, and how far it reaches."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from services.kit.sheets_child.complaint import RESAVE, Unreadable

Edges = tuple[int, int, int, int]
MOST_MERGES = 5_000
_MOST_HIDDEN = 20_000
_LEGACY_FONTS = (".vn", "vni-")
_CHUNK = 1 << 18


@dataclass
class Marks:
    """Rows and columns count from 1; `lowest` and `rightmost` are the cells with content that lie furthest out.

    `fonts` names those of cells that are drawn in a font from before Unicode.
    """

    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[Edges] = field(default_factory=list)
    lowest: tuple[int, int] = (0, 0)
    rightmost: tuple[int, int] = (0, 0)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    fonts: dict[tuple[int, int], str] = field(default_factory=dict)

    def used(self, row: int, column: int) -> None:
        if row > self.lowest[0]:
            self.lowest = (row, column)
        if column > self.rightmost[1]:
            self.rightmost = (row, column)

    def hide(self, rows: range | None = None, columns: range | None = None) -> None:
        """A program may hide all rows down to the end of the sheet; so many are never of interest."""
        self.hidden_rows.extend(list(rows or ())[: _MOST_HIDDEN - len(self.hidden_rows)])
        self.hidden_columns.extend(list(columns or ())[: _MOST_HIDDEN - len(self.hidden_columns)])

    def beside(self) -> dict[str, Any]:
        fonts = [(*place, font) for place, font in self.fonts.items()]
        return {"hidden_rows": self.hidden_rows, "hidden_columns": self.hidden_columns, "fonts": fonts}

    def merge(self, edges: Edges) -> None:
        if len(self.merges) < MOST_MERGES:
            self.merges.append(edges)


def parse(stream: IO[bytes], start: Callable[..., Any], end: Any = None, text: Any = None) -> None:
    """Feeds a part through expat; names come without their prefix, entities of its own are refused."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk)
        parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by position only
    except expat.ExpatError as why:
        raise Unreadable("The file {file} is damaged: its sheets cannot be understood.", RESAVE) from why


def _no_doctype(*_: Any) -> None:
    raise Unreadable("The file {file} contains definitions that no spreadsheet program writes.", RESAVE)


def local(name: str) -> str:
    return name.rpartition(":")[2]


def is_legacy_font(name: str) -> bool:
    return name.strip().casefold().startswith(_LEGACY_FONTS)

"""What the values alone do not show of a sheet: formulas, errors, merges, and how far it reaches."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from services.kit.sheets_child.complaint import RESAVE, Unreadable

Edges = tuple[int, int, int, int]
MOST_MERGES = 5_000
_CHUNK = 1 << 18


@dataclass
class Marks:
    """Rows and columns count from 1. `last` are the cells with content that lie furthest down and furthest right."""

    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[Edges] = field(default_factory=list)
    lowest: tuple[int, int] = (0, 0)
    rightmost: tuple[int, int] = (0, 0)

    def used(self, row: int, column: int) -> None:
        if row > self.lowest[0]:
            self.lowest = (row, column)
        if column > self.rightmost[1]:
            self.rightmost = (row, column)

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

"""What guests is asked and tells of halls: the office's own, drawn with cells, and the ready-made ones."""

from typing import Annotated

from pydantic import Field

from schemas.envelope import Ask, Command, Fact, Question, Strict
from schemas.errors import Problem
from schemas.halls.whole import Hall, HallKey
from schemas.protocol.words import Label


class HallInShort(Strict):
    """`ready_made`: it comes with the programme; one of the office's own has a version."""

    key: HallKey
    label: Label
    outdoor: bool
    seats: int
    standing: int
    ready_made: bool
    version: int | None = None


class HallList(Strict):
    halls: tuple[HallInShort, ...]


class ListHalls(Question):
    """The office's own halls, then the ready-made ones."""


class GetHall(Question):
    hall: HallKey


class MergedCells(Strict):
    """Rows and columns are counted from 1, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int


class HallSheet(Strict):
    """A sheet on which a hall is drawn: the texts of its cells, row by row."""

    name: str | None = Field(None, max_length=100)
    rows: tuple[tuple[Annotated[str, Field(max_length=200)], ...], ...] = Field(max_length=1000)
    merges: tuple[MergedCells, ...] = Field((), max_length=5000)


class CheckHall(Question):
    """What a drawing would become: nothing is kept."""

    hall: HallKey
    name: str = Field(min_length=1, max_length=200)
    outdoor: bool = False
    sheet: HallSheet


class DrawHall(Command):
    """Keep a hall drawn with cells: each cell that holds something is a seat. In the place of the one of that key."""

    hall: HallKey
    name: str = Field(min_length=1, max_length=200)
    outdoor: bool = False
    expected_version: int | None = Field(None, description="null: whatever it is, or a new one.")
    sheet: HallSheet


class HallDrawn(Strict):
    """What was made of a drawing; no `hall` where an error forbids it."""

    hall: HallInShort | None
    problems: tuple[Problem, ...] = ()


class RemoveHall(Command):
    """Forget one of the office's own halls. Ceremonies that use it keep it."""

    hall: HallKey
    expected_version: int | None = None


class HallRemoved(Strict):
    key: HallKey


list_halls = Ask("guests", "list_halls", ListHalls, HallList)
get_hall = Ask("guests", "get_hall", GetHall, Hall)
check_hall = Ask("guests", "check_hall", CheckHall, HallDrawn)
draw_hall = Ask("guests", "draw_hall", DrawHall, HallDrawn)
remove_hall = Ask("guests", "remove_hall", RemoveHall, HallRemoved)


class HallSaved(Fact, type="guests.hall.saved.v1"):
    """A hall of the office was drawn; the subject is its key."""

    version: int
    seats: int
    standing: int


class HallGone(Fact, type="guests.hall.removed.v1"):
    """A hall of the office was removed; the subject is its key."""

    version: int

"""Pages of a list that others change meanwhile: each goes on behind where the one before ended, wherever that is now.

A cursor is opaque to who is given it. It names the last entries that were shown, so that one of them may be changed,
moved or removed; and how far they reached, for when all of them were.
"""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from pydantic import Field

_ANCHORS = 3
Cursor = Annotated[str, Field(pattern=r"^[0-9]{1,9}(,[0-9A-Za-z-]{1,40}:[0-9]{1,9}){0,3}$")]


class Page(NamedTuple):
    """The places in the list of those to be shown, and the cursor of the page that follows, if one does."""

    shown: Sequence[int]
    next: str | None


def page(marks: Sequence[str], wanted: Sequence[int], after: str | None, limit: int) -> Page:
    """A page of the wanted ones, which are places in the list, rising. `marks` says of each entry `id:version`."""
    begin, seen = _resumed(marks, after) if after else (0, frozenset())
    left = [at for at in wanted if at >= begin and not (seen and _id(marks[at]) in seen)]
    shown = left[:limit]
    if len(left) == len(shown):
        return Page(shown, None)
    return Page(shown, ",".join([str(shown[-1] + 1), *(marks[at] for at in shown[-_ANCHORS:])]))


def _resumed(marks: Sequence[str], after: str) -> tuple[int, frozenset[str]]:
    """Where to go on, and who was shown already though he may stand there."""
    reached, *anchors = after.split(",")
    places = {mark: at for at, mark in enumerate(marks)}
    for number in reversed(range(len(anchors))):
        if anchors[number] in places:
            return places[anchors[number]] + 1, frozenset(map(_id, anchors[number + 1 :]))
    return max(0, int(reached) - len(anchors)), frozenset(map(_id, anchors))


def _id(mark: str) -> str:
    return mark.partition(":")[0]

"""What may still be unknown of a ceremony and its running order: one list, for the check of a plan and the console.

Nothing here is an error. The sentences are the message ids of the translations.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from schemas.envelope import Ask, Question, Strict
from schemas.errors import Problem
from schemas.protocol import Profile
from schemas.scheduling import CeremonyFields, ItemFields

_SHOWN = 12  # titles that a sentence names

_OF_CEREMONY: dict[str, Callable[[CeremonyFields], object | None]] = {
    "The host of the ceremony is not known yet.": lambda fields: fields.host,
    "The venue of the ceremony is not known yet.": lambda fields: fields.venue.name,
    "The administrative unit of the venue is not known yet.": lambda fields: fields.venue.unit,
    "The day of the ceremony is not known yet.": lambda fields: fields.on,
    "The start of the ceremony is not known yet.": lambda fields: fields.start,
    "The end of the ceremony is not known yet.": lambda fields: fields.end,
    "The number of the invitation is not known yet.": lambda fields: fields.document_number,
    "Who signs the invitation is not known yet.": lambda fields: fields.signer_name,
}


class _Point(NamedTuple):
    """What is asked of every item, or of the speeches only; said of rows of a spreadsheet, or of items by title."""

    unknown: Callable[[ItemFields], bool]
    of_rows: str
    of_items: str
    speeches: bool = False


_OF_ITEMS = (
    _Point(
        lambda item: item.position is None,
        "Items without a place in the running order: {count} of {total} (rows {rows}).",
        "Items without a place in the running order: {count} of {total} ({titles}).",
    ),
    _Point(
        lambda item: item.start is None,
        "Items without a start: {count} of {total} (rows {rows}).",
        "Items without a start: {count} of {total} ({titles}).",
    ),
    _Point(
        lambda item: item.minutes is None,
        "Items without a duration: {count} of {total} (rows {rows}).",
        "Items without a duration: {count} of {total} ({titles}).",
    ),
    _Point(
        lambda item: not item.roles,
        "Speeches without a speaker: {count} of {total} (rows {rows}).",
        "Speeches without a speaker: {count} of {total} ({titles}).",
        speeches=True,
    ),
)


class OpenItems(NamedTuple):
    """One thing that is unknown of the items at these places, of `total` that could have it."""

    of_rows: str
    of_items: str
    places: tuple[int, ...]
    total: int


class OpenPoint(Strict):
    """`keys` names the items that it is about, in their order."""

    problem: Problem
    keys: tuple[str, ...] = ()


class ListOpenPoints(Question):
    """Of the draft, as it is now."""

    ceremony_id: str


class OpenPoints(Strict):
    points: tuple[OpenPoint, ...]


list_open_points = Ask("scheduling", "list_open_points", ListOpenPoints, OpenPoints)


def of_ceremony(fields: CeremonyFields) -> Iterator[str]:
    """Sentences."""
    return (sentence for sentence, value in _OF_CEREMONY.items() if value(fields) is None)


def of_items(items: Sequence[ItemFields], profile: Profile) -> Iterator[OpenItems]:
    speeches = {code for code, kind in profile.item_kinds.items() if kind.family == "speech"}
    for point in _OF_ITEMS:
        asked = [at for at, item in enumerate(items) if not point.speeches or item.kind in speeches]
        if places := tuple(at for at in asked if point.unknown(items[at])):
            yield OpenItems(point.of_rows, point.of_items, places, len(asked))


def open_points(fields: CeremonyFields, items: Sequence[ItemFields], profile: Profile) -> tuple[OpenPoint, ...]:
    """All of it, items by their titles."""
    of_all = (OpenPoint(problem=Problem(severity="note", sentence=one)) for one in of_ceremony(fields))
    return (*of_all, *(_told(found, items) for found in of_items(items, profile)))


def _told(found: OpenItems, items: Sequence[ItemFields]) -> OpenPoint:
    meant = [items[at] for at in found.places]
    titles = "; ".join(item.title for item in meant[:_SHOWN]) + ("; …" if len(meant) > _SHOWN else "")
    params = {"count": str(len(meant)), "total": str(found.total), "titles": titles}
    problem = Problem(severity="note", sentence=found.of_items, params=params)
    return OpenPoint(problem=problem, keys=tuple(item.key for item in meant))

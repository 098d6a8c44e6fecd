"""What guests is asked and tells of who sits where in the halls of a ceremony."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.envelope import Ask, Command, Fact, Question, Strict
from schemas.guests import Side
from schemas.halls import MOST_SEATS, BlockKind, Hall, HallKey
from schemas.halls.asked import HallInShort
from schemas.protocol.words import Label

MOST_HALLS = 6
PlaceId = Annotated[
    str,
    Field(
        max_length=100,
        description="hall/block/row/number of a seat, hall/block of a standing block.",
        examples=["theatre-2000/T/A/1"],
    ),
]
Who = Literal["anyone", "guests", "hosts", "persons", "groups", "nobody"]
Why = Literal["waiting", "no_seat", "no_wheelchair_place", "no_seat_beside", "head_count_unknown"]
How = Literal["halls_chosen", "filled", "put", "cleared", "fixed", "released", "reseated", "taken_back"]
CardChange = Literal["new", "moved", "gone"]
WHOS: tuple[Who, ...] = ("anyone", "guests", "hosts", "persons", "groups", "nobody")
MOST_MOVED = 100


# Patterns.


class BlockUse(Strict):
    """Who takes a block."""

    block: Annotated[str, Field(max_length=60, description="hall/block")]
    who: Who


class SeatPattern(Strict):
    """How seats are filled. What is null is as the profile of the ceremony says.

    centre_out: row by row, the first in the middle, the next by turns on either hand; rows: each row from one end to
    the other; serpentine: there and back. `first_side` is a hand of those who sit. Where an even number sits on a
    rostrum with an odd row, gap_centre leaves the middle free.
    """

    pattern: Literal["centre_out", "rows", "serpentine"] | None = None
    first_side: Literal["right", "left"] | None = None
    even: Literal["pair_centre", "gap_centre"] | None = None
    together: bool = Field(default=False, description="Who comes in one delegation sits together, if a row holds it.")
    rostrum: int = Field(0, ge=0, le=500, description="So many of the first sit on the rostrum.")
    uses: tuple[BlockUse, ...] = Field(
        (), max_length=600, description="Blocks not named here: seats for anyone, standing blocks for groups."
    )


# Who sits where.


class Seat(Strict):
    """A guest, or `nth` of those who come with him or are in his group, at a place.

    `heads` of them where they stand. `text` is what cards say; what is `fixed` is moved by hand only.
    """

    guest_id: str
    nth: int = Field(0, ge=0)
    place: PlaceId
    heads: int = Field(1, ge=1)
    fixed: bool = False
    text: str


class Unseated(Strict):
    """`nth` of those who come with the guest, 0 himself; `heads` have no seat, and why."""

    guest_id: str
    name: str
    nth: int = 0
    heads: int = 1
    why: Why


class Sitting(Strict):
    """A guest in short: by name, the initials where that does not fit, and the bloc that the profile knows him by."""

    id: str
    name: str
    side: Side
    bloc: str | None
    delegation: str | None
    position: int | None


class BlockInShort(Strict):
    """`id` is hall/block; `free` places are left of all that it has."""

    id: str
    label: Label
    kind: BlockKind
    places: int
    free: int


class SeatingInShort(Strict):
    """`seats` are those of all halls, with wheelchair places and reserved ones; `taken` so many of them."""

    version: int
    list_version: int
    halls: tuple[HallInShort, ...]
    blocks: tuple[BlockInShort, ...]
    pattern: SeatPattern
    seats: int
    standing: int
    taken: int
    heads: int = Field(description="Heads that have a place.")
    unseated: int
    may_take_back: bool
    changed_since: int = Field(description="Cards that differ from the last release; 0 before the first.")


class GetSeating(Question):
    """How it stands, in numbers."""

    ceremony_id: str


class ListSeats(Question):
    """Who sits where, by place, and who has no place."""

    ceremony_id: str


class Seats(Strict):
    version: int
    halls: tuple[Hall, ...]
    seats: tuple[Seat, ...] = Field(max_length=MOST_SEATS * MOST_HALLS)
    unseated: tuple[Unseated, ...]
    guests: tuple[Sitting, ...]


class ListPlaced(Question):
    """Guests with their seats, in order of precedence; those that come with a guest one by one."""

    ceremony_id: str
    filter: str | None = Field(None, max_length=200, description="As of the list of guests.")
    guest_id: str | None = Field(None, description="Only this one, and who comes with him.")
    nth: int | None = Field(None, ge=0, description="Only this of those who come with a guest.")
    seated: bool | None = None
    limit: int = Field(100, ge=1, le=1000)


class PlacedHead(Strict):
    """`nth` of those who come with the guest, 0 himself; `heads` of them together. `why` there is no place, if so."""

    guest_id: str
    name: str
    posts_text: str
    position: int | None
    nth: int
    heads: int
    place: PlaceId | None
    seat: str | None
    fixed: bool = False
    why: Why | None = None


class PlacedPage(Strict):
    """`total` of all that are meant, of which the first are here."""

    version: int
    total: int
    heads: tuple[PlacedHead, ...]


class SeatCommand(Command):
    ceremony_id: str
    expected_version: int | None = Field(None, description="Version of the seating; null: whatever it is.")


class UseHalls(SeatCommand):
    """Take these halls, as they are now, in the order in which they are filled. Who sat elsewhere sits no more."""

    halls: tuple[HallKey, ...] = Field(max_length=MOST_HALLS)


class FillWish(Strict):
    """How seats are filled. `keep` all: who has a seat keeps it; fixed: only those whose seats are fixed."""

    pattern: SeatPattern = SeatPattern()
    keep: Literal["fixed", "all"] = "fixed"


class FillSeats(SeatCommand, FillWish):
    """Fill by a pattern."""


class PreviewFill(Question, FillWish):
    """What a filling would do."""

    ceremony_id: str


class PutGuest(SeatCommand):
    """Put one on a place; who sits there takes the place that becomes free, or has none."""

    guest_id: str
    nth: int = Field(0, ge=0)
    place: PlaceId


class ClearSeats(SeatCommand):
    """Take these guests, or all of them, off their seats; of all, fixed ones stay."""

    guest_ids: tuple[str, ...] | None = Field(None, max_length=10_000)


class FixSeats(SeatCommand):
    """From now on these are moved by hand only; or no longer."""

    guest_ids: tuple[str, ...] = Field(min_length=1, max_length=10_000)
    fixed: bool = True


class ReseatWish(Strict):
    """From which seats as few as possible move: those of the draft, or those that cards were printed for."""

    since: Literal["draft", "release"] = "draft"
    pattern: SeatPattern | None = Field(None, description="null: that of the last filling.")


class Reseat(SeatCommand, ReseatWish):
    """Seat those who have no seat, and move as few as possible."""


class PreviewReseat(Question, ReseatWish):
    """What seating anew would do."""

    ceremony_id: str


class TakeBackSeats(SeatCommand):
    """Seats as they were at an earlier version: null, the one before."""

    to_version: int | None = None


class SeatMoved(Strict):
    """What a change does to one: from where, to where; null: no seat."""

    guest_id: str
    name: str
    nth: int = 0
    before: str | None
    after: str | None


class Filled(Strict):
    """What a filling does, or did: `version` is that of the seating; the lists are cut, the counts are whole."""

    version: int
    seated: int = Field(description="Heads with a place.")
    moved: int = Field(description="Those who had a seat and have another, or none.")
    new: int
    moves: tuple[SeatMoved, ...] = Field((), max_length=MOST_MOVED)
    places: tuple[PlaceId, ...] = Field((), description="Of those moves: what is to be drawn anew.")
    unseated_count: int
    unseated: tuple[Unseated, ...] = Field((), max_length=MOST_MOVED)


class CompareCards(Question):
    """Whose card says another seat than in a release."""

    ceremony_id: str
    release: int | None = Field(None, ge=1, description="null: the last one.")


class Card(Strict):
    """A card to print (new, moved), or to take out (gone)."""

    guest_id: str
    name: str
    what: CardChange
    before: str | None
    after: str | None


class Cards(Strict):
    release: int
    version: int
    cards: tuple[Card, ...]


# Plans and lists on paper.


class DrawPlan(Question):
    """A hall drawn, with names and blocs; null: the first one."""

    ceremony_id: str
    hall: HallKey | None = None
    block: str | None = Field(None, max_length=12, description="Only this block, as large as the paper.")
    places: tuple[PlaceId, ...] | None = Field(None, description="Only these seats, where they are on the plan.")
    language: str = Field("en", max_length=20)


class SeatPlan(Strict):
    """SVG, made for A3 lying: 420 by 297 mm. Seats are `g` elements with data-place."""

    version: int
    list_version: int = Field(description="Of the guest list: names and blocs stand on the plan too.")
    hall: HallKey
    svg: str


class UsherRow(Strict):
    """One head at a place."""

    hall: str
    door: str
    block: str
    row: str
    number: str
    place: PlaceId
    seat: str
    name: str
    guest_id: str
    heads: int
    note: str


class UsherList(Strict):
    """By hall, door, block, row and number."""

    version: int
    rows: tuple[UsherRow, ...]


class ListByDoor(Question):
    ceremony_id: str
    language: str = Field("en", max_length=20)


get_seating = Ask("guests", "get_seating", GetSeating, SeatingInShort)
list_seats = Ask("guests", "list_seats", ListSeats, Seats)
list_placed = Ask("guests", "list_placed", ListPlaced, PlacedPage)
use_halls = Ask("guests", "use_halls", UseHalls, Filled)
fill_seats = Ask("guests", "fill_seats", FillSeats, Filled)
preview_fill = Ask("guests", "preview_fill", PreviewFill, Filled)
put_guest = Ask("guests", "put_guest", PutGuest, Filled)
clear_seats = Ask("guests", "clear_seats", ClearSeats, Filled)
fix_seats = Ask("guests", "fix_seats", FixSeats, Filled)
reseat = Ask("guests", "reseat", Reseat, Filled)
preview_reseat = Ask("guests", "preview_reseat", PreviewReseat, Filled)
take_back_seats = Ask("guests", "take_back_seats", TakeBackSeats, Filled)
compare_cards = Ask("guests", "compare_cards", CompareCards, Cards)
draw_plan = Ask("guests", "draw_plan", DrawPlan, SeatPlan)
list_by_door = Ask("guests", "list_by_door", ListByDoor, UsherList)


class SeatingChanged(Fact, type="guests.seating.changed.v1"):
    """Seats of a ceremony were given otherwise; the subject is the ceremony. `version` is the seating's."""

    version: int
    how: str
    seated: int
    moved: int
    unseated: int

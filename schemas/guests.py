"""What guests is asked and tells: people, posts, guests of a ceremony, their precedence and introductions."""

from datetime import date
from typing import Literal

from pydantic import Field

from schemas.answers import CountKind, State
from schemas.envelope import Ask, Command, Fact, Question, Strict, Versioned
from schemas.paging import Cursor
from schemas.parts import CommitPart, DropPart, FreezePart, Frozen, PartCommitted, Staged

Side = Literal["guest", "host"]
Manner = Literal["by_name", "collectively", "not"]


class Post(Strict):
    """A post somebody holds, as it is called; level, bloc and class only where the office says them itself."""

    title: str = Field(min_length=1, max_length=400)
    organisation: str | None = None
    level: str | None = None
    bloc: str | None = None
    cls: str | None = None
    since: date | None = None
    until: date | None = None


class PersonFields(Strict):
    """A person as written. The name is printed as typed. Who may not see `email` and `phone` gets them as null."""

    name: str = Field(min_length=1, max_length=400)
    honorific: str | None = Field(None, examples=["Ông"])
    rank: str | None = Field(None, description="Military or police rank, in words.", examples=["Trung tướng"])
    posts: tuple[Post, ...] = ()
    born_on: date | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None


class GroupFields(Strict):
    """A group without names: a label and, where known, a head count with what kind of number it is."""

    label: str = Field(min_length=1, max_length=400)
    head_count: int | None = Field(None, ge=0)
    head_count_kind: CountKind | None = None
    posts: tuple[Post, ...] = Field((), description="Only to place the group in the order of precedence.")
    roll: tuple[str, ...] = Field((), description="Names of its members, where there is a roll.")
    email: str | None = None


class GuestFields(Strict):
    """A guest of one ceremony: exactly one of person and group."""

    person: PersonFields | None = None
    group: GroupFields | None = None
    side: Side = "guest"
    delegation: str | None = None
    note: str | None = None
    code: str | None = Field(None, description="The office's own code for this row; it identifies it on re-import.")
    seat: str | None = None
    attends_as: str | None = Field(
        None, max_length=400, description="In which of several posts he attends, as that is called, where it is said."
    )


class PlannedGuest(GuestFields):
    """A row of a plan folder; `ref` names it inside the plan."""

    ref: str


class GuestsPlan(Strict):
    guests: tuple[PlannedGuest, ...] = ()


class Guest(GuestFields):
    """A guest with its place in the order of precedence.

    `address` is the form of address with the name ("Ông Nguyễn Văn A", "Trung tướng Lê Tấn Tới"); `posts_text` the
    posts as printed; `why` the key that decided the place against the guest before, in words. Of a group, `counted`
    is the head count that prints, of all that are kept. For whom somebody comes, has no position and is on no paper.
    """

    id: str
    version: int
    position: int | None = Field(description="Place in the order of precedence; null: needs ranking.")
    why: str | None = None
    address: str
    posts_text: str
    introduced: Manner = "by_name"
    state: State = "to_invite"
    stands_in_for: str | None = Field(None, description="Id of the guest for whom this one comes.")
    represented_by: str | None = Field(None, description="Id of the guest who comes for this one.")
    counted: int | None = None
    counted_kind: CountKind | None = None
    original: str | None = Field(None, description="What the imported list said, where it was taken apart.")


def head_count(guest: Guest) -> tuple[int | None, CountKind | None]:
    """How many a group is, as it prints; of a release from before counts were kept, the number of its list."""
    if guest.group is None or guest.counted is not None:
        return guest.counted, guest.counted_kind
    return guest.group.head_count, guest.group.head_count_kind


class GuestsPart(Strict):
    """Guests' share of a plan: of the draft, or frozen in a release; in order of precedence."""

    guests: tuple[Guest, ...]
    version: int
    release: int | None = None
    hash: str


class GuestFilter(Question):
    """Which guests are meant: all that is said must be so; what is null may be as it is."""

    filter: str | None = Field(
        None,
        max_length=200,
        description="Beginnings of words in name, rank, posts, organisation, delegation, note or code; in any order, "
        "with or without accents.",
    )
    side: Side | None = None
    introduced: Manner | None = None
    needs_ranking: bool | None = None
    has_address: bool | None = Field(None, description="Whether there is a mail address.")
    state: State | None = Field(None, description="What was answered to the invitation.")


class WantedGuests(GuestFilter):
    """Which guests, and which page of them."""

    after: Cursor | None = Field(None, description="Cursor: `next` of the page before.")
    limit: int = Field(100, ge=1, le=1000)


class ListGuests(WantedGuests):
    """A page of the guests of a ceremony, in order of precedence."""

    ceremony_id: str
    guest_ids: tuple[str, ...] | None = Field(None, max_length=1000, description="Only these.")


class GuestPage(Strict):
    """`total` counts all that are meant, on whichever page; `version` is that of the list."""

    guests: tuple[Guest, ...]
    version: int
    total: int
    next: str | None = None


class SearchGuests(Question):
    """Guests of all ceremonies of the office whose guests the asker may see, or of one; for who begins to type."""

    text: str = Field(min_length=1, max_length=200)
    ceremony_id: str | None = None
    limit: int = Field(20, ge=1, le=20)


class FoundGuest(Strict):
    ceremony_id: str
    guest_id: str
    address: str
    posts_text: str


class FoundGuests(Strict):
    """The best first: whose name is written just so, then by name, then by what else is said of them."""

    guests: tuple[FoundGuest, ...]


class SummariseGuests(Question):
    ceremony_id: str


class GuestsSummary(Strict):
    """`total` entries of the list, of which some are groups; `heads` counts those of groups as far as it is known."""

    version: int
    total: int
    persons: int
    groups: int
    heads: int
    sides: dict[Side, int]
    introduced: dict[Manner, int]
    states: dict[State, int]
    needs_ranking: int
    without_address: int = Field(description="Persons and groups that no mail can be sent to.")


class GetGuest(Question):
    ceremony_id: str
    guest_id: str


class GetGuests(Question):
    """Guests' part of a ceremony."""

    ceremony_id: str
    release: int | None = None


class AddGuest(Command):
    ceremony_id: str
    expected_version: int | None = Field(None, description="Version of the guest list; null: whatever it is.")
    guest: GuestFields


class ChangeGuest(Command):
    ceremony_id: str
    guest_id: str
    expected_version: int
    guest: GuestFields


class RemoveGuest(Command):
    ceremony_id: str
    guest_id: str
    expected_version: int


class StageGuests(Command):
    saga: str
    ceremony_id: str
    profile: str
    on: date | None = None
    plan: GuestsPlan


class CheckGuests(Question):
    ceremony_id: str | None
    profile: str
    on: date | None = None
    plan: GuestsPlan


class StagedGuests(Staged):
    """`ids` gives the guest id of each ref, so that the other parts can name guests by id."""

    ids: dict[str, str] = {}


stage = Ask("guests", "stage", StageGuests, StagedGuests)
check = Ask("guests", "check", CheckGuests, StagedGuests)
commit = Ask("guests", "commit", CommitPart, PartCommitted)
drop = Ask("guests", "drop", DropPart, PartCommitted)
freeze = Ask("guests", "freeze", FreezePart, Frozen)
get_part = Ask("guests", "get_part", GetGuests, GuestsPart)
list_guests = Ask("guests", "list_guests", ListGuests, GuestPage)
search = Ask("guests", "search", SearchGuests, FoundGuests)
summary = Ask("guests", "summary", SummariseGuests, GuestsSummary)
get_guest = Ask("guests", "get_guest", GetGuest, Guest)
add_guest = Ask("guests", "add_guest", AddGuest, Versioned)
change_guest = Ask("guests", "change_guest", ChangeGuest, Versioned)
remove_guest = Ask("guests", "remove_guest", RemoveGuest, Versioned)


class GuestsImported(Fact, type="guests.list.imported.v1"):
    """The guest list of a ceremony was replaced by an import; `version` is the list's."""

    version: int
    created: int
    updated: int
    removed: int
    count: int


class GuestAdded(Fact, type="guests.guest.added.v1"):
    """A guest was added; the subject is the ceremony."""

    guest_id: str
    version: int


class GuestChanged(Fact, type="guests.guest.changed.v1"):
    """A guest's data were changed; the subject is the ceremony."""

    guest_id: str
    version: int


class GuestRemoved(Fact, type="guests.guest.removed.v1"):
    """A guest was removed; the subject is the ceremony."""

    guest_id: str
    version: int

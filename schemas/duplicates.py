"""What guests is asked about guests who may be one person: who they are, merging two, telling two apart."""

from typing import Literal, get_args

from pydantic import Field, JsonValue

from schemas.envelope import Ask, Command, Fact, Question, Strict
from schemas.guests import Guest
from schemas.stand_ins import Duty, PlaceMoved

# Of a person, of his row on the list, and of what is kept beside it: answer, company, needs, seat, place by hand.
MergeField = Literal[
    "name",
    "honorific",
    "rank",
    "posts",
    "born_on",
    "email",
    "phone",
    "language",
    "side",
    "delegation",
    "note",
    "code",
    "attends_as",
    "state",
    "company",
    "needs",
    "contact",
    "arrival",
    "seat",
    "by_hand",
]
MERGE_FIELDS: tuple[MergeField, ...] = get_args(MergeField)
Taken = Literal["kept", "other", "both"]


class MergedField(Strict):
    """What both say of one field, and which of it stays. `conflict`: both say something, and not the same."""

    field: MergeField
    kept: JsonValue
    other: JsonValue
    taken: Taken
    conflict: bool
    joinable: bool = Field(description="Whether `both` may be taken.")


class Pair(Strict):
    """Two guests who may be one person; the first should stay: he answered, has a seat, or was there first. `reasons`
    are sentences.

    `fields`: where at least one of them says something, and what would stay if they were merged as they are.
    """

    score: float = Field(description="To 1: how probable it is that they are one person.")
    reasons: tuple[str, ...]
    guest: Guest
    other: Guest
    fields: tuple[MergedField, ...]


class ListDuplicates(Question):
    """Guests who may be one person, the most probable first; without those who were told apart."""

    ceremony_id: str
    skip: int = Field(0, ge=0)
    limit: int = Field(20, ge=0, le=100)


class Duplicates(Strict):
    """`version` is that of the list."""

    pairs: tuple[Pair, ...]
    total: int
    version: int


class TellApartFields(Strict):
    """Two guests; `apart`: they are two people. Otherwise that was said by mistake."""

    guest_id: str
    other_id: str
    apart: bool = True


class TellApart(TellApartFields, Command):
    """Says that two guests are two people: they are not shown as duplicates any more."""

    ceremony_id: str


class ToldApart(Strict):
    changed: bool


class MergeFields(Strict):
    """Who is merged into the guest, and what is taken of whom.

    What is not named: what the guest who stays says, filled where he says nothing; the name with its accents, the
    more advanced answer, the larger company, the longer list of needs. `both` joins posts, notes, company and needs.
    """

    other_id: str
    take: dict[MergeField, Taken] = {}


class PreviewMerge(MergeFields, Question):
    """What it would do; changes nothing."""

    ceremony_id: str
    guest_id: str = Field(description="The one who stays.")


class MergeEffect(Strict):
    """`places` in the order of precedence of both. `freed` is the seat that is left. `duties` go over to who stays.

    At the next release `cancels` the invitation that the other one was given; `release` is the last one, 0: none yet.
    """

    name: str
    other_name: str
    version: int
    other_version: int
    fields: tuple[MergedField, ...]
    places: tuple[PlaceMoved, ...]
    seat: str | None
    freed: str | None
    duties: tuple[Duty, ...]
    cancels: bool
    release: int


class MergePeopleFields(MergeFields):
    other_version: int = Field(description="Version of the other one, as it was compared.")


class MergePeople(MergePeopleFields, Command):
    """Two guests are one person: one stays, the other one is taken off the list. One command takes it back."""

    ceremony_id: str
    guest_id: str = Field(description="The one who stays.")
    expected_version: int = Field(description="Of the one who stays.")


class Merged(Strict):
    """`version` is that of the list; `event_id` takes it back."""

    guest_id: str
    merged_id: str
    version: int
    event_id: str
    duties: int = Field(description="How many went over.")


list_duplicates = Ask("guests", "list_duplicates", ListDuplicates, Duplicates)
tell_apart = Ask("guests", "tell_apart", TellApart, ToldApart)
preview_merge = Ask("guests", "preview_merge", PreviewMerge, MergeEffect)
merge_people = Ask("guests", "merge_people", MergePeople, Merged)


class PeopleMerged(Fact, type="guests.people.merged.v1"):
    """Two guests are one person: `merged` is on the list no more. The subject is the ceremony.

    `items` and `lines` name the duties that go over; `roles` the places of his roles in items where both had one.
    """

    guest_id: str
    merged: str
    items: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    roles: dict[str, tuple[int, ...]] = {}
    version: int


class PeopleParted(Fact, type="guests.people.parted.v1"):
    """That was taken back: both are on the list again, and those duties go back. The subject is the ceremony."""

    guest_id: str
    merged: str
    takes_back: str
    items: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    roles: dict[str, tuple[int, ...]] = {}
    version: int


class PeopleToldApart(Fact, type="guests.people.told_apart.v1"):
    """Somebody said that two guests are two people, or that this was a mistake. The subject is the ceremony."""

    guest_id: str
    other: str
    apart: bool

"""What guests answer: states of an invitation with their history, who and what comes with them, counts of groups."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal, get_args

from pydantic import AwareDatetime, Field

from schemas.envelope import Ask, Command, Fact, Question, Strict, Versioned

State = Literal[
    "to_invite",
    "invited",
    "read",
    "accepted",
    "declined",
    "stand_in_proposed",
    "stand_in_agreed",
    "stand_in_refused",
    "attended",
    "absent",
]
STATES: tuple[State, ...] = get_args(State)
# As sentences say them; the message ids of the translations.
STATE_WORDS: Mapping[State, str] = {
    "to_invite": "to invite",
    "invited": "invited",
    "read": "has read it",
    "accepted": "accepted",
    "declined": "declined",
    "stand_in_proposed": "stand-in proposed",
    "stand_in_agreed": "stand-in comes",
    "stand_in_refused": "stand-in refused",
    "attended": "was there",
    "absent": "was not there",
}
Through = Literal["link", "mail", "phone", "door", "import", "desk", "stand_in", "undo"]
CountKind = Literal["actual", "planned", "claimed"]
NeedKind = Literal["wheelchair", "diet", "interpreter", "parking", "vehicle", "other"]
NEED_KINDS: tuple[NeedKind, ...] = get_args(NeedKind)
_MOST = 5000


class AnswerEntry(Strict):
    """One change of a guest's state. `by` is the id of the user who entered it; null: nobody who is signed in.

    `was` is null where the guest came onto the list with this entry.
    """

    state: State
    was: State | None
    at: datetime
    by: str | None
    through: Through
    note: str | None = Field(None, description="Null for who may not see what guests need.")


class PlusOne(Strict):
    name: str = Field(min_length=1, max_length=400)
    note: str | None = Field(None, max_length=1000)


class Need(Strict):
    """What a guest needs; `text` says more of it, such as which diet."""

    kind: NeedKind
    text: str | None = Field(None, max_length=1000)


class ContactPerson(Strict):
    """Whom to ask about a guest: an assistant, an office."""

    name: str | None = Field(None, max_length=400)
    phone: str | None = Field(None, max_length=100)
    email: str | None = Field(None, max_length=254)


class Arrival(Strict):
    at: AwareDatetime | None = None
    vehicle: str | None = Field(None, max_length=400, examples=["65A-123.45"])
    note: str | None = Field(None, max_length=1000)


class Arrangements(Strict):
    """What has to be arranged for a guest.

    `plus_count` is how many come along, where only the number is known; else those who are named are counted.
    """

    plus_ones: tuple[PlusOne, ...] = Field((), max_length=50)
    plus_count: int | None = Field(None, ge=0, le=10_000)
    needs: tuple[Need, ...] = Field((), max_length=20)
    contact: ContactPerson | None = None
    arrival: Arrival | None = None

    @property
    def along(self) -> int:
        """How many come along."""
        return max(len(self.plus_ones), self.plus_count or 0)


class HeadCountFields(Strict):
    """How many a group has, by one source. Sources that contradict each other are kept side by side."""

    count: int = Field(ge=0, le=100_000_000)
    kind: CountKind
    as_of: date | None = Field(None, description="The day for which the source says so.")
    source: str | None = Field(None, max_length=1000)


class HeadCount(HeadCountFields):
    """`id` is null for the number that stands on the guest list itself. Of all of them one prints."""

    id: str | None
    prints: bool = False
    chosen: bool = Field(False, description="Whether a person chose it; otherwise the rule did.")


class GetAnswer(Question):
    ceremony_id: str
    guest_id: str


class Answer(Strict):
    """What a guest answered and how it came to that, oldest first; `version` is the guest's.

    Needs, contact and arrival are only for who has to do with them, and else empty.
    """

    guest_id: str
    version: int
    state: State
    stands_in_for: str | None = None
    represented_by: str | None = None
    following: tuple[State, ...] = Field((), description="The states that may follow.")
    history: tuple[AnswerEntry, ...] = ()
    arrangements: Arrangements = Arrangements()
    counts: tuple[HeadCount, ...] = Field((), description="Of a group.")


class AnswerFields(Strict):
    """What a guest answered, and through what it came."""

    state: State
    through: Through = "desk"
    note: str | None = Field(None, max_length=2000)


class AnswersFields(AnswerFields):
    """Who does not fit is refused with all others, or left out with `leave_out`."""

    guest_ids: tuple[str, ...] = Field(min_length=1, max_length=_MOST)
    leave_out: bool = False


class GiveAnswers(AnswersFields, Command):
    """Sets the state of guests; also `invited`, since what a release prepares has not left the house by that."""

    ceremony_id: str
    expected_version: int | None = Field(None, description="Version of the guest, where it is only one.")


class CheckInFields(Strict):
    """Who is at the door, and who was not there."""

    guest_ids: tuple[str, ...] = Field(min_length=1, max_length=_MOST)
    state: Literal["attended", "absent"] = "attended"
    note: str | None = Field(None, max_length=2000)


class CheckIn(CheckInFields, Command):
    """Sets at the door who is there."""

    ceremony_id: str


class LeftOut(Strict):
    """A guest whom a command for many did not fit, and the sentence that says why."""

    guest_id: str
    sentence: str
    params: dict[str, str] = {}


class Done(Strict):
    """What a command for several guests did. `event_id` takes it back; null: nothing was to be done.

    `version` is that of the list.
    """

    changed: int
    version: int
    event_id: str | None = None
    left_out: tuple[LeftOut, ...] = ()


class Arrange(Command):
    """Replaces what has to be arranged for a guest."""

    ceremony_id: str
    guest_id: str
    expected_version: int
    arrangements: Arrangements


class KeepCount(Command):
    """Keeps one more head count of a group, beside the others."""

    ceremony_id: str
    guest_id: str
    count: HeadCountFields


class ChooseCount(Command):
    """Says which count prints; with none, the rule does: the latest actual one, else planned, else claimed."""

    ceremony_id: str
    guest_id: str
    expected_version: int
    count_id: str | None = None


class DropCount(Command):
    ceremony_id: str
    guest_id: str
    expected_version: int
    count_id: str


class SameFields(Strict):
    """What is set alike on several guests: only what is given."""

    guest_ids: tuple[str, ...] = Field(min_length=1, max_length=_MOST)
    side: Literal["guest", "host"] | None = None
    delegation: str | None = Field(None, max_length=400, description="Empty: none.")


class ChangeGuests(SameFields, Command):
    """Sets the same on several guests."""

    ceremony_id: str


class Several(Strict):
    guest_ids: tuple[str, ...] = Field(min_length=1, max_length=_MOST)


class RemoveGuests(Several, Command):
    ceremony_id: str


class TakeBack(Command):
    """Undoes a command for several guests. Who was changed again since stays as he is."""

    ceremony_id: str
    event_id: str


get_answer = Ask("guests", "get_answer", GetAnswer, Answer)
give_answers = Ask("guests", "give_answers", GiveAnswers, Done)
check_in = Ask("guests", "check_in", CheckIn, Done)
arrange = Ask("guests", "arrange", Arrange, Versioned)
keep_count = Ask("guests", "keep_count", KeepCount, Versioned)
choose_count = Ask("guests", "choose_count", ChooseCount, Versioned)
drop_count = Ask("guests", "drop_count", DropCount, Versioned)
change_guests = Ask("guests", "change_guests", ChangeGuests, Done)
remove_guests = Ask("guests", "remove_guests", RemoveGuests, Done)
take_back = Ask("guests", "take_back", TakeBack, Done)


class AnswersGiven(Fact, type="guests.answers.given.v1"):
    """The state of guests was set; the subject is the ceremony. `guest_id` where it is one, else at most 100 ids."""

    guest_id: str | None = None
    guest_ids: tuple[str, ...] = ()
    count: int
    state: State
    through: Through
    version: int


class GuestArranged(Fact, type="guests.guest.arranged.v1"):
    """What has to be arranged for a guest was changed; the subject is the ceremony."""

    guest_id: str
    version: int


class CountsChanged(Fact, type="guests.counts.changed.v1"):
    """The head counts of a group were added to, or another one prints; the subject is the ceremony."""

    guest_id: str
    version: int


class GuestsChanged(Fact, type="guests.list.changed.v1"):
    """Several guests were changed or removed together, or that was taken back; the subject is the ceremony."""

    version: int
    updated: int = 0
    removed: int = 0
    created: int = 0
    takes_back: str | None = None

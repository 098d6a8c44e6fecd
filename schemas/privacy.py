"""People's data: all that is held of one person, its erasure, and how long contact data and papers are kept."""

from datetime import date, datetime

from pydantic import Field, model_validator

from schemas.envelope import Ask, Command, Fact, Question, Strict, Versioned
from schemas.traces import Thing


class HeldOf(Question):
    """All that is held of the person that this guest is, on every list of the office that the asker may see."""

    ceremony_id: str
    guest_id: str


class HeldOfGuest(Strict):
    """What is held of one guest of one ceremony. `called`: his name, null once he is on the list no more.

    `shared_words`: another guest bears the same name, address or number, so what only writes it, without pointing to
    one of them, is neither shown nor erased.
    """

    ceremony_id: str
    guest_id: str
    called: str | None
    shared_words: bool
    invited: bool = Field(description="Was given an invitation that was not cancelled, to what is still to come.")
    things: tuple[Thing, ...]
    silent: tuple[str, ...] = Field(description="Services that did not answer: what they hold is missing here.")


class HeldReport(Strict):
    guests: tuple[HeldOfGuest, ...]


class EraseFields(Strict):
    reason: str = Field(min_length=1, max_length=1000, description="Why, such as the request of the person.")
    invited_too: bool = Field(
        False, description="Also who was given an invitation that was not cancelled: it can not be taken back later."
    )


class ErasePerson(EraseFields, Command):
    """Erases for good all that is held of the person that this guest is. There is no way back."""

    ceremony_id: str
    guest_id: str


class Erasure(Strict):
    """An erasure of one guest. `done` and `pending` name the services; `by` the user, null: the house itself."""

    id: str
    ceremony_id: str
    guest_id: str
    at: datetime
    by: str | None
    reason: str
    done: tuple[str, ...]
    pending: tuple[str, ...]


class Erasures(Strict):
    erasures: tuple[Erasure, ...]


class ListErasures(Question):
    """Of the ceremonies that the asker may see; the newest first."""

    ceremony_id: str | None = None
    limit: int = Field(100, ge=1, le=1000)


class Keeping(Strict):
    """How long: until a day, or so many days after the day of the ceremony; null: not said, so until it is."""

    contacts_until: date | None = None
    contacts_days: int | None = Field(None, ge=0, le=36500)
    papers_until: date | None = None
    papers_days: int | None = Field(None, ge=0, le=36500)

    @model_validator(mode="after")
    def _one_way_each(self) -> "Keeping":
        for what in ("contacts", "papers"):
            if None not in {getattr(self, f"{what}_until"), getattr(self, f"{what}_days")}:
                raise ValueError(f"{what}: say a day or a number of days, not both")
        return self


class GetRetention(Question):
    ceremony_id: str


class Retention(Strict):
    """`said`: what was said for this ceremony; null: the installation's default holds, which `keeping` then is.

    `contacts_due` and `papers_due`: the day from which on they are erased; null: unknown, so they are kept.
    `contacts` counts the guests whom that would touch now, `erased` is when it was done last.
    """

    ceremony_id: str
    version: int
    said: bool
    keeping: Keeping
    contacts_due: date | None
    papers_due: date | None
    contacts: int
    contacts_erased: datetime | None = None
    papers_erased: datetime | None = None


class Retentions(Strict):
    retentions: tuple[Retention, ...]


class ListRetentions(Question):
    """Of every ceremony with a guest list that the asker may see: what will be erased, and when; changes nothing."""


class KeepFor(Command):
    """Says how long for one ceremony; `keeping` null: as the installation does."""

    ceremony_id: str
    expected_version: int
    keeping: Keeping | None


held = Ask("guests", "held", HeldOf, HeldReport)
erase_person = Ask("guests", "erase_person", ErasePerson, Erasures)
list_erasures = Ask("guests", "list_erasures", ListErasures, Erasures)
get_retention = Ask("guests", "get_retention", GetRetention, Retention)
list_retentions = Ask("guests", "list_retentions", ListRetentions, Retentions)
keep_for = Ask("guests", "keep_for", KeepFor, Versioned)


class RetentionChanged(Fact, type="guests.retention.changed.v1"):
    """How long things of a ceremony are kept was said; `version` is that of this setting."""

    version: int


class ContactsExpired(Fact, type="guests.contacts.expired.v1"):
    """The contact data of a ceremony's guests were erased, for their time was up; `version` is that of the list."""

    version: int
    guests: int


class PapersExpired(Fact, type="guests.papers.expired.v1"):
    """The papers of a ceremony's releases are to be erased, for their time is up; the subject is the ceremony."""

    version: int

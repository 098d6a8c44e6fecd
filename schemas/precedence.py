"""What guests is asked and tells about the order of precedence: places explained, given by hand, or still missing."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from schemas.envelope import Ask, Command, Fact, Question, Strict, Versioned
from schemas.guests import Side
from schemas.paging import Cursor
from schemas.protocol.rules import SpeechStep

Kind = Literal["person", "group"]


class Said(Strict):
    """The same words in both languages of the house."""

    vi: str
    en: str


class Reason(Strict):
    """What decided between somebody and his neighbour, such as “level: central before province”.

    `key` is a key of the profile, or first, by_hand, host_rule, needs_ranking, key (the same in everything). `words`
    name no neighbour; `against` does, who stands by the rules as well; null: there is none.
    """

    key: str
    words: Said
    against: str | None = Field(None, description="Guest id.")
    who: str | None = Field(None, description="How that guest is addressed.")


class Standing(Strict):
    """What somebody counts as. `post` is the one of his posts that counted, or of whom he represents."""

    level: str
    bloc: str
    cls: str
    former: bool
    words: Said
    post: str | None = None


class ByHand(Strict):
    """A place that a person gave. `holds` false: neither neighbour is on the list any more, so the rules decide."""

    reason: str
    by: str | None = Field(None, description="Id of the account.")
    by_name: str | None = None
    at: datetime
    version: int
    holds: bool


class Position(Strict):
    """A guest's place and why it is that one: `why` against the one above, `before` against the one below."""

    guest_id: str
    version: int = Field(description="Of the guest.")
    position: int | None = Field(description="null: needs ranking.")
    kind: Kind
    side: Side
    address: str
    posts_text: str
    standing: Standing | None
    why: Reason
    before: Reason | None = None
    by_hand: ByHand | None = None
    stands_in_for: str | None = None
    represents: bool = Field(False, description="Stands in and takes the rank of whom he stands in for.")


class Cited(Strict):
    """A source of the profile; `confidence` as in the profile: confirmed, sample, memory or inference."""

    title: str
    rules: str | None = None
    confidence: str


class Rules(Strict):
    """The profile whose rules the order follows, in words."""

    key: str = Field(examples=["vn-province/1"])
    label: Said
    scope: Said | None = None
    advisory: bool = False
    sources: tuple[Cited, ...] = ()


class WantedPositions(Question):
    """Which places are meant: all that is said must be so."""

    filter: str | None = Field(None, max_length=200, description="Beginnings of words, as in the guest list.")
    side: Side | None = None
    only: Literal["needs_ranking", "by_hand", "former", "stand_in"] | None = None
    after: Cursor | None = Field(None, description="Cursor: `next` of the page before.")
    limit: int = Field(100, ge=1, le=1000)


class ExplainOrder(WantedPositions):
    """A page of the order of precedence of a ceremony, each place explained."""

    ceremony_id: str
    guest_ids: tuple[str, ...] | None = Field(None, max_length=1000, description="Only these.")


class Positions(Strict):
    """`total` counts all that are meant, `guests` all there are; `version` is that of the guest list."""

    positions: tuple[Position, ...]
    version: int
    rules: Rules
    total: int
    guests: int
    needs_ranking: int
    by_hand: int
    next: str | None = None


# Placing by hand.


class PlaceGuest(Command):
    """Puts a guest before another, whatever the rules say; a place given before is replaced."""

    ceremony_id: str
    guest_id: str
    before: str | None = Field(None, description="Guest id of who is to follow; null: at the end of the list.")
    reason: str = Field(min_length=1, max_length=400)
    expected_version: int | None = Field(None, description="Version of the guest list; null: whatever it is.")


class ReturnGuest(Command):
    """Puts a guest back where the rules have him."""

    ceremony_id: str
    guest_id: str
    expected_version: int | None = Field(None, description="Version of the guest list; null: whatever it is.")


# What needs ranking.


class Counts(Strict):
    """What a title counts as, in codes of the profile."""

    level: str
    bloc: str
    cls: str


class Near(Strict):
    """A class of the profile that a title resembles; the level only where the title's own words tell it."""

    level: str | None
    bloc: str
    cls: str
    words: Said


class UnrankedGuest(Strict):
    guest_id: str
    version: int
    address: str


class UnrankedTitle(Strict):
    """A title that the profile does not know; `count` guests have no place because of it, some of whom are named."""

    title: str
    organisation: str | None = None
    count: int
    guests: tuple[UnrankedGuest, ...]
    near: tuple[Near, ...] = ()


class UnrankedTitles(Question):
    ceremony_id: str


class Unranked(Strict):
    """`without_post`: guests of whom no post is known at all."""

    titles: tuple[UnrankedTitle, ...]
    without_post: tuple[UnrankedGuest, ...] = ()
    profile: str
    version: int


class RankGuest(Command):
    """Says of one guest what a post of his counts as; all three null: that it is to be read from its words again.

    A group without posts gets its own name as one.
    """

    ceremony_id: str
    guest_id: str
    expected_version: int = Field(description="Of the guest.")
    title: str = Field(min_length=1, max_length=400)
    level: str | None = None
    bloc: str | None = None
    cls: str | None = None


class SettleTitle(Command):
    """Says once for the whole office what a title counts as under a profile, now and in ceremonies to come."""

    profile: str = Field(max_length=80, examples=["vn-province"])
    title: str = Field(min_length=1, max_length=400)
    organisation: str | None = Field(None, max_length=400, description="Only of this organisation; null: of any.")
    level: str
    bloc: str
    cls: str


class SettledTitle(Strict):
    id: str
    version: int
    profile: str
    title: str
    organisation: str | None = None
    level: str
    bloc: str
    cls: str
    by: str | None = Field(None, description="Id of the account.")
    at: datetime


class ListSettled(Question):
    """The titles that the office settled, of one profile or of all."""

    profile: str | None = None


class SettledTitles(Strict):
    titles: tuple[SettledTitle, ...]


class ForgetTitle(Command):
    """Takes back what was settled for the office."""

    title_id: str
    expected_version: int


# What follows from the order.


class InTurn(Strict):
    """A guest in his turn."""

    guest_id: str
    position: int
    kind: Kind
    address: str
    posts_text: str


class Introduced(Strict):
    """One breath of the master of ceremonies: one by name, a group, or several together, of whom `words` tell."""

    manner: Literal["by_name", "collectively"]
    guests: tuple[InTurn, ...]
    words: Said | None = None


class Speech(Strict):
    """Somebody's turn to speak; `step` null: a speaker of whom the profile says nothing."""

    step: SpeechStep | None
    guest: InTurn


class GetCourtesies(Question):
    """How a speech opens, who is introduced how, who speaks when and who arrives when: all from the one order."""

    ceremony_id: str


class Courtesies(Strict):
    """`salutation` in the language of the ceremony. Speakers are those whom the running order names as such; where it
    names none, the first of each side. Who needs ranking has no turn.
    """

    salutation: tuple[str, ...]
    introductions: tuple[Introduced, ...]
    speeches: tuple[Speech, ...]
    arrivals: tuple[InTurn, ...]
    version: int
    rules: Rules
    needs_ranking: int


explain = Ask("guests", "explain_order", ExplainOrder, Positions)
place_guest = Ask("guests", "place_guest", PlaceGuest, Versioned)
return_guest = Ask("guests", "return_guest", ReturnGuest, Versioned)
unranked = Ask("guests", "unranked_titles", UnrankedTitles, Unranked)
rank_guest = Ask("guests", "rank_guest", RankGuest, Versioned)
settle_title = Ask("guests", "settle_title", SettleTitle, Versioned)
list_settled = Ask("guests", "list_settled", ListSettled, SettledTitles)
forget_title = Ask("guests", "forget_title", ForgetTitle, Versioned)
courtesies = Ask("guests", "courtesies", GetCourtesies, Courtesies)


class GuestPlaced(Fact, type="guests.guest.placed.v1"):
    """A guest was given a place by hand; the subject is the ceremony, `version` that of the list."""

    guest_id: str
    version: int


class GuestReturned(Fact, type="guests.guest.returned.v1"):
    """A guest was put back where the rules have him; the subject is the ceremony."""

    guest_id: str
    version: int


class ListReranked(Fact, type="guests.list.reranked.v1"):
    """Other rules hold for a guest list: of another day or profile, or for a title that the office settled."""

    version: int


class TitleSettled(Fact, type="guests.title.settled.v1"):
    """The office said what a title counts as; the subject is the settled title's id."""

    version: int


class TitleForgotten(Fact, type="guests.title.forgotten.v1"):
    """The office took back what it had said of a title; the subject is the settled title's id."""

    version: int

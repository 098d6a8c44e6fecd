"""“B comes for A”: the whole effect before it is confirmed, the command, and its way back."""

from typing import Literal, TypeVar

from pydantic import BaseModel, Field

from schemas.answers import Through
from schemas.envelope import Ask, Command, Fact, Question, Strict
from schemas.guests import PersonFields

Rule = Literal["own_rank", "represented_rank", "interim_only"]
W = TypeVar("W", bound=BaseModel)
MOST_MOVED = 100  # guests of an effect who are named


class StandInFields(Strict):
    """Who comes: a guest of the list, or somebody new, who is then of the same side and delegation.

    `interim`: he holds the office of the one he comes for, for the time being. `duties`: whether he takes over what
    that one was to say and present; left, they stay with the name of who does not come.
    """

    stand_in_id: str | None = None
    person: PersonFields | None = None
    interim: bool = False
    duties: Literal["move", "leave"] = "move"


class PreviewStandIn(StandInFields, Question):
    """What it would do; changes nothing."""

    ceremony_id: str
    guest_id: str = Field(description="The one who does not come.")


class PlaceMoved(Strict):
    """A place in the order of precedence; null: none. `why` of the new place, in words."""

    guest_id: str | None = Field(description="Null for who is not on the list yet.")
    name: str
    before: int | None
    after: int | None
    why: str | None = None


class Duty(Strict):
    """What somebody says or presents: an item of the running order, or an award line. Without key and title for who
    may not see awards.
    """

    kind: Literal["item", "line"]
    key: str | None
    title: str | None
    role: str


class StandInEffect(Strict):
    """`places` of at most 100 guests, `moved` counts all. `seat` is that of the one who does not come; `seat_taken`:
    the stand-in takes it, else he is to be seated.

    `papers` are codes of documents that change. At the next release `cancels` an invitation that was given out and
    `invites` says what the stand-in gets; null: he has his own already.
    """

    rule: Rule
    places: tuple[PlaceMoved, ...]
    moved: int
    duties: tuple[Duty, ...]
    seat: str | None
    seat_taken: bool
    papers: tuple[str, ...]
    release: int = Field(description="The last release; 0: none yet, so nobody was given anything.")
    cancels: bool
    invites: Literal["mail", "file"] | None


class AgreeStandIn(StandInFields):
    """As the preview takes it, and how the office came to know."""

    through: Through = "phone"
    note: str | None = Field(None, max_length=2000)


class StandIn(AgreeStandIn, Command):
    """B comes for A: one command, taken back by one."""

    ceremony_id: str
    guest_id: str
    expected_version: int = Field(description="Of the one who does not come.")


class StoodIn(Strict):
    """`version` is that of the list."""

    guest_id: str
    stand_in_id: str
    version: int
    duties: int = Field(description="How many went over.")


class WithdrawFields(Strict):
    """`state` that the one takes who did not come; null: what he was at before. `stays`: the stand-in stays a guest
    of his own; null: if he was one before.
    """

    state: Literal["invited", "accepted", "declined", "stand_in_refused", "attended", "absent"] | None = None
    stays: bool | None = None
    through: Through = "phone"
    note: str | None = Field(None, max_length=2000)


class WithdrawStandIn(WithdrawFields, Command):
    """B does not come for A after all. The duties that went over go back."""

    ceremony_id: str
    guest_id: str


class HandOver(Command):
    """Gives the duties of one guest in these items or award lines to another, whose name is `text`.

    `roles`: of an item only the roles at these places.
    """

    ceremony_id: str
    keys: tuple[str, ...]
    giver: str
    taker: str
    text: str
    roles: dict[str, tuple[int, ...]] = {}

    def over(self, who: W) -> W:
        """This role or presenter, the taker where it was the giver."""
        if getattr(who, "guest", None) != self.giver:
            return who
        return who.model_copy(update={"guest": self.taker, "text": self.text})


class HandedOver(Strict):
    changed: int


preview_stand_in = Ask("guests", "preview_stand_in", PreviewStandIn, StandInEffect)
stand_in = Ask("guests", "stand_in", StandIn, StoodIn)
withdraw_stand_in = Ask("guests", "withdraw_stand_in", WithdrawStandIn, StoodIn)
hand_over_items = Ask("scheduling", "hand_over", HandOver, HandedOver)
hand_over_lines = Ask("awards", "hand_over", HandOver, HandedOver)


class StandInAgreed(Fact, type="guests.stand_in.agreed.v1"):
    """Somebody comes for a guest; `items` and `lines` name the duties that go over. The subject is the ceremony."""

    guest_id: str
    stand_in: str
    items: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    version: int


class StandInWithdrawn(Fact, type="guests.stand_in.withdrawn.v1"):
    """He does not after all, and those duties go back. The subject is the ceremony."""

    guest_id: str
    stand_in: str
    items: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    version: int

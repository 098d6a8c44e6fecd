"""What every service is asked and tells of the traces of one guest: where they are, and that they were erased."""

from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import Field

from schemas.envelope import Ask, Fact, Question, Strict
from schemas.house import SERVICES


class Traced(Question):
    """Whose traces: what points to this guest of this ceremony, and what only writes one of these words there.

    `words` are the name, mail address and telephone number of the guest, now and formerly, as far as nobody else on
    the list bears them too.
    """

    ceremony_id: str
    guest_id: str
    words: tuple[str, ...] = ()


class Thing(Strict):
    """One thing that is held. `stays`: what an erasure leaves, and why.

    release: the paper of a release, until its time is up; audit: a line of the audit trail, which names nobody.
    """

    place: str = Field(description="Service and table.", examples=["guests.post", "scheduling.item"])
    data: Any = Field(description="What is held, as it is kept; of what is also of others only his part.")
    at: datetime | None = None
    stays: Literal["release", "audit"] | None = None


class Holding(Strict):
    things: tuple[Thing, ...]


class GetTraces(Question):
    """Of an erasure that not every service has done."""

    erasure: str


holding = {name: Ask(name, "holding", Traced, Holding) for name in SERVICES}
get_traces = Ask("guests", "get_traces", GetTraces, Traced)


class GuestErased(Fact, type="guests.guest.erased.v1"):
    """All that is held of a guest is erased: guests has done so, the others follow; the subject is the ceremony."""

    guest_id: str
    erasure: str
    version: int


class Forgotten(Fact):
    """A service has erased what it held of a guest; `rows` counts what that touched. The subject is the ceremony."""

    of_service: ClassVar[dict[str, type["Forgotten"]]] = {}
    guest_id: str
    erasure: str
    rows: int

    def __init_subclass__(cls, type: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(type=type, **kwargs)
        Forgotten.of_service[cls.owner()] = cls


class SchedulingForgot(Forgotten, type="scheduling.guest.forgotten.v1"):
    """Scheduling has erased what it held of a guest; the subject is the ceremony."""


class AwardsForgot(Forgotten, type="awards.guest.forgotten.v1"):
    """Awards has erased what it held of a guest; the subject is the ceremony."""


class ProgramForgot(Forgotten, type="program.guest.forgotten.v1"):
    """Program has erased what it held of a guest but the papers of releases; the subject is the ceremony."""


class DispatchForgot(Forgotten, type="dispatch.guest.forgotten.v1"):
    """Dispatch has erased what it held of a guest; the subject is the ceremony."""

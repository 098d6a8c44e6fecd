"""The CloudEvents 1.0 envelope, and how a question or command between services is declared.

Structured JSON mode; extensions correlationid, causationid and authtype/authid as in the CloudEvents documents of
those names; `office` is ours: the tenant. Events carry ids, versions and facts about no person.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from uuid_utils import uuid7

CONTENT_TYPE = "application/cloudevents+json"
Q = TypeVar("Q", bound=BaseModel)
R = TypeVar("R", bound=BaseModel)


def new_id() -> str:
    """A new UUIDv7 (RFC 9562 section 5.7): unique, and sorting by the time it was made."""
    return str(uuid7())


class Strict(BaseModel):
    """A value that is only what it declares: unknown fields are refused, and it does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# Every event type and its model, filled as the modules of the owners are read.
FACTS: dict[str, type["Fact"]] = {}


class Fact(BaseModel):
    """What an event says happened. Readers ignore fields they do not know (a newer writer may add some)."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    type: ClassVar[str]

    def __init_subclass__(cls, type: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if type:
            cls.type = type
            FACTS[type] = cls

    @classmethod
    def owner(cls) -> str:
        return cls.type.split(".", 1)[0]


class Event(BaseModel):
    """One CloudEvent. `subject` is the id of the thing it happened to."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    specversion: Literal["1.0"] = "1.0"
    id: str = Field(default_factory=new_id)
    source: str
    type: str
    subject: str
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str
    office: str
    correlationid: str
    causationid: str | None = None
    authtype: Literal["user", "system", "unauthenticated"] = "system"
    authid: str | None = None
    data: dict[str, Any]

    @property
    def nats_subject(self) -> str:
        """`evt.<owner>.<thing>.<happened>.<id>`: the type without its version, and the id."""
        return f"evt.{self.type.rsplit('.', 1)[0]}.{self.subject}"

    @classmethod
    def of(cls, fact: Fact, about: str, at: datetime, caller: "Caller", cause: str | None = None) -> Self:
        return cls(
            source=f"/{fact.owner()}",
            type=fact.type,
            subject=about,
            time=at,
            dataschema=f"urn:khaimac:schema:{fact.type}",
            office=caller.office,
            correlationid=caller.correlation,
            causationid=cause,
            authtype="user" if caller.actor else "system" if caller.auth == "system" else "unauthenticated",
            authid=caller.actor,
            data=fact.model_dump(mode="json"),
        )


class Grant(Strict):
    """A role, for the whole office or for one ceremony of it."""

    role: str
    ceremony_id: str | None = None


class Caller(Strict):
    """For whom something is done: the tenant, the person if there is one, and the request it belongs to.

    `auth` system: a service or the operator of the machine, perhaps in the name of an actor; user: a signed-in person
    or a token with these grants, and only for these actions if `scopes` is set; unauthenticated: nobody we know.
    """

    office: str
    auth: Literal["user", "system", "unauthenticated"] = "unauthenticated"
    actor: str | None = None
    grants: tuple[Grant, ...] = ()
    scopes: tuple[str, ...] | None = None
    correlation: str = Field(default_factory=new_id)


class Command(Strict):
    """A wish to change something. Repeating it with the same request id does nothing twice."""

    request_id: str = Field(default_factory=new_id, description="The same id again gives the first answer again.")


class Question(Strict):
    """A wish to know something."""


class Ask(Generic[Q, R]):
    """One question or command of a service: its name, what it takes and what it answers."""

    known: ClassVar[dict[str, "Ask[Any, Any]"]] = {}

    def __init__(self, service: str, name: str, request: type[Q], reply: type[R]) -> None:
        self.service, self.name, self.request, self.reply = service, name, request, reply
        Ask.known[self.subject] = self

    @property
    def subject(self) -> str:
        return f"ask.{self.service}.{self.name}"

    @property
    def changes(self) -> bool:
        return issubclass(self.request, Command)


class Versioned(Strict):
    """The answer to a command: which thing, and its version now."""

    id: str
    version: int


Clock = Callable[[], datetime]

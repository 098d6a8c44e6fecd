"""What awards is asked and tells: decisions, award lines, presenters, gifts and souvenir flags as what they are."""

from datetime import date
from typing import Literal

from pydantic import Field

from schemas.envelope import Ask, Command, Fact, Question, Strict, Versioned
from schemas.paging import Cursor
from schemas.parts import CommitPart, DropPart, FreezePart, Frozen, PartCommitted, Staged


class DecisionFields(Strict):
    """A decision on awards. All of it may be unknown, and then prints as unknown."""

    key: str = Field(description="Stable name of the decision within its ceremony; lines point to it.")
    number: str | None = Field(None, examples=["1234/QĐ-UBND"])
    on: date | None = None
    signer: str | None = None
    signer_post: str | None = None
    authority: str | None = None


class Presenter(Strict):
    """Who hands over: a guest, somebody off the list, or a text."""

    kind: Literal["guest", "off_list", "text"] = "text"
    guest: str | None = Field(None, description="Guest id; in a plan the guest's ref.")
    text: str


class LineFields(Strict):
    """One award, gift or souvenir: the kind is a code of the profile's ladder."""

    key: str
    kind: str = Field(examples=["giay_khen", "gift", "souvenir_flag"])
    decision: str | None = Field(None, description="Key of the decision; gifts and flags have none.")
    recipient: str = Field(min_length=1, max_length=1000, description="Name of the person, collective or group.")
    recipient_kind: Literal["person", "collective", "group"] = "person"
    head_count: int | None = Field(None, ge=0)
    post: str | None = None
    unit: str | None = None
    achievement: str | None = None
    posthumous_receiver: str | None = None
    presenter: Presenter | None = None
    item: str | None = Field(None, description="Key of the running order's item that carries it.")
    stage_order: int | None = None
    note: str | None = None


class Decision(DecisionFields):
    id: str


class Line(LineFields):
    """A line as printed: `kind_label` is the profile's word for its kind, `gift` that it needs no decision."""

    id: str
    kind_label: str
    needs_decision: bool


class AwardsPlan(Strict):
    decisions: tuple[DecisionFields, ...] = ()
    lines: tuple[LineFields, ...] = ()


class AwardsPart(Strict):
    """Awards' share of a plan: of the draft, or frozen in a release; lines from the highest kind down."""

    decisions: tuple[Decision, ...]
    lines: tuple[Line, ...]
    version: int
    release: int | None = None
    hash: str


class GetAwards(Question):
    ceremony_id: str
    release: int | None = None


class WantedLines(Question):
    """Which lines are meant, and which page of them: all that is said must be so; what is null may be as it is."""

    filter: str | None = Field(
        None,
        max_length=200,
        description="Beginnings of words in kind, recipient, post, unit, achievement, presenter, decision, note or "
        "key; in any order, with or without accents.",
    )
    kind: str | None = Field(None, max_length=80, description="Code of the profile's ladder.")
    decision: str | None = Field(None, max_length=200, description="Key of the decision.")
    has_presenter: bool | None = None
    after: Cursor | None = Field(None, description="Cursor: `next` of the page before.")
    limit: int = Field(100, ge=1, le=1000)


class ListLines(WantedLines):
    """A page of the lines of a ceremony, from the highest kind down."""

    ceremony_id: str


class LinePage(Strict):
    """`total` counts all that are meant, on whichever page; `decisions` are all there are."""

    lines: tuple[Line, ...]
    decisions: tuple[Decision, ...]
    version: int
    total: int
    next: str | None = None


class SummariseAwards(Question):
    ceremony_id: str


class KindCount(Strict):
    kind: str
    label: str
    lines: int


class AwardsSummary(Strict):
    """`kinds` from the highest down. What is still open is counted in lines, but decisions without a number."""

    version: int
    total: int
    kinds: tuple[KindCount, ...]
    decisions: int
    decisions_without_number: int
    without_decision: int = Field(description="Lines of a kind that needs a decision and names none.")
    without_presenter: int


class PutDecision(Command):
    """Adds a decision, or replaces the one with the same key."""

    ceremony_id: str
    expected_version: int
    decision: DecisionFields


class PutLine(Command):
    """Adds a line, or replaces the one with the same key."""

    ceremony_id: str
    expected_version: int
    profile: str = "vn-province"
    line: LineFields


class RemoveLine(Command):
    ceremony_id: str
    expected_version: int
    key: str


class RemoveDecision(Command):
    """Only while no line rests on it."""

    ceremony_id: str
    expected_version: int
    key: str


class StageAwards(Command):
    saga: str
    ceremony_id: str
    profile: str
    on: date | None = None
    plan: AwardsPlan


class CheckAwards(Question):
    ceremony_id: str | None
    profile: str
    on: date | None = None
    plan: AwardsPlan


stage = Ask("awards", "stage", StageAwards, Staged)
check = Ask("awards", "check", CheckAwards, Staged)
commit = Ask("awards", "commit", CommitPart, PartCommitted)
drop = Ask("awards", "drop", DropPart, PartCommitted)
freeze = Ask("awards", "freeze", FreezePart, Frozen)
get_part = Ask("awards", "get_part", GetAwards, AwardsPart)
list_lines = Ask("awards", "list_lines", ListLines, LinePage)
summary = Ask("awards", "summary", SummariseAwards, AwardsSummary)
put_decision = Ask("awards", "put_decision", PutDecision, Versioned)
put_line = Ask("awards", "put_line", PutLine, Versioned)
remove_line = Ask("awards", "remove_line", RemoveLine, Versioned)
remove_decision = Ask("awards", "remove_decision", RemoveDecision, Versioned)


class AwardsImported(Fact, type="awards.list.imported.v1"):
    """The award list of a ceremony was replaced by an import; `version` is the list's."""

    version: int
    created: int
    updated: int
    removed: int
    count: int


class AwardsChanged(Fact, type="awards.list.changed.v1"):
    """A decision or a line was put or removed; the subject is the ceremony."""

    version: int
    what: Literal["decision", "line"]
    key_id: str

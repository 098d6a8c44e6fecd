"""What guests is asked about lists that come from elsewhere: what each row would do, and doing it."""

from typing import Literal

from pydantic import Field

from schemas.envelope import Ask, Command, Question, Strict
from schemas.errors import Problem
from schemas.guests import GuestFields

MOST_ROWS = 20_000
Outcome = Literal["created", "updated", "unchanged", "asked", "rejected", "left_out"]


class ImportedRow(Strict):
    """A row of somebody's list: where it stands there, and what it says, by field."""

    row: str = Field(max_length=80, examples=["7", "Đoàn tỉnh!7"])
    cells: dict[str, str]
    group: str | None = Field(None, description="The heading of the group that it stands under.")


class Layout(Strict):
    """What the columns of a table with these headings mean; null: the column is not read."""

    heads: str = Field(max_length=8_000, description="The normalised headings.")
    fields: tuple[str | None, ...] = Field(max_length=200)


class RecallLayouts(Question):
    """What this office said of tables with these headings before."""

    ceremony_id: str
    heads: tuple[str, ...] = Field(max_length=200)


class Layouts(Strict):
    layouts: tuple[Layout, ...]


class Rows(Strict):
    """Rows and what was decided about them.

    `answers` are by the key of what was asked. `only_here`: what becomes of guests whom no row names.
    """

    rows: tuple[ImportedRow, ...] = Field(max_length=MOST_ROWS)
    answers: dict[str, str] = Field({}, max_length=MOST_ROWS)
    only_here: Literal["stay", "removed"] = "stay"


class CheckGuestImport(Rows, Question):
    """What the rows would do to the present list of the ceremony; nothing is changed."""

    ceremony_id: str


class CommitGuestImport(Rows, Command):
    """Do it: all of the rows, or nothing. What is open is refused, but for what is allowed here.

    `suggested`: answer what is open as suggested. `without_rejected`: import the others all the same.
    """

    ceremony_id: str
    expected_version: int | None = Field(None, description="Version of the guest list; null: whatever it is.")
    suggested: bool = False
    without_rejected: bool = False
    layouts: tuple[Layout, ...] = Field((), max_length=200, description="To be remembered for the next time.")


class Choice(Strict):
    """An answer and the sentence that says it."""

    value: str
    sentence: str
    params: dict[str, str] = {}


class Asked(Strict):
    """What a person must say, or may: without an answer the suggestion holds where it is not `required`."""

    key: str
    sentence: str
    params: dict[str, str] = {}
    choices: tuple[Choice, ...]
    suggestion: str
    answer: str | None = None
    required: bool = False


class FieldChange(Strict):
    """One field of a guest, as text."""

    field: str
    before: str | None
    after: str | None


class Likeness(Strict):
    """A guest of the present list who may be the one of the row: how like they are (to 1), and by what."""

    guest_id: str
    name: str
    posts: str
    score: float
    reasons: tuple[str, ...]


class RowOutcome(Strict):
    """What one row comes to. `read` is what was understood; `problems`: why it is rejected, or what was doubted."""

    row: str
    outcome: Outcome
    name: str
    guest_id: str | None = None
    read: GuestFields | None = None
    changes: tuple[FieldChange, ...] = ()
    asked: tuple[Asked, ...] = ()
    like: tuple[Likeness, ...] = ()
    problems: tuple[Problem, ...] = ()


class GuestImportOutcome(Strict):
    """`version` is that of the list, after a commit the new one; `only_here` counts guests whom no row names.

    `removed` of them are taken off the list. Of rows that change nothing and ask nothing only the number is told.
    `event_id` takes a commit back, as what was done to several guests; null: nothing was to be done.
    """

    version: int
    committed: bool = False
    event_id: str | None = None
    rows: tuple[RowOutcome, ...]
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    asked: int = 0
    rejected: int = 0
    left_out: int = 0
    only_here: int = 0
    removed: int = 0


recall_layouts = Ask("guests", "recall_layouts", RecallLayouts, Layouts)
check_import = Ask("guests", "check_import", CheckGuestImport, GuestImportOutcome)
commit_import = Ask("guests", "commit_import", CommitGuestImport, GuestImportOutcome)

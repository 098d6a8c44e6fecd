"""What a profile says of papers and of what they list: layouts, documents, kinds of items and of awards."""

from typing import Literal

from pydantic import Field

from schemas.envelope import Strict
from schemas.protocol.words import Label

AwardClass = Literal[
    "order",
    "medal",
    "honorary_title",
    "prize",
    "emulation",
    "badge",
    "commendation",
    "certificate",
    "non_award",
]


class Margins(Strict):
    """Millimetres."""

    top: float
    bottom: float
    left: float
    right: float


class PageNumber(Strict):
    """`bare` is X, `of_total` X/Y."""

    form: Literal["bare", "of_total"]
    place: Literal["top_centre", "bottom_centre", "bottom_right"]
    on_first: bool
    size_pt: float


class Layout(Strict):
    paper: Literal["A4", "A5", "A3"] = "A4"
    orientation: Literal["portrait", "landscape"] = "portrait"
    margins_mm: Margins
    page_number: PageNumber
    fonts: tuple[str, ...]
    size_pt: float
    line_spacing: float = Field(ge=1)
    paragraph_gap_pt: float
    state_header: bool


class HeaderLine(Strict):
    """A line at the head of a state paper, such as the country's name or its motto."""

    code: str
    text: str
    size_pt: float
    bold: bool
    rule_under: bool = False


class Marks(Strict):
    """What is printed across papers that are not the real thing."""

    draft: str
    sample: str


class DocumentKind(Strict):
    """`symbol` is the abbreviation of its type in the number of a state paper (CTr, GM); `omits_roles` are the roles
    that it does not print, such as the master of ceremonies in a programme.
    """

    label: Label
    layout: str
    symbol: str | None = None
    omits_roles: tuple[str, ...] = ()


class ItemKind(Strict):
    """Kinds of one family obey the same rules."""

    label: Label
    family: str


class AwardKind(Strict):
    """`rank` 1 is the highest; `decided_by` the authorities that may decide on it at the time of the profile."""

    label: Label
    cls: AwardClass = Field(alias="class")
    rank: int = Field(ge=1)
    needs_decision: bool = True
    decided_by: tuple[str, ...] = ()


class Announce(Strict):
    """Are the recipients called to the stage before the decision is read, or after?"""

    head_of_state_signed: Literal["call_then_read", "read_then_call"]
    default: Literal["call_then_read", "read_then_call"]


class AwardRules(Strict):
    order: Literal["high_to_low", "low_to_high"]
    announce: Announce
    posthumous: Literal["family"]

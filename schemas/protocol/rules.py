"""What a profile says of precedence: who counts as what, and what decides between two of them."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from schemas.envelope import Strict
from schemas.protocol.words import Label

OrderKey = Literal["side", "level", "key_post", "bloc", "class", "former"]
TieBreaker = Literal["appointed_on", "born_on", "rank", "collation"]
NamePart = Literal["family", "middle", "given"]
Side = Literal["guest", "host"]
# host: the first of the hosts; superior: the first of the guests; the other two: everybody who speaks.
SpeechStep = Literal["host", "superior", "host_reply", "by_precedence", "inverse_precedence"]


def _regex(pattern: str) -> str:
    """Patterns are read in lower case, so an upper-case escape would turn into its opposite."""
    if pattern != pattern.lower():
        raise ValueError("write the pattern in lower case")
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return pattern


Pattern = Annotated[str, AfterValidator(_regex)]


class Validity(Strict):
    """Both days included; no end: still in force."""

    since: date = Field(alias="from")
    until: date | None = Field(None, alias="to")

    def covers(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


class Source(Strict):
    """`confidence`: confirmed by a dated copy, a sample of practice, from memory, or our own inference."""

    title: str
    on: date | None = Field(None, alias="date")
    in_force: date | None = None
    rules: str | None = None
    confidence: Literal["confirmed", "sample", "memory", "inference"]


class LevelWords(Strict):
    """Words that name a level; the first of them in a text decides. No level: the words tell of none that ranks."""

    pattern: Pattern
    level: str | None


class PostWords(Strict):
    """How posts of one class begin. No level: the text's own words say it, else the post stays unranked.

    `former_class`: where those who held it once have a place of their own.
    """

    pattern: Pattern
    level: str | None = None
    bloc: str
    cls: str = Field(alias="class")
    former_class: str | None = None


class KeyPosts(Strict):
    """Posts that stand before all others of these levels, whatever their bloc; those of a smaller `step` first."""

    levels: tuple[str, ...]
    bloc: str
    classes: tuple[str, ...]
    step: int = Field(1, ge=1)


class Rank(Strict):
    """A military or police rank; `also` are other ways to write it."""

    code: str
    label: Label
    also: tuple[str, ...] = ()


class Introduction(Strict):
    """`named_levels`: whose delegates are introduced one by one; nothing said: those of every level."""

    policy: Literal["each_superior_by_name", "top_of_each_bloc_only"]
    named_levels: tuple[str, ...] | None = None


class Seating(Strict):
    pattern: Literal["centre_out", "left_to_right"]
    first_side: Literal["right", "left"]
    even: Literal["configurable", "pair_centre", "gap_centre"]


class Salutation(Strict):
    """How a speech opens: so many of the first in the order are named (`per` side: of guests and of hosts each), then
    the `rest` are greeted together.
    """

    opening: Label
    named: int = Field(ge=0)
    per: Literal["list", "side"] = "list"
    rest: Label | None = None


class CollationRule(Strict):
    locale: str
    tones: Literal["cldr", "office"] = "cldr"
    name_key: tuple[NamePart, ...]


class NameRule(Strict):
    order: Literal["family_first", "given_first"]
    honorifics: tuple[str, ...] = ()


class Forms(Strict):
    """Forms of address; `unknown` where the office has not said which."""

    male: str
    female: str
    unknown: str


class Address(Strict):
    """`rank_replaces`: who has a military or police rank is addressed by it instead."""

    default: str
    styles: dict[str, Forms]
    rank_replaces: bool

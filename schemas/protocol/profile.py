"""A protocol profile: one office's rules of ceremony for a stretch of time, whole and consistent."""

from collections.abc import Iterable
from typing import Literal, Self
from zoneinfo import available_timezones

from pydantic import Field, model_validator

from schemas.envelope import Strict
from schemas.protocol.papers import (
    AwardKind,
    AwardRules,
    DocumentKind,
    HeaderLine,
    ItemKind,
    Layout,
    Marks,
)
from schemas.protocol.rules import (
    Address,
    CollationRule,
    Introduction,
    KeyPosts,
    LevelWords,
    NameRule,
    OrderKey,
    PostWords,
    Rank,
    Salutation,
    Seating,
    Side,
    Source,
    SpeechStep,
    TieBreaker,
    Validity,
)
from schemas.protocol.words import Label, Wording


class Profile(Strict):
    """`order_keys` decide between two guests one after the other, then `tie_breakers`; all codes have labels."""

    profile: str
    version: int = Field(ge=1)
    label: Label
    valid: Validity
    scope: Label | None = Field(None, description="Where and for what it holds, if not for everything.")
    advisory: bool = Field(False, description="A recommendation without force of its own.")
    sources: tuple[Source, ...]
    locale: str
    time_zone: str

    order_keys: tuple[OrderKey, ...]
    side_order: tuple[Side, Side]
    level_order: tuple[str, ...] = ()
    bloc_order: tuple[str, ...] = ()
    class_order: dict[str, tuple[str, ...]] = {}
    key_posts: tuple[KeyPosts, ...] = ()
    multi_position: Literal["highest", "first_listed", "event_capacity"] = Field(
        "highest",
        description="Which of several posts counts. event_capacity: the one in which somebody attends, where it is "
        "said, else the highest.",
    )
    former_holders: Literal["after_incumbent_same_class", "as_incumbent", "needs_ranking"] = Field(
        "after_incumbent_same_class", description="needs_ranking: who held a post once has no place by it."
    )
    tie_breakers: tuple[TieBreaker, ...]
    host_rule: Literal["last", "second", "first", "own_rank"]
    substitution: Literal["own_rank", "represented_rank", "interim_only"]
    why: Label = Field(description="{key}, {first} and {then}: what decided between two guests.")

    abbreviations: dict[str, str] = {}
    levels: tuple[LevelWords, ...] = ()
    posts: tuple[PostWords, ...] = ()
    former_words: tuple[str, ...] = ()
    acting_words: tuple[str, ...] = ()
    post_separators: tuple[str, ...] = ()
    post_heads: tuple[str, ...] = Field((), description="How a post begins, known to the order or not.")
    body_heads: tuple[str, ...] = Field((), description="How an organisation's name begins.")
    bound_heads: tuple[str, ...] = Field((), description="Words that no post ends with before its organisation.")
    rank_scale: tuple[Rank, ...] = ()
    labels: dict[str, Label]

    introduction: Introduction
    speech_order: tuple[SpeechStep, ...]
    arrival: Literal["highest_last", "highest_first", "any"]
    seating: Seating
    salutation: Salutation
    names: NameRule
    address: Address
    collation: CollationRule
    wording: Wording

    ceremony_kinds: dict[str, Label]
    item_kinds: dict[str, ItemKind]
    roles: dict[str, Label]
    award_kinds: dict[str, AwardKind]
    awards: AwardRules
    notice_working_days: int | None = Field(
        None, description="How many working days before the day an invitation is sent at the latest."
    )

    layouts: dict[str, Layout]
    documents: dict[str, DocumentKind]
    state_header: tuple[HeaderLine, ...] = ()
    marks: Marks

    @property
    def key(self) -> str:
        """Name and version, for what is printed under it: vn-province/1."""
        return f"{self.profile}/{self.version}"

    @property
    def name_prefixes(self) -> tuple[str, ...]:
        """Everything that may stand before a name without being part of it."""
        ranks = (word for rank in self.rank_scale for word in (*rank.label.root.values(), *rank.also))
        return (*self.names.honorifics, *ranks)

    def word(self, code: str, locale: str = "en") -> str:
        """The label of a code; a code without one is said as it is."""
        return self.labels[code].say(locale) if code in self.labels else code

    @model_validator(mode="after")
    def _dates_and_zone(self) -> Self:
        if self.valid.until and self.valid.until < self.valid.since:
            raise ValueError("valid: “to” lies before “from”")
        if self.time_zone not in available_timezones():
            raise ValueError(f"time_zone: “{self.time_zone}” is not in the IANA list")
        return self

    @model_validator(mode="after")
    def _codes_are_known(self) -> Self:
        for where, code, known in self._used_codes():
            if code not in known:
                raise ValueError(f"{where}: “{code}” is not one of {', '.join(known)}")
        if unnamed := sorted(self._codes_to_name() - self.labels.keys()):
            raise ValueError(f"labels: there is none for {', '.join(unnamed)}")
        return self

    @model_validator(mode="after")
    def _award_ranks_differ(self) -> Self:
        ranks = [kind.rank for kind in self.award_kinds.values()]
        if doubles := sorted({rank for rank in ranks if ranks.count(rank) > 1}):
            raise ValueError(f"award_kinds: more than one of rank {', '.join(map(str, doubles))}")
        return self

    @model_validator(mode="after")
    def _host_rule_fits_sides(self) -> Self:
        wanted = {"first": ("host", "guest"), "last": ("guest", "host")}.get(self.host_rule)
        if wanted and self.side_order != wanted:
            raise ValueError(f"side_order: host_rule “{self.host_rule}” asks for {', '.join(wanted)}")
        if bool(wanted) is not (self.order_keys[:1] == ("side",)):
            raise ValueError(f"order_keys: host_rule “{self.host_rule}” and “side” as the first key do not fit")
        return self

    def _used_codes(self) -> Iterable[tuple[str, str, Iterable[str]]]:
        """Where each code is used, and the codes that may stand there."""
        for bloc in self.class_order:
            yield "class_order", bloc, self.bloc_order
        for post in self.posts:
            classes = (post.cls, post.former_class) if post.former_class else (post.cls,)
            yield from _standing(f"posts “{post.pattern}”", self, post.level, post.bloc, classes)
        for group in self.key_posts:
            for level in group.levels:
                yield from _standing("key_posts", self, level, group.bloc, group.classes)
        for words in self.levels:
            if words.level:
                yield f"levels “{words.pattern}”", words.level, self.level_order
        for level in self.introduction.named_levels or ():
            yield "introduction", level, self.level_order
        for name, document in self.documents.items():
            yield f"documents {name}", document.layout, self.layouts
        yield "address", self.address.default, self.address.styles

    def _codes_to_name(self) -> set[str]:
        classes = (cls for each in self.class_order.values() for cls in each)
        authorities = (authority for kind in self.award_kinds.values() for authority in kind.decided_by)
        keys = ("key_leader", "other_post", "incumbent", "former_holder", *self.order_keys, *self.tie_breakers)
        return {*self.side_order, *self.level_order, *self.bloc_order, *classes, *authorities, *keys}


def _standing(
    where: str, profile: Profile, level: str | None, bloc: str, classes: tuple[str, ...]
) -> Iterable[tuple[str, str, Iterable[str]]]:
    if level:
        yield where, level, profile.level_order
    yield where, bloc, profile.bloc_order
    for cls in classes:
        yield where, cls, profile.class_order.get(bloc, ())

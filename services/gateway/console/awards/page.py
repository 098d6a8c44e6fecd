"""The page of the awards: decisions, then the lines from the highest kind down, filtered, a part at a time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from schemas import awards, scheduling
from schemas.awards import Decision, LinePage, ListLines, SummariseAwards
from schemas.paging import Cursor
from schemas.scheduling import Ceremony, GetPart
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.fields import profile_of
from services.gateway.console.frame import show, words_of
from services.gateway.problems import language_of
from services.kit.bus import Bus

router = APIRouter(include_in_schema=False)
_PAGE = 100
_MOST_AT_ONCE = 1000


class Wanted(BaseModel):
    """The filters as they stand in the page's address.

    `shown`: how many rows stand there already; `group`: the kind of the last of them.
    """

    q: str = Field("", max_length=200)
    kind: str = Field("", max_length=80)
    after: Cursor | None = None
    shown: int = Field(0, ge=0)
    group: str = Field("", max_length=80)

    def question(self, ceremony_id: str) -> ListLines:
        return ListLines(
            ceremony_id=ceremony_id,
            filter=self.q or None,
            kind=self.kind or None,
            after=self.after,
            limit=_PAGE if self.after else max(_PAGE, min(self.shown, _MOST_AT_ONCE)),
        )

    def more(self, found: LinePage, path: str) -> str | None:
        """Where the rows behind these are."""
        if found.next is None:
            return None
        asked = {"q": self.q, "kind": self.kind, "after": found.next, "group": found.lines[-1].kind}
        told = {name: value for name, value in asked.items() if value} | {"shown": self.count(found)}
        return f"{path}?{urlencode(told)}"

    def count(self, found: LinePage) -> int:
        return (self.shown if self.after else 0) + len(found.lines)


@dataclass(frozen=True, slots=True)
class Choices:
    """The words of codes, for selects: pairs of code and words. `kinds` from the highest down."""

    kinds: Sequence[tuple[str, str]]
    recipients: Sequence[tuple[str, str]]
    decisions: Sequence[tuple[str, str]]
    items: Sequence[tuple[str, str]] = ()


@router.get("/ceremonies/{ceremony}/awards")
async def awards_page(
    request: Request, bus: TheBus, ceremony: TheCeremony, wanted: Annotated[Wanted, Query()]
) -> Response:
    found, summary = await asyncio.gather(
        bus.ask(awards.list_lines, wanted.question(ceremony.id)),
        bus.ask(awards.summary, SummariseAwards(ceremony_id=ceremony.id)),
    )
    values: dict[str, Any] = {
        "ceremony": ceremony,
        "found": found,
        "summary": summary,
        "wanted": wanted,
        "at": request.url.path,
        "shown": wanted.count(found),
        "more": wanted.more(found, request.url.path),
        "choices": choices(request, ceremony, found.decisions),
    }
    return await show(
        request, "awards/awards.html", block="chunk" if wanted.after else "rows", here="awards", **values
    )


def choices(
    request: Request, ceremony: Ceremony, decisions: Sequence[Decision], items: Sequence[tuple[str, str]] = ()
) -> Choices:
    say, language = words_of(request).say, language_of(request)
    ladder = sorted(profile_of(ceremony).award_kinds.items(), key=lambda pair: pair[1].rank)
    return Choices(
        kinds=[(code, kind.label.say(language)) for code, kind in ladder],
        recipients=(("person", say("person")), ("collective", say("collective")), ("group", say("group"))),
        decisions=[(one.key, one.number or say("A decision without a number yet")) for one in decisions],
        items=items,
    )


async def items_of(bus: Bus, ceremony: Ceremony) -> list[tuple[str, str]]:
    """The items of the running order that a line can be carried by."""
    part = await bus.ask(scheduling.get_part, GetPart(ceremony_id=ceremony.id))
    return [(item.key, item.title) for item in part.items]

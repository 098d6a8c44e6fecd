"""The page of the guests: filtered, a part at a time, each row as it is."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from schemas import guests
from schemas.answers import State
from schemas.guests import GuestPage, ListGuests, Side, SummariseGuests
from schemas.paging import Cursor
from schemas.protocol import Profile
from schemas.scheduling import Ceremony
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.answer_words import SIGNS, state_words
from services.gateway.console.fields import profile_of
from services.gateway.console.frame import show, words_of
from services.gateway.problems import language_of

router = APIRouter(include_in_schema=False)
_PAGE = 60  # rows: two screens full
_MOST_AT_ONCE = 1000
Which = Literal["", "unranked", "unreachable"]


class Wanted(BaseModel):
    """The filters as they stand in the page's address. `shown`: how many rows stand there already; `open`: whom to
    open at once, by his id.
    """

    q: str = Field("", max_length=200)
    side: Literal["", "guest", "host"] = ""
    which: Which = ""
    state: State | Literal[""] = ""
    after: Cursor | None = None
    shown: int = Field(0, ge=0)
    open: str = Field("", max_length=64)

    def question(self, ceremony_id: str) -> ListGuests:
        side: Side | None = self.side or None
        return ListGuests(
            ceremony_id=ceremony_id,
            filter=self.q or None,
            side=side,
            state=self.state or None,
            needs_ranking=True if self.which == "unranked" else None,
            has_address=False if self.which == "unreachable" else None,
            after=self.after,
            limit=_PAGE if self.after else max(_PAGE, min(self.shown, _MOST_AT_ONCE)),
        )

    def address(self, path: str, **other: str) -> str:
        """This page with these filters, or with others."""
        asked = {"q": self.q, "side": self.side, "which": self.which, "state": self.state} | other
        told = urlencode({name: value for name, value in asked.items() if value})
        return f"{path}?{told}" if told else path


@dataclass(frozen=True, slots=True)
class Choices:
    """The words of codes, for selects: pairs of code and words."""

    sides: Sequence[tuple[str, str]]
    introduced: dict[str, str]
    counts: Sequence[tuple[str, str]]
    levels: Sequence[tuple[str, str]]
    blocs: Sequence[tuple[str, str]]
    classes: Sequence[tuple[str, str]]
    honorifics: Sequence[str]
    ranks: Sequence[str]
    states: dict[State, str]
    signs: Mapping[State, str]


@router.get("/ceremonies/{ceremony}/guests")
async def guests_page(
    request: Request, bus: TheBus, ceremony: TheCeremony, wanted: Annotated[Wanted, Query()]
) -> Response:
    found, summary = await asyncio.gather(
        bus.ask(guests.list_guests, wanted.question(ceremony.id)),
        bus.ask(guests.summary, SummariseGuests(ceremony_id=ceremony.id)),
    )
    path = request.url.path
    values: dict[str, Any] = {
        "ceremony": ceremony,
        "found": found,
        "summary": summary,
        "wanted": wanted,
        "at": path,
        "shown": wanted.shown + len(found.guests) if wanted.after else len(found.guests),
        "more": _more(wanted, found, path),
        "choices": choices(request, ceremony),
    }
    return await show(
        request, "guests/guests.html", block="chunk" if wanted.after else "rows", here="guests", **values
    )


def _more(wanted: Wanted, found: GuestPage, path: str) -> str | None:
    if found.next is None:
        return None
    seen = (wanted.shown if wanted.after else 0) + len(found.guests)
    return wanted.address(path, after=found.next, shown=str(seen))


def choices(request: Request, ceremony: Ceremony) -> Choices:
    say, language, profile = words_of(request).say, language_of(request), profile_of(ceremony)
    classes = {cls for each in profile.class_order.values() for cls in each}
    introduced = {"by_name": say("by name"), "collectively": say("with others"), "not": say("not introduced")}
    return Choices(
        sides=(("guest", say("guest")), ("host", say("host"))),
        introduced=introduced,
        counts=(("actual", say("counted")), ("planned", say("planned")), ("claimed", say("as reported"))),
        levels=_words(profile, profile.level_order, language),
        blocs=_words(profile, profile.bloc_order, language),
        classes=_words(profile, (cls for cls in profile.labels if cls in classes), language),
        honorifics=profile.names.honorifics,
        ranks=[rank.label.say(profile.locale) for rank in profile.rank_scale],
        states=state_words(words_of(request)),
        signs=SIGNS,
    )


def _words(profile: Profile, codes: Iterable[str], language: str) -> list[tuple[str, str]]:
    return [(code, profile.word(code, language)) for code in codes]

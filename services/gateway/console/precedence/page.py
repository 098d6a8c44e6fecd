"""The page of the order: each place with its reason, a part at a time; and what follows from it."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from schemas import precedence
from schemas.paging import Cursor
from schemas.precedence import ExplainOrder, GetCourtesies, Positions, UnrankedTitles
from schemas.protocol import Profile
from schemas.scheduling import Ceremony
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.fields import profile_of
from services.gateway.console.frame import show
from services.gateway.problems import language_of

router = APIRouter(include_in_schema=False)
AT = "/ceremonies/{ceremony}/guests/order"
_PAGE = 100
_MOST_AT_ONCE = 999
Which = Literal["", "needs_ranking", "by_hand", "former", "stand_in"]
Options = Sequence[tuple[str, str]]


class Wanted(BaseModel):
    """What is shown, as it stands in the page's address. `shown`: how many rows stand there already."""

    view: Literal["order", "courtesies"] = "order"
    q: str = Field("", max_length=200)
    which: Which = ""
    after: Cursor | None = None
    shown: int = Field(0, ge=0)

    def question(self, ceremony_id: str) -> ExplainOrder:
        return ExplainOrder(
            ceremony_id=ceremony_id,
            filter=self.q or None,
            only=self.which or None,
            after=self.after,
            limit=_PAGE if self.after else max(_PAGE, min(self.shown, _MOST_AT_ONCE)),
        )

    @property
    def whole(self) -> bool:
        """Whether nobody is left out: only then can rows be moved among each other."""
        return not self.q and not self.which


@router.get(AT)
async def order_page(
    request: Request, bus: TheBus, ceremony: TheCeremony, wanted: Annotated[Wanted, Query()]
) -> Response:
    values: dict[str, Any] = {"ceremony": ceremony, "wanted": wanted, "at": AT.format(ceremony=ceremony.code)}
    if wanted.view == "courtesies":
        found = await bus.ask(precedence.courtesies, GetCourtesies(ceremony_id=ceremony.id), 30)
        return await show(request, "precedence/courtesies.html", block="rows", here="guests", found=found, **values)
    values |= await rows(bus, ceremony, wanted)
    if not wanted.after:
        question = UnrankedTitles(ceremony_id=ceremony.id)
        values |= {"waiting": await bus.ask(precedence.unranked, question), "choices": choices(request, ceremony)}
    block = "chunk" if wanted.after else "rows"
    return await show(request, "precedence/order.html", block=block, here="guests", **values)


async def rows(bus: Any, ceremony: Ceremony, wanted: Wanted) -> dict[str, Any]:
    """The positions, where the next ones are fetched, and who is the first of those."""
    found: Positions = await bus.ask(precedence.explain, wanted.question(ceremony.id), 30)
    seen = (wanted.shown if wanted.after else 0) + len(found.positions)
    values: dict[str, Any] = {"found": found, "more": None, "following": "", "shown": seen}
    if found.next:
        ahead = wanted.model_copy(update={"after": found.next})
        question = ahead.question(ceremony.id).model_copy(update={"limit": 1})
        next_ones = (await bus.ask(precedence.explain, question, 30)).positions
        asked = {"q": wanted.q, "which": wanted.which, "after": found.next, "shown": str(seen)}
        told = urlencode({name: value for name, value in asked.items() if value})
        values |= {"more": f"{AT.format(ceremony=ceremony.code)}?{told}"}
        values |= {"following": next_ones[0].guest_id if next_ones else ""}
    return values


class Choices(BaseModel):
    """What a title may count as: the levels, and the classes of each bloc, as pairs of code and words."""

    levels: list[tuple[str, str]]
    blocs: list[tuple[str, list[tuple[str, str]]]]


def choices(request: Request, ceremony: Ceremony) -> Choices:
    profile, language = profile_of(ceremony), language_of(request)
    return Choices(
        levels=[(code, profile.word(code, language)) for code in profile.level_order],
        blocs=[(profile.word(bloc, language), _classes(profile, bloc, language)) for bloc in profile.bloc_order],
    )


def _classes(profile: Profile, bloc: str, language: str) -> list[tuple[str, str]]:
    return [(f"{bloc}/{cls}", profile.word(cls, language)) for cls in profile.class_order.get(bloc, ())]

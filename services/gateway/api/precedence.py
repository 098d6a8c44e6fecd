"""/api/v1/…/precedence: the order of precedence explained, places by hand, and what titles count as."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import Field

from schemas import precedence
from schemas.envelope import Strict, Versioned
from schemas.precedence import (
    Counts,
    Courtesies,
    ExplainOrder,
    ForgetTitle,
    GetCourtesies,
    ListSettled,
    PlaceGuest,
    Positions,
    RankGuest,
    ReturnGuest,
    SettledTitles,
    SettleTitle,
    Unranked,
    UnrankedTitles,
    WantedPositions,
)
from services.gateway.api import examples
from services.gateway.asking import Change, Make, MaybeVersion, TheBus, TheCeremony, at_version

router = APIRouter(tags=["precedence"])
AT = "/api/v1/ceremonies/{ceremony}/precedence"
TITLES = "/api/v1/titles"
GuestId = Annotated[str, Path(max_length=64, description="Id of the guest.")]


class Place(Strict):
    """Where a guest is put, and why."""

    before: str | None = Field(
        None, max_length=64, description="Id of who is to follow; null: at the end of the list."
    )
    reason: str = Field(min_length=1, max_length=400)


class Ranking(Strict):
    """What a post of a guest counts as; null: that it is read from its words again."""

    title: str = Field(min_length=1, max_length=400)
    counts: Counts | None = None


class Settling(Strict):
    """What a title counts as for the whole office."""

    profile: str = Field(max_length=80, examples=["vn-province"])
    title: str = Field(min_length=1, max_length=400)
    organisation: str | None = Field(None, max_length=400, description="Only of this organisation; null: of any.")
    counts: Counts


@router.get(AT, summary="The order of precedence, each place explained")
async def explain_order(
    bus: TheBus, ceremony: TheCeremony, response: Response, wanted: Annotated[WantedPositions, Query()]
) -> Positions:
    """`why` says what told against the one above, `before` what tells against the one below."""
    question = ExplainOrder(ceremony_id=ceremony.id, **wanted.model_dump())
    found = await bus.ask(precedence.explain, question)
    at_version(response, found.version)
    return found


@router.get(f"{AT}/unranked", summary="Titles that the profile does not know, and whose guests so have no place")
async def unranked_titles(bus: TheBus, ceremony: TheCeremony, response: Response) -> Unranked:
    found = await bus.ask(precedence.unranked, UnrankedTitles(ceremony_id=ceremony.id))
    at_version(response, found.version)
    return found


@router.get(f"{AT}/courtesies", summary="Salutation, introductions, speeches and arrivals, from the one order")
async def courtesies(bus: TheBus, ceremony: TheCeremony, response: Response) -> Courtesies:
    found = await bus.ask(precedence.courtesies, GetCourtesies(ceremony_id=ceremony.id))
    at_version(response, found.version)
    return found


@router.put(f"{AT}/{{guest}}", summary="Place a guest by hand, with the reason")
async def place_guest(
    make: Make,
    ceremony: TheCeremony,
    guest: GuestId,
    version: MaybeVersion,
    body: Annotated[Place, Body(openapi_examples=examples.example(examples.PLACE, "At the end"))],
) -> Versioned:
    """`If-Match` with the ETag of the order places only in the order as it was read; without it, in any."""
    command = PlaceGuest(
        request_id=make.request_id,
        ceremony_id=ceremony.id,
        guest_id=guest,
        before=body.before,
        reason=body.reason,
        expected_version=version,
    )
    return await make.commit(precedence.place_guest, command)


@router.delete(f"{AT}/{{guest}}", summary="Put a guest back where the rules have him")
async def return_guest(make: Make, ceremony: TheCeremony, guest: GuestId, version: MaybeVersion) -> Versioned:
    command = ReturnGuest(
        request_id=make.request_id, ceremony_id=ceremony.id, guest_id=guest, expected_version=version
    )
    return await make.commit(precedence.return_guest, command)


@router.put(f"{AT}/{{guest}}/title", summary="Say what a post of one guest counts as")
async def rank_guest(
    change: Change,
    ceremony: TheCeremony,
    guest: GuestId,
    body: Annotated[
        Ranking, Body(openapi_examples=examples.example(examples.RANKING, "A post unknown to the profile"))
    ],
) -> Versioned:
    """`If-Match` takes the version of the guest."""
    codes = body.counts.model_dump() if body.counts else {}
    command = RankGuest(
        request_id=change.request_id,
        ceremony_id=ceremony.id,
        guest_id=guest,
        expected_version=change.version,
        title=body.title,
        **codes,
    )
    return await change.commit(precedence.rank_guest, command)


@router.get(TITLES, summary="What titles count as for the office, beyond what the profiles know")
async def list_settled(
    bus: TheBus, profile: Annotated[str | None, Query(max_length=80, description="Only of this profile.")] = None
) -> SettledTitles:
    return await bus.ask(precedence.list_settled, ListSettled(profile=profile))


@router.post(TITLES, status_code=201, summary="Say for the whole office what a title counts as")
async def settle_title(
    make: Make, body: Annotated[Settling, Body(openapi_examples=examples.example(examples.TITLE, "A title"))]
) -> Versioned:
    """The same title again replaces what was said of it."""
    said = body.model_dump(exclude={"counts"}) | body.counts.model_dump()
    return await make.create(precedence.settle_title, SettleTitle(request_id=make.request_id, **said), TITLES)


@router.delete(f"{TITLES}/{{title}}", summary="Take back what was said of a title")
async def forget_title(
    change: Change, title: Annotated[str, Path(max_length=64, description="Id of what was said.")]
) -> Versioned:
    command = ForgetTitle(request_id=change.request_id, title_id=title, expected_version=change.version)
    return await change.commit(precedence.forget_title, command)

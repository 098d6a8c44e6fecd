"""/api/v1/…/seating: the halls of a ceremony, who sits where, and what that looks like."""

from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import BaseModel, Field

from schemas import seating
from schemas.envelope import Ask
from schemas.halls import HallKey
from schemas.scheduling import Ceremony
from schemas.seating import (
    Cards,
    ClearSeats,
    CompareCards,
    DrawPlan,
    Filled,
    FillSeats,
    FillWish,
    FixSeats,
    GetSeating,
    ListByDoor,
    ListSeats,
    PlaceId,
    PreviewFill,
    PreviewReseat,
    PutGuest,
    Reseat,
    ReseatWish,
    SeatCommand,
    SeatingInShort,
    Seats,
    TakeBackSeats,
    UseHalls,
    UsherList,
)
from services.gateway.api import examples
from services.gateway.asking import Language, Make, Making, MaybeVersion, TheBus, TheCeremony, at_version
from services.gateway.downloads import disposition
from services.kit.bus import Bus
from services.lang.translate import translate
from services.plan.seats import MEDIA, FileKind, door_file

router = APIRouter(prefix="/api/v1/ceremonies/{ceremony}/seating", tags=["seating"])
C = TypeVar("C", bound=SeatCommand)
LONG = 30  # seconds: thousands of guests are ordered and seated
_GUEST = "0190a1b2-0000-7000-8000-00000000000a"
GuestId = Annotated[str, Path(max_length=64, description="Id of the guest.")]


class Halls(BaseModel):
    """The halls of a ceremony by their keys, in the order in which they are filled."""

    halls: tuple[HallKey, ...] = Field(max_length=seating.MOST_HALLS)


class At(BaseModel):
    """Where somebody is put: the guest, or `nth` of those who come along."""

    place: PlaceId
    nth: int = Field(0, ge=0)


class Some(BaseModel):
    """These guests; null: all whose seats are not fixed."""

    guest_ids: tuple[str, ...] | None = Field(None, max_length=10_000)


class Fixing(BaseModel):
    """Whose seats are fixed, or no longer."""

    guest_ids: tuple[str, ...] = Field(min_length=1, max_length=10_000)
    fixed: bool = True


class Back(BaseModel):
    """To which version of the seating; null: the one before."""

    to_version: int | None = None


def _like(value: dict[str, Any], words: str) -> Any:
    return Body(openapi_examples=examples.example(value, words))


_Halls = Annotated[Halls, _like({"halls": ["theatre-2000", "yard-1000"]}, "A theatre and its yard")]
_Fill = Annotated[FillWish, _like({"pattern": {"together": True, "rostrum": 5}}, "Delegations together")]
_Reseat = Annotated[ReseatWish, _like({"since": "release"}, "From the printed cards")]
_At = Annotated[At, _like({"place": "meeting-300/H/A/8"}, "A seat")]
_Some = Annotated[Some, _like({"guest_ids": None}, "All that are not fixed")]
_Fixing = Annotated[Fixing, _like({"guest_ids": [_GUEST]}, "One guest")]
_Back = Annotated[Back, _like({"to_version": None}, "The last change")]


@router.get("", summary="How the seating stands, in numbers")
async def get_seating(bus: TheBus, ceremony: TheCeremony, response: Response) -> SeatingInShort:
    found = await bus.ask(seating.get_seating, GetSeating(ceremony_id=ceremony.id), LONG)
    at_version(response, found.version)
    return found


@router.get("/seats", summary="Who sits where, and who does not yet")
async def list_seats(bus: TheBus, ceremony: TheCeremony, response: Response) -> Seats:
    found = await bus.ask(seating.list_seats, ListSeats(ceremony_id=ceremony.id), LONG)
    at_version(response, found.version)
    return found


@router.put("/halls", summary="Choose the halls, in the order in which they are filled")
async def use_halls(make: Make, ceremony: TheCeremony, version: MaybeVersion, body: _Halls) -> Filled:
    return await _do(make, seating.use_halls, UseHalls, _about(ceremony, version, body))


@router.post("/fill", summary="Fill the seats by a pattern")
async def fill_seats(make: Make, ceremony: TheCeremony, version: MaybeVersion, body: _Fill) -> Filled:
    return await _do(make, seating.fill_seats, FillSeats, _about(ceremony, version, body))


@router.post("/fill/preview", summary="What a filling would do; changes nothing")
async def preview_fill(bus: TheBus, ceremony: TheCeremony, body: _Fill) -> Filled:
    question = PreviewFill(ceremony_id=ceremony.id, pattern=body.pattern, keep=body.keep)
    return await bus.ask(seating.preview_fill, question, LONG)


@router.post("/reseat", summary="Seat who has no seat, and move as few as possible")
async def reseat(make: Make, ceremony: TheCeremony, version: MaybeVersion, body: _Reseat) -> Filled:
    return await _do(make, seating.reseat, Reseat, _about(ceremony, version, body))


@router.post("/reseat/preview", summary="What seating anew would do; changes nothing")
async def preview_reseat(bus: TheBus, ceremony: TheCeremony, body: _Reseat) -> Filled:
    question = PreviewReseat(ceremony_id=ceremony.id, since=body.since, pattern=body.pattern)
    return await bus.ask(seating.preview_reseat, question, LONG)


@router.put("/seats/{guest}", summary="Put a guest on a place; who sits there changes with him")
async def put_guest(make: Make, ceremony: TheCeremony, version: MaybeVersion, guest: GuestId, body: _At) -> Filled:
    return await _do(make, seating.put_guest, PutGuest, _about(ceremony, version, body) | {"guest_id": guest})


@router.post("/clear", summary="Take guests off their seats")
async def clear_seats(make: Make, ceremony: TheCeremony, version: MaybeVersion, body: _Some) -> Filled:
    return await _do(make, seating.clear_seats, ClearSeats, _about(ceremony, version, body))


@router.post("/fix", summary="Fix seats, or leave them free to be changed")
async def fix_seats(make: Make, ceremony: TheCeremony, version: MaybeVersion, body: _Fixing) -> Filled:
    return await _do(make, seating.fix_seats, FixSeats, _about(ceremony, version, body))


@router.post("/back", summary="Seats as they were at an earlier version")
async def take_back_seats(make: Make, ceremony: TheCeremony, version: MaybeVersion, body: _Back) -> Filled:
    return await _do(make, seating.take_back_seats, TakeBackSeats, _about(ceremony, version, body))


@router.get("/cards", summary="Cards that say another seat than in a release")
async def compare_cards(
    bus: TheBus, ceremony: TheCeremony, release: Annotated[int | None, Query(ge=1)] = None
) -> Cards:
    return await bus.ask(seating.compare_cards, CompareCards(ceremony_id=ceremony.id, release=release), LONG)


@router.get(
    "/plan.svg",
    summary="A hall drawn for A3",
    response_class=Response,
    responses={200: {"content": {"image/svg+xml": {}}}, 409: {}},
)
async def draw_plan(
    bus: TheBus,
    ceremony: TheCeremony,
    language: Language,
    hall: Annotated[HallKey | None, Query()] = None,
    block: Annotated[str | None, Query(max_length=12)] = None,
) -> Response:
    question = DrawPlan(ceremony_id=ceremony.id, hall=hall, block=block, language=language)
    plan = await bus.ask(seating.draw_plan, question, LONG)
    name = disposition("attachment", f"{ceremony.code}-{plan.hall}.svg")
    return Response(plan.svg, headers={"Content-Disposition": name}, media_type="image/svg+xml")


@router.get("/doors", summary="Who goes in by which door")
async def list_by_door(bus: TheBus, ceremony: TheCeremony, language: Language) -> UsherList:
    return await bus.ask(seating.list_by_door, ListByDoor(ceremony_id=ceremony.id, language=language), LONG)


@router.get(
    "/doors.csv", summary="The same as CSV", response_class=Response, responses={200: {"content": {"text/csv": {}}}}
)
async def doors_csv(bus: TheBus, ceremony: TheCeremony, language: Language) -> Response:
    return await _door_file(bus, ceremony, language, "csv")


@router.get(
    "/doors.xlsx",
    summary="The same as a spreadsheet",
    response_class=Response,
    responses={200: {"content": {MEDIA["xlsx"]: {}}}},
)
async def doors_xlsx(bus: TheBus, ceremony: TheCeremony, language: Language) -> Response:
    return await _door_file(bus, ceremony, language, "xlsx")


async def _door_file(bus: Bus, ceremony: Ceremony, language: str, kind: FileKind) -> Response:
    found = await bus.ask(seating.list_by_door, ListByDoor(ceremony_id=ceremony.id, language=language), LONG)
    content = door_file(found, kind, lambda words: translate(words, {}, language))
    name = disposition("attachment", f"{ceremony.code}-doors.{kind}")
    return Response(content, headers={"Content-Disposition": name}, media_type=MEDIA[kind])


def _about(ceremony: Ceremony, version: int | None, body: BaseModel) -> dict[str, Any]:
    """`If-Match` with the ETag of the seating changes only what was read; without it, whatever there is."""
    said = {name: getattr(body, name) for name in type(body).model_fields}
    return {"ceremony_id": ceremony.id, "expected_version": version, **said}


async def _do(make: Making, ask: Ask[C, Filled], kind: type[C], said: dict[str, Any]) -> Filled:
    done = await make.bus.ask(ask, kind(request_id=make.request_id, **said), LONG)
    at_version(make.response, done.version)
    return done

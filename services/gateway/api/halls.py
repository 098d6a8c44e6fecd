"""/api/v1/halls: the halls of the office and the ready-made ones."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Path, Response, UploadFile
from pydantic import BaseModel

from schemas.errors import Problem
from schemas.halls import Hall, asked
from schemas.halls.asked import CheckHall, DrawHall, GetHall, HallInShort, HallList, ListHalls, RemoveHall
from services.gateway.asking import Language, MaybeVersion, RequestId, TheBus, at_version
from services.gateway.problems import PlanProblem, told
from services.gateway.refusals import PlanRefused
from services.plan.seats import hall_sheet

router = APIRouter(prefix="/api/v1/halls", tags=["halls"])
TheHall = Annotated[
    str,
    Path(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40, description="Key of the hall."),
]
Name = Annotated[str, Form(min_length=1, max_length=200, description="What the hall is called.")]
Outdoor = Annotated[bool, Form(description="Whether it is in the open.")]
Drawing = Annotated[UploadFile, File(description="A spreadsheet in which every cell that holds something is a seat.")]


class HallReport(BaseModel):
    """What became of a drawing, and what is wrong with it."""

    hall: HallInShort | None
    problems: tuple[PlanProblem, ...]


@router.get("", summary="List the halls")
async def list_halls(bus: TheBus) -> HallList:
    return await bus.ask(asked.list_halls, ListHalls())


@router.get("/{hall}", summary="A hall with its blocks and seats")
async def get_hall(bus: TheBus, hall: TheHall) -> Hall:
    return await bus.ask(asked.get_hall, GetHall(hall=hall))


@router.post("/{hall}/check", summary="What a drawing would become; keeps nothing")
async def check_hall(
    bus: TheBus, language: Language, *, hall: TheHall, file: Drawing, name: Name = "?", outdoor: Outdoor = False
) -> HallReport:
    sheet, problems = await asyncio.to_thread(hall_sheet, file.filename or "", await file.read())
    if sheet is None:
        return _report(None, problems, language)
    question = CheckHall(hall=hall, name=name, outdoor=outdoor, sheet=sheet)
    drawn = await bus.ask(asked.check_hall, question)
    return _report(drawn.hall, [*problems, *drawn.problems], language)


@router.put("/{hall}", summary="Draw a hall with a spreadsheet, or draw it anew")
async def draw_hall(
    bus: TheBus,
    language: Language,
    request_id: RequestId,
    version: MaybeVersion,
    response: Response,
    *,
    hall: TheHall,
    file: Drawing,
    name: Name,
    outdoor: Outdoor = False,
) -> HallReport:
    """Ceremonies that use the hall keep it as it was until it is chosen again."""
    sheet, problems = await asyncio.to_thread(hall_sheet, file.filename or "", await file.read())
    if sheet is None:
        raise PlanRefused(tuple(problems))
    said: dict[str, Any] = {"hall": hall, "name": name, "outdoor": outdoor, "sheet": sheet}
    command = DrawHall(request_id=request_id, expected_version=version, **said)
    drawn = await bus.ask(asked.draw_hall, command)
    if drawn.hall is None:
        raise PlanRefused((*problems, *drawn.problems))
    at_version(response, drawn.hall.version or 0)
    return _report(drawn.hall, [*problems, *drawn.problems], language)


@router.delete("/{hall}", status_code=204, summary="Remove a hall of the office")
async def remove_hall(bus: TheBus, request_id: RequestId, version: MaybeVersion, hall: TheHall) -> None:
    """Ceremonies that use it keep it."""
    command = RemoveHall(request_id=request_id, hall=hall, expected_version=version)
    await bus.ask(asked.remove_hall, command)


def _report(hall: HallInShort | None, problems: list[Problem], language: str) -> HallReport:
    return HallReport(hall=hall, problems=tuple(told(problem, language) for problem in problems))

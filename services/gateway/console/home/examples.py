"""The example ceremonies of the source tree, to be looked at and thrown away. Hides where they lie."""

import asyncio
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import Field

from schemas import scheduling
from schemas.envelope import new_id
from schemas.errors import NotFound, Refusal
from schemas.scheduling import CeremonyFields, ImportPlan
from services import plan
from services.gateway.asking import TheBus
from services.gateway.console.forms import Sent, Typed
from services.gateway.console.frame import Toast, go, show
from services.gateway.refusals import PlanRefused
from services.kit.bus import Bus
from services.plan.ceremony import open_ceremony

router = APIRouter(include_in_schema=False)
_FOLDER = Path(__file__).resolve().parents[4] / "examples"
_PATIENCE = 180  # seconds


class NothingChosen(Refusal):
    """No example is chosen. Choose at least one of the list."""


@dataclass(frozen=True, slots=True)
class Example:
    """`name`: its folder below examples/."""

    name: str
    ceremony: CeremonyFields


class Chosen(Sent):
    names: list[Typed] = Field(default_factory=list, max_length=50)


@cache
def examples() -> dict[str, Example]:
    """By name, the fullest first; none where only the program was installed."""
    found = (_read(path) for path in sorted(_FOLDER.glob("**/ceremony.yaml"), reverse=True))
    return {one.name: one for one in found if one}


def _read(path: Path) -> Example | None:
    fields = open_ceremony(path.name, path.read_bytes()).fields
    return Example(str(path.parent.relative_to(_FOLDER)), fields) if fields else None


@router.get("/examples")
async def examples_page(request: Request) -> Response:
    known = await asyncio.to_thread(examples)
    if not known:
        raise NotFound(what="example", which="examples")
    return await show(request, "home/examples.html", here="home", examples=list(known.values()), wrong="")


@router.post("/examples")
async def open_examples(request: Request, bus: TheBus, chosen: Annotated[Chosen, Form()]) -> Response:
    """One after the other: each is an import of its own."""
    known = await asyncio.to_thread(examples)
    wanted = [known[name] for name in chosen.names if name in known]
    if not wanted:
        raise NothingChosen
    for one in wanted:
        await _import(bus, one)
    return await go(request, "/", Toast("The examples are imported. Their papers bear the mark of a sample."))


async def _import(bus: Bus, example: Example) -> None:
    reading = await asyncio.to_thread(plan.read, _FOLDER / example.name)
    if reading.plan is None:
        raise PlanRefused(tuple(reading.problems))
    command = ImportPlan(request_id=new_id(), plan=reading.plan)
    outcome = await bus.ask(scheduling.import_plan, command, _PATIENCE)
    if not outcome.accepted:
        raise PlanRefused(outcome.problems)

"""Importing a plan folder, or tables of a ceremony alone: what is wrong, and what would change, before the deed."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Request, Response, UploadFile

from schemas import awards, guests, scheduling
from schemas.awards import GetAwards
from schemas.errors import Problem, Refusal
from schemas.guests import GetGuests
from schemas.parts import PartChange
from schemas.rights import require
from schemas.scheduling import Ceremony, CheckPlan, GetPart, ImportPlan, Plan, PlanOutcome
from services.gateway.api.plans import PATIENCE, contents_of, read_contents
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.forms import Sent
from services.gateway.console.frame import show, words_of
from services.gateway.problems import language_of, told
from services.kit.bus import Bus
from services.kit.context import caller
from services.plan import plan_of

router = APIRouter(include_in_schema=False)
_MAY = "plan.import"
_ENDINGS = ("xlsx", "ods", "csv")
Files = Annotated[list[UploadFile] | None, File()]
Holds = Literal["", "running-order", "guests", "roll", "awards"]


class PlanElsewhere(Refusal):
    """This folder is the plan of “{code}”, and this page is that of “{here}”. Import it from the start page, or take
    ceremony.yaml out of it to bring in its tables alone.
    """


class Deed(Sent):
    """The rest of the form. `holds`: what the only spreadsheet holds, where its name does not say so."""

    confirm: bool = False
    holds: Holds = ""


@router.get("/import")
async def import_page(request: Request) -> Response:
    return await _page(request, None)


@router.post("/import")
async def import_folder(
    request: Request, bus: TheBus, deed: Annotated[Deed, Form()], files: Files = None
) -> Response:
    return await _import(request, bus, None, deed, files)


@router.get("/ceremonies/{ceremony}/import")
async def ceremony_import_page(request: Request, ceremony: TheCeremony) -> Response:
    require(caller(), _MAY, ceremony.id)
    return await _page(request, ceremony)


@router.post("/ceremonies/{ceremony}/import")
async def import_parts(
    request: Request, bus: TheBus, ceremony: TheCeremony, deed: Annotated[Deed, Form()], files: Files = None
) -> Response:
    require(caller(), _MAY, ceremony.id)
    return await _import(request, bus, ceremony, deed, files)


async def _import(
    request: Request, bus: Bus, ceremony: Ceremony | None, deed: Deed, files: list[UploadFile] | None
) -> Response:
    """Checked, or done if that was wished. What cannot be done is shown like a check."""
    contents = _named(await contents_of(files or []), deed.holds)
    reading = await read_contents(contents, await _standing(bus, ceremony) if ceremony else None)
    if reading.plan is None:
        return await _page(request, ceremony, problems=reading.problems)
    if ceremony and reading.plan.scheduling.code != ceremony.code:
        raise PlanElsewhere(code=reading.plan.scheduling.code, here=ceremony.code)
    outcome = await _outcome(bus, reading.plan, deed)
    problems = [*reading.problems, *outcome.problems]
    done = deed.confirm and outcome.accepted
    code = reading.plan.scheduling.code
    return await _page(request, ceremony, problems=problems, outcome=outcome, done=done, code=code)


async def _outcome(bus: Bus, plan: Plan, deed: Deed) -> PlanOutcome:
    if not deed.confirm:
        return await bus.ask(scheduling.check_plan, CheckPlan(plan=plan), PATIENCE)
    return await bus.ask(scheduling.import_plan, ImportPlan(request_id=deed.request_id, plan=plan), PATIENCE)


async def _standing(bus: Bus, ceremony: Ceremony) -> Plan:
    """The plan as it is now: what the uploaded files do not say stays so."""
    return plan_of(
        await bus.ask(scheduling.get_part, GetPart(ceremony_id=ceremony.id)),
        await bus.ask(guests.get_part, GetGuests(ceremony_id=ceremony.id)),
        await bus.ask(awards.get_part, GetAwards(ceremony_id=ceremony.id)),
    )


def _named(contents: dict[str, bytes], holds: Holds) -> dict[str, bytes]:
    """A single spreadsheet may have any name: what it holds was chosen then."""
    sheets = [name for name in contents if name.lower().endswith(_ENDINGS)]
    if not holds or len(sheets) != 1:
        return contents
    ending = sheets[0].rpartition(".")[2].lower()
    return {f"{holds}.{ending}" if name == sheets[0] else name: content for name, content in contents.items()}


async def _page(
    request: Request,
    ceremony: Ceremony | None,
    *,
    problems: Sequence[Problem] = (),
    outcome: PlanOutcome | None = None,
    done: bool = False,
    code: str = "",
) -> Response:
    """The page, or for htmx the report alone."""
    language = language_of(request)
    values: dict[str, Any] = {
        "ceremony": ceremony,
        "at": request.url.path,
        "checked": request.method == "POST",
        "problems": [told(problem, language) for problem in problems],
        "outcome": outcome,
        "parts": _parts(request, outcome.changes) if outcome else (),
        "done": done,
        "code": code,
    }
    headers = {"HX-Trigger": "km:scheduling"} if done else {}
    return await show(request, "imports/import.html", block="report", here="import", headers=headers, **values)


def _parts(request: Request, changes: dict[str, PartChange]) -> list[tuple[str, PartChange]]:
    say = words_of(request).say
    called = {
        "scheduling": say("Ceremony and running order"),
        "guests": say("Guests"),
        "awards": say("Awards"),
    }
    return [(words, changes[name]) for name, words in called.items() if name in changes]

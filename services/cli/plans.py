"""khaimac init, plan check, plan import: plan folders."""

import asyncio
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from schemas import scheduling
from schemas.errors import Problem
from schemas.scheduling import CheckPlan, ImportPlan, PlanOutcome
from services import plan
from services.cli.desk import Code, Desk, Report, command
from services.cli.office import LONG, Office
from services.cli.voice import Voice, row

plans = typer.Typer(no_args_is_help=True, help="Plan folders: ceremony.yaml and spreadsheets.")
PlanFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The plan folder.")]
_STYLES = {"error": "red", "warning": "yellow", "note": "dim"}


@dataclass(frozen=True, slots=True)
class Told:
    """What reading a folder and asking the services came to."""

    outcome: PlanOutcome
    problems: tuple[Problem, ...]

    @property
    def accepted(self) -> bool:
        return not self.count("error")

    def count(self, severity: str) -> int:
        return sum(one.severity == severity for one in self.problems)


def settle(app: typer.Typer) -> None:
    command(app, "init")(init)
    app.add_typer(plans, name="plan")


async def init(desk: Desk, folder: Annotated[Path, typer.Argument(metavar="DIR")]) -> Report:
    """Write an empty, commented plan folder to fill in."""
    written = await asyncio.to_thread(plan.write_empty, absolute(folder))
    lines = [Text(desk.voice.say("Written: {file}", file=path)) for path in written]
    after = desk.voice.say("Fill them in, then: khaimac plan check {folder}", folder=folder)
    return Report({"files": [str(path) for path in written]}, [*lines, Text(after)])


@command(plans, "check")
async def check(desk: Desk, folder: PlanFolder) -> Report:
    """Tell every problem of a plan folder at once; changes nothing."""
    reading = await _read(desk.voice, folder)
    told = Told(PlanOutcome(), tuple(reading.problems))
    if reading.plan:
        async with desk.office() as office:
            told = await check_read(office, reading)
    voice = desk.voice
    shown = [*problem_table(voice, told.problems), _count_line(voice, told), _after_check(voice, told, folder)]
    return Report(as_data(voice, told), shown, Code.OK if told.accepted else Code.REFUSED)


@command(plans, "import")
async def import_(desk: Desk, folder: PlanFolder) -> Report:
    """Import a plan folder, all of it or nothing; a second time it updates what changed."""
    reading = await _read(desk.voice, folder)
    told = Told(PlanOutcome(), tuple(reading.problems))
    if reading.plan:
        async with desk.office() as office:
            told = await import_read(office, reading)
    if not told.accepted:
        refused = Text(desk.voice.say("Refused: nothing was changed."), style="red")
        shown = [*problem_table(desk.voice, told.problems), _count_line(desk.voice, told), refused]
        return Report(as_data(desk.voice, told), shown, Code.REFUSED)
    return Report(as_data(desk.voice, told), _imported(desk.voice, told, folder))


async def _read(voice: Voice, folder: Path) -> plan.Reading:
    with voice.doing("Reading {folder}", folder=folder):
        return await asyncio.to_thread(plan.read, absolute(folder))


def absolute(folder: Path) -> Path:
    """With its own name also for `.`: a plan without a code takes the folder's name."""
    return Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow the links that the user named


async def check_read(office: Office, reading: plan.Reading) -> Told:
    if reading.plan is None:
        return Told(PlanOutcome(), tuple(reading.problems))
    with office.voice.doing("Checking the plan"):
        outcome = await office.ask(scheduling.check_plan, CheckPlan(plan=reading.plan), LONG)
    return Told(outcome, _joined(reading.problems, outcome.problems))


async def import_read(office: Office, reading: plan.Reading) -> Told:
    if reading.plan is None:
        return Told(PlanOutcome(), tuple(reading.problems))
    with office.voice.doing("Importing the plan"):
        outcome = await office.do(scheduling.import_plan, ImportPlan(plan=reading.plan))
    return Told(outcome, _joined(reading.problems, outcome.problems))


def _joined(read: Sequence[Problem], asked: Sequence[Problem]) -> tuple[Problem, ...]:
    """Without those that the reading told already; errors first."""
    once = {one.model_dump_json(): one for one in (*read, *asked)}
    return tuple(sorted(once.values(), key=lambda one: list(_STYLES).index(one.severity)))


# Showing.


def problem_table(voice: Voice, problems: Sequence[Problem]) -> list[RenderableType]:
    """Empty if there is none."""
    if not problems:
        return []
    table = voice.table("Kind", "File", "Sheet", "Place", "What is wrong", "What would be right")
    for one in problems:
        kind = Text(voice.say(one.severity), style=_STYLES[one.severity])
        place = f"{one.column or ''}{one.row or ''}"
        hint = voice.say(one.hint, **one.params) if one.hint else ""
        table.add_row(*row(kind, one.file or "", one.sheet or "", place, voice.say(one.sentence, **one.params), hint))
    return [table]


def problem_lines(voice: Voice, problems: Iterable[Problem]) -> list[Text]:
    """For problems that have no place in a file; each once."""
    once = {one.model_dump_json(): one for one in problems}.values()
    return [Text(voice.say(one.sentence, **one.params), style=_STYLES[one.severity]) for one in once]


def _count_line(voice: Voice, told: Told) -> Text:
    counts = {f"{severity}s": told.count(severity) for severity in _STYLES}
    return Text(voice.say("Errors: {errors}. Warnings: {warnings}. Open points: {notes}.", **counts))


def _after_check(voice: Voice, told: Told, folder: Path) -> Text:
    if not told.accepted:
        return Text(voice.say("The plan cannot be imported yet."), style="red")
    if told.outcome.unchanged:
        return Text(voice.say("Unchanged: an import would change nothing."))
    return Text(voice.say("The plan can be imported: khaimac plan import {folder}", folder=folder), style="green")


def _imported(voice: Voice, told: Told, folder: Path) -> list[RenderableType]:
    serious = [one for one in told.problems if one.severity != "note"]
    shown: list[RenderableType] = [*problem_table(voice, serious)]
    if notes := told.count("note"):
        shown.append(Text(voice.say("Open points: {count}; khaimac plan check {folder}", count=notes, folder=folder)))
    if told.outcome.unchanged:
        return [*shown, Text(voice.say("Unchanged: nothing had to be done."), style="green")]
    return [*shown, _change_table(voice, told.outcome)]


def _change_table(voice: Voice, outcome: PlanOutcome) -> RenderableType:
    table = voice.table("Part", "Created", "Updated", "Removed", "Unchanged", right=range(1, 5))
    parts = {
        "scheduling": voice.say("Ceremony and running order"),
        "guests": voice.say("Guests"),
        "awards": voice.say("Awards"),
    }
    for part, change in outcome.changes.items():
        counts = (change.created, change.updated, change.removed, change.unchanged)
        table.add_row(*row(parts.get(part, part), *counts))
    return table


def as_data(voice: Voice, told: Told) -> dict[str, Any]:
    """The same names as in the API."""
    outcome = told.outcome
    return {
        "ceremony_id": outcome.ceremony_id,
        "version": outcome.version,
        "accepted": told.accepted,
        "unchanged": told.accepted and outcome.unchanged,
        "problems": [_problem_data(voice, one) for one in told.problems],
        "changes": {part: change.model_dump() for part, change in outcome.changes.items()},
    }


def _problem_data(voice: Voice, problem: Problem) -> dict[str, Any]:
    told = problem.model_dump(include={"severity", "file", "sheet", "row", "column"}) | {"where": problem.where()}
    hint = voice.say(problem.hint, **problem.params) if problem.hint else None
    return told | {"text": voice.say(problem.sentence, **problem.params), "hint": hint}

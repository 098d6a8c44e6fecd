"""khaimac seats: halls, filling them, few moves after a release, plans to print, lists by door."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import RenderableType
from rich.text import Text

from schemas import seating
from schemas.halls import asked as halls
from schemas.halls.asked import DrawHall, HallInShort, ListHalls
from schemas.seating import (
    CompareCards,
    DrawPlan,
    Filled,
    FillSeats,
    GetSeating,
    ListByDoor,
    PreviewFill,
    PreviewReseat,
    Reseat,
    SeatPattern,
    UseHalls,
)
from services.cli.desk import CeremonyName, Code, Desk, Report, command
from services.cli.files import Folder
from services.cli.office import LONG
from services.cli.plans import absolute, problem_table
from services.cli.voice import Voice, row
from services.lang import UNKNOWN
from services.plan.seats import CARD, WHY, FileKind, door_file, door_rows, hall_sheet

seats = typer.Typer(no_args_is_help=True, help="Halls, and who sits where in them.")
Preview = Annotated[bool, typer.Option("--preview", help="Only show what it would do.")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write into.")]
_FILE_HELP = "A spreadsheet: every cell that holds something is a seat."
_KEYS_HELP = "Keys of halls, in the order in which they are filled."
_TOGETHER_HELP = "Delegations sit together where a row holds them."
_ROSTRUM_HELP = "So many of the first sit on the rostrum."


def settle(app: typer.Typer) -> None:
    app.add_typer(seats, name="seats")


@command(seats, "halls")
async def list_halls(desk: Desk) -> Report:
    """List the halls: those of the office, and the ready-made ones."""
    async with desk.office() as office:
        found = (await office.ask(halls.list_halls, ListHalls())).halls
    return Report([one.model_dump(mode="json") for one in found], [hall_table(desk.voice, found)])


@command(seats, "draw")
async def draw(
    desk: Desk,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_FILE_HELP)],
    key: Annotated[str, typer.Option("--key", help="Key of the hall: small letters, digits and hyphens.")],
    name: Annotated[str, typer.Option("--name", help="What the hall is called.")],
    outdoor: Annotated[bool, typer.Option("--outdoor", help="It is in the open.")] = False,
) -> Report:
    """Keep a hall of your own, drawn with the cells of a spreadsheet."""
    content = await asyncio.to_thread(absolute(file).read_bytes)
    sheet, problems = await asyncio.to_thread(hall_sheet, file.name, content)
    if sheet is None:
        return Report(
            {"problems": [one.model_dump() for one in problems]}, problem_table(desk.voice, problems), Code.REFUSED
        )
    async with desk.office() as office:
        drawn = await office.do(halls.draw_hall, DrawHall(hall=key, name=name, outdoor=outdoor, sheet=sheet))
    problems = [*problems, *drawn.problems]
    shown = problem_table(desk.voice, problems)
    data = drawn.model_dump(mode="json")
    if drawn.hall is None:
        return Report(data, shown, Code.REFUSED)
    return Report(data, [*shown, hall_table(desk.voice, [drawn.hall])])


@command(seats, "use")
async def use(
    desk: Desk,
    ceremony: CeremonyName,
    keys: Annotated[list[str], typer.Argument(metavar="HALL", help=_KEYS_HELP)],
) -> Report:
    """Choose the halls of a ceremony."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        done = await office.do(seating.use_halls, UseHalls(ceremony_id=found.id, halls=tuple(keys)))
        short = await office.ask(seating.get_seating, GetSeating(ceremony_id=found.id), LONG)
    return Report(
        done.model_dump(mode="json"), [hall_table(desk.voice, short.halls), *filled_lines(desk.voice, done)]
    )


@command(seats, "fill")
async def fill(
    desk: Desk,
    ceremony: CeremonyName,
    *,
    pattern: Annotated[
        Literal["centre_out", "rows", "serpentine"] | None,
        typer.Option("--pattern", help="Else as the profile of the ceremony says."),
    ] = None,
    together: Annotated[bool, typer.Option("--together", help=_TOGETHER_HELP)] = False,
    rostrum: Annotated[int, typer.Option("--rostrum", min=0, max=500, help=_ROSTRUM_HELP)] = 0,
    keep: Annotated[bool, typer.Option("--keep", help="Who has a seat keeps it.")] = False,
    preview: Preview = False,
) -> Report:
    """Fill the seats by a pattern, in order of precedence."""
    wish: dict[str, Any] = {
        "pattern": SeatPattern(pattern=pattern, together=together, rostrum=rostrum),
        "keep": "all" if keep else "fixed",
    }
    async with desk.office() as office:
        which = (await office.ceremony(ceremony)).id
        if preview:
            done = await office.ask(seating.preview_fill, PreviewFill(ceremony_id=which, **wish), LONG)
        else:
            done = await office.do(seating.fill_seats, FillSeats(ceremony_id=which, **wish))
    return Report(done.model_dump(mode="json"), filled_lines(desk.voice, done))


@command(seats, "reseat")
async def reseat(
    desk: Desk,
    ceremony: CeremonyName,
    release: Annotated[bool, typer.Option("--release", help="From the seats that cards were printed for.")] = False,
    preview: Preview = False,
) -> Report:
    """Seat who has no seat, and move as few as possible."""
    async with desk.office() as office:
        which = (await office.ceremony(ceremony)).id
        since: Literal["draft", "release"] = "release" if release else "draft"
        if preview:
            done = await office.ask(seating.preview_reseat, PreviewReseat(ceremony_id=which, since=since), LONG)
        else:
            done = await office.do(seating.reseat, Reseat(ceremony_id=which, since=since))
    return Report(done.model_dump(mode="json"), filled_lines(desk.voice, done))


@command(seats, "cards")
async def cards(desk: Desk, ceremony: CeremonyName) -> Report:
    """List the cards that say another seat than in the last release."""
    async with desk.office() as office:
        which = (await office.ceremony(ceremony)).id
        found = await office.ask(seating.compare_cards, CompareCards(ceremony_id=which), LONG)
    table = desk.voice.table("Name", "Card", "Before", "Now")
    for one in found.cards:
        table.add_row(*row(one.name, desk.voice.say(CARD[one.what]), one.before or UNKNOWN, one.after or UNKNOWN))
    return Report(found.model_dump(mode="json"), [table])


@command(seats, "plan")
async def plan(
    desk: Desk,
    ceremony: CeremonyName,
    out: Out,
) -> Report:
    """Write the drawn plan of every hall as SVG for A3."""
    folder, files = Folder(absolute(out)), list[str]()
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        short = await office.ask(seating.get_seating, GetSeating(ceremony_id=found.id), LONG)
        for hall in short.halls:
            question = DrawPlan(ceremony_id=found.id, hall=hall.key, language=desk.voice.language)
            drawn = await office.ask(seating.draw_plan, question, LONG)
            files.append(str(folder.write(f"{found.code}-{hall.key}.svg", drawn.svg.encode()).path))
    lines = [Text(desk.voice.say("Written: {file}", file=file)) for file in files]
    return Report({"files": files}, lines)


@command(seats, "list")
async def list_(
    desk: Desk,
    ceremony: CeremonyName,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it into this .csv or .xlsx.")
    ] = None,
) -> Report:
    """List who goes in by which door and sits where."""
    async with desk.office() as office:
        which = (await office.ceremony(ceremony)).id
        question = ListByDoor(ceremony_id=which, language=desk.voice.language)
        found = await office.ask(seating.list_by_door, question, LONG)
    if out is None:
        table = desk.voice.table("Door", "Block", "Row", "Seat", "Name", "People", "Hall", "Note")
        for cells in door_rows(found):
            table.add_row(*row(*("" if cell is None else cell for cell in cells)))
        return Report(found.model_dump(mode="json"), [table])
    kind: FileKind = "xlsx" if out.suffix.lower() == ".xlsx" else "csv"
    content = await asyncio.to_thread(door_file, found, kind, desk.voice.say)
    path = Folder(absolute(out).parent).write(out.name, content).path
    return Report({"file": str(path)}, [Text(desk.voice.say("Written: {file}", file=path))])


# Showing.


def hall_table(voice: Voice, found: Sequence[HallInShort]) -> RenderableType:
    table = voice.table("Hall", "Name", "Seats", "Standing", right=(2, 3))
    for one in found:
        table.add_row(*row(one.key, one.label.say(voice.language), one.seats, one.standing))
    return table


def filled_lines(voice: Voice, done: Filled) -> list[RenderableType]:
    """The counts, and who has no seat."""
    words = "{seated} have a place: {new} new, {moved} moved. {unseated} have none."
    numbers = {"seated": done.seated, "new": done.new, "moved": done.moved, "unseated": done.unseated_count}
    shown: list[RenderableType] = [Text(voice.say(words, **numbers))]
    if done.unseated:
        table = voice.table("Without a seat", "People", "Why", right=(1,))
        for one in done.unseated:
            table.add_row(*row(one.name, one.heads, voice.say(WHY[one.why])))
        shown.append(table)
    return shown

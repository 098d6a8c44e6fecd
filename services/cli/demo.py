"""khaimac demo: the example ceremonies planned, released, printed and moved, on services started for it alone."""

import asyncio
import shutil
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated

import typer

from schemas import scheduling
from schemas.scheduling import Ceremony, MoveCeremony
from services import plan
from services.cli import demo_tables as tables
from services.cli.demo_tables import Made, Moved
from services.cli.desk import Code, Desk, Report, command
from services.cli.office import Office
from services.cli.papers import CALENDAR, SINGLE, write_documents, write_invitations
from services.cli.plans import Told, import_read, problem_table
from services.cli.refusals import ExampleRefused, NotASourceTree
from services.cli.releases import release_ceremony
from services.kit.settings import Settings

EXAMPLES = (
    *(f"2024-07-01/{name}" for name in ("can-tho", "ca-mau", "long-an", "soc-trang")),
    "full-ceremony",
)
CLOCK = datetime(2024, 6, 20, 8, 0, tzinfo=timezone(timedelta(hours=7)))  # eleven days before the four ceremonies
MINUTES = 30
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write into.")]


@dataclass(frozen=True, slots=True)
class Planned:
    """An example that is imported and released."""

    name: str
    ceremony: Ceremony
    told: Told
    release: int


def settle(app: typer.Typer) -> None:
    command(app, "demo")(demo)


async def demo(desk: Desk, out: Out = Path("out")) -> Report:
    """Plan, release and print the example ceremonies, then move one by half an hour and see what changes."""
    begun = time.monotonic()
    examples = desk.root / "examples"
    if not examples.is_dir():
        raise NotASourceTree(path=examples)
    with tempfile.TemporaryDirectory(prefix="khaimac-demo-") as data:
        async with desk.office(_settings(desk.settings, Path(data))) as office:
            planned = [await _plan(office, examples / name) for name in EXAMPLES]
            done = [await _write(office, one, out / one.name) for one in planned]
            moved = await _move(office, planned[-1], done[-1], out / planned[-1].name)
    desk.voice.show(*tables.moved(desk.voice, moved))
    spent = time.monotonic() - begun
    made = {"folder": str(out), "seconds": round(spent, 2), "moved": tables.moved_data(moved)}
    made |= {"ceremonies": [tables.made_data(one) for one in done]}
    failed = any(paper.file is None for one in (*done, moved.after) for paper in one.papers)
    shown = tables.summary(desk.voice, done, out, spent)
    return Report(made, shown, Code.REFUSED if failed else Code.OK)


def _settings(settings: Settings, data: Path) -> Settings:
    """A fresh data folder, services of our own, and a day before the ceremonies."""
    own = {"data_dir": data, "database_url": None, "nats_url": None, "clock": settings.clock or CLOCK}
    return settings.model_copy(update=own)


async def _plan(office: Office, folder: Path) -> Planned:
    """Import an example, and release it at once: its documents are printed while the next one is read."""
    voice = office.voice
    told = await import_read(office, await asyncio.to_thread(plan.read, folder))
    if not told.accepted:
        voice.show(*problem_table(voice, told.problems))
        raise ExampleRefused(folder=folder)
    ceremony = await office.ceremony(told.outcome.ceremony_id or "")
    words = "{name}: planned, with {warnings} warnings and {notes} open points: {title}."
    counts = {"warnings": told.count("warning"), "notes": told.count("note")}
    voice.line(words, name=folder.name, title=ceremony.title, **counts)
    released = await release_ceremony(office, ceremony)
    return Planned(folder.name, ceremony, told, released.release)


def _forget_last_time(out: Path) -> None:
    """The files per guest of an earlier demonstration: every run invites anew, under other names."""
    for below in (SINGLE, CALENDAR):
        shutil.rmtree(out / below, ignore_errors=True)


async def _write(office: Office, planned: Planned, out: Path) -> Made:
    if planned.release == 1:
        await asyncio.to_thread(_forget_last_time, out)
    papers = await write_documents(office, planned.ceremony, planned.release, out)
    sent = await write_invitations(office, planned.ceremony, planned.release, out)
    words = "{name}: release {release} is written, with {papers} documents and {invites} calendar invitations."
    counts = {"papers": len(papers), "invites": len(sent.files)}
    office.voice.line(words, name=planned.name, release=planned.release, **counts)
    return Made(planned.name, out, planned.ceremony, planned.told, papers, sent)


async def _move(office: Office, planned: Planned, before: Made, out: Path) -> Moved:
    """Half an hour later, released again, and written over the files of the first release."""
    ceremony = await office.ceremony(planned.ceremony.id)
    move = MoveCeremony(ceremony_id=ceremony.id, expected_version=ceremony.version, minutes=MINUTES)
    await office.do(scheduling.move_ceremony, move)
    later = await office.ceremony(ceremony.id)
    begun = time.monotonic()
    released = await release_ceremony(office, later)
    after = await _write(office, Planned(planned.name, later, planned.told, released.release), out)
    return Moved(before, after, time.monotonic() - begun)

"""khaimac documents and khaimac invites: what was printed and prepared, written into a folder."""

import asyncio
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.filesize import decimal
from rich.table import Table
from rich.text import Text

from schemas.dispatch import Invitation
from schemas.errors import Problem
from schemas.program import Document
from schemas.scheduling import Ceremony
from services.cli.desk import CeremonyName, Code, Desk, Report, command
from services.cli.files import Folder, Written
from services.cli.office import Office, release_of
from services.cli.plans import absolute, problem_lines
from services.cli.voice import Voice, row
from services.lang import UNKNOWN

SINGLE = "invitations"  # the folder of the documents made for one guest each
CALENDAR = "calendar"
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write into.")]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document, and the file that holds it now unless it failed."""

    document: Document
    file: Written | None


@dataclass(frozen=True, slots=True)
class Sent:
    """The calendar files of a ceremony. `files` holds those of the guests by the name they have at dispatch."""

    release: int
    invitations: list[Invitation]
    problems: tuple[Problem, ...]
    files: list[Written]
    agenda: Written


def settle(app: typer.Typer) -> None:
    command(app, "documents")(documents)
    command(app, "invites")(invites)


async def documents(
    desk: Desk,
    ceremony: CeremonyName,
    out: Out,
    release: Annotated[
        int | None, typer.Option("--release", min=1, help="Of this release; else of the last.")
    ] = None,
    draft: Annotated[bool, typer.Option("--draft", help="Of the draft as it stands, marked as such.")] = False,
) -> Report:
    """Write the documents of a ceremony into a folder, as soon as they are ready."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        number = None if draft else release_of(found, release)
        papers = await write_documents(office, found, number, out)
    failed = [paper for paper in papers if paper.file is None]
    data = {"ceremony": found.code, "release": number, "folder": str(out), "documents": list(map(as_data, papers))}
    troubles = [trouble for paper in papers for trouble in _troubles(desk.voice, paper)]
    shown: list[RenderableType] = [paper_table(desk.voice, papers), *troubles, _where(desk.voice, out)]
    return Report(data, shown, Code.REFUSED if failed else Code.OK)


async def write_documents(office: Office, ceremony: Ceremony, release: int | None, out: Path) -> list[Paper]:
    """Wait until they are ready, and write them: those for one guest each into a folder of their own."""
    listed = await office.until_printed(ceremony, release)
    folder, papers = Folder(absolute(out)), list[Paper]()
    with office.voice.doing("Writing the documents of {ceremony}", ceremony=ceremony.code) as step:
        for document in listed:
            papers.append(Paper(document, await _write(office, folder, document)))
            step(len(papers), len(listed))
    return papers


async def _write(office: Office, folder: Folder, document: Document) -> Written | None:
    if document.content is None:
        return None
    data = await office.content(document)
    below = SINGLE if document.guest_id else None
    return await asyncio.to_thread(folder.write, document.file_name, data, below=below)


async def invites(desk: Desk, ceremony: CeremonyName, out: Out) -> Report:
    """Write the calendar invitations of the last release, one per guest, and the calendar of the ceremony."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        sent = await write_invitations(office, found, release_of(found), out)
    voice = desk.voice
    troubles = (*sent.problems, *(one for invitation in sent.invitations for one in invitation.problems))
    shown = [*problem_lines(voice, troubles), invitation_line(voice, sent), _where(voice, out)]
    return Report(invitations_data(found, sent, out), shown)


async def write_invitations(office: Office, ceremony: Ceremony, release: int, out: Path) -> Sent:
    """Wait until they are prepared, and write one file per guest, and agenda.ics."""
    await office.until_prepared(ceremony, release)
    invitations, problems = await office.invitations(ceremony.id)
    folder, files = Folder(absolute(out)), list[Written]()
    with office.voice.doing("Writing the invitations of {ceremony}", ceremony=ceremony.code) as step:
        async for file in office.invitation_files(ceremony.id):
            data = b64decode(file.base64)
            files.append(await asyncio.to_thread(folder.write, file.file_name, data, below=CALENDAR))
            step(len(files), len(invitations))
    feed = await office.feed(ceremony.id)
    agenda = await asyncio.to_thread(folder.write, "agenda.ics", feed.text.encode())
    return Sent(release, invitations, problems, files, agenda)


# Showing.


def paper_table(voice: Voice, papers: Sequence[Paper]) -> Table:
    table = voice.table("Document", "Files", "Pages", "Size", "Time", right=range(1, 5))
    for cells in paper_rows(voice, papers):
        table.add_row(*row(*cells))
    return table


def paper_rows(voice: Voice, papers: Sequence[Paper]) -> list[tuple[str, ...]]:
    """One row per document; those for one guest each together in one."""
    by_kind = groupby(papers, lambda paper: paper.document.kind if paper.document.guest_id else paper.document.id)
    return [_cells(voice, list(together)) for _, together in by_kind]


def _cells(voice: Voice, papers: list[Paper]) -> tuple[str, ...]:
    first = papers[0].document
    title = voice.say("Invitations, one for each guest") if first.guest_id else first.title
    pages = sum(paper.document.pages or 0 for paper in papers)
    size = sum(paper.file.size for paper in papers if paper.file)
    return title, str(len(papers)), str(pages), decimal(size), seconds([paper.document for paper in papers])


def seconds(documents: Sequence[Document]) -> str:
    """The time that rendering took in all; none where every one of them is an earlier one."""
    spent = [one.milliseconds or 0 for one in documents if not one.reused]
    return f"{sum(spent) / 1000:.2f} s" if spent else UNKNOWN


def invitation_line(voice: Voice, sent: Sent) -> Text:
    sizes = decimal(sum(file.size for file in sent.files) + sent.agenda.size)
    words = "Calendar invitations of release {release}: {count} files, and agenda.ics; {size}."
    return Text(voice.say(words, release=sent.release, count=len(sent.files), size=sizes))


def _troubles(voice: Voice, paper: Paper) -> Iterator[Text]:
    title, missing = paper.document.title, paper.document.missing
    if paper.file is None:
        reason = paper.document.reason or UNKNOWN
        yield Text(voice.say("{title} could not be printed: {reason}", title=title, reason=reason), style="red")
    if missing:
        words = "{title} holds characters that no font of ours has: {missing}. Each prints as an empty box."
        yield Text(voice.say(words, title=title, missing=missing), style="yellow")


def _where(voice: Voice, out: Path) -> Text:
    return Text(voice.say("Written into {folder}", folder=out), style="green")


def as_data(paper: Paper) -> dict[str, Any]:
    told = paper.document.model_dump(mode="json", exclude={"ceremony_id", "inputs"})
    return told | {"file": str(paper.file.path) if paper.file else None}


def invitations_data(ceremony: Ceremony, sent: Sent, out: Path) -> dict[str, Any]:
    return {
        "ceremony": ceremony.code,
        "release": sent.release,
        "folder": str(out),
        "invitations": [one.model_dump(mode="json") for one in sent.invitations],
        "problems": [one.model_dump(mode="json") for one in sent.problems],
        "files": [str(file.path) for file in sent.files],
        "agenda": str(sent.agenda.path),
    }

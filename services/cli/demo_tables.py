"""What the demonstration shows: the table of all that was made, and what a move of half an hour changed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.filesize import decimal
from rich.text import Text

from schemas.dispatch import Invitation
from schemas.scheduling import Ceremony
from services.cli.papers import Paper, Sent, as_data, invitations_data, paper_rows, seconds
from services.cli.plans import Told
from services.cli.releases import hour
from services.cli.voice import Voice, row
from services.lang import UNKNOWN


@dataclass(frozen=True, slots=True)
class Made:
    """An example with all its files in `folder`. `name` is that of its folder under the examples."""

    name: str
    folder: Path
    ceremony: Ceremony
    told: Told
    papers: list[Paper]
    sent: Sent


@dataclass(frozen=True, slots=True)
class Moved:
    """The same ceremony before and after, and the seconds from the release to the last file."""

    before: Made
    after: Made
    seconds: float


def summary(voice: Voice, made: Sequence[Made], out: Path, spent: float) -> list[RenderableType]:
    """The table of all documents of the first releases, and where they are."""
    table = voice.table("Ceremony", "Document", "Files", "Pages", "Size", "Time", right=range(2, 6))
    for one in made:
        for number, cells in enumerate((*paper_rows(voice, one.papers), *_calendar_rows(voice, one.sent))):
            table.add_row(*row("" if number else one.name, *cells))
        table.add_section()
    table.add_row(*row(voice.say("Total"), "", *_total(made)))
    words = "All of it is in {folder}; made in {seconds} seconds."
    return [table, Text(voice.say(words, folder=out, seconds=f"{spent:.1f}"), style="green")]


def _calendar_rows(voice: Voice, sent: Sent) -> list[tuple[str, ...]]:
    size = decimal(sum(file.size for file in sent.files))
    invitations = (voice.say("Calendar invitations, one for each guest"), str(len(sent.files)), "", size, "")
    return [invitations, ("agenda.ics", "1", "", decimal(sent.agenda.size), "")]


def _total(made: Sequence[Made]) -> tuple[str, ...]:
    papers = [paper for one in made for paper in one.papers]
    files = [paper.file for paper in papers if paper.file]
    files += [file for one in made for file in (*one.sent.files, one.sent.agenda)]
    pages = sum(paper.document.pages or 0 for paper in papers)
    size = decimal(sum(file.size for file in files))
    return str(len(files)), str(pages), size, seconds([paper.document for paper in papers])


def made_data(made: Made) -> dict[str, Any]:
    return {
        "name": made.name,
        "code": made.ceremony.code,
        "warnings": made.told.count("warning"),
        "open_points": made.told.count("note"),
        "documents": [as_data(paper) for paper in made.papers],
        "calendar": invitations_data(made.ceremony, made.sent, made.folder),
    }


# The move.


def moved(voice: Voice, found: Moved) -> list[RenderableType]:
    """What was rendered anew, what was left alone, and which invitations got another SEQUENCE."""
    words = "{name} moved from {before} to {after} and released again; every file was in step in {seconds} seconds:"
    start = {
        key: hour(one.ceremony.start, voice.language)
        for key, one in (("before", found.before), ("after", found.after))
    }
    head = voice.say(words, name=found.after.name, seconds=f"{found.seconds:.1f}", **start)
    now = voice.say(
        "{folder} holds release {release} now.", folder=found.after.folder, release=found.after.sent.release
    )
    return [Text(head, style="bold"), _papers_moved(voice, found), _invitations_moved(voice, found), Text(now)]


def _papers_moved(voice: Voice, found: Moved) -> RenderableType:
    table = voice.table("Document", "Rendered anew", "Left alone", "Time", right=range(1, 4))
    for cells in _counted(voice, found.after.papers):
        table.add_row(*row(*cells))
    return table


def _counted(voice: Voice, papers: Sequence[Paper]) -> list[tuple[object, ...]]:
    """By document; those for one guest each are counted together."""
    together: dict[str, list[Paper]] = {}
    for paper in papers:
        single = voice.say("Invitations, one for each guest")
        together.setdefault(single if paper.document.guest_id else paper.document.title, []).append(paper)
    counted = [(title, Counter(one.document.reused for one in some), some) for title, some in together.items()]
    return [
        (title, count[False] or UNKNOWN, count[True] or UNKNOWN, seconds([one.document for one in some]))
        for title, count, some in counted
    ]


def _invitations_moved(voice: Voice, found: Moved) -> RenderableType:
    table = voice.table("Invitations", "SEQUENCE", "Number", "Such as", right=(1, 2))
    groups: dict[tuple[str, int], list[Invitation]] = {}
    for one in found.after.sent.invitations:
        groups.setdefault((one.outcome, one.sequence), []).append(one)
    for (outcome, sequence), some in groups.items():
        table.add_row(*row(voice.say(outcome), sequence, len(some), some[0].file_name))
    return table


def moved_data(found: Moved) -> dict[str, Any]:
    papers = found.after.papers
    return {
        "name": found.after.name,
        "release": found.after.sent.release,
        "seconds": round(found.seconds, 2),
        "rendered": sum(not one.document.reused for one in papers),
        "reused": sum(one.document.reused for one in papers),
        "sequences": dict(Counter(one.sequence for one in found.after.sent.invitations)),
        "documents": [as_data(paper) for paper in papers],
    }

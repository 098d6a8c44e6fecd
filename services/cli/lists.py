"""khaimac guests import and export: lists of any office brought into a guest list, and the list as a file."""

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import RenderableType
from rich.text import Text

from schemas.answers import TakeBack, take_back
from schemas.errors import Refusal
from schemas.guest_imports import Asked, GuestImportOutcome, RowOutcome
from schemas.guests import Guest, ListGuests, list_guests
from services.cli.desk import CeremonyName, Code, Desk, Report, command
from services.cli.files import Folder
from services.cli.guests import guests
from services.cli.office import Office
from services.cli.plans import absolute, problem_table
from services.cli.voice import Voice, row
from services.lang import UNKNOWN
from services.plan import lists
from services.plan.lists import KINDS, Brought, Decided, Listing, Terms

ListFile = Annotated[Path, typer.Argument(metavar="FILE", help="xlsx, xls, ods, csv, tsv, txt or vcf.")]
_SHOWN = 20
_CALLED = {
    "created": "Is new.",
    "updated": "Is changed.",
    "asked": "Is asked about.",
    "rejected": "Is rejected.",
}


class UnknownKind(Refusal):
    """The file {file} says by no ending how to write it. End it in .xlsx, .csv or .vcf."""


class MappingWrong(Refusal):
    """“{text}” does not say which column is what. Write it as C=posts,D=organisation; - stands for not read."""


@command(guests, "import")
async def import_(
    desk: Desk,
    ceremony: CeremonyName,
    file: ListFile,
    *,
    encoding: Annotated[
        Literal["recognised", "tcvn3", "vni", "windows-1258", "unicode"] | None,
        typer.Option("--encoding", help="Of old Vietnamese texts; they are converted only where this says so."),
    ] = None,
    mapping: Annotated[
        list[str] | None, typer.Option("--mapping", help="What columns mean, as C=posts,D=organisation.")
    ] = None,
    answer: Annotated[
        list[str] | None, typer.Option("--answer", help="An answer to what was asked, as KEY=VALUE; may be repeated.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Answer what is open as suggested.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only tell what would change.")] = False,
    rejected: Annotated[
        Path | None,
        typer.Option("--rejected", metavar="XLSX", help="Write the rejected rows there, and import the others."),
    ] = None,
    remove_missing: Annotated[
        bool, typer.Option("--remove-missing", help="Take guests off the list whom no row names.")
    ] = False,
) -> Report:
    """Bring a list of guests from any spreadsheet into the guest list of a ceremony: all of it or nothing."""
    answers = dict(one.partition("=")[::2] for one in answer or ())
    if encoding:
        answers["encoding"] = encoding
    decided = Decided(answers=answers, only_here="removed" if remove_missing else "stay")
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        with desk.voice.doing("Reading {folder}", folder=file):
            listing = await lists.find(office, found.id, file.name, absolute(file), decided)
            if mapping:
                listing = await _mapped(office, found.id, file, listing, mapping)
        brought = await lists.check(office, found.id, listing)
        if check or not _goes(brought, yes=yes, rejected=rejected is not None):
            return _report(desk.voice, brought, done=False)
        terms = Terms(suggested=yes, without_rejected=rejected is not None)
        with desk.voice.doing("Importing the list"):
            done = await lists.commit(office, found.id, listing, terms)
    if rejected and brought.outcome and brought.outcome.rejected:
        content = lists.rejected_workbook(
            listing, brought.outcome, lambda text, params: desk.voice.say(text, **params)
        )
        Folder(rejected.parent).write(rejected.name, content)
    return _report(desk.voice, done, done=True)


async def _mapped(office: Office, ceremony_id: str, file: Path, listing: Listing, mapping: list[str]) -> Listing:
    """Once more, with the columns of the first table that is read as they were said."""
    table = listing.chosen[0] if listing.chosen else listing.tables[0] if listing.tables else None
    columns = {_number(letter): field for one in mapping for letter, field in _pairs(one)}
    decided = listing.decided.model_copy(update={"columns": {table.key if table else "": columns}})
    return await lists.find(office, ceremony_id, file.name, absolute(file), decided)


def _pairs(text: str) -> Iterable[tuple[str, str]]:
    for pair in text.split(","):
        letter, sign, field = (part.strip() for part in pair.partition("="))
        if not (sign and letter.isascii() and letter.isalpha()) or (field != "-" and field not in _fields()):
            raise MappingWrong(text=pair)
        yield letter, "" if field == "-" else field


def _fields() -> set[str]:
    return set(lists.list_words("guests").columns)


def _number(letters: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for sign in letters.upper():
        number = number * 26 + ord(sign) - 64
    return number


def _goes(brought: Brought, *, yes: bool, rejected: bool) -> bool:
    """Whether nothing stands in the way of bringing it in."""
    if brought.outcome is None or (brought.outcome.rejected and not rejected):
        return False
    return not [one for one in brought.open if not yes or one.key == "encoding"]


@command(guests, "take-back")
async def back(
    desk: Desk,
    ceremony: CeremonyName,
    event: Annotated[str, typer.Argument(metavar="EVENT", help="As the import told it.")],
) -> Report:
    """Take back an import, or what else was done to several guests; who was changed again since stays as he is."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        done = await office.do(take_back, TakeBack(ceremony_id=found.id, event_id=event))
    said = [Text(desk.voice.say("Taken back for {count} guests.", count=done.changed), style="green")]
    said += [Text(desk.voice.say(one.sentence, **one.params)) for one in done.left_out[:_SHOWN]]
    return Report(done.model_dump(mode="json"), said)


@command(guests, "export")
async def export(desk: Desk, ceremony: CeremonyName, file: ListFile) -> Report:
    """Write the guest list as xlsx, csv or vcf; an import reads it back without loss."""
    kind = file.suffix.lstrip(".").lower()
    if kind not in KINDS:
        raise UnknownKind(file=file.name)
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        everybody = await _everybody(office, found.id)
    content = await asyncio.to_thread(lists.exported, kind, everybody, desk.voice.language, found.code)
    written = Folder(absolute(file).parent).write(file.name, content)
    said = desk.voice.say("{count} guests are written: {file}", count=len(everybody), file=written.path)
    return Report({"file": str(written.path), "guests": len(everybody)}, [Text(said)])


async def _everybody(office: Office, ceremony_id: str) -> list[Guest]:
    found: list[Guest] = []
    after: str | None = None
    while True:
        page = await office.ask(list_guests, ListGuests(ceremony_id=ceremony_id, after=after, limit=1000), 30)
        found += page.guests
        if page.next is None:
            return found
        after = page.next


# Showing.


def _report(voice: Voice, brought: Brought, *, done: bool) -> Report:
    outcome = brought.outcome
    shown = [
        *_tables(voice, brought.listing),
        *_questions(voice, brought),
        *problem_table(voice, brought.listing.problems),
    ]
    if outcome:
        shown += [*_rows(voice, outcome), _counts(voice, outcome)]
    said, style, code = _end(brought, done=done)
    shown.append(Text(voice.say(said), style=style))
    if outcome and outcome.event_id:
        shown.append(
            Text(voice.say("To take it back: khaimac guests take-back CEREMONY {event}", event=outcome.event_id))
        )
    return Report(_data(brought), shown, code)


def _end(brought: Brought, *, done: bool) -> tuple[str, str, Code]:
    outcome = brought.outcome
    if done:
        return "The list is imported.", "green", Code.OK
    if outcome is None:
        return "No rows were found in this file.", "red", Code.REFUSED
    if outcome.rejected:
        return (
            "Some rows are rejected: correct them, or give --rejected FILE to import the others.",
            "red",
            Code.REFUSED,
        )
    if brought.open:
        return "Questions are open: answer them with --answer KEY=VALUE, or give --yes.", "red", Code.REFUSED
    return "Nothing stands in the way of this list; nothing was changed.", "green", Code.OK


def _data(brought: Brought) -> dict[str, object]:
    return {
        "tables": [_table_data(one, brought.listing) for one in brought.listing.tables],
        "questions": [one.model_dump(mode="json") for one in brought.listing.open],
        "problems": [one.model_dump(mode="json") for one in brought.listing.problems],
        "outcome": brought.outcome.model_dump(mode="json") if brought.outcome else None,
    }


def _table_data(one: lists.Listed, listing: Listing) -> dict[str, object]:
    columns = {column.number: column.field for column in one.table.columns}
    return {
        "key": one.key,
        "chosen": one in listing.chosen,
        "heads": one.table.heads,
        "columns": json.loads(json.dumps(columns)),
        "rows": len(one.body.entries),
        "groups": [label for _, label in one.body.groups],
    }


def _tables(voice: Voice, listing: Listing) -> list[RenderableType]:
    shown: list[RenderableType] = []
    called = lists.titles("guests", voice.language)
    for one in listing.chosen:
        table = voice.table("Column", "Heading", "Is read as", "Sure", right=(3,))
        for column in one.table.columns:
            meant = called.get(column.field or "", "") or (
                voice.say("Numbers of the rows") if column.field else UNKNOWN
            )
            sure = f"{column.confidence:.0%}" if column.field else ""
            table.add_row(*row(column.number, column.heading, meant, sure))
        rows = voice.say("{sheet}: rows {count}", sheet=one.key or listing.file, count=len(one.body.entries))
        shown += [Text(rows), table]
    if listing.conversions:
        table = voice.table("Place", "As it stands", "In Unicode", "Encoding")
        for sheet, cell in listing.conversions[:_SHOWN]:
            table.add_row(
                *row(f"{sheet.name or ''} {cell.row}:{cell.column}", cell.before, cell.after, cell.encoding)
            )
        shown.append(table)
    return shown


def _questions(voice: Voice, brought: Brought) -> list[RenderableType]:
    rows = brought.outcome.rows if brought.outcome else ()
    asked = {one.key: one for one in (*brought.listing.open, *(one for each in rows for one in each.asked))}
    if not asked:
        return []
    table = voice.table("Key", "Question", "Answers", "Answer")
    for one in list(asked.values())[:_SHOWN]:
        table.add_row(
            *row(one.key, voice.say(one.sentence, **one.params), _answers(voice, one), one.answer or UNKNOWN)
        )
    return [table]


def _answers(voice: Voice, one: Asked) -> str:
    return "\n".join(f"{each.value}: {voice.say(each.sentence, **each.params)}" for each in one.choices)


def _rows(voice: Voice, outcome: GuestImportOutcome) -> list[RenderableType]:
    telling = [one for one in outcome.rows if one.outcome in {"asked", "rejected", "updated"}]
    if not telling:
        return []
    table = voice.table("Outcome", "Line", "Name", "What")
    for one in telling[:_SHOWN]:
        table.add_row(*row(voice.say(_CALLED[one.outcome]), one.row, one.name, _what(voice, one)))
    return [table]


def _what(voice: Voice, one: RowOutcome) -> str:
    lines = [voice.say(each.sentence, **each.params) for each in one.problems]
    lines += [f"{each.field}: {each.before or UNKNOWN} → {each.after or UNKNOWN}" for each in one.changes]
    for each in one.like:
        reasons = " ".join(map(voice.say, each.reasons))
        lines.append(f"{each.name}, {each.posts} ({each.score:.0%}) {reasons}")
    return "\n".join(lines)


def _counts(voice: Voice, outcome: GuestImportOutcome) -> Text:
    names = ("created", "updated", "unchanged", "asked", "rejected", "left_out", "only_here", "removed")
    sentence = (
        "New: {created}. Changed: {updated}. As before: {unchanged}. Asked: {asked}. Rejected: {rejected}. "
        "Left out: {left_out}. Only on the list: {only_here}, of these removed: {removed}."
    )
    return Text(voice.say(sentence, **{name: getattr(outcome, name) for name in names}))

"""khaimac guests duplicates, two-people, merge, merge-back: guests who may be one person."""

from typing import Annotated, Any, get_args

import typer
from rich.console import RenderableType
from rich.text import Text

from schemas import answers, duplicates
from schemas.answers import TakeBack
from schemas.duplicates import (
    MERGE_FIELDS,
    ListDuplicates,
    MergeEffect,
    MergePeople,
    PreviewMerge,
    Taken,
    TellApart,
)
from schemas.errors import Refusal
from services.cli.desk import CeremonyName, Desk, Report, command
from services.cli.guests import GuestName, guests, the_guest
from services.cli.office import LONG
from services.cli.voice import Voice, row
from services.lang import UNKNOWN

OtherName = Annotated[str, typer.Argument(metavar="OTHER", help="Name or id of the other guest.")]


class TakeUnclear(Refusal):
    """“{text}” does not say what is taken of whom. Write FIELD=kept, FIELD=other or FIELD=both, where FIELD is one of
    {known}.
    """


@command(guests, "duplicates")
async def list_duplicates(
    desk: Desk,
    ceremony: CeremonyName,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="How many pairs are shown.")] = 20,
) -> Report:
    """Show guests who may be one person, with score and reasons."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        question = ListDuplicates(ceremony_id=found.id, limit=limit)
        told = await office.ask(duplicates.list_duplicates, question)
    say = desk.voice.say
    table = desk.voice.table("Score", "Guest", "Other guest", "Why", right=(0,))
    for one in told.pairs:
        names = (f"{each.address}\n{each.posts_text or UNKNOWN}\n{each.id}" for each in (one.guest, one.other))
        table.add_row(*row(f"{one.score:.0%}", *names, " ".join(say(reason) for reason in one.reasons)))
    words = say("{count} pairs may be one person each.", count=told.total)
    return Report(told.model_dump(mode="json"), [Text(words, style="bold"), *([table] if told.pairs else [])])


@command(guests, "two-people")
async def tell_apart(
    desk: Desk,
    ceremony: CeremonyName,
    guest: GuestName,
    other: OtherName,
    back: Annotated[bool, typer.Option("--back", help="That was a mistake: show them as duplicates again.")] = False,
) -> Report:
    """Say that two guests are two people; they are shown as duplicates no more."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        one, two = await the_guest(office, found, guest), await the_guest(office, found, other)
        said = TellApart(ceremony_id=found.id, guest_id=one.id, other_id=two.id, apart=not back)
        done = await office.do(duplicates.tell_apart, said)
    words = desk.voice.say("Noted.") if done.changed else desk.voice.say("That was noted already.")
    return Report(done.model_dump(mode="json"), [Text(words, style="green")])


@command(guests, "merge")
async def merge(  # noqa: PLR0917 - the options of a command
    desk: Desk,
    ceremony: CeremonyName,
    guest: GuestName,
    other: OtherName,
    take: Annotated[
        list[str] | None,
        typer.Option("--take", metavar="FIELD=WHOSE", help="Whose value stays: kept, other, both; may be repeated."),
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Show what it would do; change nothing.")] = False,
) -> Report:
    """Two guests are one person: the first stays, with what both had; the other is taken off the list."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        one, two = await the_guest(office, found, guest), await the_guest(office, found, other)
        about: dict[str, Any] = {"ceremony_id": found.id, "guest_id": one.id, "other_id": two.id}
        about["take"] = dict(_taken(each) for each in take or ())
        effect = await office.ask(duplicates.preview_merge, PreviewMerge(**about), LONG)
        shown = _effect(desk.voice, effect)
        if preview:
            return Report(effect.model_dump(mode="json"), shown)
        versions: dict[str, Any] = {"expected_version": one.version, "other_version": two.version}
        done = await office.do(duplicates.merge_people, MergePeople(**about, **versions))
    back = f"khaimac guests merge-back {found.code} {done.event_id}"
    words = desk.voice.say("Merged. To take it back: {command}", command=back)
    return Report(done.model_dump(mode="json"), [*shown, Text(words, style="green")])


def _taken(text: str) -> tuple[str, str]:
    field, _, whose = text.partition("=")
    if field not in MERGE_FIELDS or whose not in get_args(Taken):
        raise TakeUnclear(text=text, known=", ".join(MERGE_FIELDS))
    return field, whose


def _effect(voice: Voice, effect: MergeEffect) -> list[RenderableType]:
    table = voice.table("Field", "Stays", "Other", "Taken", "Conflict")
    for one in effect.fields:
        conflict = voice.say("yes") if one.conflict else ""
        table.add_row(*row(one.field, _plain(one.kept), _plain(one.other), one.taken, conflict))
    lines = [voice.say("Goes over: {title}", title=one.title or one.role) for one in effect.duties]
    if effect.freed:
        lines.append(voice.say("The seat {seat} becomes free.", seat=effect.freed))
    if effect.cancels:
        lines.append(voice.say("At the next release the invitation that was given out is cancelled."))
    return [table, *map(Text, lines)]


def _plain(value: Any) -> str:
    """A list one under the other; of a thing what it says."""
    if isinstance(value, list):
        return "\n".join(map(_plain, value))
    if isinstance(value, dict):
        return ", ".join(_plain(each) for each in value.values())
    return UNKNOWN if value is None else str(value)


@command(guests, "merge-back")
async def take_back(
    desk: Desk,
    ceremony: CeremonyName,
    event: Annotated[str, typer.Argument(metavar="EVENT", help="What merging answered.")],
) -> Report:
    """Undo a merge: both people are on the list again, as they were."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        done = await office.do(answers.take_back, TakeBack(ceremony_id=found.id, event_id=event))
    shown = [Text(desk.voice.say("Taken back for {count} guests.", count=done.changed), style="green")]
    shown += [Text(desk.voice.say(one.sentence, **one.params), style="yellow") for one in done.left_out]
    return Report(done.model_dump(mode="json"), shown)

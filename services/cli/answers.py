"""khaimac guests answers, answer, stand-in, stand-in-back, counts: what guests answer, and who comes for whom."""

from datetime import datetime
from typing import Annotated, Any, Literal

import typer
from rich.console import RenderableType
from rich.text import Text

from schemas import answers, stand_ins
from schemas import guests as people
from schemas.answers import STATES, CountKind, GetAnswer, GiveAnswers, HeadCountFields, KeepCount, State
from schemas.guests import Guest, ListGuests, PersonFields, Post, SummariseGuests
from schemas.stand_ins import PreviewStandIn, StandIn, StandInEffect, WithdrawStandIn
from services.cli.desk import CeremonyName, Desk, Report, command
from services.cli.guests import GuestName, guests, the_guest
from services.cli.office import LONG
from services.cli.voice import Voice, row
from services.lang import UNKNOWN

Way = Literal["desk", "phone", "mail", "link", "door"]
By = Annotated[Way, typer.Option("--by", help="Through what the answer came.")]
NoteText = Annotated[str | None, typer.Option("--note", help="Who told it, and what was said.")]
_PAGE = 1000


@command(guests, "answers")
async def list_answers(
    desk: Desk,
    ceremony: CeremonyName,
    state: Annotated[State | None, typer.Option("--state", help="Only the guests at this state.")] = None,
) -> Report:
    """Show what the guests answered, and how many are at which state."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        question = ListGuests(ceremony_id=found.id, state=state, limit=_PAGE)
        listed = [*(page := await office.ask(people.list_guests, question)).guests]
        while page.next:
            page = await office.ask(people.list_guests, question.model_copy(update={"after": page.next}))
            listed += page.guests
        summary = await office.ask(people.summary, SummariseGuests(ceremony_id=found.id))
    data = {
        "states": summary.states,
        "guests": [{"id": one.id, "name": one.address, "state": one.state} for one in listed],
    }
    return Report(data, [_answers(desk.voice, listed), _sums(summary.states)])


def _answers(voice: Voice, listed: list[Guest]) -> RenderableType:
    table = voice.table("No.", "Guest", "Answer", right=(0,))
    for one in listed:
        table.add_row(*row(one.position or UNKNOWN, one.address, one.state))
    return table


def _sums(states: dict[Any, int]) -> Text:
    return Text(" · ".join(f"{state}: {states[state]}" for state in STATES if states.get(state)))


@command(guests, "answer")
async def answer(  # noqa: PLR0917 - the options of a command
    desk: Desk,
    ceremony: CeremonyName,
    guest: GuestName,
    state: Annotated[State | None, typer.Argument(help="What was answered; without it, shows it.")] = None,
    by: By = "phone",
    note: NoteText = None,
) -> Report:
    """Set what a guest answered, or show it with its history."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        one = await the_guest(office, found, guest)
        if state:
            about: dict[str, Any] = {"ceremony_id": found.id, "guest_ids": (one.id,), "note": note}
            await office.do(answers.give_answers, GiveAnswers(state=state, through=by, **about))
        told = await office.ask(answers.get_answer, GetAnswer(ceremony_id=found.id, guest_id=one.id))
    table = desk.voice.table("When", "Answer", "Through", "Note")
    for entry in told.history:
        when = f"{entry.at.astimezone():%Y-%m-%d %H:%M}"
        table.add_row(*row(when, entry.state, entry.through, entry.note or ""))
    head = desk.voice.say("{who}: {state}", who=one.address, state=told.state)
    return Report(told.model_dump(mode="json"), [Text(head, style="bold"), table])


@command(guests, "stand-in")
async def stand_in(  # noqa: PLR0917 - the options of a command
    desk: Desk,
    ceremony: CeremonyName,
    guest: GuestName,
    who: Annotated[str, typer.Argument(metavar="WHO", help="Name or id of a guest of the list; with --new, a name.")],
    new: Annotated[bool, typer.Option("--new", help="Somebody who is not on the list yet.")] = False,
    post: Annotated[str | None, typer.Option("--post", help="Post of somebody new.")] = None,
    email: Annotated[str | None, typer.Option("--email", help="E-mail address of somebody new.")] = None,
    interim: Annotated[bool, typer.Option("--interim", help="Holds the office for the time being.")] = False,
    leave_duties: Annotated[bool, typer.Option("--leave-duties", help="Speeches and awards do not go over.")] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Show what it would do; change nothing.")] = False,
    by: By = "phone",
    note: NoteText = None,
) -> Report:
    """Somebody comes for a guest: order, duties, papers and invitations follow."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        one = await the_guest(office, found, guest)
        person = PersonFields(name=who, email=email, posts=(Post(title=post),) if post else ())
        said: dict[str, Any] = {"interim": interim, "duties": "leave" if leave_duties else "move"}
        said |= {"person": person} if new else {"stand_in_id": (await the_guest(office, found, who)).id}
        question = PreviewStandIn(ceremony_id=found.id, guest_id=one.id, **said)
        effect = await office.ask(stand_ins.preview_stand_in, question, LONG)
        shown = _effect(desk.voice, effect)
        if preview:
            return Report(effect.model_dump(mode="json"), shown)
        about: dict[str, Any] = {"ceremony_id": found.id, "guest_id": one.id, "expected_version": one.version}
        done = await office.do(stand_ins.stand_in, StandIn(**about, **said, through=by, note=note))
    words = desk.voice.say("Done. Release again, and the invitations follow.")
    return Report(done.model_dump(mode="json"), [*shown, Text(words, style="green")])


def _effect(voice: Voice, effect: StandInEffect) -> list[RenderableType]:
    table = voice.table("Guest", "Now", "Then", right=(1, 2))
    for one in effect.places:
        table.add_row(*row(one.name, one.before or UNKNOWN, one.after or UNKNOWN))
    lines = [voice.say("Goes over: {title}", title=one.title or one.role) for one in effect.duties]
    lines.append(voice.say("Papers that change: {papers}.", papers=", ".join(effect.papers)))
    if effect.cancels:
        lines.append(voice.say("At the next release the invitation that was given out is cancelled."))
    return [table, *map(Text, lines)]


@command(guests, "stand-in-back")
async def take_back(desk: Desk, ceremony: CeremonyName, guest: GuestName) -> Report:
    """The one who was to come for a guest does not; everything goes back."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        one = await the_guest(office, found, guest)
        command_ = WithdrawStandIn(ceremony_id=found.id, guest_id=one.id)
        done = await office.do(stand_ins.withdraw_stand_in, command_)
    words = desk.voice.say("Nobody comes for {who} any more.", who=one.address)
    return Report(done.model_dump(mode="json"), [Text(words, style="green")])


@command(guests, "counts")
async def counts(  # noqa: PLR0917 - the options of a command
    desk: Desk,
    ceremony: CeremonyName,
    group: Annotated[str, typer.Argument(metavar="GROUP", help="Label of the group, or the id.")],
    add: Annotated[int | None, typer.Option("--add", min=0, help="One more number, beside the others.")] = None,
    kind: Annotated[CountKind, typer.Option("--kind", help="What kind of number it is.")] = "actual",
    as_of: Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Its day.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="Who says so.")] = None,
) -> Report:
    """Show the head counts of a group and which of them prints, or keep one more."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        one = await the_guest(office, found, group)
        if add is not None:
            day = as_of.date() if as_of else None
            fields = HeadCountFields(count=add, kind=kind, as_of=day, source=source)
            await office.do(answers.keep_count, KeepCount(ceremony_id=found.id, guest_id=one.id, count=fields))
        told = await office.ask(answers.get_answer, GetAnswer(ceremony_id=found.id, guest_id=one.id))
    table = desk.voice.table("People", "Kind of count", "Day", "Source", "Prints", right=(0,))
    for each in told.counts:
        mark = desk.voice.say("yes") if each.prints else ""
        table.add_row(*row(each.count, each.kind, each.as_of or UNKNOWN, each.source or UNKNOWN, mark))
    return Report([each.model_dump(mode="json") for each in told.counts], [table])

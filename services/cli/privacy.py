"""khaimac guests held, erase, erasures, keep: what is held of a person, its erasure, and how long it is kept."""

from collections import Counter
from datetime import datetime
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from schemas import privacy
from schemas.envelope import Versioned
from schemas.errors import Refusal
from schemas.privacy import (
    ErasePerson,
    Erasure,
    GetRetention,
    HeldOf,
    HeldOfGuest,
    KeepFor,
    Keeping,
    ListErasures,
    ListRetentions,
    Retention,
)
from schemas.scheduling import Ceremony
from services.cli.desk import CeremonyName, Desk, Report, command
from services.cli.guests import GuestName, NobodyFound, guests, the_guest
from services.cli.office import LONG, Office
from services.cli.voice import Voice, row
from services.lang import UNKNOWN

_ID = 36  # characters
_AFTER, _UNTIL = "Days after the ceremony.", "The last day on which they are kept."


class TwoWays(Refusal):
    """Say the last day or the days after the ceremony, not both."""


@command(guests, "held")
async def held(desk: Desk, ceremony: CeremonyName, guest: GuestName) -> Report:
    """Show all that is held of the person that a guest is; with --json whole, to hand over."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        question = HeldOf(ceremony_id=found.id, guest_id=await _id_of(office, found, guest))
        told = await office.ask(privacy.held, question, LONG)
    shown = [each for one in told.guests for each in _holdings(desk.voice, one)]
    return Report(told.model_dump(mode="json"), shown)


async def _id_of(office: Office, ceremony: Ceremony, who: str) -> str:
    """Who is on the list no more is found by his id alone."""
    try:
        return (await the_guest(office, ceremony, who)).id
    except NobodyFound:
        if len(who) != _ID:
            raise
        return who


def _holdings(voice: Voice, one: HeldOfGuest) -> list[RenderableType]:
    table = voice.table("Where", "Things", "Erased", right=(1,))
    for (place, stays), count in sorted(Counter((each.place, each.stays or "") for each in one.things).items()):
        table.add_row(*row(place, count, _fate(voice, stays)))
    lines = [voice.say("{who}, ceremony {ceremony}", who=one.called or one.guest_id, ceremony=one.ceremony_id)]
    below = list[str]()
    if one.silent:
        names = ", ".join(one.silent)
        below.append(voice.say("These services did not answer, what they hold is missing: {names}.", names=names))
    if one.shared_words:
        below.append(voice.say("Another guest bears the same name, address or number: texts with it are left alone."))
    if one.invited:
        below.append(voice.say("Was given an invitation that was not cancelled."))
    return [*(Text(each, style="bold") for each in lines), table, *(Text(each, style="yellow") for each in below)]


def _fate(voice: Voice, stays: str) -> str:
    if stays == "release":
        return voice.say("stays in papers of releases")
    return voice.say("stays: names nobody") if stays else voice.say("yes")


@command(guests, "erase")
async def erase(  # noqa: PLR0917 - the options of a command
    desk: Desk,
    ceremony: CeremonyName,
    guest: GuestName,
    reason: Annotated[str, typer.Option("--reason", help="Why, such as the request of the person.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without it only shows what goes.")] = False,
    invited_too: Annotated[
        bool, typer.Option("--invited-too", help="Also with an invitation not cancelled.")
    ] = False,
) -> Report:
    """Erase for good all that is held of the person that a guest is. There is no way back."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        guest_id = await _id_of(office, found, guest)
        if not yes:
            told = await office.ask(privacy.held, HeldOf(ceremony_id=found.id, guest_id=guest_id), LONG)
            shown = [each for one in told.guests for each in _holdings(desk.voice, one)]
            words = desk.voice.say("Nothing is erased yet. With --yes it is, and there is no way back.")
            return Report(told.model_dump(mode="json"), [*shown, Text(words, style="bold")])
        about = ErasePerson(ceremony_id=found.id, guest_id=guest_id, reason=reason, invited_too=invited_too)
        done = await office.do(privacy.erase_person, about, LONG)
    return Report(done.model_dump(mode="json"), [_erased(desk.voice, done.erasures)])


@command(guests, "erasures")
async def erasures(desk: Desk) -> Report:
    """List who was erased, and which services still have to."""
    async with desk.office() as office:
        found = await office.ask(privacy.list_erasures, ListErasures(limit=1000))
    return Report(found.model_dump(mode="json"), [_erased(desk.voice, found.erasures)])


def _erased(voice: Voice, listed: tuple[Erasure, ...]) -> RenderableType:
    table = voice.table("When", "Guest", "Reason", "Erased in", "Pending in")
    for one in listed:
        when = f"{one.at.astimezone():%Y-%m-%d %H:%M}"
        table.add_row(*row(when, one.guest_id, one.reason, ", ".join(one.done), ", ".join(one.pending)))
    return table


@command(guests, "keep")
async def keep(  # noqa: PLR0917 - the options of a command
    desk: Desk,
    ceremony: Annotated[str | None, typer.Argument(metavar="CEREMONY", help="Code or id; none: shows all.")] = None,
    contacts_days: Annotated[int | None, typer.Option(min=0, help=_AFTER)] = None,
    contacts_until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help=_UNTIL)] = None,
    papers_days: Annotated[int | None, typer.Option(min=0, help=_AFTER)] = None,
    papers_until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help=_UNTIL)] = None,
    default: Annotated[bool, typer.Option("--default", help="As the installation does.")] = False,
) -> Report:
    """Show how long contact data and papers are kept, or say so for a ceremony."""
    if None not in {contacts_days, contacts_until} or None not in {papers_days, papers_until}:
        raise TwoWays
    keeping = Keeping(
        contacts_days=contacts_days,
        contacts_until=contacts_until.date() if contacts_until else None,
        papers_days=papers_days,
        papers_until=papers_until.date() if papers_until else None,
    )
    async with desk.office() as office:
        if ceremony is None:
            told = await office.ask(privacy.list_retentions, ListRetentions(), LONG)
            return Report(told.model_dump(mode="json"), [_kept(desk.voice, told.retentions)])
        found = await office.ceremony(ceremony)
        now = await office.ask(privacy.get_retention, GetRetention(ceremony_id=found.id))
        if default or keeping != Keeping():
            await _say(office, now, None if default else keeping)
            now = await office.ask(privacy.get_retention, GetRetention(ceremony_id=found.id))
    return Report(now.model_dump(mode="json"), [_kept(desk.voice, (now,))])


async def _say(office: Office, now: Retention, keeping: Keeping | None) -> Versioned:
    about = KeepFor(ceremony_id=now.ceremony_id, expected_version=now.version, keeping=keeping)
    return await office.do(privacy.keep_for, about)


def _kept(voice: Voice, listed: tuple[Retention, ...]) -> RenderableType:
    table = voice.table("Ceremony", "Guests with contact data", "Erased on", "Papers erased on", right=(1,))
    for one in listed:
        table.add_row(*row(one.ceremony_id, one.contacts, one.contacts_due or UNKNOWN, one.papers_due or UNKNOWN))
    return table

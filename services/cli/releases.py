"""khaimac release, list, show: ceremonies and what was frozen of them."""

from datetime import date, time
from typing import Annotated

import typer
from babel.dates import format_date, format_time
from rich.console import RenderableType
from rich.text import Text

from schemas import awards, guests, scheduling
from schemas.awards import ListLines
from schemas.guests import ListGuests
from schemas.scheduling import Ceremony, GetPart, Item, ListReleases, ReleaseCeremony, Released, Releases
from services.cli.audit import head_line
from services.cli.desk import CeremonyName, Desk, Report, command
from services.cli.office import Office
from services.cli.voice import Voice, row
from services.lang import UNKNOWN


def settle(app: typer.Typer) -> None:
    command(app, "release")(release)
    command(app, "list")(list_)
    command(app, "show")(show)


async def release(
    desk: Desk,
    ceremony: CeremonyName,
    note: Annotated[str | None, typer.Option("--note", help="Why, for the list of releases.")] = None,
) -> Report:
    """Freeze a ceremony as it stands: its documents are printed and its invitations prepared."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        with desk.voice.doing("Releasing {ceremony}", ceremony=found.code):
            released = await release_ceremony(office, found, note)
    done = desk.voice.say("{ceremony} is released: release {release}.", ceremony=found.code, release=released.release)
    then = desk.voice.say("Then: khaimac documents {ceremony} --out DIR", ceremony=found.code)
    sealed = head_line(desk.voice, released.audit_head)
    return Report(released.model_dump(mode="json"), [Text(done, style="green"), sealed, Text(then)])


async def release_ceremony(office: Office, ceremony: Ceremony, note: str | None = None) -> Released:
    return await office.do(scheduling.release_ceremony, ReleaseCeremony(ceremony_id=ceremony.id, note=note))


async def list_(desk: Desk) -> Report:
    """List the ceremonies."""
    async with desk.office() as office:
        found = await office.ceremonies()
    data = [one.model_dump(mode="json") for one in found]
    if not found:
        nothing = desk.voice.say("There is no ceremony yet. Begin with: khaimac init DIR")
        return Report(data, [Text(nothing)])
    return Report(data, [_ceremonies(desk.voice, found)])


def _ceremonies(voice: Voice, found: list[Ceremony]) -> RenderableType:
    table = voice.table("Code", "Title", "Day", "Start", "Release", "State", right=(4,))
    for one in found:
        when = day(one.on, voice.language), hour(one.start, voice.language)
        table.add_row(*row(one.code, one.title, *when, one.release or UNKNOWN, state(voice, one)))
    return table


def state(voice: Voice, ceremony: Ceremony) -> str:
    """Of scheduling's own part: whether the guests or awards changed since a release, it cannot know."""
    if ceremony.under_way:
        return voice.say("under way: {work}", work=ceremony.under_way)
    if ceremony.cancelled:
        return voice.say("cancelled")
    return voice.say("released") if ceremony.release else voice.say("draft")


def day(on: date | None, language: str) -> str:
    return str(format_date(on, "medium", language)) if on else UNKNOWN


def hour(at: time | None, language: str) -> str:
    return str(format_time(at, "HH:mm", locale=language)) if at else UNKNOWN


async def show(desk: Desk, ceremony: CeremonyName) -> Report:
    """Show a ceremony as it stands: its running order, how many guests and awards, its releases."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        part = await office.ask(scheduling.get_part, GetPart(ceremony_id=found.id))
        listed = await office.ask(guests.list_guests, ListGuests(ceremony_id=found.id, limit=1))
        lines = await office.ask(awards.list_lines, ListLines(ceremony_id=found.id, limit=1))
        released = await office.ask(scheduling.list_releases, ListReleases(ceremony_id=found.id))
    counts = {"guests": listed.total, "award_lines": lines.total}
    data = part.model_dump(mode="json") | counts | released.model_dump(mode="json")
    shown = [_facts(desk.voice, found, counts), _order(desk.voice, part.items), *_releases(desk.voice, released)]
    return Report(data, shown)


def _facts(voice: Voice, ceremony: Ceremony, counts: dict[str, int]) -> RenderableType:
    place = ", ".join(part for part in (ceremony.venue.name, ceremony.venue.unit) if part)
    hours = f"{hour(ceremony.start, voice.language)} – {hour(ceremony.end, voice.language)}"
    facts = (
        (voice.say("Title"), ceremony.title),
        (voice.say("Code"), ceremony.code),
        (voice.say("Host"), ceremony.host or UNKNOWN),
        (voice.say("Venue"), place or UNKNOWN),
        (voice.say("Day"), day(ceremony.on, voice.language)),
        (voice.say("Hours"), hours),
        (voice.say("Guests"), counts["guests"]),
        (voice.say("Award lines"), counts["award_lines"]),
        (voice.say("State"), state(voice, ceremony)),
    )
    table = voice.table("", "")
    table.show_header = False
    for name, value in facts:
        table.add_row(*row(name, value))
    return table


def _order(voice: Voice, items: tuple[Item, ...]) -> RenderableType:
    table = voice.table("No.", "Start", "Minutes", "Item", "Roles", right=(0, 2))
    for item in items:
        minutes = UNKNOWN if item.minutes is None else item.minutes
        roles = "; ".join(role.text for role in item.roles)
        table.add_row(*row(item.position or UNKNOWN, hour(item.start, voice.language), minutes, item.title, roles))
    return table


def _releases(voice: Voice, found: Releases) -> list[RenderableType]:
    if not found.releases:
        return []
    table = voice.table("Release", "At", "Note", right=(0,))
    for one in found.releases:
        table.add_row(*row(one.release, f"{one.at.astimezone():%Y-%m-%d %H:%M}", one.note or ""))
    return [table]

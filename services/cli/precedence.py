"""khaimac guests order, place, return, unranked, rank, courtesies: the order of precedence and why."""

from collections.abc import Iterable
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from schemas import precedence
from schemas.precedence import (
    Courtesies,
    ExplainOrder,
    GetCourtesies,
    InTurn,
    Near,
    PlaceGuest,
    Position,
    Positions,
    RankGuest,
    Reason,
    ReturnGuest,
    Said,
    SettleTitle,
    Unranked,
    UnrankedTitles,
)
from schemas.scheduling import Ceremony
from services.cli.desk import CeremonyName, Desk, Report, command
from services.cli.guests import GuestName, guests, the_guest
from services.cli.office import Office
from services.cli.voice import Voice, row
from services.lang import UNKNOWN

_PAGE = 1000


def _say(words: Said, voice: Voice) -> str:
    return words.vi if voice.language == "vi" else words.en


# The order.


@command(guests, "order")
async def order(
    desk: Desk,
    ceremony: CeremonyName,
    filter_: Annotated[str | None, typer.Option("--filter", help="Only who is found by these words.")] = None,
    by_hand: Annotated[bool, typer.Option("--by-hand", help="Only who was placed by hand.")] = False,
) -> Report:
    """Show the order of precedence, and what decided each place."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        told = await _positions(office, found, filter_, by_hand=by_hand)
    shown = [_head(desk.voice, told), _order_table(desk.voice, told.positions), *_warning(desk.voice, told, found)]
    return Report(told.model_dump(mode="json"), shown)


async def _positions(office: Office, ceremony: Ceremony, typed: str | None, *, by_hand: bool) -> Positions:
    """All pages as one."""
    wanted = ExplainOrder(ceremony_id=ceremony.id, filter=typed, only="by_hand" if by_hand else None, limit=_PAGE)
    page = await office.ask(precedence.explain, wanted, 60)
    positions = [*page.positions]
    while page.next:
        page = await office.ask(precedence.explain, wanted.model_copy(update={"after": page.next}), 60)
        positions += page.positions
    return page.model_copy(update={"positions": tuple(positions), "next": None})


def _head(voice: Voice, told: Positions) -> Text:
    rules = told.rules
    words = voice.say("By {profile} ({key}).", profile=_say(rules.label, voice), key=rules.key)
    return Text(f"{words} {voice.say('It is a recommendation.')}" if rules.advisory else words)


def _order_table(voice: Voice, positions: Iterable[Position]) -> RenderableType:
    table = voice.table("No.", "Guest", "Posts", "Counts as", "Why here", right=(0,))
    for one in positions:
        counts = _say(one.standing.words, voice) if one.standing else UNKNOWN
        table.add_row(*row(one.position or UNKNOWN, one.address, one.posts_text, counts, _why(voice, one)))
    return table


def _why(voice: Voice, one: Position) -> str:
    """Against the one below where that is told, for it says why he stands so high; else what put him there."""
    hand = one.by_hand
    if hand and hand.holds:
        return voice.say("by hand: {reason} ({who})", reason=hand.reason, who=hand.by_name or UNKNOWN)
    if one.before:
        return _before(voice, one.before)
    words = _say(one.why.words, voice)
    return voice.say("after {who}: {why}", who=one.why.who, why=words) if one.why.who else words


def _before(voice: Voice, below: Reason) -> str:
    return voice.say("before {who}: {why}", who=below.who or UNKNOWN, why=_say(below.words, voice))


def _warning(voice: Voice, told: Positions, ceremony: Ceremony) -> list[Text]:
    if not told.needs_ranking:
        return []
    sentence = "{count} need ranking: khaimac guests unranked {ceremony}"
    return [Text(voice.say(sentence, count=told.needs_ranking, ceremony=ceremony.code), style="yellow")]


# By hand.


@command(guests, "place")
async def place(
    desk: Desk,
    ceremony: CeremonyName,
    guest: GuestName,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is shown with the place.")],
    before: Annotated[str | None, typer.Option("--before", help="Who is to follow; without it: at the end.")] = None,
) -> Report:
    """Place a guest by hand, whatever the rules say."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        moved = (await the_guest(office, found, guest)).id
        follows = (await the_guest(office, found, before)).id if before else None
        wanted = PlaceGuest(ceremony_id=found.id, guest_id=moved, before=follows, reason=reason)
        done = await office.do(precedence.place_guest, wanted)
    return Report(done.model_dump(), [Text(desk.voice.say("Placed by hand."), style="green")])


@command(guests, "return")
async def return_(desk: Desk, ceremony: CeremonyName, guest: GuestName) -> Report:
    """Put a guest back where the rules have him."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        moved = (await the_guest(office, found, guest)).id
        done = await office.do(precedence.return_guest, ReturnGuest(ceremony_id=found.id, guest_id=moved))
    return Report(done.model_dump(), [Text(desk.voice.say("The rules decide on the place again."), style="green")])


# What needs ranking.


@command(guests, "unranked")
async def unranked(desk: Desk, ceremony: CeremonyName) -> Report:
    """List the titles that the profile does not know, with those that they resemble."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        told = await office.ask(precedence.unranked, UnrankedTitles(ceremony_id=found.id))
    return Report(told.model_dump(mode="json"), _unranked(desk.voice, told, found))


def _unranked(voice: Voice, told: Unranked, ceremony: Ceremony) -> list[RenderableType]:
    if not told.titles and not told.without_post:
        return [Text(voice.say("Everybody has a place."), style="green")]
    table = voice.table("Title", "Organisation", "Guests", "Resembles", right=(2,))
    for one in told.titles:
        near = "; ".join(_near(voice, each) for each in one.near)
        table.add_row(*row(one.title, one.organisation or "", one.count, near or UNKNOWN))
    lost = [Text(voice.say("Without any post: {who}", who=one.address)) for one in told.without_post]
    then = voice.say("Then: khaimac guests rank {ceremony} TITLE --as LEVEL/BLOC/CLASS", ceremony=ceremony.code)
    return [table, *lost, Text(then)]


def _near(voice: Voice, near: Near) -> str:
    return f"{_say(near.words, voice)} ({near.level or '?'}/{near.bloc}/{near.cls})"


@command(guests, "rank")
async def rank(
    desk: Desk,
    ceremony: CeremonyName,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="The title as it is written.")],
    as_: Annotated[str, typer.Option("--as", metavar="LEVEL/BLOC/CLASS", help="Codes of the protocol profile.")],
    guest: Annotated[str | None, typer.Option("--guest", help="Only for this guest, not for the office.")] = None,
) -> Report:
    """Say what a title counts as: for the whole office, or for one guest."""
    level, bloc, cls = (*(part.strip() for part in as_.split("/")), "", "", "")[:3]
    codes = {"level": level, "bloc": bloc, "cls": cls}
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        if guest is None:
            wanted = SettleTitle(profile=found.profile, title=title, **codes)
            done = await office.do(precedence.settle_title, wanted)
        else:
            now = await the_guest(office, found, guest)
            about = {"ceremony_id": found.id, "guest_id": now.id, "expected_version": now.version, "title": title}
            done = await office.do(precedence.rank_guest, RankGuest.model_validate({**about, **codes}))
    return Report(done.model_dump(), [Text(desk.voice.say("Noted."), style="green")])


# What follows from the order.


@command(guests, "courtesies")
async def courtesies(desk: Desk, ceremony: CeremonyName) -> Report:
    """Show how speeches open, who is introduced how, who speaks when and who arrives when."""
    async with desk.office() as office:
        found = await office.ceremony(ceremony)
        told = await office.ask(precedence.courtesies, GetCourtesies(ceremony_id=found.id), 30)
    return Report(told.model_dump(mode="json"), _courtesies(desk.voice, told))


def _courtesies(voice: Voice, told: Courtesies) -> list[RenderableType]:
    spoken = [f"{number}. {one.guest.address}" for number, one in enumerate(told.speeches, 1)]
    arriving = [f"{number}. {one.address}" for number, one in enumerate(told.arrivals, 1)]
    return [
        *_block(voice.say("Salutation"), told.salutation),
        *_block(voice.say("Introductions"), [_introduced(voice, one) for one in told.introductions]),
        *_block(voice.say("Speeches"), spoken),
        *_block(voice.say("Arrivals"), arriving),
    ]


def _block(head: str, lines: Iterable[str]) -> list[RenderableType]:
    return [Text(head, style="bold"), *(Text(f"  {line}") for line in lines)]


def _introduced(voice: Voice, told: precedence.Introduced) -> str:
    names = "; ".join(_called(one) for one in told.guests)
    return f"{_say(told.words, voice)}: {names}" if told.words else names


def _called(one: InTurn) -> str:
    return ", ".join(text for text in (one.address, one.posts_text) if text)

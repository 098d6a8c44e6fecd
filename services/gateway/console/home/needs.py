"""What waits for me: in a sentence each, with the page where it is done. And how far the next ceremonies are."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request, Response

from schemas import house
from schemas.house import ListParked
from schemas.scheduling import Ceremony
from services.gateway.asking import TheBus, TheSettings
from services.gateway.console.ceremony.open_points import open_points
from services.gateway.console.frame import show, words_of
from services.gateway.console.glance import Glance, glance, said
from services.gateway.console.home.coming import Coming, my_ceremonies
from services.gateway.console.wording import Wording
from services.kit.bus import Bus
from services.kit.context import may

router = APIRouter(include_in_schema=False)
_LOOKED_AT = 8  # of the ceremonies ahead: more would make the page slow, and later ones can wait
_SOON = 14  # days


@dataclass(frozen=True, slots=True)
class Need:
    """`kind`: bad where something failed, warn where time runs out, info for what can wait."""

    kind: str
    words: str
    address: str
    ceremony: Ceremony | None = None


@router.get("/home/needs")
async def needs(request: Request, bus: TheBus, settings: TheSettings) -> Response:
    words = words_of(request)
    ahead, _ = await my_ceremonies(bus, settings.now(), words)
    looked = ahead[:_LOOKED_AT]
    glances, parked = await asyncio.gather(
        asyncio.gather(*(glance(bus, one.ceremony, whole=_is_soon(one)) for one in looked)),
        _parked(bus),
    )
    found = [need for one, seen in zip(looked, glances, strict=True) for need in _of(one, seen, words)]
    if parked:
        sentence = words.say("Work that failed and waits to be tried again: {count}", count=words.number(parked))
        found.insert(0, Need("bad", sentence, "/administration/parked"))
    return await show(request, "home/needs.html", block="inside", here="home", needs=found, glances=glances)


def _is_soon(one: Coming) -> bool:
    return one.days is not None and one.days <= _SOON


async def _parked(bus: Bus) -> int:
    if not may("parked.see"):
        return 0
    answers = await asyncio.gather(*(said(bus, house.list_parked[name], ListParked()) for name in house.SERVICES))
    return sum(len(one.parked) for one in answers if one)


def _of(one: Coming, seen: Glance, words: Wording) -> Iterator[Need]:
    it = one.ceremony
    at, soon = f"/ceremonies/{it.code}", _is_soon(one)
    if it.under_way == "import":
        yield Need("info", words.say("An import is under way"), at, it)
    if it.under_way == "release":
        yield Need("info", words.say("A release is under way"), at, it)
    if seen.failed and may("documents.see", it.id):
        sentence = words.say("Documents that could not be made: {count}", count=words.number(seen.failed))
        yield Need("bad", sentence, f"{at}/documents", it)
    if soon and may("release.make", it.id):
        yield from _of_release(it, at, words)
    if soon and may("ceremony.change", it.id):
        yield from _of_unknowns(seen, at, words)
    if seen.guests and may("guests.change", it.id):
        yield from _of_guests(seen, at, words, soon=soon)


def _of_release(it: Ceremony, at: str, words: Wording) -> Iterator[Need]:
    if not it.release:
        yield Need("warn", words.say("Nothing has been released yet"), at, it)
    elif it.released_version is not None and it.version > it.released_version:
        sentence = words.say("Changed since release {number}: what was given out does not show it", number=it.release)
        yield Need("warn", sentence, at, it)


def _of_unknowns(seen: Glance, at: str, words: Wording) -> Iterator[Need]:
    """Those of the guest list stand for themselves: somebody else may see to them."""
    if points := open_points(replace(seen, guests=None), words):
        sentence = words.say("Still open: {count}", count=words.number(len(points)))
        yield Need("warn", sentence, f"{at}#open", seen.ceremony)


def _of_guests(seen: Glance, at: str, words: Wording, *, soon: bool) -> Iterator[Need]:
    summary = seen.guests
    if summary is None:
        return
    if summary.needs_ranking:
        count = words.number(summary.needs_ranking)
        sentence = words.say("Guests without a place in the order of precedence: {count}", count=count)
        yield Need("warn", sentence, f"{at}/guests?which=unranked", seen.ceremony)
    if summary.without_address:
        count = words.number(summary.without_address)
        sentence = words.say("Guests without an e-mail address, who get no invitation by mail: {count}", count=count)
        yield Need("warn" if soon else "info", sentence, f"{at}/guests?which=unreachable", seen.ceremony)

"""How the draft differs from the last release, in short: of the plan, the guests and the awards."""

import asyncio
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from schemas.differences import CompareRelease, Difference, Differences, compare_awards, compare_guests, compare_order
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.fields import Fields, profile_of
from services.gateway.console.frame import show, words_of
from services.gateway.console.glance import said
from services.gateway.console.history.changes import Changes
from services.kit.context import may

router = APIRouter(include_in_schema=False)
_MOST = 6  # of each kind of difference in each part: the whole stands in the history


@dataclass(frozen=True, slots=True)
class Part:
    """`kind`: what the history calls it."""

    words: str
    kind: str
    changes: Changes


@router.get("/ceremonies/{ceremony}/differences")
async def differences(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
    which, words = CompareRelease(ceremony_id=ceremony.id), words_of(request)
    order, guests, awards = await asyncio.gather(
        bus.ask(compare_order, which),
        said(bus, compare_guests, which, allowed=may("guests.see", ceremony.id)),
        said(bus, compare_awards, which, allowed=may("awards.see", ceremony.id)),
    )
    found = (
        (words.say("Ceremony and running order"), "plan", order),
        (words.say("Guests"), "guests", guests),
        (words.say("Awards"), "awards", awards),
    )
    fields = Fields(words, profile_of(ceremony))
    parts = [Part(name, kind, _changes(part, fields)) for name, kind, part in found if part and part.differences]
    return await show(
        request,
        "ceremony/differences.html",
        block="inside",
        ceremony=ceremony,
        here="overview",
        release=order.release,
        parts=parts,
    )


def _changes(part: Differences, fields: Fields) -> Changes:
    """As the history shows what an entry changed."""
    new = tuple(one.label for one in part.differences if one.what == "created")
    gone = tuple(one.label for one in part.differences if one.what == "removed")
    rows = tuple(row for one in part.differences for row in _rows(one, fields))
    return Changes(new, gone, rows).cut(_MOST)


def _rows(one: Difference, fields: Fields) -> list[tuple[str, str, str]]:
    """The fields of the ceremony itself need not say whose they are."""
    whose = "" if one.kind == "ceremony" else f"{one.label}: "
    return [
        (
            f"{whose}{fields.label(field.name)}",
            fields.value(field.name, field.before),
            fields.value(field.name, field.after),
        )
        for field in one.fields
    ]

"""What Ctrl+K finds: ceremonies, people, items, documents, commands. Nothing typed: what is needed most."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from schemas import guests, program, scheduling
from schemas.guests import FoundGuest, SearchGuests
from schemas.program import Document, ListDocuments
from schemas.scheduling import Ceremony, GetPart, Item
from services.gateway.asking import TheBus, TheSettings
from services.gateway.console.fields import plain
from services.gateway.console.frame import show, words_of
from services.gateway.console.glance import said
from services.gateway.console.home.coming import Coming, my_ceremonies
from services.gateway.console.palette.commands import Entry, commands
from services.gateway.console.palette.matching import best
from services.kit.bus import Bus
from services.kit.context import caller, may

router = APIRouter(include_in_schema=False)
_EACH = 6  # lines of a group
_PEOPLE = 8
_COUNTED = 60  # days
_NEAR = 3  # ceremonies whose items and documents are looked through where none is open


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    entries: list[Entry]


@router.get("/palette")
async def palette(
    request: Request,
    bus: TheBus,
    settings: TheSettings,
    q: Annotated[str, Query(max_length=200)] = "",
    ceremony: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    words = words_of(request)
    ahead, over = await my_ceremonies(bus, settings.now(), words)
    known = [*ahead, *over]
    here = next((one.ceremony for one in known if ceremony in {one.ceremony.id, one.ceremony.code}), None)
    actions = commands(words, here, installation=caller().office == settings.office)
    if q.strip():
        found = await _found(bus, q, known, here)
        chosen = best(q, actions, lambda one: (one.text, *one.also), _EACH)
    else:
        found, chosen = (_ceremonies(known[:_EACH]), [], [], []), actions[:_EACH]
    labels = (words.say("Ceremonies"), words.say("People"), words.say("Running order"), words.say("Documents"))
    groups = [Group(label, entries) for label, entries in zip(labels, found, strict=True)]
    groups.append(Group(words.say("Commands"), chosen))
    return await show(request, "parts/palette_results.html", groups=groups)


async def _found(
    bus: Bus, typed: str, known: list[Coming], here: Ceremony | None
) -> tuple[list[Entry], list[Entry], list[Entry], list[Entry]]:
    """Ceremonies; then of the one that is open, or of the nearest ones: people, items, documents."""
    looked = [here] if here else [one.ceremony for one in known[:_NEAR]]
    people, items, papers = await asyncio.gather(
        _people(bus, typed, known, here), _items(bus, typed, looked), _documents(bus, typed, looked)
    )
    fitting = best(typed, known, lambda one: (one.ceremony.title, *_besides(one.ceremony)), _EACH)
    return _ceremonies(fitting), people, items, papers


def _besides(one: Ceremony) -> Iterable[str | None]:
    return (one.code, one.venue.name, one.venue.unit, one.host)


def _ceremonies(known: Iterable[Coming]) -> list[Entry]:
    return [Entry(f"/ceremonies/{one.ceremony.code}", "flag", one.ceremony.title, _when(one)) for one in known]


def _when(one: Coming) -> str:
    """In days while people count them."""
    counted = one.days is None or 0 <= one.days <= _COUNTED
    return one.countdown if counted else plain(one.words.day_short(one.ceremony.on))


async def _people(bus: Bus, typed: str, known: list[Coming], here: Ceremony | None) -> list[Entry]:
    if not may("guests.see", here.id if here else None, anywhere=here is None):
        return []
    question = SearchGuests(text=typed, ceremony_id=here.id if here else None, limit=_PEOPLE)
    found = await said(bus, guests.search, question)
    by_id = {one.ceremony.id: one.ceremony for one in known}
    pairs = [(one, by_id[one.ceremony_id]) for one in (found.guests if found else ()) if one.ceremony_id in by_id]
    return [_person(one, of, named=here is None) for one, of in pairs]


def _person(one: FoundGuest, of: Ceremony, *, named: bool) -> Entry:
    """The address names the guest by his id: names do not belong into addresses."""
    detail = " · ".join(filter(None, (one.posts_text, of.title if named else "")))
    return Entry(f"/ceremonies/{of.code}/guests?open={one.guest_id}", "person", one.address, detail)


async def _items(bus: Bus, typed: str, looked: Iterable[Ceremony]) -> list[Entry]:
    asked = [(one, said(bus, scheduling.get_part, GetPart(ceremony_id=one.id))) for one in looked]
    parts = await asyncio.gather(*(question for _, question in asked))
    pairs = [(of, item) for (of, _), part in zip(asked, parts, strict=True) if part for item in part.items]
    return [_item(*pair) for pair in best(typed, pairs, lambda pair: (pair[1].title, pair[1].key), _EACH)]


def _item(of: Ceremony, item: Item) -> Entry:
    detail = " · ".join(filter(None, (f"{item.start:%H:%M}" if item.start else "", of.title)))
    return Entry(f"/ceremonies/{of.code}/order?open={item.id}", "list", item.title, detail)


async def _documents(bus: Bus, typed: str, looked: Iterable[Ceremony]) -> list[Entry]:
    asked = [(one, _papers(bus, one)) for one in looked]
    papers = await asyncio.gather(*(question for _, question in asked))
    pairs = [(of, paper) for (of, _), some in zip(asked, papers, strict=True) for paper in some]
    fitting = best(typed, pairs, lambda pair: (pair[1].title,), _EACH)
    return [Entry(f"/ceremonies/{of.code}/documents", "papers", paper.title, of.title) for of, paper in fitting]


async def _papers(bus: Bus, of: Ceremony) -> tuple[Document, ...]:
    question = ListDocuments(ceremony_id=of.id)
    found = await said(bus, program.list_documents, question, allowed=may("documents.see", of.id))
    return found.documents if found else ()

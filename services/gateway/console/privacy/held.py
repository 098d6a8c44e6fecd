"""All that is held of the person that a guest is: to read, to print, to take along as a file; and to erase."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from pydantic import Field

from schemas import privacy
from schemas.privacy import ErasePerson, HeldOf, HeldOfGuest, HeldReport
from schemas.traces import Thing
from services.gateway.asking import LONG
from services.gateway.console.fields import Fields, profile_of
from services.gateway.console.forms import Sent
from services.gateway.console.frame import Toast, go, show, words_of
from services.gateway.console.guests.one import GuestAt, TheGuest
from services.gateway.console.wording import Wording
from services.gateway.downloads import disposition

router = APIRouter(prefix="/ceremonies/{ceremony}/guests/{row}", include_in_schema=False)
# What only the machine needs; and what stands in full beside it.
_SILENT = frozenset((
    "id", "guest_id", "person_id", "ceremony_id", "office", "uid", "version", "at_version", "ordinal", "find_key",
    "inputs", "hash", "mark", "sent", "organisation_id", "nth", "slot", "present", "dtstamp", "introduced",
))  # fmt: skip


_MADE = {
    "program": frozenset({"state", "content", "pages", "milliseconds", "at", "missing", "reused"}),
    "dispatch": frozenset({"outcome", "status", "sequence"}),
}


@dataclass
class Entry:
    """One thing, as pairs of what and value."""

    pairs: list[tuple[str, str]]
    at: datetime | None = None
    stays: str | None = None


@dataclass
class Section:
    title: str
    entries: list[Entry] = field(default_factory=list)


@dataclass
class OfGuest:
    """What is held of him on one list, the same things together."""

    told: HeldOfGuest
    sections: list[Section]


class Confirmed(Sent):
    reason: str = Field("", max_length=1000)
    invited_too: bool = False


@router.get("/held")
async def held_page(at: TheGuest) -> Response:
    return await _shown(at)


@router.get("/held.json")
async def held_file(at: TheGuest) -> Response:
    found = await _held(at)
    headers = {"Content-Disposition": disposition("attachment", f"{at.ceremony.code}-{at.row}.json")}
    return Response(found.model_dump_json(indent=2), media_type="application/json", headers=headers)


@router.post("/erase")
async def erase(request: Request, at: TheGuest, sent: Annotated[Confirmed, Form()]) -> Response:
    if not sent.reason.strip():
        return await _shown(at, status=422, missing=True)
    about: dict[str, Any] = {"ceremony_id": at.ceremony.id, "guest_id": at.row, "reason": sent.reason}
    command = ErasePerson(request_id=sent.request_id, invited_too=sent.invited_too, **about)
    await at.bus.ask(privacy.erase_person, command, LONG)
    return await go(
        request, f"/ceremonies/{at.ceremony.code}/retention", Toast("What was held of the person is erased.")
    )


async def _held(at: GuestAt) -> HeldReport:
    return await at.bus.ask(privacy.held, HeldOf(ceremony_id=at.ceremony.id, guest_id=at.row), LONG)


async def _shown(at: GuestAt, *, status: int = 200, missing: bool = False) -> Response:
    found, words = (await _held(at)).guests, words_of(at.request)
    fields = Fields(words, profile_of(at.ceremony))
    guests = [OfGuest(one, list(_sections(one.things, fields))) for one in found]
    own = next((one.called for one in found if one.guest_id == at.row), None)
    return await show(
        at.request,
        "privacy/held.html",
        status=status,
        ceremony=at.ceremony,
        here="guests",
        at=at.address,
        who=own or at.row,
        guests=guests,
        missing=missing,
        silent=sorted({words.say(_HOUSES[name]) for one in found for name in one.silent}),
        invited=any(one.invited for one in found),
        shared=any(one.shared_words for one in found),
        erasable=any(one.stays is None for each in found for one in each.things),
    )


def _sections(things: tuple[Thing, ...], fields: Fields) -> Iterator[Section]:
    found = dict[str, Section]()
    for one in sorted(things, key=lambda each: (each.stays is not None, each.place != "guests.guest")):
        title = _title(one, fields.words)
        if pairs := _pairs(one, fields):
            found.setdefault(title, Section(title)).entries.append(Entry(pairs, one.at, one.stays))
    yield from found.values()


def _pairs(one: Thing, fields: Fields) -> list[tuple[str, str]]:
    if one.stays == "audit":
        return [(fields.label("kind"), str(one.data["type"])), (fields.words.say("No."), str(one.data["seq"]))]
    hidden = _MADE.get(one.place.partition(".")[0], frozenset())
    flat = [(path.rpartition(".")[2], value) for path, value in _flat(one.data)]
    return [(_label(name, fields), fields.value(name, value)) for name, value in flat if name not in hidden]


def _label(name: str, fields: Fields) -> str:
    """One without words of its own is called as it is kept."""
    say = fields.words.say
    own = {
        "contact_name": say("Contact"),
        "contact_phone": say("Telephone"),
        "contact_email": say("E-mail address"),
        "arrival_at": say("Arrives at"),
        "arrival_vehicle": say("Vehicle"),
        "arrival_note": say("Note"),
        "text": say("What it says"),
        "why": say("Why here"),
        "address": say("Form of address"),
        "posts_text": say("Posts"),
        "release": say("Release"),
        "file_name": say("File"),
        "through": say("Through"),
        "place": say("Seat"),
        "mc_text": say("MC text"),
    }
    return own.get(name) or fields.label(name).replace("_", " ")


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every text and number in it, with where it stands."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name not in _SILENT:
                yield from _flat(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for each in value:
            yield from _flat(each, path)
    elif value not in (None, "", False):
        yield path, value


_HOUSES = {
    "scheduling": "Ceremony and running order",
    "guests": "Guests",
    "awards": "Awards",
    "program": "Documents",
    "dispatch": "Invitations",
}


def _title(one: Thing, words: Wording) -> str:
    """The heading under which a thing is told; of a table without words of its own, that of its service."""
    service, _, table = one.place.partition(".")
    say = words.say
    known = {
        "guests.guest": say("On the guest list"),
        "guests.post": say("On the guest list"),
        "guests.answer": say("Answers"),
        "guests.arrangement": say("What is to be arranged"),
        "guests.need": say("What is to be arranged"),
        "guests.plus_one": say("What is to be arranged"),
        "guests.seat_held": say("Seat"),
        "dispatch.message": say("Invitations as they were given out"),
    }
    alike = {
        "changes": say("Former values"),
        "snapshot": say("Plans of releases"),
        "release": say("Plans of releases"),
        "outbox": say("Audit trail"),
    }
    if one.stays == "release":
        return say("Papers of releases")
    return known.get(one.place) or alike.get(table) or say(_HOUSES.get(service, service))

"""One invitation as a calendar will show it. Hides how iCalendar writes it (RFC 5545)."""

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Request, Response
from icalendar import Calendar

from schemas import dispatch
from schemas.dispatch import ReadInvitations
from schemas.scheduling import Ceremony
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.frame import dialog
from services.gateway.refusals import NoInvitation

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """`begins` and `ends` by the clocks of the ceremony; days where no time is set yet. `text`: the file itself."""

    title: str
    begins: datetime | date | None
    ends: datetime | date | None
    place: str | None
    words: str | None
    sender: str | None
    recipient: str | None
    method: str | None
    status: str | None
    sequence: int
    file_name: str
    text: str


@router.get("/ceremonies/{ceremony}/invitations/{guest}")
async def preview(
    request: Request, bus: TheBus, ceremony: TheCeremony, guest: Annotated[str, Path(max_length=64)]
) -> Response:
    """After a change of address the cancellation of the old one stands behind the new invitation."""
    question = ReadInvitations(ceremony_id=ceremony.id, guest_id=guest)
    files = (await bus.ask(dispatch.read_invitations, question)).files
    if not files:
        raise NoInvitation
    shown = [read(file.file_name, b64decode(file.base64), ceremony) for file in files]
    return await dialog(
        request, "invitations/preview.html", ceremony=ceremony, guest_id=guest, shown=shown, files=len(shown)
    )


def read(file_name: str, data: bytes, ceremony: Ceremony) -> Shown:
    calendar = Calendar.from_ical(data)
    event = calendar.walk("VEVENT")[0]
    return Shown(
        title=str(event.get("summary", "")),
        begins=_at(event.get("dtstart"), ceremony),
        ends=_at(event.get("dtend"), ceremony),
        place=_text(event.get("location")),
        words=_text(event.get("description")),
        sender=_party(event.get("organizer")),
        recipient=_party(event.get("attendee")),
        method=_text(calendar.get("method")),
        status=_text(event.get("status")),
        sequence=int(event.get("sequence", 0)),
        file_name=file_name,
        text=data.decode(),
    )


def _at(value: Any, ceremony: Ceremony) -> datetime | date | None:
    if value is None:
        return None
    found: datetime | date = value.dt
    return found.astimezone(ZoneInfo(ceremony.timezone)) if isinstance(found, datetime) else found


def _text(value: Any) -> str | None:
    return str(value) if value else None


def _party(value: Any) -> str | None:
    """A name with its address; of several the first."""
    one = value[0] if isinstance(value, Sequence) and not isinstance(value, str) else value
    if not one:
        return None
    address = str(one).removeprefix("mailto:").removeprefix("MAILTO:")
    name = one.params.get("CN")
    return f"{name} <{address}>" if name and name != address else address

"""Calendar objects as bytes: icalendar writes the events, the frame around them is constant.

The library's ways round its own traps are kept in this module: no `Calendar.new` (a random UID each time), no
`add_missing_timezones` (two STANDARDs for Asia/Ho_Chi_Minh, 11 ms a call), `vText` for what it does not know.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from icalendar import Calendar, Component, Event, vCalAddress, vText

from schemas.envelope import Strict
from services.dispatch.model.folding import folded
from services.dispatch.model.lint import sound
from services.dispatch.model.occasion import Occasion, Party, Route
from services.dispatch.model.zones import UTC_BLOCK, in_use, moment, zone_blocks

Method = Literal["REQUEST", "CANCEL"]
PartStat = Literal["NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE"]

PRODID = "-//Khai Mac//Khai Mac//EN"
_HEAD = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODID}\r\nCALSCALE:GREGORIAN\r\n".encode()
_TAIL = b"END:VCALENDAR\r\n"
_HOUR = timedelta(hours=1)
Blocks = dict[str, bytes]


class Issue(Strict):
    """Which one of the objects with this UID is written. `whole`: a CANCEL of the ceremony, not of one guest."""

    uid: str
    sequence: int
    dtstamp: datetime
    cancelled: bool = False
    whole: bool = False
    partstat: PartStat = "NEEDS-ACTION"


def write_message(occasion: Occasion, issue: Issue) -> bytes:
    """The invitation or its cancellation: an iTIP message if it has a route, else a file to import."""
    blocks = _blocks([occasion])
    if occasion.route is None:
        return _object(_HEAD, blocks, [_file_event(occasion, issue, blocks)])
    method = b"METHOD:CANCEL\r\n" if issue.cancelled else b"METHOD:REQUEST\r\n"
    own = Event()
    own.add("attendee", _attendee(occasion.route, issue))
    if not issue.cancelled:
        own.add("description", occasion.description)
        status = _status(occasion, issue)
    else:  # STATUS is absent when only this guest is no longer invited: RFC 5546, 3.2.5
        status = _status(occasion, issue) if issue.whole else b""
    event = _event(occasion, blocks, _stamp(issue), status, _inner_lines(own))
    return _object(_HEAD + method, blocks, [event])


def write_feed(name: str, zone: str, entries: Sequence[tuple[Occasion, Issue]]) -> bytes:
    """A calendar to subscribe to. Equal entries give equal bytes."""
    frame = Calendar()
    frame.add("version", "2.0")
    frame.add("prodid", PRODID)
    frame.add("calscale", "GREGORIAN")
    frame["NAME"] = frame["X-WR-CALNAME"] = vText(name)
    if in_use(zone):
        frame["X-WR-TIMEZONE"] = vText(zone)
    frame.add("refresh-interval", _HOUR, parameters={"VALUE": "DURATION"})
    frame["X-PUBLISHED-TTL"] = vText("PT1H")
    blocks = _blocks(occasion for occasion, _ in entries)
    events = [_file_event(occasion, issue, blocks) for occasion, issue in entries]
    head = b"BEGIN:VCALENDAR\r\n" + _inner_lines(frame)
    return _object(head, blocks if events else {"": UTC_BLOCK}, events)


def _object(head: bytes, blocks: Blocks, events: Sequence[bytes]) -> bytes:
    return sound(b"".join((head, *(blocks[zone] for zone in sorted(blocks)), *events, _TAIL)))


def _blocks(occasions: Iterable[Occasion]) -> Blocks:
    """Of the zones that have times in them."""
    return zone_blocks((occasion.zone, occasion.on) for occasion in occasions if occasion.start is not None)


def _event(occasion: Occasion, blocks: Blocks, *own: bytes) -> bytes:
    """What the event shares with those of the other guests, and the lines that are its own."""
    organizer = occasion.route.organizer if occasion.route else None
    shared = _shared(occasion.for_all(), organizer, in_zone=occasion.zone in blocks)
    return b"".join((b"BEGIN:VEVENT\r\n", shared, *own, b"END:VEVENT\r\n"))


def _stamp(issue: Issue) -> bytes:
    return f"UID:{issue.uid}\r\nSEQUENCE:{issue.sequence}\r\nDTSTAMP:{_utc(issue.dtstamp)}\r\n".encode()


def _utc(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("A DTSTAMP without a time zone is nobody's time.")
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _status(occasion: Occasion, issue: Issue) -> bytes:
    return f"STATUS:{'CANCELLED' if issue.cancelled else occasion.status}\r\n".encode()


@lru_cache(256)  # the guests of one ceremony are written one after the other
def _shared(occasion: Occasion, organizer: Party | None, *, in_zone: bool) -> bytes:
    event = Event()
    event.add("summary", occasion.summary)
    if occasion.location:
        event.add("location", occasion.location)
    if organizer is not None:
        event.add("organizer", vCalAddress.new(organizer.address, cn=organizer.name or None))
    event.add("transp", "TRANSPARENT" if occasion.start is None else "OPAQUE")
    for name, at in _span(occasion):
        event.add(name, at if in_zone or not isinstance(at, datetime) else at.astimezone(UTC))
    return _inner_lines(event)


def _span(occasion: Occasion) -> Iterator[tuple[str, date | datetime]]:
    """A day ends with the next one (the end is exclusive); an unknown end is not written at all."""
    if occasion.begins is None:
        yield "dtstart", occasion.on
        yield "dtend", occasion.on + timedelta(days=1)
        return
    yield "dtstart", moment(occasion.begins, occasion.zone)
    if occasion.ends is not None:
        yield "dtend", moment(occasion.ends, occasion.zone)


def _file_event(occasion: Occasion, issue: Issue, blocks: Blocks) -> bytes:
    """Without METHOD: no ATTENDEE, no ORGANIZER, and DTSTAMP is LAST-MODIFIED (RFC 5545, 3.8.7.2)."""
    own = Event()
    if occasion.description:
        own.add("description", occasion.description)
    modified = f"LAST-MODIFIED:{_utc(issue.dtstamp)}\r\n".encode()
    return _event(occasion, blocks, _stamp(issue), modified, _status(occasion, issue), _inner_lines(own))


def _inner_lines(component: Component) -> bytes:
    """Without BEGIN and END."""
    return folded(line for line in component.content_lines()[1:] if line and not line.startswith("END:"))


def _attendee(route: Route, issue: Issue) -> vCalAddress:
    """RSVP is asked of whoever has not answered; a known answer is kept (RFC 5546, 3.2.2.2)."""
    return vCalAddress.new(
        route.attendee.address,
        cn=route.attendee.name or None,
        cutype="GROUP" if route.group else "INDIVIDUAL",
        role="REQ-PARTICIPANT",
        partstat=issue.partstat,
        rsvp=issue.partstat == "NEEDS-ACTION" and not issue.cancelled,
    )

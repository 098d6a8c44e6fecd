"""Other people's readers of calendar objects: what they complain of in ours, and what they read in them."""

import ctypes
import re
from ctypes.util import find_library
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple

import icalendar
import vobject
from ical.calendar_stream import IcsCalendarStream

Moment = date | datetime | None


class Reading(NamedTuple):
    """What one event says to a reader; times in UTC, days as days."""

    summary: str
    location: str
    description: str
    start: Moment
    end: Moment


def complaints(raw: bytes) -> list[str]:
    """What libical and vobject hold against an object; a reader that cannot read it at all raises."""
    readings(raw)
    missing = icalendar.Calendar.from_ical(raw).get_missing_tzids()
    return [*_libical(raw), *_vobject(raw), *(f"icalendar: no VTIMEZONE for {zone}" for zone in missing)]


def readings(raw: bytes) -> dict[str, list[Reading]]:
    """The events of an object as three libraries read them."""
    text = raw.decode()
    theirs = icalendar.Calendar.from_ical(raw)
    assert [event.errors for event in theirs.events] == [[] for _ in theirs.events]
    return {
        "ical": [_of_ical(event) for event in IcsCalendarStream.calendar_from_ics(text).events],
        "icalendar": [_of_icalendar(event) for event in theirs.events],
        "vobject": [_of_vobject(event) for event in vobject.readOne(text).contents.get("vevent", [])],
    }


def _of_ical(event: Any) -> Reading:
    return Reading(
        event.summary, event.location or "", event.description or "", _utc(event.dtstart), _utc(event.dtend)
    )


def _of_icalendar(event: icalendar.Event) -> Reading:
    texts = [str(event.get(name, "")) for name in ("summary", "location", "description")]
    start, end = event.DTSTART, event.DTEND
    return Reading(texts[0], texts[1], texts[2], _utc(start), _utc(end))


def _of_vobject(event: Any) -> Reading:
    def value(name: str) -> Any:
        return getattr(event, name).value if hasattr(event, name) else None

    texts = [value(name) or "" for name in ("summary", "location", "description")]
    return Reading(texts[0], texts[1], texts[2], _utc(value("dtstart")), _utc(value("dtend")))


def _utc(at: Moment) -> Moment:
    return at.astimezone(UTC) if isinstance(at, datetime) else at


@cache
def _library() -> ctypes.CDLL:
    name = find_library("ical")
    if name is None:
        raise RuntimeError("libical is missing. Install it: apt-get install libical3")
    library = ctypes.CDLL(name)
    library.icalparser_parse_string.restype = ctypes.c_void_p
    library.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    library.icalrestriction_check.argtypes = [ctypes.c_void_p]
    library.icalcomponent_as_ical_string.restype = ctypes.c_char_p
    library.icalcomponent_as_ical_string.argtypes = [ctypes.c_void_p]
    library.icalcomponent_free.argtypes = [ctypes.c_void_p]
    return library


def _libical(raw: bytes) -> list[str]:
    """The only reader that holds the tables of RFC 5546; it notes errors in the component itself."""
    library = _library()
    component = library.icalparser_parse_string(raw)
    if not component:
        return ["libical: no component"]
    lawful = library.icalrestriction_check(component)
    text = re.sub(r"\r?\n[ \t]", "", library.icalcomponent_as_ical_string(component).decode())
    library.icalcomponent_free(component)
    errors = sorted({f"libical: {line}" for line in text.splitlines() if line.startswith("X-LIC-ERROR")})
    return errors or ([] if lawful else ["libical: not lawful"])


def _vobject(raw: bytes) -> list[str]:
    try:
        vobject.readOne(raw.decode()).validate(raiseException=True)
    except vobject.base.ValidateError as error:
        return [f"vobject: {error}"]
    return []

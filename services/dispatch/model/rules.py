"""What calendar objects of this house may hold: the tables of RFC 5545, 5546 and 7986, cut down to what is used."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

Count = tuple[int, int]  # least, most
ONE, MAYBE = (1, 1), (0, 1)

METHODS = ("REQUEST", "CANCEL")

# Which components may stand inside which; None: at the top.
INSIDE: dict[str | None, tuple[str, ...]] = {
    None: ("VCALENDAR",),
    "VCALENDAR": ("VTIMEZONE", "VEVENT"),
    "VTIMEZONE": ("STANDARD",),
}


class Rule(NamedTuple):
    """What a property's value and its parameters may be, and which parameters it needs."""

    value: re.Pattern[str]
    params: Mapping[str, re.Pattern[str]] = MappingProxyType({})
    needs: tuple[str, ...] = ()


_TEXT = re.compile(r"[^\\;,]*(?:\\[\\;,nN][^\\;,]*)*")
_UTC = re.compile(r"\d{8}T\d{6}Z")
_WHEN = re.compile(r"\d{8}(?:T\d{6}Z?)?")
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*")
_OFFSET = re.compile(r"[+-]\d{4}")
_HOURS = re.compile(r"PT\d+[HM]")
_MAILTO = re.compile(r"mailto:[A-Za-z0-9.!$'*+_~-]+@[a-z0-9.-]+")
_NAME = re.compile(r'[^;:,^\\"]+')


def _words(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words))


PROPERTIES: dict[str, Rule] = {
    "ATTENDEE": Rule(
        _MAILTO,
        {
            "CN": _NAME,
            "CUTYPE": _words("INDIVIDUAL", "GROUP"),
            "ROLE": _words("REQ-PARTICIPANT"),
            "PARTSTAT": _words("NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE"),
            "RSVP": _words("TRUE", "FALSE"),
        },
        needs=("CUTYPE", "ROLE", "PARTSTAT", "RSVP"),
    ),
    "CALSCALE": Rule(_words("GREGORIAN")),
    "DESCRIPTION": Rule(_TEXT),
    "DTEND": Rule(_WHEN, {"TZID": _ZONE, "VALUE": _words("DATE")}),
    "DTSTAMP": Rule(_UTC),
    "DTSTART": Rule(_WHEN, {"TZID": _ZONE, "VALUE": _words("DATE")}),
    "LAST-MODIFIED": Rule(_UTC),
    "LOCATION": Rule(_TEXT),
    "METHOD": Rule(_words(*METHODS)),
    "NAME": Rule(_TEXT),
    "ORGANIZER": Rule(_MAILTO, {"CN": _NAME}),
    "PRODID": Rule(_TEXT),
    "REFRESH-INTERVAL": Rule(_HOURS, {"VALUE": _words("DURATION")}, needs=("VALUE",)),
    "SEQUENCE": Rule(re.compile(r"\d{1,9}")),
    "STATUS": Rule(_words("TENTATIVE", "CONFIRMED", "CANCELLED")),
    "SUMMARY": Rule(_TEXT),
    "TRANSP": Rule(_words("OPAQUE", "TRANSPARENT")),
    "TZID": Rule(_ZONE),
    "TZNAME": Rule(_TEXT),
    "TZOFFSETFROM": Rule(_OFFSET),
    "TZOFFSETTO": Rule(_OFFSET),
    "UID": Rule(re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")),
    "VERSION": Rule(re.compile(r"2\.0")),
    "X-PUBLISHED-TTL": Rule(_HOURS),
    "X-WR-CALNAME": Rule(_TEXT),
    "X-WR-TIMEZONE": Rule(_ZONE),
}

_FRAME = {"PRODID": ONE, "VERSION": ONE, "CALSCALE": ONE}
_MESSAGE = {**_FRAME, "METHOD": ONE}
_EVENT = {
    "UID": ONE,
    "DTSTAMP": ONE,
    "DTSTART": ONE,
    "DTEND": MAYBE,
    "SUMMARY": ONE,
    "LOCATION": MAYBE,
    "SEQUENCE": ONE,
    "TRANSP": ONE,
}

# By component and METHOD; None also stands for every method that has no row of its own.
COMPONENTS: dict[tuple[str, str | None], dict[str, Count]] = {
    ("VCALENDAR", "REQUEST"): _MESSAGE,
    ("VCALENDAR", "CANCEL"): _MESSAGE,
    ("VCALENDAR", None): {
        **_FRAME,
        "NAME": MAYBE,
        "X-WR-CALNAME": MAYBE,
        "X-WR-TIMEZONE": MAYBE,
        "REFRESH-INTERVAL": MAYBE,
        "X-PUBLISHED-TTL": MAYBE,
    },
    ("VEVENT", "REQUEST"): {
        **_EVENT,
        "DESCRIPTION": MAYBE,
        "STATUS": ONE,
        "ORGANIZER": ONE,
        "ATTENDEE": ONE,
    },
    ("VEVENT", "CANCEL"): {**_EVENT, "STATUS": MAYBE, "ORGANIZER": ONE, "ATTENDEE": ONE},
    ("VEVENT", None): {**_EVENT, "DESCRIPTION": MAYBE, "STATUS": ONE, "LAST-MODIFIED": ONE},
    ("VTIMEZONE", None): {"TZID": ONE},
    ("STANDARD", None): {"DTSTART": ONE, "TZOFFSETFROM": ONE, "TZOFFSETTO": ONE, "TZNAME": ONE},
}

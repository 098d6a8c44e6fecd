"""The linter: each rule catches its fault, and says which it is."""

import pytest

from services.dispatch.model.lint import Unsound, lint, sound
from tests.unit.dispatch_support import GOLDEN

REQUEST = (GOLDEN / "request.ics").read_bytes()
CANCEL = (GOLDEN / "cancel-ceremony.ics").read_bytes()
FILE = (GOLDEN / "file.ics").read_bytes()
FEED = (GOLDEN / "feed.ics").read_bytes()
DAY = (GOLDEN / "request-day-only.ics").read_bytes()
UTC = (GOLDEN / "request-summer-time.ics").read_bytes()

KINDS = "DTSTART and DTEND are of different kinds."
ZONED = "DTSTART has a TZID on a day or a UTC time."
ONE = "There must be exactly one VCALENDAR, with a beginning and an end."
SECOND = "ATTENDEE;CUTYPE=GROUP;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=TRUE\r\n :mailto:b@c.vn"
ZONE_AGAIN = "BEGIN:VTIMEZONE\r\nTZID:Asia/Ho_Chi_Minh\r\nEND:VTIMEZONE\r\n"
UID = "00000000-0000-4000-8000-000000000001"
EVENT = REQUEST[REQUEST.index(b"BEGIN:VEVENT") : REQUEST.index(b"END:VCALENDAR")]


def changed(raw: bytes, old: str, new: str) -> list[str]:
    """What the linter says once `old` reads `new`."""
    assert raw.count(old.encode()) >= 1
    return lint(raw.replace(old.encode(), new.encode(), 1))


@pytest.mark.parametrize(
    ("raw", "faults"),
    [
        (b"", ["The last line has no end.", "Line 1 is empty."]),
        (REQUEST[:-2], ["The last line has no end."]),
        (REQUEST.replace(b"GREGORIAN\r\n", b"GREGORIAN\n"), ["Line 4 holds half a line end."]),
        (REQUEST.replace(b"CALSCALE", b"\rCALSCALE"), ["Line 4 holds half a line end."]),
        (REQUEST.replace(b"CALSCALE", b"\r\nCALSCALE"), ["Line 4 is empty."]),
        (REQUEST.replace(b"CALSCALE", b" \t\r\nCALSCALE"), ["Line 4 is empty."]),
        (REQUEST.replace(b"GREGORIAN", b"G" * 70), ["Line 4 has 79 octets."]),
        (
            REQUEST.replace("Lễ".encode(), "Lễ".encode()[:-1] + b"\r\n \x85", 1),
            ["Line 16 is no UTF-8 by itself.", "Line 17 is no UTF-8 by itself."],
        ),
        (REQUEST.replace(b"SUMMARY:L", b"SUMMARY:\xffL"), ["Line 16 is no UTF-8 by itself."]),
        (b"\xef\xbb\xbf" + REQUEST, ["Line 1 holds U+FEFF."]),
        (REQUEST + b"x", ["The last line has no end."]),
    ],
)
def test_rows_are_whole(raw: bytes, faults: list[str]) -> None:
    assert lint(raw) == faults


@pytest.mark.parametrize(
    "sign", ["\x00", "\x0b", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\u202e", "\u2066", "\u200b", "\ufeff"]
)
def test_signs_that_break_or_hide_text_are_faults(sign: str) -> None:
    assert changed(REQUEST, "SUMMARY:", f"SUMMARY:{sign}")[-1].endswith(f"holds U+{ord(sign):04X}.")


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        (
            "STATUS:CONFIRMED",
            "STATUS:CONFIRMED\r\nX-EVIL:1",
            ["X-EVIL is not allowed.", "X-EVIL may not stand in VEVENT."],
        ),
        (
            "STATUS:CONFIRMED",
            "STATUS:CONFIRMED\r\nATTACH:file:///etc/passwd",
            ["ATTACH is not allowed.", "ATTACH may not stand in VEVENT."],
        ),
        ("STATUS:CONFIRMED", "STATUS:CONFIRMED\r\nno line", ["'no line' is no content line."]),
        ("STATUS:CONFIRMED", "status:CONFIRMED", ["'status:CONFIRMED' is no content line."]),
        (
            "STATUS:CONFIRMED",
            "STATUS:COMPLETED",
            ["STATUS has the value 'COMPLETED'.", "A REQUEST has STATUS:COMPLETED."],
        ),
        ("STATUS:CONFIRMED", "STATUS:CANCELLED", ["A REQUEST has STATUS:CANCELLED."]),
        ("STATUS:CONFIRMED\r\n", "", ["VEVENT lacks STATUS.", "A REQUEST has STATUS:None."]),
        ("METHOD:REQUEST", "METHOD:INVITE", ["METHOD:INVITE is not one that is sent from here."]),
        ("METHOD:REQUEST", "METHOD:PUBLISH", ["METHOD:PUBLISH is not one that is sent from here."]),
        ("METHOD:REQUEST", "METHOD:REQUEST\r\nMETHOD:REQUEST", ["VCALENDAR has METHOD 2 times."]),
        ("VERSION:2.0", "VERSION:1.0", ["VERSION has the value '1.0'."]),
        ("CALSCALE:GREGORIAN\r\n", "", ["VCALENDAR lacks CALSCALE."]),
        ("SEQUENCE:0", "SEQUENCE:-1", ["SEQUENCE has the value '-1'."]),
        ("SEQUENCE:0\r\n", "", ["VEVENT lacks SEQUENCE."]),
        (UID, "guest-1@ministry.example.org", ["UID has the value 'guest-1@ministry.example.org'."]),
        (f"UID:{UID}\r\n", "", ["VEVENT lacks UID."]),
        ("DTSTAMP:20240620T010000Z", "DTSTAMP:20240620T010000", ["DTSTAMP has the value '20240620T010000'."]),
        ("DTSTAMP:20240620T010000Z", "DTSTAMP:20240631T010000Z", ["DTSTAMP 20240631T010000Z is no moment."]),
        ("RSVP=TRUE", "RSVP=YES", ["ATTENDEE has the parameter RSVP='YES'."]),
        (";RSVP=TRUE", "", ["ATTENDEE lacks RSVP."]),
        (";RSVP=TRUE", ";RSVP=TRUE;RSVP=TRUE", ["ATTENDEE has RSVP twice."]),
        ("PARTSTAT=NEEDS-ACTION", "PARTSTAT=COMPLETED", ["ATTENDEE has the parameter PARTSTAT='COMPLETED'."]),
        ("PARTSTAT=NEEDS-ACTION;", "", ["ATTENDEE lacks PARTSTAT."]),
        ("CUTYPE", "X-SUDO", ["ATTENDEE has the parameter X-SUDO='INDIVIDUAL'.", "ATTENDEE lacks CUTYPE."]),
        ('CN="Trần Văn Thử"', 'CN="Thử, Trần"', ["ATTENDEE has the parameter CN='Thử, Trần'."]),
        (":mailto:thu@", ":thu@", ["ATTENDEE has the value 'thu@khach.example.org'."]),
        (":mailto:moi@", ":https://moi@", ["ORGANIZER has the value 'https://moi@vidu.example.org'."]),
        ("TRANSP:OPAQUE", f"TRANSP:OPAQUE\r\n{SECOND}", ["VEVENT has ATTENDEE 2 times."]),
        (
            "TRANSP:OPAQUE",
            "TRANSP:OPAQUE\r\nDURATION:PT1H",
            ["DURATION is not allowed.", "DURATION may not stand in VEVENT."],
        ),
        ("TRANSP:OPAQUE", "TRANSP:OPAQUE\r\nBEGIN:VALARM\r\nEND:VALARM", ["VALARM may not stand inside VEVENT."]),
        (
            "TRANSP:OPAQUE",
            "TRANSP:OPAQUE\r\nLAST-MODIFIED:20240620T010000Z",
            ["LAST-MODIFIED may not stand in VEVENT."],
        ),
        ("SUMMARY:", "SUMMARY:;", ["SUMMARY has the value ';Lễ ra mắt Lực lượng thử nghiệm\\\\, xã Ví Dụ'."]),
        ("TRANSP:", "TRANSP;LANGUAGE=vi:", ["TRANSP has the parameter LANGUAGE='vi'."]),
        (
            "TZID:Asia/Ho_Chi_Minh\r\n",
            "TZID:Asia/Ho_Chi_Minh\r\nCOMMENT:x\r\n",
            ["COMMENT is not allowed.", "COMMENT may not stand in VTIMEZONE."],
        ),
        ("END:VTIMEZONE\r\n", f"END:VTIMEZONE\r\n{ZONE_AGAIN}", ["VTIMEZONE Asia/Ho_Chi_Minh stands 2 times."]),
        (
            "END:STANDARD\r\n",
            "END:STANDARD\r\nBEGIN:DAYLIGHT\r\nEND:DAYLIGHT\r\n",
            ["DAYLIGHT may not stand inside VTIMEZONE."],
        ),
        (
            "TZID:Asia/Ho_Chi_Minh",
            "TZID:Asia/Saigon",
            [
                "DTSTART names Asia/Ho_Chi_Minh, which is not described.",
                "DTEND names Asia/Ho_Chi_Minh, which is not described.",
            ],
        ),
        ("DTSTART;TZID=Asia/Ho_Chi_Minh:", "DTSTART:", ["DTSTART names no time zone that is described.", KINDS]),
        (
            "DTSTART;TZID=Asia/Ho_Chi_Minh:20240701T073000",
            "DTSTART;TZID=Asia/Ho_Chi_Minh:20240701T003000Z",
            [ZONED, KINDS],
        ),
        (
            "DTEND;TZID=Asia/Ho_Chi_Minh:20240701T090000",
            "DTEND;TZID=Asia/Ho_Chi_Minh:20240701T073000",
            ["DTEND is not after DTSTART."],
        ),
        ("END:VEVENT", "END:VTIMEZONE", ["END:VTIMEZONE closes another component."]),
        ("BEGIN:VCALENDAR\r\n", "", ["VERSION stands outside every component."]),
        ("END:VCALENDAR\r\n", "", [ONE]),
        ("END:VCALENDAR\r\n", "END:VCALENDAR\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", [ONE]),
    ],
)
def test_requests_hold_nothing_else(old: str, new: str, faults: list[str]) -> None:
    assert changed(REQUEST, old, new) == faults


def test_a_message_holds_one_event() -> None:
    second = EVENT.replace(UID.encode(), UID.replace("01", "02").encode())
    two = REQUEST.replace(b"END:VCALENDAR", second + b"END:VCALENDAR")
    assert lint(two) == ["A message holds exactly one VEVENT, this one 2."]
    assert lint(REQUEST.replace(EVENT, b"")) == ["A message holds exactly one VEVENT, this one 0."]


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("STATUS:CANCELLED", "STATUS:CONFIRMED", ["A CANCEL has STATUS:CONFIRMED."]),
        ("STATUS:CANCELLED", "STATUS:CANCELLED\r\nDESCRIPTION:x", ["DESCRIPTION may not stand in VEVENT."]),
        ("SEQUENCE:1\r\n", "", ["VEVENT lacks SEQUENCE."]),
        ("STATUS:CANCELLED\r\n", "", []),
    ],
)
def test_cancellations_hold_nothing_else(old: str, new: str, faults: list[str]) -> None:
    assert changed(CANCEL, old, new) == faults


@pytest.mark.parametrize(
    ("raw", "old", "new", "faults"),
    [
        (
            FILE,
            "LAST-MODIFIED:20240620T010000Z",
            "LAST-MODIFIED:20240620T010001Z",
            ["Without METHOD, DTSTAMP must equal LAST-MODIFIED."],
        ),
        (FILE, "TRANSP", "ORGANIZER:mailto:a@b.vn\r\nTRANSP", ["ORGANIZER may not stand in VEVENT."]),
        (FEED, UID, UID.replace("01", "02"), [f"UID {UID.replace('01', '02')} stands 2 times."]),
        (FEED, ";VALUE=DURATION", "", ["REFRESH-INTERVAL lacks VALUE."]),
        (FEED, "NAME:Lễ", "NAME:Lễ;", ["NAME has the value 'Lễ; ra mắt Lực lượng thử nghiệm\\\\, xã Ví Dụ'."]),
        (DAY, "DTEND;VALUE=DATE:20240702", "DTEND;VALUE=DATE:20240701", ["DTEND is not after DTSTART."]),
        (
            DAY,
            "DTSTART;VALUE=DATE:",
            "DTSTART:",
            ["DTSTART must say VALUE=DATE for a day, and only for a day.", KINDS],
        ),
        (UTC, "DTSTART:", "DTSTART;TZID=Europe/Paris:", [ZONED, KINDS]),
    ],
)
def test_files_and_feeds_hold_nothing_else(raw: bytes, old: str, new: str, faults: list[str]) -> None:
    assert changed(raw, old, new) == faults


def test_an_unsound_object_is_not_let_out() -> None:
    assert sound(REQUEST) == REQUEST
    with pytest.raises(Unsound, match="The last line has no end"):
        sound(REQUEST[:-2])

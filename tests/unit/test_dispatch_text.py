"""What people type, however odd, is read by calendars as it was meant, and breaks out of nowhere."""

import re
import subprocess
import sys
from collections.abc import Callable
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.guests import Guest, PersonFields
from schemas.scheduling import SchedulingPart, Venue
from services.dispatch.model.clean import common_name, mailbox, plain
from services.dispatch.model.lint import lint
from tests.unit.dispatch_judges import complaints, readings
from tests.unit.dispatch_support import SPEECH, entries, feed_bytes, group, only, part, person, properties, released

LINE_ENDS = ["\r", "\n", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029", "\x1c", "\\n", "\\N", "\r\n "]
HIDDEN = ["\x00", "\x07", "\x1b", "\x7f", "\x90", "\u200b", "\u200e", "\u202e", "\u2066", "\ufeff", "\uffff"]
QUOTES = ['"', ";", ":", ",", "^", "\\", "^n", "^'", '";X-EVIL="1', "<script>", "=HYPERLINK(", "%0D%0A", "’"]
CORPUS = [f"Tên{sign}X-EVIL:1" for sign in LINE_ENDS + HIDDEN + QUOTES] + [
    " ",
    normalize("NFD", "Nguyễn Thị Thủy – Phường Ỷ La"),
    "Đ" * 400,
    "ỷ" * 399 + "a",
    "👩‍👩‍👧‍👦 🇻🇳 " * 20,
    "BEGIN:VALARM\r\nACTION:PROCEDURE\r\nEND:VALARM",
    "END:VEVENT\r\nEND:VCALENDAR\r\n",
]

# Where a text may stand in a plan and its guest.
FIELDS: dict[str, Callable[[str], tuple[SchedulingPart, Guest]]] = {
    "title": lambda text: (part(title=text), person()),
    "host": lambda text: (part(host=text), person()),
    "venue": lambda text: (part(venue=Venue(name=text)), person()),
    "unit": lambda text: (part(venue=Venue(name="Nhà", unit=text)), person()),
    "dress": lambda text: (part(dress=text), person()),
    "contact": lambda text: (part(contact=text), person()),
    "organizer": lambda text: (part(organizer_email=text), person()),
    "item": lambda text: (part(SPEECH.model_copy(update={"title": text})), person()),
    "name": lambda text: (part(), person(name=text)),
    "address": lambda text: (part(), person(address=text)),
    "posts": lambda text: (part(), person(posts_text=text)),
    "email": lambda text: (part(), person(email=text)),
    "label": lambda text: (part(), group(email="to@khach.example.org", label=text)),
}


COMPONENTS = re.compile(rb"^BEGIN:", re.MULTILINE)


@pytest.mark.parametrize("field", FIELDS)
def test_no_text_breaks_out_of_its_place(field: str) -> None:
    """The same names of lines as ever, whatever stands in them."""
    always = {"SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "SEQUENCE", "DESCRIPTION", "STATUS", "TRANSP"}
    only_one = {"organizer": {"LAST-MODIFIED"}, "email": {"LAST-MODIFIED"}}.get(field, {"ATTENDEE", "ORGANIZER"})
    for text in CORPUS:
        raw = only(released(*FIELDS[field](text)))
        names = {name.partition(";")[0] for name in properties(raw)}
        assert names - {"LOCATION"} == always | only_one
        assert len(COMPONENTS.findall(raw)) == 4


@pytest.mark.parametrize("text", CORPUS, ids=range(len(CORPUS)))
def test_every_reader_reads_odd_text_alike(text: str) -> None:
    """In every field at once."""
    plan = part(
        SPEECH.model_copy(update={"title": text}),
        **dict.fromkeys(("title", "host", "dress", "contact"), text),
        venue=Venue(name=text, unit=text),
    )
    guest = person(name=text, address=text, posts_text=text)
    for raw in (only(released(plan, guest)), feed_bytes(plan.ceremony, entries(plan))):
        assert complaints(raw) == []
        by_reader = readings(raw)
        assert by_reader["ical"] == by_reader["icalendar"] == by_reader["vobject"]


@settings(deadline=None, max_examples=100)  # the machine may be busy
@given(st.text(min_size=1, max_size=300))
def test_text_is_read_as_it_was_cleaned(text: str) -> None:
    raw = only(released(part(title=text, venue=Venue(name=text)), person(address=text, posts_text="")))
    assert lint(raw) == []
    (reading,) = readings(raw)["icalendar"]
    assert (reading.summary, reading.location) == (plain(text) or "—", plain(text))
    assert reading.description.partition("\n")[0] == f"Kính mời: {plain(text)}"


@pytest.mark.parametrize("offset", range(80))
def test_lines_are_cut_between_letters(offset: int) -> None:
    """At every offset: letters of three octets, a surrogate pair elsewhere, escapes, a mark of its own."""
    text = "x" * offset + "ỷ🇻🇳;,ế" * 12 + "n\u0323\u0302"
    raw = only(released(part(title=text), person()))
    rows = raw.split(b"\r\n")
    assert max(map(len, rows)) <= 75
    assert [row.decode() for row in rows if row.startswith(b"\x80")] == []
    assert [row for row in rows if row.endswith(b"\\")] == []
    assert {reader: events[0].summary for reader, events in readings(raw).items()} == dict.fromkeys(
        ("ical", "icalendar", "vobject"), plain(text)
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("C:\\New Folder", "C:/New Folder"),
        ("và\\hoặc", "và/hoặc"),
        ("hai\r\ndòng", "hai dòng"),
        (normalize("NFD", "Thủy"), "Thủy"),
        ("a\u202eb\u2028c\ufeff", "ab c"),
        ("không\u00a0ngắt", "không ngắt"),
        ("\udc80x\uffff", "x"),
        (None, ""),
    ],
)
def test_plain_text_is_one_clean_line(written: str | None, read: str) -> None:
    assert plain(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('Ông "Tư" Nguyễn', "Ông ”Tư” Nguyễn"),
        ("A; B: C, D^E\\F", "A B C D E F"),
        (";:,^", ""),
        ("Nguyễn\r\nX-EVIL:1", "Nguyễn X-EVIL 1"),
    ],
)
def test_common_names_need_no_escape(written: str, read: str) -> None:
    assert common_name(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Moi.Hop@UBND.Example.ORG", "Moi.Hop@ubnd.example.org"),
        (" a+b_c@d.vn ", "a+b_c@d.vn"),
        ("mailto:a@b.vn", "a@b.vn"),
        ("a@xn--tnmin-2raz7b.vn", "a@xn--tnmin-2raz7b.vn"),
        (f"{'a' * 64}@b.vn", f"{'a' * 64}@b.vn"),
        (f"{'a' * 65}@b.vn", None),
        (f"a@{'b' * 64}.vn", None),
        (f"a@{'b.' * 126}vn", None),
        ("Trần <a@b.vn>", None),
        ("a@b", None),
        ("a@b.1", None),
        ("a@@b.vn", None),
        ("a..b@c.vn", None),
        (".a@c.vn", None),
        ("a b@c.vn", None),
        ("a@b.vn, c@d.vn", None),
        ("a@b.vn?bcc=c@d.vn", None),
        ("a%0Ab@c.vn", None),
        ("a@b.vn\r\nBcc: c@d.vn", None),
        ("à@b.vn", None),
        ("a@faß.de", None),
        ("a@-b.vn", None),
        ("@b.vn", None),
        ("", None),
        (None, None),
    ],
)
def test_mailboxes_are_those_that_mail_surely_reaches(written: str | None, read: str | None) -> None:
    assert mailbox(written) == read


def test_nothing_is_written_without_asserts() -> None:
    """Under `python -O` icalendar lets line ends through."""
    command = [sys.executable, "-O", "-c", "import services.dispatch.model"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("RuntimeError: Calendar objects are not written under `python -O`")


def test_the_description_names_nobody_else() -> None:
    """One ATTENDEE, and no other guest's address anywhere in the bytes."""
    everybody = [person(number, email=f"khach{number}@example.org") for number in range(1, 4)]
    changes = released(part(), *everybody).changes
    found = [[n for n in range(1, 4) if f"khach{n}@".encode() in (change.raw or b"")] for change in changes]
    assert found == [[1], [2], [3]]


def test_a_person_without_address_is_still_named() -> None:
    guest = person().model_copy(update={"person": PersonFields(name="Trần Văn Thử")})
    raw = only(released(part(), guest))
    assert readings(raw)["ical"][0].description.partition("\n")[0] == (
        "Kính mời: Ông Trần Văn Thử, Chủ tịch UBND xã Ví Dụ"
    )

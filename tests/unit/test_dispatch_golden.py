"""Every kind of calendar object, byte for byte, before our linter and other people's readers."""

import pytest

from services.dispatch.model.lint import lint
from tests.unit.dispatch_judges import complaints, readings
from tests.unit.dispatch_support import GOLDEN, goldens

OBJECTS = dict(goldens())
named = pytest.mark.parametrize("name", OBJECTS)


@named
def test_objects_are_as_they_were_agreed(name: str) -> None:
    assert OBJECTS[name].decode() == (GOLDEN / name).read_bytes().decode()


def test_every_golden_file_is_still_made() -> None:
    assert sorted(path.name for path in GOLDEN.glob("*.ics")) == sorted(OBJECTS)


@named
def test_objects_pass_the_linter(name: str) -> None:
    assert lint(OBJECTS[name]) == []


@named
def test_other_readers_have_no_complaint(name: str) -> None:
    assert complaints(OBJECTS[name]) == []


@named
def test_other_readers_read_the_same(name: str) -> None:
    by_reader = readings(OBJECTS[name])
    assert by_reader["ical"] == by_reader["icalendar"] == by_reader["vobject"]


def test_making_objects_again_gives_the_same_bytes() -> None:
    assert dict(goldens()) == OBJECTS


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (b"SUMMARY:", b"X-SUMMARY:", "libical: X-LIC-ERROR;X-LIC-ERRORTYPE=INVALID-ITIP"),
        (b"STATUS:CONFIRMED", b"STATUS:CANCELLED", "libical: X-LIC-ERROR;X-LIC-ERRORTYPE=INVALID-ITIP"),
        (b"TZID:Asia/Ho_Chi_Minh", b"TZID:Asia/Hanoi", "icalendar: no VTIMEZONE for Asia/Ho_Chi_Minh"),
    ],
)
def test_the_judges_do_judge(old: bytes, new: bytes, complaint: str) -> None:
    """Lest their silence about our objects say nothing."""
    found = complaints(OBJECTS["request.ics"].replace(old, new))
    assert [text for text in found if text.startswith(complaint)] != []

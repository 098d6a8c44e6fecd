"""How local times are written."""

from datetime import date

import pytest

from services.dispatch.model.zones import known, zone_block
from tests.unit.dispatch_judges import readings
from tests.unit.dispatch_support import only, part, person, properties, released

DAY = date(2024, 7, 1)
HO_CHI_MINH = (
    "BEGIN:VTIMEZONE\r\nTZID:Asia/Ho_Chi_Minh\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
    "TZOFFSETFROM:+0700\r\nTZOFFSETTO:+0700\r\nTZNAME:+07\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)


def test_vietnam_has_one_constant_block() -> None:
    assert (zone_block("Asia/Ho_Chi_Minh", DAY) or b"").decode() == HO_CHI_MINH


@pytest.mark.parametrize(
    ("zone", "on", "block"),
    [
        ("Asia/Tokyo", DAY, True),
        ("Asia/Kathmandu", DAY, True),
        ("Europe/Paris", DAY, False),
        ("America/New_York", date(2024, 1, 10), False),
        ("Asia/Saigon", DAY, False),
        ("Etc/GMT-7", DAY, False),
        ("UTC", DAY, False),
        ("Asia/Almaty", DAY, False),
        ("Asia/Almaty", date(2026, 7, 1), True),
        ("Asia/Ho_Chi_Minh", date(1975, 9, 2), False),
    ],
)
def test_zones_that_change_or_go_by_old_names_have_none(zone: str, on: date, *, block: bool) -> None:
    assert (zone_block(zone, on) is not None) == block


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("Asia/Ho_Chi_Minh", ("DTSTART;TZID=Asia/Ho_Chi_Minh", "20240701T073000")),
        ("Asia/Saigon", ("DTSTART", "20240701T003000Z")),
        ("Europe/Paris", ("DTSTART", "20240701T053000Z")),
        ("Asia/Kathmandu", ("DTSTART;TZID=Asia/Kathmandu", "20240701T073000")),
    ],
)
def test_starts_are_written_with_a_block_or_in_utc(zone: str, written: tuple[str, str]) -> None:
    raw = only(released(part(timezone=zone), person()))
    assert [pair for pair in properties(raw).items() if pair[0].startswith("DTSTART")] == [written]
    assert raw.count(b"BEGIN:VTIMEZONE") == ("TZID" in written[0])
    moments = {(events[0].start, events[0].end) for events in readings(raw).values()}
    assert len(moments) == 1


@pytest.mark.parametrize("zone", ["Asia/Hanoi", "", "Europe", "../etc/passwd", "a\0b", "x" * 300])
def test_unknown_zones_are_known_as_such(zone: str) -> None:
    assert known(zone) is False

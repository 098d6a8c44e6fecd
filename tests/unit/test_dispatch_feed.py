"""The feed of a ceremony: stable where nothing changed, honest about what did."""

from datetime import time as clock
from datetime import timedelta

from services.dispatch.model.sequence import Sent
from tests.unit.dispatch_judges import complaints, readings
from tests.unit.dispatch_support import (
    AWARDS,
    CLOSING,
    LATER,
    NOW,
    SPEECH,
    ceremony,
    entries,
    feed_bytes,
    part,
    properties,
    uids,
)


def states(found: dict[str, Sent]) -> dict[str, tuple[int, bool, str]]:
    """By key: SEQUENCE, whether cancelled, and the last digit of the UID."""
    return {key: (sent.issue.sequence, sent.issue.cancelled, sent.issue.uid[-1]) for key, sent in found.items()}


def test_each_timed_item_is_an_entry() -> None:
    assert states(entries(part())) == {"speech": (0, False, "1"), "awards": (0, False, "2")}


def test_a_release_that_changes_nothing_leaves_every_byte() -> None:
    first = entries(part())
    again = entries(part(), first, LATER)
    assert feed_bytes(ceremony(), again) == feed_bytes(ceremony(), first)


def test_only_the_entry_that_moved_changes() -> None:
    first = entries(part())
    moved = part(SPEECH, AWARDS.model_copy(update={"start": clock(8, 30)}), CLOSING)
    after = entries(moved, first, LATER)
    assert states(after) == {"speech": (0, False, "1"), "awards": (1, False, "2")}
    assert [after["speech"].issue.dtstamp, after["awards"].issue.dtstamp] == [NOW, LATER]


def test_a_reworded_entry_keeps_its_sequence() -> None:
    first = entries(part())
    after = entries(part(SPEECH.model_copy(update={"title": "Diễn văn"}), AWARDS), first, LATER)
    assert states(after) == states(first)
    assert after["speech"].issue.dtstamp == LATER


def test_a_cancelled_item_stays_for_thirty_days() -> None:
    new_uid = uids()
    first = entries(part(), new_uid=new_uid)
    fewer = part(AWARDS, CLOSING)
    gone = entries(fewer, first, LATER)
    assert states(gone) == {"awards": (0, False, "2"), "speech": (1, True, "1")}
    assert properties(feed_bytes(ceremony(), gone))["STATUS"] == "CANCELLED"
    nearly = entries(fewer, gone, LATER + timedelta(days=29, hours=23))
    assert states(nearly) == states(gone)
    assert states(entries(fewer, nearly, LATER + timedelta(days=30))) == {"awards": (0, False, "2")}


def test_an_item_that_comes_back_gets_a_new_uid() -> None:
    new_uid = uids()
    gone = entries(part(AWARDS), entries(part(), new_uid=new_uid), LATER)
    back = entries(part(), gone, LATER, new_uid=new_uid)
    assert states(back)["speech"] == (0, False, "3")


def test_the_ceremony_stands_in_for_items_without_times() -> None:
    new_uid = uids()
    untimed = entries(part(CLOSING), new_uid=new_uid)
    assert states(untimed) == {"": (0, False, "1")}
    timed = entries(part(SPEECH), untimed, LATER, new_uid=new_uid)
    assert states(timed) == {"speech": (0, False, "2")}


def test_a_cancelled_ceremony_cancels_every_entry() -> None:
    off = entries(part(cancelled=True), entries(part()), LATER)
    assert states(off) == {"speech": (1, True, "1"), "awards": (1, True, "2")}


def test_a_feed_without_a_day_is_empty_and_lawful() -> None:
    raw = feed_bytes(ceremony(on=None), entries(part(on=None)))
    assert readings(raw) == {"ical": [], "icalendar": [], "vobject": []}
    assert complaints(raw) == []


def test_items_are_in_the_order_of_time() -> None:
    raw = feed_bytes(ceremony(), entries(part(AWARDS, SPEECH)))
    assert [event.summary for event in readings(raw)["ical"]] == [
        "Diễn văn khai mạc",
        "Trao giấy khen; tặng hoa, quà",
    ]


def test_an_item_without_a_length_has_no_end() -> None:
    for minutes in (None, 0):
        raw = feed_bytes(ceremony(), entries(part(SPEECH.model_copy(update={"minutes": minutes}))))
        assert [event.end for event in readings(raw)["icalendar"]] == [None]


def test_the_feed_names_nobody() -> None:
    raw = feed_bytes(ceremony(), entries(part()))
    assert [text for text in ("Trần Văn Thử", "Lê Thị Mẫu", "@", "mailto") if text in raw.decode()] == []


def test_a_zone_whose_clock_changed_between_entries_is_written_in_utc() -> None:
    """One TZID cannot stand for two blocks: Almaty went from +06 to +05 on 1 March 2024."""
    earlier = part(SPEECH, timezone="Asia/Almaty").ceremony.model_copy(update={"on": NOW.date().replace(year=2022)})
    new_uid = uids()
    old = entries(part(SPEECH).model_copy(update={"ceremony": earlier}), new_uid=new_uid)
    later = ceremony(timezone="Asia/Almaty", on=NOW.date().replace(year=2026))
    now_on = entries(part(AWARDS).model_copy(update={"ceremony": later}), old, LATER, new_uid=new_uid)
    starts = [event.start for event in readings(feed_bytes(later, now_on))["icalendar"]]
    assert [f"{start:%Y-%m-%d %H:%M}" for start in starts if start] == ["2022-06-20 01:45", "2026-06-20 03:05"]
    assert b"TZID" not in feed_bytes(later, now_on)

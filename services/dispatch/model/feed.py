"""The calendar of a ceremony for subscribers: one entry for each item that has a time."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta

from schemas.scheduling import Ceremony, SchedulingPart
from services.dispatch.model.ical import write_feed
from services.dispatch.model.occasion import Occasion, ceremony_entry, ceremony_title, item_entry
from services.dispatch.model.release import NewUid, out_of_calendar
from services.dispatch.model.sequence import Sent, again, first, withdrawn
from services.dispatch.model.words import Words

KEPT = timedelta(days=30)  # how long a subscriber may not have looked, and still learns that an item was cancelled
STAND_IN = ""  # the key of the ceremony itself, which stands for items without times

Entries = Mapping[str, Sent]


def next_entries(
    part: SchedulingPart, words: Words, before: Entries, now: datetime, *, new_uid: NewUid
) -> dict[str, Sent]:
    """The entries after a release, by the item's key."""
    wanted = dict(_wanted(part, words))
    after = {key: _entry(said, before.get(key), now, new_uid) for key, said in wanted.items()}
    for key in before.keys() - wanted.keys():
        if kept := _gone(key, before[key], now, replaced=bool(wanted)):
            after[key] = kept
    return after


def feed_bytes(ceremony: Ceremony, words: Words, entries: Entries) -> bytes:
    in_order = sorted(entries.values(), key=_place)
    title = ceremony_title(ceremony, words)
    return write_feed(title, ceremony.timezone, [(sent.said, sent.issue) for sent in in_order])


def _wanted(part: SchedulingPart, words: Words) -> Iterator[tuple[str, Occasion]]:
    ceremony = part.ceremony
    if ceremony.cancelled or out_of_calendar(ceremony):
        return
    timed = [item for item in part.items if item.start is not None]
    yield from ((item.key, item_entry(ceremony, item, words)) for item in timed)
    if not timed:
        text = words.time_unset if ceremony.start is None else ""
        yield STAND_IN, ceremony_entry(ceremony, words).model_copy(update={"description": text})


def _entry(said: Occasion, before: Sent | None, now: datetime, new_uid: NewUid) -> Sent:
    if before is None or before.issue.cancelled:
        return first(said, new_uid(), now)
    return again(before, said, now)[1]


def _gone(key: str, before: Sent, now: datetime, *, replaced: bool) -> Sent | None:
    """A cancelled entry is shown for a while; the stand-in makes way for the items without being cancelled."""
    if key == STAND_IN and replaced:
        return None
    if not before.issue.cancelled:
        return withdrawn(before, now, whole=True)
    return before if now - before.issue.dtstamp < KEPT else None


def _place(sent: Sent) -> tuple[object, ...]:
    return sent.said.on, sent.said.start or time.min, sent.issue.uid

"""A plainly fictitious ceremony and its guests, and what a release of it leads to; for the tests of dispatch."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from itertools import count
from pathlib import Path
from typing import Any

from schemas.guests import GroupFields, Guest, GuestsPart, PersonFields
from schemas.scheduling import Ceremony, Item, Role, SchedulingPart, Venue
from services.dispatch.model.feed import Entries, next_entries
from services.dispatch.model.feed import feed_bytes as feed_bytes_in
from services.dispatch.model.release import Before, NewUid, Prepared, prepare
from services.dispatch.model.sequence import Sent
from services.dispatch.words import words_for

NOW = datetime(2024, 6, 20, 1, 0, 0, tzinfo=UTC)
LATER = datetime(2024, 6, 21, 2, 30, 0, tzinfo=UTC)
_LINE = re.compile(r'((?:[^":]|"[^"]*")*):(.*)')
GOLDEN = Path(__file__).parent / "golden" / "dispatch"

SPEECH = Item(
    id="item-1",
    key="speech",
    position=1,
    kind="speech",
    title="Diễn văn khai mạc",
    start=time(7, 45),
    minutes=10,
    roles=(Role(role="speaker", kind="guest", guest="guest-1", text="Ông Trần Văn Thử"),),
)
AWARDS = Item(
    id="item-2",
    key="awards",
    position=2,
    kind="award",
    title="Trao giấy khen; tặng hoa, quà",
    start=time(8, 5),
    minutes=20,
    roles=(
        Role(role="presenter", kind="guest", guest="guest-1", text="Ông Trần Văn Thử"),
        Role(role="announcer", kind="text", text="Ban Tổ chức"),
    ),
)
CLOSING = Item(id="item-3", key="closing", position=3, kind="closing", title="Bế mạc")


def ceremony(**changed: Any) -> Ceremony:
    facts: dict[str, Any] = {
        "id": "ceremony-1",
        "code": "le-thu",
        "office": "office-1",
        "version": 3,
        "release": 1,
        "title": "Lễ ra mắt Lực lượng thử nghiệm, xã Ví Dụ",
        "host": "UBND xã Ví Dụ",
        "venue": Venue(name="Nhà văn hóa Ví Dụ", unit="xã Ví Dụ, tỉnh Mẫu"),
        "on": date(2024, 7, 1),
        "start": time(7, 30),
        "end": time(9, 0),
        "organizer_email": "moi@vidu.example.org",
        "contact": "Bà Lê Thị Mẫu, 0100 000 000",
        "dress": "Lễ phục",
    }
    return Ceremony(**facts | changed)


def part(*items: Item, **changed: Any) -> SchedulingPart:
    return SchedulingPart(ceremony=ceremony(**changed), items=items or (SPEECH, AWARDS, CLOSING), hash="h")


def person(number: int = 1, email: str | None = "thu@khach.example.org", **changed: Any) -> Guest:
    who = PersonFields(name=changed.pop("name", "Trần Văn Thử"), honorific="Ông", email=email)
    facts: dict[str, Any] = {
        "id": f"guest-{number}",
        "version": 1,
        "position": number,
        "person": who,
        "address": f"Ông {who.name}",
        "posts_text": "Chủ tịch UBND xã Ví Dụ",
    }
    return Guest(**facts | changed)


def group(number: int = 9, email: str | None = None, label: str = "Đại diện các tổ dân phố") -> Guest:
    return Guest(
        id=f"guest-{number}",
        version=1,
        position=number,
        group=GroupFields(label=label, head_count=12, head_count_kind="planned", email=email),
        address=label,
        posts_text="",
    )


def guests(*who: Guest) -> GuestsPart:
    return GuestsPart(guests=who, version=1, hash="h")


def uids() -> NewUid:
    numbers = count(1)
    return lambda: f"00000000-0000-4000-8000-{next(numbers):012d}"


def released(
    plan: SchedulingPart,
    *who: Guest,
    before: Prepared | Mapping[str, Before] | None = None,
    now: datetime = NOW,
    new_uid: NewUid | None = None,
) -> Prepared:
    """What a release leads to, after an earlier one."""
    known = standing(before) if isinstance(before, Prepared) else before or {}
    return prepare(plan, guests(*who), words_for(plan.ceremony), known, now, new_uid=new_uid or uids())


def entries(
    plan: SchedulingPart, before: Entries | None = None, now: datetime = NOW, new_uid: NewUid | None = None
) -> dict[str, Sent]:
    """The feed's entries after a release."""
    return next_entries(plan, words_for(plan.ceremony), before or {}, now, new_uid=new_uid or uids())


def feed_bytes(of: Ceremony, found: Entries) -> bytes:
    return feed_bytes_in(of, words_for(of), found)


def standing(prepared: Prepared) -> Mapping[str, Before]:
    """What stands after a release: every guest's invitation that is not cancelled."""
    return {
        change.guest_id: Before(change.sent, change.file_name)
        for change in prepared.changes
        if not change.sent.issue.cancelled
    }


def only(prepared: Prepared) -> bytes:
    """The bytes of the only invitation that a release gave out."""
    (raw,) = (change.raw for change in prepared.changes if change.raw is not None)
    return raw


def properties(raw: bytes) -> dict[str, str]:
    """The lines of the first event, unfolded: name with parameters → value as written."""
    event = raw.decode().replace("\r\n ", "").partition("BEGIN:VEVENT\r\n")[2].partition("\r\nEND:VEVENT")[0]
    found = (_LINE.fullmatch(line) for line in event.split("\r\n"))
    return {line[1]: line[2] for line in found if line}


def goldens() -> Iterator[tuple[str, bytes]]:
    """Every kind of object that leaves the house, by the name of its file."""
    plan, guest = part(), person()
    first = released(plan, guest)
    yield "request.ics", only(first)
    moved = part(start=time(8, 0), end=time(9, 30))
    yield "request-moved.ics", only(released(moved, guest, before=first, now=LATER))
    reworded = part(dress="Quân phục")
    yield "request-reworded.ics", only(released(reworded, guest, before=first, now=LATER))
    yield "cancel-ceremony.ics", only(released(part(cancelled=True), guest, before=first, now=LATER))
    yield "cancel-guest.ics", only(released(plan, before=first, now=LATER))
    yield "request-group.ics", only(released(plan, group(email="to@khach.example.org")))
    yield "request-day-only.ics", only(released(part(start=None, end=None), guest))
    yield "request-no-end.ics", only(released(part(end=None), guest))
    yield "request-summer-time.ics", only(released(part(timezone="Europe/Paris", language="en"), guest))
    no_mail = released(plan, person(email=None))
    yield "file.ics", only(no_mail)
    yield "file-cancelled.ics", only(released(plan, before=no_mail, now=LATER))
    yield from _feeds()


def _feeds() -> Iterator[tuple[str, bytes]]:
    first = entries(part())
    yield "feed.ics", feed_bytes(ceremony(), first)
    yield "feed-item-cancelled.ics", feed_bytes(ceremony(), entries(part(AWARDS, CLOSING), first, LATER))
    untimed = part(CLOSING, start=None, end=None)
    yield "feed-day-only.ics", feed_bytes(untimed.ceremony, entries(untimed))
    undated = part(on=None)
    yield "feed-empty.ics", feed_bytes(undated.ceremony, entries(undated))


if __name__ == "__main__":  # after a change that is meant: python -m tests.unit.dispatch_support, then read the diff
    for name, raw in goldens():
        (GOLDEN / name).write_bytes(raw)

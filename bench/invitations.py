"""Invitations per second on one core: ours (built, sequenced, linted) beside plain icalendar, in one run.

One ceremony of 25 items, every guest with a role; Vietnamese text of about
3.7 kB each. CPU time of this process, best of three, so that a busy machine disturbs little.
"""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from datetime import time as clock
from uuid import uuid4

from icalendar import Calendar, Event, vCalAddress
from icalendar.enums import STATUS, TRANSP

from schemas.guests import Guest, GuestsPart, PersonFields
from schemas.scheduling import Ceremony, Item, Role, SchedulingPart, Venue
from services.dispatch.model.card import card
from services.dispatch.model.ical import Issue, write_message
from services.dispatch.model.occasion import Occasion
from services.dispatch.model.release import prepare
from services.dispatch.model.zones import moment
from services.dispatch.words import words_for

NOW = datetime(2024, 6, 20, tzinfo=UTC)


def plan() -> SchedulingPart:
    items = tuple(
        Item(
            id=f"item-{number}",
            key=f"item-{number}",
            position=number + 1,
            title=f"Phát biểu của đại diện lãnh đạo; trao giấy khen, tặng hoa đợt {number + 1}",
            start=clock(7 + number // 6, number * 10 % 60),
            minutes=10,
            roles=(Role(role="speaker", kind="guest", guest=f"guest-{number}", text="Ông Trần Văn Thử"),),
        )
        for number in range(25)
    )
    ceremony = Ceremony(
        id="ceremony",
        code="le-thu",
        office="office",
        version=1,
        release=1,
        title="Lễ ra mắt Lực lượng thử nghiệm tham gia bảo vệ an ninh, trật tự ở cơ sở",
        on=date(2024, 7, 1),
        start=clock(7, 30),
        end=clock(11, 0),
        host="UBND xã Ví Dụ",
        organizer_email="moi@vidu.example.org",
        venue=Venue(name="Nhà văn hóa Ví Dụ", unit="phường Thử Nghiệm, quận Ví Dụ, TP Mẫu"),
        dress="Lễ phục",
        contact="Bà Lê Thị Mẫu, 0100 000 000",
    )
    return SchedulingPart(ceremony=ceremony, items=items, hash="bench")


def people(count: int) -> GuestsPart:
    guests = (
        Guest(
            id=f"guest-{number}",
            version=1,
            position=number,
            person=PersonFields(name="Trần Văn Thử", honorific="Ông", email=f"khach{number}@example.org"),
            address="Ông Trần Văn Thử",
            posts_text="Chủ tịch UBND xã Ví Dụ",
        )
        for number in range(count)
    )
    return GuestsPart(guests=tuple(guests), version=1, hash="bench")


def plain(occasion: Occasion, uid: str, *, with_zone: bool) -> bytes:
    """The same event as the documentation of icalendar shows it, without sanitising and without a linter."""
    route, start, end = occasion.route, occasion.begins, occasion.ends
    if route is None or start is None or end is None:
        raise ValueError("The bench compares messages with a start and an end.")
    event = Event.new(
        uid=uid,
        sequence=0,
        stamp=NOW,
        start=moment(start, occasion.zone),
        end=moment(end, occasion.zone),
        summary=occasion.summary,
        description=occasion.description,
        location=occasion.location,
        status=STATUS.CONFIRMED,
        transparency=TRANSP.OPAQUE,
        organizer=vCalAddress.new(route.organizer.address, cn=route.organizer.name),
        attendees=[
            vCalAddress.new(
                route.attendee.address,
                cn=route.attendee.name,
                cutype="INDIVIDUAL",
                role="REQ-PARTICIPANT",
                partstat="NEEDS-ACTION",
                rsvp=True,
            )
        ],
    )
    calendar = Calendar.new(method="REQUEST", prodid="-//bench//EN", subcomponents=[event])
    if with_zone:
        calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def rate(count: int, work: Callable[[], object]) -> float:
    best = min(_seconds(work) for _ in range(3))
    return count / best


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def rows(count: int = 500) -> list[tuple[str, str, str, str]]:
    part, guests = plan(), people(count)
    words = words_for(part.ceremony)
    drawn = card(part, words)
    occasions = [drawn.for_guest(guest) for guest in guests.guests]
    ours = [(one, Issue(uid=str(uuid4()), sequence=0, dtstamp=NOW)) for one in occasions]
    few = occasions[: max(1, count // 10)]

    def release() -> object:
        return prepare(part, guests, words, {}, NOW, new_uid=lambda: str(uuid4()))

    built = rate(count, lambda: [write_message(*one) for one in ours])
    whole = rate(count, release)
    bare = rate(count, lambda: [plain(one, "u", with_zone=False) for one in occasions])
    zoned = rate(len(few), lambda: [plain(one, "u", with_zone=True) for one in few])
    beside = f"{bare:,.0f} /s plain icalendar without its zone (not lawful), {zoned:,.0f} /s with it"
    return [
        ("invitations built and linted, one core", f"{built:,.0f} /s", beside, f"{built / zoned:.0f} ×"),
        (
            "invitations of a release: compared, worded, built, linted",
            f"{whole:,.0f} /s",
            beside,
            f"{whole / zoned:.0f} ×",
        ),
    ]

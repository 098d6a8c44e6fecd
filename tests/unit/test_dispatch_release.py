"""What a release does to each guest: SEQUENCE, DTSTAMP, UID, and which message."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest

from schemas.errors import fill
from schemas.guests import Guest
from schemas.scheduling import SchedulingPart, Venue
from services.dispatch.model.release import Before, Prepared, file_name
from services.dispatch.model.sequence import Sent
from tests.unit.dispatch_support import (
    AWARDS,
    CLOSING,
    LATER,
    NOW,
    SPEECH,
    entries,
    feed_bytes,
    group,
    only,
    part,
    person,
    properties,
    released,
    standing,
    uids,
)

ATTENDEE = 'ATTENDEE;CN="Trần Văn Thử";CUTYPE=INDIVIDUAL;PARTSTAT={};ROLE=REQ-PARTICIPANT;RSVP={}'
ORGANIZER = 'ORGANIZER;CN="UBND xã Ví Dụ"'


def outcomes(prepared: Prepared) -> list[tuple[str, str, int]]:
    return [(change.guest_id, change.outcome, change.sent.issue.sequence) for change in prepared.changes]


def method(raw: bytes) -> str | None:
    return next((line[7:].decode() for line in raw.split(b"\r\n") if line.startswith(b"METHOD:")), None)


def test_everybody_is_invited_once() -> None:
    first = released(part(), person(1), person(2, name="Lê Thị Mẫu", email="mau@khach.example.org"))
    assert outcomes(first) == [("guest-1", "created", 0), ("guest-2", "created", 0)]
    again = released(part(), person(1), person(2, name="Lê Thị Mẫu", email="mau@khach.example.org"), before=first)
    assert outcomes(again) == [("guest-1", "unchanged", 0), ("guest-2", "unchanged", 0)]
    assert [change.raw for change in again.changes] == [None, None]
    assert again.counts() == {"unchanged": 2}


@pytest.mark.parametrize(
    "changed",
    [
        {"start": time(8, 0)},
        {"end": time(9, 30)},
        {"end": None},
        {"start": None},
        {"on": date(2024, 7, 2)},
        {"timezone": "Asia/Tokyo"},
        {"venue": Venue(name="Sân vận động")},
    ],
    ids=str,
)
def test_what_endangers_an_answer_raises_the_sequence(changed: dict[str, object]) -> None:
    """RFC 5546 section 2.1.4; a moved place is its own example."""
    first = released(part(), person())
    moved = released(part(**changed), person(), before=first, now=LATER)
    assert outcomes(moved) == [("guest-1", "rescheduled", 1)]
    lines = properties(only(moved))
    assert lines["UID"] == properties(only(first))["UID"]
    assert (lines["SEQUENCE"], lines["DTSTAMP"]) == ("1", "20240621T023000Z")
    assert lines[ATTENDEE.format("NEEDS-ACTION", "TRUE")] == "mailto:thu@khach.example.org"


@pytest.mark.parametrize(
    ("plan", "guest"),
    [
        (part(title="Lễ ra mắt"), person()),
        (part(host="UBND tỉnh Mẫu"), person()),
        (part(dress="Quân phục"), person()),
        (part(contact=None), person()),
        (part(AWARDS, SPEECH), person()),
        (part(), person(posts_text="Bí thư Đảng ủy xã")),
        (part(), person(name="Trần Văn Thư")),
    ],
    ids=("title", "host", "dress", "contact", "items", "posts", "name"),
)
def test_wording_keeps_the_sequence(plan: SchedulingPart, guest: Guest) -> None:
    first = released(part(), person())
    reworded = released(plan, guest, before=first, now=LATER)
    assert outcomes(reworded) == [("guest-1", "reworded", 0)]
    lines = properties(only(reworded))
    assert (lines["UID"], lines["SEQUENCE"], lines["DTSTAMP"]) == (
        properties(only(first))["UID"],
        "0",
        "20240621T023000Z",
    )


def answered(sent: Sent, partstat: str) -> Sent:
    return sent.model_copy(update={"issue": sent.issue.model_copy(update={"partstat": partstat})})


def test_a_known_answer_outlives_wording_and_not_a_move() -> None:
    first = released(part(), person())
    before = {"guest-1": Before(answered(first.changes[0].sent, "ACCEPTED"), "x.ics")}
    reworded = released(part(dress="Quân phục"), person(), before=before)
    assert ATTENDEE.format("ACCEPTED", "FALSE") in properties(only(reworded))
    moved = released(part(start=time(8, 0)), person(), before=before)
    assert ATTENDEE.format("NEEDS-ACTION", "TRUE") in properties(only(moved))
    assert moved.changes[0].sent.issue.partstat == "NEEDS-ACTION"


def test_dtstamp_grows_though_the_clock_stands_still() -> None:
    prepared, stamps = released(part(), person()), list[datetime]()
    for dress in ("A", "B", "A", "B"):
        stamps.append(prepared.changes[0].sent.issue.dtstamp)
        prepared = released(part(dress=dress), person(), before=prepared, now=NOW)
    assert {later - earlier for earlier, later in pairwise(stamps)} == {timedelta(seconds=1)}


def test_dtstamp_grows_though_the_clock_goes_back() -> None:
    first = released(part(), person(), now=LATER)
    again = released(part(dress="A"), person(), before=first, now=NOW)
    assert again.changes[0].sent.issue.dtstamp == LATER + timedelta(seconds=1)


def test_a_clock_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        released(part(), person(), now=datetime(2024, 6, 20))  # noqa: DTZ001 - the point of it


def test_a_removed_guest_gets_a_cancellation_without_status() -> None:
    """RFC 5546 section 3.2.5: STATUS only when the whole event is cancelled."""
    first = released(part(), person())
    gone = released(part(start=time(8, 0)), before=first, now=LATER)
    assert outcomes(gone) == [("guest-1", "cancelled", 1)]
    raw = only(gone)
    assert method(raw) == "CANCEL"
    lines = properties(raw)
    assert "STATUS" not in lines
    kept = ("UID", "SUMMARY", "LOCATION", "DTSTART;TZID=Asia/Ho_Chi_Minh", "DTEND;TZID=Asia/Ho_Chi_Minh", ORGANIZER)
    assert [lines[name] for name in kept] == [properties(only(first))[name] for name in kept]


def test_a_cancelled_ceremony_is_called_off_for_everybody() -> None:
    first = released(part(), person(1), person(2, email=None))
    off = released(part(cancelled=True), person(1), person(2, email=None), before=first)
    assert outcomes(off) == [("guest-1", "cancelled", 1), ("guest-2", "cancelled", 1)]
    written = [change.raw or b"" for change in off.changes]
    assert [method(raw) for raw in written] == ["CANCEL", None]
    assert [properties(raw)["STATUS"] for raw in written] == ["CANCELLED", "CANCELLED"]


def test_nobody_new_is_invited_to_a_cancelled_ceremony() -> None:
    assert released(part(cancelled=True), person()).changes == ()


def test_whoever_is_invited_again_gets_a_new_uid() -> None:
    new_uid = uids()
    first = released(part(), person(), new_uid=new_uid)
    gone = released(part(), before=first, new_uid=new_uid)
    back = released(part(), person(), before=gone, new_uid=new_uid)
    assert outcomes(back) == [("guest-1", "created", 0)]
    assert back.changes[0].sent.issue.uid != first.changes[0].sent.issue.uid


@pytest.mark.parametrize(
    ("plan", "guest"),
    [
        (part(), person(email="khac@khach.example.org")),
        (part(organizer_email="khac@vidu.example.org"), person()),
    ],
    ids=("guest", "organizer"),
)
def test_another_address_gets_another_uid(plan: SchedulingPart, guest: Guest) -> None:
    """The UID is the key to the answer; and a calendar takes changes from the organizer alone."""
    new_uid = uids()
    first = released(part(), person(), new_uid=new_uid)
    again = released(plan, guest, before=first, new_uid=new_uid)
    assert outcomes(again) == [("guest-1", "cancelled", 1), ("guest-1", "created", 0)]
    cancelled, created = (properties(change.raw or b"") for change in again.changes)
    assert cancelled[ORGANIZER] == "mailto:moi@vidu.example.org"
    assert cancelled[ATTENDEE.format("NEEDS-ACTION", "FALSE")] == "mailto:thu@khach.example.org"
    assert cancelled["UID"] != created["UID"]
    assert len({change.file_name for change in again.changes}) == 2


def test_an_address_that_is_taken_away_gets_a_cancellation() -> None:
    new_uid = uids()
    first = released(part(), person(), new_uid=new_uid)
    again = released(part(), person(email=None), before=first, new_uid=new_uid)
    assert [method(change.raw or b"") for change in again.changes] == ["CANCEL", None]


def test_a_file_becomes_a_message_under_the_same_uid() -> None:
    first = released(part(), person(email=None))
    again = released(part(), person(), before=first)
    assert outcomes(again) == [("guest-1", "reworded", 0)]
    assert method(only(again)) == "REQUEST"
    assert properties(only(again))["UID"] == properties(only(first))["UID"]


def test_a_guest_without_address_gets_a_file_of_no_scheduling() -> None:
    raw = only(released(part(), person(email=None)))
    assert method(raw) is None
    lines = properties(raw)
    assert [name for name in lines if name.startswith(("ATTENDEE", "ORGANIZER"))] == []
    assert lines["LAST-MODIFIED"] == lines["DTSTAMP"]


def test_groups_are_written_to_where_there_is_an_address() -> None:
    both = released(part(), group(8), group(9, email="to@khach.example.org"))
    raws = [change.raw or b"" for change in both.changes]
    assert [method(raw) for raw in raws] == [None, "REQUEST"]
    cn = 'ATTENDEE;CN="Đại diện các tổ dân phố";CUTYPE=GROUP;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE'
    assert properties(raws[1])[cn] == "mailto:to@khach.example.org"
    invited = [properties(raw)["DESCRIPTION"].partition("\\n")[0] for raw in raws]
    assert invited == ["Kính mời: Đại diện các tổ dân phố"] * 2


def test_only_a_day_is_an_all_day_event_that_says_so() -> None:
    lines = properties(only(released(part(start=None, end=time(9, 0)), person())))
    assert lines["DTSTART;VALUE=DATE"] == "20240701"
    assert lines["DTEND;VALUE=DATE"] == "20240702"
    assert (lines["STATUS"], lines["TRANSP"]) == ("TENTATIVE", "TRANSPARENT")
    assert lines["DESCRIPTION"].split("\\n")[1] == "Giờ bắt đầu chưa được ấn định\\, sẽ thông báo sau."


def test_a_time_that_becomes_known_is_a_reschedule() -> None:
    first = released(part(start=None, end=None), person())
    timed = released(part(), person(), before=first)
    assert outcomes(timed) == [("guest-1", "rescheduled", 1)]
    assert properties(only(timed))["STATUS"] == "CONFIRMED"


@pytest.mark.parametrize("end", [None, time(7, 30), time(6, 0)])
def test_an_unknown_end_is_not_made_up(end: time | None) -> None:
    lines = properties(only(released(part(end=end), person())))
    assert [name for name in lines if name.startswith(("DTEND", "DURATION"))] == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"on": None}, "The ceremony has no day yet, so nobody can be invited to it. Set its day and release again."),
        (
            {"on": date(24, 7, 1)},
            "The day 0024-07-01 is in no calendar. Correct the day of the ceremony and release again.",
        ),
        (
            {"timezone": "Asia/Hanoi"},
            "The time zone Asia/Hanoi is not known. Give an IANA name such as Asia/Ho_Chi_Minh and release again.",
        ),
    ],
)
def test_without_a_place_in_the_calendar_nobody_is_invited(changed: dict[str, object], sentence: str) -> None:
    prepared = released(part(**changed), person())
    assert prepared.changes == ()
    assert [fill(problem.sentence, problem.params) for problem in prepared.problems] == [sentence]
    assert [problem.severity for problem in prepared.problems] == ["error"]


def test_a_day_that_is_lost_calls_the_ceremony_off() -> None:
    first = released(part(), person())
    lost = released(part(on=None), person(), before=first)
    assert outcomes(lost) == [("guest-1", "cancelled", 1)]
    assert properties(only(lost))["STATUS"] == "CANCELLED"


@pytest.mark.parametrize(
    ("organizer", "email", "of_all", "of_guest"),
    [
        ("moi@vidu.example.org", "thu@khach.example.org", [], []),
        ("moi@vidu.example.org", None, [], []),
        ("moi@vidu.example.org", "không có", [], [("warning", "không có")]),
        (None, "thu@khach.example.org", [("note", None)], []),
        ("UBND", "thu@khach.example.org", [("warning", "UBND")], []),
    ],
)
def test_addresses_that_cannot_be_used_are_told(
    organizer: str | None, email: str | None, of_all: list[object], of_guest: list[object]
) -> None:
    prepared = released(part(organizer_email=organizer), person(email=email))
    (change,) = prepared.changes
    assert [(problem.severity, problem.params.get("address")) for problem in prepared.problems] == of_all
    assert [(problem.severity, problem.params.get("address")) for problem in change.problems] == of_guest


def test_the_description_says_what_the_guest_needs() -> None:
    description = properties(only(released(part(), person())))["DESCRIPTION"]
    assert description.replace("\\,", ",").replace("\\;", ";").split("\\n") == [
        "Kính mời: Ông Trần Văn Thử, Chủ tịch UBND xã Ví Dụ",
        "Địa điểm: Nhà văn hóa Ví Dụ, xã Ví Dụ, tỉnh Mẫu",
        "Trang phục: Lễ phục",
        "Liên hệ: Bà Lê Thị Mẫu, 0100 000 000",
        "",
        "Phần tham gia của đại biểu:",
        "Người phát biểu: 07:45 — Diễn văn khai mạc",
        "Người trao: 08:05 — Trao giấy khen; tặng hoa, quà",
        "",
        "Chương trình:",
        "07:45 — Diễn văn khai mạc",
        "08:05 — Trao giấy khen; tặng hoa, quà",
        "— Bế mạc",
    ]


def test_a_sample_says_that_it_is_one() -> None:
    plan = part(sample=True)
    title = "BẢN MINH HỌA: Lễ ra mắt Lực lượng thử nghiệm\\, xã Ví Dụ"
    assert properties(only(released(plan, person())))["SUMMARY"] == title
    feed = feed_bytes(plan.ceremony, entries(plan))
    assert f"X-WR-CALNAME:{title}" in feed.decode().replace("\r\n ", "")
    assert properties(feed)["DESCRIPTION"] == title


def test_unknown_things_are_not_filled_in() -> None:
    plan = part(
        CLOSING.model_copy(update={"position": None}), venue=Venue(), dress=None, contact=None, start=None, end=None
    )
    lines = properties(only(released(plan, person(address="Ông Thử", posts_text="—"))))
    assert "LOCATION" not in lines
    assert lines["DESCRIPTION"].replace("\\,", ",").split("\\n") == [
        "Kính mời: Ông Thử",
        "Giờ bắt đầu chưa được ấn định, sẽ thông báo sau.",
        "Địa điểm: —",
        "",
        "Nội dung (chưa ấn định thứ tự):",
        "— Bế mạc",
    ]


def test_a_role_without_a_word_is_left_to_the_title() -> None:
    roles = (SPEECH.roles[0].model_copy(update={"role": "lights_the_flame"}),)
    description = properties(only(released(part(SPEECH.model_copy(update={"roles": roles})), person())))[
        "DESCRIPTION"
    ]
    assert description.count("07:45 — Diễn văn khai mạc\\n") + description.endswith("khai mạc") == 2


def test_languages_without_words_fall_back() -> None:
    lines = [
        properties(only(released(part(language=language), person())))["DESCRIPTION"].split("\\n")
        for language in ("vi-VN", "lo", "en")
    ]
    assert [line[0].partition(":")[0] for line in lines] == ["Kính mời", "Invited", "Invited"]
    assert [line[6].partition(":")[0] for line in lines] == ["Người phát biểu", "Speaker", "Speaker"]


@pytest.mark.parametrize(
    ("changed", "duty"),
    [
        ({"profile": "vn-province"}, "Người phát biểu: 07:45 — Diễn văn khai mạc"),
        ({"profile": "vn-province", "on": date(1950, 9, 2)}, "Người phát biểu: 07:45 — Diễn văn khai mạc"),
        ({"profile": "was-taken-away"}, "07:45 — Diễn văn khai mạc"),
    ],
)
def test_roles_are_called_what_the_profile_calls_them(changed: dict[str, object], duty: str) -> None:
    lines = properties(only(released(part(SPEECH, **changed), person())))["DESCRIPTION"].split("\\n")
    assert lines[6] == duty


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Đại tá Nguyễn Thị Thủy", "dai-ta-nguyen-thi-thuy"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON:<>|*?", "con"),
        ("李小龍", "guest"),
        ("a" * 400, "a" * 60),
    ],
)
def test_file_names_are_plain_letters(name: str, slug: str) -> None:
    assert file_name(name, "uid-1") == f"{slug}-{file_name('x', 'uid-1')[2:]}"


def test_file_names_of_namesakes_differ_and_stay() -> None:
    first = released(part(), person(1), person(2))
    names = [change.file_name for change in first.changes]
    assert len(set(names)) == 2
    later = released(part(start=time(8, 0)), person(1, name="Trần Văn Khác"), person(2), before=first)
    assert [change.file_name for change in later.changes] == names


def test_file_names_do_not_give_the_uid_away() -> None:
    (change,) = released(part(), person()).changes
    assert change.sent.issue.uid[:8] not in change.file_name


def test_standing_invitations_are_those_not_cancelled() -> None:
    first = released(part(), person(1), person(2))
    gone = released(part(), person(1), before=first)
    assert sorted(standing(gone)) == ["guest-1"]

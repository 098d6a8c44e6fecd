"""The example plan folders: what is read from them, what they leave open, and that nothing in them is invented."""

import json
import re
import subprocess
import sys
from datetime import date, time
from pathlib import Path
from unicodedata import normalize

import pytest

from schemas.protocol import load_profile
from schemas.scheduling import Plan
from services.guests.model.precedence import Entry, order
from services.guests.model.standing import PostIn
from services.kit.sheets import Reading as SheetReading
from services.kit.sheets import read_tables
from services.lang import match_key
from services.plan import Reading, read

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
LAUNCH_DAY = EXAMPLES / "2024-07-01"
FULL = EXAMPLES / "full-ceremony"
_READ: dict[Path, Reading] = {}


def reading(folder: Path) -> Reading:
    if folder not in _READ:
        _READ[folder] = read(folder)
    return _READ[folder]


def plan_of(folder: Path) -> Plan:
    plan = reading(folder).plan
    assert plan is not None, said(reading(folder))
    return plan


def said(found: Reading) -> list[str]:
    return [f"{problem.severity} {problem.where()}: {problem.text()}" for problem in found.problems]


OPEN = {
    "can-tho": """
warning running-order.xlsx · Chương trình · H4: “Ông Phạm Văn Hiểu, Chủ tịch HĐND TP Cần Thơ” is not on the guest list; the name stands also in awards.xlsx I4, awards.xlsx I5.
warning running-order.xlsx · Chương trình · H5: “Thiếu tướng Nguyễn Văn Thuận, Giám đốc Công an TP Cần Thơ” is not on the guest list; the name stands also in awards.xlsx I6, awards.xlsx I7.
note ceremony.yaml: The start of the ceremony is not known yet.
note ceremony.yaml: The end of the ceremony is not known yet.
note ceremony.yaml: The number of the invitation is not known yet.
note ceremony.yaml: Who signs the invitation is not known yet.
note running-order.xlsx · Chương trình: Items without a place in the running order: 6 of 6 (rows 2, 3, 4, 5, 6, 7).
note running-order.xlsx · Chương trình: Items without a start: 6 of 6 (rows 2, 3, 4, 5, 6, 7).
note running-order.xlsx · Chương trình: Items without a duration: 6 of 6 (rows 2, 3, 4, 5, 6, 7).
note guests.xlsx · Khách mời: Groups without a head count: 1 of 2 (rows 4).
note guests.xlsx · Khách mời: Persons without an e-mail address: 4 of 4 (rows 2, 3, 5, 6).
note awards.xlsx · Khen thưởng: Awards whose decision has no number yet: 3 (rows 2, 4, 6).
note awards.xlsx · Khen thưởng: Lines for a group whose head count is not known: 7 (rows 2, 3, 4, 5, 6, 7, 8).
""",  # noqa: E501 - one problem to a line
    "ca-mau": """
note ceremony.yaml: The venue of the ceremony is not known yet.
note ceremony.yaml: The administrative unit of the venue is not known yet.
note ceremony.yaml: The start of the ceremony is not known yet.
note ceremony.yaml: The end of the ceremony is not known yet.
note ceremony.yaml: The number of the invitation is not known yet.
note ceremony.yaml: Who signs the invitation is not known yet.
note running-order.ods · Chương trình: Items without a place in the running order: 9 of 9 (rows 2, 3, 4, 5, 6, 7, 8, 9, 10).
note running-order.ods · Chương trình: Items without a start: 9 of 9 (rows 2, 3, 4, 5, 6, 7, 8, 9, 10).
note running-order.ods · Chương trình: Items without a duration: 9 of 9 (rows 2, 3, 4, 5, 6, 7, 8, 9, 10).
note guests.ods · Khách mời: Groups without a head count: 2 of 2 (rows 3, 5).
note guests.ods · Khách mời: Persons without an e-mail address: 2 of 2 (rows 2, 4).
note awards.ods · Khen thưởng: Lines for a group whose head count is not known: 1 (rows 2).
""",  # noqa: E501 - one problem to a line
    "long-an": """
note ceremony.yaml: The host of the ceremony is not known yet.
note ceremony.yaml: The venue of the ceremony is not known yet.
note ceremony.yaml: The start of the ceremony is not known yet.
note ceremony.yaml: The end of the ceremony is not known yet.
note ceremony.yaml: The number of the invitation is not known yet.
note ceremony.yaml: Who signs the invitation is not known yet.
note running-order.csv: Items without a place in the running order: 2 of 2 (rows 2, 3).
note running-order.csv: Items without a start: 2 of 2 (rows 2, 3).
note running-order.csv: Items without a duration: 2 of 2 (rows 2, 3).
note guests.csv: Persons without an e-mail address: 1 of 1 (rows 2).
note awards.csv: Lines for a group whose head count is not known: 1 (rows 2).
""",
    "soc-trang": """
note ceremony.yaml: The venue of the ceremony is not known yet.
note ceremony.yaml: The start of the ceremony is not known yet.
note ceremony.yaml: The end of the ceremony is not known yet.
note ceremony.yaml: The number of the invitation is not known yet.
note ceremony.yaml: Who signs the invitation is not known yet.
note running-order.csv: Items without a place in the running order: 3 of 3 (rows 2, 3, 4).
note running-order.csv: Items without a start: 3 of 3 (rows 2, 3, 4).
note running-order.csv: Items without a duration: 3 of 3 (rows 2, 3, 4).
note guests.xlsx · Guests: Persons without an e-mail address: 2 of 2 (rows 2, 3).
note awards.ods · Awards: Lines for a group whose head count is not known: 2 (rows 2, 3).
""",
}


@pytest.mark.parametrize("name", OPEN)
def test_launch_day_example_leaves_open_what_its_source_does_not_say(name: str) -> None:
    assert said(reading(LAUNCH_DAY / name)) == OPEN[name].split("\n")[1:-1]


# The sentences of the news report that the four folders are taken from, in NFC with the report's own typos.
SOURCE = """
tại Công viên sông Hậu (phường Cái Khế, quận Ninh Kiều), UBND TP Cần Thơ tổ chức lễ ra mắt Lực lượng tham gia bảo vệ an ninh trật tự (ANTT) ở cơ sở.
TP Cần Thơ là một trong 12 địa phương trên cả nước được lựa chọn làm điểm tổ chức lễ ra mắt lực lượng này.
Ông Trần Việt Trường, Chủ tịch UBND TP Cần Thơ, phát biểu tại buổi lễ
Ông Nguyễn Văn Hiếu, Bí thư Thành ủy Cần Thơ, trao giấy khen và tặng quà cho các cá nhân có thành tích xuất sắc trong tham gia bảo vệ an ninh trật tự ở cơ sở
Ông Phạm Văn Hiểu, Chủ tịch HĐND TP Cần Thơ, trao giấy khen và tặng quà cho các cá nhân có thành tích xuất sắc trong tham gia bảo vệ an ninh trật tự ở cơ sở
Dự buổi lễ có Trung tướng Lê Tấn Tới, Chủ nhiệm Ủy ban Quốc phòng và An ninh của Quốc hội; Thiếu tướng Cao Đăng Hưng, Phó Chánh Văn phòng Bộ Công an; lãnh đạo Tổng Liên đoàn Lao động Việt Nam.
Về phía lãnh đạo TP Cần Thơ có ông Nguyễn Văn Hiếu, Bí thư Thành uỷ; ông Trần Việt Trường, Chủ tịch UBND TP Cần Thơ cùng 728 cá nhân nòng cốt đại diện cho trên 3.000 thành viên của lực lượng tham gia bảo vệ ANTT ở cơ sở trên địa bàn TP Cần Thơ.
Thiếu tướng Nguyễn Văn Thuận, Giám đốc Công an TP Cần Thơ, trao giấy khen và tặng quà cho các cá nhân có thành tích xuất sắc trong tham gia bảo vệ an ninh trật tự ở cơ sở
Trung tướng Lê Tấn Tới, Chủ nhiệm Ủy ban Quốc phòng và An ninh của Quốc hội, tặng quà lực lượng tham gia bảo vệ ANTT ở cơ sở trên địa bàn TP Cần Thơ
Lực lượng tham gia bảo vệ ANTT ở cơ sở trên địa bàn TP Cần Thơ biểu diễn thực binh
UBND tỉnh Cà Mau tổ chức lễ ra mắt lực lượng tham gia bảo vệ ANTT cơ sở.
Phát biểu chỉ đạo tại buổi lễ, ông Bùi Tuấn Quang, Phó Trưởng Ban Dân vận trung ương
Ông Huỳnh Quốc Việt, Chủ tịch UBND tỉnh Cà Mau, cho hay địa phương sẽ nghiêm túc tiếp thu và thực hiện những chỉ đạo của trung ương.
Khối diễu hành đón chân dung Chủ tịch Hồ Chí Minh
Khối huy hiệu lực lượng tham gia bảo vệ ANTT cơ sở diễu hành
Khối lực lượng tham gia bảo vệ ANTT cơ sở ở các huyện và TP Cà Mau tham gia diễu hành
Khối xe lực lượng đảm bảo an ninh cơ sở sở tham gia diễu hành tại lễ ra mắt
Một trong những nghi thức tại lễ ra mắt lực lượng tham gia bảo vệ ANTT cơ sở
Lãnh đạo tỉnh Cà Mau trao cờ lưu niệm cho các lực lượng tại lễ ra mắt
Các tình huống giả định trấn áp tội phạm để đảm bảo ANTT tại cơ sở
Hàng ngàn người dân đã có mặt từ rất sớm để chờ theo dõi lễ ra mắt
tỉnh Long An đồng loạt tổ chức lễ ra mắt lực lượng tham gia bảo vệ ANTT ở cơ sở tại 15 huyện, thị xã, thành phố. Huyện Bến Lức là đơn vị được UBND tỉnh chọn làm điểm tổ chức lễ ra mắt lực lượng tham gia bảo vệ ANTT ở cơ sở của tỉnh.
Phát biểu tại buổi lễ, ông Nguyễn Văn Út, Chủ tịch UBND tỉnh Long An
Chủ tịch UBND tỉnh Long An tặng quà cho lực lượng mới thành lập
tại huyện Kế Sách, UBND tỉnh Sóc Trăng tổ chức lễ ra mắt lực lượng tham gia bảo vệ ANTT cơ sở. Đến dự buổi lễ có ông Lâm Văn Mẫn - Ủy viên Trung ương Đảng, Bí thư Tỉnh ủy, Trưởng Đoàn đại biểu Quốc hội tỉnh; ông Trần Văn Lâu - Phó Bí thư Tỉnh ủy, Chủ tịch UBND tỉnh.
Bí thư Tỉnh ủy Sóc Trăng Lâm Văn Mẫn (thứ 6 từ trái sang) trao quà cho lực lượng mới thành lập.
Chủ tịch UBND tỉnh Sóc Trăng Trần Văn Lâu (thứ 6 từ trái sang) trao quà cho lực lượng bảo vệ ANTT cơ sở.
"""  # noqa: E501 - sentences as they stand in the source


@pytest.mark.parametrize("name", OPEN)
def test_launch_day_example_says_nothing_that_its_source_does_not_say(name: str) -> None:
    plan = plan_of(LAUNCH_DAY / name)
    assert [text for text in _texts(plan) if match_key(text) not in match_key(SOURCE)] == []


def _texts(plan: Plan) -> list[str]:
    """All that will be printed of a plan, but for codes and labels of kinds."""
    texts = [plan.scheduling.ceremony.title, plan.scheduling.ceremony.host, plan.scheduling.ceremony.venue.name]
    for item in plan.scheduling.items:
        texts += [item.title, item.responsible, *(role.text for role in item.roles)]
    for guest in plan.guests.guests:
        texts.append(guest.note)
        if guest.person:
            texts += [guest.person.name, guest.person.rank, *(post.title for post in guest.person.posts)]
        if guest.group:
            texts += [guest.group.label]
    for line in plan.awards.lines:
        texts += [line.recipient, line.achievement, line.presenter.text if line.presenter else None]
    return [text for text in texts if text]


@pytest.mark.parametrize("name", OPEN)
def test_launch_day_example_invents_no_time_order_or_decision(name: str) -> None:
    plan = plan_of(LAUNCH_DAY / name)
    ceremony = plan.scheduling.ceremony
    assert (ceremony.on, ceremony.start, ceremony.end, ceremony.sample) == (date(2024, 7, 1), None, None, True)
    assert {(item.position, item.start, item.minutes) for item in plan.scheduling.items} == {(None, None, None)}
    assert {(one.number, one.on, one.signer) for one in plan.awards.decisions} <= {(None, None, None)}
    assert {line.head_count for line in plan.awards.lines} == {None}


def test_can_tho_carries_award_and_gift_in_one_item_with_presenters_off_the_list() -> None:
    plan = plan_of(LAUNCH_DAY / "can-tho")
    carried = [
        (line.item, line.kind, line.decision, line.presenter and line.presenter.kind) for line in plan.awards.lines
    ]
    assert carried == [
        ("KT1", "giay_khen", "unknown", "guest"),
        ("KT1", "gift", None, "guest"),
        ("KT2", "giay_khen", "unknown", "off_list"),
        ("KT2", "gift", None, "off_list"),
        ("KT3", "giay_khen", "unknown", "off_list"),
        ("KT3", "gift", None, "off_list"),
        ("Q1", "gift", None, "guest"),
    ]
    groups = [
        (one.group.label, one.group.head_count, one.group.head_count_kind) for one in plan.guests.guests if one.group
    ]
    assert groups == [
        ("lãnh đạo Tổng Liên đoàn Lao động Việt Nam", None, None),
        ("cá nhân nòng cốt", 728, "claimed"),
    ]


def test_can_tho_guests_fall_into_the_order_of_the_source() -> None:
    assert [name for name, _ in ranked(plan_of(LAUNCH_DAY / "can-tho"))] == [
        "Lê Tấn Tới",
        "Cao Đăng Hưng",
        "lãnh đạo Tổng Liên đoàn Lao động Việt Nam",
        "Nguyễn Văn Hiếu",
        "Trần Việt Trường",
        "cá nhân nòng cốt",
    ]


def ranked(plan: Plan) -> list[tuple[str, bool]]:
    """Names in order of precedence, and whether the profile could not place them."""
    profile = load_profile(plan.scheduling.ceremony.profile, plan.scheduling.ceremony.on)
    entries = []
    for guest in plan.guests.guests:
        one = guest.person or guest.group
        assert one is not None
        posts = tuple(
            PostIn(post.title, post.organisation, post.level, post.bloc, post.cls, post.since) for post in one.posts
        )
        name = guest.person.name if guest.person else guest.group.label if guest.group else ""
        entries.append(Entry(guest.ref, "person" if guest.person else "group", guest.side, name, posts=posts))
    by_key = {entry.key: entry.name for entry in entries}
    return [(by_key[placed.entry_key], placed.needs_ranking) for placed in order(entries, profile)]


def test_ca_mau_marches_in_blocks_and_takes_its_flags_from_a_group() -> None:
    plan = plan_of(LAUNCH_DAY / "ca-mau")
    kinds = [item.kind for item in plan.scheduling.items]
    assert kinds == [
        "directive_speech",
        "response_speech",
        *["parade_block"] * 3,
        "vehicle_block",
        "ritual",
        "souvenir_flag_presentation",
        "simulated_scenario_drill",
    ]
    flags = plan.awards.lines[0]
    assert flags.presenter is not None
    leaders = next(one for one in plan.guests.guests if one.ref == flags.presenter.guest)
    assert leaders.group is not None
    assert (flags.kind, flags.decision, leaders.group.label) == ("souvenir_flag", None, "Lãnh đạo tỉnh Cà Mau")


def test_long_an_has_no_host_and_splits_the_honorific_off_the_name() -> None:
    plan = plan_of(LAUNCH_DAY / "long-an")
    person = plan.guests.guests[0].person
    assert person is not None
    assert (person.honorific, person.name) == ("ông", "Nguyễn Văn Út")
    ceremony = plan.scheduling.ceremony
    assert (ceremony.host, ceremony.level, ceremony.venue.unit) == (None, "district", "Huyện Bến Lức, tỉnh Long An")


def test_soc_trang_reads_english_headings_and_several_posts() -> None:
    people = [guest.person for guest in plan_of(LAUNCH_DAY / "soc-trang").guests.guests]
    assert [[post.title for post in person.posts] for person in people if person] == [
        ["Ủy viên Trung ương Đảng", "Bí thư Tỉnh ủy", "Trưởng Đoàn đại biểu Quốc hội tỉnh"],
        ["Phó Bí thư Tỉnh ủy", "Chủ tịch UBND tỉnh"],
    ]


FULL_OPEN = """
note guests.xlsx · Khách mời: Persons without an e-mail address: 12 of 112 (rows 26, 27, 28, 29, 41, 45, 49, 53, 57, 61, 78, 79).
note guests.xlsx · Khách mời · E100: “Lê Thanh Hưng” and “Lê Thanh Hùng” in row 40 differ by accents alone; they are kept as two.
note roll.xlsx · Danh sách: The units on the roll tell namesakes apart; the roll keeps and prints names alone.
"""  # noqa: E501 - one problem to a line


def test_full_ceremony_has_only_what_it_means_to_leave_open() -> None:
    assert said(reading(FULL)) == FULL_OPEN.split("\n")[1:-1]


def test_full_ceremony_is_as_large_as_it_says() -> None:
    plan = plan_of(FULL)
    rolls = [len(guest.group.roll) for guest in plan.guests.guests if guest.group and guest.group.roll]
    sizes = (len(plan.scheduling.items), len(plan.guests.guests), len(plan.awards.lines), rolls)
    assert sizes == (25, 120, 40, [728])
    assert len({line.kind for line in plan.awards.lines}) == 6
    assert len(plan.awards.decisions) == 4
    assert plan.scheduling.ceremony.sample


def test_full_ceremony_runs_from_seven_to_eleven_without_a_gap() -> None:
    items = plan_of(FULL).scheduling.items
    minutes = [(item.start.hour * 60 + item.start.minute, item.minutes) for item in items if item.start]
    ends = [start + (length or 0) for start, length in minutes]
    assert [start for start, _ in minutes] == [7 * 60, *ends[:-1]]
    assert (ends[-1], plan_of(FULL).scheduling.ceremony.end) == (11 * 60, time(11))


def test_full_ceremony_writes_to_reserved_addresses_only() -> None:
    mails = [guest.person.email for guest in plan_of(FULL).guests.guests if guest.person and guest.person.email]
    assert len(set(mails)) == 100
    assert {mail.rsplit("@")[-1] for mail in mails} == {"hoamai.example.org"}


@pytest.mark.parametrize("folder", [FULL, *(LAUNCH_DAY / name for name in OPEN)], ids=lambda folder: str(folder.name))
def test_example_guests_are_all_placed_by_the_profile(folder: Path) -> None:
    assert [name for name, lost in ranked(plan_of(folder)) if lost] == []


def test_example_spreadsheets_are_those_that_make_py_writes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, EXAMPLES / "make.py", "--out", tmp_path], check=True)
    made = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*"))
    kept = [path for path in EXAMPLES.rglob("*.*") if path.suffix in {".xlsx", ".ods", ".csv"}]
    assert made == sorted(str(path.relative_to(EXAMPLES)) for path in kept)
    assert _cells(tmp_path, made) == _cells(EXAMPLES, made)


def _cells(root: Path, files: list[str]) -> dict[str, object]:
    found: SheetReading = read_tables({file: root / file for file in files})
    assert found.problems == []
    return {sheet.file: (sheet.name, sheet.rows) for sheet in found.sheets}


def test_examples_are_written_in_one_normal_form() -> None:
    texts = [path.read_text(encoding="utf-8") for path in EXAMPLES.rglob("*.yaml")]
    texts += [json.dumps(plan_of(FULL).model_dump(mode="json"), ensure_ascii=False)]
    assert [text for text in texts if normalize("NFC", text) != text] == []
    assert re.findall(r"[\w.+-]+@[\w.-]+", "\n".join(texts[:-1])) == ["van-phong@hoamai.example.org"] * 2

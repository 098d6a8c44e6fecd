"""How a plan folder is read: what each column becomes, who is meant by a name, which decision a line cites."""

from datetime import date, time

import pytest

from schemas.awards import DecisionFields
from schemas.guests import PlannedGuest
from schemas.scheduling import ItemFields, Role
from services.plan import read
from tests.unit.plan_folders import Rows, folder, plan_of, said, table


def test_sound_folder_is_read_without_a_word() -> None:
    found = read(folder())
    assert said(found, "error", "warning", "note") == []
    assert found.plan is not None
    assert found.plan.scheduling.code == "le-ra-mat"
    assert found.plan.scheduling.items == (
        ItemFields(key="chao-co", position=1, title="Chào cờ", start=time(8), minutes=5),
    )
    assert [guest.ref for guest in found.plan.guests.guests] == ["guests:2"]


def test_ceremony_fields_are_read_as_written() -> None:
    written = """
code: hai-phong
title: "Lễ ra mắt:  lần 1"
kind: le ra mat
level: Tỉnh
parent: Ngày ra mắt
host: UBND TP
host_parent: Chính phủ
venue: Công viên
date: ngày 01 tháng 7 năm 2024
start: 7 giờ 30 phút
end: 10:30
timezone: Asia/Bangkok
sample: yes
note: |
  Dòng một
  dòng hai
document_number: 12
organizer_email: van-phong@example.org
"""
    assert said(read(folder(ceremony=written))) == ["ceremony.yaml · 14: “sample” is “yes”; it wants true or false."]
    fields = plan_of(folder(ceremony=written.replace("yes", "true"))).scheduling.ceremony
    assert fields.model_dump(exclude_defaults=True) == {
        "title": "Lễ ra mắt: lần 1",
        "level": "province",
        "parent": "Ngày ra mắt",
        "host": "UBND TP",
        "host_parent": "Chính phủ",
        "venue": {"name": "Công viên"},
        "on": date(2024, 7, 1),
        "start": time(7, 30),
        "end": time(10, 30),
        "timezone": "Asia/Bangkok",
        "sample": True,
        "note": "Dòng một\ndòng hai",
        "document_number": "12",
        "organizer_email": "van-phong@example.org",
    }


GUESTS = table(
    "Mã|Phía|Xưng hô|Cấp bậc|Họ và tên|Nhóm|Số lượng|Loại số lượng|Chức vụ|Đơn vị|Giữ chức vụ từ|Cấp|Khối"
    "|Nhóm chức vụ|Email|Điện thoại|Ngôn ngữ|Ngày sinh|Đoàn|Ghế|Ghi chú",
    [
        *("K1", "chủ", "Bà", "", "Lê Thị Hoa", "", "", "", "Phó Bí thư Tỉnh ủy; Chủ tịch UBND tỉnh"),
        *("Tỉnh ủy\nUBND tỉnh", "1/2/2020", "tỉnh", "Đảng\nChính phủ, Ủy ban nhân dân", "", "hoa@example.org"),
        *("0123", "tiếng Việt", "20-11-1970", "Đoàn 1", "A1", "ăn chay"),
    ],
    ["", "", "", "", "Đồng chí Đại tá Trần Văn Tài", *[""] * 16],
    ["", "", "", "", "", "Cựu chiến binh", "3.000", "dự kiến", *[""] * 13],
    ["", "", "Ông", "", "Ông Ích Khiêm", *[""] * 16],
    ["", "", "", "", "", "Khách của Bộ", "", "", "", "", "", "trung ương", "tập thể", "khách danh dự", *[""] * 7],
)


def test_guests_are_read_column_by_column() -> None:
    hoa, tai, veterans, khiem, of_ministry = plan_of(folder(guests=GUESTS)).guests.guests
    assert hoa.model_dump(exclude_none=True, exclude={"person": {"posts"}}) == {
        "ref": "K1",
        "code": "K1",
        "side": "host",
        "delegation": "Đoàn 1",
        "seat": "A1",
        "note": "ăn chay",
        "person": {
            "name": "Lê Thị Hoa",
            "honorific": "Bà",
            "born_on": date(1970, 11, 20),
            "email": "hoa@example.org",
            "phone": "0123",
            "language": "vi",
        },
    }
    assert hoa.person is not None
    assert [(post.title, post.organisation, post.level, post.bloc, post.since) for post in hoa.person.posts] == [
        ("Phó Bí thư Tỉnh ủy", "Tỉnh ủy", "province", "party", date(2020, 2, 1)),
        ("Chủ tịch UBND tỉnh", "UBND tỉnh", "province", "government", date(2020, 2, 1)),
    ]
    assert named(tai) == ("Đồng chí", "Đại tá", "Trần Văn Tài")
    assert named(khiem) == ("Ông", None, "Ông Ích Khiêm")
    assert veterans.group is not None
    assert (veterans.group.head_count, veterans.group.head_count_kind) == (3000, "planned")
    assert of_ministry.group is not None
    placed = of_ministry.group.posts[0]
    assert (placed.title, placed.level, placed.bloc, placed.cls) == (
        "Khách của Bộ",
        "central",
        "collective",
        "guests_of_honour",
    )


def named(guest: PlannedGuest) -> tuple[str | None, str | None, str]:
    assert guest.person is not None
    return guest.person.honorific, guest.person.rank, guest.person.name


def test_commas_part_no_posts() -> None:
    guests = table("Họ và tên|Chức vụ", ["An", "Tổ trưởng Tổ bảo vệ an ninh, trật tự ấp 3"])
    person = plan_of(folder(guests=guests)).guests.guests[0].person
    assert person is not None
    assert [post.title for post in person.posts] == ["Tổ trưởng Tổ bảo vệ an ninh, trật tự ấp 3"]


ORDER = table(
    "TT|Mã|Loại|Nội dung|Bắt đầu|Kết thúc|Phút|Người phát biểu|Người trao|MC|Phụ trách|Lời dẫn|Âm thanh, ánh sáng"
    "|Chuẩn bị|Ghi chú",
    [1, "M1", "Phát biểu", "Khai mạc", "8h00", "8h12", "", "Ông Lê Văn Hòa, Chủ tịch", *[""] * 7],
    ["", "", "gift", "Tặng quà", "08:15 – 08:20", "", "", "", "K2\nTrần Bình", "“Ban Tổ chức”", *[""] * 5],
    [
        "—",
        "",
        "",
        "Tặng quà",
        "chưa rõ",
        "",
        "1h30",
        "",
        "",
        "",
        "Đội nhạc",
        "Kính thưa\nquý vị",
        "đèn",
        "hoa",
        "mưa",
    ],
)
ORDER_GUESTS = table("Mã|Họ và tên|Email", ["", "Lê Văn Hoà", "hoa@example.org"], ["K2", "Vũ Tâm", "t@example.org"])


def test_running_order_is_read_column_by_column() -> None:
    found = read(folder(running_order=ORDER, guests=ORDER_GUESTS))
    assert said(found) == ["running-order.csv · I3: “Trần Bình” is not on the guest list."]
    assert found.plan is not None
    assert found.plan.scheduling.items == (
        ItemFields(
            key="M1",
            position=1,
            kind="speech",
            title="Khai mạc",
            start=time(8),
            minutes=12,
            roles=(Role(role="speaker", kind="guest", guest="guests:2", text="Ông Lê Văn Hòa, Chủ tịch"),),
        ),
        ItemFields(
            key="tang-qua",
            kind="gift",
            title="Tặng quà",
            start=time(8, 15),
            minutes=5,
            roles=(
                Role(role="presenter", kind="guest", guest="K2", text="Vũ Tâm"),
                Role(role="presenter", kind="off_list", text="Trần Bình"),
                Role(role="mc", kind="text", text="Ban Tổ chức"),
            ),
        ),
        ItemFields(
            key="tang-qua-2",
            title="Tặng quà",
            minutes=90,
            responsible="Đội nhạc",
            mc_text="Kính thưa\nquý vị",
            cues="đèn",
            props="hoa",
            note="mưa",
        ),
    )


def test_item_keys_stay_when_rows_move() -> None:
    rows = [["Chào cờ"], ["Khai mạc"], ["Ổn định"], ["Chào cờ"]]
    keys = [item.key for item in plan_of(folder(running_order=table("Nội dung", *rows))).scheduling.items]
    moved = [
        item.key for item in plan_of(folder(running_order=table("Nội dung", *rows[1:], rows[0]))).scheduling.items
    ]
    assert keys == ["chao-co", "khai-mac", "on-dinh", "chao-co-2"]
    assert moved == ["khai-mac", "on-dinh", "chao-co", "chao-co-2"]


AWARDS = table(
    "Hình thức|Số quyết định|Ngày quyết định|Người ký|Người nhận|Tập thể|Số lượng|Mục chương trình|Người trao|Thứ tự"
    "|Người nhận thay",
    ["Giấy khen", "12/QĐ-UBND", "20/6/2024", "Lê An", "Trần Bình", "", "", "Chào cờ", "Nguyễn Văn An", 1, ""],
    ["Giấy khen", "12/QĐ-UBND", "", "", "", "Tổ 1", "", "chao-co", "", 2, "Bà Bình"],
    ["Bằng khen của Chủ tịch UBND tỉnh, thành phố", "", "", "", "Trần Bình", *[""] * 6],
    ["giay_khen", "", "", "", "Nhiều người", "", 12, *[""] * 4],
    ["Quà", "", "", "", "Nhiều người", "", 12, "", "", "", ""],
    ["Quà", "", "", "", "Nhiều người", "", 12, "", "", "", ""],
)


def test_award_lines_share_their_decisions() -> None:
    awards = plan_of(folder(awards=AWARDS)).awards
    assert awards.decisions == (
        DecisionFields(key="12-qd-ubnd", number="12/QĐ-UBND", on=date(2024, 6, 20), signer="Lê An"),
        DecisionFields(key="unknown"),
    )
    assert [(line.key, line.kind, line.decision, line.recipient_kind, line.item) for line in awards.lines] == [
        ("giay-khen-tran-binh", "giay_khen", "12-qd-ubnd", "person", "chao-co"),
        ("giay-khen-to-1", "giay_khen", "12-qd-ubnd", "collective", "chao-co"),
        ("bang-khen-tinh-tran-binh", "bang_khen_tinh", "unknown", "person", None),
        ("giay-khen-nhieu-nguoi", "giay_khen", "unknown", "group", None),
        ("gift-nhieu-nguoi", "gift", None, "group", None),
        ("gift-nhieu-nguoi-2", "gift", None, "group", None),
    ]
    first, second = awards.lines[:2]
    assert first.presenter is not None
    assert (first.presenter.guest, first.stage_order) == ("guests:2", 1)
    assert (second.recipient, second.posthumous_receiver) == ("Tổ 1", "Bà Bình")


def test_roll_goes_to_its_group() -> None:
    guests = table("Mã|Họ và tên|Nhóm|Số lượng", ["LL", "", "Lực lượng nòng cốt", 3])
    roll = table("STT|Nhóm|Họ và tên", [1, "LL", "Lê An"], [2, "lực lượng nòng cốt", "Lê Bình"])
    found = read(folder(guests=guests, roll=roll))
    assert said(found) == [
        "guests.csv · D2: The roll of “Lực lượng nòng cốt” holds 2 names, and its head count is 3."
    ]
    assert found.plan is not None
    assert [one.group.roll for one in found.plan.guests.guests if one.group] == [("Lê An", "Lê Bình")]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [["", "Lê An", "Giám đốc"], ["", "Lê An", "giám đốc"]],
            ["guests.csv · B3: Rows 2 and 3 are the same person: Lê An, with the same posts."],
        ),
        (
            [["", "Lê An", "Giám đốc"], ["", "Lê An", "Kế toán"]],
            ["guests.csv · B3: Rows 2 and 3 have the same name, Lê An, and different posts."],
        ),
        ([["A", "Lê An", "Giám đốc"], ["B", "Lê An", "Giám đốc"]], []),
        (
            [["A", "Lê An", ""], ["a", "Lê Bình", ""]],
            ["guests.csv · A3: The code “a” stands in row 2 already."],
        ),
    ],
    ids=["one person twice", "namesakes without codes", "namesakes with codes", "one code twice"],
)
def test_namesakes_are_told_apart(rows: Rows, expected: list[str]) -> None:
    assert said(read(folder(guests=table("Mã|Họ và tên|Chức vụ", *rows)))) == expected


def test_names_that_differ_by_accents_alone_are_kept_and_noted() -> None:
    guests = table("Họ và tên|Email", ["Lê Văn Hiếu", "a@example.org"], ["Lê Văn Hiểu", "b@example.org"])
    order = table("TT|Nội dung|Bắt đầu|Phút|Người trao", [1, "Trao quà", "8:00", 5, "Lê Văn Hiểu\nLe Van Hieu"])
    found = read(folder(guests=guests, running_order=order))
    assert said(found, "warning", "note") == [
        "running-order.csv · E2: “Le Van Hieu” is not on the guest list; the nearest name there is “Lê Văn Hiếu”.",
        "guests.csv · A3: “Lê Văn Hiểu” and “Lê Văn Hiếu” in row 2 differ by accents alone; they are kept as two.",
    ]
    assert found.plan is not None
    assert [role.guest for role in found.plan.scheduling.items[0].roles] == ["guests:3", None]


def test_ambiguous_name_asks_for_the_code() -> None:
    guests = table("Mã|Họ và tên|Chức vụ", ["A", "Lê An", "Giám đốc"], ["B", "Lê An", "Kế toán"])
    order = table("Nội dung|Người trao", ["Trao", "Lê An"], ["Trao lại", "b"])
    found = read(folder(guests=guests, running_order=order))
    assert said(found) == [
        "running-order.csv · B2: “Lê An” stands in the rows 2, 3 of the guests, so it is unclear who is meant."
    ]
    assert found.plan is None


def test_contradicting_decisions_are_told() -> None:
    awards = table(
        "Hình thức|Số quyết định|Ngày quyết định|Chức vụ người ký|Người nhận",
        ["Giấy khen", "1/QĐ", "1/6/2024", "Chủ tịch", "An"],
        ["Giấy khen", "1/QĐ", "1/6/2024", "Phó Chủ tịch", "Bình"],
        ["Giấy khen", "2/QĐ", "1/6/2024", "", "Cúc"],
        ["Giấy khen", "2/QĐ", "2/6/2024", "", "Dung"],
        ["Quà", "3/QĐ", "", "", "Em"],
    )
    found = read(folder(awards=awards))
    assert said(found) == [
        "awards.csv · D3: “Phó Chủ tịch” differs from “Chủ tịch”, which row 2 says of the same decision.",
        "awards.csv · B5: Decision 2/QĐ stands in the rows 4, 5 with different dates or signers.",
        "awards.csv · B6: “Quà” needs no decision; what is written here of one is not kept.",
    ]
    assert found.plan is not None
    assert [one.key for one in found.plan.awards.decisions] == ["1-qd", "2-qd", "2-qd-2"]


def test_long_lists_say_what_was_meant_for_the_first_slips_only() -> None:
    guests = table("Mã|Họ và tên", *([f"K{number}", f"Nguyễn Văn Khách {number:04}"] for number in range(1_200)))
    order = table("Nội dung|Người trao", *([f"Mục {number}", f"Nguyễn Văn Kách {number:04}"] for number in range(25)))
    told = [line.partition(": ")[2] for line in said(read(folder(guests=guests, running_order=order)))]
    assert told == [
        *(
            f"“Nguyễn Văn Kách {number:04}” is not on the guest list; the nearest name there is "
            f"“Nguyễn Văn Khách {number:04}”."
            for number in range(20)
        ),
        *(f"“Nguyễn Văn Kách {number:04}” is not on the guest list." for number in range(20, 25)),
    ]


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        ("“Bà A; Ông B”", ["Bà A; Ông B"]),  # one pair of marks: one text, whatever stands between them
        ("“Bà A”; “Ông B”", ["Bà A", "Ông B"]),
        ("“Bà A”\n“Ông B”", ["Bà A", "Ông B"]),
    ],
)
def test_quotation_marks_hold_one_entry_each(typed: str, texts: list[str]) -> None:
    plan = plan_of(folder(running_order=table("TT|Nội dung|MC", [1, "Chào cờ", typed])))
    assert [(role.kind, role.text) for role in plan.scheduling.items[0].roles] == [("text", text) for text in texts]


def test_speeches_without_a_speaker_are_open_and_other_items_need_none() -> None:
    order = table(
        "TT|Loại|Nội dung|Bắt đầu|Phút|Người phát biểu",
        [1, "Chào cờ, hát Quốc ca", "Chào cờ", "8:00", 5, ""],
        [2, "Phát biểu", "Diễn văn", "8:05", 5, ""],
        [3, "Phát biểu chỉ đạo", "Chỉ đạo", "8:10", 5, "Nguyễn Văn An"],
    )
    found = read(folder(running_order=order))
    assert said(found, "note") == ["running-order.csv: Speeches without a speaker: 1 of 2 (rows 3)."]

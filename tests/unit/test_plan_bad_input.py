"""What bad input gets: every problem at once, each with its place, never a stack trace and never half a plan."""

import re
from pathlib import Path
from unicodedata import normalize

import pytest

from services.plan import read
from services.plan.columns import words
from tests.unit.plan_folders import CEREMONY, folder, plan_of, said, table
from tests.unit.sheet_files import xlsx

EVERYTHING: dict[str, bytes | str] = {
    "ceremony": """
code: Lễ ra mắt
tilte: Lễ
title:
kind: lễ ra mặt
level: [tỉnh]
date: 31/02/2024
start: 10:00
end: 9h
timezone: Asia/Saigonn
venue: {nmae: Công viên}
sample: maybe
organizer_email: a@b, c@d
""",
    "running_order": table(
        "TT|Mã|Loại|Nội dung|Bắt đầu|Kết thúc|Phút|Người trao",
        [1, "A", "phat bieu chi dao", "Phát biểu", "8:00", "7:45", "", ""],
        [1, "a", "Diễu binh", "Diễu hành", "25:00", "", "nhiều", ""],
        ["một", "", "", "", "", "9:00", "", "Lê Ăn"],
        ["", "", "", "Kết thúc", "8:00", "8:30", 20, ""],
    ),
    "guests": table(
        "Phía|Họ và tên|Nhóm|Số lượng|Chức vụ|Đơn vị|Cấp|Email|Ngày sinh|Tuổi",
        ["giữa", "Lê An", "", "", "Giám đốc; Bí thư", "A\nB\nC", "", "an@", "31/4/1970", 54],
        ["", "Lê Bình", "Nhóm", "", "", "", "", "", "", ""],
        ["", "", "Nhân dân", "hàng ngàn", "", "", "tỉn", "", "", ""],
        ["", "Lê Cúc", "", 3, "", "", "tỉnh", "", "", ""],
    ),
    "awards": table(
        "Hình thức|Ngày quyết định|Người nhận|Loại người nhận|Mục chương trình|Người trao",
        ["Giấy khem", "2024-13-01", "An", "", "", ""],
        ["", "", "", "", "Phát biể", ""],
        ["Quà", "", "Bình", "con vật", "Văn nghệ", "Lê An\nLê Cúc"],
    ),
    "roll": table("Nhóm|Họ và tên", ["Nhân dan", "Lê An"], ["Đoàn xe", "Lê An"], ["", ""], ["Nhân dân", "—"]),
}

FOUND = """
ceremony.yaml · 2: “Lễ ra mắt” cannot be the code; “le-ra-mat” could.
ceremony.yaml · 3: “tilte” is not known here; the nearest known name is “title”.
ceremony.yaml · 4: The ceremony has no title.
ceremony.yaml · 6: “level” wants a text.
ceremony.yaml · 7: “31/02/2024” is not in the calendar: month 2 of 2024 has no day 31. Write a day that exists.
ceremony.yaml · 9: The end, 09:00, is not after the start, 10:00.
ceremony.yaml · 10: “Asia/Saigonn” is not an IANA time zone; the nearest is “Asia/Saigon”.
ceremony.yaml · 11: “nmae” is not known here; the nearest known name is “name”.
ceremony.yaml · 12: “sample” is “maybe”; it wants true or false.
ceremony.yaml · 13: “a@b, c@d” is not one e-mail address.
running-order.csv · F2: The end, 07:45, is not after the start, 08:00.
running-order.csv · A3: “1” stands under “TT” in row 2 already.
running-order.csv · B3: “a” stands under “Mã” in row 2 already.
running-order.csv · C3: “Diễu binh” is not a kind of item that the profile knows; the nearest is “Diễu hành”.
running-order.csv · E3: “25:00” is not a time of day. Write hour and minute, for example 08:30 or 8h30.
running-order.csv · G3: “nhiều” is not a duration. Write whole minutes, for example 15, or 1h30 for an hour and a half.
running-order.csv · A4: “một” is not a number. Write thousands as 3.000 and decimals as 1,5, as in 1.234,5.
running-order.csv · D4: “Nội dung” is empty in this row.
running-order.csv · F4: There is an end and no start.
running-order.csv · G5: From 08:00 to 08:30 are 30 minutes, and 20 are written.
guests.csv · J1: The heading “Tuổi” is not known.
guests.csv · A2: “giữa” is not known here. Known are: khách; chủ.
guests.csv · F2: There are 2 posts and 3 entries under “Đơn vị”.
guests.csv · H2: “an@” is not one e-mail address.
guests.csv · I2: “31/4/1970” is not in the calendar: month 4 of 1970 has no day 31. Write a day that exists.
guests.csv · B3: This row names both a person and a group.
guests.csv · D4: “hàng ngàn” is not a number. Write thousands as 3.000 and decimals as 1,5, as in 1.234,5.
guests.csv · G4: “tỉn” is not known here; the nearest known word is “tỉnh”.
guests.csv · D5: A person has no head count.
guests.csv · G5: “Cấp” says something of a post, and this row has none.
roll.csv · A2: “Nhân dan” is no group of the guest list; the nearest there is “Nhân dân”.
roll.csv · A3: “Đoàn xe” is no group of the guest list.
roll.csv · B5: “Họ và tên” is empty in this row.
awards.csv · A2: “Giấy khem” is no award or gift that the profile knows; the nearest is “Giấy khen”.
awards.csv · B2: “2024-13-01” is not a date: there is no month 13. The day stands before the month, as in 31/7/2024.
awards.csv · A3: “Hình thức khen thưởng” is empty in this row.
awards.csv · C3: This row names no recipient.
awards.csv · E3: “Phát biể” is no item of the running order; the nearest there is “Phát biểu”.
awards.csv · D4: “con vật” is not a kind of recipient; the nearest is “đơn vị”.
awards.csv · E4: “Văn nghệ” is no item of the running order.
awards.csv · F4: Only one can hand over an award.
running-order.csv · H4: “Lê Ăn” is not on the guest list; the nearest name there is “Lê An”.
"""  # noqa: E501 - one problem to a line


def test_all_problems_of_all_files_are_found_at_once() -> None:
    found = read(folder(**EVERYTHING))
    assert found.plan is None
    assert said(found) == FOUND.split("\n")[1:-1]


YAML: list[tuple[str | bytes, str]] = [
    ("a: &x [1]\nb: *x", "1: Line 1, column 4: anchors (&) and aliases (*) are not read. Write the value out."),
    ("a: !!python/object/apply:os.system [id]", "1: Line 1, column 4: tags (!) are not read. Write the plain value."),
    ("title: A\ntitle: B", "2: Line 2, column 1: “title” stands here a second time. Keep one of the two."),
    ("[" * 60, "1: Line 1, column 51: more than 50 levels deep. Write it flatter."),
    (
        "title: {a",
        "2: Line 2, column 1: did not find expected ',' or '}'. Look at the spaces, quotes and colons there.",
    ),
    ("", "ceremony.yaml says nothing."),
    ("- Lễ ra mắt", "ceremony.yaml is not a list of names with values."),
    (b"title: L\xea", "The file is not text in UTF-8. Save it as UTF-8 and try again."),
    (b"a" * 1_000_002, "The text has 1000002 bytes; at most 1000000 are read. Split it into several files."),
]


@pytest.mark.parametrize(("written", "expected"), YAML, ids=[str(text[:12]) for text, _ in YAML])
def test_yaml_that_is_no_plain_yaml_is_refused_with_its_line(written: str | bytes, expected: str) -> None:
    content = written if isinstance(written, bytes) else written.encode()
    found = read({"ceremony.yaml": content})
    assert found.plan is None
    assert said(found)[0].removeprefix("ceremony.yaml").lstrip(" ·:") == expected


def test_empty_folder_says_what_belongs_in_it(tmp_path: Path) -> None:
    assert said(read(tmp_path)) == [
        "ceremony.yaml: ceremony.yaml is missing.",
        "running-order.xlsx: running-order.xlsx is missing.",
        "guests.xlsx: guests.xlsx is missing.",
        "awards.xlsx: awards.xlsx is missing.",
    ]


def test_folder_that_is_not_there_is_one_problem(tmp_path: Path) -> None:
    assert [one.text() for one in read(tmp_path / "no").problems] == [
        f"{tmp_path / 'no'} cannot be opened: No such file or directory."
    ]


def test_files_beside_the_plan_are_told_and_left_alone() -> None:
    files = folder(guests=table("Họ và tên", ["An"]))
    files["guests.ods"] = b"x"
    files["guest.xlsx"] = files["~$guests.xlsx"] = files[".DS_Store"] = b"x"
    files["running_order.xlsx"] = files.pop("running-order.csv")
    files["award.csv"] = files.pop("awards.csv")
    found = read(files)
    assert said(found, "error", "note") == [
        "running_order.xlsx: The file running_order.xlsx ends in .xlsx, but it is plain text or unknown data.",
        "guests: Several files hold the same part of the plan: guests.csv, guests.ods.",
        "awards.xlsx: awards.xlsx is missing; is award.csv meant?",
        "award.csv: award.csv is no part of a plan folder and was not read.",
        "guest.xlsx: guest.xlsx is no part of a plan folder and was not read.",
    ]


def test_spreadsheets_that_hold_no_table_are_told_by_file() -> None:
    two = {"awards.csv": b"", "guests.csv": "Họ và tên\nLê Ân".encode("utf-16-le"), "running-order.csv": b"a,b\n1,2"}
    found = read({"ceremony.yaml": CEREMONY.encode(), **two})
    assert found.plan is None
    assert [line.split(" Expected")[0] for line in said(found)] == [
        "running-order.csv: None of the first 30 rows holds the headings.",
        "guests.csv: The file guests.csv is not in the encoding UTF-8: line 1 holds the byte 0xCD.",
        "awards.csv: The file awards.csv is empty.",
    ]


HOSTILE = "Lê <script>alert(1)</script>"


def test_signs_that_act_elsewhere_stay_plain_text() -> None:
    guests = table("Họ và tên|Ghi chú", [HOSTILE, '\'=HYPERLINK("http://example.org")'], ["A" * 400, ""])
    plan = plan_of(folder(guests=guests, ceremony=CEREMONY.replace("title: Lễ", "title: =HYPERLINK(1) Lễ")))
    assert [guest.person.name for guest in plan.guests.guests if guest.person] == [HOSTILE, "A" * 400]
    assert plan.guests.guests[0].note == '=HYPERLINK("http://example.org")'
    assert plan.scheduling.ceremony.title == "=HYPERLINK(1) Lễ ra mắt"


def test_signs_that_nobody_sees_are_taken_out_and_told() -> None:
    dirty = "Lễ\u2028ra\u202e mắt\r\nX\u200b"
    guests = table("Họ và tên|Email", [f"{normalize('NFD', 'Nguyễn Thủy')}\u200f", "a@example.org"])
    written = CEREMONY.replace("title: Lễ ra mắt", 'title: "Lễ\\u2028ra\\u202E mắt\\r\\nX\\u200B"')
    order = table("TT|Nội dung|Bắt đầu|Phút|Người trao", [1, dirty, "8:00", 5, "Nguyễn Thuỷ"])
    found = read(folder(ceremony=written, guests=guests, running_order=order))
    assert said(found, "error", "warning", "note") == [
        "ceremony.yaml · 3: “title” held invisible signs; they were left out.",
        "running-order.csv · B2: The text in cell B2 held line separators; they were taken out.",
        "running-order.csv · B2: The text in cell B2 held invisible marks; they were taken out.",
        "guests.csv · A2: The text in cell A2 held invisible marks; they were taken out.",
    ]
    assert found.plan is not None
    item, guest = found.plan.scheduling.items[0], found.plan.guests.guests[0]
    assert (found.plan.scheduling.ceremony.title, item.title) == ("Lễ ra mắt X", "Lễ ra mắt X")
    assert (guest.person and guest.person.name, item.roles[0].guest) == ("Nguyễn Thủy", guest.ref)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"guests": table("Họ và tên", ["A" * 401])},
            ["guests.csv · A2: This text has 401 characters; at most 400 fit."],
        ),
        (
            {"ceremony": CEREMONY.replace("title: Lễ", "title: " + "A" * 401)},
            ["ceremony.yaml · 3: This text has 408 characters; at most 400 fit."],
        ),
        (
            {"running_order": table("Nội dung", ["A" * 1001])},
            ["running-order.csv · A2: This text has 1001 characters; at most 1000 fit."],
        ),
        (
            {"awards": table("Hình thức|Thành tích", ["Quà", ""])},
            ["awards.csv · 1: The column “Họ và tên / Tập thể” is missing."],
        ),
    ],
    ids=["name", "title", "item", "recipient"],
)
def test_what_does_not_fit_is_refused_with_its_place(files: dict[str, bytes | str], expected: list[str]) -> None:
    found = read(folder(**files))
    assert found.plan is None
    assert said(found) == expected


def test_workbook_with_title_lines_and_a_formula_is_read_around_them() -> None:
    rows: list[list[str | None]] = [
        ["DANH SÁCH KHÁCH MỜI", None],
        [None, None],
        ["Họ và tên", "Số lượng"],
        ["Lê An", None],
        ["=A4", None],
    ]
    files = folder()
    del files["guests.csv"]
    found = read(files | {"guests.xlsx": xlsx(rows, merge=["A1:B1"])})
    assert said(found) == ["guests.xlsx · Khách mời · A5: Cell A5 holds the formula =A4."]
    assert found.plan is None


def test_profile_that_is_not_there_or_not_in_force_is_told() -> None:
    for written, expected in (
        (
            "profile: vn-tinh",
            "There is no protocol profile “vn-tinh”. There are: fr-1989, plain, plain-vi, uk-county, ",
        ),
        ("date: 1/7/2019", "The protocol profile vn-province does not hold on 2019-07-01. Its versions hold "),
    ):
        name = written.split(":")[0]
        kept = "\n".join(line for line in CEREMONY.split("\n") if not line.startswith(name))
        problems = [one for one in read({"ceremony.yaml": f"{kept}\n{written}".encode()}).problems if one.row]
        assert [one.text()[: len(expected)] for one in problems] == [expected]


def test_large_ceremony_file_is_measured_and_not_loaded(tmp_path: Path) -> None:
    with (tmp_path / "ceremony.yaml").open("wb") as stream:
        stream.truncate(50_000_000)
    assert said(read(tmp_path))[0] == (
        "ceremony.yaml: The text has 50000000 bytes; at most 1000000 are read. Split it into several files."
    )


def test_unreadable_guest_list_makes_nobody_a_stranger() -> None:
    order = table("Nội dung|Người trao", ["Trao quà", "Lê An"])
    assert said(read(folder(guests=b"\xff\xff", running_order=order)))[1:] == []


NASTY = [
    "=1+1",
    "'",
    '"',
    "“",
    ";",
    "—;—",
    "\n",
    "{name}",
    "%s",
    "\\",
    "0",
    "-1",
    "1e9",
    "31/02/2024",
    "24:00",
    "<b>",
    "A" * 3999,
]
NASTY += [
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "\u0301",
    "ẠẠẠ",
    "१२",
    "()",
    "١:٣٠",
    "63/63",
    "null",
    "TRUE",
]


def test_nasty_values_in_any_column_are_told_and_never_raise() -> None:
    files: dict[str, bytes | str] = {}
    for name, known in words().tables.items():
        heads = [column.vi[0] for column in known.columns.values()]
        rows = [[value] * len(heads) for value in NASTY]
        rows += [["x" if at != row else NASTY[row % len(NASTY)] for at in range(len(heads))] for row in range(60)]
        files[name.replace("-", "_")] = table("|".join(heads), *rows)
    found = read(folder(**files))
    assert found.plan is None
    assert {one.file for one in found.problems} == {f"{name}.csv" for name in words().tables}
    assert [one.text() for one in found.problems if re.search(r"\{(?!name\})\w+\}", one.text())] == []

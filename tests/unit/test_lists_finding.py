"""Ugly spreadsheets of many offices: where the list is, what its columns mean, which rows are guests."""

from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import Font

from services.kit.sheets import EMPTY, Cell, Sheet
from services.kit.sheets.finding import find_lists, read_body
from services.plan.lists import Decided, Listing, list_words, propose, read_lists
from tests.unit.old_letters import in_tcvn3, in_vni
from tests.unit.sheet_files import ods, saved, xls, xls_number, xls_text

Rows = Sequence[Sequence[Any]]
TITLE: Rows = [
    ["ỦY BAN NHÂN DÂN TỈNH THỬ NGHIỆM", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["Số: /DS-UBND", None, None, "Độc lập - Tự do - Hạnh phúc"],
    [],
    ["DANH SÁCH ĐẠI BIỂU DỰ LỄ"],
    ["(Kèm theo Giấy mời số 12/GM-UBND ngày 01 tháng 7 năm 2024)"],
    [],
]
MAU, HAI = ["Lê Thị Mẫu", "Chủ tịch UBND tỉnh"], ["Trần Văn Hai", "Giám đốc Sở Nội vụ"]


def book(rows: Rows, merge: Sequence[str] = (), name: str = "Đại biểu") -> Any:
    made = openpyxl.Workbook()
    made.active.title = name
    for row in rows:
        made.active.append(list(row))
    for cells in merge:
        made.active.merge_cells(cells)
    return made


def found(content: bytes, file: str = "a.xlsx", **decided: Any) -> Listing:
    return propose(read_lists(file, content, Decided.model_validate(decided)))


def cells(listing: Listing) -> list[dict[str, str]]:
    return [row.cells for row in listing.rows]


def names(listing: Listing) -> list[str]:
    return [row.cells.get("name") or row.cells.get("group", "") for row in listing.rows]


def fields(listing: Listing, table: int = 0) -> list[str | None]:
    return [column.field for column in listing.tables[table].table.columns]


# Twelve and more.


def test_titles_above_and_signatures_below_are_no_guests() -> None:
    rows: Rows = [
        *TITLE,
        ["STT", "Họ và tên", "Chức vụ", "Ghi chú"],
        [1, *MAU],
        [2, *HAI],
        ["Tổng cộng: 02 đại biểu"],
    ]
    below: Rows = [[], [None, None, None, "Thử Nghiệm, ngày 01 tháng 7 năm 2024"], [None, None, None, "NGƯỜI LẬP"]]
    listing = found(saved(book([*rows, *below, [None, None, None, "Phạm Văn Lập"]])))
    assert cells(listing) == [dict(zip(("name", "posts"), one, strict=True)) for one in (MAU, HAI)]
    assert [one.why for one in listing.tables[0].body.left_out] == ["total", "below", "below", "below"]


def test_heads_of_two_merged_rows_name_each_column() -> None:
    rows: Rows = [
        ["STT", "Họ và tên", "Chức vụ", "Liên hệ", None],
        [None, None, None, "Điện thoại", "Email"],
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        [1, *MAU, "0900 000 001", "mau@example.org"],
    ]
    listing = found(saved(book(rows, ["A1:A2", "B1:B2", "C1:C2", "D1:E1"])))
    assert fields(listing) == ["#", "name", "posts", "phone", "email"]
    assert listing.tables[0].table.columns[3].heading == "Liên hệ / Điện thoại"
    assert names(listing) == ["Lê Thị Mẫu"]


def test_heads_of_two_rows_are_found_where_merges_were_lost() -> None:
    text = "TT,Họ và tên,Chức vụ,Liên hệ,\n,,,SĐT,Email\n1,Lê Thị Mẫu,Chủ tịch,0900,mau@example.org\n"
    assert fields(found(text.encode(), "a.csv")) == ["#", "name", "posts", "phone", "email"]


def test_headings_of_groups_become_the_delegation_of_the_rows_below() -> None:
    rows: Rows = [
        ["STT", "Họ và tên", "Chức vụ"],
        ["I", "Lãnh đạo Trung ương"],
        [1, "Trung tướng Lê Tấn Tới", "Chủ nhiệm Ủy ban Quốc phòng và An ninh của Quốc hội"],
        ["II. Lãnh đạo tỉnh"],
        [2, *MAU],
        [None, "Về phía địa phương:"],
        [3, *HAI],
    ]
    listing = found(saved(book(rows, ["A4:C4"])))
    assert [(row.cells["name"], row.group) for row in listing.rows] == [
        ("Trung tướng Lê Tấn Tới", "Lãnh đạo Trung ương"),
        ("Lê Thị Mẫu", "Lãnh đạo tỉnh"),
        ("Trần Văn Hai", "Về phía địa phương"),
    ]


def test_a_name_alone_among_fuller_rows_is_asked_about() -> None:
    rows: Rows = [
        ["STT", "Họ và tên", "Chức vụ"],
        [1, *MAU],
        [2, *HAI],
        [None, "Sở Văn hóa và Thể thao"],
        [3, *MAU],
    ]
    content = saved(book(rows))
    listing = found(content)
    assert [one.key for one in listing.open] == ["row:Đại biểu!4"]
    assert names(listing) == ["Lê Thị Mẫu", "Trần Văn Hai", "Sở Văn hóa và Thể thao", "Lê Thị Mẫu"]
    said = {"row:Đại biểu!4": "group"}
    assert [row.group for row in found(content, answers=said).rows] == [None, None, "Sở Văn hóa và Thể thao"]
    assert names(found(content, answers={"row:Đại biểu!4": "skip"})) == ["Lê Thị Mẫu", "Trần Văn Hai", "Lê Thị Mẫu"]


def test_tables_side_by_side_are_two() -> None:
    head = ["STT", "Họ và tên", "Chức vụ"]
    listing = found(saved(book([[*head, None, *head], [1, *MAU, None, 1, *HAI], [2, "Phạm Ba", "Khách"]])))
    assert [[entry.text("name") for entry in one.body.entries] for one in listing.tables] == [
        ["Lê Thị Mẫu", "Phạm Ba"],
        ["Trần Văn Hai"],
    ]
    assert [one.key for one in listing.open] == ["tables"]
    assert names(
        found(saved(book([[*head, None, *head], [1, *MAU, None, 1, *HAI]])), answers={"tables": "Đại biểu#2"})
    ) == ["Trần Văn Hai"]


def test_a_second_table_below_has_columns_of_its_own() -> None:
    rows: Rows = [
        ["Họ và tên", "Chức vụ"],
        MAU,
        [],
        ["Đoàn khách mời"],
        ["TT", "Họ tên", "Đơn vị"],
        [1, "Vũ Ba", "Sở Y tế"],
    ]
    listing = found(saved(book(rows)))
    assert cells(listing) == [
        {"name": "Lê Thị Mẫu", "posts": "Chủ tịch UBND tỉnh"},
        {"name": "Vũ Ba", "organisation": "Sở Y tế"},
    ]


def test_heads_repeated_on_each_page_are_no_guests() -> None:
    head = ["STT", "Họ và tên", "Chức vụ"]
    assert names(found(saved(book([head, [1, *MAU], head, [2, *HAI], [], head, [3, "Vũ Ba", "Khách"]])))) == [
        "Lê Thị Mẫu",
        "Trần Văn Hai",
        "Vũ Ba",
    ]


def test_several_sheets_are_read_but_for_hidden_ones() -> None:
    made = book([["Họ và tên", "Chức vụ"], MAU], name="Đoàn 1")
    for name, state in (("Đoàn 2", "visible"), ("Cũ", "hidden")):
        page = made.create_sheet(name)
        page.sheet_state = state
        for row in (["Họ và tên", "Chức vụ"], HAI):
            page.append(row)
    listing = found(saved(made))
    assert [row.row for row in listing.rows] == ["Đoàn 1!2", "Đoàn 2!2"]
    assert [one.suggestion for one in listing.open] == ["Đoàn 1\nĐoàn 2"]


def test_a_name_in_two_columns_under_one_head_is_one_name() -> None:
    rows: Rows = [
        ["STT", "Họ và tên", None, "Chức vụ"],
        [1, "Lê Thị", "Mẫu", "Chủ tịch"],
        [2, "Trần Văn", "Hai", "Khách"],
    ]
    assert names(found(saved(book(rows, ["B1:C1"])))) == ["Lê Thị Mẫu", "Trần Văn Hai"]


@pytest.mark.parametrize(
    "heads",
    [
        [["STT", "Họ đệm", "Tên", "Chức vụ"]],
        [["Họ và đệm", "Tên", "Chức vụ", "Đơn vị"]],
        [["STT", "Họ và tên", None, "Chức vụ"], [None, "Họ đệm", "Tên", None]],
        [["No.", "Family name", "Given name", "Position"]],
    ],
)
def test_a_name_under_two_heads_is_one_name(heads: Rows) -> None:
    row = ["Lê Thị", "Mẫu", "Chủ tịch UBND tỉnh"]
    numbered = heads[0][0] in {"STT", "No."}
    listing = found(saved(book([*TITLE, *heads, [1, *row] if numbered else [*row, None]])))
    assert cells(listing) == [{"name": "Lê Thị Mẫu", "posts": "Chủ tịch UBND tỉnh"}]


def test_a_short_name_beside_the_whole_one_is_not_read() -> None:
    listing = found(saved(book([["STT", "Họ và tên", "Tên", "Chức vụ"], [1, "Lê Thị Mẫu", "Mẫu", "Chủ tịch"]])))
    assert (fields(listing), names(listing)) == (["#", "name", None, "posts"], ["Lê Thị Mẫu"])


def test_cells_merged_downwards_hold_for_each_row() -> None:
    rows: Rows = [
        ["Đơn vị", "Họ và tên", "Chức vụ"],
        ["Sở Nội vụ", "Lê Mẫu", "Giám đốc"],
        [None, "Trần Hai", "Phó Giám đốc"],
    ]
    listing = found(saved(book(rows, ["A2:A3"])))
    assert [row.cells["organisation"] for row in listing.rows] == ["Sở Nội vụ", "Sở Nội vụ"]


def test_a_registration_form_is_a_guest() -> None:
    rows: Rows = [
        ["PHIẾU ĐĂNG KÝ THAM DỰ"],
        ["Họ và tên:", "Lê Thị Mẫu"],
        ["Chức vụ:", "Chủ tịch"],
        ["Đơn vị: UBND tỉnh"],
        ["Điện thoại", "0900"],
    ]
    listing = found(saved(book(rows)))
    assert listing.tables[0].table.form is True
    assert cells(listing) == [
        {"name": "Lê Thị Mẫu", "posts": "Chủ tịch", "organisation": "UBND tỉnh", "phone": "0900"}
    ]


def test_a_list_pasted_from_word_needs_no_heads() -> None:
    pasted = "DANH SÁCH MỜI\n1. Đồng chí Lê Thị Mẫu, Chủ tịch UBND tỉnh\n2. Ông Trần Văn Hai - Giám đốc Sở Nội vụ\n"
    assert names(found(pasted.encode(), "pasted.txt")) == [
        "Đồng chí Lê Thị Mẫu, Chủ tịch UBND tỉnh",
        "Ông Trần Văn Hai - Giám đốc Sở Nội vụ",
    ]


def test_columns_without_heads_are_guessed_by_what_they_hold() -> None:
    rows: Rows = [
        [1, "Lê Thị Mẫu", "mau@example.org", "0900 000 001"],
        [2, "Trần Văn Hai", "hai@example.org", "0900 000 002"],
    ]
    listing = found(saved(book(rows)))
    assert fields(listing) == ["#", "name", "email", "phone"]
    assert max(column.confidence for column in listing.tables[0].table.columns) < 0.75


def test_old_letters_are_converted_only_when_somebody_says_so() -> None:
    made = book([["STT", "Họ và tên", "Chức vụ"], [1, in_tcvn3("Nguyễn Văn Trưởng"), "Chủ tịch"], [2, *HAI]])
    content = saved(made)
    assert names(found(content))[0] == in_tcvn3("Nguyễn Văn Trưởng").replace("\xad", "")
    assert [(one.key, one.required) for one in found(content).open] == [("encoding", True)]
    assert names(found(content, answers={"encoding": "recognised"})) == ["Nguyễn Văn Trưởng", "Trần Văn Hai"]


def test_even_the_headings_may_be_in_old_letters() -> None:
    rows: Rows = [
        [in_vni(text) for text in row] for row in (["STT", "Họ và tên", "Chức vụ"], ["1", *MAU], ["2", *HAI])
    ]
    made = book(rows)
    for line in made.active.iter_rows():
        for cell in line:
            cell.font = Font(name="VNI-Times")
    assert names(found(saved(made), answers={"encoding": "recognised"})) == ["Lê Thị Mẫu", "Trần Văn Hai"]


def test_hidden_rows_are_asked_about() -> None:
    made = book([["Họ và tên", "Chức vụ"], MAU, HAI])
    made.active.row_dimensions[3].hidden = True
    content = saved(made)
    assert [one.key for one in found(content).open] == ["hidden"]
    assert names(found(content, answers={"hidden": "no"})) == ["Lê Thị Mẫu"]


def test_open_document_and_old_excel_read_alike() -> None:
    in_ods = ods([["TT", "Họ và tên", "Chức vụ"], ["1", *MAU]])
    texts = [(0, 0, "TT"), (0, 1, "Họ và tên"), (0, 2, "Chức vụ"), (1, 1, MAU[0]), (1, 2, MAU[1])]
    in_xls = xls(*(xls_text(*one) for one in texts), xls_number(1, 0, 1))
    expected = [{"name": "Lê Thị Mẫu", "posts": "Chủ tịch UBND tỉnh"}]
    assert cells(found(in_ods, "a.ods")) == cells(found(in_xls, "a.xls")) == expected


def test_groups_with_a_head_count_are_no_persons() -> None:
    rows: Rows = [
        ["STT", "Thành phần", "Số lượng"],
        [1, "Đại diện các hộ dân", 40],
        [2, "Lực lượng nòng cốt", "728"],
    ]
    assert cells(found(saved(book(rows)))) == [
        {"group": "Đại diện các hộ dân", "count": "40"},
        {"group": "Lực lượng nòng cốt", "count": "728"},
    ]


def test_a_correction_of_columns_holds_and_frees_the_field() -> None:
    rows: Rows = [["Họ và tên", "Công tác", "Chức vụ"], ["Lê Mẫu", "Chủ tịch", "UBND tỉnh"]]
    listing = found(saved(book(rows)), columns={"Đại biểu": {2: "posts", 3: "organisation"}})
    assert cells(listing) == [{"name": "Lê Mẫu", "posts": "Chủ tịch", "organisation": "UBND tỉnh"}]


def test_what_an_office_said_before_is_laid_over_the_same_headings() -> None:
    content = saved(book([["Họ và tên", "Công tác"], ["Lê Mẫu", "Chủ tịch"]]))
    taught = found(content, columns={"Đại biểu": {2: "posts"}})
    listing = propose(read_lists("b.xlsx", content, Decided()), {one.heads: one for one in taught.layouts})
    assert cells(listing) == [{"name": "Lê Mẫu", "posts": "Chủ tịch"}]


def test_files_without_a_list_hold_no_rows() -> None:
    for content in (saved(book([])), saved(book([["Ghi chú"], ["không có gì ở đây"]]))):
        assert found(content).rows == ()


WORDS = st.sampled_from(
    [
        "",
        "",
        "STT",
        "Họ và tên",
        "Chức vụ",
        "1",
        "2",
        "I",
        "Lê Thị Mẫu",
        "II. Đoàn",
        "Tổng cộng",
        "Ghi chú:",
        "-",
        "(1)",
    ]
) | st.text("aăđ Á1.,:()", max_size=8)


@given(rows=st.lists(st.lists(WORDS, max_size=5), max_size=14))
def test_whatever_stands_in_a_sheet_each_row_of_a_table_is_told_at_most_once(rows: list[list[str]]) -> None:
    cells = [[Cell(text, "text", text) if text.strip() else EMPTY for text in row] for row in rows]
    words = list_words("guests")
    for table in find_lists(Sheet("a", "A", cells), words):
        body = read_body(table, words)
        told = [entry.row for entry in body.entries]
        told += [row for row, _ in body.groups] + [each.row for each in body.left_out]
        assert len(told) == len(set(told))
        assert set(told) <= set(range(table.first, table.last + 1))

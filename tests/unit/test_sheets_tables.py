"""How a table is found in a sheet, and what is said about heads and rows that do not fit."""

import time
import unicodedata
from typing import Any

import pytest

from schemas.errors import Problem
from services.kit.sheets import (
    EMPTY,
    Cell,
    ColumnSpec,
    Limits,
    Merge,
    Sheet,
    Table,
    find_sheet,
    find_table,
    read_tables,
)
from services.kit.sheets.cells import sheet_from_wire
from services.kit.sheets_child.book import read_book
from tests.unit.sheet_files import ods, with_cells, xlsx

COLUMNS = {
    "name": ColumnSpec(("Họ và tên", "Full name", "Name"), required=True),
    "post": ColumnSpec(("Chức vụ", "Post")),
    "seat": ColumnSpec(("Số ghế", "Seat")),
}


def sheet_of(rows: list[list[Any]], merge: tuple[str, ...] = ()) -> Sheet:
    """Read in this process: what a table is does not depend on the child, and starting one takes its time."""
    (wire,) = read_book(xlsx(rows, merge), "xlsx", Limits())
    assert wire.complaints == []
    return sheet_from_wire("guests.xlsx", wire.wire())


def table_of(*rows: list[Any], merge: tuple[str, ...] = ()) -> Table:
    return find_table(sheet_of(list(rows), merge), COLUMNS)


def entries(table: Table) -> list[tuple[int, str, str, str]]:
    return [(entry.row, entry.text("name"), entry.text("post"), entry.text("seat")) for entry in table.records]


def told(table: Table) -> list[tuple[str, str, str]]:
    assert all("{" not in f"{found.text()}{found.hint}" for found in table.problems)
    assert {(found.file, found.sheet) for found in table.problems} <= {("guests.xlsx", "Khách mời")}
    return [(found.severity, f"{found.column or ''}{found.row or ''}", found.text()) for found in table.problems]


def test_table_is_read_by_its_heads_in_any_order() -> None:
    table = table_of(["Số ghế", "STT", "Họ và tên"], [12, 1, "Trần A"], [13, 2, "Trần B"])
    assert entries(table) == [(2, "Trần A", "", "12"), (3, "Trần B", "", "13")]
    assert (table.head, table.letters, told(table), table.ok) == (1, {"seat": "A", "name": "C"}, [], True)
    assert table.records[0]["post"] == EMPTY


@pytest.mark.parametrize(
    "heading",
    [
        "HỌ VÀ TÊN",
        "ho va ten",
        " Họ  và tên: ",
        "Họ và tên (*)",
        "Họ và\ntên",
        unicodedata.normalize("NFD", "Họ và tên"),
        "Full Name",
        "Name (in capitals)",
    ],
)
def test_heading_is_known_in_any_writing(heading: str) -> None:
    assert entries(table_of([heading], ["Trần A"])) == [(2, "Trần A", "", "")]


def test_title_lines_above_the_heads_are_passed_over() -> None:
    rows: list[list[Any]] = [
        ["DANH SÁCH KHÁCH MỜI"],
        ["(Kèm theo Công văn số 12, name)"],
        [],
        ["STT", "Họ và tên", "Chức vụ"],
        [1, "Trần A", "Chủ tịch"],
    ]
    table = table_of(*rows, merge=("A1:C1", "A2:C2"))
    assert (table.head, entries(table), told(table)) == (4, [(5, "Trần A", "Chủ tịch", "")], [])


def test_heads_of_two_rows_are_read_from_the_lower_one() -> None:
    rows: list[list[Any]] = [["STT", "Họ và tên", "Chỗ", None], [None, None, "Chức vụ", "Số ghế"], [1, "A", "B", 3]]
    table = table_of(*rows, merge=("A1:A2", "B1:B2", "C1:D1"))
    assert (entries(table), told(table)) == ([(3, "A", "B", "3")], [])


def test_heads_merged_over_two_rows_are_not_read_as_an_entry() -> None:
    table = table_of(["Họ và tên", "Chức vụ"], [], ["A", "B"], merge=("A1:A2", "B1:B2"))
    assert (entries(table), told(table)) == ([(3, "A", "B", "")], [])


@pytest.mark.parametrize("numbering", [["(1)", "(2)", "(3)"], [1, 2, 3], ["(1)"], ["(a)", "(1)"]])
def test_row_that_numbers_the_columns_is_passed_over(numbering: list[Any]) -> None:
    table = table_of(["Họ và tên", "Chức vụ", "Số ghế"], numbering, ["B", "C", 3])
    assert entries(table) == [(3, "B", "C", "3")]


@pytest.mark.parametrize("values", [["A", "1", "2"], ["1", "3", "2"], ["A", "B", "C"]])
def test_row_of_short_values_is_an_entry(values: list[Any]) -> None:
    table = table_of(["Họ và tên", "Chức vụ", "Số ghế"], values)
    assert entries(table) == [(2, *values)]


def test_blank_rows_are_left_out_and_rows_keep_their_numbers() -> None:
    table = table_of(["Họ và tên"], [], ["A"], [None], ["  "], ["B"])
    assert (entries(table), told(table)) == ([(3, "A", "", ""), (6, "B", "", "")], [])


def test_unknown_heading_is_named_with_the_nearest_known_one() -> None:
    table = table_of(["Họ và tên", "Chức vu ụ", "Màu áo"], ["A", "B", "C"])
    assert told(table) == [
        ("error", "B1", "The heading “Chức vu ụ” is not known; the nearest known one is “Chức vụ”."),
        ("error", "C1", "The heading “Màu áo” is not known."),
    ]
    assert {found.hint for found in table.problems} == {"Correct the heading, or delete the column."}
    assert not table.ok


def test_unknown_heading_can_be_a_mere_note() -> None:
    table = find_table(sheet_of([["Name", "Màu áo"], ["A", "đỏ"]]), COLUMNS, unknown="note")
    assert (told(table), table.ok) == ([("note", "B1", "The heading “Màu áo” is not known.")], True)


def test_heading_that_comes_twice_is_named() -> None:
    table = table_of(["Họ và tên", "Chức vụ", "Full name"], ["A", "B", "C"])
    sentence = "The heading “Full name” names a column that A1 holds already."
    assert (told(table), entries(table)) == ([("error", "C1", sentence)], [(2, "A", "B", "")])


def test_missing_required_column_is_named() -> None:
    table = table_of(["Chức vụ", "Số ghế"], ["B", 1])
    assert told(table) == [("error", "1", "The column “Họ và tên” is missing.")]


def test_sheet_without_heads_says_what_is_expected() -> None:
    table = table_of(["Trần A", "Chủ tịch"])
    sentence = "None of the first 30 rows holds the headings. Expected are: Họ và tên, Chức vụ, Số ghế."
    assert (told(table), entries(table)) == ([("error", "", sentence)], [])


def test_empty_sheet_is_said_to_be_empty() -> None:
    assert told(table_of([None])) == [("error", "", "The sheet Khách mời is empty.")]


def test_heads_alone_are_a_warning() -> None:
    table = table_of(["Họ và tên", "Chức vụ"])
    assert (told(table), table.ok) == ([("warning", "1", "There is no row below the headings.")], True)


def test_formula_in_a_column_that_is_read_is_refused() -> None:
    table = table_of(["STT", "Họ và tên", "Chức vụ"], ["=ROW()-1", "A", "=A1&B1"])
    assert told(table) == [("error", "C2", "Cell C2 holds the formula =A1&B1.")]
    assert table.problems[0].hint == "Write the value itself in place of the formula."


def test_formula_of_an_ods_is_refused_too() -> None:
    content = ods([["Name"], [{"formula": "of:=[.A1]", "valuetype": "string", "text": "x"}]])
    table = find_table(read_tables({"guests.xlsx.ods": content}).sheets[0], COLUMNS)
    assert [found.text() for found in table.problems] == ["Cell A2 holds the formula =A1."]


def test_error_cell_is_refused() -> None:
    cells = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'
        '<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>'
    )
    (sheet,) = read_tables({"guests.xlsx": with_cells(cells)}).sheets
    assert told(find_table(sheet, COLUMNS)) == [("error", "A2", "Cell A2 shows the error #N/A.")]


def test_cells_merged_downwards_count_for_each_row() -> None:
    rows: list[list[Any]] = [["Họ và tên", "Chức vụ"], ["A", "Ủy viên"], ["B", None], ["C", None]]
    table = table_of(*rows, merge=("B2:B3",))
    assert entries(table) == [(2, "A", "Ủy viên", ""), (3, "B", "Ủy viên", ""), (4, "C", "", "")]


def test_cells_merged_across_columns_are_refused() -> None:
    table = table_of(["Họ và tên", "Chức vụ"], ["I. KHỐI SỞ"], ["A", "B"], merge=("A2:B2",))
    sentence = "The cells A2 to B2 are merged, so it is unclear which column their text belongs to."
    assert (told(table), entries(table)) == ([("error", "A2", sentence)], [(3, "A", "B", "")])


def test_text_beside_the_table_is_a_warning() -> None:
    table = table_of(["Họ và tên"], ["A"], [None, None, "Người lập biểu"])
    sentence = "“Người lập biểu” stands outside of the columns that are read, in a row without entries."
    assert told(table) == [("warning", "C3", sentence)]


def test_many_problems_of_a_kind_are_counted() -> None:
    table = table_of(["Họ và tên"], *[["=1+1"]] * 30)
    assert len(table.problems) == 21
    assert table.problems[-1].text() == "10 more problems are like this one: Cell A2 holds the formula =1+1."


def test_problem_of_content_names_its_place() -> None:
    table = table_of(["STT", "Họ và tên"], [1, "A"])
    assert table.problem("Nobody is called {who}.", "Ask.", row=2, key="name", who="A") == Problem(
        file="guests.xlsx",
        sheet="Khách mời",
        row=2,
        column="B",
        sentence="Nobody is called {who}.",
        params={"file": "guests.xlsx", "sheet": "Khách mời", "who": "A"},
        hint="Ask.",
    )


def test_one_heading_for_two_columns_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="means both"):
        find_table(sheet_of([["a"]]), {"a": ColumnSpec(("Tên",)), "b": ColumnSpec(("TEN",))})


def sheets_named(*names: str | None, empty: tuple[str, ...] = (), hidden: tuple[str, ...] = ()) -> list[Sheet]:
    row = sheet_of([["a"]]).rows
    return [Sheet("f", name, [] if name in empty else row, hidden=name in hidden) for name in names]


def test_sheet_is_found_by_its_name_or_as_the_only_one() -> None:
    several = sheets_named("Ghi chú", "KHÁCH MỜI", "x")
    assert find_sheet(several, "f", ["Guests", "Khách mời"]) is several[1]
    alone = sheets_named("Sheet1", "Sheet2", "ẩn", empty=("Sheet2",), hidden=("ẩn",))
    assert find_sheet(alone, "f", ["Khách mời"]) is alone[0]
    unnamed = sheets_named(None)
    assert find_sheet(unnamed, "f") is unnamed[0]


def test_missing_sheet_is_named_with_those_that_are_there() -> None:
    found = find_sheet(sheets_named("Một", "Hai"), "f", ["Khách mời", "Guests"])
    assert isinstance(found, Problem)
    assert found.text() == "The file f has the sheets Một, Hai, and none of them is called Khách mời."
    nothing = find_sheet(sheets_named("Một", empty=("Một",)), "f", ["Khách mời"])
    assert isinstance(nothing, Problem)
    assert nothing.text() == "The file f holds nothing in its sheets."


def test_overlapping_merges_are_not_followed_for_long() -> None:
    rows = [[Cell("Name", "text", "Name")], *[[Cell("A", "text", "A")]] * 19_999]
    sheet = Sheet("f", "s", rows, [Merge(1, 2, 20_000, 2)] * 5_000)
    begun = time.perf_counter()
    assert len(find_table(sheet, COLUMNS).records) == 19_999
    assert time.perf_counter() - begun < 5

"""What is written opens well, reads back the same, and holds no text that acts as a formula."""

import csv
import io
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest

from services.kit.sheets import SheetOut, Value, read_tables, write_csv, write_xlsx

INJECTIONS = ['=HYPERLINK("http://x","y")', "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "＝1+1", "- Hát quốc ca"]
MORNING = datetime.fromisoformat("2024-07-01T07:30")


def written(*sheets: SheetOut) -> bytes:
    buffer = io.BytesIO()
    write_xlsx(buffer, sheets)
    return buffer.getvalue()


def written_csv(rows: list[list[Value]]) -> bytes:
    buffer = io.BytesIO()
    write_csv(buffer, ["Tên", "Số"], rows)
    return buffer.getvalue()


def test_xlsx_reads_back_as_written() -> None:
    row: list[Value] = ["Trần A", 728, 0.5, True, None, date(2024, 7, 1), time(7, 30), MORNING, timedelta(hours=30)]
    content = written(SheetOut("Khách", ["Họ tên"], [row, ["a\nb"]]), SheetOut("Quà", ["Tên"], []))
    first, second = read_tables({"a.xlsx": content}).sheets
    assert [cell.value for cell in first.rows[1]] == row
    assert [cell.text for cell in first.rows[2]] == ["a\nb"]
    assert (first.name, second.name) == ("Khách", "Quà")


def test_xlsx_text_never_becomes_a_formula() -> None:
    content = written(SheetOut("A", INJECTIONS, [INJECTIONS]))
    rows = read_tables({"a.xlsx": content}).sheets[0].rows
    assert [[(cell.text, cell.kind) for cell in row] for row in rows] == [[(text, "text") for text in INJECTIONS]] * 2
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    kinds = [(cell.value, cell.data_type, cell.quotePrefix) for cell in page[2]]
    assert kinds == [(text, "s", True) for text in INJECTIONS]


def test_xlsx_heads_stay_in_sight_and_columns_fit() -> None:
    page = openpyxl.load_workbook(
        io.BytesIO(written(SheetOut("A", ["Tên", "Số"], [["x" * 20, 1], ["y" * 500, 2]])))
    ).active
    assert (page.freeze_panes, page["A1"].font.bold, page["A2"].font.bold) == ("A2", True, False)
    assert [page.column_dimensions[letter].width for letter in "AB"] == [60, 6]
    assert (page["A2"].alignment.wrap_text, page["A3"].alignment.wrap_text) == (None, True)


def test_xlsx_marks_that_xml_forbids_are_left_out() -> None:
    content = written(SheetOut("A", ["a\x00b\x0b"], [["c\u2028d\ufffe"]]))
    assert [[cell.text for cell in row] for row in read_tables({"a.xlsx": content}).sheets[0].rows] == [
        ["ab"],
        ["c d"],
    ]


def test_xlsx_sheet_names_are_made_fit_and_unique() -> None:
    names = ["Khách [1/2]: *?", "x" * 40, "X" * 40, "'", "Sheet"]
    content = written(*[SheetOut(name, ["a"], []) for name in names])
    assert [sheet.name for sheet in read_tables({"a.xlsx": content}).sheets] == [
        "Khách  1 2",
        "x" * 31,
        "X" * 27 + " (2)",
        "Sheet",
        "Sheet (2)",
    ]


def test_csv_is_what_excel_and_rfc_4180_expect() -> None:
    content = written_csv(
        [["Trần A", 728], ['a "b"\nc', None], [True, 0.5], [MORNING, time(7, 30)], [date(2024, 7, 1), -5]]
    )
    assert (
        content
        == (
            '\ufeff"Tên","Số"\r\n"Trần A","728"\r\n"a ""b""\nc",""\r\n"TRUE","0.5"\r\n'
            '"2024-07-01 07:30","07:30"\r\n"2024-07-01","-5"\r\n'
        ).encode()
    )


def test_csv_text_never_becomes_a_formula_and_reads_back() -> None:
    content = written_csv([[text] for text in INJECTIONS])
    written_rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]
    assert written_rows == [[f"'{text}"] for text in INJECTIONS]
    read = read_tables({"a.csv": content}).sheets[0].rows[1:]
    assert [cell.text for row in read for cell in row] == INJECTIONS


@pytest.mark.parametrize("text", ["-5", "+84912345678", "-1,5", "a=b", "'quoted'"])
def test_csv_harmless_text_stays_as_it_is(text: str) -> None:
    assert list(csv.reader(io.StringIO(written_csv([[text]]).decode("utf-8-sig"))))[1] == [text]


def test_csv_text_cannot_open_a_cell_for_another_separator() -> None:
    assert written_csv([["a;=1+1;b", "\t=1"]]).splitlines()[1] == b'"a;=1+1;b","\'=1"'


def test_files_are_written_to_paths(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", [SheetOut("A", ["x"], [])])
    write_csv(tmp_path / "a.csv", ["x"], [])
    files = {name: tmp_path / name for name in ("a.xlsx", "a.csv")}
    assert [[cell.text for cell in sheet.rows[0]] for sheet in read_tables(files).sheets] == [["x"], ["x"]]

"""What is read from good files: values as a person typed them, in every format."""

import io
import time as clock
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from services.kit.sheets import EMPTY, Cell, Merge, Reading, Sheet, read_tables
from tests.unit.sheet_files import (
    SHEET,
    ods,
    record,
    rezipped,
    saved,
    with_cells,
    xls,
    xls_formula,
    xls_number,
    xls_text,
    xlsx,
)

# A spreadsheet knows no zones.
MORNING = datetime.fromisoformat("2024-07-01T07:30")


def texts(sheet: Sheet) -> list[list[str]]:
    return [[cell.text for cell in row] for row in sheet.rows]


def only(reading: Reading) -> Sheet:
    assert [found.text() for found in reading.problems] == []
    (sheet,) = reading.sheets
    return sheet


def read_one(name: str, content: bytes) -> Sheet:
    return only(read_tables({name: content}))


def csv_texts(content: bytes, name: str = "a.csv") -> list[list[str]]:
    return texts(read_one(name, content))


def test_xlsx_values_read_as_typed() -> None:
    row: list[Any] = [728, 728.5, 0.1 + 0.2, 1e20, 0.00001, True, "  hai   từ ", None, "cuối"]
    sheet = read_one("a.xlsx", xlsx([row]))
    assert texts(sheet) == [["728", "728.5", "0.3", "100000000000000000000", "0.00001", "TRUE", "hai từ", "", "cuối"]]
    assert [cell.kind for cell in sheet.rows[0]] == [*["number"] * 5, "bool", "text", "empty", "text"]
    assert sheet.cell(1, 1) == Cell("728", "number", 728)
    assert (sheet.name, sheet.file, sheet.hidden) == ("Khách mời", "a.xlsx", False)


def test_xlsx_dates_and_times_keep_their_kind() -> None:
    row = [
        date(2024, 7, 1),
        time(7, 20),
        MORNING,
        timedelta(hours=30, minutes=5),
        time(7, 20, 15),
    ]
    assert read_one("a.xlsx", xlsx([row])).rows[0] == [
        Cell("2024-07-01", "date", date(2024, 7, 1)),
        Cell("07:20", "time", time(7, 20)),
        Cell("2024-07-01 07:30", "datetime", MORNING),
        Cell("30:05", "duration", timedelta(hours=30, minutes=5)),
        Cell("07:20:15", "time", time(7, 20, 15)),
    ]


def test_xlsx_fraction_of_a_day_shown_as_time_is_a_time() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 7 / 24 + 20 / 1440
    book.active["A1"].number_format = "hh:mm"
    book.active["B1"] = 0.3125
    assert read_one("a.xlsx", saved(book)).rows[0] == [
        Cell("07:20", "time", time(7, 20)),
        Cell("0.3125", "number", 0.3125),
    ]


def test_xlsx_rows_keep_their_numbers_below_empty_ones() -> None:
    book = openpyxl.Workbook()
    book.active["C4"] = "ở đây"
    sheet = read_one("a.xlsx", saved(book))
    assert sheet.cell(4, 3).text == "ở đây"
    assert [sheet.cell(1, 1), sheet.cell(4, 2), sheet.cell(99, 99), sheet.cell(0, 0)] == [EMPTY] * 4


def test_xlsx_formula_cell_is_not_a_value() -> None:
    sheet = read_one("a.xlsx", xlsx([["a", "b"], ["x", "=A1&B1"]]))
    assert sheet.cell(2, 2) == Cell("", "formula", None, "=A1&B1")


def test_xlsx_cached_result_of_a_formula_is_text_only() -> None:
    cells = '<row r="1"><c r="A1"><f>6*7</f><v>42</v></c><c r="B1"><f t="shared" si="0"/><v>43</v></c></row>'
    assert read_one("a.xlsx", with_cells(cells)).rows == [
        [Cell("42", "formula", None, "=6*7"), Cell("43", "formula", None, "=…")]
    ]


def test_xlsx_formula_is_seen_behind_a_prefix_and_other_case_of_part() -> None:
    def prefixed(old: bytes) -> bytes:
        start = old.index(b"<sheetData>")
        cells = b'<x:sheetData><x:row r="1"><x:c r="A1"><x:f>1+1</x:f><x:v>2</x:v></x:c></x:row></x:sheetData>'
        rest = old[old.index(b"</sheetData>") + len(b"</sheetData>") :]
        head = old[:start].replace(
            b"xmlns=", b'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns='
        )
        return head + cells + rest

    content = rezipped(
        xlsx([["x"]]),
        {SHEET: prefixed, "xl/_rels/workbook.xml.rels": lambda old: old.replace(b"/sheet1.xml", b"/Sheet1.xml")},
    )
    assert read_one("a.xlsx", content).rows == [[Cell("2", "formula", None, "=1+1")]]


def test_xlsx_error_cell_is_an_error() -> None:
    cells = '<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>'
    assert read_one("a.xlsx", with_cells(cells)).rows == [[Cell("#REF!", "error")]]


def test_xlsx_merged_and_hidden_sheets_are_known() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx([["tiêu đề"], ["a", "b"]], merge=["A1:D1"])))
    book.create_sheet("ẩn").sheet_state = "hidden"
    reading = read_tables({"a.xlsx": saved(book)})
    assert [(sheet.name, sheet.hidden, sheet.merges) for sheet in reading.sheets] == [
        ("Khách mời", False, [Merge(1, 1, 1, 4)]),
        ("ẩn", True, []),
    ]


def test_xlsx_formatted_cell_far_out_without_content_does_no_harm() -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert texts(read_one("a.xlsx", with_cells(cells))) == [["1"]]


def test_ods_values_formulas_and_merges() -> None:
    rows: list[Any] = [
        [{"text": "tiêu đề", "valuetype": "string", "numbercolumnsspanned": 3}],
        [
            {"valuetype": "time", "timevalue": "PT07H30M00S", "text": "07:30"},
            {"valuetype": "date", "datevalue": "2024-07-01", "text": "1/7"},
            {"valuetype": "float", "value": 728, "text": "728"},
            {"formula": "of:=[.A1]&[.B1]", "valuetype": "string", "text": "x", "numbercolumnsrepeated": 2},
        ],
    ]
    sheet = read_one("a.ods", ods(rows))
    assert sheet.rows[1] == [
        Cell("07:30", "time", time(7, 30)),
        Cell("2024-07-01", "date", date(2024, 7, 1)),
        Cell("728", "number", 728),
        Cell("x", "formula", None, "=A1&B1"),
        Cell("x", "formula", None, "=A1&B1"),
    ]
    assert (sheet.name, sheet.merges) == ("Khách mời", [Merge(1, 1, 1, 3)])


def test_ods_empty_rows_to_the_end_of_the_sheet_do_no_harm() -> None:
    content = rezipped(
        ods([["a"]]),
        {
            "content.xml": lambda old: old.replace(
                b"</table:table>",
                b'<table:table-row table:number-rows-repeated="1048575"><table:table-cell'
                b' table:number-columns-repeated="16384"/></table:table-row></table:table>',
            )
        },
    )
    assert texts(read_one("a.ods", content)) == [["a"]]


def test_xls_values_formulas_and_errors() -> None:
    error = record(0x205, b"\x02\x00\x00\x00\x00\x00\x17\x01")
    content = xls(xls_text(0, 0, "Tên"), xls_number(1, 0, 728.0), xls_formula(1, 1, 5.0), error)
    assert read_one("a.xls", content).rows == [
        [Cell("Tên", "text", "Tên")],
        [Cell("728", "number", 728), Cell("5", "formula", None, "=…")],
        [Cell("#REF!", "error")],
    ]


def test_csv_delimiter_is_found_below_a_title_line() -> None:
    signs = ",;\t"
    files = {f"{n}.csv": f"Danh sách\nHọ tên{sign}Số\nA{sign}1\n".encode() for n, sign in enumerate(signs)}
    expected = [["Danh sách"], ["Họ tên", "Số"], ["A", "1"]]
    assert [texts(sheet) for sheet in read_tables(files).sheets] == [expected] * 3


def test_csv_commas_in_texts_do_not_win_over_semicolons() -> None:
    content = "Tên;Chức vụ\nA;Bí thư, Chủ tịch\nB;Trưởng ban, phó, viên\nC;Ủy viên\n".encode()
    assert csv_texts(content)[1] == ["A", "Bí thư, Chủ tịch"]


def test_csv_says_its_separator() -> None:
    assert csv_texts(b"sep=;\r\na,b;c\r\n") == [["a,b", "c"]]


def test_csv_quoted_cells_keep_line_breaks_and_quotes() -> None:
    assert csv_texts(b'a,"b\r\nc ""d"", e"\r\n\r\nf,g\r\n') == [["a", 'b\nc "d", e'], [], ["f", "g"]]


def test_csv_in_each_unicode_encoding_reads_alike() -> None:
    text = "Họ và tên,Số\nTrần Đại Nghĩa,1\n"
    encoded = [text.encode(name) for name in ("utf-8", "utf-8-sig", "utf-16")] + [
        b"\xfe\xff" + text.encode("utf-16-be")
    ]
    reading = read_tables({f"{number}.csv": content for number, content in enumerate(encoded)})
    assert [texts(sheet) for sheet in reading.sheets] == [[["Họ và tên", "Số"], ["Trần Đại Nghĩa", "1"]]] * 4


def test_csv_values_stay_texts() -> None:
    assert read_one("a.csv", b"01,0912345678,=1+1\n").rows == [
        [Cell("01", "text", "01"), Cell("0912345678", "text", "0912345678"), Cell("=1+1", "text", "=1+1")]
    ]


def test_tsv_is_cut_at_tabs_only() -> None:
    assert csv_texts(b"a,b\tc\n", "a.tsv") == [["a,b", "c"]]


def test_paths_and_bytes_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx([["a"]]))
    reading = read_tables({"1.xlsx": path, "2.xlsx": path.read_bytes(), "3.csv": b"a\n"})
    assert [(sheet.file, texts(sheet)) for sheet in reading.sheets] == [
        ("1.xlsx", [["a"]]),
        ("2.xlsx", [["a"]]),
        ("3.csv", [["a"]]),
    ]
    assert [sheet.file for sheet in reading.of("2.xlsx")] == ["2.xlsx"]


def test_reading_is_quick() -> None:
    text, number = '<c t="inlineStr"><is><t>Nguyễn Văn A</t></is></c>', "<c><v>728</v></c>"
    row = f'<row r="{{}}">{text * 5}{number * 5}</row>'
    large = with_cells("".join(row.format(line) for line in range(1, 10_001)))
    begun = clock.perf_counter()
    assert len(read_tables({f"{file}.xlsx": xlsx([["a"]]) for file in range(4)}).sheets) == 4
    between = clock.perf_counter()
    assert len(read_one("large.xlsx", large).rows) == 10_000
    # Many times what a quiet machine takes: a guard against the quadratic, not a benchmark.
    assert between - begun < 5
    assert clock.perf_counter() - between < 15

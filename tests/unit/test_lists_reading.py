"""Lists as files of every kind: cards, pasted text, encodings, old fonts, what is hidden."""

import io
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import odf.opendocument
import odf.table
import odf.text
import openpyxl
import pytest
import vobject
from openpyxl.styles import Font

from services.kit.sheets import Reading, Sheet, read_tables
from services.kit.sheets.cards import write_cards
from services.kit.sheets.legacy import converted, recognised
from tests.unit.old_letters import in_tcvn3, in_vni, in_windows_1258
from tests.unit.sheet_files import ods, record, saved, xls, xls_text

NAME = "Nguyễn Văn Trưởng"


def read(name: str, content: bytes) -> Sheet:
    reading: Reading = read_tables({name: content}, loose=True)
    assert [found.text() for found in reading.problems] == []
    (sheet,) = reading.sheets
    return sheet


def texts(sheet: Sheet) -> list[list[str]]:
    return [[cell.text for cell in row] for row in sheet.rows]


def row_texts(sheet: Sheet) -> list[str]:
    return [" · ".join(cell.text for cell in row) for row in sheet.rows]


# Text.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_in_each_unicode_encoding_reads_alike(encoding: str) -> None:
    sheet = read("a.csv", f"Họ và tên;Chức vụ\n{NAME};Chủ tịch\n".encode(encoding))
    assert texts(sheet) == [["Họ và tên", "Chức vụ"], [NAME, "Chủ tịch"]]
    assert sheet.single_bytes is False


@pytest.mark.parametrize(
    ("encoding", "write"), [("tcvn3", in_tcvn3), ("vni", in_vni), ("windows-1258", in_windows_1258)]
)
def test_csv_in_each_old_encoding_is_recognised_and_converted_on_demand(encoding: str, write: Any) -> None:
    shown = write(f"Họ và tên,Chức vụ\n{NAME},Chủ tịch Hội đồng\n")
    sheet = read("a.csv", shown.encode("cp1252"))
    assert sheet.single_bytes is True
    assert {one.encoding for one in recognised(sheet)} == {encoding}
    assert texts(converted(sheet, "recognised")) == [["Họ và tên", "Chức vụ"], [NAME, "Chủ tịch Hội đồng"]]
    assert converted(sheet, "unicode") is sheet


def test_bytes_that_are_no_text_at_all_are_refused() -> None:
    (found,) = read_tables({"a.csv": b"a,b\xff\0\0\0"}, loose=True).problems
    assert found.sentence == "The file {file} holds NUL characters (line {line}), which no text has."


def test_text_pasted_from_word_is_cut_at_tabs() -> None:
    assert texts(read("pasted.txt", f"STT\tHọ và tên\n1\t{NAME}\n2\tLê “Ba” Mẫu\n".encode())) == [
        ["STT", "Họ và tên"],
        ["1", NAME],
        ["2", "Lê “Ba” Mẫu"],
    ]


def test_text_pasted_in_columns_of_blanks_is_cut_where_columns_begin() -> None:
    pasted = (
        "TT  Họ và tên          Chức vụ\n"
        "1   Lê Thị Mẫu         Chủ tịch, Trưởng ban\n"
        "2   Trần Hai\n"
        "3                      Khách\n"
    )
    assert texts(read("pasted.txt", pasted.encode())) == [
        ["TT", "Họ và tên", "Chức vụ"],
        ["1", "Lê Thị Mẫu", "Chủ tịch, Trưởng ban"],
        ["2", "Trần Hai"],
        ["3", "", "Khách"],
    ]


def test_pasted_lines_stay_lines() -> None:
    assert row_texts(read("pasted.txt", "1. Lê Thị Mẫu, Chủ tịch\n2. Trần Hai\n".encode())) == [
        "1. Lê Thị Mẫu, Chủ tịch",
        "2. Trần Hai",
    ]


# Cards.


def test_cards_of_each_version_read_alike() -> None:
    old = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\n"
        "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:L=C3=AA Th=E1=BB=8B =\r\nM=E1=BA=ABu\r\n"
        "TEL;CELL:0900\r\nEND:VCARD\r\n"
    )
    newer = (
        "BEGIN:VCARD\nVERSION:3.0\nN:Lê;Mẫu;Thị;Bà;\nTITLE:Chủ tịch\\, Trưởng ban\n"
        "item1.EMAIL;TYPE=WORK:mau@example.org\nEND:VCARD\n"
    )
    newest = (
        "BEGIN:VCARD\nVERSION:4.0\nFN:Lê Thị\n  Mẫu\nORG:UBND tỉnh;Văn phòng\nTEL;VALUE=uri:tel:+84-900\nEND:VCARD\n"
    )
    sheet = read("a.vcf", (old + newer + newest).encode())
    assert texts(sheet) == [
        ["FN", "N", "TITLE", "ORG", "EMAIL", "TEL"],
        ["Lê Thị Mẫu", "", "", "", "", "0900"],
        ["Bà Lê Thị Mẫu", "Bà Lê Thị Mẫu", "Chủ tịch, Trưởng ban", "", "mau@example.org"],
        ["Lê Thị Mẫu", "", "", "Văn phòng, UBND tỉnh", "", "+84-900"],
    ]


def test_written_cards_are_cards_to_others_and_inject_nothing() -> None:
    evil = "Lê\r\nEND:VCARD\r\nBEGIN:VCARD\\, ; " + "ư" * 80
    content = write_cards([[("FN", evil), ("NOTE", "một\nhai"), ("TEL", "")]])
    assert max(map(len, content.split(b"\r\n"))) <= 75
    (card,) = vobject.readComponents(content.decode())
    assert card.fn.value == "Lê\nEND:VCARD\nBEGIN:VCARD\\, ; " + "ư" * 80
    assert (card.note.value, hasattr(card, "tel")) == ("một\nhai", False)


def test_a_file_without_cards_says_so() -> None:
    (found,) = read_tables({"a.vcf": b"nothing"}, loose=True).problems
    assert found.sentence == "The file {file} holds no vCard."


# Fonts, and what is hidden.


def workbook(rows: Sequence[Sequence[str]]) -> Any:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    return book


def test_cells_in_old_fonts_are_converted_beside_others_as_they_are() -> None:
    book = workbook([["Lê Thị Mẫu", in_tcvn3("nguyễn thị lan"), in_vni("Trần Đức"), in_tcvn3("Trưởng")]])
    for cell, font in (("B1", ".VnTimeH"), ("C1", "VNI-Times"), ("D1", ".VnTime")):
        book.active[cell].font = Font(name=font)
    sheet = read("a.xlsx", saved(book))
    assert [(one.column, one.after, one.encoding, one.sure) for one in recognised(sheet)] == [
        (2, "NGUYỄN THỊ LAN", "tcvn3", True),
        (3, "Trần Đức", "vni", True),
        (4, "Trưởng", "tcvn3", True),
    ]
    assert row_texts(converted(sheet, "recognised")) == ["Lê Thị Mẫu · NGUYỄN THỊ LAN · Trần Đức · Trưởng"]


def test_old_fonts_of_an_old_workbook_are_seen() -> None:
    font = struct.pack("<HHHHHBBBB", 200, 0, 0, 400, 0, 0, 0, 0, 0) + bytes([7, 0]) + b".VnTime"
    form = struct.pack("<HH", 0, 0) + bytes(16)
    hidden_row = record(0x208, struct.pack("<HHHHHHI", 1, 0, 1, 255, 0, 0, 0x20))
    hidden_column = record(0x7D, struct.pack("<HHHHHH", 2, 3, 256, 0, 1, 0))
    content = xls(
        hidden_column,
        xls_text(0, 0, "Lª Hïng"),
        hidden_row,
        xls_text(1, 0, "x"),
        globals_=record(0x31, font) + record(0xE0, form),
    )
    sheet = read("a.xls", content)
    assert (sheet.fonts[1, 1], sheet.hidden_rows, sheet.hidden_columns) == (
        ".VnTime",
        frozenset({2}),
        frozenset({3, 4}),
    )
    assert [one.after for one in recognised(sheet)] == ["Lê Hùng"]


def test_hidden_rows_and_columns_are_seen_in_both_new_formats() -> None:
    book = workbook([["a", "b"], ["c", "d"], ["e", "f"]])
    book.active.row_dimensions[2].hidden = True
    book.active.column_dimensions["B"].hidden = True
    sheet = read("a.xlsx", saved(book))
    assert (sheet.hidden_rows, sheet.hidden_columns) == (frozenset({2}), frozenset({2}))
    content = ods([["a", "b"], ["c", "d"]])
    assert read("a.ods", content).hidden_rows == frozenset()


def test_hidden_rows_of_opendocument_are_seen() -> None:
    document = odf.opendocument.OpenDocumentSpreadsheet()
    table = odf.table.Table(name="A")
    for text, visibility in (("a", "visible"), ("b", "collapse"), ("c", "filter")):
        line = odf.table.TableRow(visibility=visibility)
        cell = odf.table.TableCell(valuetype="string")
        cell.addElement(odf.text.P(text=text))
        line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    buffer = io.BytesIO()
    document.save(buffer)
    assert read("a.ods", buffer.getvalue()).hidden_rows == {2, 3}


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_files_that_libreoffice_made_read_like_others(kind: str) -> None:
    """Its own converter made them of a workbook of openpyxl's: a title over merged cells, a sum, a hidden row."""
    sheet = read(f"a.{kind}", (Path(__file__).parent / "lists" / f"libreoffice.{kind}").read_bytes())
    assert texts(sheet) == [
        ["DANH SÁCH ĐẠI BIỂU"],
        ["STT", "Họ và tên", "Chức vụ", "Ngày sinh"],
        ["1", "Nguyễn Văn Trưởng", "Chủ tịch UBND xã Thử Nghiệm"],
        ["2", "Lê Thị Mẫu", "Phó Chủ tịch, Trưởng ban", "2"],
        ["3", "Trần Hai", "Khách", "3.5"],
    ]
    assert sheet.hidden_rows == frozenset({5})

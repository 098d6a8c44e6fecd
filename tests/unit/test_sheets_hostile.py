"""What bad files get: a sentence that says what is wrong and what to do; the other files are read all the same."""

import io
import os
import random
import struct
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from services.kit.sheets import Limits, Reading, read_tables
from tests.unit.sheet_files import SHEET, ods, ole, record, rezipped, with_cells, xls, xls_text, xlsx

RESAVE = "Open it in Excel or LibreOffice and save it again as .xlsx."
DAMAGED = "The file {} is damaged or was not copied completely."
NOT_UNDERSTOOD = "The file {} is damaged: its sheets cannot be understood."
DEFINITIONS = "The file {} contains definitions that no spreadsheet program writes."
SAVE_AS = "In Excel, save it as “CSV UTF-8”; in LibreOffice, choose Unicode (UTF-8) when saving; or use .xlsx."
RESCUE = "Copy the cells with values into a new file, save it as .xlsx, and use that."
TOO_MUCH = "The file {} is damaged or needs too much memory to read."


def refused(name: str, content: bytes | Path, limits: Limits | None = None) -> tuple[str, str | None]:
    """The one sentence and hint that a file gets, read beside a good one that must not suffer from it."""
    reading = read_tables({name: content, "good.csv": b"a,b\n"}, limits)
    assert [sheet.file for sheet in reading.sheets] == ["good.csv"]
    (found,) = reading.problems
    assert (found.severity, found.file, reading.ok) == ("error", name, False)
    assert "{" not in found.text()
    return found.text(), found.hint


def notes(reading: Reading) -> list[tuple[str, str, str]]:
    return [(found.severity, f"{found.column}{found.row}", found.text()) for found in reading.problems]


def test_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    large = tmp_path / "large.xlsx"
    with large.open("wb") as stream:
        stream.truncate(50_000_000)
    expected = ("The file a.xlsx is 50 MB; the limit is 20 MB.", "Split it, or remove pictures.")
    assert refused("a.xlsx", large) == expected
    assert refused("a.xlsx", large.read_bytes()) == expected


def test_missing_file_folder_and_pipe_get_a_sentence(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert refused("no.csv", tmp_path / "no.csv") == ("There is no file no.csv.", None)
    assert refused("f.csv", tmp_path) == ("f.csv is a folder, not a file.", None)
    assert refused("p.csv", tmp_path / "pipe.csv") == ("The file p.csv cannot be opened: it is not a file.", None)


@pytest.mark.parametrize("content", [b"", b" \r\n\t\n"])
def test_empty_file_is_said_to_be_empty(content: bytes) -> None:
    hint = "Write the headings in the first row, and save it again."
    assert refused("a.csv", content) == ("The file a.csv is empty.", hint)
    assert refused("a.xlsx", content) == ("The file a.xlsx is empty.", hint)


def test_content_that_belies_the_ending_is_named() -> None:
    workbook = xlsx([["a"]])
    files = {
        "1.csv": (workbook, "an Excel workbook (.xlsx)"),
        "2.xls": (workbook, "an Excel workbook (.xlsx)"),
        "3.xlsx": (ods([["a"]]), "an OpenDocument spreadsheet (.ods)"),
        "4.ods": (xls(xls_text(0, 0, "a")), "an old Excel workbook (.xls)"),
        "5.xlsx": (b"a,b\n", "plain text or unknown data"),
        "6.xls": (b"<html><table>", "a web page or XML file"),
        "7.csv": (b"%PDF-1.7\n", "a PDF file"),
        "8.ods": (_zip({"a.txt": b"x"}), "a zip archive"),
    }
    reading = read_tables({name: content for name, (content, _) in files.items()})
    assert [found.text() for found in reading.problems] == [
        f"The file {name} ends in {name[1:]}, but it is {what}." for name, (_, what) in files.items()
    ]
    rename = "Give the file the ending of what it is, or save it again in the format that you want."
    assert [found.hint for found in reading.problems] == [rename] * 4 + [RESAVE] * 4
    assert reading.sheets == []


def _zip(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return buffer.getvalue()


def test_unknown_ending_is_refused() -> None:
    hint = "Save it as .xlsx, .ods, .xls, .csv or .tsv."
    assert refused("a.docx", b"PK") == ("The file a.docx cannot be read: its name ends in .docx.", hint)
    assert refused("guests", b"a,b") == ("The file guests cannot be read: its name has no ending.", hint)


def test_truncated_workbook_is_damaged() -> None:
    for name, whole in (("a.xlsx", xlsx([["a"]])), ("a.ods", ods([["a"]]))):
        assert refused(name, whole[: len(whole) // 2]) == (DAMAGED.format(name), RESAVE)


def test_truncated_old_workbook_is_damaged() -> None:
    assert refused("a.xls", xls(xls_text(0, 0, "a"))[:700]) == (NOT_UNDERSTOOD.format("a.xls"), RESAVE)


def test_broken_xml_is_damaged() -> None:
    content = rezipped(xlsx([["a"]]), {SHEET: lambda old: old[:-20]})
    assert refused("a.xlsx", content) == (NOT_UNDERSTOOD.format("a.xlsx"), RESAVE)


def test_missing_sheet_part_is_damaged() -> None:
    content = rezipped(
        xlsx([["a"]]), {"xl/_rels/workbook.xml.rels": lambda old: old.replace(b"sheet1.xml", b"none.xml")}
    )
    assert refused("a.xlsx", content) == (NOT_UNDERSTOOD.format("a.xlsx"), RESAVE)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", ole("EncryptedPackage", b"x")),
        ("a.xls", xls(globals_=record(0x2F, b"\0\0"))),
        ("a.ods", rezipped(ods([["a"]]), {"META-INF/manifest.xml": lambda old: old + b"<!-- encryption-data -->"})),
    ],
    ids=["xlsx", "xls", "ods"],
)
def test_password_is_named(name: str, content: bytes) -> None:
    assert refused(name, content) == (f"The file {name} is protected by a password.", "Save it without a password.")


BOMB = "The file a.xlsx unpacks to more than a spreadsheet of names can hold (limit: 150 MB)."
BOMB_HINT = "Copy the cells with values into a new file; whole formatted rows and columns are not needed."


def test_zip_bomb_by_ratio_is_refused() -> None:
    content = rezipped(xlsx([["a"]]), {SHEET: lambda old: old + b" " * 40_000_000})
    assert len(content) < 800_000
    assert refused("a.xlsx", content) == (BOMB, BOMB_HINT)


def test_zip_bomb_by_declared_size_is_refused() -> None:
    content = _patched_size(xlsx([["a"]]), 4_000_000_000)
    assert refused("a.xlsx", content) == (BOMB, BOMB_HINT)


def test_zip_bomb_that_declares_a_small_size_is_damaged() -> None:
    content = _patched_size(rezipped(xlsx([["a"]]), {SHEET: lambda old: old + b" " * 1_000_000}), 100)
    assert refused("a.xlsx", content) == (DAMAGED.format("a.xlsx"), RESAVE)


def _patched_size(content: bytes, size: int) -> bytes:
    """With another inflated size of the sheet declared in the central directory (APPNOTE 4.3.12)."""
    entry = content.rindex(SHEET.encode()) - 46
    assert content[entry : entry + 4] == b"PK\x01\x02"
    return content[: entry + 24] + struct.pack("<I", size) + content[entry + 28 :]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", [SHEET, SHEET.upper()])
def test_duplicate_names_in_the_container_are_refused(name: str) -> None:
    buffer = io.BytesIO(xlsx([["a"]]))
    with zipfile.ZipFile(buffer, "a") as container:
        container.writestr(name, b"<worksheet/>")
    sentence = "The file a.xlsx is not built as a spreadsheet program builds it."
    assert refused("a.xlsx", buffer.getvalue()) == (sentence, RESAVE)


def test_entity_bomb_is_refused() -> None:
    bomb = b'<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    for part in (SHEET, "xl/sharedStrings.xml", "xl/workbook.xml"):
        content = rezipped(xlsx([["a"]]), {part: lambda old: bomb + old.partition(b"?>")[2]})
        assert refused("a.xlsx", content) == (DEFINITIONS.format("a.xlsx"), RESAVE)


def test_entity_bomb_in_utf_16_is_refused() -> None:
    part = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "ha">]><x/>'.encode("utf-16")
    content = rezipped(xlsx([["a"]]), {"xl/sharedStrings.xml": lambda _: part})
    assert refused("a.xlsx", content) == (DEFINITIONS.format("a.xlsx"), RESAVE)


REACH_HINT = "Delete the rows and columns outside of the table, or split the table."


def test_stray_cell_in_the_last_corner_is_named() -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    reading = read_tables({"a.xlsx": with_cells(cells)})
    (found,) = reading.problems
    assert found.text() == (
        "Cell XFD1048576 of sheet Khách mời holds something; at most 20000 rows and 200 columns are read."
    )
    assert (found.sheet, found.row, found.column, found.hint) == ("Khách mời", 1048576, "XFD", REACH_HINT)


def test_cell_below_the_last_row_that_is_read_is_named() -> None:
    cells = '<row r="1"><c r="B1"><v>1</v></c></row><row r="20001"><c r="A20001"><v>1</v></c></row>'
    sentence = "Cell A20001 of sheet Khách mời holds something; at most 20000 rows and 200 columns are read."
    assert refused("a.xlsx", with_cells(cells)) == (sentence, REACH_HINT)


def test_too_many_repeated_rows_of_an_ods_are_named() -> None:
    change = {
        "content.xml": lambda old: old.replace(
            b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1048576">'
        )
    }
    sentence = "Cell A1048576 of sheet Khách mời holds something; at most 20000 rows and 200 columns are read."
    assert refused("a.ods", rezipped(ods([["a"]]), change)) == (sentence, REACH_HINT)


def test_too_many_rows_and_columns_of_a_csv_are_named() -> None:
    rows, columns = b"a\n" * 6, b"a,b,c,d\n"
    limits = Limits(rows=5, columns=3)
    sentence = "Cell {} of the file a.csv holds something; at most 5 rows and 3 columns are read."
    assert refused("a.csv", rows, limits) == (sentence.format("A6"), REACH_HINT)
    assert refused("a.csv", columns, limits) == (sentence.format("D1"), REACH_HINT)


def test_memory_hunger_kills_the_child_only() -> None:
    row = '<row r="{}">' + '<c t="s"><v>0</v></c>' * 100 + "</row>"
    strings = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{}</t></si></sst>'
    content = rezipped(
        with_cells("".join(row.format(number) for number in range(1, 3_001))),
        {"xl/sharedStrings.xml": lambda _: strings.format("x" * 3_000).encode()},
    )
    assert len(content) < 100_000
    assert refused("a.xlsx", content, Limits(memory_bytes=400_000_000)) == (TOO_MUCH.format("a.xlsx"), RESCUE)


def test_time_runs_out_with_a_sentence() -> None:
    begun = time.perf_counter()
    reading = read_tables({"a.csv": b"a\n", "b.csv": b"b\n"}, Limits(seconds=0.02))
    assert [(found.text(), found.hint) for found in reading.problems] == [
        ("The file a.csv was not read within 0.02 seconds.", RESCUE),
        ("The file b.csv was not read within 0.02 seconds.", RESCUE),
    ]
    assert time.perf_counter() - begun < 2


def test_wrong_encoding_is_named_with_its_line() -> None:
    sentence = "The file a.csv is not in the encoding UTF-8: line {} holds the byte {}."
    windows = "No,Name\n1,Hôtel\n".encode("cp1252")
    tcvn3 = b"H\xe4 v\xb5 t\xaan,S\xe8\nNguy\xd4n,1\n"
    assert refused("a.csv", windows) == (sentence.format(2, "0xF4"), SAVE_AS)
    assert refused("a.csv", tcvn3) == (sentence.format(1, "0xE4"), SAVE_AS)
    assert refused("a.csv", b"\xff\xfea\x00\x00\xd8") == ("The file a.csv is not valid UTF-16.", SAVE_AS)


def test_nul_characters_in_a_csv_are_named() -> None:
    sentence = "The file a.csv holds NUL characters (line 2), which no text has."
    assert refused("a.csv", b"a,b\nc\0,d\n") == (sentence, SAVE_AS)
    assert refused("a.csv", "a,b\n".encode("utf-16-le")) == (sentence.replace("line 2", "line 1"), SAVE_AS)


def test_open_quotation_mark_in_a_csv_is_named() -> None:
    sentence = "In row 2 a cell begins with a quotation mark and does not end with one."
    hint = "Put the whole text into quotation marks and double each one inside it, or leave them all out."
    assert refused("a.csv", b'a,b\n"c,d\ne,f\n') == (sentence, hint)
    assert refused("a.csv", b'a,b\n"c" d,e\n') == (sentence, hint)


def test_text_longer_than_the_limit_is_named() -> None:
    reading = read_tables({"a.csv": b"a," + b"x" * 4_001 + b"\n"})
    assert notes(reading) == [("error", "B1", "The text in cell B1 has 4001 characters; the limit is 4000.")]


def test_name_of_400_characters_is_kept() -> None:
    name = "Nguyễn " * 57 + "A"
    reading = read_tables({"a.xlsx": xlsx([[name]])})
    assert (reading.sheets[0].cell(1, 1).text, reading.problems) == (name, [])


PLAIN = [
    ("Nguyê\u0303n Thi\u0323 A", "Nguyễn Thị A", None),
    ("a\r\nb\rc", "a\nb\nc", None),
    ("a\u00a0\u2003b", "a b", None),
    ("a\u2028b\u2029c\x85d", "a b c d", "line separators"),
    ("\u202eBinh\u202c \u200fA\u200e\ufeff\u2066B\u2069", "Binh AB", "invisible marks"),
    ("a\x9fb\x7f", "ab", "control characters"),
    ("<script>alert(1)</script>", "<script>alert(1)</script>", None),
    ('=HYPERLINK("http://x","y")', '=HYPERLINK("http://x","y")', None),
]


def test_text_is_made_plain() -> None:
    quoted = ['"' + given.replace('"', '""') + '"' for given, _, _ in PLAIN]
    reading = read_tables({"a.csv": ",".join(quoted).encode()})
    assert [cell.text for cell in reading.sheets[0].rows[0]] == [text for _, text, _ in PLAIN]
    assert notes(reading) == [
        ("note", f"{column}1", f"The text in cell {column}1 held {kind}; they were taken out.")
        for column, (_, _, kind) in zip("ABCDEFGH", PLAIN, strict=True)
        if kind
    ]


def test_text_of_a_workbook_is_made_plain_too() -> None:
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>a_x000D_&#10;b\u2028c&#x202E;</t></is></c></row>'
    reading = read_tables({"a.xlsx": with_cells(cells)})
    assert reading.sheets[0].cell(1, 1).text == "a\nb c"
    assert [found.severity for found in reading.problems] == ["note", "note"]


def test_lost_letters_are_a_warning() -> None:
    reading = read_tables({"a.csv": "Nguy\ufffdn\n".encode()})
    assert notes(reading) == [("warning", "A1", "The text in cell A1 holds � where a letter was lost.")]


def test_many_problems_of_a_kind_are_counted() -> None:
    reading = read_tables({"a.csv": "\u200ba\n".encode() * 50})
    assert len(reading.problems) == 21
    assert reading.problems[-1].text() == (
        "30 more problems are like this one: The text in cell A1 held invisible marks; they were taken out."
    )


def test_file_name_with_broken_bytes_does_no_harm() -> None:
    reading = read_tables({"a\udcff.csv": b"a\n"})
    assert [sheet.file for sheet in reading.sheets] == ["a?.csv"]


def test_mangled_files_never_raise() -> None:
    chance = random.Random(20240701)  # noqa: S311 - the same mangled files on every run
    whole: dict[str, bytes] = {
        "xlsx": xlsx([["Họ tên", "Số"], ["A", 1], ["B", "=A1"]], merge=["A3:B3"]),
        "ods": ods([["Họ tên", "Số"], ["A", "B"]]),
        "xls": xls(xls_text(0, 0, "Tên")),
        "csv": 'a,"b\nc";d\n'.encode("utf-16"),
    }
    files = {f"{number}.{kind}": _mangle(content, chance) for kind, content in whole.items() for number in range(25)}
    reading = read_tables(files)
    told: set[Any] = {sheet.file for sheet in reading.sheets} | {found.file for found in reading.problems}
    assert told == set(files)


def _mangle(content: bytes, chance: random.Random) -> bytes:
    mangled = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        mangled[chance.randrange(len(mangled))] = chance.randrange(256)
    cut = chance.random() < 0.2
    return bytes(mangled[: chance.randrange(1, len(mangled))] if cut else mangled)

"""Lists brought in and written out by the command, as people type it."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.service.cli_house import House
from tests.unit.old_letters import in_tcvn3
from tests.unit.sheet_files import saved

CODE = "le-ra-mat"
NO_ADDRESS = "is not one e-mail address. Write one, for example van.phong@example.org."


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """With two guests; each test leaves the list as it was."""
    house = House(tmp_path_factory.mktemp("lists"))
    house.say("plan", "import", str(house.plan()))
    return house


def workbook(house: House, *rows: list[Any], name: str = "khach.xlsx") -> str:
    book = openpyxl.Workbook()
    for row in (["STT", "Họ và tên", "Chức vụ", "Email"], *rows):
        book.active.append(row)
    (house.folder / name).write_bytes(saved(book))
    return name


def test_a_list_goes_in_out_and_back_without_loss(house: House) -> None:
    rows = [1, "Trung tướng Lê Tấn Tới, Chủ nhiệm Ủy ban Quốc phòng và An ninh của Quốc hội"], [2, "Vũ Ba", "@Khách"]
    done = house.ask("guests", "import", CODE, workbook(house, *rows))["outcome"]
    assert (done["committed"], done["created"], done["only_here"]) == (True, 2, 2)
    for name in ("ra.xlsx", "ra.csv", "ra.vcf"):
        assert house.ask("guests", "export", CODE, name)["guests"] == 4
        again = house.ask("guests", "import", CODE, name)["outcome"]
        counts = [again[name] for name in ("unchanged", "created", "updated", "version")]
        assert counts == [4, 0, 0, done["version"]]
    assert house.ask("guests", "take-back", CODE, done["event_id"])["changed"] == 2


def test_old_letters_go_in_only_where_somebody_says_which(house: House) -> None:
    file = workbook(house, [1, in_tcvn3("Nguyễn Văn Trưởng"), None])
    refused = house.ask("guests", "import", CODE, file, "--yes", code=1)
    assert ([one["key"] for one in refused["questions"]], refused["outcome"]["committed"]) == (["encoding"], False)
    done = house.ask("guests", "import", CODE, file, "--encoding", "recognised")["outcome"]
    assert done["created"] == 1
    assert house.ask("guests", "take-back", CODE, done["event_id"])["changed"] == 1


def test_rejected_rows_come_back_as_a_file_to_be_corrected(house: House) -> None:
    file = workbook(house, [1, "Vũ Ba", "Khách", "ba@example.org"], [2, "Phạm Bốn", "Khách", "không có"])
    assert house.ask("guests", "import", CODE, file, code=1)["outcome"]["rejected"] == 1
    done = house.ask("guests", "import", CODE, file, "--rejected", "loi.xlsx")["outcome"]
    assert (done["created"], done["rejected"]) == (1, 1)
    page = openpyxl.load_workbook(house.folder / "loi.xlsx").active
    values = [[cell.value for cell in row] for row in page.iter_rows()]
    assert values == [
        ["STT", "Họ và tên", "Chức vụ", "Email", "What is wrong"],
        [2, "Phạm Bốn", "Khách", "không có", f"“không có” {NO_ADDRESS}"],
    ]
    page["D2"] = "bon@example.org"
    page.parent.save(house.folder / "sua.xlsx")
    assert house.ask("guests", "import", CODE, "sua.xlsx")["outcome"]["created"] == 1


def test_columns_are_said_once_and_remembered(house: House) -> None:
    text = "Họ và tên;Nơi làm\nNguyễn Sáu;Sở Y tế\n"
    (house.folder / "a.csv").write_text(text, encoding="utf-8")
    (house.folder / "b.csv").write_text(text.replace("Sáu", "Bảy"), encoding="utf-8")
    house.ask("guests", "import", CODE, "a.csv", "--mapping", "B=organisation")
    told = house.ask("guests", "import", CODE, "b.csv")
    assert told["tables"][0]["columns"] == {"1": "name", "2": "organisation"}
    _, err = house.say("guests", "import", CODE, "a.csv", "--mapping", "B=nonsense", code=1)
    assert "B=nonsense" in err


def test_a_check_shows_what_would_change_and_changes_nothing(house: House) -> None:
    before = house.ask("guests", "export", CODE, "truoc.csv")["guests"]
    out, _ = house.say("guests", "import", CODE, workbook(house, [1, "Vũ Chín", "Khách"]), "--check")
    assert "Họ và tên" in out
    assert "New: 1." in out
    assert house.ask("guests", "export", CODE, "sau.csv")["guests"] == before


def test_files_that_are_no_list_are_refused_with_a_reason(house: House) -> None:
    Path(house.folder / "a.pdf").write_bytes(b"%PDF-1.7")
    told = house.ask("guests", "import", CODE, "a.pdf", code=1)
    assert (told["outcome"], len(told["problems"])) == (None, 1)
    _, err = house.say("guests", "export", CODE, "a.docx", code=1)
    assert "a.docx" in err

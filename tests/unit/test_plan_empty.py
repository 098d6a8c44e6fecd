"""The empty plan folder of `khaimac init` and the guide: both say what the reading understands."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from schemas.protocol import load_profile
from services.plan import PlanThere, read, write_empty
from services.plan.columns import words
from tests.unit.plan_folders import folder, plan_of, said

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "plan-folder.md"
DRAWN_UP = ["ceremony.yaml", "running-order.xlsx", "guests.xlsx", "awards.xlsx"]


def test_untouched_empty_folder_lacks_its_title_and_rows(tmp_path: Path) -> None:
    target = tmp_path / "Lễ ra mắt 2024"
    assert [path.name for path in write_empty(target)] == DRAWN_UP
    assert said(read(target), "error", "warning", "note") == [
        "ceremony.yaml · 9: The ceremony has no title.",
        "running-order.xlsx · Chương trình · 1: There is no row below the headings.",
        "guests.xlsx · Khách mời · 1: There is no row below the headings.",
        "awards.xlsx · Khen thưởng · 1: There is no row below the headings.",
    ]


def test_empty_folder_with_a_title_is_a_plan(tmp_path: Path) -> None:
    ceremony = write_empty(tmp_path / "Lễ ra mắt 2024")[0]
    ceremony.write_text(ceremony.read_text("utf-8").replace("\ntitle:\n", "\ntitle: Lễ ra mắt\n"), "utf-8")
    plan = read(ceremony.parent).plan
    assert plan is not None
    assert (plan.scheduling.code, plan.scheduling.ceremony.kind) == ("le-ra-mat-2024", "launch_ceremony")
    assert (plan.scheduling.items, plan.guests.guests, plan.awards.lines) == ((), (), ())


def test_folder_with_a_plan_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "guests.csv").write_text("Họ và tên", "utf-8")
    with pytest.raises(PlanThere, match=r"holds a plan already: guests\.csv"):
        write_empty(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["guests.csv"]


@pytest.mark.parametrize(
    ("table", "heading", "length", "first", "last"),
    [
        ("guests", "Phía", 2, "khách", "chủ"),
        ("running-order", "Loại", len(load_profile("vn-province").item_kinds), "Tập kết", "Nội dung khác"),
        ("awards", "Loại người nhận", 3, "cá nhân", "nhóm"),
    ],
)
def test_drop_downs_offer_the_words_that_are_understood(
    tmp_path: Path, table: str, heading: str, length: int, first: str, last: str
) -> None:
    write_empty(tmp_path)
    book = load_workbook(tmp_path / f"{table}.xlsx")
    page, guide = book.worksheets
    letter = next(cell.column_letter for cell in page[1] if cell.value == heading)
    offered = next(one for one in page.data_validations.dataValidation if str(one.sqref) == f"{letter}2:{letter}2000")
    cells = guide[offered.formula1.split("!")[1].replace("$", "")]
    words = [cell.value for (cell,) in cells]
    assert (len(words), words[0], words[-1]) == (length, first, last)


def test_guide_explains_every_column(tmp_path: Path) -> None:
    write_empty(tmp_path)
    for name in ("running-order", "guests", "awards"):
        page, guide = load_workbook(tmp_path / f"{name}.xlsx").worksheets
        heads = [cell.value for cell in page[1]]
        explained = [row[0].value for row in guide.iter_rows(min_row=2) if row[0].value]
        assert explained == heads
        assert [row[2].value for row in guide.iter_rows(min_row=2, max_row=1 + len(heads)) if not row[2].value] == []


@pytest.mark.parametrize("table", words().tables)
def test_guide_in_the_docs_lists_the_columns_as_they_are_read(table: str) -> None:
    rows = [
        f"| {' · '.join(column.vi)}{' *' if column.required else ''} | {' · '.join(column.en)} "
        f"| {column.about['vi']} | {column.about['en']} |"
        for column in words().tables[table].columns.values()
    ]
    assert "\n".join(rows) in GUIDE.read_text("utf-8")


def test_example_of_the_guide_is_a_sound_ceremony() -> None:
    written = GUIDE.read_text("utf-8").split("```yaml\n")[1].split("```")[0]
    plan = plan_of(folder(ceremony=written))
    assert (plan.scheduling.code, plan.scheduling.ceremony.level) == ("le-ra-mat-2024", "province")

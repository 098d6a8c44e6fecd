"""The wizard that brings in a list, in a real browser: dropped, corrected, answered, brought in, undone."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewContext
from tests.browser.faults import settled, sideways
from tests.browser.site import Site, running
from tests.unit.old_letters import in_tcvn3
from tests.unit.sheet_files import saved

pytestmark = pytest.mark.long
AT = "/ceremonies/hoa-mai-2024/guests"
ROWS = (
    ["UBND TỈNH THỬ NGHIỆM"],
    ["DANH SÁCH ĐẠI BIỂU"],
    ["STT", "Họ và tên", "Chức vụ", "Công tác tại"],
    ["I", "Lãnh đạo Trung ương"],
    [1, "Trung tướng Lê Tấn Tới", "Chủ nhiệm Ủy ban Quốc phòng và An ninh của Quốc hội", None],
    ["II", "Đại biểu địa phương"],
    [2, in_tcvn3("Nguyễn Văn Trưởng"), in_tcvn3("Giám đốc"), "Sở Nội vụ"],
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("lists")) as site:
        site.import_full()
        yield site


@pytest.fixture
def page(shared: Site, new_context: NewContext) -> Page:
    page = new_context(shared, shared.cookies).new_page()
    page.goto(f"{AT}/import")
    settled(page)
    return page


def test_a_list_is_dropped_corrected_answered_brought_in_and_undone(page: Page, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(list(row))
    file = tmp_path / "danh-sach.xlsx"
    file.write_bytes(saved(book))
    page.locator("#f-file").set_input_files(file)
    expect(page.get_by_role("cell", name="Nguyễn Văn Trưởng")).to_be_visible(timeout=20_000)
    expect(page.locator("[name=confirm]")).to_have_count(0)
    page.locator("[name='column.Sheet.4']").select_option("organisation")
    expect(page.get_by_text("Theo ý Ông/Bà")).to_be_visible(timeout=20_000)
    page.locator("[name='answer.encoding']").select_option("recognised")
    expect(page.locator("[name=confirm]")).to_be_visible(timeout=20_000)
    expect(page.locator("[name='column.Sheet.4']")).to_have_value("organisation")
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert sideways(page) <= 0
    page.locator("[name=confirm]").click()
    expect(page.get_by_text("Đã nhập danh sách.").first).to_be_visible(timeout=20_000)
    page.locator("[data-undo] button").click()
    expect(page.get_by_text("Đã hoàn tác cho 2 khách mời.")).to_be_visible(timeout=20_000)

"""The tables of a plan by keys and by mouse, by one and by two at once."""

import re
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from playwright.sync_api import Locator, Page, expect

from schemas.envelope import new_id
from tests.browser.conftest import NewContext
from tests.browser.site import Site


@pytest.fixture
def code(site: Site) -> str:
    """A ceremony of the test's own, with three items."""
    code = f"le-{new_id()[-10:]}"
    with site.client() as client:
        made = client.post("/api/v1/ceremonies", json={"code": code, "ceremony": {"title": "Lễ thử"}}).json()
        for number, title in enumerate(("Chào cờ", "Khai mạc", "Bế mạc"), 1):
            item = {"key": f"k{number}", "position": number, "title": title, "minutes": 10}
            address = f"/api/v1/ceremonies/{code}/items/k{number}"
            client.put(address, json=item, headers={"If-Match": f'"{number}"'}).raise_for_status()
    assert made["version"] == 1
    return code


def titles(page: Page) -> Locator:
    return page.locator('#order-list td[data-field="title"]')


def cell(page: Page, title: str, field: str) -> Locator:
    row = page.locator("#order-list tr").filter(has=page.get_by_text(title, exact=True))
    return row.locator(f'td[data-field="{field}"]')


def write(page: Page, into: Locator, text: str) -> None:
    """As in a spreadsheet: whoever types on a chosen cell writes over what stands there."""
    into.focus()
    page.keyboard.type(text)


def item(site: Site, code: str, title: str) -> dict[str, Any]:
    with site.client() as client:
        items = client.get(f"/api/v1/ceremonies/{code}/part").json()["items"]
    return next(one for one in items if one["title"] == title)


def test_running_order_is_planned_by_keys_alone(page: Page, site: Site, code: str) -> None:
    page.goto(f"/ceremonies/{code}/order")
    page.keyboard.press("n")
    expect(page.get_by_role("dialog")).to_contain_text("Nội dung mới")
    page.keyboard.type("Văn nghệ")
    page.keyboard.press("Tab")
    page.keyboard.type("8h15")
    page.keyboard.press("Control+s")
    expect(titles(page)).to_have_text(["Chào cờ", "Khai mạc", "Bế mạc", "Văn nghệ"])
    cell(page, "Văn nghệ", "title").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(titles(page)).to_have_text(["Chào cờ", "Khai mạc", "Văn nghệ", "Bế mạc"])
    expect(page.locator("#toasts")).to_contain_text("Đã chuyển “Văn nghệ”.")
    expect(cell(page, "Văn nghệ", "title")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.keyboard.type("1h30")
    page.keyboard.press("Enter")
    expect(cell(page, "Văn nghệ", "minutes")).to_have_text("90")
    found = item(site, code, "Văn nghệ")
    assert (found["position"], found["start"], found["minutes"]) == (3, "08:15:00", 90)


def test_what_was_done_is_undone_from_its_word(page: Page, code: str) -> None:
    page.goto(f"/ceremonies/{code}/order")
    page.get_by_role("button", name="Xóa").nth(1).click()
    expect(titles(page)).to_have_text(["Chào cờ", "Bế mạc"])
    page.get_by_role("button", name="Hoàn tác").click()
    expect(titles(page)).to_have_text(["Chào cờ", "Khai mạc", "Bế mạc"])


def test_two_who_change_one_cell_are_asked_which_version_stands(
    site: Site, code: str, new_context: NewContext
) -> None:
    mine, theirs = (new_context(site, site.cookies).new_page() for _ in range(2))
    for page in (mine, theirs):
        page.goto(f"/ceremonies/{code}/order")
    write(mine, cell(mine, "Khai mạc", "minutes"), "30")
    write(theirs, cell(theirs, "Khai mạc", "minutes"), "20\n")
    expect(theirs.locator("#saved")).to_have_attribute("data-state", "saved")
    mine.keyboard.press("Enter")
    asked = mine.get_by_role("dialog")
    expect(asked).to_contain_text("Lê Thị An Mẫu đã lưu giá trị khác trước bạn.")
    expect(asked.locator("label")).to_have_text([re.compile("30$"), re.compile("20$")])
    asked.get_by_role("button", name="Giữ của tôi").click()
    expect(cell(mine, "Khai mạc", "minutes")).to_have_text("30")
    expect(cell(theirs, "Khai mạc", "minutes")).to_have_text("30")  # he is shown it at once
    assert item(site, code, "Khai mạc")["minutes"] == 30


def test_two_who_change_different_fields_are_not_asked(site: Site, code: str, new_context: NewContext) -> None:
    mine, theirs = (new_context(site, site.cookies).new_page() for _ in range(2))
    mine.goto(f"/ceremonies/{code}/order")
    mine.locator("#order-list tr").nth(1).get_by_role("button", name="Mở").click()
    dialog = mine.get_by_role("dialog")
    dialog.get_by_label("Lời dẫn").fill("Kính thưa quý vị")
    theirs.goto(f"/ceremonies/{code}/order")
    write(theirs, cell(theirs, "Khai mạc", "minutes"), "20\n")
    expect(cell(mine, "Khai mạc", "minutes")).to_have_text("20")
    dialog.get_by_role("button", name="Lưu").click()
    expect(dialog).to_have_count(0)
    found = item(site, code, "Khai mạc")
    assert (found["minutes"], found["mc_text"]) == (20, "Kính thưa quý vị")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_guest_is_added_and_found_however_the_name_is_typed(page: Page, site: Site, code: str, form: Any) -> None:
    page.goto(f"/ceremonies/{code}/guests")
    page.keyboard.press("n")
    page.get_by_label("Họ và tên").fill(normalize(form, "Nguyễn Thị Đẹp"))
    page.get_by_placeholder("Chức vụ, ghi theo tên gọi").fill(normalize(form, "Giám đốc Sở Nội vụ"))
    page.keyboard.press("Control+s")
    row = page.locator("#guests tbody tr").first
    expect(row).to_contain_text("Nguyễn Thị Đẹp")
    page.keyboard.press("/")
    page.keyboard.type(normalize(form, "đẹp nguyễn"))
    expect(page.locator("#guests .sums")).to_contain_text("1 / 1")
    page.keyboard.press("Control+a")
    page.keyboard.type("xyz")
    expect(page.locator("#guests")).to_contain_text("Không có mục nào khớp")
    with site.client() as client:
        found = client.get(f"/api/v1/ceremonies/{code}/guests").json()["guests"]
    assert [one["person"]["name"] for one in found] == ["Nguyễn Thị Đẹp"]


def test_guest_is_put_into_a_role_by_the_first_letters(page: Page, site: Site, code: str) -> None:
    with site.client() as client:
        guest = {"person": {"name": "Trần Văn Ví Dụ", "honorific": "Ông"}}
        made = client.post(f"/api/v1/ceremonies/{code}/guests", json=guest).json()
    page.goto(f"/ceremonies/{code}/order")
    page.locator("#order-list tr").first.get_by_role("button", name="Mở").click()
    page.get_by_role("button", name="Thêm người").click()
    page.keyboard.type("tran van vi")
    expect(page.get_by_role("option", name="Ông Trần Văn Ví Dụ")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+s")
    expect(page.locator("#order-list tr").first).to_contain_text("Ông Trần Văn Ví Dụ")
    role = item(site, code, "Chào cờ")["roles"][0]
    assert (role["kind"], role["guest"]) == ("guest", made["id"])


def test_spreadsheet_is_checked_then_imported_without_choosing_it_again(
    page: Page, site: Site, code: str, tmp_path: Path
) -> None:
    file = tmp_path / "khách của tôi.csv"
    file.write_text("Họ và tên,Email\nLê Một,mot@example.org\nTrần Hai,không phải\n", "utf-8")
    page.goto(f"/ceremonies/{code}/import")
    page.locator("#f-files").set_input_files(file)
    page.get_by_label("Bảng tính có tên khác chứa").select_option("guests")
    report = page.locator("#report")
    expect(report).to_contain_text("guests.csv · B3")
    expect(report).to_contain_text("“không phải” không phải là một địa chỉ thư điện tử.")
    file.write_text("Họ và tên,Email\nLê Một,mot@example.org\nTrần Hai,hai@example.org\n", "utf-8")
    page.locator("#f-files").set_input_files(file)
    report.get_by_role("button", name="Nhập dữ liệu").click()
    expect(report).to_contain_text("Đã nhập kế hoạch.")
    with site.client() as client:
        assert client.get(f"/api/v1/ceremonies/{code}/guests").json()["total"] == 2


@pytest.mark.long
def test_long_form_is_offered_again_with_its_rows_after_a_crash(page: Page, code: str) -> None:
    page.goto(f"/ceremonies/{code}/order")
    page.locator("#order-list tr").first.get_by_role("button", name="Mở").click()
    page.get_by_label("Lời dẫn").fill("Kính thưa quý vị")
    page.get_by_role("button", name="Thêm người").click()
    page.keyboard.type("Ông Mới")
    page.reload()
    page.locator("#order-list tr").first.get_by_role("button", name="Mở").click()
    page.get_by_role("button", name="Khôi phục").click()
    expect(page.get_by_label("Lời dẫn")).to_have_value("Kính thưa quý vị")
    expect(page.locator('[name$=".text"]').first).to_have_value("Ông Mới")


@pytest.mark.long
def test_long_list_comes_as_one_scrolls(page: Page, site: Site) -> None:
    page.goto("/ceremonies/hoa-mai-2024/guests")
    names = page.locator('#guests td[data-field="name"]')
    expect(names).to_have_count(60)
    page.keyboard.press("End")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(names).to_have_count(120)
    page.locator(".why").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".why-words:popover-open")).to_contain_text("trước")


@pytest.mark.long
def test_ceremony_is_moved_with_its_items(page: Page, site: Site, code: str) -> None:
    page.goto(f"/ceremonies/{code}/edit")
    page.get_by_label("Bắt đầu").fill("8h")
    page.keyboard.press("Control+s")
    expect(page).to_have_url(re.compile(f"/ceremonies/{code}$"))
    page.goto(f"/ceremonies/{code}/order")
    write(page, cell(page, "Khai mạc", "start"), "8:30\n")
    expect(cell(page, "Khai mạc", "start")).to_have_text("08:30")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Dời thời gian").click()
    expect(page.get_by_role("dialog").get_by_label("Số phút", exact=True)).to_be_focused()
    page.keyboard.type("45")
    expect(page.locator("#move-preview")).to_contain_text("09:15")
    page.keyboard.press("Enter")
    expect(cell(page, "Khai mạc", "start")).to_have_text("09:15")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(cell(page, "Khai mạc", "start")).to_have_text("08:30")
    assert site.address

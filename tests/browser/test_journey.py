"""From the first start to released papers of the full example, by mouse, in Vietnamese, as an officer would go."""

import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewContext
from tests.browser.faults import settled
from tests.browser.pictures import picture
from tests.browser.site import FULL, OFFICE, OWNER, PASSWORD, Site

CODE = "hoa-mai-2024"
SIZE = {"width": 1280, "height": 800}
BEFORE_THE_DAY = "2024-06-20T08:00:00+07:00"


@pytest.fixture
def first_start(tmp_path: Path) -> Iterator[Site]:
    """On the day when the ceremony of the example was being planned."""
    site = Site(tmp_path, {"KHAIMAC_CLOCK": BEFORE_THE_DAY})
    site.start()
    yield site
    site.stop()


def test_first_start_to_released_papers_by_mouse(first_start: Site, new_context: NewContext) -> None:
    page = new_context(first_start, viewport=SIZE).new_page()
    set_up(page, first_start.set_up_link)
    import_full(page)
    edit_in_place(page)
    find_guests(page)
    release(page)
    open_documents(page)
    look_at_invitations(page)
    look_back(page)


def set_up(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Tên cơ quan").fill(OFFICE)
    page.get_by_label("Họ và tên").fill("Lê Thị An Mẫu")
    page.get_by_label("Địa chỉ thư điện tử").fill(OWNER)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Thiết lập và đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Buổi lễ đầu tiên")
    settled(page)
    picture(page, "first")


def side(page: Page, words: str) -> None:
    """To another page of the ceremony, by the navigation at the side."""
    page.locator("#side").get_by_role("link", name=words).click()


def import_full(page: Page) -> None:
    """The folder's files are dropped; what would happen is looked at; only then it happens."""
    drop(page.locator("[data-drop]"), sorted(FULL.iterdir()))
    table = page.get_by_role("table", name="Những gì sẽ thay đổi")
    expect(table.get_by_role("row")).to_have_count(4)
    picture(page, "import")
    page.get_by_role("button", name="Nhập dữ liệu").click()
    page.get_by_role("link", name="Đến trang buổi lễ").click()
    expect(page.get_by_text("còn 18 ngày")).to_be_visible()
    settled(page)


def drop(zone: Locator, files: list[Path]) -> None:
    """As the browser hands over what was dragged from a folder."""
    given = [[one.name, b64encode(one.read_bytes()).decode()] for one in files]
    zone.evaluate(
        """(zone, given) => {
          const data = new DataTransfer();
          for (const [name, text] of given)
            data.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name));
          for (const kind of ["dragover", "drop"])
            zone.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
        }""",
        given,
    )


def edit_in_place(page: Page) -> None:
    side(page, "Trình tự buổi lễ")
    settled(page)
    rows = page.locator("#order-list tr")
    expect(rows).to_have_count(25)
    cell = rows.nth(2).locator('[data-field="minutes"]')
    expect(cell).to_have_text("15")
    cell.click()
    page.keyboard.type("10")
    rows.nth(3).locator('[data-field="minutes"]').click()
    expect(cell).to_have_attribute("data-state", "saved")
    expect(page.locator("#saved")).to_have_text("Đã lưu")
    picture(page, "order")
    page.reload()
    expect(cell).to_have_text("10")


def find_guests(page: Page) -> None:
    side(page, "Khách mời")
    guests = page.locator("tr[id^=guest-]")
    expect(guests.first).to_contain_text("Thượng tướng Phan Thiện Ngôn")
    page.get_by_role("searchbox").click()
    page.keyboard.type("thieu tuong cao xuan")
    expect(guests).to_have_count(1)
    expect(guests).to_contain_text("Thiếu tướng Cao Xuân Thái")
    picture(page, "guests")


def release(page: Page) -> None:
    side(page, "Tổng quan")
    page.get_by_role("button", name="Phát hành").click()
    dialog = page.locator("dialog:modal")
    expect(dialog.get_by_role("heading", level=2)).to_have_text("Bản phát hành số 1")
    dialog.get_by_label("Ghi chú").fill("Gửi các cơ quan chuẩn bị")
    picture(page, "release")
    dialog.get_by_role("button", name="Phát hành").click()
    expect(dialog.get_by_text("Ghi lại mã chốt")).to_be_visible(timeout=60_000)
    dialog.get_by_role("link", name="Tài liệu").click()


def open_documents(page: Page) -> None:
    """They become ready by themselves; one is leafed through, and opened as the file to print."""
    page.wait_for_url("**/documents*")
    expect(page.locator(".paper")).to_have_count(7, timeout=180_000)
    expect(page.get_by_text("Mọi tài liệu đúng như bản phát hành.")).to_be_visible(timeout=180_000)
    settled(page)
    picture(page, "documents")
    programme = page.locator(".paper").first
    programme.locator(".paper-title").click()
    leaf = page.locator("dialog:modal img.page-leaf").first
    expect(leaf).to_have_js_property("complete", value=True)
    with page.expect_download() as saved:
        page.locator("dialog:modal").get_by_role("link", name="Tải về").click()
    assert saved.value.suggested_filename.endswith(".pdf")
    assert Path(saved.value.path()).read_bytes().startswith(b"%PDF-1.")
    page.locator("dialog:modal").get_by_role("button", name="Đóng").click()


def look_at_invitations(page: Page) -> None:
    side(page, "Giấy mời")
    guests = page.locator("#invitations tbody tr[id^=invitation-]")
    expect(guests.first).to_contain_text("Phan Thiện Ngôn", timeout=60_000)
    settled(page)
    editions = page.locator('#invitations abbr[title^="SEQUENCE:"]')
    assert editions.evaluate_all("(all) => all.map((one) => one.title)") == ["SEQUENCE:0"] * guests.count()
    picture(page, "invitations")
    guests.first.get_by_role("button").first.click()
    dialog = page.locator("dialog:modal")
    dialog.locator("summary").click()
    expect(dialog.locator("pre.raw")).to_contain_text("SEQUENCE:0")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def look_back(page: Page) -> None:
    """Everything is where one would look for it: the ceremony in step with its release, and home."""
    side(page, "Tổng quan")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lễ ra mắt")
    settled(page)
    picture(page, "overview")
    side(page, "Trang chủ")
    expect(page.get_by_role("link", name=re.compile("Lễ ra mắt")).first).to_be_visible()
    settled(page)
    picture(page, "home")

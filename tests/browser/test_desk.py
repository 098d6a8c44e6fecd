"""Accounts, documents and invitations as people use them: by links that are handed over, an app, keys and a phone."""

import re
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import NewContext
from tests.browser.faults import settled, violations
from tests.browser.site import OWNER, PASSWORD, Site, running

pytestmark = pytest.mark.long
PHONE = {"width": 320, "height": 640}
CODE = "ra-mat"
GUESTS = {"Trần Thị Ánh": "anh@example.org", "Lê Văn Bình": None, "Phạm Thị Chi": "chi@example.org"}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with a small ceremony, released."""
    with running(tmp_path_factory.mktemp("desk")) as site:
        plan_small(site)
        yield site


def plan_small(site: Site) -> None:
    fields = {"title": "Lễ ra mắt", "on": "2027-07-01", "start": "08:00", "end": "10:30", "host": "UBND phường"}
    with site.client() as client:
        made = client.post("/api/v1/ceremonies", json={"code": CODE, "ceremony": fields})
        assert made.status_code == 201, made.text
        for name, email in GUESTS.items():
            guest = {"person": {"name": name, "honorific": "Bà", "email": email}}
            assert client.post(f"/api/v1/ceremonies/{CODE}/guests", json=guest).status_code == 201
    site.run("release", CODE)


@pytest.fixture
def owner(small: Site, new_context: NewContext) -> BrowserContext:
    return new_context(small, small.cookies)


# Accounts.


def test_colleague_joins_by_the_link_and_finds_what_is_his(
    small: Site, owner: BrowserContext, new_context: NewContext
) -> None:
    page = owner.new_page()
    page.goto("/administration")
    settled(page)
    page.keyboard.press("n")
    page.wait_for_url("**/administration/users/new")
    page.get_by_label("Địa chỉ thư điện tử").fill("không phải thư")
    page.get_by_label("Xem: Cả cơ quan").or_(page.locator("input[value=viewer]")).first.check()
    page.get_by_role("button", name="Tạo liên kết").click()
    expect(page.locator("#f-email-error")).to_be_visible()
    expect(page.locator("input[value=viewer]")).to_be_checked()
    page.get_by_label("Địa chỉ thư điện tử").fill("binh@example.org")
    page.get_by_role("button", name="Tạo liên kết").click()
    link = page.locator(".copy code").inner_text()
    assert violations(page) == []
    theirs = new_context(small).new_page()
    theirs.goto(link)
    theirs.get_by_label("Họ và tên").fill("Trần Văn Bình")
    theirs.get_by_label("Mật khẩu mới").fill(PASSWORD)
    theirs.keyboard.press("Enter")
    theirs.wait_for_url(f"{small.address}/")
    expect(theirs.locator("#side")).not_to_contain_text("Quản trị")
    theirs.goto("/account")
    expect(theirs.locator("#profile")).to_contain_text("Người xem")
    page.goto("/administration?q=binh")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("Đang hoạt động")


def test_second_factor_is_set_up_with_an_app_on_a_phone(small: Site, new_context: NewContext) -> None:
    cookies = small.join("anh@hoa-mai.example", "Lê Thị Ánh")
    page = new_context(small, cookies, viewport=PHONE).new_page()
    page.goto("/account")
    settled(page)
    factor = page.locator("#factor")
    factor.get_by_label("Mật khẩu của bạn").fill("sai rồi")
    page.keyboard.press("Enter")
    expect(factor.locator(".error")).to_be_visible()
    expect(factor.get_by_label("Mật khẩu của bạn")).to_have_value("sai rồi")
    factor.get_by_label("Mật khẩu của bạn").fill(PASSWORD)
    page.keyboard.press("Enter")
    secret = factor.locator(".qr code").inner_text()
    assert violations(page) == []
    factor.get_by_label("Mã", exact=False).fill("000000")
    page.keyboard.press("Enter")
    expect(factor.locator(".error")).to_be_visible()
    expect(factor.locator(".qr")).to_be_visible()
    factor.get_by_label("Mã", exact=False).fill(pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    expect(factor.locator("#recovery-codes li")).to_have_count(10)
    code = factor.locator("#recovery-codes code").first.inner_text()
    assert violations(page) == []
    factor.get_by_role("button", name="Tôi đã lưu lại").click()
    expect(page.locator("#recovery-codes")).to_have_count(0)
    again = new_context(small).new_page()
    again.goto("/sign-in")
    again.get_by_label("Địa chỉ thư điện tử").fill("anh@hoa-mai.example")
    again.get_by_label("Mật khẩu").fill(PASSWORD)
    again.keyboard.press("Enter")
    again.locator("#sign-in-code").fill(code)
    again.keyboard.press("Enter")
    again.wait_for_url(f"{small.address}/")


def test_account_speaks_its_language_and_wears_its_look_at_once(small: Site, new_context: NewContext) -> None:
    page = new_context(small, small.join("chi@hoa-mai.example", "Phạm Thị Chi")).new_page()
    page.goto("/account")
    settled(page)
    page.get_by_label("Ngôn ngữ").last.select_option("en")
    page.locator("#f-theme").select_option("dark")
    page.locator("#profile").get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My account")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("#toasts")).to_contain_text("Your account is changed.")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tài khoản của tôi")


def test_what_two_owners_typed_into_one_account_is_asked_about(small: Site, owner: BrowserContext) -> None:
    small.join("duc@hoa-mai.example", "Đỗ Văn Đức")
    first, second = owner.new_page(), owner.new_page()
    for page in (first, second):
        page.goto("/administration?q=duc@")
        page.locator("tbody .row-link").click()
        settled(page)
    first.locator("#f-name").fill("Đỗ Văn Đức (Văn phòng)")
    first.locator("#account-form").get_by_role("button", name="Lưu").click()
    first.wait_for_url("**/administration")
    second.locator("#f-name").fill("Đỗ Văn Đức (Lễ tân)")
    second.locator("#account-form").get_by_role("button", name="Lưu").click()
    dialog = second.locator("dialog:modal")
    expect(dialog).to_contain_text("Đỗ Văn Đức (Văn phòng)")
    assert violations(second) == []
    dialog.locator("button[name=keep][value=mine]").click()
    second.wait_for_url("**/administration")
    expect(second.locator("tbody")).to_contain_text("Đỗ Văn Đức (Lễ tân)")


# Documents and invitations.


def leafed(page: Page) -> str:
    return page.locator("[data-leaf-place]").inner_text()


def test_document_is_leafed_through_by_keys(small: Site, owner: BrowserContext) -> None:
    page = owner.new_page()
    page.goto(f"/ceremonies/{CODE}/documents?release=1")
    expect(page.locator(".making")).to_have_count(0, timeout=180_000)
    page.locator("#paper-invitations a.paper-title").focus()
    page.keyboard.press("Enter")
    leaves = page.locator("[data-leaves]")
    expect(leaves).to_be_focused()
    expect(leaves.locator("img")).to_have_count(len(GUESTS))
    page.wait_for_function(
        "() => [...document.querySelectorAll('.page-leaf')].slice(0, 2).every((one) => one.naturalWidth)"
    )
    assert violations(page) == []
    place, first = page.locator("[data-leaf-place]"), leafed(page)
    for key in ("ArrowRight", "ArrowLeft", "PageDown", "Home", "End"):
        before = leafed(page)
        page.keyboard.press(key)
        expect(place).not_to_have_text(before, timeout=60_000)
    last = leafed(page)
    page.keyboard.press("ArrowRight")  # there is no page behind the last
    page.keyboard.press("Home")
    expect(place).to_have_text(first, timeout=60_000)
    assert first != last
    page.keyboard.press("Escape")
    expect(page.locator("#paper-invitations a.paper-title")).to_be_focused()


def test_documents_follow_the_plan_while_the_page_is_open(small: Site, owner: BrowserContext) -> None:
    page = owner.new_page()
    page.goto(f"/ceremonies/{CODE}/documents?release=0")
    expect(page.locator("#paper-programme .mark.good")).to_be_visible(timeout=180_000)
    before = page.locator("#paper-programme img").get_attribute("src")
    page.locator("#paper-programme a.paper-title").focus()
    with small.client() as client:
        item = {"key": "chao-co", "position": 1, "title": "Chào cờ", "start": "08:00", "minutes": 5}
        version = client.get(f"/api/v1/ceremonies/{CODE}").headers["etag"]
        put = client.put(f"/api/v1/ceremonies/{CODE}/items/chao-co", json=item, headers={"If-Match": version})
        assert put.status_code == 200, put.text
    expect(page.locator("#paper-programme img")).not_to_have_attribute("src", before or "", timeout=180_000)
    expect(page.locator("#paper-programme a.paper-title")).to_be_focused()


def test_invitations_are_filtered_while_one_types_and_previewed(small: Site, owner: BrowserContext) -> None:
    page = owner.new_page()
    page.goto(f"/ceremonies/{CODE}/invitations")
    settled(page)
    expect(page.locator("tbody tr")).to_have_count(len(GUESTS))
    page.keyboard.press("/")
    page.keyboard.type("tran anh")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("button", name=re.compile("Xem giấy mời")).click()
    dialog = page.locator("dialog:modal")
    expect(dialog).to_contain_text("08:00")
    dialog.get_by_text("Nội dung tệp").click()
    expect(dialog.locator("pre")).to_contain_text("BEGIN:VEVENT")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Lịch để theo dõi").click()
    expect(page.locator("dialog:modal .qr svg")).to_be_visible()


def test_owner_signs_out_elsewhere(small: Site, owner: BrowserContext, new_context: NewContext) -> None:
    other = new_context(small).new_page()
    other.goto("/sign-in?next=/account")
    other.get_by_label("Địa chỉ thư điện tử").fill(OWNER)
    other.get_by_label("Mật khẩu").fill(PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_url(f"{small.address}/account")
    page = owner.new_page()
    page.goto("/account")
    expect(page.locator("#sessions tbody tr")).to_have_count(2)
    page.get_by_role("button", name="Đăng xuất ở đó").first.click()
    expect(page.locator("#sessions tbody tr")).to_have_count(1)
    other.reload()
    expect(other).to_have_url(re.compile("/sign-in"))

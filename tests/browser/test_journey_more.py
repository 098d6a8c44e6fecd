"""The rest of a team's days: by keys alone, two at once, over a broken line, on a phone, each with his own rights."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from unicodedata import normalize

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewContext
from tests.browser.faults import settled, sideways
from tests.browser.pictures import picture
from tests.browser.site import FULL, OFFICE, OWNER, PASSWORD, Site, running

pytestmark = pytest.mark.long
CODE = "hoa-mai-2024"
AT = f"/ceremonies/{CODE}"
COLLEAGUE = "binh.mau@hoa-mai.example"
BEFORE_THE_DAY = "2024-06-20T08:00:00+07:00"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """With the full example; each test has items and guests of its own there."""
    with running(tmp_path_factory.mktemp("shared")) as site:
        site.import_full()
        yield site


@pytest.fixture(scope="module")
def colleague(shared: Site) -> dict[str, str]:
    return shared.join(COLLEAGUE, "Trần Văn Bình", "planner")


@pytest.fixture
def opened(shared: Site, new_context: NewContext) -> Page:
    """The running order, seen by the owner."""
    page = new_context(shared, shared.cookies).new_page()
    go(page, f"{AT}/order")
    return page


def go(page: Page, address: str) -> None:
    page.goto(address)
    settled(page)


def cell(page: Page, row: int, name: str) -> Locator:
    """Of the running order, counted from 1."""
    return page.locator(f'#order-list tr:nth-child({row}) td[data-field="{name}"]')


def type_into(target: Locator, text: str) -> None:
    """Chosen and typed over, not yet left."""
    target.click()
    target.page.keyboard.insert_text(text)


def saved(target: Locator, text: str) -> None:
    expect(target).to_have_text(text, timeout=15_000)
    expect(target).not_to_have_attribute("data-state", re.compile("pending|failed"), timeout=15_000)


def stands(site: Site, row: int, name: str) -> str:
    """What the running order holds there, asked over the API."""
    with site.client() as client:
        items = client.get(f"/api/v1{AT}/part").raise_for_status().json()["items"]
    return str(items[row - 1][name])


# By keys alone.


@pytest.fixture
def first_start(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path, {"KHAIMAC_CLOCK": BEFORE_THE_DAY})
    site.start()
    yield site
    site.stop()


NOTE_THE_MOUSE = """for (const kind of ["pointerdown", "mousedown", "touchstart"])
  addEventListener(kind, (event) => { if (event.isTrusted) console.error("a mouse was used"); }, true);"""


def test_first_start_to_released_papers_by_keys(first_start: Site, new_context: NewContext) -> None:
    context = new_context(first_start)
    context.add_init_script(NOTE_THE_MOUSE)
    page = context.new_page()
    page.on("filechooser", lambda _: None)  # caught from now on: asked for at the last moment, one may slip through
    set_up(page, first_start.set_up_link)
    import_full(page)
    change_and_find(page)
    release(page)
    fetch_papers(page)


def reach(page: Page, target: Locator) -> None:
    """Tab until it has the focus."""
    for _ in range(150):
        if target.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no key leads to {target}")


def palette(page: Page, words: str) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type(words)
    expect(page.locator("#palette-list [aria-selected=true]")).to_contain_text(re.compile("."), timeout=10_000)
    page.wait_for_timeout(500)  # what the server finds comes after what the page knows
    page.keyboard.press("Enter")


def set_up(page: Page, link: str) -> None:
    page.goto(link)
    for text in (OFFICE, "Lê Thị An Mẫu", OWNER, PASSWORD):
        page.keyboard.insert_text(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Buổi lễ đầu tiên")
    settled(page)


def import_full(page: Page) -> None:
    reach(page, page.locator("#f-files"))
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(sorted(FULL.iterdir()))
    expect(page.get_by_role("table", name="Những gì sẽ thay đổi")).to_be_visible()
    reach(page, page.get_by_role("button", name="Nhập dữ liệu"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã nhập kế hoạch.")).to_be_visible(timeout=60_000)
    palette(page, "le ra mat")
    page.wait_for_url(f"**{AT}")


def change_and_find(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/order")
    settled(page)
    reach(page, cell(page, 1, "position"))
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    expect(cell(page, 3, "minutes")).to_have_attribute("data-state", "saved")
    expect(cell(page, 4, "minutes")).to_be_focused()
    page.keyboard.press("Escape")
    palette(page, "khach moi")
    page.wait_for_url("**/guests")
    settled(page)
    page.keyboard.press("/")
    page.keyboard.type("thieu tuong cao xuan")
    expect(page.locator("tr[id^=guest-]")).to_have_count(1)


def release(page: Page) -> None:
    reach(page, page.locator("#side").get_by_role("link", name="Tổng quan"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{AT}")
    settled(page)
    page.keyboard.press("r")
    dialog = page.locator("dialog:modal")
    expect(dialog.get_by_role("heading", level=2)).to_have_text("Bản phát hành số 1")
    reach(page, dialog.get_by_label("Ghi chú"))
    page.keyboard.insert_text("Gửi các cơ quan chuẩn bị")
    reach(page, dialog.get_by_role("button", name="Phát hành"))
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("Ghi lại mã chốt")).to_be_visible(timeout=60_000)
    reach(page, dialog.get_by_role("link", name="Tài liệu"))
    page.keyboard.press("Enter")


def fetch_papers(page: Page) -> None:
    page.wait_for_url("**/documents*")
    expect(page.get_by_text("Mọi tài liệu đúng như bản phát hành.")).to_be_visible(timeout=180_000)
    settled(page)
    reach(page, page.locator("a.paper-title").first)
    page.keyboard.press("Enter")
    reach(page, page.locator("dialog:modal").get_by_role("link", name="Tải về"))
    with page.expect_download() as fetched:
        page.keyboard.press("Enter")
    assert Path(fetched.value.path()).read_bytes().startswith(b"%PDF-1.")
    page.keyboard.press("Escape")
    expect(page.locator("dialog:modal")).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page.locator('#invitations abbr[title="SEQUENCE:0"]').first).to_be_visible(timeout=60_000)


# Two at once.


def test_others_are_seen_while_they_are_there(
    shared: Site, colleague: dict[str, str], opened: Page, new_context: NewContext
) -> None:
    """How soon, `bench/together.py` measures; so it does for the change of another."""
    context = new_context(shared, colleague)
    go(context.new_page(), f"{AT}/order")
    expect(opened.locator("#presence")).to_contain_text("Trần Văn Bình")
    context.close()
    expect(opened.locator("#presence")).to_be_empty()


def test_change_of_another_is_seen_and_where_one_is_stays(
    shared: Site, colleague: dict[str, str], opened: Page, new_context: NewContext
) -> None:
    page = new_context(shared, colleague).new_page()
    go(page, f"{AT}/order")
    cell(page, 9, "title").click()
    type_into(cell(opened, 7, "title"), "Đọc quyết định, lần một")
    opened.keyboard.press("Enter")
    expect(cell(page, 7, "title")).to_have_text("Đọc quyết định, lần một")
    expect(cell(page, 9, "title")).to_be_focused()


@pytest.mark.parametrize(("keep", "stays"), [("Giữ của tôi", "Của tôi"), ("Giữ của người kia", "Của người kia")])
def test_collision_shows_both_side_by_side_and_saves_what_was_chosen(
    shared: Site, colleague: dict[str, str], opened: Page, new_context: NewContext, keep: str, stays: str
) -> None:
    other = new_context(shared, colleague).new_page()
    go(other, f"{AT}/order")
    type_into(cell(opened, 5, "title"), f"Của tôi, {keep}")
    type_into(cell(other, 5, "title"), f"Của người kia, {keep}")
    other.keyboard.press("Enter")
    saved(cell(other, 5, "title"), f"Của người kia, {keep}")
    opened.keyboard.press("Enter")
    dialog = opened.locator("dialog:modal")
    expect(dialog).to_contain_text("Trần Văn Bình")
    expect(dialog.locator(".collision label")).to_have_text(
        [re.compile(f"Của tôi, {keep}$"), re.compile(f"Của người kia, {keep}$")]
    )
    picture(opened, "collision")
    dialog.get_by_role("button", name=keep).click()
    saved(cell(opened, 5, "title"), f"{stays}, {keep}")
    assert stands(shared, 5, "title") == f"{stays}, {keep}"
    saved(cell(other, 5, "title"), f"{stays}, {keep}")


def test_two_who_change_different_fields_are_not_asked(
    shared: Site, colleague: dict[str, str], opened: Page, new_context: NewContext
) -> None:
    other = new_context(shared, colleague).new_page()
    go(other, f"{AT}/order")
    type_into(cell(opened, 6, "title"), "Chào cờ")
    type_into(cell(other, 6, "minutes"), "7")
    other.keyboard.press("Enter")
    saved(cell(other, 6, "minutes"), "7")
    opened.keyboard.press("Enter")
    saved(cell(opened, 6, "title"), "Chào cờ")
    expect(opened.locator("dialog:modal")).to_have_count(0)
    assert (stands(shared, 6, "title"), stands(shared, 6, "minutes")) == ("Chào cờ", "7")


# Nothing typed is lost.


def test_cut_connection_keeps_what_is_typed_and_saves_it_afterwards(shared: Site, opened: Page) -> None:
    target = cell(opened, 10, "title")
    type_into(target, "Gõ khi mất mạng")
    opened.context.set_offline(offline=True)
    opened.keyboard.press("Enter")
    expect(opened.locator("#saved")).to_have_text("Mất kết nối. Nội dung đang nhập vẫn được giữ.")
    expect(target).to_have_text("Gõ khi mất mạng")
    opened.context.set_offline(offline=False)
    saved(target, "Gõ khi mất mạng")
    assert stands(shared, 10, "title") == "Gõ khi mất mạng"


def test_killed_server_loses_nothing_that_was_typed(shared: Site, opened: Page) -> None:
    """A whole form is sent while nobody answers; when the server is back, it is saved by itself."""
    opened.locator("#order-list tr:nth-child(11)").get_by_role("button", name="Mở").click()
    dialog = opened.locator("dialog:modal")
    dialog.locator("#f-title").fill("Gõ khi máy chủ tắt")
    shared.kill()
    dialog.get_by_label("Ghi chú").fill("Vẫn còn đây")
    dialog.get_by_role("button", name="Lưu").click()
    expect(opened.locator("#saved")).to_have_text("Chưa lưu được, đang thử lại…")
    shared.start()
    saved(cell(opened, 11, "title"), "Gõ khi máy chủ tắt")
    expect(dialog).to_have_count(0)
    assert (stands(shared, 11, "title"), stands(shared, 11, "note")) == ("Gõ khi máy chủ tắt", "Vẫn còn đây")


def test_ended_session_is_renewed_over_the_page_and_what_was_typed_is_saved(
    shared: Site, new_context: NewContext
) -> None:
    cookies = sign_in(shared)
    page = new_context(shared, cookies).new_page()
    go(page, f"{AT}/order")
    type_into(cell(page, 12, "title"), "Gõ khi hết phiên")
    with shared.client() as client:
        client.post("/account/sessions/end-others").raise_for_status()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog:modal")
    expect(dialog.get_by_role("heading")).to_have_text("Đăng nhập lại", timeout=15_000)
    dialog.get_by_label("Địa chỉ thư điện tử").fill(OWNER)
    dialog.get_by_label("Mật khẩu").fill(PASSWORD)
    dialog.get_by_role("button", name="Đăng nhập").click()
    saved(cell(page, 12, "title"), "Gõ khi hết phiên")
    assert stands(shared, 12, "title") == "Gõ khi hết phiên"


def sign_in(site: Site) -> dict[str, str]:
    """The owner, on another machine."""
    with site.client() as client:
        client.cookies.clear()
        answer = client.post("/sign-in", data={"email": OWNER, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return dict(answer.cookies)


def test_crashed_page_offers_what_was_typed(shared: Site, new_context: NewContext) -> None:
    context = new_context(shared, shared.cookies)
    page = context.new_page()
    go(page, f"{AT}/order")
    type_into(cell(page, 13, "title"), "Gõ dở trong ô")
    page.close()
    page = context.new_page()
    go(page, f"{AT}/order")
    bar = page.locator(".kept", has_text="Gõ dở trong ô")
    bar.get_by_role("button", name="Khôi phục").click()
    saved(cell(page, 13, "title"), "Gõ dở trong ô")
    assert stands(shared, 13, "title") == "Gõ dở trong ô"


def test_crashed_page_offers_the_form_that_was_open(shared: Site, new_context: NewContext) -> None:
    context = new_context(shared, shared.cookies)
    page = context.new_page()
    go(page, f"{AT}/guests")
    page.keyboard.press("n")
    page.locator("dialog:modal").get_by_label("Họ và tên").fill("Đỗ Thị Dở Dang")
    page.close()
    page = context.new_page()
    go(page, f"{AT}/guests")
    page.keyboard.press("n")
    dialog = page.locator("dialog:modal")
    dialog.get_by_role("button", name="Khôi phục").click()
    expect(dialog.get_by_label("Họ và tên")).to_have_value("Đỗ Thị Dở Dang")


# Vietnamese however it is typed.


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_vietnamese_is_found_and_stored_the_same_however_it_is_typed(
    shared: Site, opened: Page, form: Literal["NFC", "NFD"]
) -> None:
    target = cell(opened, 14, "title")
    type_into(target, normalize(form, f"Trao thưởng, {form}"))
    opened.keyboard.press("Enter")
    saved(target, f"Trao thưởng, {form}")
    assert stands(shared, 14, "title") == normalize("NFC", f"Trao thưởng, {form}")
    go(opened, f"{AT}/guests")
    opened.get_by_role("searchbox").click()
    opened.keyboard.insert_text(normalize(form, "Thiếu tướng Cao Xuân"))
    expect(opened.locator("tr[id^=guest-]")).to_have_count(1)
    expect(opened.locator("tr[id^=guest-]")).to_contain_text("Thiếu tướng Cao Xuân Thái")


# On a phone.

PAGES = ["", "/order", "/guests", "/awards", "/documents", "/invitations", "/releases", "/history"]


def test_phone_shows_every_page_without_scrolling_sideways(shared: Site, new_context: NewContext) -> None:
    page = new_context(
        shared, shared.cookies, viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True
    ).new_page()
    wide = {}
    for address in ["/", *(AT + one for one in PAGES), "/administration", "/account"]:
        go(page, address)
        wide[address] = sideways(page)
    assert {address: over for address, over in wide.items() if over} == {}


def test_phone_edits_an_item_by_touch(shared: Site, new_context: NewContext) -> None:
    page = new_context(
        shared, shared.cookies, viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True
    ).new_page()
    go(page, AT)
    page.get_by_role("button", name="Trình đơn").tap()
    page.locator("#side").get_by_role("link", name="Trình tự buổi lễ").tap()
    page.wait_for_url("**/order")
    settled(page)
    target = cell(page, 15, "minutes")
    picture(page, "phone")
    target.tap()
    page.keyboard.press("Control+a")
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    saved(target, "9")
    assert stands(shared, 15, "minutes") == "9"


# Each sees what he may.

ALL = ["", "/order", "/guests", "/seats", "/awards", "/documents", "/invitations", "/releases", "/history"]
SEEN = {
    "viewer": ["", "/order", "/guests", "/seats", "/documents", "/releases"],
    "printer": ["", "/order", "/documents", "/releases"],
    "awards_desk": ["", "/order", "/guests", "/seats", "/awards", "/documents", "/releases"],
    "auditor": ["", "/order", "/guests", "/seats", "/awards", "/documents", "/invitations", "/releases", "/history"],
}


@pytest.mark.parametrize("role", SEEN)
def test_each_role_sees_its_pages_and_no_others(shared: Site, new_context: NewContext, role: str) -> None:
    cookies = shared.join(f"{role.replace('_', '-')}@hoa-mai.example", "Phạm Thị Vai", role)
    page = new_context(shared, cookies).new_page()
    go(page, AT)
    links = page.locator("#side ul").nth(1).locator("a").evaluate_all("(all) => all.map((one) => one.pathname)")
    assert links == [AT + one for one in SEEN[role]]
    answered = {one: answer.status for one in ALL if (answer := page.goto(AT + one))}
    assert answered == {one: 200 if one in SEEN[role] else 403 for one in ALL}


def test_who_may_only_look_finds_nothing_to_change(shared: Site, new_context: NewContext) -> None:
    cookies = shared.join("xem@hoa-mai.example", "Đỗ Văn Xem", "viewer")
    page = new_context(shared, cookies).new_page()
    go(page, f"{AT}/guests")
    expect(page.locator("tr[id^=guest-]").first).to_be_visible()
    expect(page.locator("[data-grid], main .button.primary, main form[hx-post]")).to_have_count(0)
    expect(page.locator("main")).not_to_contain_text("@hoamai.example.org")
    go(page, f"{AT}/order")
    expect(page.locator("[data-grid], main .button.primary, main form[hx-post]")).to_have_count(0)

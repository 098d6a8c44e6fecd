"""The pages around a plan, by mouse and keys: the first ceremony, its release, what others do while one looks."""

import re
from unicodedata import normalize

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from schemas.scheduling import CeremonyFields
from tests.browser.conftest import NewContext
from tests.browser.faults import settled
from tests.browser.site import ROOT, Site

CODE = "hoa-mai-2024"
SOON = 3_000  # ms until what somebody else did must be seen


@pytest.fixture
def desk(site: Site, new_context: NewContext) -> BrowserContext:
    return new_context(site, site.cookies)


def make(site: Site, code: str, title: str) -> None:
    with site.client() as client:
        done = client.post("/api/v1/ceremonies", json={"code": code, "ceremony": {"title": title}})
    assert done.status_code == 201, done.text


def change(site: Site, code: str, **fields: object) -> None:
    """Somebody else's change, by the API."""
    with site.client() as client:
        found = client.get(f"/api/v1/ceremonies/{code}")
        kept = {name: found.json()[name] for name in CeremonyFields.model_fields}
        headers = {"If-Match": found.headers["etag"]}
        done = client.put(f"/api/v1/ceremonies/{code}", json=kept | fields, headers=headers)
    assert done.status_code == 200, done.text


def test_first_ceremony_is_created_from_its_title(empty_site: Site, new_context: NewContext) -> None:
    page = new_context(empty_site, empty_site.set_up()).new_page()
    page.goto("/")
    page.get_by_role("link", name="Buổi lễ mới").click()
    page.get_by_label("Tên").fill(normalize("NFD", "Lễ đón nhận Huân chương"))
    expect(page.locator("[name=code]")).to_have_attribute("placeholder", "le-don-nhan-huan-chuong")
    page.get_by_role("button", name="Tạo buổi lễ").click()
    expect(page).to_have_url(re.compile("/ceremonies/le-don-nhan-huan-chuong$"))
    expect(page.locator("h1")).to_have_text(normalize("NFC", "Lễ đón nhận Huân chương"))
    expect(page.locator(".toast.good")).to_be_visible()


@pytest.mark.long
def test_plan_folder_is_dropped_onto_the_first_page(empty_site: Site, new_context: NewContext) -> None:
    page = new_context(empty_site, empty_site.set_up()).new_page()
    page.goto("/")
    files = [str(one) for one in (ROOT / "examples" / "2024-07-01" / "ca-mau").iterdir()]
    page.locator("#f-files").set_input_files(files)
    page.locator("#report [name=confirm]").click(timeout=60_000)
    page.get_by_role("link", name="Đến trang buổi lễ").click(timeout=60_000)
    expect(page).to_have_url(re.compile("/ceremonies/2024-07-01-ca-mau$"))


def test_release_is_made_and_its_head_stands_in_the_list(site: Site, desk: BrowserContext) -> None:
    make(site, "phat-hanh", "Lễ phát hành")
    page = desk.new_page()
    page.goto("/ceremonies/phat-hanh")
    settled(page)
    page.keyboard.press("r")
    dialog = page.locator("dialog:modal")
    dialog.get_by_label("Ghi chú").fill("Bản đầu tiên")
    dialog.get_by_role("button", name="Phát hành").click()
    head = dialog.locator(".copy code")
    expect(head).to_have_text(re.compile("[0-9a-f]{64}"), timeout=20_000)
    told = head.inner_text()
    dialog.get_by_role("button", name="Đóng").last.click()
    expect(page.locator(".side-head .mark.good")).to_have_text("Bản phát hành số 1")
    page.goto("/ceremonies/phat-hanh/releases")
    expect(page.locator(".release-note")).to_have_text("Bản đầu tiên")
    assert told in page.content()


def test_what_somebody_else_changes_is_seen_without_loading_again(site: Site, desk: BrowserContext) -> None:
    make(site, "cung-xem", "Lễ cũ")
    home, overview, history = (desk.new_page() for _ in range(3))
    home.goto("/")
    overview.goto("/ceremonies/cung-xem")
    history.goto("/ceremonies/cung-xem/history")
    for page in (home, overview, history):
        settled(page)
        page.evaluate("window.stayed = true")
    change(site, "cung-xem", title="Lễ mới", on="2030-05-01")
    expect(overview.locator("h1")).to_have_text("Lễ mới", timeout=SOON)
    expect(home.get_by_role("link", name="Lễ mới", exact=True).first).to_be_visible(timeout=SOON)
    history.locator("#newer a").click(timeout=SOON)
    expect(history.locator(".past-what").first).to_have_text(re.compile("^Sửa thông tin buổi lễ"))
    assert [page.evaluate("window.stayed") for page in (home, overview, history)] == [True] * 3


@pytest.mark.long
def test_difference_to_the_release_follows_the_draft(site: Site, desk: BrowserContext) -> None:
    make(site, "khac-ban", "Lễ như phát hành")
    site.run("release", "khac-ban")
    page = desk.new_page()
    page.goto("/ceremonies/khac-ban")
    expect(page.locator("#differences .card")).to_contain_text("đúng như đã phát hành")
    change(site, "khac-ban", host="UBND phường Một")
    expect(page.locator("#differences ins")).to_have_text(re.compile("UBND phường Một"), timeout=SOON)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_person_is_found_by_keys_however_the_name_is_typed(desk: BrowserContext, form: str) -> None:
    page = desk.new_page()
    page.goto(f"/ceremonies/{CODE}")
    settled(page)
    page.keyboard.press("Control+k")
    page.keyboard.insert_text(normalize(form, "phan thiện"))  # type: ignore[arg-type]  # one of Unicode's forms
    found = page.locator("#palette-found [role=option]").first
    expect(found).to_contain_text("Phan Thiện Ngôn")
    page.keyboard.press("Enter")
    expect(page.locator("dialog:modal h2")).to_contain_text("Phan Thiện Ngôn")


@pytest.mark.long
def test_history_goes_on_as_one_scrolls_and_filters(desk: BrowserContext) -> None:
    page = desk.new_page()
    page.goto("/history")
    settled(page)
    _choose(page, "of", "guests")
    expect(page.locator(".past-what").first).to_have_text(re.compile("khách mời"))
    expect(page).to_have_url(re.compile("of=guests"))
    page.get_by_text("Xem nội dung thay đổi").first.click()
    expect(page.locator(".past-list").first).to_contain_text("Phan Thiện Ngôn")


def _choose(page: Page, name: str, value: str) -> None:
    page.locator(f"select[name={name}]").select_option(value)

"""Answers in a real browser: rows chosen and treated together, taken back; a stand-in whose effects show first."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewContext
from tests.browser.faults import settled, violations
from tests.browser.site import Site, running

pytestmark = pytest.mark.long
CODE = "tra-loi"
GUESTS = {
    "Lê Văn Giả": "Phó Chánh Văn phòng Bộ Công an",
    "Nguyễn Văn Mẫu": "Bí thư Thành ủy Cần Thơ",
    "Trần Thị Thử": "Chủ tịch UBND TP Cần Thơ",
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with a small ceremony, released; one of its guests speaks."""
    with running(tmp_path_factory.mktemp("answers")) as site:
        plan_small(site)
        yield site


def plan_small(site: Site) -> None:
    fields = {"title": "Lễ ra mắt", "on": "2024-07-01", "start": "08:00", "organizer_email": "moi@example.org"}
    with site.client() as client:
        made = client.post("/api/v1/ceremonies", json={"code": CODE, "ceremony": fields})
        assert made.status_code == 201, made.text
        ids: dict[str, str] = {}
        for name, title in GUESTS.items():
            person = {
                "name": name,
                "honorific": "Ông",
                "email": f"k{len(ids)}@example.org",
                "posts": [{"title": title}],
            }
            added = client.post(f"/api/v1/ceremonies/{CODE}/guests", json={"person": person})
            ids[name] = added.json()["id"]
        role = {"role": "speaker", "kind": "guest", "guest": ids["Nguyễn Văn Mẫu"], "text": "Ông Nguyễn Văn Mẫu"}
        item = {"key": "dien-van", "position": 1, "kind": "speech", "title": "Diễn văn", "roles": [role]}
        version = client.get(f"/api/v1/ceremonies/{CODE}").headers["etag"]
        put = client.put(f"/api/v1/ceremonies/{CODE}/items/dien-van", json=item, headers={"If-Match": version})
        assert put.status_code == 200, put.text
    site.run("release", CODE)


@pytest.fixture
def page(small: Site, new_context: NewContext) -> Page:
    page = new_context(small, small.cookies).new_page()
    page.goto(f"/ceremonies/{CODE}/guests")
    settled(page)
    return page


def test_chosen_rows_are_answered_together_and_taken_back(page: Page) -> None:
    boxes = page.locator('#guests input[name="guest"]')
    bar = page.locator("#chosen")
    expect(bar).to_be_hidden()
    boxes.first.check()
    boxes.last.click(modifiers=["Shift"])
    expect(bar).to_contain_text("3 đã chọn")
    bar.get_by_role("button", name="Ghi trả lời").click()
    dialog = page.locator("dialog:modal")
    dialog.get_by_label("Trả lời").select_option("accepted")
    assert violations(page) == []
    dialog.get_by_role("button", name="Ghi nhận").click()
    expect(page.locator("#guests .state-of").filter(has_text="nhận lời")).to_have_count(3)
    expect(bar).to_be_hidden()
    expect(page.locator(".states")).to_contain_text("nhận lời 3")
    page.locator("#toasts").get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("#guests .state-of").filter(has_text="chưa mời")).to_have_count(3)


def test_stand_in_shows_its_effects_first_and_takes_everything_over(page: Page) -> None:
    mau = page.locator("#guests tbody tr").filter(has_text="Nguyễn Văn Mẫu")
    mau.get_by_role("button", name="Có người đi thay").click()
    dialog = page.locator("dialog:modal")
    dialog.get_by_role("combobox", name="Ai đi thay").fill("Phạm Văn Thay")
    dialog.get_by_label("Chức vụ").fill("Phó Chủ tịch UBND TP Cần Thơ")
    dialog.get_by_label("Địa chỉ thư điện tử").fill("thay@example.org")
    effect = dialog.locator(".effect")
    expect(effect.get_by_role("row", name=re.compile("Nguyễn Văn Mẫu"))).to_contain_text("2")
    expect(effect.get_by_role("row", name=re.compile("Phạm Văn Thay"))).to_contain_text("3")
    expect(effect).to_contain_text("Diễn văn")
    expect(effect).to_contain_text("Lần phát hành tới sẽ hủy giấy mời đã gửi.")
    assert violations(page) == []
    dialog.get_by_role("button", name="Xác nhận").click()
    expect(page.locator("#guests tbody tr.off-list")).to_contain_text("Nguyễn Văn Mẫu")
    expect(page.locator("#guests tbody tr").filter(has_text="Phạm Văn Thay")).to_contain_text("nhận lời")
    page.goto(f"/ceremonies/{CODE}/order")
    expect(page.locator("tbody")).to_contain_text("Phạm Văn Thay")
    page.goto(f"/ceremonies/{CODE}/guests")
    settled(page)
    page.locator("#guests tbody tr.off-list .state-of").click()
    page.locator("dialog:modal").get_by_role("button", name="Hủy việc đi thay…").click()
    page.locator("dialog:modal").last.get_by_role("button", name="Hủy việc đi thay", exact=True).click()
    expect(page.locator("#guests tbody tr.off-list")).to_have_count(0)
    expect(page.locator("#guests tbody")).not_to_contain_text("Phạm Văn Thay")

"""Duplicates in a real browser: side by side, told apart, merged with the effect shown first, and undone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewContext
from tests.browser.faults import settled, violations
from tests.browser.site import Site, running
from tests.browser.test_answers import CODE, plan_small

pytestmark = pytest.mark.long
AGAIN = {"name": "Nguyen Van Mau", "phone": "0900 000 001", "posts": [{"title": "Bí thư Thành ủy Cần Thơ"}]}


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A small ceremony, released, on whose list the one who speaks stands a second time."""
    with running(tmp_path_factory.mktemp("duplicates")) as site:
        plan_small(site)
        with site.client() as client:
            added = client.post(f"/api/v1/ceremonies/{CODE}/guests", json={"person": AGAIN, "side": "host"})
        assert added.status_code == 201, added.text
        yield site


@pytest.fixture
def page(twice: Site, new_context: NewContext) -> Page:
    """Reached as people reach it: by the count on the page of the guests."""
    page = new_context(twice, twice.cookies).new_page()
    page.goto(f"/ceremonies/{CODE}/guests")
    settled(page)
    page.get_by_role("link", name="Khách trùng: 1").click()
    settled(page)
    return page


def pairs(page: Page) -> Locator:
    return page.locator("article.pair")


def undo(page: Page) -> None:
    page.locator("#toasts").get_by_role("button", name="Hoàn tác").click()


def test_two_people_are_told_apart_and_that_is_undone(page: Page) -> None:
    expect(pairs(page)).to_contain_text("Cùng họ tên nếu bỏ dấu. Cùng chức vụ.")
    expect(pairs(page).locator(".differs")).to_have_count(2)
    assert violations(page) == []
    pairs(page).get_by_role("button", name="Hai người khác nhau").click()
    expect(pairs(page)).to_have_count(0)
    undo(page)
    expect(pairs(page)).to_have_count(1)


def test_what_merging_does_is_shown_chosen_done_and_undone(page: Page) -> None:
    pairs(page).get_by_role("button", name="Hợp nhất…").click()
    dialog = page.locator("dialog:modal")
    effect = dialog.locator(".effect")
    expect(effect).to_contain_text("Lịch sử trả lời của cả hai được giữ lại.")
    expect(effect.locator("tbody th").first).to_contain_text("Nguyễn Văn Mẫu")
    assert violations(page) == []
    dialog.get_by_role("group", name="Họ và tên").get_by_label("Nguyen Van Mau").check()
    expect(effect.locator("tbody th").first).to_contain_text("Nguyen Van Mau")
    dialog.get_by_role("button", name="Hợp nhất").click()
    expect(pairs(page)).to_have_count(0)
    guests = page.context.new_page()
    guests.goto(f"/ceremonies/{CODE}/guests")
    expect(guests.locator("#guests tbody tr").filter(has_text="Nguyen Van Mau")).to_contain_text("0900 000 001")
    expect(guests.locator("#guests tbody")).not_to_contain_text("Nguyễn Văn Mẫu")
    undo(page)
    expect(pairs(page)).to_have_count(1)
    expect(guests.locator("#guests tbody")).to_contain_text("Nguyễn Văn Mẫu")

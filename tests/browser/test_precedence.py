"""The order of precedence: a row moved asks for the reason, is shown with it, and goes back; a title is settled."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from schemas.envelope import new_id
from tests.browser.site import Site

PEOPLE = (
    ("Lê Thử Một", "Bí thư Tỉnh ủy"),
    ("Lê Thử Hai", "Giám đốc Sở Tư pháp"),
    ("Lê Thử Ba", "Trưởng Công an xã An Bình"),
    ("Lê Thử Bốn", "Giám đốc Nhà hát Chèo tỉnh"),
)


@pytest.fixture
def address(site: Site) -> str:
    """The order of a ceremony with `PEOPLE`."""
    code = f"le-{new_id()[-10:]}"
    with site.client() as client:
        client.post("/api/v1/ceremonies", json={"code": code, "ceremony": {"title": "Lễ thử"}}).raise_for_status()
        for name, title in PEOPLE:
            guest = {"person": {"name": name, "posts": [{"title": title}]}}
            client.post(f"/api/v1/ceremonies/{code}/guests", json=guest).raise_for_status()
    return f"/ceremonies/{code}/guests/order"


def row(page: Page, name: str) -> Locator:
    return page.locator("#order-list tr").filter(has=page.locator('td[role="rowheader"]', has_text=name))


def expect_order(page: Page, *names: str) -> None:
    cells = page.locator('#order-list td[role="rowheader"]')
    expect(cells).to_have_text([re.compile(name) for name in names])


def give_reason(page: Page, reason: str) -> None:
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Lý do").fill(reason)
    dialog.get_by_role("button", name="Xếp thủ công").click()
    expect(dialog).to_have_count(0)


def test_a_row_moved_by_keys_or_by_mouse_asks_why_and_goes_back(page: Page, address: str) -> None:
    page.goto(address)
    expect_order(page, "Một", "Hai", "Ba", "Bốn")
    expect(row(page, "Lê Thử Một")).to_contain_text("trước Ông (Bà) Lê Thử Hai: chức danh chủ chốt")
    row(page, "Lê Thử Ba").locator("td.strong").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_role("dialog")).to_contain_text("Ngay trước Ông (Bà) Lê Thử Hai.")
    page.keyboard.press("Escape")
    expect_order(page, "Một", "Hai", "Ba", "Bốn")

    row(page, "Lê Thử Ba").locator(".grip").hover()
    page.wait_for_function("() => document.querySelector('#order-list').kmSort?.el")
    row(page, "Lê Thử Ba").locator(".grip").drag_to(row(page, "Lê Thử Một").locator(".grip"))
    give_reason(page, "Khách mời danh dự")
    expect_order(page, "Ba", "Một", "Hai", "Bốn")
    expect(row(page, "Lê Thử Ba")).to_contain_text("Khách mời danh dự")
    expect(row(page, "Lê Thử Ba")).to_contain_text("Lê Thị An Mẫu")
    page.locator("#toasts").get_by_role("button", name="Hoàn tác").click()
    expect_order(page, "Một", "Hai", "Ba", "Bốn")


def test_a_title_that_needs_ranking_is_settled_in_place(page: Page, address: str) -> None:
    page.goto(address)
    waiting = page.locator(".waiting")
    expect(waiting).to_contain_text("Giám đốc Nhà hát Chèo tỉnh")
    waiting.get_by_role("combobox", name="Áp dụng cho").select_option(label="chỉ cho Ông (Bà) Lê Thử Bốn")
    waiting.get_by_role("button", name="Giám đốc Sở và tương đương").click()
    expect(waiting).to_have_count(0)
    expect_order(page, "Một", "Bốn", "Hai", "Ba")

"""The hall in the browser: filled with a preview, changed by mouse and by keys alone, taken back, printed."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from schemas.envelope import new_id
from tests.browser.faults import violations
from tests.browser.site import Site

NAMES = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Chiến", "Phạm Thị Dung")
ROOM = "S,S,S\n1,2,3\n1,2,3\n"


@pytest.fixture
def code(site: Site, tmp_path: Path) -> str:
    """A ceremony of the test's own with four guests, and a hall of six seats drawn with cells."""
    code = f"le-{new_id()[-10:]}"
    with site.client() as client:
        fields = {"title": "Lễ thử", "profile": "plain"}
        client.post("/api/v1/ceremonies", json={"code": code, "ceremony": fields}).raise_for_status()
        for name in NAMES:
            guest = {"person": {"name": name, "posts": [{"title": "Đại biểu"}]}}
            client.post(f"/api/v1/ceremonies/{code}/guests", json=guest).raise_for_status()
        file = {"file": ("phong.csv", ROOM.encode(), "text/csv")}
        drawn = client.put("/api/v1/halls/phong-nho", files=file, data={"name": "Phòng nhỏ"})
        assert drawn.json()["hall"]["seats"] == 6
    return code


def seat(page: Page, row: str, number: int) -> Locator:
    return page.locator(f'#hall-sheet [data-place="phong-nho/1/{row}/{number}"]')


def who_sits(page: Page, row: str, number: int) -> Locator:
    return seat(page, row, number).locator("title")


def seats_of(site: Site, code: str) -> dict[str, str]:
    with site.client() as client:
        found = client.get(f"/api/v1/ceremonies/{code}/seating/seats").json()
    names = {guest["id"]: guest["name"] for guest in found["guests"]}
    return {names[one["guest_id"]]: one["place"].removeprefix("phong-nho/1/") for one in found["seats"]}


def drag(page: Page, what: Locator, to: Locator) -> None:
    start, end = what.bounding_box(), to.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + 4, end["y"] + 4, steps=4)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2)
    page.mouse.up()


def test_a_hall_is_chosen_filled_and_changed_by_hand(page: Page, site: Site, code: str) -> None:
    page.goto(f"/ceremonies/{code}/seats")
    expect(page.get_by_role("heading", name="Chưa có hội trường")).to_be_visible()
    page.get_by_role("button", name="Chọn hội trường").click()
    page.get_by_label("Hội trường thứ 1").select_option("phong-nho")
    page.get_by_role("button", name="Dùng các hội trường này").click()
    expect(page.locator("#hall-sheet [data-place]")).to_have_count(6)

    page.keyboard.press("n")
    expect(page.locator("#fill-preview")).to_contain_text("Đã có chỗ 4")
    page.get_by_role("dialog").get_by_role("button", name="Xếp chỗ").click()
    expect(who_sits(page, "A", 1)).to_have_text("Hàng A, ghế 1: Nguyễn Văn An")
    expect(page.locator("#seats-side")).to_contain_text("Mọi người đều đã có chỗ.")
    assert violations(page) == []

    drag(page, seat(page, "A", 1), seat(page, "A", 3))
    expect(who_sits(page, "A", 3)).to_have_text("Hàng A, ghế 3: Nguyễn Văn An")
    expect(who_sits(page, "A", 1)).to_have_text("Hàng A, ghế 1: Lê Văn Chiến")
    expect(seat(page, "A", 3)).to_have_class(re.compile(r"\bfixed\b"))
    page.get_by_role("button", name="Hoàn tác").last.click()
    expect(who_sits(page, "A", 1)).to_have_text("Hàng A, ghế 1: Nguyễn Văn An")

    drag(page, seat(page, "A", 2), page.locator("#seats-side"))
    expect(page.locator("#seats-side [data-pick]")).to_have_count(1)
    drag(page, page.locator("#seats-side [data-pick]"), seat(page, "B", 3))
    expect(who_sits(page, "B", 3)).to_have_text("Hàng B, ghế 3: Trần Thị Bình")
    assert seats_of(site, code) == {
        "Nguyễn Văn An": "A/1",
        "Lê Văn Chiến": "A/3",
        "Phạm Thị Dung": "B/1",
        "Trần Thị Bình": "B/3",
    }


def test_everything_is_done_by_keys_alone(page: Page, site: Site, code: str) -> None:
    with site.client() as client:
        at = f"/api/v1/ceremonies/{code}/seating"
        client.put(f"{at}/halls", json={"halls": ["phong-nho"]}).raise_for_status()
        client.post(f"{at}/fill", json={}).raise_for_status()
    page.goto(f"/ceremonies/{code}/seats")
    page.locator("#hall-sheet").focus()
    for key in ("ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#picked")).to_have_text("Nguyễn Văn An: hãy chọn ghế.")
    for key in ("ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(who_sits(page, "B", 1)).to_have_text("Hàng B, ghế 1: Nguyễn Văn An")
    page.keyboard.press("Delete")
    expect(page.locator("#seats-side [data-pick]")).to_have_count(1)

    page.goto(f"/ceremonies/{code}/seats/list")
    page.locator("#seat-rows").get_by_role("button", name="Chỗ ngồi của Nguyễn Văn An").press("Enter")
    page.get_by_label("Hàng", exact=True).fill("a")
    page.get_by_label("Chỗ ngồi", exact=True).fill("2")
    page.keyboard.press("Enter")
    row = page.locator("#seat-rows tr").filter(has_text="Nguyễn Văn An")
    expect(row).to_contain_text("Row A, seat 2")
    expect(page.locator("#seat-rows tr").filter(has_text="Trần Thị Bình")).to_contain_text("—")
    assert seats_of(site, code)["Nguyễn Văn An"] == "A/2"
    assert violations(page) == []


def test_the_plan_prints_on_one_sheet_of_a3(page: Page, site: Site, code: str) -> None:
    with site.client() as client:
        at = f"/api/v1/ceremonies/{code}/seating"
        client.put(f"{at}/halls", json={"halls": ["theatre-2000"]}).raise_for_status()
    page.goto(f"/ceremonies/{code}/seats")
    expect(page.locator("#hall-sheet [data-place]")).to_have_count(2000)
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", printed)
    assert box
    assert (round(float(box[1]) / 72 * 25.4), round(float(box[2]) / 72 * 25.4)) == (420, 297)

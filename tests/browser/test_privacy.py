"""A person's data in a real browser: all that is held, erased with a reason; how long it is kept."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewContext
from tests.browser.faults import settled, sideways, violations
from tests.browser.site import Site, running

pytestmark = pytest.mark.long
CODE = "tra-loi"
NAME = "Nguyễn Văn Mẫu"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("privacy")) as site:
        plan_small(site)
        yield site


def plan_small(site: Site) -> None:
    with site.client() as client:
        fields = {"title": "Lễ ra mắt", "on": "2024-07-01", "start": "08:00"}
        client.post("/api/v1/ceremonies", json={"code": CODE, "ceremony": fields}).raise_for_status()
        person: dict[str, object] = {"name": NAME, "email": "mau@example.org", "phone": "0912 000 777"}
        person |= {"honorific": "Ông", "posts": [{"title": "Bí thư Thành ủy Cần Thơ"}]}
        for body in ({"person": person}, {"person": {"name": "Trần Thị Thử"}}):
            client.post(f"/api/v1/ceremonies/{CODE}/guests", json=body).raise_for_status()


@pytest.fixture
def page(new_context: NewContext, small: Site) -> Page:
    return new_context(small, small.cookies).new_page()


def test_a_person_is_looked_at_and_erased_for_good(page: Page, small: Site) -> None:
    page.goto(f"{small.address}/ceremonies/{CODE}/guests")
    settled(page)
    page.get_by_role("row", name=NAME).get_by_role("button", name="Mở", exact=True).click()
    page.get_by_role("link", name="Mọi dữ liệu đang lưu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Mọi dữ liệu đang lưu về {NAME}")
    expect(page.get_by_text("mau@example.org").first).to_be_visible()
    settled(page)
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert sideways(page) == 0
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("textbox", name="Lý do").fill("Theo yêu cầu của người đó")
    page.get_by_role("button", name="Xóa vĩnh viễn").click()
    expect(page.get_by_text("Đã xóa dữ liệu đang lưu về người này.")).to_be_visible()
    row = page.get_by_role("row", name="Theo yêu cầu của người đó")
    expect(row).to_be_visible()
    page.goto(f"{small.address}/ceremonies/{CODE}/guests")
    expect(page.get_by_text("Trần Thị Thử")).to_be_visible()
    expect(page.get_by_text(NAME)).to_have_count(0)


def test_how_long_is_said_and_the_day_is_shown(page: Page, small: Site) -> None:
    page.goto(f"{small.address}/ceremonies/{CODE}/guests")
    page.get_by_role("link", name="Thời hạn lưu dữ liệu cá nhân").click()
    settled(page)
    assert violations(page) == []
    page.get_by_label("Văn bản đã phát hành").select_option("until")
    page.get_by_label("Ngày cuối").last.fill("2999-12-31")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text(re.compile("Sẽ bị xóa ngày .*3000"))).to_be_visible()

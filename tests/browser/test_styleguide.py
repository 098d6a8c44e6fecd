"""The living page of the design system: every part, in both themes, languages and all widths, without a fault."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import NewContext
from tests.browser.faults import sideways, violations
from tests.browser.frame_alone import frame_alone
from tests.browser.site import Site

pytestmark = pytest.mark.long
WIDTHS = (320, 768, 1280, 1920)
FIRST_LOAD = 150_000  # octets on the wire, fonts and all
NEXT_PAGE = 30_000


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with frame_alone(tmp_path_factory.mktemp("guide")) as site:
        yield site


@pytest.fixture
def opened(guide: Site, new_context: NewContext) -> Page:
    page = new_context(guide).new_page()
    page.goto("/styleguide")
    return page


@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [(320, "light", "vi-VN"), (320, "dark", "en-GB"), (1280, "light", "en-GB"), (1280, "dark", "vi-VN")],
)
def test_styleguide_holds_no_accessibility_violation(
    guide: Site, new_context: NewContext, width: int, theme: str, language: str
) -> None:
    size = {"width": width, "height": 900}
    page = new_context(guide, color_scheme=theme, locale=language, viewport=size).new_page()
    page.goto("/styleguide")
    assert violations(page) == []


def test_axe_finds_what_is_wrong(opened: Page) -> None:
    opened.evaluate("document.querySelector('#f-start').labels[0].remove()")
    opened.evaluate("document.querySelector('.lead').style.color = '#aaa'")
    assert sorted({one.split(":")[0] for one in violations(opened)}) == [
        "color-contrast",
        "label",
        "label-title-only",
    ]


@pytest.mark.parametrize("width", WIDTHS)
def test_styleguide_never_scrolls_sideways(guide: Site, new_context: NewContext, width: int) -> None:
    page = new_context(guide, viewport={"width": width, "height": 900}).new_page()
    page.goto("/styleguide")
    assert sideways(page) == 0


def test_chosen_theme_is_there_from_the_first_paint(opened: Page) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    opened.emulate_media(color_scheme="light")
    light = opened.evaluate(ground)
    opened.locator(".account-button").click()
    opened.locator('[data-look="theme"][value="dark"]').check(force=True)
    dark = opened.evaluate(ground)
    assert dark != light
    answer = opened.goto("/styleguide")
    assert answer
    assert 'data-theme="dark"' in answer.text()
    assert opened.evaluate(ground) == dark


def test_chosen_language_outlives_the_page(opened: Page) -> None:
    expect(opened.locator("h1").first).to_have_text("Bộ mẫu giao diện")
    opened.locator(".account-button").click()
    opened.locator('[data-look="language"][value="en"]').check(force=True)
    expect(opened.locator("h1").first).to_have_text("Style guide")
    expect(opened.locator("html")).to_have_attribute("lang", "en")


def test_pages_keep_to_their_weight(guide: Site, new_context: NewContext) -> None:
    context = new_context(guide)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    sizes: list[int] = []
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto("/styleguide", wait_until="networkidle")
    first = sum(sizes)
    sizes.clear()
    page.goto("/styleguide?again", wait_until="networkidle")
    assert (first <= FIRST_LOAD, sum(sizes) <= NEXT_PAGE) == (True, True), (first, sum(sizes))


def test_no_request_goes_to_another_origin(guide: Site, new_context: NewContext) -> None:
    page = new_context(guide).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/styleguide", wait_until="networkidle")
    assert {url.startswith(guide.address) for url in asked} == {True}


def test_paper_shows_the_page_without_its_frame(opened: Page) -> None:
    opened.emulate_media(media="print", color_scheme="dark")
    shown = [opened.locator(one).first.is_visible() for one in (".bar", ".side", ".button", ".table", "h1")]
    assert shown == [False, False, False, True, True]
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_palette_lists_what_the_page_can_do(opened: Page) -> None:
    def found(route: Route) -> None:
        route.fulfill(content_type="text/html", body='<a role="option" href="/styleguide#letters">Lễ ra mắt</a>')

    opened.route("**/palette?*", found)
    opened.keyboard.press("Control+k")
    opened.keyboard.type("nut chinh")  # Nút chính, without its accents
    options = opened.locator('#palette-list [role="option"]')
    expect(options).to_have_count(2)
    assert [text.split("\n")[0] for text in options.all_inner_texts()] == ["Lễ ra mắt", "Nút chính"]
    chosen = opened.locator("#palette-input").get_attribute("aria-activedescendant")
    expect(opened.locator(f"#{chosen}")).to_have_text("Lễ ra mắt")
    opened.keyboard.press("Enter")
    expect(opened).to_have_url(f"{opened.url.split('#')[0]}#letters")


def test_keys_are_listed_and_can_be_switched_off(opened: Page) -> None:
    opened.keyboard.press("?")
    dialog = opened.locator("#shortcuts")
    expect(dialog).to_be_visible()
    dialog.locator("#shortcuts-on").uncheck()
    opened.keyboard.press("Escape")
    opened.keyboard.press("?")
    expect(dialog).to_be_hidden()

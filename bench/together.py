"""Two at one ceremony, each in a browser: how soon one sees that the other is there, and what the other changed."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page

from bench.console import AT, TIMES, Row, browser, house, spread
from tests.browser.site import Site

SECOND = 1000  # ms: what people take for at once
NOTE_WHEN = """([selector, text]) => { window.seen = new Promise((go) => {
  const look = () => document.querySelector(selector)?.textContent.includes(text) && go(Date.now());
  new MutationObserver(look).observe(document.body, {subtree: true, childList: true, characterData: true});
  look(); }); }"""


def noticed(page: Page, selector: str, text: str) -> None:
    """From here on this page notes the moment at which the text stands there."""
    page.evaluate(NOTE_WHEN, [selector, text])


def seen_at(page: Page) -> float:
    at: float = page.evaluate("window.seen")
    return at


def open_order(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(f"{AT}/order")
    page.wait_for_selector("[data-grid][role=grid]")
    return page


def presence(mine: Page, other: Callable[[], BrowserContext]) -> list[float]:
    """From the other's first request to his name on my page."""
    times = []
    for _ in range(TIMES):
        context = other()
        page = context.new_page()
        noticed(mine, "#presence", "Trần Văn Bình")
        page.goto(f"{AT}/order")
        times.append(seen_at(mine) - page.evaluate("performance.timeOrigin"))
        context.close()
        mine.wait_for_function("() => !document.querySelector('#presence').textContent.trim()")
    return times


def changes(mine: Page, others: Page) -> list[float]:
    """From my Enter to the new words on the other's page."""
    times = []
    for n in range(TIMES):
        text = f"Phần việc đổi lần {n}"
        noticed(others, "#order-list tr:nth-child(7)", text)
        mine.locator('#order-list tr:nth-child(7) td[data-field="title"]').click()
        mine.keyboard.insert_text(text)
        mine.keyboard.press("Enter")
        begun = mine.evaluate("Date.now()")
        times.append(seen_at(others) - begun)
    return times


def of_two(site: Site, new: Callable[..., BrowserContext]) -> list[Row]:
    colleague = site.join("binh.mau@hoa-mai.example", "Trần Văn Bình", "planner")
    mine = open_order(new())
    here = presence(mine, lambda: new(colleague))
    changed = changes(mine, open_order(new(colleague)))
    said = f"budget: {SECOND} ms"
    return [
        ("who opens the page is seen by others", spread(here), said, "–"),
        ("a change is seen by others", spread(changed), said, "–"),
    ]


def rows(people: int = 3000, parts: int = 300) -> list[Row]:
    with house(people, parts) as site, browser(site) as new:
        return of_two(site, new)

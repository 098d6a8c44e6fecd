"""A real browser on a real site. Every page is watched: an error in its console, or one its policy stopped, fails."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.browser.site import Site, running

CHROMIUM = "/usr/bin/chromium"
_QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
NewContext = Callable[..., BrowserContext]
expect.set_options(timeout=15_000)  # ms; other tests may want the same processor


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of one module: while its loop stands, no test with a loop of its own can run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One that is set up and holds the full example; tests that change much take `empty_site`."""
    with running(tmp_path_factory.mktemp("site")) as site:
        site.import_full()
        yield site


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[Site]:
    """Nobody has set it up yet."""
    site = Site(tmp_path)
    site.start()
    yield site
    site.stop()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[NewContext]:
    """A browser of somebody's own: no cookies, or those of a session."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def new(site: Site, cookies: dict[str, str] | None = None, **options: Any) -> BrowserContext:
        options = {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh", "base_url": site.address} | options
        context = browser.new_context(**options)
        context.set_default_timeout(15_000)
        given = cookies or {}
        context.add_cookies([{"name": name, "value": value, "url": site.address} for name, value in given.items()])
        context.on("console", lambda message: wrong.extend(_complaint(message)))
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        contexts.append(context)
        return context

    yield new
    for context in contexts:
        context.close()
    assert wrong == []


def _complaint(message: ConsoleMessage) -> list[str]:
    """What the browser itself says of a refused request is the test's business, not the page's fault."""
    expected = message.text.startswith("Failed to load resource")
    return [] if message.type not in {"error", "warning"} or expected else [f"{message.type}: {message.text}"]


@pytest.fixture
def page(site: Site, new_context: NewContext) -> Page:
    """Signed in as the owner."""
    return new_context(site, site.cookies).new_page()

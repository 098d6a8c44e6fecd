"""What is wrong with a page that stands in the browser: against WCAG 2.2 AA, its policy, the width of a phone."""

from typing import Any

from playwright.sync_api import Page

from tests.browser.site import ROOT

_AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Set before the page's own scripts run: whatever the policy stops is told to it.
NOTE_STOPPED = """window.stopped = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.stopped.push(`${event.violatedDirective}: ${event.blockedURI}`));"""


def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA and its own best practices, each with where it is."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE.read_text("utf-8"))
    asked = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": _TAGS}}
    found: dict[str, Any] = page.evaluate("(asked) => axe.run(document, asked)", asked)
    return [
        f"{one['id']}: {node['html'][:160]} {node['any'][0]['message'] if node['any'] else ''}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def sideways(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    over: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return over


def settled(page: Page) -> None:
    """Until the parts that a page fetches for itself are there; the network is never idle, it listens for changes."""
    page.wait_for_load_state("load")
    page.wait_for_function(
        "() => window.htmx && !document.querySelector('.htmx-request, [data-grid]:not([role=grid])')"
    )
    page.evaluate("document.fonts.ready.then(() => true)")

"""Pictures of real pages for the guides: taken by the journeys when KHAIMAC_PICTURES is set (`make pictures`)."""

import os

from playwright.sync_api import Page

from tests.browser.site import ROOT


def picture(page: Page, name: str) -> None:
    """docs/pictures/console-NAME.png, as the window shows it now."""
    if os.environ.get("KHAIMAC_PICTURES"):
        page.screenshot(path=ROOT / "docs" / "pictures" / f"console-{name}.png", animations="disabled")

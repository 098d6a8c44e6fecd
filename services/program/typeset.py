"""One document set in pages: what it prints becomes PDF bytes. Runs in worker processes only.

Nothing is fetched but the assets given to it; no font is used but ours; the same input gives the same bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from services.program.filling import Filling
from services.program.templates import TEMPLATES

SMALLER = (0.94, 0.88, 0.82, 0.76, 0.7)
_LONGEST_DATA_URL = 200_000


@dataclass(frozen=True)
class Sheets:
    """`missing`: characters that no font of ours has; each was printed as an empty box."""

    pdf: bytes
    pages: int
    missing: str


class AssetFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """asset:NAME for what was given, and short data: URLs; every other address is refused."""

    def __init__(self, assets: Mapping[str, bytes]) -> None:
        super().__init__(timeout=1, allowed_protocols={"asset", "data"}, allow_redirects=False)
        self._assets = assets

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        name = url.removeprefix("asset:").lstrip("/")
        if url.startswith("asset:") and name in self._assets:
            return URLFetcherResponse(url, self._assets[name])
        if url.startswith("data:") and len(url) <= _LONGEST_DATA_URL:
            return super().fetch(url, headers)
        raise ValueError(f"Documents may not load {url[:80]}")


class Typesetter:
    """Everything that is read once: templates, fonts, parsed stylesheets."""

    def __init__(self, assets: Mapping[str, bytes] | None = None) -> None:
        self._filling = Filling()
        self._fetcher = AssetFetcher(assets or {})
        self._fonts = FontConfiguration()
        self._css = lru_cache(maxsize=64)(self._parsed)

    def set(self, kind: str, context: Mapping[str, Any]) -> Sheets:
        """The pages of one document; a kind that must fit on one page is set smaller until it does."""
        html, missing = self._filling.html(kind, context)
        document = self._laid_out(html, self._filling.css(kind, context, 1.0))
        for fit in SMALLER if TEMPLATES[kind].one_page else ():
            if len(document.pages) == 1:
                break
            document = self._laid_out(html, self._filling.css(kind, context, fit))
        return Sheets(document.write_pdf(), len(document.pages), missing)

    def _laid_out(self, html: str, css: str) -> Document:
        page = HTML(string=html, base_url="asset:///", url_fetcher=self._fetcher)
        return page.render(font_config=self._fonts, stylesheets=[self._css(css)])

    def _parsed(self, css: str) -> CSS:
        return CSS(string=css, font_config=self._fonts, url_fetcher=self._fetcher)

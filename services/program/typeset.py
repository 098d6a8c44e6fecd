"""One document set in pages: a template and what it prints become PDF bytes. Runs in worker processes only.

Nothing is fetched but the assets given to it; no font is used but ours; the same input gives the same bytes.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from unicodedata import category

import jinja2
from fontTools.ttLib import TTFont
from markupsafe import Markup, escape
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from services.program.templates import FAMILIES, FOLDER, TEMPLATES, Template, font_files, words

NO_GLYPH = "\u25a1"
SMALLER = (0.94, 0.88, 0.82, 0.76, 0.7)
LONG = 24  # characters, less than the columns of every list hold
_BOUND = re.compile(r"\S+(?:\u00a0\S+)+")
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


class Letters:
    """Which characters can be printed at all; remembers those that were asked for and cannot."""

    def __init__(self, fonts: Iterable[Any]) -> None:
        cmaps = (TTFont(font, lazy=True).getBestCmap() for font in fonts)
        self._known = frozenset(chr(code) for cmap in cmaps for code in cmap)
        self.missing: dict[str, None] = {}

    def printable(self, text: str) -> str:
        return text if self._known.issuperset(text) else "".join(map(self._one, text))

    def _one(self, letter: str) -> str:
        if letter in self._known or letter in "\n\t":
            return letter
        if category(letter) in {"Cf", "Cc"}:
            return ""
        self.missing[letter] = None
        return NO_GLYPH


class Typesetter:
    """Everything that is read once: templates, words, fonts, parsed stylesheets."""

    def __init__(self, assets: Mapping[str, bytes] | None = None) -> None:
        self._letters = Letters(font_files())
        self._fetcher = AssetFetcher(assets or {})
        self._fonts = FontConfiguration()
        self._html = self._environment(autoescape=True)
        self._html.finalize = self._finalized
        self._css_text = self._environment(autoescape=False)
        self._css_text.filters["quoted"] = _quoted
        self._css = lru_cache(maxsize=64)(self._parsed)

    def set(self, kind: str, context: Mapping[str, Any]) -> Sheets:
        """The pages of one document; a kind that must fit on one page is set smaller until it does."""
        self._letters.missing.clear()
        template = TEMPLATES[kind]
        html = self._html.get_template(template.html).render(context, w=words()[context["language"]])
        document = self._fitted(html, template, context)
        return Sheets(document.write_pdf(), len(document.pages), "".join(self._letters.missing))

    def _fitted(self, html: str, template: Template, context: Mapping[str, Any]) -> Document:
        measures = {"layout": context["layout"], "family": family(context["layout"]["fonts"])}
        document = self._laid_out(html, template.css, measures | {"fit": 1.0})
        for fit in SMALLER if template.one_page else ():
            if len(document.pages) == 1:
                break
            document = self._laid_out(html, template.css, measures | {"fit": fit})
        return document

    def _laid_out(self, html: str, css: str, measures: Mapping[str, Any]) -> Document:
        stylesheet = self._css(self._css_text.get_template(css).render(measures))
        page = HTML(string=html, base_url="asset:///", url_fetcher=self._fetcher)
        return page.render(font_config=self._fonts, stylesheets=[stylesheet])

    def _parsed(self, css: str) -> CSS:
        return CSS(string=css, font_config=self._fonts, url_fetcher=self._fetcher)

    def _environment(self, *, autoescape: bool) -> jinja2.Environment:
        env = jinja2.Environment(
            loader=jinja2.FileSystemLoader(FOLDER),
            autoescape=autoescape,  # noqa: S701 - the stylesheets are no HTML; what they take from profiles is quoted
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        env.filters["balanced"] = self._balanced
        env.filters["plain"] = lambda text: str(text).replace("\u00a0", " ")
        return env

    def _balanced(self, text: str, capacity: int) -> Markup:
        return Markup("<br>").join(self._finalized(line) for line in balanced(text, capacity))

    def _finalized(self, value: Any) -> Any:
        """What lies between no-break spaces becomes a span that is not broken: the PDF keeps ordinary blanks."""
        if isinstance(value, Markup) or not isinstance(value, str):
            return value
        text = self._letters.printable(value)
        if "\u00a0" not in text:
            return text
        return Markup(_BOUND.sub(_unbroken, escape(text)))  # noqa: S704 - escaped in the same line


def family(wanted: Iterable[str]) -> str:
    """The first of the wanted families that we have: looking for the others takes a third of the time of a page."""
    return next((name for name in wanted if name in FAMILIES), FAMILIES[0])


def balanced(text: str, capacity: int) -> list[str]:
    """Broken into lines of about the same length, each of at most so many characters if words allow it.

    WeasyPrint has no text-wrap: balance. `capacity` is a cautious guess for the place; a longer line still wraps.
    """
    words = text.split(" ")
    count = -(-len(text) // capacity)
    lines: list[str] = [words[0]]
    for word in words[1:]:
        ideal = -(-len(text) // count)
        fits = len(lines[-1]) + 1 + len(word) <= capacity
        if fits and (len(lines) == count or len(lines[-1]) + len(word) / 2 < ideal):
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _unbroken(found: re.Match[str]) -> str:
    kind = "nb long" if len(found[0]) > LONG else "nb"
    return f'<span class="{kind}">{found[0].replace(chr(0xA0), " ")}</span>'


def _quoted(text: str) -> str:
    """A CSS string; the words come from profiles, which are data."""
    return '"' + re.sub(r'[\\"\n]', lambda found: f"\\{ord(found[0]):x} ", text) + '"'

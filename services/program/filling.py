"""Templates filled with what a document prints: HTML and CSS as text.

Hides how text becomes printable: what must stay together, what no font has, lines of equal length.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from unicodedata import category

import jinja2
from fontTools.ttLib import TTFont
from markupsafe import Markup, escape

from services.program.templates import FAMILIES, FOLDER, TEMPLATES, font_files, words

NO_GLYPH = "\u25a1"
LONG = 24  # characters, less than the columns of every list hold
# What lies between no-break spaces; addresses of mail; numbers of documents ("1234/QĐ-UBND"), which have hyphens.
_BOUND = re.compile(r"\S+(?:\u00a0\S+)+|\S+@\S+|\d+/\S+")


class Letters:
    """Which characters can be printed at all; remembers those that were asked for and cannot."""

    def __init__(self) -> None:
        self._known = frozenset(chr(code) for font in font_files() for code in _characters(font))
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


class Filling:
    """The templates, read once."""

    def __init__(self) -> None:
        self._letters = Letters()
        self._html = _environment(autoescape=True)
        self._html.finalize = self._finalized
        self._html.filters["balanced"] = self._balanced
        self._css = _environment(autoescape=False)
        self._css.filters["quoted"] = _quoted

    def html(self, kind: str, context: Mapping[str, Any]) -> tuple[str, str]:
        """The page, and the characters in it that no font of ours has."""
        self._letters.missing.clear()
        template = self._html.get_template(TEMPLATES[kind].html)
        page = template.render(context, w=words()[context["language"]])
        return page, "".join(self._letters.missing)

    def css(self, kind: str, context: Mapping[str, Any], fit: float) -> str:
        """`fit`: the part of its size that everything is set in, 1 for as designed."""
        layout = context["layout"]
        measures = {"layout": layout, "family": family(layout["fonts"]), "fit": fit}
        return self._css.get_template(TEMPLATES[kind].css).render(measures)

    def _balanced(self, text: str, capacity: int) -> Markup:
        return Markup("<br>").join(self._finalized(line) for line in balanced(text, capacity))

    def _finalized(self, value: Any) -> Any:
        """What must stay together becomes a span that is not broken: the PDF keeps ordinary blanks."""
        if isinstance(value, Markup) or not isinstance(value, str):
            return value
        text = self._letters.printable(value)
        if not _BOUND.search(text):
            return text
        return Markup(_BOUND.sub(_unbroken, escape(text)))  # noqa: S704 - escaped in the same line


def _characters(font: Path) -> set[int]:
    with TTFont(font, lazy=True) as opened:
        return set(opened.getBestCmap())


def _environment(*, autoescape: bool) -> jinja2.Environment:
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=autoescape,  # noqa: S701 - the stylesheets are no HTML; what they take from profiles is quoted
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["plain"] = lambda text: str(text).replace("\u00a0", " ")
    return env


def _unbroken(found: re.Match[str]) -> str:
    kind = "nb long" if len(found[0]) > LONG else "nb"
    return f'<span class="{kind}">{found[0].replace(chr(0xA0), " ")}</span>'


def _quoted(text: str) -> str:
    """A CSS string; the words come from profiles, which are data."""
    return '"' + re.sub(r'[\\"\n]', lambda found: f"\\{ord(found[0]):x} ", text) + '"'


def family(wanted: Iterable[str]) -> str:
    """The first of the wanted families that we have: looking for the others takes a third of the time of a page."""
    return next((name for name in wanted if name in FAMILIES), FAMILIES[0])


def balanced(text: str, capacity: int) -> list[str]:
    """Broken into lines of about the same length, each of at most so many characters if words allow it.

    WeasyPrint has no text-wrap: balance. `capacity` is a cautious guess for the place; a longer line still wraps.
    """
    words = text.split(" ")
    count = -(-len(text) // capacity)
    ideal = -(-len(text) // count) if count else 0
    lines: list[str] = [words[0]]
    for word in words[1:]:
        fits = len(lines[-1]) + 1 + len(word) <= capacity
        if fits and (len(lines) == count or len(lines[-1]) + len(word) / 2 < ideal):
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines

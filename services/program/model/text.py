"""Text made ready for print: cleaned, and with no-break spaces where a line must not end.

Names, dates, times and numbers with their unit stay together; what is longer than its column may break between words.
"""

import re
from collections.abc import Iterable

from services.lang.names import strip_prefixes
from services.lang.text import clean, clean_block, search_key

NBSP = "\u00a0"
LONGEST_BOUND = 40  # characters; what is longer may break between words
SHORT_ADDRESS = 3  # Ông, Bà, Mr
_BESIDE_NUMBER = re.compile(r"(?<=\w) (?=\d)|(?<!\S)(\d(?:[\d.,:/]*\d)?) (?=\w)")
_MARKS = ".,;:!?)”\"'»"
_NOT_SLUG = re.compile("[^a-z0-9]+")


def bind(text: str, longest: int = LONGEST_BOUND) -> str:
    """The text on one line, if it is short enough to ask that of a column."""
    text = clean(text)
    return text.replace(" ", NBSP) if len(text) <= longest else text


def titled(before: str, name: str) -> str:
    """A short form of address stays with the name; a rank may stand on the line above it."""
    close = NBSP if len(before) <= SHORT_ADDRESS and len(name) <= LONGEST_BOUND else " "
    return f"{before}{close}{bind(name)}" if before else bind(name)


def bind_clauses(text: str) -> str:
    """Bound but after commas: "thứ Hai, ngày 01 tháng 7 năm 2024" may break once."""
    return clean(text).replace(" ", NBSP).replace("," + NBSP, ", ")


def shorten(text: str, longest: int) -> str:
    """Cut at a word, with an ellipsis; for running heads only, never where the text itself is printed."""
    text = clean(text)
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"


def slug(text: str, longest: int = 60) -> str:
    """For file names: a-z, 0-9 and hyphens."""
    return _NOT_SLUG.sub("-", search_key(text)).strip("-")[:longest].rstrip("-")


class Prose:
    """Binds in running text: names it is told of, numbers with the words beside them, words that lean on the next."""

    def __init__(self, names: Iterable[str] = (), leaning: Iterable[str] = (), prefixes: Iterable[str] = ()) -> None:
        self._names: dict[str, list[list[str]]] = {}
        for name in sorted({clean(name) for name in names if len(name) <= LONGEST_BOUND}):
            words = name.split(" ")
            self._names.setdefault(words[0], []).append(words)
        self._leaning, self._prefixes = frozenset(leaning), tuple(prefixes)

    def line(self, text: str) -> str:
        words = clean(text).split(" ")
        bound = {at for start in range(len(words)) for at in self._inside_name(words, start)}
        bound |= {at for at, word in enumerate(words) if word.lower() in self._leaning}
        joined = "".join(word + (NBSP if at in bound else " ") for at, word in enumerate(words))[:-1]
        return _BESIDE_NUMBER.sub(lambda found: (found[1] or "") + NBSP, joined)

    def lines(self, text: str | None) -> list[str]:
        """The paragraphs of a longer text."""
        return [self.line(part) for part in clean_block(text or "").split("\n") if part]

    def person(self, text: str, *, sure: bool = True) -> str:
        """Somebody as an organizer wrote him, "Thiếu tướng A B C, Giám đốc …": the name before the comma is bound.

        Not `sure` that it is a person: only if it begins with a form of address or a rank.
        """
        said, comma, post = clean(text).partition(", ")
        before, name = strip_prefixes(said, self._prefixes)
        if not (sure or before):
            return self.line(text)
        return titled(" ".join(before), name) + comma + self.line(post)

    def _inside_name(self, words: list[str], start: int) -> range:
        """The words from `start` on whose blank lies inside a name; the last one may carry a punctuation mark."""
        for name in self._names.get(words[start], ()):
            end = start + len(name)
            said = words[start:end]
            if said and [*said[:-1], said[-1].rstrip(_MARKS)] == name:
                return range(start, end - 1)
        return range(0)

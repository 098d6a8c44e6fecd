"""The parts of a name, in the order its owner's country writes them; the name as written is never changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from services.lang.text import clean, match_key

NameOrder = Literal["family_first", "given_first"]


@dataclass(frozen=True, slots=True)
class NameParts:
    """A name of one word is a given name."""

    family: str
    middle: str
    given: str


def split_name(full: str, order: NameOrder) -> NameParts:
    words = clean(full).split(" ")
    if len(words) == 1:
        return NameParts("", "", words[0])
    first, middle, last = words[0], " ".join(words[1:-1]), words[-1]
    return NameParts(first, middle, last) if order == "family_first" else NameParts(last, middle, first)


def strip_prefixes(text: str, prefixes: Iterable[str]) -> tuple[tuple[str, ...], str]:
    """The honorifics and ranks in front (as written), and the name that is left: at least one word."""
    known = _by_first_word(tuple(prefixes))
    words, found = clean(text).split(" "), list[str]()
    while taken := _leading(words, known):
        found.append(" ".join(words[:taken]).rstrip(":,"))
        words = words[taken:]
    return tuple(found), " ".join(words)


_Prefixes = Mapping[str, Sequence[tuple[str, ...]]]


@lru_cache(64)
def _by_first_word(prefixes: tuple[str, ...]) -> _Prefixes:
    """The longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for words in sorted(map(_words, prefixes), key=lambda words: -len(words)):
        found.setdefault(words[0], []).append(words)
    return found


def _leading(words: list[str], known: _Prefixes) -> int:
    """How many words the longest known prefix takes; 0: none, or nothing would be left."""
    likely = known.get(_words(words[0])[0], ())
    if not likely:
        return 0
    keys = _words(" ".join(words[: len(likely[0])]))
    return next((len(p) for p in likely if len(p) < len(words) and keys[: len(p)] == p), 0)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.rstrip(".:,") for word in match_key(text).split(" "))


class Front:
    """What may stand before a name without being part of it. Most names have nothing there, which is seen at once."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(words)
        self._first = {_first(word) for word in self._words}

    def split(self, text: str) -> tuple[tuple[str, ...], str]:
        """The words in front, as written, and the name."""
        return strip_prefixes(text, self._words) if _first(text) in self._first else ((), text)


def _first(text: str) -> str:
    return match_key(text.split(" ", 1)[0]).rstrip(".:")

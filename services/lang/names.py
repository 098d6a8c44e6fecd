"""The parts of a name, in the order its owner's country writes them; the name as written is never changed."""

from collections.abc import Iterable
from dataclasses import dataclass
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
    known = sorted(((_words(prefix), prefix) for prefix in prefixes), key=lambda pair: -len(pair[0]))
    words, found = clean(text).split(" "), list[str]()
    while taken := _leading(words, known):
        found.append(" ".join(words[:taken]).rstrip(":,"))
        words = words[taken:]
    return tuple(found), " ".join(words)


def _leading(words: list[str], known: list[tuple[tuple[str, ...], str]]) -> int:
    """How many words the longest known prefix takes; 0: none, or nothing would be left."""
    keys = _words(" ".join(words))
    return next((len(p) for p, _ in known if len(p) < len(words) and keys[: len(p)] == p), 0)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.rstrip(".:,") for word in match_key(text).split(" "))

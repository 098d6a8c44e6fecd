"""Finding what somebody begins to type: without accents, whichever way they are composed, words in any order."""

import re
from functools import lru_cache

from services.lang.text import search_key

_WORDS = re.compile(r"[^\W_]+")


def find_words(typed: str) -> tuple[str, ...]:
    """The beginnings of words that must all be there; none of them finds everything."""
    return tuple(dict.fromkeys(_WORDS.findall(search_key(typed))))


def find_key(*texts: str | None) -> str:
    """All words of these texts, each with a blank before it, so that their beginnings can be found in it."""
    return "".join(_key(text) for text in texts if text)


@lru_cache(20_000)  # titles and organisations come again and again
def _key(text: str) -> str:
    return "".join(f" {word}" for word in _WORDS.findall(search_key(text)))


def is_found(words: tuple[str, ...], key: str) -> bool:
    return all(f" {word}" in key for word in words)

"""Which texts are meant by what somebody typed, and which of them most: with and without accents, đ like d."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from services.lang import find_key, find_words, is_found, search_key

T = TypeVar("T")


def best(typed: str, things: Iterable[T], texts: Callable[[T], Iterable[str | None]], most: int) -> list[T]:
    """The things whose texts hold what was typed; the first text of a thing is its name.

    First whose name begins so, then where all words begin so, then where it stands within words.
    """
    words, inner = find_words(typed), search_key(typed)
    if not words:
        return []
    ranked = ((_rank(words, inner, tuple(texts(one))), one) for one in things)
    found = sorted((pair for pair in ranked if pair[0] is not None), key=lambda pair: pair[0] or 0)
    return [one for _, one in found[:most]]


def _rank(words: tuple[str, ...], inner: str, texts: tuple[str | None, ...]) -> int | None:
    key = find_key(*texts)
    if is_found(words, key):
        return 0 if key.startswith(f" {words[0]}") else 1
    return 2 if any(inner in search_key(text) for text in texts if text) else None

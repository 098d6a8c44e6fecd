"""What a column without a heading probably holds, by its first texts."""

import re
from collections.abc import Callable, Sequence

from services.kit.sheets.finding.words import NUMBER, ListWords, without_number
from services.lang.text import EMAIL

_SAMPLE, _MOSTLY = 200, 0.6
_PHONE = re.compile(r"\+?[\d][\d .()-]{7,17}")
_COUNT = re.compile(r"\d{1,5}[.)]?")
_NAME_WORDS, _LONGEST_NAME = range(2, 9), 60
_ENDS_NAME = re.compile(r"\s*(?:[,;:(\n]|\s[-–—]\s)")


def content_guess(texts: Sequence[str], words: ListWords) -> tuple[str | None, float]:
    """The field and how sure it is; only what shows by its form: numbers, addresses, telephones, names."""
    looks: tuple[tuple[str, Callable[[str], bool]], ...] = (
        ("email", lambda text: EMAIL.fullmatch(text) is not None),
        ("phone", lambda text: _PHONE.fullmatch(text) is not None),
        (NUMBER, lambda text: _COUNT.fullmatch(text) is not None),
        (words.main, looks_like_name),
    )
    sample = texts[:_SAMPLE]
    for field, fits in looks:
        share = sum(map(fits, sample)) / len(sample) if sample else 0.0
        if share >= _MOSTLY and field in {NUMBER, *words.columns}:
            return field, round(0.7 * share, 2)
    return None, 0.0


def looks_like_name(text: str) -> bool:
    """Two to eight words before the first comma or dash, each with a capital: perhaps with posts behind."""
    name = _ENDS_NAME.split(without_number(text), maxsplit=1)[0]
    parts = name.split()
    return len(parts) in _NAME_WORDS and len(name) <= _LONGEST_NAME and all(_is_word_of_name(part) for part in parts)


def _is_word_of_name(word: str) -> bool:
    return word[:1].isupper() or word[:1] in {"(", "đ"} or word in {"tướng", "tá", "úy", "chí", "bà", "ông"}

"""Stable names for rows that have no code of their own: from their words, so that moving a row changes nothing."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

from services.lang import match_key, search_key

_LONGEST = 60


def slug(text: str) -> str:
    """Lower-case letters and digits with hyphens, at most 60 signs; a longer text ends in a hash of the whole."""
    plain = re.sub(r"[^a-z0-9]+", "-", search_key(text)).strip("-")
    if plain and len(plain) <= _LONGEST:
        return plain
    return f"{plain[: _LONGEST - 9].strip('-')}-{hashlib.sha256(match_key(text).encode()).hexdigest()[:8]}".strip("-")


class Keys:
    """Gives out each key once; codes that people wrote come first."""

    def __init__(self, codes: Iterable[str]) -> None:
        self._taken = {match_key(code) for code in codes}
        self._given: Counter[str] = Counter()

    def of(self, text: str) -> str:
        """The slug, from the second time on with a number behind it."""
        key = slug(text)
        while True:
            self._given[key] += 1
            numbered = key if self._given[key] == 1 else f"{key}-{self._given[key]}"
            if numbered not in self._taken:
                self._taken.add(numbered)
                return numbered

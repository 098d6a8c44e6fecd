"""Which known text a mistyped one was probably meant to be; quick also among ten thousand names."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

from services.lang import search_key

LOOKS = 20  # more problems of one kind are not shown one by one, so nobody would read what is near
_CUTOFF = 0.6
_LONGEST = 80
_FEW, _COMPARED = 1_000, 300


class Nearest:
    """Accents are left aside. After `looks` questions the answer is None: a list may be wrong in every row."""

    def __init__(self, known: Iterable[str], cutoff: float = _CUTOFF, looks: int = LOOKS) -> None:
        self._cutoff, self._looks = cutoff, looks
        self._shown: dict[str, str] = {}
        for text in known:
            self._shown.setdefault(search_key(text)[:_LONGEST], text)
        self._by_word: dict[str, list[str]] | None = None

    def to(self, text: str) -> str | None:
        self._looks -= 1
        if self._looks < 0:
            return None
        key = search_key(text)[:_LONGEST]
        near = get_close_matches(key, self._candidates(key), n=1, cutoff=self._cutoff)
        return self._shown[near[0]] if near else None

    def _candidates(self, key: str) -> Iterable[str]:
        """All, or of many those that share most words: a slip leaves the other words of a name as they are."""
        if len(self._shown) <= _FEW:
            return self._shown
        if self._by_word is None:
            self._by_word = defaultdict(list)
            for known in self._shown:
                for word in set(known.split(" ")):
                    self._by_word[word].append(known)
        shared = Counter(known for word in set(key.split(" ")) for known in self._by_word.get(word, ()))
        return [known for known, _ in islice(shared.most_common(_COMPARED), _COMPARED)]

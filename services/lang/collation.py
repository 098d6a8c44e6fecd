"""The alphabetical order of a language, by ICU; Vietnamese in either of its two tone orders."""

from collections.abc import Sequence
from functools import cache
from typing import Literal

import icu

from services.lang.names import NameParts
from services.lang.text import nfc

Tones = Literal["cldr", "office"]
NamePart = Literal["family", "middle", "given"]

# cldr: level, huyền, hỏi, ngã, sắc, nặng, as dictionaries have it. office: level, huyền, sắc, hỏi, ngã, nặng.
_TONE_RULES: dict[Tones, str] = {"cldr": "", "office": "&\u0300<<\u0301<<\u0309<<\u0303<<\u0323"}


class Collation:
    """Keys hold for this process only: another release of ICU makes other ones, so they are never stored."""

    def __init__(self, locale: str = "vi", tones: Tones = "cldr") -> None:
        self.locale, self.tones = locale, tones
        self._sort_key = _collator(locale, tones).getSortKey

    def key(self, text: str) -> bytes:
        return bytes(self._sort_key(nfc(text)))

    def name_key(self, parts: NameParts, order: Sequence[NamePart]) -> tuple[bytes, ...]:
        """A key per part, compared in turn: by given name, then middle, Hiểu Bá stands before Hiếu An."""
        return tuple(self.key(getattr(parts, part)) for part in order)


@cache
def _collator(locale: str, tones: Tones) -> icu.RuleBasedCollator:
    standard = icu.Collator.createInstance(icu.Locale(locale))
    if not _TONE_RULES[tones]:
        return standard
    return icu.RuleBasedCollator(standard.getRules() + _TONE_RULES[tones])

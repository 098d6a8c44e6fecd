"""Text of strangers made plain, and what had to be taken out of it."""

import re

from services.lang.text import clean_block

# These end a line in some readers and not in others: they would split a line of an .ics or a CSV file.
_SEPARATORS = re.compile("[\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_HIDDEN = re.compile(
    "[\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_PATTERNS = {"line separators": _SEPARATORS, "control characters": _CONTROLS, "invisible marks": _HIDDEN}
_NONCHARACTERS = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")


def clean(text: str) -> tuple[str, tuple[str, ...]]:
    """The text in NFC, trimmed, white space folded (line feeds kept), and the kinds of marks that were taken out."""
    if text.isascii() and text.isprintable():
        return (" ".join(text.split()) if " " in text else text), ()
    removed = tuple(kind for kind, pattern in _PATTERNS.items() if pattern.search(text))
    if removed:
        text = _NONCHARACTERS.sub("", _SEPARATORS.sub(" ", text))
    return clean_block(text), removed

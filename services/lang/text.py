"""Text as people write it, made comparable: one normal form, nothing invisible, keys to match and search."""

import re
from functools import lru_cache
from unicodedata import combining, is_normalized, normalize

# Controls, bidirectional marks, zero-width signs, tags, lone surrogates: they print as nothing and hide text.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_NOT_IN_ADDRESS = r"\s<>()\[\],;:\\\"@"
# What people write as an e-mail address; whether mail reaches it is another question.
EMAIL = re.compile(rf"[^{_NOT_IN_ADDRESS}]{{1,64}}@[^{_NOT_IN_ADDRESS}]{{1,180}}\.[^{_NOT_IN_ADDRESS}.]{{2,63}}")
_JOINERS = str.maketrans("", "", "\u200c\u200d")  # Persian and emoji need them in print; no key does.

# The marks of the five Vietnamese tones; circumflex, breve and horn make other letters and are no tones.
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VOWELS = "aeiouy"
_VOWEL_RUN = re.compile(f"(?:[{_VOWELS}][\u0300-\u036f]*){{2,}}")
_TONE = re.compile(f"[{_TONES}]")

# Letters that Unicode does not take apart into a base letter and a mark.
_UNDECOMPOSED = str.maketrans(
    {"đ": "d", "ø": "o", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)


def nfc(text: str) -> str:
    return normalize("NFC", text)


def clean(text: str) -> str:
    """One line: NFC, nothing invisible, every white space a single blank."""
    if text.isprintable() and is_normalized("NFC", text) and "  " not in text and text == text.strip(" "):
        return text  # as nearly every text is; this is eight times as fast
    return nfc(" ".join(_INVISIBLE.sub("", text).split()))


def clean_block(text: str) -> str:
    """Several lines, each cleaned; line ends of every kind become a line feed."""
    return "\n".join(clean(line) for line in _LINE_ENDS.split(text)).strip("\n")


def match_key(text: str) -> str:
    """Equal for two spellings of one name or title only: tone placement (ủy, uỷ), case, white space.

    Accents stay: Hiếu is not Hiểu. Never print it.
    """
    said = clean(text if text.isprintable() else text.translate(_JOINERS))  # joiners do not print
    return " ".join(map(_word_key, said.split(" ")))


@lru_cache(50_000)  # the words of names and titles are few, and come again and again
def _word_key(word: str) -> str:
    return nfc(_VOWEL_RUN.sub(_tone_last, normalize("NFD", word.casefold())))


@lru_cache(maxsize=4096)  # the same titles and names are looked through with every key that somebody types
def search_key(text: str) -> str:
    """Without accents, for finding what was typed without them; never for telling people apart."""
    return " ".join(map(_plain_word, match_key(text).split(" ")))


@lru_cache(50_000)
def _plain_word(word: str) -> str:
    letters = normalize("NFD", word)
    return "".join(letter for letter in letters if not combining(letter)).translate(_UNDECOMPOSED)


def _tone_last(run: re.Match[str]) -> str:
    """The only tone of a run of vowels, put at its end, whichever vowel it was typed on."""
    tones = _TONE.findall(run[0])
    return _TONE.sub("", run[0]) + tones[0] if len(tones) == 1 else run[0]

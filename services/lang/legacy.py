"""Vietnamese text in the encodings from before Unicode: recognised by its letters, converted where asked.

Every text comes as it shows where Western letters are expected (Windows-1252), as a spreadsheet hands it over.
"""

import re
from typing import Literal, NamedTuple
from unicodedata import normalize

from services.lang.legacy_tables import CODAS, NUCLEI, ONSETS, TCVN3, VNI_ALONE, VNI_PAIRS

Encoding = Literal["tcvn3", "vni", "windows-1258"]
ENCODINGS: tuple[Encoding, ...] = ("tcvn3", "vni", "windows-1258")
# Windows-1252 with the five codes that it leaves open as the controls of Latin-1, so that no byte is lost.
_WESTERN = [bytes([code]).decode("cp1252", "replace").replace("\ufffd", chr(code)) for code in range(256)]
_CODES = {sign: code for code, sign in enumerate(_WESTERN)}
_TCVN3, _TCVN3_CAPITALS = str.maketrans(TCVN3), str.maketrans({code: sign.upper() for code, sign in TCVN3.items()})
_VNI = {**VNI_PAIRS, **VNI_ALONE}
_VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)), re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:[\xa1-\xbf\xd7\xf7\u0300-\u0323]+[^\W\d_]*)*|[\xa1-\xbf\xd7\xf7]+[^\W\d_]*")
_SYLLABLE = re.compile(f"(?:{ONSETS})(?:{NUCLEI})(?:{CODAS})")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


class Profile(NamedTuple):
    """In which encodings a text would read as Vietnamese, and whether it does as it stands."""

    possible: tuple[Encoding, ...] = ()
    plain: bool = True

    @property
    def certain(self) -> Encoding | None:
        """What alone explains the text."""
        return self.possible[0] if len(self.possible) == 1 and not self.plain else None


_NONE = Profile()


def western(content: bytes) -> str:
    """Bytes of an unknown encoding as signs, one each; nothing is lost."""
    return "".join(map(_WESTERN.__getitem__, content))


def convert(text: str, encoding: Encoding, *, capitals: bool = False) -> str:
    """The text in Unicode, NFC; signs that the encoding does not know stay. `capitals`: of a font of capitals."""
    if encoding == "tcvn3":
        letters = text.translate(_TCVN3_CAPITALS if capitals else _TCVN3)
        return letters.upper() if capitals else letters
    if encoding == "vni":
        return _VNI_PATTERN.sub(_of_vni, text)
    return normalize("NFC", "".join(map(_of_windows_1258, text)))


def _of_vni(found: re.Match[str]) -> str:
    letter = _VNI[found[0].lower()]
    return letter.upper() if found[0][0].isupper() else letter


def _of_windows_1258(sign: str) -> str:
    code = _CODES.get(sign)
    return sign if code is None else bytes([code]).decode("cp1258", "replace").replace("\ufffd", sign)


def by_font(font: str) -> tuple[Encoding, bool] | None:
    """The encoding that a font's name tells, and whether it draws capitals only: .VnTimeH, VNI-Times."""
    name = font.strip().casefold()
    if name.startswith(".vn"):
        return "tcvn3", name.endswith("h")
    return ("vni", False) if name.startswith("vni-") else None


def profile(text: str) -> Profile:
    """What the letters of a text tell of its encoding; nothing where it is Unicode beyond Western letters."""
    if text.isascii() or any(sign not in _CODES for sign in text):
        return _NONE
    telling = [word for word in _WORD.findall(text) if not word.isascii()]
    fitting = tuple(one for one in ENCODINGS if _reads(telling, [convert(word, one) for word in telling]))
    return Profile(fitting, all(map(_is_vietnamese, telling))) if fitting else _NONE


def _reads(before: list[str], after: list[str]) -> bool:
    return before != after and all(map(_is_vietnamese, after))


def _is_vietnamese(word: str) -> bool:
    """One syllable with at most one tone, its letters all of one case but perhaps the first."""
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    marked = normalize("NFD", word.lower())
    plain = normalize("NFC", _TONES.sub("", marked))
    return len(_TONES.findall(marked)) <= 1 and _SYLLABLE.fullmatch(plain) is not None

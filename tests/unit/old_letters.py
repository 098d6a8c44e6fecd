"""Writes Vietnamese as it was written before Unicode, as a spreadsheet shows it: one Western letter for each byte."""

from unicodedata import normalize

from services.lang.legacy import western
from services.lang.legacy_tables import TCVN3, VNI_ALONE, VNI_PAIRS

_TCVN3 = {letter: code for code, letter in TCVN3.items()}
_VNI = {letter: code for code, letter in (VNI_PAIRS | VNI_ALONE).items()}
_VNI |= {letter.upper(): code.upper() for letter, code in _VNI.items()}
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def in_tcvn3(text: str) -> str:
    return "".join(_TCVN3.get(letter, letter) for letter in text)


def in_vni(text: str) -> str:
    return "".join(_VNI.get(letter, letter) for letter in text)


def in_windows_1258(text: str) -> str:
    """Letters with their circumflex, breve or horn in one code, a tone in another."""
    return western(b"".join(map(_bytes, text)))


def _bytes(letter: str) -> bytes:
    marked = normalize("NFD", letter)
    base = normalize("NFC", "".join(sign for sign in marked if sign not in _TONES))
    return (base + "".join(sign for sign in marked if sign in _TONES)).encode("cp1258")

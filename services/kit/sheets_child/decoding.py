"""Bytes of text files as text: UTF-8, UTF-16 by its mark or its zeros, else signs one by one."""

from services.kit.sheets_child.complaint import Unreadable
from services.lang.legacy import western

SAVE_AS = "In Excel, save it as “CSV UTF-8”; in LibreOffice, choose Unicode (UTF-8) when saving; or use .xlsx."
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SAMPLE = 4_096


def decoded(content: bytes, *, loose: bool) -> tuple[str, bool]:
    """The text, and whether its encoding is still to be told: then every byte is one sign.

    `loose`: also take UTF-16 without a mark, and bytes that are no UTF-8; otherwise those are refused.
    """
    encoding = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "utf-8")
    if loose and encoding == "utf-8":
        encoding = _by_zeros(content[:_SAMPLE]) or encoding
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as why:
        if encoding.startswith("utf-16"):
            raise Unreadable("The file {file} is not valid UTF-16.", SAVE_AS) from why
        if loose:
            return _without_zeros(western(content)), True
        line = content.count(b"\n", 0, why.start) + 1
        sentence = "The file {file} is not in the encoding UTF-8: line {line} holds the byte {byte}."
        raise Unreadable(sentence, SAVE_AS, line=line, byte=f"0x{content[why.start]:02X}") from why
    return _without_zeros(text), False


def _by_zeros(sample: bytes) -> str | None:
    """Of text in UTF-16 nearly every second byte is zero between Western letters, digits and blanks."""
    half = len(sample) // 2
    if sample[1::2].count(0) * 3 > half and not sample[0::2].count(0):
        return "utf-16-le"
    return "utf-16-be" if sample[0::2].count(0) * 3 > half and not sample[1::2].count(0) else None


def _without_zeros(text: str) -> str:
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Unreadable("The file {file} holds NUL characters (line {line}), which no text has.", SAVE_AS, line=line)
    return text

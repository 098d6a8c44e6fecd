"""The bytes of a calendar object taken apart into content lines (RFC 5545 section 3.1)."""

import re
from typing import NamedTuple

_LONGEST = 75  # octets, without the line end
# Controls but the tab, DEL and C1, line and paragraph separators, what turns or hides text, signs without meaning.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
# Every row has an end, something but blanks before it, and not too much.
_ROWS = re.compile(rb"(?:(?![ \t]+\r)[^\r\n]{1,%d}\r\n)+" % _LONGEST)
_LINE = re.compile(r'([A-Z][A-Z0-9-]*)((?:;[A-Z][A-Z0-9-]*=(?:"[^"]*"|[^",:;]*))*):(.*)')
_PARAM = re.compile(r';([A-Z][A-Z0-9-]*)=(?:"([^"]*)"|([^",:;]*))')


class Line(NamedTuple):
    """One content line, unfolded; parameters without their quotes."""

    name: str
    params: tuple[tuple[str, str], ...]
    value: str


def content_lines(raw: bytes) -> tuple[list[Line], list[str]]:
    """The lines of the object, and what is wrong with its bytes; with faults the lines are not complete."""
    text = _text(raw)
    if text is None:
        return [], _faults_by_row(raw)
    lines, faults = list[Line](), list[str]()
    for row in text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n"):
        found = _LINE.fullmatch(row)
        if found is None:
            faults.append(f"{row!r} is no content line.")
        else:
            lines.append(Line(found[1], _params(found[2]), found[3]))
    return lines, faults


def _text(raw: bytes) -> str | None:
    """The object's text, if its rows are what they must be; a letter cut by a line end is no UTF-8 at all."""
    if not _ROWS.fullmatch(raw):
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    return None if _FORBIDDEN.search(text) else text


def _params(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, quoted or bare) for name, quoted, bare in _PARAM.findall(text)) if text else ()


def _faults_by_row(raw: bytes) -> list[str]:
    faults = [] if raw.endswith(b"\r\n") else ["The last line has no end."]
    for number, row in enumerate(raw.removesuffix(b"\r\n").split(b"\r\n"), start=1):
        if len(row) > _LONGEST:
            faults.append(f"Line {number} has {len(row)} octets.")
        if not row.strip(b" \t"):
            faults.append(f"Line {number} is empty.")
        if b"\r" in row or b"\n" in row:
            faults.append(f"Line {number} holds half a line end.")
        faults += _letters(number, row)
    return faults


def _letters(number: int, row: bytes) -> list[str]:
    try:
        text = row.decode()
    except UnicodeDecodeError:
        return [f"Line {number} is no UTF-8 by itself."]
    found = _FORBIDDEN.search(text)
    return [f"Line {number} holds U+{ord(found[0]):04X}."] if found else []

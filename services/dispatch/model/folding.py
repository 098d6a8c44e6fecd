"""Content lines cut to 75 octets (RFC 5545 section 3.1), by octets and not by characters.

icalendar's own folding looks at every character and takes half the time of writing an invitation.
"""

from collections.abc import Iterable

_LONGEST = 75  # octets of a line, the blank that continues it included
_BACKSLASH = 0x5C
_LETTER_BITS, _INSIDE_LETTER = 0xC0, 0x80  # every octet of a UTF-8 letter but its first begins with 10


def folded(lines: Iterable[str]) -> bytes:
    return b"".join(_fold(line.encode()) + b"\r\n" for line in lines)


def _fold(line: bytes) -> bytes:
    if len(line) <= _LONGEST:
        return line
    rows, start, end = list[bytes](), 0, _LONGEST
    while end < len(line):
        end = _before_letter(line, end)
        rows.append(line[start:end])
        start, end = end, end + _LONGEST - 1
    rows.append(line[start:])
    return b"\r\n ".join(rows)


def _before_letter(line: bytes, at: int) -> int:
    """The place nearest before that is inside no letter, nor between a backslash and what it escapes."""
    while line[at] & _LETTER_BITS == _INSIDE_LETTER:
        at -= 1
    return at - 1 if line[at - 1] == _BACKSLASH else at

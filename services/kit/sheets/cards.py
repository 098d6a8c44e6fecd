"""Writes vCards 4.0 (RFC 6350): lines of at most 75 octets, texts escaped, nothing that could begin another line."""

from collections.abc import Iterable, Sequence

from services.kit.sheets_child.text import clean

_OCTETS = 75
Property = tuple[str, str]


def write_cards(cards: Iterable[Sequence[Property]]) -> bytes:
    """Each card as its properties (name, text) in order; empty texts are left out."""
    lines: list[str] = []
    for card in cards:
        lines += ["BEGIN:VCARD", "VERSION:4.0"]
        lines += [f"{name}:{_escaped(text)}" for name, text in card if text]
        lines.append("END:VCARD")
    return b"".join(piece + b"\r\n" for line in lines for piece in _folded(line))


def _escaped(text: str) -> str:
    plain = clean(text)[0].replace("\\", "\\\\").replace("\n", "\\n")
    return plain.replace(",", "\\,").replace(";", "\\;")


def _folded(line: str) -> Iterable[bytes]:
    """RFC 6350, 3.2: no letter is cut in two, though that is allowed."""
    held = b""
    for sign in line:
        octets = sign.encode()
        if len(held) + len(octets) > _OCTETS:
            yield held
            held = b" "
        held += octets
    yield held

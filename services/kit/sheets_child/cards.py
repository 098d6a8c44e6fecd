"""Reads vCard 2.1, 3.0 and 4.0 (RFC 2426, RFC 6350) as a sheet: a column for each property, a row for each card."""

import binascii
import quopri
import re
from collections.abc import Iterator
from typing import NamedTuple

from services.kit.sheets_child.cells import SheetWire
from services.kit.sheets_child.complaint import Unreadable
from services.kit.sheets_child.decoding import decoded
from services.kit.sheets_child.limits import Limits

# The properties that say something of a person on a list, in the order of the columns.
PROPERTIES = ("FN", "N", "TITLE", "ROLE", "ORG", "EMAIL", "TEL", "BDAY", "NOTE", "LANG", "KIND", "CATEGORIES")
_ONLY_THERE = ("EMAIL", "TEL", "BDAY", "NOTE", "LANG")
_OWN = "X-KHAIMAC-"
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LINE = re.compile(r"(?:[\w-]+\.)?([\w-]+)((?:;(?:[^\":;]|\"[^\"]*\")*)*):(.*)", re.DOTALL)


class Line(NamedTuple):
    """One property of a card."""

    name: str
    params: str
    value: str


def read_cards(content: bytes, limits: Limits) -> SheetWire:
    text, unknown = decoded(content, loose=True)
    cards = [dict(_properties(card)) for card in _cards(_unfolded(text))]
    if not cards:
        raise Unreadable(
            "The file {file} holds no vCard.", "A vCard begins with BEGIN:VCARD and ends with END:VCARD."
        )
    if len(cards) > limits.rows:
        sentence = "The file {file} holds {count} vCards; the limit is {limit}."
        raise Unreadable(sentence, "Split it.", count=len(cards), limit=limits.rows)
    own = sorted({name for card in cards for name in card if name.startswith(_OWN)})
    # Cards that we wrote say everything in our own properties, but for what needs no other.
    usual = _ONLY_THERE if f"{_OWN}ID" in own else PROPERTIES
    columns = [*own, *(name for name in usual if any(name in card for card in cards))]
    wire = SheetWire(None, limits)
    wire.beside["single_bytes"] = unknown
    wire.add(columns)
    for card in cards:
        wire.add([card.get(name, "") for name in columns])
    return wire


def _unfolded(text: str) -> Iterator[str]:
    """Lines that go on in the next one are joined: by a blank there, or by the sign of quoted-printable here."""
    held = ""
    for line in re.split(r"\r\n|\r|\n", text):
        if held.endswith("=") and "QUOTED-PRINTABLE" in held.partition(":")[0].upper():
            held = held[:-1] + line
        elif line[:1] in {" ", "\t"}:
            held += line[1:]
        else:
            yield held
            held = line
    yield held


def _cards(lines: Iterator[str]) -> Iterator[list[Line]]:
    card: list[Line] | None = None
    for line in lines:
        found = _LINE.fullmatch(line)
        name = found[1].upper() if found else ""
        if found and name == "BEGIN" and found[3].strip().upper() == "VCARD":
            card = []
        elif name == "END" and card is not None:
            yield card
            card = None
        elif found and card is not None:
            card.append(Line(name, found[2].upper(), found[3]))


def _properties(card: list[Line]) -> Iterator[tuple[str, str]]:
    """The first of each property that is kept, but all of titles, roles and own ones: a line of the cell for each."""
    found: dict[str, list[str]] = {}
    for line in card:
        if line.name in PROPERTIES or line.name.startswith(_OWN):
            found.setdefault(line.name, []).append(_value(line))
    if not found.get("FN") and found.get("N"):
        found["FN"] = found["N"]
    for key, values in found.items():
        many = key in {"TITLE", "ROLE", "ORG", "CATEGORIES"} or key.startswith(_OWN)
        yield key, "\n".join(values) if many else values[0]


def _value(line: Line) -> str:
    text = _plain(line)
    if line.name == "N":
        parts = [_unescaped(part).strip() for part in re.split(r"(?<!\\);", text)]
        return " ".join(part for part in _in_order(parts) if part)
    if line.name == "ORG":
        parts = [_unescaped(part).strip() for part in re.split(r"(?<!\\);", text)]
        return ", ".join(part for part in reversed(parts) if part)
    value = _unescaped(text)
    return re.sub(r"^(mailto|tel):", "", value, flags=re.IGNORECASE) if line.name in {"EMAIL", "TEL"} else value


def _in_order(parts: list[str]) -> list[str]:
    """Family, given, additional, prefixes, suffixes (RFC 6350, 6.2.2) as a Vietnamese name is said."""
    family, given, additional, prefix, _ = [*parts, *[""] * 5][:5]
    return [prefix, family, additional, given]


def _plain(line: Line) -> str:
    if "QUOTED-PRINTABLE" not in line.params:
        return line.value
    try:
        return quopri.decodestring(line.value.encode("latin-1")).decode("utf-8")
    except (UnicodeError, binascii.Error):
        return line.value


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)

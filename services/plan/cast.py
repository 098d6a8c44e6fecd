"""Who is meant by a name in a cell: a guest, somebody off the list, or a mere text in quotation marks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from schemas.errors import Problem
from services.lang import Front, match_key, search_key
from services.plan.nearness import Nearest
from services.plan.people import Listed
from services.plan.row import Row, quoted
from services.plan.telling import told

_NEAR = 0.88
_AFTER_NAME = (", ", " - ", " – ", " — ", " (")


@dataclass(frozen=True, slots=True)
class Who:
    """`guest` is the ref of the row on the guest list."""

    kind: Literal["guest", "off_list", "text"]
    text: str
    guest: str | None = None


@dataclass(frozen=True, slots=True)
class _Mention:
    row: Row
    key: str
    name: str

    @property
    def place(self) -> str:
        place = self.row.place(self.key)
        return f"{place.file} {place.column or ''}{place.row}"


class Cast:
    """`known` is False while the guest list could not be read: then nobody can be called a stranger."""

    def __init__(self, listed: Sequence[Listed], front: Front, *, known: bool = True) -> None:
        self._front, self._known = front, known
        self._nearest = Nearest((one.called for one in listed), _NEAR)
        self._by_key: dict[str, list[Listed]] = defaultdict(list)
        for one in listed:
            self._by_key[match_key(one.called)].append(one)
        self._by_code = {match_key(one.guest.code): one for one in listed if one.guest.code}
        self._strangers: dict[str, list[_Mention]] = defaultdict(list)

    def who(self, row: Row, key: str) -> list[Who]:
        """All that are named in a cell, one to a line or between semicolons."""
        return [self._one(row, key, text) for text in row.entries(key)]

    def _one(self, row: Row, key: str, text: str) -> Who:
        if (said := quoted(text)) is not None:
            return Who("text", said)
        found = self._find(text)
        if len(found) == 1:
            by_code = match_key(text) == match_key(found[0].guest.code or "")
            return Who("guest", found[0].called if by_code else text, found[0].guest.ref)
        if found:
            _ambiguous(row, key, text, found)
        else:
            self._strangers[match_key(text)].append(_Mention(row, key, text))
        return Who("off_list", text)

    def _find(self, text: str) -> list[Listed]:
        """By code, by name or label as typed, then without what stands before the name, then without what follows."""
        if one := self._by_code.get(match_key(text)):
            return [one]
        for typed in (text, *(text.split(sign, 1)[0] for sign in _AFTER_NAME if sign in text)):
            for name in (typed, self._front.split(typed)[1]):
                if found := self._by_key.get(match_key(name)):
                    return found
        return []

    def strangers(self) -> list[Problem]:
        """One warning for each name that is not on the guest list, at the first place that has it."""
        return [self._stranger(mentions) for mentions in self._strangers.values()] if self._known else []

    def _stranger(self, mentions: list[_Mention]) -> Problem:
        first, others = mentions[0], mentions[1:]
        name = self._front.split(first.name)[1]
        near = self._nearest.to(name)
        sentence, hint = _SENTENCES[near is not None, bool(others)], _HINT
        if near and search_key(near) == search_key(name):
            hint = _ACCENTS
        places = ", ".join(other.place for other in others)
        place = first.row.place(first.key)
        return told("warning", place, sentence, hint, name=first.name, nearest=near or "—", places=places)


_SENTENCES = {
    (False, False): "“{name}” is not on the guest list.",
    (True, False): "“{name}” is not on the guest list; the nearest name there is “{nearest}”.",
    (False, True): "“{name}” is not on the guest list; the name stands also in {places}.",
    (True, True): (
        "“{name}” is not on the guest list; the nearest name there is “{nearest}”. The name stands also in {places}."
    ),
}
_HINT = "Add a row to the guests, or put quotation marks around a text that is nobody's name."
_ACCENTS = "Write the accents as on the guest list, if it is the same person."


def _ambiguous(row: Row, key: str, text: str, found: list[Listed]) -> None:
    sentence = "“{name}” stands in the rows {rows} of the guests, so it is unclear who is meant."
    numbers = ", ".join(str(one.row.number) for one in found)
    hint = "Give each of them a code there, and write the code here in place of the name."
    row.wrong(key, sentence, hint, name=text, rows=numbers)

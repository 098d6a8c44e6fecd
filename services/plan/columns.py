"""What the tables of a plan folder are called, their columns in either language, and the words that cells hold."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from schemas.envelope import Strict
from schemas.strict_yaml import load_yaml
from services.kit.sheets import ColumnSpec
from services.lang import match_key, search_key
from services.plan.nearness import Nearest

_SHOWN = 12


class Column(Strict):
    """Its headings and, for the guide, what to write there."""

    required: bool = False
    vi: tuple[str, ...]
    en: tuple[str, ...]
    about: dict[str, str]
    example: str | None = None

    @property
    def spec(self) -> ColumnSpec:
        return ColumnSpec((*self.vi, *self.en), required=self.required)


class TableWords(Strict):
    """`sheets`: names of the sheet, the first one as it is written; `ignored`: headings of mere row numbers."""

    sheets: tuple[str, ...]
    ignored: tuple[str, ...]
    columns: dict[str, Column]

    @property
    def specs(self) -> dict[str, ColumnSpec]:
        """The columns; a key itself is one of its headings."""
        return {key: self._spec(key, column.spec) for key, column in self.columns.items()}

    def _spec(self, key: str, spec: ColumnSpec) -> ColumnSpec:
        return ColumnSpec((*spec.names, key), required=spec.required)


class Words(Strict):
    formats: tuple[str, ...]
    tables: dict[str, TableWords]
    words: dict[str, dict[str, tuple[str, ...]]] = Field(description="By column: the words for each code.")
    unknown: tuple[str, ...]
    until: tuple[str, ...]


@cache
def words() -> Words:
    return Words.model_validate(load_yaml(Path(__file__).with_name("columns.yaml").read_bytes()))


@cache
def unknown_signs() -> frozenset[str]:
    return frozenset(match_key(word) for word in words().unknown)


class Terms:
    """Codes and the words for them. Case and tone placement never matter, accents only where they tell two apart."""

    def __init__(self, labels: Mapping[str, Iterable[str]]) -> None:
        self._labels = {code: (*named, code) for code, named in labels.items()}
        self._exact: dict[str, str] = {}
        self._folded: dict[str, set[str]] = {}
        for code, named in self._labels.items():
            for word in named:
                self._exact.setdefault(match_key(word), code)
                self._folded.setdefault(search_key(word), set()).add(code)

    def code(self, text: str) -> str | None:
        if found := self._exact.get(match_key(text)):
            return found
        folded = self._folded.get(search_key(text), set())
        return next(iter(folded)) if len(folded) == 1 else None

    def nearest(self, text: str) -> str | None:
        return Nearest(word for named in self._labels.values() for word in named).to(text)

    @property
    def known(self) -> str:
        """The first word of each code, of so many as can be taken in at a glance."""
        words = [named[0] for named in self._labels.values()]
        return "; ".join(words[:_SHOWN]) + ("; …" if len(words) > _SHOWN else "")

    def unknown(self, text: str, sentences: "Unknown", *, look: bool = True) -> tuple[str, dict[str, str]]:
        """The sentence that there is no such word, and what fills it; `look`: whether to look for what was meant."""
        if look and (near := self.nearest(text)):
            return sentences.near, {"value": text, "nearest": near}
        return sentences.far, {"value": text, "known": self.known}


class Unknown(NamedTuple):
    """How to say that a word is not known: with {nearest} where one is near, else with {known}."""

    near: str
    far: str


@cache
def terms(column: str) -> Terms:
    return Terms(words().words[column])

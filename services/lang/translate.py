"""Sentences in the language of whoever reads them. Hides the catalogues in templates/locale.

The English sentence itself is the message id. Values called {what}, {work} or {things} are words of ours (ceremony,
import) and are translated too, by an entry of that context or as a sentence of their own; every other value is
somebody's own text and stays as it is.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LANGUAGES = ("vi", "en")
WORDS = frozenset({"what", "work", "things"})  # placeholders; each is the message context of its values
_FOLDER = Path(__file__).resolve().parents[2] / "templates" / "locale"
_SOURCE = "en"


def translate(sentence: str, params: Mapping[str, str], language: str) -> str:
    """The sentence in this language with its {placeholders} filled; one without a translation stays English."""
    values = {name: _word(name, value, language) if name in WORDS else value for name, value in params.items()}
    found = _texts(language).get((None, sentence)) or sentence
    return re.sub(r"\{(\w+)\}", lambda hole: values.get(hole[1], hole[0]), found)


def choose_language(accepted: str | None) -> str:
    """The first of our languages that an Accept-Language header (RFC 9110 section 12.5.4) wants; else English."""
    wanted = sorted(_preferences(accepted or ""), key=lambda pair: -pair[1])
    for tag, quality in wanted:
        primary = tag.split("-")[0].lower()
        if quality > 0 and primary in LANGUAGES:
            return primary
    return _SOURCE


def _preferences(accepted: str) -> list[tuple[str, float]]:
    found = []
    for part in accepted.split(","):
        tag, _, rest = part.strip().partition(";")
        weight = re.fullmatch(r"\s*q=([01](?:\.[0-9]{0,3})?)\s*", rest)
        found.append((tag.strip(), float(weight[1]) if weight else 1.0))
    return found


def _word(name: str, value: str, language: str) -> str:
    texts = _texts(language)
    return texts.get((name, value)) or texts.get((None, value)) or value


@cache
def _texts(language: str) -> dict[tuple[str | None, str], str]:
    """By (context, message id); empty for English and for a language without a catalogue."""
    return {(entry.context, str(entry.id)): str(entry.string) for entry in catalogue(language) if entry.string}


def path_of(language: str) -> Path:
    return _FOLDER / language / "LC_MESSAGES" / "khaimac.po"


def catalogue(language: str) -> Catalog:
    """The whole catalogue, for those who check it."""
    path = path_of(language)
    if language == _SOURCE or not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)

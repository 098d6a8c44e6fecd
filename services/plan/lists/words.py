"""The words of lists: the headings of the tables of a plan, and what offices write beside them, by language."""

from functools import cache
from pathlib import Path

from schemas.envelope import Strict
from schemas.strict_yaml import load_yaml
from services.kit.sheets import ColumnSpec
from services.kit.sheets.finding import ListWords
from services.kit.sheets.tables import NUMBERING
from services.plan.columns import words

_LANGUAGES = ("vi", "en")
OWN = "id"  # who has one was written by us: every cell is meant as it stands


class MoreWords(Strict):
    """`headings` are further ones; `opening`, `totals`, `foot`, `groups`: how rows begin that are no entries.

    `told`: the heads of what is written behind a list only to be looked at: an import reads none of it.
    """

    told: tuple[str, ...]
    headings: dict[str, tuple[str, ...]]
    opening: tuple[str, ...]
    totals: tuple[str, ...]
    foot: tuple[str, ...]
    groups: tuple[str, ...]


@cache
def list_words(kind: str, main: str = "name", parts: tuple[str, ...] = ("family", "given")) -> ListWords:
    """The words of lists of this kind (guests), in all languages."""
    table = words().tables[kind]
    more = [_more(kind, language) for language in _LANGUAGES]
    specs = dict(table.specs)
    for one in more:
        for key, headings in one.headings.items():
            specs[key] = ColumnSpec((*(specs[key].names if key in specs else ()), *headings))
    return ListWords(
        columns=specs,
        main=main,
        parts=parts,
        own=OWN,
        numbering=tuple(dict.fromkeys((*table.ignored, *NUMBERING))),
        opening=tuple(word for one in more for word in one.opening),
        totals=tuple(word for one in more for word in one.totals),
        foot=tuple(word for one in more for word in one.foot),
        groups=tuple(word for one in more for word in one.groups),
    )


@cache
def _more(kind: str, language: str) -> MoreWords:
    return MoreWords.model_validate(load_yaml(Path(__file__).with_name(f"{kind}.{language}.yaml").read_bytes()))


def told_heads(kind: str, language: str) -> tuple[str, ...]:
    return _more(kind, language).told


@cache
def titles(kind: str, language: str) -> dict[str, str]:
    """How each field is called: the first heading of this language."""
    known = {key: getattr(column, language) for key, column in words().tables[kind].columns.items()}
    more = {key: headings for key, headings in _more(kind, language).headings.items() if key not in known}
    return {key: headings[0] for key, headings in (known | more).items()}

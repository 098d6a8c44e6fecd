"""What a protocol profile lends to the reading of a plan: the words for its codes, and what stands before names."""

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.protocol import Label, Profile
from services.lang import match_key, strip_prefixes
from services.plan.columns import Terms


class Front:
    """What may stand before a name without being part of it. Most names have nothing there, which is seen at once."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(words)
        self._first = {_first(word) for word in self._words}

    def split(self, text: str) -> tuple[tuple[str, ...], str]:
        """The words in front, as written, and the name."""
        return strip_prefixes(text, self._words) if _first(text) in self._first else ((), text)


def _first(text: str) -> str:
    return match_key(text.split(" ", 1)[0]).rstrip(".:")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`needs_decision`: the award kinds that no one can receive without a decision. `ranks`: their match keys.

    `marks`: the signs of thousands and decimals.
    """

    ceremony_kinds: Terms
    item_kinds: Terms
    award_kinds: Terms
    levels: Terms
    blocs: Terms
    classes: Terms
    ranks: frozenset[str]
    only_ranks: Front
    front: Front
    needs_decision: frozenset[str]
    marks: tuple[str, str]


def vocabulary(profile: Profile) -> Vocabulary:
    ranks = [word for rank in profile.rank_scale for word in (*rank.label.root.values(), *rank.also)]
    classes = {code for ladder in profile.class_order.values() for code in ladder}
    return Vocabulary(
        ceremony_kinds=_terms(profile.ceremony_kinds),
        item_kinds=_terms({code: kind.label for code, kind in profile.item_kinds.items()}),
        award_kinds=_terms({code: kind.label for code, kind in profile.award_kinds.items()}),
        levels=_terms({code: profile.labels[code] for code in profile.level_order}),
        blocs=_terms({code: profile.labels[code] for code in profile.bloc_order}),
        classes=_terms({code: profile.labels[code] for code in sorted(classes)}),
        ranks=frozenset(match_key(word) for word in ranks),
        only_ranks=Front(ranks),
        front=Front(profile.name_prefixes),
        needs_decision=frozenset(code for code, kind in profile.award_kinds.items() if kind.needs_decision),
        marks=(profile.wording.group, profile.wording.decimal),
    )


def _terms(labels: dict[str, Label]) -> Terms:
    return Terms({code: tuple(label.root.values()) for code, label in labels.items()})

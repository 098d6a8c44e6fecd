"""What a protocol profile lends to the reading of a plan: the words for its codes, and what stands before names."""

from dataclasses import dataclass

from schemas.protocol import Label, Profile
from services.lang import Front, match_key
from services.plan.columns import Terms


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

"""Where a person puts somebody by hand: beside a neighbour, which means the same when the list changes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

# (place by the rules of whom he stands beside, before him 0 or after him 2), number among those put there, key
Slot = tuple[tuple[int, int], int, str]


@dataclass(frozen=True, slots=True)
class ByHand:
    """Directly before one, or, where there is none such (any more), directly after another.

    Both are meant where the rules put them: it does not matter that somebody moved them by hand as well, not even if
    that is himself. Of several put into the same place that of the smaller `turn` stands first.
    """

    before: str | None = None
    after: str | None = None
    turn: int = 0


def slots(by_rule: Sequence[str], hands: Mapping[str, ByHand]) -> dict[str, Slot]:
    """Where those stand who were put somewhere; not those of whose neighbours none is left."""
    places = {key: at for at, key in enumerate(by_rule)}
    found = {key: _slot(key, hand, places) for key, hand in hands.items() if key in places}
    return {key: slot for key, slot in found.items() if slot}


def _slot(key: str, hand: ByHand, places: Mapping[str, int]) -> Slot | None:
    if hand.before is not None and hand.before in places:
        return (places[hand.before], 0), hand.turn, key
    if hand.after is not None and hand.after in places:
        return (places[hand.after], 2), hand.turn, key
    return None


@dataclass(frozen=True)
class Line:
    """Everybody as they stand (`shown`) and as the rules alone would have it (`by_rule`); `sides` of those who have a
    place by the rules. `hands`: of those who stand by hand.
    """

    shown: Sequence[str]
    by_rule: Sequence[str]
    sides: Mapping[str, str]
    hands: Mapping[str, ByHand]

    def put(self, moved: str, side: str, before: str | None) -> dict[str, ByHand]:
        """What is to be noted so that `moved` stands before this one (none: at the end): of him, and of those whose
        turn it changes.
        """
        left = [key for key in self.shown if key != moved]
        at = left.index(before) if before is not None else len(left)
        hand = self._beside(side, left[:at], left[at:])
        place = self._place(moved, hand)
        mates = [key for key in left if key in self.hands and self._place(key, self.hands[key]) == place]
        number = sum(key in mates for key in left[:at])
        turned = {
            key: replace(self.hands[key], turn=turn)
            for turn, key in enumerate((*mates[:number], moved, *mates[number:]))
            if key != moved
        }
        changed = {key: new for key, new in turned.items() if new != self.hands[key]}
        return {moved: replace(hand, turn=number), **changed}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {key: at for at, key in enumerate(self.by_rule)}

    def _place(self, key: str, hand: ByHand) -> tuple[int, int] | None:
        found = _slot(key, hand, self._places)
        return found[0] if found else None

    def _beside(self, side: str, above: Sequence[str], below: Sequence[str]) -> ByHand:
        """With those placed by hand already, if one is next to him; else beside a neighbour of the rules, of two of
        different sides the one of his own.
        """
        for next_to in (*below[:1], *above[-1:]):
            if next_to in self.hands:
                return self.hands[next_to]
        over, under = (above[-1] if above else None), (below[0] if below else None)
        others = self.sides.get(over or "") == side != self.sides.get(under or "")
        if under in self.sides and not others:
            return ByHand(before=under, after=over)
        return ByHand(after=over) if over is not None else ByHand(before=under)

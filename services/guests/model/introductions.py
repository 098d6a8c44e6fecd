"""Who is introduced by name and who together with others, in order, by the profile's policy."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from schemas.protocol import Profile
from services.guests.model.precedence import Kind, Placed, Ranked, Side

Manner = Literal["by_name", "collectively", "needs_ranking"]
Together = tuple[Side, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Introduction:
    """One breath of the master of ceremonies; `together` says what those introduced collectively have in common."""

    entry_keys: tuple[str, ...]
    kind: Kind
    manner: Manner
    together: Together


def introductions(placed: Iterable[Placed], profile: Profile) -> list[Introduction]:
    """Side, level and bloc of `together` are codes. Who needs ranking is left to a person to decide about."""
    told: list[Introduction] = []
    placed = list(placed)
    for each, manner in zip(placed, manners(placed, profile), strict=True):
        _tell(told, Introduction((each.entry_key,), each.kind, manner, _together(each)))
    return told


def manners(placed: Iterable[Placed | Ranked], profile: Profile) -> Iterator[Manner]:
    """How each of these is introduced, who stand in order."""
    met: set[Together] = set()
    for each in placed:
        together = _together(each)
        yield _manner(each, profile, first=together not in met)
        if each.kind == "person":
            met.add(together)


def _together(each: Placed | Ranked) -> Together:
    return (each.side, each.standing.level, each.standing.bloc) if each.standing else (each.side, None, None)


def _manner(each: Placed | Ranked, profile: Profile, *, first: bool) -> Manner:
    if each.needs_ranking:
        return "needs_ranking"
    if each.kind == "group":
        return "collectively"
    if profile.introduction.policy == "top_of_each_bloc_only":
        return "by_name" if first else "collectively"
    named = profile.introduction.named_levels
    return "by_name" if named is None or not each.standing or each.standing.level in named else "collectively"


def _tell(told: list[Introduction], new: Introduction) -> None:
    """People introduced collectively one after the other, of one side, level and bloc, are introduced together."""
    last = told[-1] if told else None
    joins = new.kind == "person" and new.manner == "collectively"
    if last and joins and (last.kind, last.manner, last.together) == (new.kind, new.manner, new.together):
        told[-1] = replace(last, entry_keys=last.entry_keys + new.entry_keys)
    else:
        told.append(new)

"""What follows from the order of precedence: how a speech opens, who speaks and who arrives when. Pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from schemas.protocol.profile import Profile
from schemas.protocol.rules import Side, SpeechStep


class InOrder(NamedTuple):
    """Somebody with a place, by any key; `words` are form of address, name and posts."""

    key: str
    side: Side
    words: str = ""


def salutation(people: Iterable[InOrder], profile: Profile, language: str) -> list[str]:
    """The lines in which a speech opens, such as “Kính thưa …”; empty where the profile names and greets nobody."""
    rule = profile.salutation
    opening = rule.opening.say(language)
    named = [one.words for one in _first(list(people), rule.named, by_side=rule.per == "side")]
    rest = [rule.rest.say(language)] if rule.rest else []
    return [f"{opening} {words}".strip() for words in (*named, *rest)] or ([opening] if opening else [])


def _first(people: Sequence[InOrder], count: int, *, by_side: bool) -> Iterator[InOrder]:
    """The first ones, of all or of each side."""
    met: dict[str, int] = {}
    for one in people:
        side = one.side if by_side else ""
        met[side] = met.get(side, 0) + 1
        if met[side] <= count:
            yield one


def speeches(
    people: Sequence[InOrder], speakers: Collection[str], profile: Profile
) -> list[tuple[SpeechStep | None, str]]:
    """Who speaks as what, one after the other; None: a speaker of whom the profile says nothing, at the end.

    Where nobody knows who speaks, whom the profile names by his side is taken to.
    """
    among = [one for one in people if one.key in speakers] or list(people)
    told = [turn for step in profile.speech_order for turn in _step(step, among, known=bool(speakers))]
    said = {key for _, key in told}
    return [*told, *((None, one.key) for one in among if speakers and one.key not in said)]


def _step(step: SpeechStep, people: Sequence[InOrder], *, known: bool) -> Iterator[tuple[SpeechStep, str]]:
    if step in {"by_precedence", "inverse_precedence"}:
        turns = people if step == "by_precedence" else people[::-1]
        yield from ((step, one.key) for one in turns if known)
        return
    side = "guest" if step == "superior" else "host"
    if step == "host_reply" and not any(one.side == "guest" for one in people):
        return
    yield from ((step, one.key) for one in [each for each in people if each.side == side][:1])


def arrivals(keys: Sequence[str], profile: Profile) -> list[str]:
    """In the order in which they are received."""
    return list(reversed(keys)) if profile.arrival == "highest_last" else list(keys)

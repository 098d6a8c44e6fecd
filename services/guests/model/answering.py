"""The states of an invitation: which may follow which, and what is told where one may not. Pure."""

from collections.abc import Mapping

from schemas.answers import STATE_WORDS, State
from schemas.errors import Refusal


def _of(*states: State) -> frozenset[State]:
    return frozenset(states)


AWAY = _of("declined", "absent")  # still invited, but nobody to be introduced
_ANSWERS = _of("accepted", "declined", "stand_in_proposed")
_AT_THE_DOOR = _of("attended", "absent")
# A stand-in is agreed to, and given up, by commands of their own: they concern two guests.
_ALWAYS: frozenset[State] = _ANSWERS | _AT_THE_DOOR
_NEXT: Mapping[State, frozenset[State]] = {
    "to_invite": _ALWAYS | _of("invited"),
    "invited": _ALWAYS | _of("to_invite", "read"),
    "read": _ALWAYS,
    "accepted": _ALWAYS,
    "declined": _ALWAYS,
    "stand_in_proposed": _ALWAYS | _of("stand_in_refused"),
    "stand_in_agreed": _of(),
    "stand_in_refused": _ALWAYS,
    "attended": _AT_THE_DOOR | _of("accepted"),
    "absent": _AT_THE_DOOR | _of("accepted"),
}


class AnswerUnfit(Refusal):
    """“{who}” is at “{what}”, and what you chose cannot follow that. Choose another state, or take the last one
    back.
    """

    status = 409


class NameTheStandIn(Refusal):
    """A stand-in for “{who}” is agreed to by saying who comes. Open the guest and choose who comes in his place."""


class HasStandIn(Refusal):
    """Somebody comes for “{who}”. Take the stand-in back first."""

    status = 409


class StandsIn(Refusal):
    """“{who}” comes for somebody else. Take that back first."""

    status = 409


def following(was: State) -> frozenset[State]:
    """The states that may follow this one."""
    return _NEXT[was]


def check(was: State, new: State, who: str) -> None:
    """Refuse a state that cannot follow the present one. The same again is a repetition and always fits."""
    if new == was:
        return
    if was == "stand_in_agreed":
        raise HasStandIn(who=who)
    if new == "stand_in_agreed":
        raise NameTheStandIn(who=who)
    if new not in _NEXT[was]:
        raise AnswerUnfit(who=who, what=STATE_WORDS[was])

"""What happened to answers, stand-ins and several guests at once, in plain sentences."""

from collections.abc import Mapping
from typing import Any

from schemas import answers, stand_ins
from services.gateway.console.answer_words import state_words
from services.gateway.console.history.sentences import Told, of


def _name(told: Told, guest_id: str | None) -> str | None:
    """Of a guest that the kept values are about: by id, or theirs alone."""
    for side in (told.entry.after, told.entry.before):
        if isinstance(side, Mapping):
            inner: Any = side.get(guest_id, side)
            if isinstance(inner, Mapping) and inner.get("name"):
                return str(inner["name"])
    return None


@of(answers.AnswersGiven)
def _given(told: Told, fact: answers.AnswersGiven) -> str:
    state = state_words(told.words)[fact.state]
    if fact.count > 1:
        return told.say("{count} guests set to “{state}”", count=told.words.number(fact.count), state=state)
    name = _name(told, fact.guest_id)
    return told.say("{name}: {state}", name=name or told.say("A guest"), state=state)


@of(answers.GuestArranged)
def _arranged(told: Told, fact: answers.GuestArranged) -> str:
    name = _name(told, fact.guest_id) or told.say("A guest")
    return told.say("What is to be arranged for {name} was changed", name=name)


@of(answers.CountsChanged)
def _counts(told: Told, fact: answers.CountsChanged) -> str:
    name = _name(told, fact.guest_id) or told.say("A group")
    return told.say("Head counts of {name} changed", name=name)


@of(answers.GuestsChanged)
def _changed(told: Told, fact: answers.GuestsChanged) -> str:
    number = told.words.number
    if fact.takes_back:
        return told.say("Taken back for {count} guests", count=number(fact.updated + fact.created))
    if fact.removed:
        return told.say("{count} guests removed", count=number(fact.removed))
    return told.say("{count} guests changed together", count=number(fact.updated))


@of(stand_ins.StandInAgreed)
def _agreed(told: Told, fact: stand_ins.StandInAgreed) -> str:
    return told.say("{other} comes for {name}", **_both(told, fact))


@of(stand_ins.StandInWithdrawn)
def _withdrawn(told: Told, fact: stand_ins.StandInWithdrawn) -> str:
    return told.say("{other} does not come for {name} after all", **_both(told, fact))


def _both(told: Told, fact: stand_ins.StandInAgreed | stand_ins.StandInWithdrawn) -> dict[str, str]:
    name, other = _name(told, fact.guest_id), _name(told, fact.stand_in)
    return {"name": name or told.say("a guest"), "other": other or told.say("Somebody")}

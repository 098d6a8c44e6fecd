"""What happened to answers, stand-ins and several guests at once, in plain sentences."""

from collections.abc import Mapping
from typing import Any

from schemas import answers, duplicates, stand_ins
from services.gateway.console.answer_words import state_words
from services.gateway.console.fields import called
from services.gateway.console.history.sentences import Told, of


def _name(told: Told, guest_id: str | None) -> str | None:
    """Of a guest that the kept values are about: by id, or theirs alone."""
    for side in (told.entry.after, told.entry.before):
        if isinstance(side, Mapping):
            inner: Any = side.get(guest_id, side)
            if found := called(inner):
                return found
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


@of(duplicates.PeopleMerged)
def _merged(told: Told, fact: duplicates.PeopleMerged) -> str:
    return told.say("{other} was merged into {name}: they are one person", **_two(told, fact.guest_id, fact.merged))


@of(duplicates.PeopleParted)
def _parted(told: Told, fact: duplicates.PeopleParted) -> str:
    return told.say("The merge of {other} into {name} was undone", **_two(told, fact.guest_id, fact.merged))


@of(duplicates.PeopleToldApart)
def _told_apart(told: Told, fact: duplicates.PeopleToldApart) -> str:
    both = _two(told, fact.guest_id, fact.other)
    if fact.apart:
        return told.say("{name} and {other} are two people", **both)
    return told.say("{name} and {other} may be one person after all", **both)


def _both(told: Told, fact: stand_ins.StandInAgreed | stand_ins.StandInWithdrawn) -> dict[str, str]:
    return _two(told, fact.guest_id, fact.stand_in)


def _two(told: Told, guest_id: str, other_id: str) -> dict[str, str]:
    name, other = _name(told, guest_id), _name(told, other_id)
    return {"name": name or told.say("a guest"), "other": other or told.say("Somebody")}

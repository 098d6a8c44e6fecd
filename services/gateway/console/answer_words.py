"""How pages call the states of an invitation, the ways in which answers come, and what guests need."""

from collections.abc import Mapping

from schemas.answers import NeedKind, State, Through
from services.gateway.console.wording import Wording

# The sign beside a state; see `mark` in ui.html.
SIGNS: Mapping[State, str] = {
    "to_invite": "plain",
    "invited": "plain",
    "read": "plain",
    "accepted": "good",
    "declined": "bad",
    "stand_in_proposed": "warn",
    "stand_in_agreed": "info",
    "stand_in_refused": "warn",
    "attended": "good",
    "absent": "bad",
}


def state_words(words: Wording) -> dict[State, str]:
    say = words.say
    return {
        "to_invite": say("to invite"),
        "invited": say("invited"),
        "read": say("has read it"),
        "accepted": say("accepted"),
        "declined": say("declined"),
        "stand_in_proposed": say("stand-in proposed"),
        "stand_in_agreed": say("stand-in comes"),
        "stand_in_refused": say("stand-in refused"),
        "attended": say("was there"),
        "absent": say("was not there"),
    }


def through_words(words: Wording) -> dict[Through, str]:
    say = words.say
    return {
        "desk": say("at the desk"),
        "phone": say("by phone"),
        "mail": say("by mail"),
        "link": say("by link"),
        "door": say("at the door"),
        "import": say("by import"),
        "stand_in": say("with a stand-in"),
        "undo": say("taken back"),
    }


def ways(words: Wording) -> list[tuple[Through, str]]:
    """Those that a person may enter; the others the house sets."""
    return [(code, said) for code, said in through_words(words).items() if code not in {"import", "stand_in", "undo"}]


def need_words(words: Wording) -> dict[NeedKind, str]:
    say = words.say
    return {
        "wheelchair": say("wheelchair"),
        "diet": say("diet"),
        "interpreter": say("interpreter"),
        "parking": say("parking"),
        "vehicle": say("vehicle"),
        "other": say("other"),
    }

"""What happened to people's data, in plain sentences. They name nobody."""

from schemas import privacy, traces
from services.gateway.console.history.sentences import Told, of


@of(traces.GuestErased)
def _erased(told: Told, fact: traces.GuestErased) -> str:
    return told.say("All that was held of guest {number} erased", number=fact.guest_id)


def _forgotten(told: Told, fact: traces.Forgotten) -> str:
    return told.say("What was held here of guest {number} erased", number=fact.guest_id)


for _kind in traces.Forgotten.of_service.values():
    of(_kind)(_forgotten)


@of(privacy.RetentionChanged)
def _retention(told: Told, _fact: privacy.RetentionChanged) -> str:
    return told.say("How long people's data are kept was changed")


@of(privacy.ContactsExpired)
def _contacts(told: Told, fact: privacy.ContactsExpired) -> str:
    count = told.words.number(fact.guests)
    return told.say("Contact data of {count} guests erased, for their time was up", count=count)


@of(privacy.PapersExpired)
def _papers(told: Told, _fact: privacy.PapersExpired) -> str:
    return told.say("Papers of releases erased, for their time was up")

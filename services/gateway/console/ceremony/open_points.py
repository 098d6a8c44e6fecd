"""What nobody knows yet of a ceremony, each point with the page where it is entered."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.awards import AwardsSummary
from schemas.guests import GuestsSummary
from schemas.scheduling import Ceremony, Item
from services.gateway.console.glance import Glance
from services.gateway.console.wording import Wording


@dataclass(frozen=True, slots=True)
class Point:
    """`form`: the address opens a form over the page rather than a page of its own."""

    words: str
    address: str
    form: bool = False


def open_points(seen: Glance, words: Wording) -> list[Point]:
    """In the order in which an organizer fills them in; of what the caller may see."""
    at = f"/ceremonies/{seen.ceremony.code}"
    found = list(_of_ceremony(seen.ceremony, at, words))
    found += _of_order(seen.items or (), at, words)
    found += _of_guests(seen.guests, at, words) if seen.guests else ()
    found += _of_awards(seen.awards, at, words) if seen.awards else ()
    return found


def _of_ceremony(it: Ceremony, at: str, words: Wording) -> Iterator[Point]:
    unknown = {
        words.say("The day is not known yet"): it.on,
        words.say("The start is not known yet"): it.start,
        words.say("The venue is not known yet"): it.venue.name,
        words.say("The administrative unit of the venue is not known yet"): it.venue.unit,
        words.say("The host is not known yet"): it.host,
        words.say("The invitations have no sender's address yet"): it.organizer_email,
    }
    yield from (Point(sentence, f"{at}/edit", form=True) for sentence, value in unknown.items() if value is None)


def _of_order(items: tuple[Item, ...], at: str, words: Wording) -> Iterator[Point]:
    address, total = f"{at}/order", words.number(len(items))
    if not items:
        yield Point(words.say("The running order is empty"), address)
    if count := sum(one.position is None for one in items):
        told = {"count": words.number(count), "total": total}
        yield Point(words.say("Items without a place in the running order: {count} of {total}", **told), address)
    if count := sum(one.start is None for one in items):
        told = {"count": words.number(count), "total": total}
        yield Point(words.say("Items without a start: {count} of {total}", **told), address)
    if count := sum(one.minutes is None for one in items):
        told = {"count": words.number(count), "total": total}
        yield Point(words.say("Items without a duration: {count} of {total}", **told), address)


def _of_guests(summary: GuestsSummary, at: str, words: Wording) -> Iterator[Point]:
    if not summary.total:
        yield Point(words.say("The guest list is empty"), f"{at}/guests")
    if summary.needs_ranking:
        count = words.number(summary.needs_ranking)
        sentence = words.say("Guests without a place in the order of precedence: {count}", count=count)
        yield Point(sentence, f"{at}/guests?which=unranked")
    if summary.without_address:
        count = words.number(summary.without_address)
        sentence = words.say("Guests without an e-mail address, who get no invitation by mail: {count}", count=count)
        yield Point(sentence, f"{at}/guests?which=unreachable")


def _of_awards(summary: AwardsSummary, at: str, words: Wording) -> Iterator[Point]:
    number = words.number
    numbers, decisions = summary.decisions_without_number, summary.without_decision
    presenters = summary.without_presenter
    counts = (
        (numbers, words.say("Decisions without a number: {count}", count=number(numbers))),
        (decisions, words.say("Awards without a decision: {count}", count=number(decisions))),
        (presenters, words.say("Awards without somebody to present them: {count}", count=number(presenters))),
    )
    yield from (Point(sentence, f"{at}/awards") for count, sentence in counts if count)

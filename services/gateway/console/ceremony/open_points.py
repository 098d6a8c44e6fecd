"""What nobody knows yet of a ceremony, each point with the page where it is entered."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.awards import AwardsSummary
from schemas.guests import GuestsSummary
from schemas.open_points import open_points as unknowns
from services.gateway.console.fields import profile_of
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
    found = list(_of_plan(seen, at, words))
    found += _of_guests(seen.guests, at, words) if seen.guests else ()
    found += _of_awards(seen.awards, at, words) if seen.awards else ()
    return found


def _of_plan(seen: Glance, at: str, words: Wording) -> Iterator[Point]:
    for point in unknowns(seen.ceremony, seen.items or (), profile_of(seen.ceremony)):
        sentence = words.say(point.problem.sentence, **point.problem.params)
        yield Point(sentence, f"{at}/order") if point.keys else Point(sentence, f"{at}/edit", form=True)
    if seen.items == ():
        yield Point(words.say("The running order is empty."), f"{at}/order")


def _of_guests(summary: GuestsSummary, at: str, words: Wording) -> Iterator[Point]:
    if not summary.total:
        yield Point(words.say("The guest list is empty."), f"{at}/guests")
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

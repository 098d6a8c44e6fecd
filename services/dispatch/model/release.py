"""What a release means to every guest: who is invited, told anew, left alone or called off."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from schemas.errors import Problem
from schemas.guests import Guest, GuestsPart
from schemas.scheduling import Ceremony, SchedulingPart
from services.dispatch.model.card import card
from services.dispatch.model.clean import mailbox, plain
from services.dispatch.model.ical import Method, write_message
from services.dispatch.model.occasion import Occasion, guest_name, written_address
from services.dispatch.model.sequence import Outcome, Sent, again, first, readdressed, withdrawn
from services.dispatch.model.words import Words
from services.dispatch.model.zones import known as zone_known
from services.lang import search_key

NewUid = Callable[[], str]
_YEARS = range(1900, 3000)  # beyond, calendars disagree

NO_DAY = "The ceremony has no day yet, so nobody can be invited to it. Set its day and release again."
DAY_OUT_OF_REACH = "The day {on} is in no calendar. Correct the day of the ceremony and release again."
ZONE_UNKNOWN = "The time zone {zone} is not known. Give an IANA name such as Asia/Ho_Chi_Minh and release again."
NO_SENDER = (
    "The ceremony has no organizer's e-mail address, so its guests get calendar files that cannot be answered. "
    "Set organizer_email and release again."
)
BAD_SENDER = (
    "No mail can come from the organizer's e-mail address {address}, so the guests get calendar files that cannot "
    "be answered. Correct organizer_email and release again."
)
BAD_ADDRESS = (
    "No mail can reach the e-mail address {address}; the guest gets a calendar file instead. "
    "Correct the address and release again."
)


@dataclass(frozen=True, slots=True)
class Change:
    """One guest's invitation after a release. `raw` is None where nothing new is to be given out."""

    guest_id: str
    outcome: Outcome
    sent: Sent
    file_name: str
    raw: bytes | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def method(self) -> Method | None:
        if self.sent.said.route is None:
            return None
        return "CANCEL" if self.sent.issue.cancelled else "REQUEST"

    @property
    def status(self) -> str:
        return "CANCELLED" if self.sent.issue.cancelled else self.sent.said.status


@dataclass(frozen=True, slots=True)
class Prepared:
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]

    def counts(self) -> Counter[Outcome]:
        return Counter(change.outcome for change in self.changes)


@dataclass(frozen=True, slots=True)
class Before:
    """A guest's invitation that is not cancelled, as it stood before the release."""

    sent: Sent
    file_name: str


def prepare(
    part: SchedulingPart,
    guests: GuestsPart,
    words: Words,
    before: Mapping[str, Before],
    now: datetime,
    *,
    new_uid: NewUid,
) -> Prepared:
    """Compares a release with what each guest was last given; `before` is by guest id."""
    obstacle = out_of_calendar(part.ceremony)
    if obstacle or part.ceremony.cancelled:
        called_off = (_call_off(guest_id, old, now, whole=True) for guest_id, old in sorted(before.items()))
        return Prepared(tuple(called_off), (obstacle,) if obstacle else ())
    occasions = card(part, words)
    changes = list[Change]()
    for guest in guests.guests:
        changes += _for_guest(guest, occasions.for_guest(guest), before.get(guest.id), now, new_uid)
    removed = sorted(before.keys() - {guest.id for guest in guests.guests})
    changes += (_call_off(guest_id, before[guest_id], now, whole=False) for guest_id in removed)
    return Prepared(tuple(changes), tuple(_of_sender(part.ceremony)))


def out_of_calendar(ceremony: Ceremony) -> Problem | None:
    """Why the ceremony has no place in a calendar."""
    if ceremony.on is None:
        return Problem(sentence=NO_DAY)
    if ceremony.on.year not in _YEARS:
        return Problem(sentence=DAY_OUT_OF_REACH, params={"on": ceremony.on.isoformat()})
    if not zone_known(ceremony.timezone):
        return Problem(sentence=ZONE_UNKNOWN, params={"zone": plain(ceremony.timezone)})
    return None


def _for_guest(
    guest: Guest, occasion: Occasion, before: Before | None, now: datetime, new_uid: NewUid
) -> Iterator[Change]:
    problems = tuple(_of_address(guest))
    if before is not None and readdressed(before.sent, occasion):
        yield _call_off(guest.id, before, now, whole=False)
        before = None
    if before is None:
        sent = first(occasion, new_uid(), now)
        name = file_name(guest_name(guest), sent.issue.uid)
        yield Change(guest.id, "created", _kept(sent), name, write_message(occasion, sent.issue), problems)
        return
    outcome, sent = again(before.sent, occasion, now)
    raw = None if outcome == "unchanged" else write_message(occasion, sent.issue)
    yield Change(guest.id, outcome, _kept(sent), before.file_name, raw, problems)


def _call_off(guest_id: str, before: Before, now: datetime, *, whole: bool) -> Change:
    sent = withdrawn(before.sent, now, whole=whole)
    return Change(guest_id, "cancelled", sent, before.file_name, write_message(sent.said, sent.issue))


def _kept(sent: Sent) -> Sent:
    """Without the description: it is in the bytes, and a cancellation does not repeat it."""
    return sent.model_copy(update={"said": sent.said.without_text()})


def _of_sender(ceremony: Ceremony) -> Iterator[Problem]:
    if not ceremony.organizer_email:
        yield Problem(severity="note", sentence=NO_SENDER)
    elif mailbox(ceremony.organizer_email) is None:
        yield Problem(severity="warning", sentence=BAD_SENDER, params={"address": plain(ceremony.organizer_email)})


def _of_address(guest: Guest) -> Iterator[Problem]:
    written = written_address(guest)
    if written and mailbox(written) is None:
        yield Problem(severity="warning", sentence=BAD_ADDRESS, params={"address": plain(written)})


def file_name(name: str, uid: str) -> str:
    """Letters that every file system holds, and a short mark that keeps two guests of one name apart.

    The mark is a hash of the UID, never the UID: that is the key to the guest's answer.
    """
    slug = re.sub("[^a-z0-9]+", "-", search_key(name))[:60].strip("-")
    return f"{slug or 'guest'}-{hashlib.sha256(uid.encode()).hexdigest()[:8]}.ics"

"""What one calendar entry says, clean and complete, and which changes of it matter."""

import hashlib
from datetime import date, datetime, time, timedelta

from schemas.envelope import Strict
from schemas.guests import Guest
from schemas.scheduling import Ceremony, Item
from services.dispatch.model.clean import plain
from services.dispatch.model.words import Words
from services.lang import UNKNOWN, fill_pattern


class Party(Strict):
    """Somebody in a calendar object: the address, and a name that may be empty."""

    address: str
    name: str


class Route(Strict):
    """From whom to whom an invitation goes; what only a file to import is, has none."""

    organizer: Party
    attendee: Party
    group: bool

    @property
    def addresses(self) -> tuple[str, str]:
        return self.organizer.address, self.attendee.address


class Occasion(Strict):
    """Local times of `zone`; start and minutes are None where they are not known."""

    on: date
    start: time | None
    minutes: int | None
    zone: str
    summary: str
    location: str
    description: str
    route: Route | None = None

    @property
    def status(self) -> str:
        return "TENTATIVE" if self.start is None else "CONFIRMED"

    @property
    def begins(self) -> datetime | None:
        """On the clock of the zone, without it."""
        return None if self.start is None else datetime.combine(self.on, self.start)

    @property
    def ends(self) -> datetime | None:
        if self.begins is None or not self.minutes:
            return None
        return self.begins + timedelta(minutes=self.minutes)

    def significant(self) -> str:
        """Changes with DTSTART, DTEND, STATUS or LOCATION: whoever accepted must be asked again."""
        return _fingerprint(self.on, self.start, self.minutes, self.zone, self.location)

    def wording(self) -> str:
        """Changes with anything else that is read."""
        ends = (self.route.organizer, self.route.attendee) if self.route else ()
        parties = (text for party in ends for text in (party.address, party.name))
        return _fingerprint(self.summary, self.description, bool(self.route and self.route.group), *parties)

    def for_all(self) -> "Occasion":
        """What every guest reads alike."""
        return self.model_copy(update={"description": "", "route": None})

    def without_text(self) -> "Occasion":
        """What is kept of it to cancel it later."""
        return self.model_copy(update={"description": ""})


def _fingerprint(*parts: object) -> str:
    """Kept for years: so it hangs on the values alone. No clean text holds the separator."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def ceremony_title(ceremony: Ceremony, words: Words) -> str:
    """libical wants something there, and whoever opens a sample must see that it is one."""
    title = plain(ceremony.title) or UNKNOWN
    return fill_pattern(words.sample, {"mark": words.mark, "title": title}) if ceremony.sample else title


def ceremony_entry(ceremony: Ceremony, words: Words) -> Occasion:
    """The ceremony as one entry, without text."""
    if ceremony.on is None:
        raise ValueError("A ceremony without a day has no place in a calendar.")
    return Occasion(
        on=ceremony.on,
        start=ceremony.start,
        minutes=_minutes(ceremony.start, ceremony.end),
        zone=ceremony.timezone,
        summary=ceremony_title(ceremony, words),
        location=venue(ceremony),
        description="",
    )


def item_entry(ceremony: Ceremony, item: Item, words: Words) -> Occasion:
    """One timed item as an entry of the feed. It names nobody: the feed is for whoever has the link."""
    return ceremony_entry(ceremony, words).model_copy(
        update={
            "start": item.start,
            "minutes": item.minutes,
            "summary": plain(item.title) or UNKNOWN,
            "description": ceremony_title(ceremony, words),
        }
    )


def _minutes(start: time | None, end: time | None) -> int | None:
    """None when either is unknown, and for an end that is not after the start: that says nothing sure."""
    if start is None or end is None or end <= start:
        return None
    return (end.hour - start.hour) * 60 + end.minute - start.minute


def venue(ceremony: Ceremony) -> str:
    return ", ".join(filter(None, (plain(ceremony.venue.name), plain(ceremony.venue.unit))))


def salutation(guest: Guest) -> str:
    """The form of address with the posts, as far as there are any."""
    posts = plain(guest.posts_text)
    return ", ".join(filter(None, (plain(guest.address), "" if posts == UNKNOWN else posts)))


def written_address(guest: Guest) -> str | None:
    """The e-mail address as it was typed."""
    return (guest.person.email if guest.person else guest.group.email if guest.group else None) or None


def guest_name(guest: Guest) -> str:
    return guest.person.name if guest.person else guest.group.label if guest.group else guest.address

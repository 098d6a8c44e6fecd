"""The invitation of a ceremony as its guests read it: what all share is put into words once."""

from dataclasses import dataclass

from schemas.guests import Guest
from schemas.scheduling import Item, SchedulingPart
from services.dispatch.model.clean import common_name, mailbox, plain
from services.dispatch.model.occasion import (
    Occasion,
    Party,
    Route,
    ceremony_entry,
    guest_name,
    salutation,
    written_address,
)
from services.dispatch.model.words import Words
from services.lang import UNKNOWN, fill_pattern, time_words


@dataclass(frozen=True, slots=True)
class Card:
    """`items` holds a line for each item, by its id; `roles` the roles of each guest, by guest and item.

    `sender` is None if nobody could answer to it.
    """

    words: Words
    common: Occasion
    facts: tuple[str, ...]
    items: dict[str, str]
    roles: dict[str, dict[str, list[str]]]
    agenda: tuple[str, ...]
    sender: Party | None

    def for_guest(self, guest: Guest) -> Occasion:
        invited = fill_pattern(self.words.invited, {"guest": salutation(guest)})
        blocks = ((invited, *self.facts), self._duties(guest), self.agenda)
        description = "\n\n".join("\n".join(block) for block in blocks if block)
        return self.common.model_copy(update={"description": description, "route": self._route(guest)})

    def _route(self, guest: Guest) -> Route | None:
        recipient = mailbox(written_address(guest))
        if self.sender is None or recipient is None:
            return None
        attendee = Party(address=recipient, name=common_name(guest_name(guest)))
        return Route(organizer=self.sender, attendee=attendee, group=guest.group is not None)

    def _duties(self, guest: Guest) -> tuple[str, ...]:
        lines = [self._duty(item, roles) for item, roles in self.roles.get(guest.id, {}).items()]
        return (self.words.duties, *lines) if lines else ()

    def _duty(self, item: str, roles: list[str]) -> str:
        """The item's line with what the guest does in it; a role without a word is left to the title."""
        does = dict.fromkeys(self.words.roles[role] for role in roles if role in self.words.roles)
        line = self.items[item]
        return fill_pattern(self.words.duty, {"item": line, "role": ", ".join(does)}) if does else line


def card(part: SchedulingPart, words: Words) -> Card:
    """The card of a ceremony whose day is known."""
    common = ceremony_entry(part.ceremony, words)
    items = {item.id: _line(item, words) for item in part.items}
    sender = mailbox(part.ceremony.organizer_email)
    return Card(
        words,
        common,
        facts=_facts(part, common, words),
        items=items,
        roles=_roles(part),
        agenda=_agenda(part, items, words),
        sender=Party(address=sender, name=common_name(part.ceremony.host)) if sender else None,
    )


def _roles(part: SchedulingPart) -> dict[str, dict[str, list[str]]]:
    """The roles of each guest in each item, in the order of the items."""
    found: dict[str, dict[str, list[str]]] = {}
    for item in part.items:
        for role in item.roles:
            if role.guest is not None:
                found.setdefault(role.guest, {}).setdefault(item.id, []).append(role.role)
    return found


def _facts(part: SchedulingPart, common: Occasion, words: Words) -> tuple[str, ...]:
    dress, contact = plain(part.ceremony.dress), plain(part.ceremony.contact)
    lines = (
        words.time_unset if common.start is None else "",
        fill_pattern(words.venue, {"venue": common.location or UNKNOWN}),
        fill_pattern(words.dress, {"dress": dress}) if dress else "",
        fill_pattern(words.contact, {"contact": contact}) if contact else "",
    )
    return tuple(filter(None, lines))


def _agenda(part: SchedulingPart, items: dict[str, str], words: Words) -> tuple[str, ...]:
    if not items:
        return ()
    ordered = all(item.position is not None for item in part.items)
    return (words.agenda if ordered else words.agenda_unordered, *items.values())


def _line(item: Item, words: Words) -> str:
    title = plain(item.title)
    if item.start is None:
        return fill_pattern(words.untimed, {"title": title})
    return fill_pattern(words.timed, {"time": time_words(item.start, words.time), "title": title})

"""Guests as the caller may see them: without mail addresses and telephone numbers for who has no need of them."""

from typing import TypeVar

from schemas.guests import GuestFields, GuestsPart
from services.kit.context import may

G = TypeVar("G", bound=GuestFields)
CONTACTS = ("email", "phone")


def shown(guest: G, ceremony_id: str) -> G:
    return guest if may("guests.contact", ceremony_id) else _without(guest)


def shown_part(part: GuestsPart, ceremony_id: str) -> GuestsPart:
    """Its hash stays that of the whole: what is held back changes no paper."""
    if may("guests.contact", ceremony_id):
        return part
    return part.model_copy(update={"guests": tuple(map(_without, part.guests))})


def _without(guest: G) -> G:
    silent = dict.fromkeys(CONTACTS)
    if guest.person:
        return guest.model_copy(update={"person": guest.person.model_copy(update=silent)})
    if guest.group:
        return guest.model_copy(update={"group": guest.group.model_copy(update={"email": None})})
    return guest

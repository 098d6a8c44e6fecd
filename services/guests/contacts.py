"""Guests as the caller may see them: without addresses, telephone numbers and needs for who has no need of them."""

from typing import TypeVar

from schemas.answers import Answer
from schemas.guests import GuestFields, GuestsPart
from services.kit.context import may

_NOTHING = {"needs": (), "contact": None, "arrival": None}
G = TypeVar("G", bound=GuestFields)
CONTACTS = ("email", "phone")


def shown(guest: G, ceremony_id: str) -> G:
    return guest if may("guests.contact", ceremony_id) else _without(guest)


def shown_part(part: GuestsPart, ceremony_id: str) -> GuestsPart:
    """Its hash stays that of the whole: what is held back changes no paper."""
    if may("guests.contact", ceremony_id):
        return part
    return part.model_copy(update={"guests": tuple(map(_without, part.guests))})


def for_caller(answer: Answer, ceremony_id: str) -> Answer:
    """Notes, needs, contact and arrival only for who has to do with them."""
    if may("guests.needs", ceremony_id):
        return answer
    silent = tuple(entry.model_copy(update={"note": None}) for entry in answer.history)
    arrangements = answer.arrangements.model_copy(update=_NOTHING)
    return answer.model_copy(update={"history": silent, "arrangements": arrangements})


def _without(guest: G) -> G:
    """A cell that was taken apart may have held a number or an address as well."""
    silent, cell = dict.fromkeys(CONTACTS), {"original": None} if getattr(guest, "original", None) else {}
    if guest.person:
        return guest.model_copy(update={"person": guest.person.model_copy(update=silent), **cell})
    if guest.group:
        return guest.model_copy(update={"group": guest.group.model_copy(update={"email": None}), **cell})
    return guest

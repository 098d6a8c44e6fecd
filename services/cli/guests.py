"""khaimac guests: the group of commands about the guests of a ceremony; each part adds its own."""

from typing import Annotated

import typer

from schemas import guests as people
from schemas.errors import Refusal
from schemas.guests import Guest, SearchGuests
from schemas.scheduling import Ceremony
from services.cli.office import Office

guests = typer.Typer(no_args_is_help=True, help="The guests of a ceremony.")
GuestName = Annotated[str, typer.Argument(metavar="GUEST", help="Name of the guest, or the id.")]
_NAMED = 5  # of several who fit


class NobodyFound(Refusal):
    """Nobody on the list is called “{who}”. Write the name as it stands there, or take the id."""

    status = 404


class SeveralFound(Refusal):
    """“{who}” fits {count} guests: {some}. Write more of the name, or take the id."""


def settle(app: typer.Typer) -> None:
    app.add_typer(guests, name="guests")


async def the_guest(office: Office, ceremony: Ceremony, who: str) -> Guest:
    """The guest who is called so, or has this id."""
    page = await office.ask(people.list_guests, people.ListGuests(ceremony_id=ceremony.id, guest_ids=(who,)))
    if page.guests:
        return page.guests[0]
    found = (await office.ask(people.search, SearchGuests(text=who, ceremony_id=ceremony.id))).guests
    if not found:
        raise NobodyFound(who=who)
    if len(found) > 1:
        some = "; ".join(one.address for one in found[:_NAMED])
        raise SeveralFound(who=who, count=len(found), some=some)
    return await office.ask(people.get_guest, people.GetGuest(ceremony_id=ceremony.id, guest_id=found[0].guest_id))

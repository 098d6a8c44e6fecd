"""Who is printed how: guests by their form of address and posts, everybody else as the organizer wrote them."""

from collections.abc import Iterable, Mapping

from schemas.awards import Presenter
from schemas.guests import Guest
from schemas.scheduling import Role
from services.lang.text import clean
from services.program.model.style import Context, Style
from services.program.model.text import titled

Guests = Mapping[str, Guest]


def address(guest: Guest) -> str:
    """The form of address; the name in it is never broken, a rank before it may stand on the line above."""
    said = clean(guest.address)
    name = clean(guest.person.name) if guest.person else ""
    return titled(said[: -len(name)].rstrip(), name) if name and said.endswith(name) else said


def with_posts(guest: Guest, style: Style) -> str:
    posts = style.prose.line(guest.posts_text)
    return f"{address(guest)}, {posts}" if posts else address(guest)


def doer(who: Role | Presenter, guests: Guests, style: Style, *, posts: bool = True) -> str:
    """A guest who has left the list meanwhile prints as the organizer wrote him."""
    guest = guests.get(who.guest or "") if who.kind == "guest" else None
    if guest:
        return with_posts(guest, style) if posts else address(guest)
    return style.prose.person(who.text, sure=who.kind == "off_list")


def doers(roles: Iterable[Role], guests: Guests, style: Style) -> list[Context]:
    """One entry per person; the role is said only where an item has several different ones."""
    roles = tuple(roles)
    several = len({role.role for role in roles}) > 1
    return [{"role": style.role(role.role) if several else None, "who": doer(role, guests, style)} for role in roles]

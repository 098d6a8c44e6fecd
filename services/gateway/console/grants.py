"""Roles as people read them: by role, with the ceremonies that they hold for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schemas import scheduling
from schemas.envelope import Grant
from schemas.rights import Role, rights
from schemas.scheduling import Ceremony, ListCeremonies
from services.kit.bus import Bus

_PAGE = 200


@dataclass(frozen=True, slots=True)
class Held:
    """A role, for the whole office or for these ceremonies."""

    role: Role
    ceremonies: tuple[Ceremony, ...] | None


async def ceremonies_of(bus: Bus, grants: Iterable[Grant]) -> dict[str, Ceremony]:
    """Those that the roles may be for, by id; none are asked for where no role names one."""
    if all(grant.ceremony_id is None for grant in grants):
        return {}
    return {one.id: one for one in await all_ceremonies(bus)}


async def all_ceremonies(bus: Bus) -> list[Ceremony]:
    """That the caller may see, the newest first."""
    found: list[Ceremony] = []
    after: str | None = None
    while True:
        page = await bus.ask(scheduling.list_ceremonies, ListCeremonies(after=after, limit=_PAGE))
        found += page.ceremonies
        if page.next is None:
            return sorted(found, key=lambda one: one.id, reverse=True)
        after = page.next


def held(grants: Iterable[Grant], ceremonies: Mapping[str, Ceremony]) -> list[Held]:
    """In the order of the table of rights; what holds for a ceremony that is not known is left out."""
    by_role: dict[str, list[str | None]] = {}
    for grant in grants:
        by_role.setdefault(grant.role, []).append(grant.ceremony_id)
    found = ((role, by_role[name]) for name, role in rights().roles.items() if name in by_role)
    return [Held(role, None if None in ids else _named(ids, ceremonies)) for role, ids in found]


def _named(ids: Iterable[str | None], ceremonies: Mapping[str, Ceremony]) -> tuple[Ceremony, ...]:
    return tuple(ceremonies[one] for one in ids if one is not None and one in ceremonies)

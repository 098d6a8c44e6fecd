"""Roles as check boxes: for the whole office and for each ceremony. Hides how a form names them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from schemas.envelope import Grant
from schemas.rights import Role, rights
from schemas.scheduling import Ceremony
from services.gateway.console.grants import all_ceremonies
from services.kit.bus import Bus
from services.lang import Unreadable

_AT = "@"  # between the role and the id of the ceremony that it is for
_IN_SIGHT = 12  # ceremonies; the others are folded


@dataclass(frozen=True, slots=True)
class Choices:
    """`near`: the newest ceremonies and those that have a role chosen; `far`: all others."""

    roles: dict[str, Role]
    near: list[Ceremony]
    far: list[Ceremony]


class Grants:
    """A field of check boxes; an empty one of its name stands in the form, so that none chosen can be told."""

    def has(self, form: FormData, name: str) -> bool:
        return name in form

    def read(self, form: FormData, name: str, wrong: dict[str, Unreadable]) -> Any:  # noqa: ARG002 - as all kinds are asked
        return dumped(chosen(str(one) for one in form.getlist(name)))


async def choices(bus: Bus, grants: Iterable[Grant]) -> Choices:
    held = {grant.ceremony_id for grant in grants}
    found = await all_ceremonies(bus)
    near = [one for place, one in enumerate(found) if place < _IN_SIGHT or one.id in held]
    return Choices(rights().roles, near, [one for one in found if one not in near])


def chosen(names: Iterable[str]) -> tuple[Grant, ...]:
    """Of names such as planner, or check_in@<id of the ceremony>."""
    parts = (name.partition(_AT) for name in names if name)
    return tuple(Grant(role=role, ceremony_id=ceremony or None) for role, _, ceremony in parts)


def named(grants: Iterable[Grant]) -> set[str]:
    return {grant.role + (_AT + grant.ceremony_id if grant.ceremony_id else "") for grant in grants}


def dumped(grants: Iterable[Grant]) -> list[dict[str, Any]]:
    """In one order, so that equal choices are equal."""
    return [grant.model_dump() for grant in sorted(grants, key=lambda one: (one.role, one.ceremony_id or ""))]

"""Who may do what: the table rights.yaml, read once and checked. Hides how roles, ceremonies and scopes meet."""

from functools import cache
from pathlib import Path
from typing import Self

from pydantic import model_validator

from schemas.envelope import Caller, Strict
from schemas.errors import Refusal
from schemas.strict_yaml import load_yaml

ANYBODY, SIGNED_IN = "anybody", "signed_in"


class NotSignedIn(Refusal):
    """You are not signed in, or no longer. Sign in, then do it again."""

    status = 401


class NotAllowed(Refusal):
    """Your account may not do this: {what}. Ask an owner of your office for the role that may."""

    status = 403


class Role(Strict):
    """What a person is in an office or for a ceremony; `words` say what that means."""

    label: str
    words: str


class Action(Strict):
    """What one may be allowed to do; `words` say it after “may”."""

    words: str
    roles: tuple[str, ...]
    asks: tuple[str, ...] = ()
    filtered: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    installation: bool = False


class Rights(Strict):
    """The whole table; every question and route stands in it at most once."""

    roles: dict[str, Role]
    actions: dict[str, Action]

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        known = {*self.roles, ANYBODY, SIGNED_IN}
        if strange := {role for action in self.actions.values() for role in action.roles} - known:
            raise ValueError(f"no such role: {', '.join(sorted(strange))}")
        named = [one for each in self.actions.values() for one in (*each.asks, *each.filtered, *each.routes)]
        if twice := {one for one in named if named.count(one) > 1}:
            raise ValueError(f"named by two actions: {', '.join(sorted(twice))}")
        return self


@cache
def rights() -> Rights:
    """The table."""
    path = Path(__file__).with_name("rights.yaml")
    return Rights.model_validate(load_yaml(path.read_bytes()))


@cache
def _by_name() -> dict[str, str]:
    actions = rights().actions.items()
    return {one: name for name, each in actions for one in (*each.asks, *each.filtered, *each.routes)}


def action_of(name: str) -> str | None:
    """The action that `service.question` or `METHOD /route` is part of; None: nobody may.

    What every service is asked alike stands in the table as `*.question`.
    """
    return _by_name().get(name) or _by_name().get("*." + name.rpartition(".")[2])


def is_filtered(name: str) -> bool:
    """Whether the service itself shows of each ceremony only what the asker may see."""
    action = action_of(name)
    return action is not None and name in rights().actions[action].filtered


def allowed(who: Caller, action: str, ceremony_id: str | None = None, *, anywhere: bool = False) -> bool:
    """Whether this caller may; for the whole office, for one ceremony, or at least `anywhere`."""
    if who.auth == "system":
        return True
    roles = rights().actions[action].roles
    if ANYBODY in roles:
        return True
    if who.auth != "user" or (who.scopes is not None and action not in who.scopes):
        return False
    if SIGNED_IN in roles:
        return True
    return any(
        grant.role in roles and (anywhere or grant.ceremony_id is None or grant.ceremony_id == ceremony_id)
        for grant in who.grants
    )


def require(who: Caller, action: str, ceremony_id: str | None = None, *, anywhere: bool = False) -> None:
    """NotSignedIn or NotAllowed if `allowed` says no."""
    if not allowed(who, action, ceremony_id, anywhere=anywhere):
        raise refusal(who, action)


def refusal(who: Caller, action: str) -> Refusal:
    return NotAllowed(what=rights().actions[action].words) if who.auth == "user" else NotSignedIn()

"""One account of the office: its name and roles, locking it, unlocking it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from pydantic import ValidationError

from schemas import accounts
from schemas.accounts import ChangeUser, LockUser, UnlockUser, User
from schemas.envelope import Grant
from schemas.errors import Refusal
from schemas.scheduling import Ceremony
from services.gateway.asking import TheBus
from services.gateway.console.administration.choosing import Grants, choices, dumped, named
from services.gateway.console.administration.links import UserId, find_user
from services.gateway.console.administration.tabs import AT, show_tab
from services.gateway.console.administration.users import FIELDS
from services.gateway.console.fields import Fields
from services.gateway.console.forms import Sent, faults, status_of
from services.gateway.console.frame import Toast, Undo, go, words_of
from services.gateway.console.grants import Held, ceremonies_of, held
from services.gateway.console.merging import LINE, Collision, Kind, Present, Thing, Values, ask_which, read, save
from services.kit.bus import Bus

router = APIRouter(include_in_schema=False)
_KINDS: Mapping[str, Kind] = {"name": LINE, "grants": Grants()}


@dataclass(frozen=True, slots=True)
class _Fields(Fields):
    """Roles with the ceremonies that they hold for."""

    ceremonies: Mapping[str, Ceremony] = field(default_factory=dict)

    def value(self, path: str, value: Any) -> str:
        if path != "grants":
            return Fields.value(self, path, value)
        return "; ".join(map(self._role, held(map(Grant.model_validate, value), self.ceremonies)))

    def _role(self, one: Held) -> str:
        label = self.words.say(one.role.label)
        named = [ceremony.title for ceremony in one.ceremonies or ()]
        return f"{label}: {self.words.listed(named)}" if named else label


@router.get("/administration/users/{user}")
async def user_page(request: Request, bus: TheBus, user: UserId) -> Response:
    return await _show(request, bus, await find_user(bus, user))


@router.post("/administration/users/{user}")
async def change_user(request: Request, bus: TheBus, user: UserId) -> Response:
    typed = read(await request.form(), _KINDS).edit
    one = await find_user(bus, user)
    try:
        change = await save(_account(bus, user), typed)
    except Collision as collision:
        theirs = [*one.grants, *(Grant.model_validate(each) for each in typed.mine.get("grants", []))]
        return await ask_which(request, collision, _Fields(words_of(request), None, await ceremonies_of(bus, theirs)))
    except (Refusal, ValidationError) as wrong:
        told = faults(request, wrong, FIELDS)
        return await _show(request, bus, one, status=status_of(wrong), typed=typed.mine, wrong=told)
    said = Toast("The account of {name} is changed.", _called(one), undo=change.undo(f"{AT}/users/{user}"))
    return await go(request, AT, said)


@router.post("/administration/users/{user}/lock")
async def lock_user(request: Request, bus: TheBus, user: UserId, sent: Annotated[Sent, Form()]) -> Response:
    await bus.ask(accounts.lock_user, LockUser(request_id=sent.request_id, user_id=user))
    one = await find_user(bus, user)
    said = Toast("{name} can no longer sign in.", _called(one), "warn", Undo(f"{AT}/users/{user}/unlock"))
    return await go(request, AT, said)


@router.post("/administration/users/{user}/unlock")
async def unlock_user(request: Request, bus: TheBus, user: UserId, sent: Annotated[Sent, Form()]) -> Response:
    await bus.ask(accounts.unlock_user, UnlockUser(request_id=sent.request_id, user_id=user))
    one = await find_user(bus, user)
    said = Toast("{name} can sign in again.", _called(one), undo=Undo(f"{AT}/users/{user}/lock"))
    return await go(request, AT, said)


def _called(one: User) -> dict[str, str]:
    return {"name": one.name or one.email}


def _values(one: User) -> dict[str, Any]:
    return {"name": one.name, "grants": dumped(one.grants)}


def _account(bus: Bus, user_id: str) -> Thing:
    async def load() -> Present:
        one = await find_user(bus, user_id)
        return Present(one.version, _values(one))

    async def write(version: int, values: Values) -> object:
        new = {"user_id": user_id, "expected_version": version, **values}
        return await bus.ask(accounts.change_user, ChangeUser.model_validate(new))

    return Thing(load, write)


async def _show(
    request: Request,
    bus: Bus,
    one: User,
    *,
    status: int = 200,
    typed: Values | None = None,
    wrong: dict[str, str] | None = None,
) -> Response:
    """`typed` stands in the form in place of what is there."""
    now = {**_values(one), **(typed or {})}
    grants = [Grant.model_validate(grant) for grant in now["grants"]]
    return await show_tab(
        request,
        "",
        "user",
        status=status,
        block="form",
        user=one,
        held=held(one.grants, await ceremonies_of(bus, one.grants)),
        base=_values(one),
        now=now,
        wrong=wrong or {},
        choices=await choices(bus, grants),
        grants=named(grants),
    )

"""The accounts of the office as a list, and inviting somebody."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import Field, ValidationError

from schemas import accounts
from schemas.accounts import InviteUser, User
from schemas.envelope import Question
from schemas.errors import Refusal
from services.gateway.asking import TheBus
from services.gateway.console.administration.choosing import choices, chosen, named
from services.gateway.console.administration.links import show_link
from services.gateway.console.administration.tabs import show_tab
from services.gateway.console.forms import Sent, Typed, faults, status_of
from services.gateway.console.grants import Held, ceremonies_of, held
from services.kit.bus import Bus
from services.lang import find_key, find_words, is_found

router = APIRouter(include_in_schema=False)
FIELDS = {"email-wrong": "email", "email-taken": "email", "name-empty": "name", "owner-of-one": "grants"}


class NewUser(Sent):
    email: Typed = ""
    name: Typed = ""
    grants: list[Typed] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shown:
    user: User
    held: list[Held]


@router.get("/administration")
async def users_page(request: Request, bus: TheBus, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    found = (await bus.ask(accounts.list_users, Question())).users
    fitting = list(_fitting(found, q))
    ceremonies = await ceremonies_of(bus, [grant for user in fitting for grant in user.grants])
    shown = [Shown(user, held(user.grants, ceremonies)) for user in fitting]
    return await show_tab(request, "", "users", block="rows", users=shown, total=len(found), q=q)


def _fitting(users: Iterable[User], typed: str) -> Iterable[User]:
    words = find_words(typed)
    return (user for user in users if is_found(words, find_key(user.name, user.email)))


@router.get("/administration/users/new")
async def new_user_page(request: Request, bus: TheBus) -> Response:
    return await _form(request, bus, NewUser())


@router.post("/administration/users")
async def invite_user(request: Request, bus: TheBus, typed: Annotated[NewUser, Form()]) -> Response:
    """Nothing is sent to the address: the link is handed over."""
    try:
        question = InviteUser(email=typed.email, name=typed.name or None, grants=chosen(typed.grants))
        made = await bus.ask(accounts.invite_user, question)
    except (Refusal, ValidationError) as wrong:
        return await _form(request, bus, typed, status_of(wrong), faults(request, wrong, FIELDS))
    return await show_link(request, made.link, typed.name or typed.email)


async def _form(
    request: Request, bus: Bus, typed: NewUser, status: int = 200, wrong: dict[str, str] | None = None
) -> Response:
    grants = chosen(typed.grants)
    return await show_tab(
        request,
        "",
        "new_user",
        status=status,
        block="form",
        typed=typed,
        wrong=wrong or {},
        choices=await choices(bus, grants),
        grants=named(grants),
    )

"""Links that work once, shown once, to be handed over."""

from typing import Annotated

import segno
from fastapi import APIRouter, Form, Path, Request, Response

from schemas import accounts
from schemas.accounts import Link, ResetLink, User
from schemas.envelope import Question
from schemas.errors import NotFound
from services.gateway.asking import TheBus, here
from services.gateway.console.administration.tabs import show_tab
from services.gateway.console.forms import Sent
from services.kit.bus import Bus

router = APIRouter(include_in_schema=False)
_DOORS = {"set_up": "setup", "invitation": "invitation", "reset": "reset"}
UserId = Annotated[str, Path(max_length=64)]


class Wanted(Sent):
    remove_second_factor: bool = False


@router.post("/administration/users/{user}/link")
async def reset_link(request: Request, bus: TheBus, user: UserId, sent: Annotated[Wanted, Form()]) -> Response:
    one = await find_user(bus, user)
    question = ResetLink(user_id=user, remove_second_factor=sent.remove_second_factor)
    return await show_link(request, await bus.ask(accounts.reset_link, question), one.name or one.email)


async def find_user(bus: Bus, user_id: str) -> User:
    found = (await bus.ask(accounts.list_users, Question())).users
    if one := next((user for user in found if user.id == user_id), None):
        return one
    raise NotFound(what="account", which=user_id)


async def show_link(request: Request, link: Link, called: str) -> Response:
    """Instead of the form that asked for it."""
    address = f"{here(request)}/{_DOORS[link.kind]}/{link.token}"
    code = segno.make(address, error="m").svg_inline(border=0, omitsize=True)
    answer = await show_tab(request, "", "link", block="made", link=link, address=address, code=code, called=called)
    answer.headers["HX-Reswap"] = "innerHTML"
    return answer

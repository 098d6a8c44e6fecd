"""The page itself, and its parts anew after each change. Hides what has to be asked for it."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from schemas import accounts
from schemas.accounts import Session
from schemas.envelope import Question
from schemas.rights import ANYBODY, SIGNED_IN, rights
from services.gateway.asking import TheBus
from services.gateway.console.account.devices import Device, device
from services.gateway.console.forms import Wrong, faults, status_of
from services.gateway.console.frame import Toast, show, words_of
from services.gateway.console.grants import ceremonies_of, held
from services.kit.bus import Bus
from services.kit.context import may

router = APIRouter(include_in_schema=False)
LASTS = (7, 30, 90, 365)  # days that a token may be made for
# What a refusal is about, by its code.
FIELDS = {
    "name-empty": "name",
    "password-wrong": "old",
    "password-short": "new",
    "password-easy": "new",
    "password-own-name": "new",
    "password-untypable": "new",
    "code-wrong": "code",
    "token-term": "days",
    "not-yours": "scopes",
}


@router.get("/account")
async def account_page(request: Request, bus: TheBus) -> Response:
    return await show_account(request, bus)


@router.get("/account/second-factor")
async def factor_part(request: Request, bus: TheBus) -> Response:
    return await show_account(request, bus, "factor")


@router.get("/account/sessions")
async def sessions_part(request: Request, bus: TheBus) -> Response:
    return await show_account(request, bus, "sessions")


async def show_account(
    request: Request, bus: Bus, part: str | None = None, *, toasts: Iterable[Toast] = (), **values: Any
) -> Response:
    """The page, or this part of it; `values`: what was typed, or what is shown this once."""
    account, sessions, tokens = await asyncio.gather(
        bus.ask(accounts.get_account, Question()),
        bus.ask(accounts.list_sessions, Question()),
        bus.ask(accounts.list_tokens, Question()),
    )
    shown: dict[str, Any] = {
        "account": account,
        "sessions": [(one, _device(one)) for one in sessions.sessions],
        "tokens": tokens.tokens,
        "held": held(account.grants, await ceremonies_of(bus, account.grants)),
        "actions": rights().actions,
        "scopes": scopes(),
        "days": [(str(days), words_of(request).say("{count} days", count=days)) for days in LASTS],
        "typed": {},
        "wrong": {},
        "begun": None,
        "codes": None,
        "made": None,
    }
    answer = await show(
        request, "account/account.html", block=part, here="account", toasts=toasts, **(shown | values)
    )
    if request.method == "POST" and not values.get("wrong"):  # what was typed is taken: the form begins anew
        answer.headers["HX-Reswap"] = "innerHTML"
    return answer


async def show_again(request: Request, bus: Bus, part: str, wrong: Wrong, typed: Mapping[str, Any]) -> Response:
    """A part with what was typed and what is wrong with it."""
    found = faults(request, wrong, FIELDS)
    return await show_account(request, bus, part, status=status_of(wrong), wrong=found, typed=typed)


def scopes() -> list[str]:
    """Actions that a token of the caller's can be made for: what a role gives him somewhere."""
    table = rights().actions.items()
    given = [name for name, action in table if action.roles and not {ANYBODY, SIGNED_IN} & set(action.roles)]
    return [name for name in given if may(name, anywhere=True)]


def _device(one: Session) -> Device:
    return device(one.agent)

"""Tokens by which programs act in one's name."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from pydantic import BaseModel, Field, ValidationError

from schemas import accounts
from schemas.accounts import MakeToken, RevokeToken
from schemas.errors import Refusal
from services.gateway.asking import TheBus, TheSettings
from services.gateway.console.account.page import show_account, show_again
from services.gateway.console.forms import Sent, Typed
from services.gateway.console.frame import Toast

router = APIRouter(include_in_schema=False)


class NewToken(BaseModel):
    label: Typed = ""
    days: Annotated[int, Field(ge=1, le=365)] = 30
    scopes: Annotated[list[str], Field(max_length=100)] = []


@router.post("/account/tokens")
async def make_token(
    request: Request, bus: TheBus, settings: TheSettings, typed: Annotated[NewToken, Form()]
) -> Response:
    until = settings.now()() + timedelta(days=typed.days)
    try:
        question = MakeToken(name=typed.label, scopes=tuple(typed.scopes), expires_at=until)
        made = await bus.ask(accounts.make_token, question)
    except (Refusal, ValidationError) as wrong:
        return await show_again(request, bus, "tokens", wrong, typed.model_dump())
    return await show_account(request, bus, "tokens", made=made)


@router.post("/account/tokens/{token}/revoke")
async def revoke_token(
    request: Request, bus: TheBus, sent: Annotated[Sent, Form()], token: Annotated[str, Path(max_length=64)]
) -> Response:
    await bus.ask(accounts.revoke_token, RevokeToken(request_id=sent.request_id, token_id=token))
    return await show_account(request, bus, "tokens", toasts=[Toast("The token no longer works.")])

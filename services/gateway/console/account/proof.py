"""What proves that it is oneself: the password, and codes of an authenticator app."""

from typing import Annotated

import segno
from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ValidationError

from schemas import accounts
from schemas.accounts import BeginSecondFactor, ChangePassword, ConfirmSecondFactor, RemoveSecondFactor
from schemas.errors import Refusal
from services.gateway import entrance
from services.gateway.asking import TheBus, TheSettings
from services.gateway.console.account.page import FIELDS, show_account, show_again
from services.gateway.console.forms import Typed, faults, status_of
from services.gateway.console.frame import Toast, show

router = APIRouter(include_in_schema=False)


class Passwords(BaseModel):
    old: Typed = ""
    new: Typed = ""


class Password(BaseModel):
    old: Typed = ""


class Code(BaseModel):
    code: Typed = ""


@router.post("/account/password")
async def change_password(
    request: Request, bus: TheBus, settings: TheSettings, typed: Annotated[Passwords, Form()]
) -> Response:
    """Every other session ends, so the list of them is fetched anew; this one goes on under a new secret."""
    session = request.state.identity.session_id or ""
    try:
        question = ChangePassword(old=typed.old, new=typed.new, session_id=session)
        done = await bus.ask(accounts.change_password, question)
    except (Refusal, ValidationError) as wrong:
        return await show_again(request, bus, "password", wrong, {})
    said = Toast("Your password is changed. Everywhere else you are signed out.")
    response = await show_account(request, bus, "password", toasts=[said], headers={"HX-Trigger": "km:accounts"})
    entrance.let_in(response.headers, done.token, settings)
    return response


@router.post("/account/second-factor")
async def begin_second_factor(request: Request, bus: TheBus, typed: Annotated[Password, Form()]) -> Response:
    """Nothing changes until a code is confirmed."""
    try:
        begun = await bus.ask(accounts.begin_second_factor, BeginSecondFactor(password=typed.old))
    except (Refusal, ValidationError) as wrong:
        return await show_again(request, bus, "factor", wrong, {})
    code = segno.make(begun.uri, error="m").svg_inline(border=0, omitsize=True)
    return await show_account(request, bus, "factor", begun=begun, code=code)


@router.post("/account/second-factor/confirm")
async def confirm_second_factor(request: Request, bus: TheBus, typed: Annotated[Code, Form()]) -> Response:
    """A wrong code leaves the picture that was scanned where it is."""
    try:
        recovery = await bus.ask(accounts.confirm_second_factor, ConfirmSecondFactor(code=typed.code))
    except (Refusal, ValidationError) as wrong:
        return await show(
            request,
            "account/factor_code.html",
            status=status_of(wrong),
            headers={"HX-Retarget": "#factor-code-field"},
            wrong=faults(request, wrong, FIELDS),
            typed={"code": typed.code},
        )
    said = Toast("The second factor is on. Keep the recovery codes where nobody else finds them.")
    return await show_account(request, bus, "factor", codes=recovery.codes, toasts=[said])


@router.post("/account/second-factor/remove")
async def remove_second_factor(request: Request, bus: TheBus, typed: Annotated[Password, Form()]) -> Response:
    try:
        await bus.ask(accounts.remove_second_factor, RemoveSecondFactor(password=typed.old))
    except (Refusal, ValidationError) as wrong:
        return await show_again(request, bus, "factor", wrong, {})
    return await show_account(request, bus, "factor", toasts=[Toast("The second factor is removed.", kind="warn")])

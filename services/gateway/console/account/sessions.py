"""Where one is signed in, and signing out there."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response

from schemas import accounts
from schemas.accounts import EndSession, RevokeOtherSessions
from services.gateway.asking import TheBus
from services.gateway.console.account.page import show_account
from services.gateway.console.forms import Sent
from services.gateway.console.frame import Toast

router = APIRouter(include_in_schema=False)


@router.post("/account/sessions/end-others")
async def end_others(request: Request, bus: TheBus, sent: Annotated[Sent, Form()]) -> Response:
    here = request.state.identity.session_id or ""
    command = RevokeOtherSessions(request_id=sent.request_id, session_id=here)
    await bus.ask(accounts.revoke_other_sessions, command)
    return await show_account(request, bus, "sessions", toasts=[Toast("You are signed out everywhere else.")])


@router.post("/account/sessions/{session}/end")
async def end(
    request: Request, bus: TheBus, sent: Annotated[Sent, Form()], session: Annotated[str, Path(max_length=64)]
) -> Response:
    await bus.ask(accounts.revoke_session, EndSession(request_id=sent.request_id, session_id=session))
    return await show_account(request, bus, "sessions", toasts=[Toast("You are signed out there.")])

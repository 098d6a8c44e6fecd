"""The door: signing in and out, setting an office up, and the links that lead to a password."""

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Path, Query, Request, Response
from pydantic import BaseModel, Field

from schemas import accounts
from schemas.accounts import AcceptLink, CodeNeeded, EndSession, LookAtLink, SetUp, SignedIn, SignIn
from schemas.envelope import Ask, R
from schemas.errors import Refusal, Refused
from services.gateway import entrance
from services.gateway.asking import TheBus, TheSettings
from services.gateway.console.frame import dialog, go, is_partial, say_only, show, words_of
from services.gateway.guesses import Guesses, address_of
from services.gateway.problems import language_of
from services.gateway.provider import offered, own_path
from services.gateway.refusals import FormIncomplete, LinkElsewhere
from services.kit.bus import Bus
from services.kit.settings import Settings

router = APIRouter(include_in_schema=False)
_AFTER = "/"
_REFUSED = 400
_GUESSED = frozenset({401, 403, 404, 422})
Link = Annotated[str, Path(min_length=20, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")]
Typed = Annotated[str, Field(max_length=1000)]


class Credentials(BaseModel):
    email: Typed = ""
    password: Typed = ""
    code: Typed | None = None
    next: Annotated[str, Field(max_length=2000)] = _AFTER
    over: bool = False


class NewOffice(BaseModel):
    office_name: Typed = ""
    name: Typed = ""
    email: Typed = ""
    password: Typed = ""


class NewPassword(BaseModel):
    password: Typed = ""
    name: Typed | None = None
    code: Typed | None = None


@router.get("/sign-in")
async def sign_in_page(
    request: Request,
    settings: TheSettings,
    after: Annotated[str, Query(alias="next", max_length=2000)] = _AFTER,
) -> Response:
    """Over the page that stands, where its session ended while somebody typed."""
    values: dict[str, Any] = {"after": own_path(after), "provider": offered(settings)}
    values |= {"email": "", "error": None, "code": False}
    if is_partial(request):
        return await dialog(request, "door/sign_in_over.html", **values)
    return await show(request, "door/sign_in.html", **values)


@router.post("/sign-in")
async def sign_in(
    request: Request, bus: TheBus, settings: TheSettings, typed: Annotated[Credentials, Form()]
) -> Response:
    values = {"after": own_path(typed.next), "provider": offered(settings), "email": typed.email}
    try:
        command = SignIn(email=typed.email, password=typed.password, code=typed.code or None, **_from(request))
        signed_in = await _guess(request, bus, accounts.sign_in, command)
    except (Refused, ValueError) as wrong:
        needed = isinstance(wrong, Refused) and wrong.code == CodeNeeded().code
        said = None if needed and not typed.code else _as_refusal(wrong)
        return await _again(request, "sign_in", said, values | {"code": needed or bool(typed.code)})
    return await _enter(request, settings, signed_in, own_path(typed.next), over=typed.over)


@router.post("/sign-out")
async def sign_out(request: Request, bus: TheBus, settings: TheSettings) -> Response:
    """Also for who is signed out already: the cookies go in any case."""
    identity: accounts.Identity | None = request.state.identity
    if identity and identity.session_id:
        await bus.ask(accounts.sign_out, EndSession(session_id=identity.session_id))
    response = await go(request, "/sign-in")
    entrance.let_out(response.headers, settings)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@router.get("/setup/{token}")
async def set_up_page(request: Request, bus: TheBus, token: Link) -> Response:
    return await _link_page(request, bus, "set_up", token)


@router.post("/setup/{token}")
async def set_up(request: Request, bus: TheBus, token: Link, typed: Annotated[NewOffice, Form()]) -> Response:
    seen = await _look(request, bus, "set_up", token)
    try:
        command = SetUp(token=token, language=_own(request), **typed.model_dump(), **_from(request))
        signed_in = await _guess(request, bus, accounts.set_up, command)
    except (Refused, ValueError) as wrong:
        values = {"seen": seen, "token": token} | typed.model_dump(exclude={"password"})
        return await _again(request, "set_up", _as_refusal(wrong), values)
    return await _enter(request, request.app.state.settings, signed_in, _AFTER)


@router.get("/invitation/{token}")
async def invitation_page(request: Request, bus: TheBus, token: Link) -> Response:
    return await _link_page(request, bus, "invitation", token)


@router.get("/reset/{token}")
async def reset_page(request: Request, bus: TheBus, token: Link) -> Response:
    return await _link_page(request, bus, "reset", token)


@router.post("/invitation/{token}")
@router.post("/reset/{token}")
async def accept_link(request: Request, bus: TheBus, token: Link, typed: Annotated[NewPassword, Form()]) -> Response:
    kind: Literal["invitation", "reset"] = "reset" if request.url.path.startswith("/reset/") else "invitation"
    seen = await _look(request, bus, kind, token)
    try:
        command = AcceptLink(
            token=token,
            password=typed.password,
            name=typed.name or None,
            code=typed.code or None,
            language=_own(request),
            **_from(request),
        )
        signed_in = await _guess(request, bus, accounts.accept_link, command)
    except (Refused, ValueError) as wrong:
        values = {"seen": seen, "token": token, "kind": kind, "name": typed.name or ""}
        return await _again(request, "password", _as_refusal(wrong), values)
    return await _enter(request, request.app.state.settings, signed_in, _AFTER)


async def _link_page(request: Request, bus: Bus, kind: str, token: str) -> Response:
    seen = await _look(request, bus, kind, token)
    typed = {"name": seen.name or "", "email": seen.email or "", "office_name": seen.office_name or ""}
    values: dict[str, Any] = {"seen": seen, "token": token, "kind": kind, "error": None} | typed
    return await show(request, f"door/{'set_up' if kind == 'set_up' else 'password'}.html", **values)


async def _look(request: Request, bus: Bus, kind: str, token: str) -> accounts.LinkSeen:
    seen: accounts.LinkSeen = await _guess(request, bus, accounts.look_at_link, LookAtLink(token=token))
    if seen.kind != kind:
        raise LinkElsewhere
    return seen


async def _guess(request: Request, bus: Bus, ask: Ask[Any, R], question: BaseModel) -> R:
    """Ask, unless this address has guessed too often; what accounts refuses counts as a wrong try."""
    guesses: Guesses = request.app.state.guesses
    guesses.check(address := address_of(request.scope))
    try:
        return await bus.ask(ask, question)
    except Refused as refused:
        if refused.wire.status in _GUESSED and refused.code != CodeNeeded().code:
            guesses.count(address)
        raise


async def _again(request: Request, form: str, wrong: Refusal | None, values: dict[str, Any]) -> Response:
    """The form once more, with what was typed and what is wrong."""
    error = words_of(request).say(wrong.sentence, **wrong.params) if wrong else None
    status = wrong.on_wire().status if wrong else _REFUSED
    shown: dict[str, Any] = values | {"error": error}
    if form == "sign_in" and is_partial(request):  # the fields stand as they are, the password too
        return await dialog(request, "door/sign_in_more.html", status=status, **shown)
    return await show(request, f"door/{form}.html", status=status, **shown)


async def _enter(
    request: Request, settings: Settings, signed_in: SignedIn, after: str, *, over: bool = False
) -> Response:
    """On into the console; where the form lay over a page, that page goes on with what it was doing."""
    response = await (say_only(request) if over else go(request, after))
    if over:
        response.headers["HX-Trigger"] = json.dumps({"km:signed-in": {"user": signed_in.user_id}})
    entrance.let_in(response.headers, signed_in.token, settings)
    return response


def _from(request: Request) -> dict[str, str]:
    return {"address": address_of(request.scope), "agent": request.headers.get("user-agent", "")[:200]}


def _as_refusal(wrong: Refused | ValueError) -> Refusal:
    return wrong if isinstance(wrong, Refused) else FormIncomplete()


def _own(request: Request) -> Literal["vi", "en"]:
    return "vi" if language_of(request) == "vi" else "en"

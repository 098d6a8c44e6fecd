"""The way to the office's own provider and back: one cookie for as long as somebody is there."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from schemas import accounts
from schemas.accounts import SignedIn, SignInByProvider
from schemas.errors import Refusal, Refused
from services.gateway import entrance
from services.gateway.asking import Language, TheBus, TheSettings, here
from services.gateway.console import errors
from services.gateway.console.frame import show, words_of
from services.gateway.guesses import Guesses, address_of
from services.gateway.provider import MINUTES, Errand, Person, Provider, Return, begin, offered, resume
from services.gateway.refusals import EmailUnverified
from services.kit.bus import Bus
from services.kit.settings import Settings

router = APIRouter(include_in_schema=False)
ERRAND = "khaimac_errand"
BACK = "/sign-in/provider/callback"
_FAULTS = 500  # from here on the provider or the installation is at fault, not who signs in
Given = Annotated[str | None, Query(max_length=8000)]


@router.get("/sign-in/provider")
async def to_provider(
    request: Request,
    settings: TheSettings,
    language: Language,
    after: Annotated[str, Query(alias="next", max_length=8000)] = "/",
) -> Response:
    errand = begin(after)
    try:
        address = await _provider(request).address(errand, _back(request), language)
    except Refusal as refusal:
        return await _refused(request, settings, refusal, errand.after)
    response = Response(None, 303, {"Location": address})
    _keep(response, settings, errand.packed(), MINUTES * 60)
    return response


async def _came(state: Given = None, code: Given = None, error: Given = None, iss: Given = None) -> Return:
    return Return(state=state or "", code=code, error=error, issuer=iss)


@router.get(BACK)
async def from_provider(
    request: Request, bus: TheBus, settings: TheSettings, came: Annotated[Return, Depends(_came)]
) -> Response:
    """Whatever comes of it, the cookie has served."""
    after = "/"
    try:
        kept = entrance.cookies(request.headers).get(entrance.cookie_name(ERRAND, settings), "")
        errand = resume(kept, came.state)
        after = errand.after
        signed_in = await _sign_in(request, bus, errand, came)
    except Refusal as refusal:
        response = await _refused(request, settings, refusal, after)
    else:
        response = Response(None, 303, {"Location": after})
        entrance.let_in(response.headers, signed_in.token, settings)
    _keep(response, settings, "", 0)
    return response


async def _sign_in(request: Request, bus: Bus, errand: Errand, came: Return) -> SignedIn:
    """Who comes back with a code that is worth nothing guesses, and is slowed down."""
    guesses: Guesses = request.app.state.guesses
    guesses.check(address := address_of(request.scope))
    try:
        back = _back(request)
        return await _let_in(request, bus, await _provider(request).person(came, errand, back))
    except Refusal as refusal:
        if refusal.on_wire().status < _FAULTS:
            guesses.count(address)
        raise


async def _let_in(request: Request, bus: Bus, person: Person) -> SignedIn:
    agent = request.headers.get("user-agent", "")
    question = SignInByProvider(address=address_of(request.scope), agent=agent, **person.model_dump())
    try:
        return await bus.ask(accounts.sign_in_by_provider, question, as_house=True)
    except Refused as refused:
        if refused.code == "not-invited" and not person.email_verified:
            raise EmailUnverified(provider=offered(request.app.state.settings)) from refused
        raise


def _keep(response: Response, settings: Settings, value: str, seconds: int) -> None:
    """Lax: the browser comes back by a link of another site, and must bring the cookie along."""
    name = entrance.cookie_name(ERRAND, settings)
    response.set_cookie(name, value, seconds, path="/", secure=settings.https, httponly=True, samesite="lax")


def _provider(request: Request) -> Provider:
    provider: Provider = request.app.state.provider
    return provider


def _back(request: Request) -> str:
    """As it stands in the provider's list of addresses to return to."""
    return here(request) + BACK


async def _refused(request: Request, settings: Settings, refusal: Refusal, after: str) -> Response:
    """The sign-in page with what is wrong: each of its ways in is open still."""
    if not errors.wants_page(request):
        return await errors.answer(request, refusal)
    wire = refusal.on_wire()
    return await show(
        request,
        "door/sign_in.html",
        status=wire.status,
        after=after,
        provider=offered(settings),
        email="",
        code=False,
        error=words_of(request).say(wire.sentence, **wire.params),
    )

"""Who comes in. Hides the cookies and tokens that say so, their renewal, and the check of a route's right."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Literal

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders

from schemas import accounts
from schemas.accounts import Identity, Recognise
from schemas.envelope import Caller
from schemas.errors import Refused
from schemas.rights import NotSignedIn, action_of, refusal, require, rights
from services.gateway.refusals import PageOutdated
from services.kit.bus import Bus
from services.kit.context import caller
from services.kit.settings import Settings

SESSION, CSRF = "khaimac_session", "khaimac_csrf"
CSRF_HEADER = "x-khaimac-csrf"
_LONGEST = 14 * 24 * 3600  # seconds: a session ends by itself in accounts; the cookie need not outlive it
_SECRET = re.compile(r"[A-Za-z0-9_-]{20,200}")


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request shows of who sends it."""

    kind: Literal["session", "token"]
    secret: str


@dataclass(frozen=True, slots=True)
class Guest:
    """Who a request comes from: nobody, or an identity; with the credential that proved it, or no longer does."""

    identity: Identity | None = None
    credential: Credential | None = None

    def caller(self, office: str, correlation: str) -> Caller:
        """A stranger is nobody of the office that runs the installation."""
        if self.identity is None:
            return Caller(office=office, correlation=correlation)
        one = self.identity
        return Caller(
            office=one.office,
            auth="user",
            actor=one.user_id,
            grants=one.grants,
            scopes=one.scopes,
            correlation=correlation,
        )


def credential(headers: Headers, settings: Settings) -> Credential | None:
    """An API token comes first: whoever sends one means it."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and _SECRET.fullmatch(token.strip()):
        return Credential("token", token.strip())
    found = cookies(headers).get(cookie_name(SESSION, settings))
    return Credential("session", found) if found and _SECRET.fullmatch(found) else None


def cookies(headers: Headers) -> dict[str, str]:
    """The cookies of a request; what is no cookie is left out."""
    found: dict[str, str] = {}
    for pair in ";".join(headers.getlist("cookie")).split(";"):
        name, sign, value = pair.strip().partition("=")
        if sign:
            found.setdefault(name, value.strip('"'))
    return found


async def recognise(bus: Bus, shown: Credential | None) -> Guest:
    """Ask accounts who that is. An API token that nobody knows is refused; a session that ended makes a stranger."""
    if shown is None:
        return Guest()
    digest = hashlib.sha256(shown.secret.encode()).hexdigest()
    question = Recognise(kind=shown.kind, digest=digest)
    try:
        return Guest(await bus.ask(accounts.recognise, question, as_house=True), shown)
    except Refused as refused:
        if refused.wire.status != NotSignedIn.status or shown.kind == "token":
            raise
        return Guest(credential=shown)


def check_csrf(method: str, headers: Headers, guest: Guest) -> None:
    """A change in a browser's session must bear what only our own pages can read: the other cookie, as a header.

    SameSite keeps the session's cookie at home and the Edge checks where a request says it comes from; this is the
    third lock, for browsers that do neither.
    """
    if method in {"GET", "HEAD", "OPTIONS"} or guest.identity is None or guest.credential is None:
        return
    if guest.credential.kind == "token":
        return
    if not hmac.compare_digest(headers.get(CSRF_HEADER, "").encode(), csrf_of(guest.credential.secret).encode()):
        raise PageOutdated


def csrf_of(session: str) -> str:
    return hmac.new(session.encode(), b"csrf", hashlib.sha256).hexdigest()


def cookie_name(name: str, settings: Settings) -> str:
    """`__Host-` where the site has https: no other host and no path can then set it (RFC 6265bis section 4.1.3)."""
    return f"__Host-{name}" if settings.https else name


def let_in(headers: MutableHeaders, session: str, settings: Settings) -> None:
    """Set both cookies of a session."""
    _set(headers, SESSION, session, settings, http_only=True)
    _set(headers, CSRF, csrf_of(session), settings, http_only=False)


def let_out(headers: MutableHeaders, settings: Settings) -> None:
    """Take both cookies back."""
    for name in (SESSION, CSRF):
        _set(headers, name, "", settings, http_only=name == SESSION)


def _set(headers: MutableHeaders, name: str, value: str, settings: Settings, *, http_only: bool) -> None:
    called = cookie_name(name, settings) if name == SESSION else name
    jar: SimpleCookie = SimpleCookie({called: value})
    jar[called].update({"path": "/", "samesite": "Lax", "max-age": str(_LONGEST if value else 0)})
    jar[called]["httponly"], jar[called]["secure"] = http_only, settings.https
    headers.append("Set-Cookie", jar[called].OutputString())


async def enter(request: Request) -> None:
    """Before every route: whether the caller may use it at all. Which ceremony it is for, the services check."""
    action = action_of(f"{request.method} {request.scope['route'].path}")
    who = caller()
    if action is None:
        raise refusal(who, "house")
    require(who, action, anywhere=True)
    settings: Settings = request.app.state.settings
    if rights().actions[action].installation and who.office != settings.office and who.auth != "system":
        raise refusal(who, action)

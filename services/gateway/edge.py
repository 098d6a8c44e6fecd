"""What happens to every request before and after its route: for whom it is, whether it may come in, what is noted.

Hides correlation ids, the checks against other web pages, security headers, the access log and the last resort.
"""

import re
import time
from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schemas.envelope import Caller, new_id
from schemas.errors import Refusal, Refused
from services.gateway import entrance
from services.gateway.console.errors import answer
from services.gateway.counting import Requests
from services.gateway.entrance import Guest
from services.gateway.guesses import Guesses, address_of
from services.gateway.problems import MOST_MEGABYTES
from services.gateway.refusals import BodyTooLarge, ForeignHost, ForeignOrigin
from services.kit.bus import Bus, Fault
from services.kit.context import caller, work_for
from services.kit.settings import Settings

log = structlog.get_logger()
MOST_BYTES = MOST_MEGABYTES * 1024 * 1024
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_FOR_ALL = ("/static/", "/health/")  # the same for everybody: nobody is asked who he is
_DOOR = ("/sign-in", "/setup/", "/invitation/", "/reset/")  # nothing there is done in the name of a session
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_METHODS = _READS | {"POST", "PUT", "PATCH", "DELETE"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with none at all, forms that are sent without a script come from “null”
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Edge:
    def __init__(self, app: ASGIApp, bus: Bus, settings: Settings, requests: Requests, guesses: Guesses) -> None:
        self.app, self.bus, self.settings = app, bus, settings
        self.requests, self.guesses = requests, guesses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        work_for(Caller(office=self.settings.office, correlation=_correlation(headers)))
        scope.setdefault("state", {})["identity"] = None
        began, status = time.perf_counter(), 0

        async def out(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _mark(message, scope, self.settings)
            await send(message)

        try:
            await self._serve(scope, headers, receive, out)
        except Exception:  # outermost loop of the worker: logged, and answered with where to look
            log.exception("a request failed", method=_method(scope), route=_route(scope))
            if status:
                raise
            fault = Fault(service="gateway", reference=caller().correlation)
            await (await answer(Request(scope, receive), fault))(scope, receive, out)
        finally:
            self._note(scope, status, time.perf_counter() - began)

    async def _serve(self, scope: Scope, headers: Headers, receive: Receive, out: Send) -> None:
        try:
            check_host(headers, self.settings)
            check_origin(scope["method"], headers, self.settings)
            check_length(headers)
            await self._recognise(scope, headers)
        except Refusal as refusal:
            await (await answer(Request(scope, receive), refusal))(scope, receive, out)
        else:
            await self.app(scope, _counted(receive), out)

    async def _recognise(self, scope: Scope, headers: Headers) -> None:
        """From here on the request is done for whoever it comes from."""
        if scope["path"].startswith(_FOR_ALL):
            return
        shown = entrance.credential(headers, self.settings)
        guest = await self._known(shown, address_of(scope)) if shown else Guest()
        if not scope["path"].startswith(_DOOR):
            entrance.check_csrf(scope["method"], headers, guest)
        work_for(guest.caller(self.settings.office, caller().correlation))
        scope["state"] |= {"identity": guest.identity, "guest": guest}

    async def _known(self, shown: entrance.Credential, address: str) -> Guest:
        """An API token that nobody knows is a guess, and counts."""
        if shown.kind == "session":
            return await entrance.recognise(self.bus, shown)
        self.guesses.check(address)
        try:
            return await entrance.recognise(self.bus, shown)
        except Refused as refused:
            if refused.wire.status == HTTPStatus.UNAUTHORIZED:
                self.guesses.count(address)
            raise

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method, route = _method(scope), _route(scope)
        self.requests.add(method, route, status, seconds)
        log.info("http", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


def check_host(headers: Headers, settings: Settings) -> None:
    """Only our own names are answered: one that somebody else's DNS points here is refused (DNS rebinding)."""
    host = _host(headers.get("host", ""))
    if host not in LOOPBACK | {_host(urlsplit(settings.public_url or "").netloc)} or not host:
        raise ForeignHost(host=host[:100] or "—")


def check_origin(method: str, headers: Headers, settings: Settings) -> None:
    """A page of another site cannot change anything here: browsers say where a request comes from."""
    if method in _READS:
        return
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    own = {headers.get("host", ""), urlsplit(settings.public_url or "").netloc}
    if site not in {None, "same-origin", "none"} or (origin is not None and urlsplit(origin).netloc not in own):
        raise ForeignOrigin
    if origin == "null":
        raise ForeignOrigin


def check_length(headers: Headers) -> None:
    """By what the request says of itself; what comes without a length is counted while it comes."""
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > MOST_BYTES:
        raise BodyTooLarge(limit=MOST_MEGABYTES)


def _counted(receive: Receive) -> Receive:
    """Ends a body that says no length, or a wrong one, where it becomes too large."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MOST_BYTES:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    return counted


def _host(netloc: str) -> str:
    """The name without its port; IPv6 without brackets."""
    found = re.fullmatch(r"(?:\[([0-9a-fA-F:]+)\]|([^:\[\]@/]+))(?::[0-9]{1,5})?", netloc)
    return (found[1] or found[2]).lower() if found else ""


def _correlation(headers: Headers) -> str:
    try:
        return str(UUID(headers.get("x-correlation-id", "")))
    except ValueError:
        return new_id()


def _mark(message: Message, scope: Scope, settings: Settings) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    if settings.https:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    guest: Guest | None = scope["state"].get("guest")
    if guest and guest.identity and guest.identity.renewed and "set-cookie" not in headers:
        entrance.let_in(headers, guest.identity.renewed, settings)
    headers.setdefault("Cache-Control", "no-store")
    headers["X-Correlation-Id"] = caller().correlation
    if request_id := scope["state"].get("request_id"):
        headers["Idempotency-Key"] = request_id


def _method(scope: Scope) -> str:
    """A known method or one word for all others: a metric must not grow with what strangers send."""
    method: str = scope["method"]
    return method if method in _METHODS else "OTHER"


def _route(scope: Scope) -> str:
    """The template of the address, never the address: that of a feed is a secret."""
    return getattr(scope.get("route"), "path", "unmatched")

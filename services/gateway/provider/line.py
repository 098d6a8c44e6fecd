"""The line to the provider: one request, one answer. Hides time and size limits, and what may be asked at all."""

import asyncio
import ssl
from collections.abc import Mapping
from functools import cached_property
from http import HTTPStatus
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import structlog
from pydantic import BaseModel, ValidationError

from services.gateway.refusals import ProviderAway, ProviderUnfit
from services.kit.context import caller

log = structlog.get_logger()
MOST = 256 * 1024  # bytes of one answer; the keys of the largest providers take a tenth of it
_PATIENCE = 8.0  # seconds for one answer, from the first byte sent to the last one read
M = TypeVar("M", bound=BaseModel)


class Line:
    """Authlib's own client reads answers of any size and for any time; this one does not."""

    def __init__(self, provider: str) -> None:
        """`provider` is what people call it."""
        self.provider = provider

    async def document(self, kind: type[M], address: str, headers: Mapping[str, str] | None = None) -> M:
        """What stands at this address, which must answer 200."""
        status, answer = await self.fetch(address, headers or {})
        if status != HTTPStatus.OK:
            raise self.wrong_status(status)
        return self.read(kind, answer)

    async def fetch(self, address: str, headers: Mapping[str, str], form: str | None = None) -> tuple[int, bytes]:
        """Status and body. A redirect is an answer like any other: nothing follows it."""
        told = {"Accept": "application/json", "Accept-Encoding": "identity", **headers}
        if form is not None:
            told["Content-Type"] = "application/x-www-form-urlencoded"
        method = "GET" if form is None else "POST"
        try:
            async with (
                asyncio.timeout(_PATIENCE),
                httpx.AsyncClient(verify=self._trust, timeout=_PATIENCE) as client,
                client.stream(method, address, content=form, headers=told) as answer,
            ):
                return answer.status_code, await self._body(answer)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise self._away(type(error).__name__) from error

    async def _body(self, answer: httpx.Response) -> bytes:
        """As it was sent: what is packed although plain text was asked for stays packed."""
        body = bytearray()
        async for piece in answer.aiter_raw():
            body += piece
            if len(body) > MOST:
                raise self.unfit("an answer is too large")
        return bytes(body)

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """The certificates that this machine trusts, so those of the office's own authority too."""
        return ssl.create_default_context()

    def read(self, kind: type[M], answer: bytes) -> M:
        try:
            return kind.model_validate_json(answer)
        except ValidationError as error:
            raise self.unfit(f"an answer cannot be read as {kind.__name__}") from error

    def wrong_status(self, status: int) -> ProviderAway | ProviderUnfit:
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
            return self._away(f"status {status}")
        return self.unfit(f"status {status}")

    def unfit(self, reason: str) -> ProviderUnfit:
        log.warning("the sign-in provider cannot be used", reason=reason)
        return ProviderUnfit(provider=self.provider, reference=caller().correlation)

    def _away(self, reason: str) -> ProviderAway:
        log.warning("the sign-in provider does not answer", reason=reason)
        return ProviderAway(provider=self.provider)


def is_safe(address: str, issuer: str) -> bool:
    """https, or plain http on this machine where the issuer is here too."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    plain = parts.scheme == "http" and issuer.startswith("http:") and _is_here(host)
    return bool(host) and (parts.scheme == "https" or plain)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False

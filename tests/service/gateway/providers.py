"""Providers to sign in by: a real one as a process of its own, and one of ours that says whatever a test wants."""

import base64
import hashlib
import hmac
import html
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from schemas.errors import Refusal
from services.gateway.refusals import ProviderUnfit, TokenUnfit
from services.kit.settings import Settings
from tests.servers import free_port
from tests.service.gateway.office import HERE

ABOUT = "/.well-known/openid-configuration"
BACK = "/sign-in/provider/callback"
ERRAND, SESSION = "khaimac_errand", "khaimac_session"
CLIENT, CLIENT_SECRET = "khaimac", "a-secret~of the.client"
EMAIL, NAME = "mau@example.org", "Lê Thị Mẫu"
LABEL = "Cổng đăng nhập"
UNFIT = ProviderUnfit(provider=LABEL, reference="{reference}")
UNPROVED = TokenUnfit(provider=LABEL, reference="{reference}")
AGENT = "Mozilla/5.0 (X11; Linux x86_64)"
HTML = {"Accept": "text/html", "Accept-Language": "en", "User-Agent": AGENT}
PERSON: Mapping[str, Any] = {"email": EMAIL, "email_verified": True, "name": NAME}


def with_provider(settings: Settings, issuer: str, **more: Any) -> Settings:
    told = {"oidc_issuer": issuer, "oidc_client_id": CLIENT, "oidc_client_secret": CLIENT_SECRET, "oidc_label": LABEL}
    return Settings(**(settings.model_dump() | told | more), _env_file=None)


@contextmanager
def real_provider(folder: Path) -> Iterator[str]:
    """Gives its issuer; the process ends with the block."""
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    with (folder / "provider.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)], stdout=log, stderr=log
        )
    try:
        _wait(issuer + ABOUT, process)
        yield issuer
    finally:
        process.terminate()
        process.wait(10)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        assert process.poll() is None, "the provider ended by itself"
        try:
            httpx.get(address).raise_for_status()
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the provider does not answer")


@dataclass
class Browser:
    """Somebody's browser: it follows no redirect by itself, so that each can be looked at."""

    gateway: httpx.AsyncClient

    async def leave(self, after: str = "/") -> dict[str, str]:
        """Press the button; what the provider is then told."""
        answer = await self.gateway.get("/sign-in/provider", params={"next": after})
        assert answer.status_code == 303, answer.text
        self.address = answer.headers["location"]
        return dict(parse_qsl(urlsplit(self.address).query))

    async def consent(self, provider: httpx.AsyncClient, subject: str) -> str:
        """Say who one is at the real provider; where that leads back to."""
        assert (await provider.get(self.address)).status_code == 200
        answer = await provider.post(self.address, data={"sub": subject})
        assert answer.status_code == 302, answer.text
        assert answer.headers["location"].startswith(HERE + BACK)
        return str(answer.headers["location"])

    async def back(self, **given: str) -> httpx.Response:
        return await self.gateway.get(BACK, params=given)

    def cookie(self, name: str) -> str | None:
        return self.gateway.cookies.get(name)

    def keep(self, name: str, value: str) -> None:
        self.gateway.cookies.set(name, value, domain="127.0.0.1", path="/")

    def is_told(self, answer: httpx.Response, refusal: Refusal) -> None:
        """The sign-in page says it; nobody came in, and the errand is over."""
        page = " ".join(html.unescape(answer.text).split())
        expected = " ".join(str(refusal).split("{reference}")[0].split())
        assert (answer.status_code, expected in page) == (refusal.status, True), page
        assert 'name="password"' in page
        assert [self.cookie(SESSION), self.cookie(ERRAND)] == [None, None]


@asynccontextmanager
async def visiting(app: FastAPI) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HERE, headers=HTML) as gateway:
        yield Browser(gateway)


@cache
def rsa_key(name: str = "first", bits: int = 2048) -> RSAKey:
    return RSAKey.generate_key(bits, {"kid": name, "use": "sig"})


@cache
def ec_key() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": "curve", "use": "sig"})


@dataclass
class Strange:
    """An ASGI application. What it says is right, but for what a test puts in."""

    issuer: str = ""
    nonce: str = ""
    about: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=lambda: dict(PERSON))
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "first"})
    key: RSAKey | ECKey = field(default_factory=rsa_key)
    keys: list[RSAKey | ECKey] = field(default_factory=lambda: [rsa_key()])
    token: str | None = None
    userinfo: dict[str, Any] = field(default_factory=dict)
    padded: str = ""
    answers: dict[str, Response] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], Mapping[str, str]]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        form = dict(parse_qsl((await request.body()).decode()))
        self.asked.append((request.url.path, form, request.headers))
        usual: dict[str, Callable[[], Any]] = {
            ABOUT: self.metadata,
            "/keys": lambda: {"keys": [key.as_dict(private=False) for key in self.keys]},
            "/token": lambda: {
                "access_token": "an-access-token",
                "token_type": "Bearer",
                "id_token": self.id_token(),
            },
            "/userinfo": lambda: self.userinfo,
        }
        path = request.url.path
        padding = " " * 300_000 if path == self.padded else ""
        response = self.answers.get(path) or Response(padding + json.dumps(usual[path]()))
        await response(scope, receive, send)

    def times_asked(self, path: str) -> int:
        return [asked for asked, _, _ in self.asked].count(path)

    def metadata(self) -> dict[str, Any]:
        usual = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?tenant=1",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
        }
        return usual | self.about

    def id_token(self) -> str:
        if self.token is not None:
            return self.token
        now = int(time.time())
        usual = {
            "iss": self.issuer,
            "sub": "subject-1",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
        }
        claims = {name: value for name, value in (usual | self.claims).items() if value is not None}
        if self.header["alg"] in {"none", "HS256"}:
            return _unsigned(self.header, claims, rsa_key().as_pem(private=False))
        return jwt.encode(self.header, claims, self.key, algorithms=["RS256", "ES256"])


async def there_and_back(browser: Browser, strange: Strange, **more: str) -> httpx.Response:
    told = await browser.leave("/ceremonies")
    strange.nonce = told["nonce"]
    return await browser.back(**({"code": "a-code", "state": told["state"]} | more))


def _unsigned(header: dict[str, Any], claims: dict[str, Any], public: bytes) -> str:
    """Signed by nothing, or by what everybody knows."""
    body = f"{_base64(json.dumps(header).encode())}.{_base64(json.dumps(claims).encode())}"
    proof = hmac.new(public, body.encode(), hashlib.sha256).digest() if header["alg"] == "HS256" else b""
    return f"{body}.{_base64(proof)}"


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")

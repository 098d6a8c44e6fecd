"""Providers that differ and are right all the same: what they are asked, and what accounts is told of it."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from schemas import accounts
from schemas.accounts import SignedIn, SignInByProvider
from services.gateway.app import create_app
from services.gateway.provider import Errand
from services.kit.bus import Bus
from services.kit.settings import Settings
from tests.service.gateway.office import AT
from tests.service.gateway.providers import (
    ABOUT,
    CLIENT,
    CLIENT_SECRET,
    EMAIL,
    ERRAND,
    NAME,
    SESSION,
    Browser,
    Strange,
    ec_key,
    rsa_key,
    there_and_back,
    visiting,
    with_provider,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def vouched(bus: Bus) -> list[SignInByProvider]:
    """What accounts was told of whom; it lets everybody in."""
    told: list[SignInByProvider] = []

    async def answer(question: SignInByProvider) -> SignedIn:
        told.append(question)
        session = {"token": f"a-session-of-somebody-{len(told)}", "session_id": "s1", "user_id": "u1"}
        return SignedIn(**session, office="office", language=None, theme=None, expires_at=AT)

    await bus.answer("accounts", {accounts.sign_in_by_provider: answer})
    return told


@pytest.fixture
async def browser(bus: Bus, settings: Settings, strange: Strange, vouched: list[Any]) -> AsyncIterator[Browser]:
    async with visiting(create_app(bus, with_provider(settings, strange.issuer))) as browser:
        yield browser


def came_in(answer: httpx.Response, browser: Browser) -> bool:
    there = (answer.status_code, answer.headers.get("location")) == (303, "/ceremonies")
    return there and browser.cookie(SESSION) is not None and browser.cookie(ERRAND) is None


async def test_accounts_is_told_what_the_provider_vouches_for(
    browser: Browser, strange: Strange, vouched: list[SignInByProvider]
) -> None:
    assert came_in(await there_and_back(browser, strange, iss=strange.issuer), browser)
    one = vouched[0]
    assert (one.issuer, one.subject, one.email) == (strange.issuer, "subject-1", EMAIL)
    assert (one.email_verified, one.name, one.address) == (True, NAME, "127.0.0.1")


@pytest.mark.parametrize(
    ("claims", "verified"),
    [
        ({"email_verified": "true"}, True),
        ({"email_verified": "false"}, False),
        ({"email_verified": 0}, False),
        ({"email_verified": ["true"]}, False),
        ({"email_verified": None, "xms_edov": True}, True),
        ({"email_verified": None, "xms_edov": "1"}, True),
        ({"email_verified": None, "xms_edov": False}, False),
        ({"email_verified": False, "xms_edov": True}, False),
        ({"email_verified": None}, False),
    ],
)
async def test_address_counts_as_verified_only_where_it_says_so(
    browser: Browser, strange: Strange, vouched: list[SignInByProvider], claims: dict[str, Any], *, verified: bool
) -> None:
    strange.claims |= claims
    await there_and_back(browser, strange)
    assert [one.email_verified for one in vouched] == [verified]


@pytest.mark.parametrize(
    ("methods", "secret", "sent", "header"),
    [
        (["client_secret_post", "client_secret_basic"], CLIENT_SECRET, {CLIENT_SECRET}, False),
        (["client_secret_basic"], CLIENT_SECRET, set(), True),
        (["none"], None, set(), False),
    ],
)
async def test_code_is_redeemed_with_the_verifier_and_the_secret(
    bus: Bus,
    settings: Settings,
    strange: Strange,
    vouched: list[SignInByProvider],
    methods: list[str],
    secret: str | None,
    sent: set[str],
    *,
    header: bool,
) -> None:
    strange.about["token_endpoint_auth_methods_supported"] = methods
    here = with_provider(settings, strange.issuer, oidc_client_secret=secret)
    async with visiting(create_app(bus, here)) as browser:
        told = await browser.leave("/ceremonies")
        strange.nonce = told["nonce"]
        errand = Errand.unpacked(browser.cookie(ERRAND) or "")
        assert came_in(await browser.back(code="a-code", state=told["state"]), browser)
    assert (told["code_challenge"], told["code_challenge_method"], told["tenant"]) == (
        create_s256_code_challenge(errand.verifier),
        "S256",
        "1",
    )
    form, headers = next((form, headers) for path, form, headers in strange.asked if path == "/token")
    right = httpx.BasicAuth(CLIENT, CLIENT_SECRET)._auth_header  # noqa: SLF001 - how httpx itself would write it
    assert headers.get("authorization") == (right if header else None)
    assert {form.pop("client_secret", None)} - {None} == sent
    assert form.pop("client_id", CLIENT) == CLIENT
    assert form == {
        "grant_type": "authorization_code",
        "code": "a-code",
        "redirect_uri": told["redirect_uri"],
        "code_verifier": errand.verifier,
    }


async def test_keys_are_fetched_again_once_when_the_provider_has_new_ones(browser: Browser, strange: Strange) -> None:
    for key, fetched in ((rsa_key(), 1), (rsa_key(), 1), (ec_key(), 2), (ec_key(), 2), (rsa_key(), 3)):
        strange.key, strange.keys = key, [key]
        browser.gateway.cookies.clear()
        strange.header = {"alg": "ES256" if key is ec_key() else "RS256", "kid": key.kid}
        assert came_in(await there_and_back(browser, strange), browser)
        assert strange.times_asked("/keys") == fetched
    assert strange.times_asked(ABOUT) == 1


async def test_provider_is_asked_about_itself_again_after_a_while(
    browser: Browser, strange: Strange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.gateway.provider.protocol._KEPT", 0)
    assert came_in(await there_and_back(browser, strange), browser)
    assert strange.times_asked(ABOUT) == 2


async def test_address_is_asked_for_where_the_token_does_not_say_it(
    browser: Browser, strange: Strange, vouched: list[SignInByProvider]
) -> None:
    strange.claims = {}
    strange.userinfo = {"sub": "subject-1", "email": EMAIL, "email_verified": True, "name": NAME}
    assert came_in(await there_and_back(browser, strange), browser)
    assert [(one.email, one.email_verified, one.name) for one in vouched] == [(EMAIL, True, NAME)]
    shown = next(headers for path, _, headers in strange.asked if path == "/userinfo")
    assert shown["authorization"] == "Bearer an-access-token"

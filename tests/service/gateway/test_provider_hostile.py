"""Providers that lie, fail or differ: what of their answers is believed, and what is said of it."""

import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from schemas.errors import Refusal
from services.gateway.app import create_app
from services.gateway.guesses import Guesses
from services.gateway.provider import Provider
from services.gateway.refusals import (
    EmailNotTold,
    IssuerUnsafe,
    NoProvider,
    ProviderAway,
    ProviderDeclined,
    ProviderOther,
    SignInCancelled,
    SignInLapsed,
    TooManyTries,
)
from services.kit.bus import Bus
from services.kit.settings import Settings
from tests.service.gateway.providers import (
    ABOUT,
    CLIENT,
    EMAIL,
    LABEL,
    UNFIT,
    UNPROVED,
    Browser,
    Strange,
    rsa_key,
    there_and_back,
    visiting,
    with_provider,
)

pytestmark = pytest.mark.anyio
AWAY = ProviderAway(provider=LABEL)
Spoil = Callable[[Strange], object]


@pytest.fixture(scope="module")
def bare() -> FastAPI:
    """No bus is connected: whoever asks accounts in spite of all fails. Made once, for it takes a while."""
    rsa_key()
    settings = Settings(_env_file=None)
    return create_app(Bus(settings), settings)


def set_up(app: FastAPI, issuer: str | None) -> FastAPI:
    """As if it had just been made, with this provider."""
    none = Settings(_env_file=None)
    settings = with_provider(none, issuer) if issuer else none
    app.state.settings, app.state.provider, app.state.guesses = settings, Provider(settings), Guesses()
    return app


@pytest.fixture
async def alone(strange: Strange, bare: FastAPI) -> AsyncIterator[Browser]:
    async with visiting(set_up(bare, strange.issuer)) as browser:
        yield browser


def says(**claims: Any) -> Spoil:
    """Other claims in the ID token; None: without it."""
    return lambda strange: strange.claims.update(claims)


def is_set(**fields: Any) -> Spoil:
    return lambda strange: strange.__dict__.update(fields)


def answers(path: str, response: Response) -> Spoil:
    return lambda strange: strange.answers.update({path: response})


def wrong(path: str, error: str, status: int = 400) -> Spoil:
    return answers(path, JSONResponse({"error": error}, status))


# What it says of somebody.


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(says(nonce="of-another-sign-in"), id="other nonce"),
        pytest.param(says(nonce=None), id="no nonce"),
        pytest.param(says(aud="another-client"), id="other audience"),
        pytest.param(says(aud="another-client", azp=CLIENT), id="other audience, ours as authorized party"),
        pytest.param(says(aud=[CLIENT, "another"], azp=None), id="several audiences, no authorized party"),
        pytest.param(says(aud=[CLIENT, "another"], azp="another"), id="other authorized party"),
        pytest.param(says(aud=None), id="no audience"),
        pytest.param(says(iss="https://evil.example"), id="other issuer"),
        pytest.param(says(iss=None), id="no issuer"),
        pytest.param(says(exp=int(time.time()) - 90), id="expired"),
        pytest.param(says(exp=None), id="never expires"),
        pytest.param(says(iat=int(time.time()) + 3600), id="issued in the future"),
        pytest.param(says(iat=None), id="issued at no time"),
        pytest.param(says(sub=None), id="no subject"),
        pytest.param(says(sub=""), id="empty subject"),
        pytest.param(says(sub="x" * 256), id="long subject"),
        pytest.param(says(email=["a@example.org"]), id="address in a list"),
        pytest.param(says(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), id="token of somebody else's access"),
        pytest.param(is_set(header={"alg": "none"}), id="unsigned"),
        pytest.param(is_set(header={"alg": "HS256", "kid": "first"}), id="signed with the public key"),
        pytest.param(is_set(key=rsa_key("other")), id="signed with another key of that name"),
        pytest.param(is_set(header={"alg": "RS256", "kid": "other"}), id="key unknown"),
        pytest.param(is_set(header={"alg": "RS256"}, keys=[rsa_key(), rsa_key("other")]), id="any of two keys"),
        pytest.param(is_set(keys=[]), id="no keys"),
        pytest.param(is_set(token="e30.e30"), id="two parts"),
        pytest.param(is_set(token="[][].e30.AAAA"), id="no text at all"),
        pytest.param(lambda strange: strange.about.update(id_token_signing_alg_values_supported=["ES256"]), id="alg"),
    ],
)
async def test_token_that_proves_nothing_lets_nobody_in(alone: Browser, strange: Strange, spoil: Spoil) -> None:
    spoil(strange)
    alone.is_told(await there_and_back(alone, strange), UNPROVED)


@pytest.mark.filterwarnings("ignore:Key size should be")
async def test_key_that_is_too_short_proves_nothing(alone: Browser, strange: Strange) -> None:
    short = rsa_key("first", 1024)
    strange.key, strange.keys = short, [short]
    alone.is_told(await there_and_back(alone, strange), UNPROVED)


# What it says of itself, and how it answers.


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        pytest.param(is_set(padded=ABOUT), UNFIT, id="huge"),
        pytest.param(answers(ABOUT, Response("<html>")), UNFIT, id="no JSON"),
        pytest.param(answers(ABOUT, Response("[" * 100_000)), UNFIT, id="deep"),
        pytest.param(answers(ABOUT, JSONResponse({}, 404)), UNFIT, id="not there"),
        pytest.param(answers(ABOUT, JSONResponse({}, 502)), AWAY, id="broken"),
        pytest.param(answers(ABOUT, JSONResponse({}, 429)), AWAY, id="busy"),
        pytest.param(answers(ABOUT, RedirectResponse("/elsewhere")), UNFIT, id="redirect"),
        pytest.param(lambda strange: strange.about.update(jwks_uri="http://keys.example/"), UNFIT, id="no https"),
        pytest.param(lambda strange: strange.about.update(token_endpoint="file:///etc/passwd"), UNFIT, id="file"),
        pytest.param(lambda strange: strange.about.update(token_endpoint="https://[::"), UNFIT, id="no address"),
        pytest.param(
            lambda strange: strange.about.update(id_token_signing_alg_values_supported=["HS256", "none"]),
            UNFIT,
            id="no algorithm",
        ),
    ],
)
async def test_nobody_is_sent_to_a_provider_that_cannot_be_used(
    alone: Browser, strange: Strange, spoil: Spoil, refusal: Refusal
) -> None:
    spoil(strange)
    alone.is_told(await alone.gateway.get("/sign-in/provider"), refusal)
    assert [path for path, _, _ in strange.asked] == [ABOUT]


@pytest.mark.parametrize("found", ["https://evil.example", "{issuer}/"])
async def test_provider_must_call_itself_as_it_is_set(alone: Browser, strange: Strange, found: str) -> None:
    found = found.format(issuer=strange.issuer)
    strange.about["issuer"] = found
    answer = await alone.gateway.get("/sign-in/provider")
    alone.is_told(answer, ProviderOther(found=found, issuer=strange.issuer))


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        pytest.param(wrong("/token", "invalid_grant"), SignInLapsed(minutes=10), id="code unknown"),
        pytest.param(
            wrong("/token", "invalid_client", 401),
            ProviderDeclined(provider=LABEL, error="invalid_client"),
            id="we are unknown",
        ),
        pytest.param(wrong("/token", "server_error"), AWAY, id="it says it is broken"),
        pytest.param(answers("/token", JSONResponse({}, 500)), AWAY, id="it is broken"),
        pytest.param(answers("/token", JSONResponse({"access_token": "a"})), UNFIT, id="no ID token"),
        pytest.param(answers("/token", RedirectResponse("/elsewhere")), UNFIT, id="redirect"),
        pytest.param(is_set(padded="/token"), UNFIT, id="huge"),
        pytest.param(is_set(padded="/keys"), UNFIT, id="huge keys"),
        pytest.param(answers("/keys", JSONResponse({"keys": "none"})), UNFIT, id="keys unreadable"),
        pytest.param(answers("/keys", JSONResponse({"keys": [{"kty": "RSA"}, {}]})), UNPROVED, id="keys empty"),
    ],
)
async def test_answer_for_the_code_is_not_trusted(
    alone: Browser, strange: Strange, spoil: Spoil, refusal: Refusal
) -> None:
    spoil(strange)
    alone.is_told(await there_and_back(alone, strange), refusal)
    assert strange.times_asked("/elsewhere") == 0


async def test_packed_answer_is_not_unpacked(alone: Browser, strange: Strange) -> None:
    packed = gzip.compress(json.dumps(strange.metadata()).encode())
    strange.answers[ABOUT] = Response(packed, headers={"Content-Encoding": "gzip"})
    alone.is_told(await alone.gateway.get("/sign-in/provider"), UNFIT)
    assert strange.asked[0][2]["accept-encoding"] == "identity"


async def test_answer_that_never_ends_is_given_up(
    alone: Browser, strange: Strange, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def drops() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" "
            await asyncio.sleep(0.1)

    monkeypatch.setattr("services.gateway.provider.line._PATIENCE", 0.5)
    strange.answers[ABOUT] = StreamingResponse(drops())
    began = time.monotonic()
    alone.is_told(await alone.gateway.get("/sign-in/provider"), AWAY)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"error": "access_denied"}, SignInCancelled(provider=LABEL)),
        ({"error": "temporarily_unavailable"}, AWAY),
        ({"error": "unauthorized_client"}, ProviderDeclined(provider=LABEL, error="unauthorized_client")),
        ({"error": "<script>alert(1)</script>"}, ProviderDeclined(provider=LABEL, error="—")),
        ({"code": ""}, ProviderDeclined(provider=LABEL, error="—")),
        ({"iss": "https://evil.example"}, ProviderOther(found="https://evil.example", issuer="{issuer}")),
    ],
)
async def test_return_with_an_error_says_what_to_do(
    alone: Browser, strange: Strange, given: dict[str, str], refusal: Refusal
) -> None:
    refusal.params = {name: value.format(issuer=strange.issuer) for name, value in refusal.params.items()}
    answer = await there_and_back(alone, strange, **given)
    alone.is_told(answer, refusal)
    assert "<script>alert" not in answer.text
    assert strange.times_asked("/token") == 0


async def test_provider_that_names_itself_on_the_way_back_must_do_so(alone: Browser, strange: Strange) -> None:
    strange.about["authorization_response_iss_parameter_supported"] = True
    alone.is_told(await there_and_back(alone, strange), ProviderOther(found="—", issuer=strange.issuer))


@pytest.mark.parametrize("issuer", ["http://login.example.org", "ftp://127.0.0.1", "https://", "http://[::1"])
async def test_nobody_is_sent_to_an_issuer_without_https(bare: FastAPI, issuer: str) -> None:
    async with visiting(set_up(bare, issuer)) as browser:
        browser.is_told(await browser.gateway.get("/sign-in/provider"), IssuerUnsafe(issuer=issuer))


async def test_without_a_provider_there_is_no_way_to_one(bare: FastAPI) -> None:
    async with visiting(set_up(bare, None)) as browser:
        for path in ("/sign-in/provider", "/sign-in"):
            answer = await browser.gateway.get(path)
            assert "/sign-in/provider" not in answer.text
        browser.is_told(await browser.gateway.get("/sign-in/provider"), NoProvider())


async def test_who_brings_wrong_codes_is_slowed_down(alone: Browser, strange: Strange) -> None:
    wrong("/token", "invalid_grant")(strange)
    for _ in range(12):
        alone.is_told(await alone.back(code="c", state="s"), SignInLapsed(minutes=10))
    for _ in range(10):
        alone.is_told(await there_and_back(alone, strange), SignInLapsed(minutes=10))
    answer = await there_and_back(alone, strange)
    assert (answer.status_code, strange.times_asked("/token")) == (TooManyTries.status, 10)


@pytest.mark.parametrize(
    ("userinfo", "about", "refusal"),
    [
        ({"sub": "somebody-else", "email": EMAIL, "email_verified": True}, {}, UNPROVED),
        ({"sub": "subject-1"}, {}, EmailNotTold(provider=LABEL)),
        ({"email": EMAIL}, {}, UNFIT),
        ({}, {"userinfo_endpoint": None}, EmailNotTold(provider=LABEL)),
    ],
)
async def test_address_is_believed_of_the_same_person_only(
    alone: Browser, strange: Strange, userinfo: dict[str, Any], about: dict[str, Any], refusal: Refusal
) -> None:
    strange.claims, strange.userinfo, strange.about = {}, userinfo, about
    alone.is_told(await there_and_back(alone, strange), refusal)

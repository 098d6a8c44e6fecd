"""Signing in by a real OpenID Connect provider, a process of its own, with real accounts behind the gateway."""

import base64
import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from schemas import accounts
from schemas.accounts import InviteUser
from schemas.envelope import Caller, Grant, Question
from schemas.errors import Refusal
from services.accounts.entering import NotInvited
from services.accounts.service import Accounts
from services.gateway.app import create_app
from services.gateway.refusals import EmailUnverified, ProviderAway, SignInLapsed
from services.kit.bus import Bus
from services.kit.context import work_for
from services.kit.settings import Settings
from services.kit.store import Store
from services.scheduling.service import Scheduling
from tests.servers import free_port
from tests.service.gateway.office import CEREMONIES, HERE
from tests.service.gateway.providers import (
    AGENT,
    BACK,
    EMAIL,
    ERRAND,
    HTML,
    LABEL,
    NAME,
    PERSON,
    SESSION,
    Browser,
    real_provider,
    visiting,
    with_provider,
)

pytestmark = pytest.mark.anyio
LAPSED = SignInLapsed(minutes=10)


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with real_provider(tmp_path_factory.mktemp("provider")) as issuer:
        yield issuer


@pytest.fixture
async def provider(issuer: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=issuer) as provider:
        yield provider


@pytest.fixture
async def house(bus: Bus, settings: Settings) -> AsyncIterator[Bus]:
    """An office that has invited one planner."""
    services = [
        kind(Store(settings.store_url(kind.name), kind.name, settings.now()), bus, settings)
        for kind in (Accounts, Scheduling)
    ]
    for service in services:
        await service.start()
    await bus.ask(accounts.invite_user, InviteUser(email=EMAIL, grants=(Grant(role="planner"),)), as_house=True)
    yield bus
    for service in services:
        await service.stop()


@pytest.fixture
async def browser(house: Bus, settings: Settings, issuer: str) -> AsyncIterator[Browser]:
    app = create_app(house, with_provider(settings, issuer))
    async with visiting(app) as browser:
        yield browser


async def users(bus: Bus) -> list[tuple[str, str | None, str]]:
    found = await bus.ask(accounts.list_users, Question(), as_house=True)
    return [(one.email, one.name, one.state) for one in found.users]


async def signs_in(browser: Browser, provider: httpx.AsyncClient, subject: str) -> httpx.Response:
    await browser.leave()
    return await browser.gateway.get(await browser.consent(provider, subject))


def set_cookies(answer: httpx.Response) -> dict[str, set[str]]:
    """By name: the value and the attributes."""
    found = [line.split("; ") for line in answer.headers.get_list("set-cookie")]
    return {parts[0].partition("=")[0]: {parts[0].partition("=")[2], *parts[1:]} for parts in found}


# The whole way.


async def test_invited_person_signs_in_and_lands_where_he_wanted(
    browser: Browser, provider: httpx.AsyncClient, house: Bus
) -> None:
    await provider.put("/users/s-1", json=dict(PERSON))
    assert (await browser.gateway.get(CEREMONIES)).status_code == 401
    told = await browser.leave("/ceremonies/can-tho?tab=khách mời")
    assert {name: told[name] for name in ("response_type", "client_id", "redirect_uri", "scope", "ui_locales")} == {
        "response_type": "code",
        "client_id": "khaimac",
        "redirect_uri": HERE + BACK,
        "scope": "openid email profile",
        "ui_locales": "en",
    }
    answer = await browser.gateway.get(await browser.consent(provider, "s-1"))
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/ceremonies/can-tho?tab=kh%C3%A1ch%20m%E1%BB%9Di",
    )
    assert await users(house) == [(EMAIL, NAME, "active")]
    assert (await browser.gateway.get(CEREMONIES)).json()["ceremonies"] == []
    assert browser.cookie(ERRAND) is None


async def test_person_is_known_by_his_subject_when_his_address_has_changed(
    browser: Browser, provider: httpx.AsyncClient, house: Bus
) -> None:
    await provider.put("/users/s-2", json=dict(PERSON))
    assert (await signs_in(browser, provider, "s-2")).status_code == 303
    await provider.put("/users/s-2", json={"email": "moi@example.org", "email_verified": False})
    assert (await signs_in(browser, provider, "s-2")).status_code == 303
    assert await users(house) == [(EMAIL, NAME, "active")]


async def test_session_says_whence_it_was_opened(browser: Browser, provider: httpx.AsyncClient, house: Bus) -> None:
    await provider.put("/users/s-3", json=dict(PERSON))
    await signs_in(browser, provider, "s-3")
    user = (await house.ask(accounts.list_users, Question(), as_house=True)).users[0]
    work_for(Caller(office="office", auth="user", actor=user.id, grants=user.grants))
    listed = (await house.ask(accounts.list_sessions, Question())).sessions
    assert [(one.address, one.agent) for one in listed] == [("127.0.0.1", AGENT)]


async def test_cookies_bear_the_marks_of_a_site_with_https(
    house: Bus, settings: Settings, issuer: str, provider: httpx.AsyncClient
) -> None:
    there = "https://le.example.org"
    app = create_app(house, with_provider(settings, issuer, public_url=there + "/"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=there, headers=HTML) as gateway:
        begun = await gateway.get("/sign-in/provider")
        told = dict(parse_qsl(urlsplit(begun.headers["location"]).query))
        assert told["redirect_uri"] == there + BACK
        marks = {"HttpOnly", "Max-Age=600", "Path=/", "SameSite=lax", "Secure"}
        assert set_cookies(begun)["__Host-khaimac_errand"] > marks
        await provider.put("/users/s-4", json=dict(PERSON))
        returned = await provider.post(begun.headers["location"], data={"sub": "s-4"})
        ended = set_cookies(await gateway.get(returned.headers["location"]))
    assert {"Max-Age=0", "Secure"} < ended["__Host-khaimac_errand"]
    assert {"HttpOnly", "SameSite=Lax", "Secure", "Path=/"} < ended["__Host-khaimac_session"]


# Who is not let in.


async def test_code_works_once(browser: Browser, provider: httpx.AsyncClient, house: Bus) -> None:
    await provider.put("/users/s-5", json=dict(PERSON))
    told = await browser.leave()
    errand = browser.cookie(ERRAND)
    returned = await browser.consent(provider, "s-5")
    assert (await browser.gateway.get(returned)).status_code == 303
    browser.gateway.cookies.clear()
    browser.is_told(await browser.gateway.get(returned), LAPSED)
    browser.keep(ERRAND, errand or "")
    browser.is_told(await browser.gateway.get(returned), LAPSED)
    assert told["state"] in returned


@pytest.mark.parametrize(
    ("subject", "claims", "refusal"),
    [
        ("stranger", {"email": "la@example.org", "email_verified": True}, NotInvited()),
        ("unverified", {"email": EMAIL, "email_verified": False}, EmailUnverified(provider=LABEL)),
        ("unsaid", {"email": EMAIL}, EmailUnverified(provider=LABEL)),
    ],
)
async def test_nobody_comes_in_without_an_account_of_his_own(
    browser: Browser,
    provider: httpx.AsyncClient,
    house: Bus,
    subject: str,
    claims: dict[str, object],
    refusal: Refusal,
) -> None:
    await provider.put(f"/users/{subject}", json=claims)
    browser.is_told(await signs_in(browser, provider, subject), refusal)
    assert await users(house) == [(EMAIL, None, "invited")]


async def test_return_without_the_right_errand_is_refused(browser: Browser, provider: httpx.AsyncClient) -> None:
    await provider.put("/users/s-6", json=dict(PERSON))
    for spoil in ("state", "no state", "cookie", "time", "text"):
        told = await browser.leave()
        code = dict(parse_qsl(urlsplit(await browser.consent(provider, "s-6")).query))["code"]
        state = {"state": "x" * 43, "no state": ""}.get(spoil, told["state"])
        kept = browser.cookie(ERRAND) or ""
        changed = {"cookie": "", "time": _older(kept), "text": "!" + kept[5:]}.get(spoil, kept)
        browser.gateway.cookies.clear()
        if changed:
            browser.keep(ERRAND, changed)
        browser.is_told(await browser.back(code=code, state=state), LAPSED)


def _older(kept: str) -> str:
    """The cookie of somebody who began eleven minutes ago."""
    told = json.loads(base64.urlsafe_b64decode(kept + "=="))
    told["begun"] -= timedelta(minutes=11).total_seconds()
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


async def test_locked_account_stays_locked(browser: Browser, provider: httpx.AsyncClient, house: Bus) -> None:
    found = (await house.ask(accounts.list_users, Question(), as_house=True)).users[0]
    await house.ask(accounts.lock_user, accounts.LockUser(user_id=found.id), as_house=True)
    await provider.put("/users/s-7", json=dict(PERSON))
    answer = await signs_in(browser, provider, "s-7")
    assert (answer.status_code, "Your account is locked." in answer.text) == (403, True)
    assert browser.cookie(SESSION) is None


async def test_provider_that_is_away_leaves_the_password(bus: Bus, settings: Settings) -> None:
    app = create_app(bus, with_provider(settings, f"http://127.0.0.1:{free_port()}"))
    async with visiting(app) as browser:
        browser.is_told(await browser.gateway.get("/sign-in/provider"), ProviderAway(provider=LABEL))
        problem = await browser.gateway.get("/sign-in/provider", headers={"Accept": "application/json"})
    assert (problem.status_code, problem.json()["type"]) == (503, "urn:khaimac:problem:provider-away")

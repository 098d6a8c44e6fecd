"""The entrance and the door, with real accounts behind them: cookies, tokens, links, and who is turned away."""

from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from schemas import accounts
from schemas.accounts import LockUser, MakeToken, SetUpLink
from schemas.envelope import Grant
from services.gateway.app import create_app
from services.gateway.entrance import CSRF, CSRF_HEADER, SESSION
from services.kit.bus import Bus
from services.kit.context import work_for
from services.kit.settings import Settings
from tests.people import PASSWORD, colleague_of, owner_of

pytestmark = pytest.mark.anyio
HERE = "http://127.0.0.1:8000"
PAGE = {"Accept": "text/html", "Accept-Language": "vi"}
SECURE = {"public_url": "https://le.example.org", "oidc_issuer": None}


def browser(bus: Bus, settings: Settings, base: str = HERE) -> httpx.AsyncClient:
    over = httpx.ASGITransport(create_app(bus, settings))
    return httpx.AsyncClient(transport=over, base_url=base, headers=PAGE)


async def set_up_link(bus: Bus) -> str:
    return (await bus.ask(accounts.setup_link, SetUpLink(office="office"), as_house=True)).token


FORM = {
    "office_name": "Văn phòng UBND tỉnh Hoa Mai",
    "name": "Lê Thị Mẫu",
    "email": "mau@hoa-mai.example",
    "password": PASSWORD,
}
SIGN_IN = {"email": FORM["email"], "password": PASSWORD}


async def test_stranger_is_sent_to_the_door_and_comes_back_to_where_he_wanted(house: Bus, settings: Settings) -> None:
    async with browser(house, settings) as client:
        await client.post(f"/setup/{await set_up_link(house)}", data=FORM)
        client.cookies.clear()
        away = await client.get("/account?tab=x")
        assert (away.status_code, away.headers["location"]) == (303, "/sign-in?next=/account%3Ftab%3Dx")
        door = await client.get(away.headers["location"])
        assert (door.status_code, 'value="/account?tab=x"' in door.text) == (200, True)
        back = await client.post("/sign-in", data=SIGN_IN | {"next": "/account?tab=x"})
        assert (back.status_code, back.headers["location"]) == (303, "/account?tab=x")
        assert (await client.get("/account")).status_code == 200


async def test_door_leads_nowhere_outside(house: Bus, settings: Settings) -> None:
    async with browser(house, settings) as client:
        await client.post(f"/setup/{await set_up_link(house)}", data=FORM)
        for away in ("//evil.example", "https://evil.example", "/\\evil.example"):
            answer = await client.post("/sign-in", data=SIGN_IN | {"next": away})
            assert answer.headers["location"] == "/"


async def test_set_up_by_link_signs_in_and_the_link_is_spent(house: Bus, settings: Settings) -> None:
    token = await set_up_link(house)
    async with browser(house, settings) as client:
        page = await client.get(f"/setup/{token}")
        assert (page.status_code, "Thiết lập cơ quan" in page.text) == (200, True)
        poor = await client.post(f"/setup/{token}", data=FORM | {"password": "1234567890"})
        assert (poor.status_code, FORM["office_name"] in poor.text, "1234567890" in poor.text) == (422, True, False)
        done = await client.post(f"/setup/{token}", data=FORM)
        assert (done.status_code, done.headers["location"]) == (303, "/")
        assert {name: client.cookies[name] != "" for name in (SESSION, CSRF)} == {SESSION: True, CSRF: True}
        again = await client.post(f"/setup/{token}", data=FORM)  # with the session's cookie, but not for it
        assert again.status_code == 404


async def test_cookies_are_for_this_site_alone(house: Bus, settings: Settings) -> None:
    public = settings.model_copy(update=SECURE)
    async with browser(house, public, "https://le.example.org") as client:
        answer = await client.post(f"/setup/{await set_up_link(house)}", data=FORM)
    session, csrf = sorted(answer.headers.get_list("set-cookie"))
    assert session.startswith(f"__Host-{SESSION}=") is True
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= set(session.split("; "))
    assert ("HttpOnly" in csrf, "Secure" in csrf) == (False, True)
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


async def test_wrong_tries_from_one_address_are_slowed_down(house: Bus, settings: Settings) -> None:
    """Whatever is guessed: passwords of many accounts, links, tokens, feeds count together."""
    async with browser(house, settings) as client:
        for number in range(4):
            assert (await client.post("/sign-in", data=SIGN_IN | {"email": f"{number}@x.example"})).status_code == 422
            assert (await client.get(f"/reset/{'x' * 40}{number}")).status_code == 404
        for _ in range(2):
            bad = {"Authorization": f"Bearer {'y' * 43}", "Accept": "application/json"}
            assert (await client.get("/api/v1/ceremonies", headers=bad)).status_code == 401
        slowed = await client.post("/sign-in", data=SIGN_IN)
        assert (slowed.status_code, 0 < int(slowed.headers["retry-after"]) <= 60) == (429, True)
        assert (await client.get("/sign-in")).status_code == 200


async def test_session_that_was_ended_opens_nothing_from_the_next_request_on(house: Bus, settings: Settings) -> None:
    owner = await owner_of(house)
    clerk = await colleague_of(house, owner, Grant(role="viewer"))
    async with browser(house, settings) as client:
        asked = clerk.headers | {"Accept": "application/json"}
        assert (await client.get("/api/v1/ceremonies", headers=asked)).status_code == 200
        work_for(await owner.caller(house))
        await house.ask(accounts.lock_user, LockUser(user_id=clerk.user_id))
        assert (await client.get("/api/v1/ceremonies", headers=asked)).status_code == 401


async def test_signing_out_takes_the_cookies_back(house: Bus, settings: Settings) -> None:
    owner = await owner_of(house)
    async with browser(house, settings) as client:
        left = await client.post("/sign-out", headers=owner.headers)
        assert urlsplit(left.headers["location"]).path == "/sign-in"
        assert sorted(one.split(";")[0] for one in left.headers.get_list("set-cookie")) == [
            f'{CSRF}=""',
            f'{SESSION}=""',
        ]
        asked = owner.headers | {"Accept": "application/json"}
        assert (await client.get("/api/v1/ceremonies", headers=asked)).status_code == 401


async def test_token_acts_without_a_cookie_and_within_its_scopes(house: Bus, settings: Settings) -> None:
    owner = await owner_of(house)
    work_for(await owner.caller(house))
    until = settings.now()() + timedelta(days=30)
    made = await house.ask(accounts.make_token, MakeToken(name="thử", scopes=("ceremony.see",), expires_at=until))
    async with browser(house, settings) as client:
        shown = {"Authorization": f"Bearer {made.secret}", "Accept": "application/json"}
        assert (await client.get("/api/v1/ceremonies", headers=shown)).status_code == 200
        refused = await client.post("/api/v1/ceremonies", headers=shown, json={})
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:khaimac:problem:not-allowed")


async def test_page_of_an_earlier_session_changes_nothing(house: Bus, settings: Settings) -> None:
    """Its token is that of a session which is no longer the browser's."""
    first, second = await owner_of(house), await owner_of(house, "phu", "Trần Văn Hai")
    mixed = second.headers | {CSRF_HEADER: first.headers[CSRF_HEADER], "Accept": "application/json"}
    async with browser(house, settings) as client:
        answer = await client.post("/sign-out", headers=mixed)
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:khaimac:problem:page-outdated")
        assert (await client.get("/api/v1/ceremonies", headers=second.headers)).status_code == 200

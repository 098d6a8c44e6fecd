"""One's own account as its page shows and changes it."""

import json
import re
from collections.abc import AsyncIterator

import pyotp
import pytest

from services.gateway.console.account.devices import Device, device
from services.kit.context import work_for
from tests.people import PASSWORD, Person
from tests.service.gateway.desk import Desk, desk, signed_in_anew, text_of, undo_of

pytestmark = pytest.mark.anyio
OTHER = "tám con ngựa trắng qua cầu"
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0"


@pytest.fixture(scope="module")
async def at(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk(tmp_path_factory.mktemp("account")) as found:
        yield found


@pytest.fixture
async def me(at: Desk) -> Person:
    """Somebody without any role: the account is his all the same."""
    return await at.colleague()


async def sign_in(at: Desk, email: str, password: str = PASSWORD, code: str = "") -> int:
    form = {"email": email, "password": password, "code": code}
    at.client.cookies.clear()
    headers = at.here | {"User-Agent": AGENT, "Accept": "text/html"}
    return (await at.client.post("/sign-in", data=form, headers=headers)).status_code


async def email_of(at: Desk, who: Person) -> str:
    return str(re.findall(r"\S+@\S+", text_of(await at.get("/account", who)))[0])


def base(**kept: str | None) -> str:
    return json.dumps({"name": "Trần Văn Mẫu", "language": None, "theme": None} | kept)


# Profile.


async def test_profile_is_changed_and_spoken_of_in_its_new_language(at: Desk, me: Person) -> None:
    done = await at.post("/account/profile", me, name="Trần Văn Mới", language="vi", theme="dark", base=base())
    assert (done.status_code, done.headers["hx-redirect"]) == (200, "/account")
    assert "Đã sửa tài khoản của bạn." in text_of(done)
    page = await at.get("/account", me)
    assert ('<html lang="vi" data-theme="dark">' in page.text, 'value="Trần Văn Mới"' in page.text) == (True, True)


async def test_profile_is_taken_back(at: Desk, me: Person) -> None:
    done = await at.post("/account/profile", me, name="Trần Văn Mới", language="", theme="dark", base=base())
    address, fields = undo_of(done)
    await at.post(address, me, **fields)
    page = await at.get("/account", me)
    assert ('value="Trần Văn Mẫu"' in page.text, "data-theme=" in page.text) == (True, False)


async def test_profile_without_a_name_says_so_and_keeps_the_rest(at: Desk, me: Person) -> None:
    wrong = await at.post("/account/profile", me, name=" ", language="vi", theme="dark", base=base())
    assert wrong.status_code == 422
    assert re.search(r'id="f-name-error">.*?Give at least 1 characters\.', wrong.text, re.DOTALL)
    assert '<option value="vi" selected>' in wrong.text


async def test_profile_changed_in_two_places_is_merged_where_it_can(at: Desk, me: Person) -> None:
    await at.post("/account/profile", me, name="Một", language="", theme="", base=base())
    done = await at.post("/account/profile", me, name="Trần Văn Mẫu", language="", theme="light", base=base())
    assert done.status_code == 200
    page = await at.get("/account", me)
    assert ('value="Một"' in page.text, 'data-theme="light"' in page.text) == (True, True)
    clash = await at.post("/account/profile", me, name="Hai", language="", theme="", base=base())
    assert (clash.status_code, "Một" in clash.text, "Hai" in clash.text) == (409, True, True)


async def test_choice_of_the_account_outweighs_what_this_browser_chose_before(at: Desk, me: Person) -> None:
    done = await at.post("/account/profile", me, name="Trần Văn Mẫu", language="vi", theme="", base=base())
    gone = {cookie.split("=")[0] for cookie in done.headers.get_list("set-cookie") if "Max-Age=0" in cookie}
    assert gone == {"khaimac_language", "khaimac_theme"}


# Password.


async def test_new_password_goes_on_here_and_ends_every_other_session(at: Desk, me: Person) -> None:
    email = await email_of(at, me)
    assert await sign_in(at, email) == 303
    done = await at.post("/account/password", me, old=PASSWORD, new=OTHER)
    assert (done.status_code, done.headers["hx-trigger"]) == (200, "km:accounts")
    again = signed_in_anew(done, me)
    page = await at.get("/account", again)
    assert (page.status_code, page.text.count('data-label="Network address"')) == (200, 1)
    assert (await at.get("/account", me)).status_code == 303
    assert (await sign_in(at, email), await sign_in(at, email, OTHER)) == (422, 303)


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ("sai rồi", OTHER, "password-old", "This is not your present password."),
        (PASSWORD, "ngắn", "password-new", "The password has 4 characters"),
    ],
)
async def test_refused_password_is_said_beside_its_field_and_never_repeated(
    at: Desk, me: Person, old: str, new: str, field: str, words: str
) -> None:
    wrong = await at.post("/account/password", me, old=old, new=new)
    assert wrong.status_code == 422
    assert re.search(rf'id="{field}-error">.*?{re.escape(words)}', wrong.text, re.DOTALL)
    assert (old in wrong.text, new in wrong.text) == (False, False)


# Second factor.


async def test_second_factor_is_set_up_by_a_picture_and_a_code(at: Desk, me: Person) -> None:
    email = await email_of(at, me)
    begun = await at.post("/account/second-factor", me, old=PASSWORD)
    secret = re.findall(r"<code>([A-Z2-7]{16,})</code>", begun.text)[0]
    assert ("<svg" in begun.text, "style=" in begun.text) == (True, False)
    wrong = await at.post("/account/second-factor/confirm", me, code="000000")
    assert (wrong.status_code, wrong.headers["hx-retarget"]) == (422, "#factor-code-field")
    assert ("This code is not right" in wrong.text, "<svg" in wrong.text.split("error")[0]) == (True, False)
    done = await at.post("/account/second-factor/confirm", me, code=pyotp.TOTP(secret).now())
    codes = re.findall(r"<code>((?:[a-z2-7]{4}-){3}[a-z2-7]{4})</code>", done.text)
    assert (done.status_code, len(set(codes))) == (200, 10)
    assert f'data-copy="{chr(10).join(codes)}"' in done.text
    page = await at.get("/account", me)
    assert (codes[0] in page.text, "Recovery codes left: 10." in text_of(page)) == (False, True)
    assert (await sign_in(at, email), await sign_in(at, email, code=codes[0])) == (400, 303)


async def test_second_factor_is_removed_by_the_password(at: Desk, me: Person) -> None:
    begun = await at.post("/account/second-factor", me, old=PASSWORD)
    secret = re.findall(r"<code>([A-Z2-7]{16,})</code>", begun.text)[0]
    await at.post("/account/second-factor/confirm", me, code=pyotp.TOTP(secret).now())
    wrong = await at.post("/account/second-factor/remove", me, old=OTHER)
    assert (wrong.status_code, "This is not your present password." in wrong.text) == (422, True)
    done = await at.post("/account/second-factor/remove", me, old=PASSWORD)
    assert "The second factor is removed." in text_of(done)
    assert "With it, signing in takes a code" in text_of(await at.get("/account/second-factor", me, part=True))


# Sessions.


async def test_sessions_are_told_apart_by_device_and_ended_one_by_one(at: Desk, me: Person) -> None:
    await sign_in(at, await email_of(at, me))
    part = await at.get("/account/sessions", me, part=True)
    assert ("Edge on Windows" in text_of(part), text_of(part).count("This one")) == (True, 1)
    ends = re.findall(r'hx-post="(/account/sessions/[^"]+/end)"', part.text)
    done = await at.post(ends[0], me)
    assert ("Edge on Windows" in text_of(done), len(ends)) == (False, 1)


async def test_every_other_session_is_ended_at_once(at: Desk, me: Person) -> None:
    email = await email_of(at, me)
    assert [await sign_in(at, email), await sign_in(at, email)] == [303, 303]
    done = await at.post("/account/sessions/end-others", me)
    assert ("You are signed out everywhere else." in text_of(done), done.text.count("<tr>")) == (True, 2)


@pytest.mark.parametrize(
    ("agent", "known"),
    [
        (AGENT, Device("Edge", "Windows")),
        (
            "Mozilla/5.0 (Windows NT 10.0) coc_coc_browser/120.0 Chrome/114.0 Safari/537.36",
            Device("Cốc Cốc", "Windows"),
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", Device("Firefox", "Linux")),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1",
            Device("Safari", "iPhone"),
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
            Device("Chrome", "Android"),
        ),
        ("curl/8.0", Device(None, None)),
    ],
)
def test_device_is_named_from_what_the_browser_says(agent: str, known: Device) -> None:
    assert device(agent) == known


# Tokens for programs.


async def test_token_is_shown_once_and_works_for_what_was_chosen(at: Desk) -> None:
    made = await at.post("/account/tokens", label="Bảng điện tử", days="7", scopes=["ceremony.see"])
    secret = re.findall(r'data-copy="(khaimac_[^"]+)"', made.text)[0]
    bearer = {"Authorization": f"Bearer {secret}"}
    seen = [
        (await at.client.get(path, headers=bearer)).status_code
        for path in ("/api/v1/ceremonies", "/api/v1/parked", "/account")
    ]
    assert seen == [200, 403, 403]
    part = await at.get("/account", at.owner)
    assert (secret in part.text, "Bảng điện tử" in part.text) == (False, True)
    revoke = re.findall(r'hx-post="(/account/tokens/[^"]+/revoke)"', part.text)[0]
    assert "The token no longer works." in text_of(await at.post(revoke))
    assert (await at.client.get("/api/v1/ceremonies", headers=bearer)).status_code == 401


async def test_token_without_anything_it_may_keeps_what_was_typed(at: Desk) -> None:
    wrong = await at.post("/account/tokens", label="Máy in", days="90")
    assert (wrong.status_code, "Give at least 1 of them." in wrong.text) == (422, True)
    assert ('value="Máy in"' in wrong.text, '<option value="90" selected>' in wrong.text) == (True, True)


async def test_only_what_one_may_oneself_is_offered_for_a_token(at: Desk, me: Person) -> None:
    assert 'name="scopes"' not in (await at.get("/account", me)).text
    work_for(await at.owner.caller(at.house.bus))
    wrong = await at.post("/account/tokens", me, label="Máy in", days="7", scopes=["accounts.change"])
    assert (wrong.status_code, "nothing of that" in wrong.text) == (422, True)

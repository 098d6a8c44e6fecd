"""Who is in: sessions and tokens, one's own account, the accounts of an office, and what nobody may read or do."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import BaseModel

from schemas import accounts as ask
from schemas import scheduling
from schemas.envelope import Ask, Caller, Grant, Question
from schemas.errors import Refused
from schemas.rights import action_of, allowed, is_filtered
from services.accounts.secret import digest
from services.accounts.service import Accounts
from services.accounts.store import people
from services.accounts.store import tables as own_tables
from services.accounts.store.tables import account, session, token
from services.kit import tables
from services.kit.bus import Bus
from services.kit.settings import Settings
from services.kit.store import Store
from services.scheduling.service import Scheduling
from tests.conftest import NOW
from tests.service.accounts_house import EMAIL, HOUSE, NAME, NOBODY, OTHER, PASSWORD, QUICK, House, as_caller

pytestmark = pytest.mark.anyio
OWNER, VIEWER, PLANNER, AUDITOR = (Grant(role=role) for role in ("owner", "viewer", "planner", "auditor"))


@pytest.fixture
async def house(
    bus: Bus, settings: Settings, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    monkeypatch.setattr(Accounts, "argon2", QUICK)
    house = House(bus, settings, database_url)
    await house.start()
    yield house
    await house.service.stop()


@pytest.fixture
async def ceremony(house: House) -> AsyncIterator[str]:
    """A ceremony of the office, by its id; its code is le-ra-mat."""
    service = Scheduling(
        Store(house.url.format(service="scheduling"), "scheduling", house.clock), house.bus, house.settings
    )
    await service.start()
    command = scheduling.CreateCeremony(code="le-ra-mat", ceremony=scheduling.CeremonyFields(title="Lễ ra mắt"))
    yield (await house.put(scheduling.create_ceremony, command, HOUSE)).id
    await service.stop()


# Sessions.


async def test_session_ends_after_twelve_idle_hours(house: House) -> None:
    came = await house.set_up()
    house.clock.later(hours=11.9)
    renewed = (await house.who(came)).renewed or ""
    house.clock.later(hours=11.9)
    assert (await house.who(renewed)).email == EMAIL
    house.clock.later(hours=12)
    assert await house.unknown(renewed)


async def test_session_ends_after_two_weeks_whatever_happens(house: House) -> None:
    secret = (await house.set_up()).token
    for _ in range(14 * 24 // 8 - 1):
        house.clock.later(hours=8)
        secret = (await house.who(secret)).renewed or ""
    house.clock.later(hours=8)
    assert await house.unknown(secret)


async def test_session_gets_a_new_secret_every_hour(house: House) -> None:
    old = (await house.set_up()).token
    house.clock.later(minutes=59)
    assert (await house.who(old)).renewed is None
    house.clock.later(minutes=1)
    new = (await house.who(old)).renewed or ""
    assert new != old
    assert [(await house.who(one)).renewed for one in (old, old, new, new, old)] == [None] * 5
    house.clock.later(seconds=59)
    assert (await house.who(old)).renewed is None
    house.clock.later(seconds=1)
    assert await house.unknown(old)
    assert (await house.who(new)).email == EMAIL


async def test_browser_that_lost_its_new_secret_stays_in(house: House) -> None:
    old = (await house.set_up()).token
    house.clock.later(hours=1)
    lost = (await house.who(old)).renewed or ""
    house.clock.later(minutes=5)
    new = (await house.who(old)).renewed or ""
    assert await house.unknown(lost)
    assert (await house.who(new)).renewed is None
    house.clock.later(minutes=1)
    assert await house.unknown(old)


async def test_many_requests_at_once_renew_once(house: House) -> None:
    old = (await house.set_up()).token
    house.clock.later(hours=1)
    found = await asyncio.gather(*(house.who(old) for _ in range(8)))
    assert sorted(one.renewed is not None for one in found) == [False] * 7 + [True]


async def test_being_recognised_writes_every_five_minutes_at_most(house: House) -> None:
    came = await house.set_up()
    seen = []
    for _ in range(6):
        house.clock.later(minutes=1, seconds=30)
        await house.who(came)
        seen.append((house.rows(session)[0]["seen_at"] - NOW.timestamp()) / 60)
    assert seen == [0, 0, 0, 6, 6, 6]


async def test_visit_before_this_one_is_told(house: House) -> None:
    secret = (await house.set_up()).token
    house.clock.later(minutes=30)
    assert (await house.who(secret)).previous_visit is None
    left = house.clock.now
    house.clock.later(hours=1)
    came_back = await house.who(secret)
    assert came_back.previous_visit == left
    house.clock.later(minutes=10)
    assert (await house.who(came_back.renewed or "")).previous_visit == left
    house.clock.later(hours=20)
    again = await house.who(await house.sign_in())
    assert again.previous_visit == left + timedelta(hours=1, minutes=10)


async def test_what_nobody_gave_out_opens_nothing(house: House) -> None:
    came = await house.set_up()
    assert [await house.unknown("x" * 43), await house.unknown(came.token, "token")] == [True, True]


async def test_sessions_are_listed_and_ended_by_whose_they_are(house: House) -> None:
    owner = await house.owner()
    house.clock.later(minutes=1)
    mine, other = await house.sign_in(), await house.sign_in()
    ba = await house.join(owner, "ba@example.org")
    listed = (await house.put(ask.list_sessions, Question(), owner)).sessions
    assert [(one.address, one.agent) for one in listed] == [("", ""), ("", ""), ("192.0.2.7", "Firefox")]
    assert {one.id for one in listed[:2]} == {mine.session_id, other.session_id}
    assert listed[2].expires_at == NOW + timedelta(hours=12)
    ended = [
        (await house.put(ask.revoke_session, ask.EndSession(session_id=other.session_id), who)).count
        for who in (ba, owner)
    ]
    assert ended == [0, 1]
    assert await house.unknown(other.token)
    keep = ask.RevokeOtherSessions(session_id=mine.session_id)
    assert (await house.put(ask.revoke_other_sessions, keep, owner)).count == 1
    assert (await house.put(ask.sign_out, ask.EndSession(session_id=mine.session_id), owner)).count == 1
    assert (await house.put(ask.list_sessions, Question(), owner)).sessions == ()
    assert [data["why"] for _, data in house.told("session.closed")] == ["revoked", "revoked", "signed_out"]
    assert (await house.put(ask.list_sessions, Question(), ba)).sessions != ()


async def test_what_has_run_out_is_swept_away_and_told_of(house: House) -> None:
    owner = await house.owner()
    await house.put(ask.open_office, ask.OpenOffice(code="other"), HOUSE)
    await house.set_up("other", "hoa@example.org")
    made = await make_token(house, owner, "guests.see", expires_at=NOW + timedelta(hours=1))
    house.clock.later(days=1)
    assert (await house.put(ask.list_sessions, Question(), owner)).sessions == ()
    assert (await house.put(ask.list_tokens, Question(), owner)).tokens == ()
    came = await house.sign_in()
    assert [one["id"] for one in house.rows(session)] == [came.session_id]
    assert house.rows(token) == []
    over = [one for one in house.events() if one["data"].get("why") == "expired"]
    assert sorted((one["type"], one["office"], one["authtype"]) for one in over) == [
        ("accounts.session.closed.v1", "office", "system"),
        ("accounts.session.closed.v1", "other", "system"),
        ("accounts.token.revoked.v1", "office", "system"),
    ]
    assert over[-1]["data"]["token_id"] == made.token.id


# One's own account.


async def test_password_is_changed_by_who_knows_it(house: House) -> None:
    first = await house.set_up()
    owner = as_caller(await house.who(first))
    other = await house.sign_in()
    link = await house.put(ask.reset_link, ask.ResetLink(user_id=first.user_id), owner)

    def change(old: str, new: str, session_id: str = first.session_id) -> ask.ChangePassword:
        return ask.ChangePassword(old=old, new=new, session_id=session_id)

    wrong = [change(OTHER, OTHER), change(PASSWORD, "1234567890"), change(PASSWORD, OTHER, "nobodys")]
    codes = [await house.refused(ask.change_password, one, owner) for one in wrong]
    assert codes == ["password-wrong", "password-easy", "not-found"]
    new = (await house.put(ask.change_password, change(PASSWORD, OTHER), owner)).token
    assert [await house.unknown(one.token) for one in (first, other)] == [True, True]
    assert (await house.who(new)).session_id == first.session_id
    assert await house.sign_in_refused() == "sign-in-wrong"
    assert await house.refused(ask.look_at_link, ask.LookAtLink(token=link.token)) == "link-dead"
    await house.sign_in(password=OTHER)
    assert house.told("password") == [("password.changed.v1", {"by": "own"})]


async def test_guessing_the_old_password_makes_wait(house: House) -> None:
    first = await house.set_up()
    owner = as_caller(await house.who(first))
    question = ask.ChangePassword(old=OTHER, new=OTHER, session_id=first.session_id)
    codes = [await house.refused(ask.change_password, question, owner) for _ in range(6)]
    assert codes == ["password-wrong"] * 5 + ["try-later"]


async def test_profile_is_changed_under_a_version(house: House) -> None:
    owner = await house.owner()
    was = await house.put(ask.get_account, Question(), owner)
    assert was == ask.Account(
        user_id=owner.actor or "",
        version=2,
        name=NAME,
        email=EMAIL,
        language="vi",
        theme=None,
        office="office",
        office_name="Văn phòng UBND",
        grants=(OWNER,),
        has_password=True,
        second_factor=False,
        recovery_codes_left=0,
        providers=(),
    )
    change = ask.ChangeProfile(expected_version=2, name=" Trần  Lan ", language="en", theme="dark")
    assert (await house.put(ask.change_profile, change, owner)).version == 3
    assert (await house.put(ask.change_profile, change, owner)).version == 3
    assert (await house.put(ask.get_account, Question(), owner)).name == "Trần Lan"
    stale = change.model_copy(update={"request_id": "again"})
    assert await house.refused(ask.change_profile, stale, owner) == "stale-version"
    same = change.model_copy(update={"request_id": "same", "expected_version": 3})
    assert (await house.put(ask.change_profile, same, owner)).version == 3
    assert [data["fields"] for _, data in house.told("user.changed")] == [["language", "name", "theme"]]


# API tokens.


async def make_token(house: House, who: Caller, *scopes: str, **more: Any) -> ask.NewToken:
    values: dict[str, Any] = {"name": "Máy in", "expires_at": NOW + timedelta(days=30)} | more
    return await house.put(ask.make_token, ask.MakeToken(scopes=scopes, **values), who)


async def test_token_may_what_it_is_made_for_until_it_ends(house: House) -> None:
    owner = await house.owner()
    made = await make_token(house, owner, "guests.see", "accounts.see", "guests.see")
    assert made.secret.startswith("khaimac_")
    who = await house.who(made.secret, "token")
    assert (who.scopes, who.session_id, who.grants) == (("accounts.see", "guests.see"), None, (OWNER,))
    assert len((await house.put(ask.list_users, Question(), as_caller(who))).users) == 1
    assert await house.refused(ask.list_tokens, Question(), as_caller(who)) == "not-allowed"
    invite = ask.InviteUser(email="ba@example.org")
    assert await house.refused(ask.invite_user, invite, as_caller(who)) == "not-allowed"
    house.clock.later(days=30)
    assert await house.unknown(made.secret, "token")


async def test_token_is_listed_with_its_last_use_and_revoked(house: House) -> None:
    owner = await house.owner()
    made = await make_token(house, owner, "guests.see")
    house.clock.later(minutes=7)
    await house.who(made.secret, "token")
    ba = await house.join(owner, "ba@example.org")
    listed = (await house.put(ask.list_tokens, Question(), owner)).tokens
    assert listed == (made.token.model_copy(update={"used_at": house.clock.now}),)
    revoked = [
        (await house.put(ask.revoke_token, ask.RevokeToken(token_id=made.token.id), who)).count for who in (ba, owner)
    ]
    assert revoked == [0, 1]
    assert await house.unknown(made.secret, "token")
    assert [name for name, _ in house.told("token")] == ["token.made.v1", "token.revoked.v1"]


async def test_token_may_not_what_its_maker_may_not(house: House) -> None:
    owner = await house.owner()
    ba = await house.join(owner, "ba@example.org", VIEWER)
    await make_token(house, ba, "guests.see")
    for scope in ("guests.change", "own_account", "house", "public", "no.such"):
        with pytest.raises(Refused) as refused:
            await make_token(house, ba, scope)
        assert (refused.value.code, refused.value.params) == ("not-yours", {"scope": scope})


@pytest.mark.parametrize("days", [-1, 0, 367])
async def test_token_ends_within_a_year(house: House, days: int) -> None:
    owner = await house.owner()
    with pytest.raises(Refused) as refused:
        await make_token(house, owner, "guests.see", expires_at=NOW + timedelta(days=days))
    assert refused.value.code == "token-term"


async def test_token_of_who_lost_his_role_may_nothing_with_it(house: House) -> None:
    owner = await house.owner()
    ba = await house.join(owner, "ba@example.org", AUDITOR)
    made = await make_token(house, ba, "accounts.see")
    change = ask.ChangeUser(user_id=ba.actor or "", expected_version=2, name="Ba", grants=(VIEWER,))
    await house.put(ask.change_user, change, owner)
    who = as_caller(await house.who(made.secret, "token"))
    assert await house.refused(ask.list_users, Question(), who) == "not-allowed"


# The accounts of an office.


async def test_users_are_listed_with_what_they_may_and_how_they_stand(house: House) -> None:
    owner = await house.owner()
    await house.invite(owner, "ba@example.org", VIEWER, PLANNER)
    hoa = await house.join(owner, "hoa@example.org", name="Đinh Hoà")
    await house.second_factor(hoa)
    await house.put(ask.lock_user, ask.LockUser(user_id=hoa.actor or ""), owner)
    users = (await house.put(ask.list_users, Question(), owner)).users
    shown = [(one.name, one.email, one.grants, one.state, one.seen_at, one.second_factor) for one in users]
    assert shown == [
        (None, "ba@example.org", (PLANNER, VIEWER), "invited", None, False),
        (NAME, EMAIL, (OWNER,), "active", NOW, False),
        ("Đinh Hoà", "hoa@example.org", (), "locked", NOW, True),
    ]


async def test_address_has_one_account_in_the_whole_installation(house: House) -> None:
    owner = await house.owner()
    await house.put(ask.open_office, ask.OpenOffice(code="other"), HOUSE)
    stranger = await house.owner("other", "hoa@example.org")
    invite = ask.InviteUser(email=EMAIL.upper())
    refusals = []
    for who in (owner, stranger):
        with pytest.raises(Refused) as refused:
            await house.put(ask.invite_user, invite, who)
        refusals.append(refused.value.wire)
    assert refusals[0] == refusals[1]
    assert refusals[0].code == "email-taken"


async def test_roles_hold_for_ceremonies_that_there_are(house: House, ceremony: str) -> None:
    owner = await house.owner()
    invited = await house.invite(owner, "ba@example.org", Grant(role="planner", ceremony_id="le-ra-mat"))
    (user,) = [one for one in (await house.put(ask.list_users, Question(), owner)).users if one.id == invited.user_id]
    assert user.grants == (Grant(role="planner", ceremony_id=ceremony),)
    for strange in ("no-such", ""):
        question = ask.InviteUser(email="hoa@example.org", grants=(Grant(role="planner", ceremony_id=strange),))
        assert await house.refused(ask.invite_user, question, owner) == "not-found"
    for grants, code in (
        ((Grant(role="boss"),), "role-unknown"),
        ((Grant(role="owner", ceremony_id=ceremony),), "owner-of-one"),
    ):
        change = ask.ChangeUser(user_id=invited.user_id, expected_version=1, name=None, grants=grants)
        assert await house.refused(ask.change_user, change, owner) == code


async def test_user_is_changed_once_per_request_and_under_a_version(house: House) -> None:
    owner = await house.owner()
    ba = await house.join(owner, "ba@example.org", VIEWER)
    change = ask.ChangeUser(user_id=ba.actor or "", expected_version=2, name="Lê Ba", grants=(PLANNER,))
    assert [(await house.put(ask.change_user, change, owner)).version for _ in range(2)] == [3, 3]
    late = change.model_copy(update={"request_id": "late", "grants": (VIEWER,)})
    assert await house.refused(ask.change_user, late, owner) == "stale-version"
    (told,) = [one for one in house.events() if one["type"] == "accounts.user.changed.v1"]
    assert (told["authid"], told["data"]["fields"]) == (owner.actor, ["grants", "name"])
    (kept,) = [one for one in house.rows(tables.changes) if one["event_id"] == told["id"]]
    assert ('"name": "Lê Văn Ba"' in kept["before"], '"name": "Lê Ba"' in kept["after"]) == (True, True)


async def test_last_owner_stays(house: House) -> None:
    owner = await house.owner()
    lock = ask.LockUser(user_id=owner.actor or "")
    change = ask.ChangeUser(user_id=owner.actor or "", expected_version=2, name=NAME, grants=(VIEWER,))
    assert await house.refused(ask.lock_user, lock, owner) == "last-owner"
    assert await house.refused(ask.change_user, change, owner) == "last-owner"
    await house.invite(owner, "hoa@example.org", OWNER)
    assert await house.refused(ask.lock_user, lock, owner) == "last-owner"
    await house.join(owner, "ba@example.org", OWNER)
    await house.put(ask.change_user, change, owner)
    assert (await house.who(await house.sign_in())).grants == (VIEWER,)


async def test_lock_ends_everything_and_unlock_lets_in_again(house: House) -> None:
    owner = await house.owner()
    ba = await house.join(owner, "ba@example.org", VIEWER)
    came, made = await house.sign_in("ba@example.org"), await make_token(house, ba, "guests.see")
    link = await house.put(ask.reset_link, ask.ResetLink(user_id=ba.actor or ""), owner)
    assert (await house.put(ask.lock_user, ask.LockUser(user_id=ba.actor or ""), owner)).version == 3
    assert await house.unknown(came.token)
    assert await house.unknown(made.secret, "token")
    assert await house.refused(ask.look_at_link, ask.LookAtLink(token=link.token)) == "link-dead"
    assert await house.refused(ask.reset_link, ask.ResetLink(user_id=ba.actor or ""), owner) == "still-locked"
    assert await house.sign_in_refused("ba@example.org") == "account-locked"
    assert await house.sign_in_refused("ba@example.org", OTHER) == "sign-in-wrong"
    assert (await house.put(ask.lock_user, ask.LockUser(user_id=ba.actor or ""), owner)).version == 3
    assert (await house.put(ask.unlock_user, ask.UnlockUser(user_id=ba.actor or ""), owner)).version == 4
    await house.sign_in("ba@example.org")
    names = ("user.locked", "user.unlocked", "session.closed", "token.revoked")
    assert [(name, data.get("why")) for name, data in house.told(*names)] == [
        ("user.locked.v1", None),
        ("session.closed.v1", "locked"),
        ("session.closed.v1", "locked"),
        ("token.revoked.v1", "locked"),
        ("user.unlocked.v1", None),
    ]


async def test_locked_account_is_not_recognised_even_where_something_of_it_was_left(house: House) -> None:
    owner = await house.owner()
    ba = await house.join(owner, "ba@example.org", VIEWER)
    came, made = await house.sign_in("ba@example.org"), await make_token(house, ba, "guests.see")
    with house.store.change(HOUSE) as tx:
        people.save_user(tx, ba.actor or "", locked_at=NOW)
    assert [await house.unknown(came.token), await house.unknown(made.secret, "token")] == [True, True]


async def test_unlock_ends_a_wait(house: House) -> None:
    owner = await house.owner()
    for _ in range(5):
        await house.sign_in_refused(password=OTHER)
    await house.put(ask.unlock_user, ask.UnlockUser(user_id=owner.actor or ""), owner)
    await house.sign_in()


async def test_office_is_renamed_under_a_version(house: House) -> None:
    owner = await house.owner()
    change = ask.ChangeOffice(expected_version=2, name="Văn phòng Tỉnh ủy")
    assert (await house.put(ask.change_office, change, owner)).version == 3
    stale = change.model_copy(update={"request_id": "again", "name": "Khác"})
    assert await house.refused(ask.change_office, stale, owner) == "stale-version"
    assert (await house.put(ask.get_office, Question(), owner)).name == "Văn phòng Tỉnh ủy"


async def test_office_is_opened_by_the_operator_once(house: House) -> None:
    command = ask.OpenOffice(code="tinh-uy", name=" Văn phòng  Tỉnh ủy ")
    assert await house.put(ask.open_office, command, HOUSE) == await house.put(ask.open_office, command, HOUSE)
    again = command.model_copy(update={"request_id": "again"})
    assert await house.refused(ask.open_office, again, HOUSE) == "office-taken"
    strange = ask.SetUpLink(office="no-such")
    assert await house.refused(ask.setup_link, strange, HOUSE) == "not-found"
    told = [one for one in house.events() if one["office"] == "tinh-uy"]
    assert [(one["type"], one["subject"]) for one in told] == [("accounts.office.opened.v1", "tinh-uy")]


# Rights: every question, as every kind of caller, over the bus.


def examples(user_id: str, session_id: str) -> dict[Ask[Any, Any], BaseModel]:
    """One of each question, which only a caller who may asks in vain."""
    later = NOW + timedelta(days=1)
    return {
        ask.recognise: ask.Recognise(kind="session", digest=digest("x")),
        ask.sign_in: ask.SignIn(email="nobody@example.org", password=OTHER),
        ask.sign_in_by_provider: ask.SignInByProvider(issuer="i", subject="s", email="", email_verified=True),
        ask.set_up: ask.SetUp(token="x", office_name="x", name="x", email=EMAIL, password=PASSWORD),
        ask.look_at_link: ask.LookAtLink(token="x"),
        ask.accept_link: ask.AcceptLink(token="x", password=PASSWORD),
        ask.get_account: Question(),
        ask.change_profile: ask.ChangeProfile(expected_version=9, name="x", language=None, theme=None),
        ask.sign_out: ask.EndSession(session_id="x"),
        ask.list_sessions: Question(),
        ask.revoke_session: ask.EndSession(session_id=session_id),
        ask.revoke_other_sessions: ask.RevokeOtherSessions(session_id="x"),
        ask.change_password: ask.ChangePassword(old=OTHER, new=OTHER, session_id=session_id),
        ask.begin_second_factor: ask.BeginSecondFactor(password=OTHER),
        ask.confirm_second_factor: ask.ConfirmSecondFactor(code="000000"),
        ask.remove_second_factor: ask.RemoveSecondFactor(password=OTHER),
        ask.list_tokens: Question(),
        ask.make_token: ask.MakeToken(name="x", scopes=("house",), expires_at=later),
        ask.revoke_token: ask.RevokeToken(token_id="x"),
        ask.list_users: Question(),
        ask.list_names: Question(),
        ask.get_office: Question(),
        ask.invite_user: ask.InviteUser(email=EMAIL),
        ask.change_user: ask.ChangeUser(user_id=user_id, expected_version=9, name=None, grants=()),
        ask.lock_user: ask.LockUser(user_id="x"),
        ask.unlock_user: ask.UnlockUser(user_id="x"),
        ask.reset_link: ask.ResetLink(user_id="x"),
        ask.change_office: ask.ChangeOffice(expected_version=9, name="x"),
        ask.setup_link: ask.SetUpLink(office="no-such"),
        ask.open_office: ask.OpenOffice(code="office"),
    }


async def test_every_question_is_for_who_may_and_for_nobody_else(house: House) -> None:
    first = await house.set_up()
    owner = as_caller(await house.who(first))
    callers = {
        "nobody": NOBODY,
        "owner": owner,
        "auditor": await house.join(owner, "auditor@example.org", AUDITOR),
        "without a role": await house.join(owner, "ba@example.org"),
        "planner of one": owner.model_copy(update={"grants": (Grant(role="planner", ceremony_id="c1"),)}),
        "token": owner.model_copy(update={"scopes": ("accounts.see",)}),
    }
    questions = examples(first.user_id, first.session_id)
    assert sorted(one.name for one in questions) == sorted(
        one.name
        for one in Ask.known.values()
        if one.service == "accounts" and one.request.__module__ not in {"schemas.house", "schemas.traces"}
    )
    wrong = []
    for called, who in callers.items():
        for asked, question in questions.items():
            name = f"accounts.{asked.name}"
            may = allowed(who, action_of(name) or "house", anywhere=is_filtered(name))
            if await was_let_in(house, asked, question, who) != may:
                wrong.append((called, asked.name, may))
    assert wrong == []


async def was_let_in(house: House, asked: Ask[Any, Any], question: BaseModel, who: Caller) -> bool:
    try:
        await house.put(asked, question, who)
    except Refused as refused:
        stopped = "not-allowed" if who.auth == "user" else "not-signed-in"
        return refused.code != stopped
    return True


async def test_office_never_reaches_anothers_accounts(house: House) -> None:
    owner = await house.owner()
    ba = await house.join(owner, "ba@example.org", VIEWER)
    came = await house.sign_in("ba@example.org")
    made = await make_token(house, ba, "guests.see")
    await house.put(ask.open_office, ask.OpenOffice(code="other"), HOUSE)
    stranger = await house.owner("other", "hoa@example.org")
    user_id = ba.actor or ""
    change = ask.ChangeUser(user_id=user_id, expected_version=2, name=None, grants=(OWNER,))
    tries: dict[Ask[Any, Any], BaseModel] = {
        ask.change_user: change,
        ask.lock_user: ask.LockUser(user_id=user_id),
        ask.unlock_user: ask.UnlockUser(user_id=user_id),
        ask.reset_link: ask.ResetLink(user_id=user_id),
    }
    for asked, question in tries.items():
        assert await house.refused(asked, question, stranger) == "not-found"
    assert [one.email for one in (await house.put(ask.list_users, Question(), stranger)).users] == ["hoa@example.org"]
    assert (await house.put(ask.get_office, Question(), stranger)).code == "other"
    end, revoke = ask.EndSession(session_id=came.session_id), ask.RevokeToken(token_id=made.token.id)
    assert (await house.put(ask.revoke_session, end, stranger)).count == 0
    assert (await house.put(ask.revoke_token, revoke, stranger)).count == 0
    assert (await house.who(came)).office == "office"
    assert (await house.who(made.secret, "token")).scopes == ("guests.see",)


# What nobody may read.


async def test_no_secret_stands_in_the_database(house: House) -> None:
    link = await house.put(ask.setup_link, ask.SetUpLink(office="office"), HOUSE)
    first = await house.set_up()
    owner = as_caller(await house.who(first))
    _, codes = await house.second_factor(owner)
    invited = await house.invite(owner, "ba@example.org")
    made = await make_token(house, owner, "guests.see")
    reset = await house.put(ask.reset_link, ask.ResetLink(user_id=first.user_id), owner)
    change = ask.ChangePassword(old=PASSWORD, new=OTHER, session_id=first.session_id)
    changed = await house.put(ask.change_password, change, owner)
    secrets = [link.token, first.token, invited.link.token, made.secret, reset.token, changed.token]
    secrets += [made.secret.removeprefix("khaimac_"), *codes, *(code.replace("-", "").upper() for code in codes)]
    kept = "\n".join(everything(house))
    assert (EMAIL in kept, "$argon2id$" in kept) == (True, True)
    assert [one for one in (*secrets, PASSWORD, OTHER) if one in kept] == []


def everything(house: House) -> Iterator[str]:
    """All that the database holds: its rows, and the bytes of its files where it has files of its own."""
    for table in (*own_tables.metadata.sorted_tables, *tables.metadata.sorted_tables):
        yield from (str(tuple(row.values())) for row in house.rows(table))
    for path in sorted(Path(house.settings.data_dir).glob("accounts.db*")):
        yield path.read_bytes().decode("utf-8", "replace")


async def test_events_and_remembered_answers_name_nobody(house: House) -> None:
    owner = await house.owner()
    ba = await house.join(owner, "ba@example.org", VIEWER)
    await make_token(house, ba, "guests.see")
    await house.put(ask.lock_user, ask.LockUser(user_id=ba.actor or ""), owner)
    with house.store.read() as conn:
        told = "\n".join(conn.execute(sa.select(tables.outbox.c.body)).scalars())
        answers = "\n".join(conn.execute(sa.select(tables.requests.c.answer)).scalars())
    personal = (EMAIL, "ba@example.org", NAME, "Lê Văn Ba", "192.0.2.7", "Firefox", "Máy in", "Văn phòng")
    assert [one for one in personal if one in told + answers] == []
    kept = {one["event_id"]: one for one in house.rows(tables.changes)}
    hashes = {one["password"] for one in house.rows(account)}
    assert [one for one in kept.values() if any(hash_ in f"{one['before']}{one['after']}" for hash_ in hashes)] == []

"""Coming in: set-up, passwords, waits, links, providers, second factors; on both engines, over the bus."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from schemas import accounts as ask
from schemas.envelope import Caller, Grant, Question
from schemas.errors import Refused
from services.accounts import service
from services.accounts.service import Accounts
from services.accounts.store import tables as own_tables
from services.accounts.store.tables import account, session
from services.kit import tables
from services.kit.bus import Bus
from services.kit.settings import Settings
from services.kit.store import Store
from tests.conftest import NOW
from tests.service.accounts_house import EMAIL, HOUSE, NAME, OTHER, PASSWORD, QUICK, House

pytestmark = pytest.mark.anyio
OWNER, VIEWER = Grant(role="owner"), Grant(role="viewer")


@pytest.fixture
async def house(
    bus: Bus, settings: Settings, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    monkeypatch.setattr(Accounts, "argon2", QUICK)
    house = House(bus, settings, database_url)
    await house.start()
    yield house
    await house.service.stop()


def test_migrations_make_exactly_the_declared_tables(new_store: Callable[[str], Store]) -> None:
    store = new_store("accounts")
    store.open(Path(service.__file__).parent / "migrations")
    declared = sa.MetaData()
    for table in (*tables.metadata.tables.values(), *own_tables.metadata.tables.values()):
        table.to_metadata(declared)
    with store.read() as conn:
        assert compare_metadata(MigrationContext.configure(conn), declared) == []


# Set-up.


async def test_set_up_makes_the_first_owner_and_names_the_office(house: House) -> None:
    link = await house.put(ask.setup_link, ask.SetUpLink(office="office"), HOUSE)
    seen = await house.put(ask.look_at_link, ask.LookAtLink(token=link.token))
    assert seen == ask.LinkSeen(
        kind="set_up",
        office="office",
        office_name=None,
        name=None,
        email=None,
        expires_at=NOW + timedelta(days=7),
    )
    came = await house.set_up()
    assert (came.office, came.language, came.expires_at) == ("office", "vi", NOW + timedelta(days=14))
    assert await house.who(came) == ask.Identity(
        user_id=came.user_id,
        name=NAME,
        email=EMAIL,
        language="vi",
        theme=None,
        office="office",
        office_name="Văn phòng UBND",
        grants=(OWNER,),
        session_id=came.session_id,
        second_factor=False,
        previous_visit=None,
    )
    assert [(one["type"], one["subject"], one["authtype"], one.get("authid")) for one in house.events()] == [
        ("accounts.office.opened.v1", "office", "system", None),
        ("accounts.link.made.v1", "office", "system", None),
        ("accounts.link.made.v1", "office", "system", None),
        ("accounts.office.renamed.v1", "office", "user", came.user_id),
        ("accounts.user.joined.v1", came.user_id, "user", came.user_id),
        ("accounts.session.opened.v1", came.user_id, "user", came.user_id),
    ]


async def test_set_up_link_works_once_and_only_the_newest(house: House) -> None:
    links = [await house.put(ask.setup_link, ask.SetUpLink(office="office"), HOUSE) for _ in range(2)]
    answers = [await set_up_by(house, link.token, f"{at}@example.org") for at, link in enumerate(links)]
    again = await set_up_by(house, links[1].token, "again@example.org")
    assert [*answers, again] == ["link-dead", "came in", "link-dead"]
    assert await house.refused(ask.setup_link, ask.SetUpLink(office="office"), HOUSE) == "already-set-up"


async def test_set_up_link_runs_out_after_a_week(house: House) -> None:
    link = await house.put(ask.setup_link, ask.SetUpLink(office="office"), HOUSE)
    house.clock.later(days=7)
    assert await set_up_by(house, link.token, EMAIL) == "link-dead"


async def test_set_up_link_is_worth_nothing_once_somebody_has_come_in(house: House) -> None:
    link = await house.put(ask.setup_link, ask.SetUpLink(office="office"), HOUSE)
    await house.join(HOUSE, EMAIL, OWNER)
    assert await set_up_by(house, link.token, "other@example.org") == "already-set-up"


async def test_set_up_that_is_refused_leaves_the_link_as_it_was(house: House) -> None:
    token = (await house.put(ask.setup_link, ask.SetUpLink(office="office"), HOUSE)).token
    await house.invite(HOUSE, "taken@example.org")
    wrong = [
        await set_up_by(house, token, EMAIL, "ngắn"),
        await set_up_by(house, token, EMAIL, NAME),
        await set_up_by(house, token, "nobody"),
        await set_up_by(house, token, "Taken@Example.org"),
    ]
    assert wrong == ["password-short", "password-own-name", "email-wrong", "email-taken"]
    assert await set_up_by(house, token, EMAIL) == "came in"


async def set_up_by(house: House, token: str, email: str, password: str = PASSWORD) -> str:
    """What comes of it: the code of the refusal, or that he came in."""
    question = ask.SetUp(token=token, office_name="Văn phòng", name=NAME, email=email, password=password)
    try:
        await house.put(ask.set_up, question)
    except Refused as refused:
        return refused.code
    return "came in"


async def test_own_office_is_opened_at_the_first_start_only(house: House) -> None:
    await house.restart()
    assert house.told("office") == [("office.opened.v1", {"version": 1})]
    found = await house.put(ask.get_office, Question(), HOUSE)
    assert found == ask.Office(code="office", name=None, version=1)


# By password.


async def test_sign_in_opens_a_session_that_says_from_where(house: House) -> None:
    await house.set_up()
    house.clock.later(minutes=1)
    question = ask.SignIn(email=f" {EMAIL.upper()} ", password=PASSWORD, address="198.51.100.4", agent="x" * 999)
    came = await house.put(ask.sign_in, question)
    who = await house.who(came)
    assert (who.name, who.session_id, who.scopes) == (NAME, came.session_id, None)
    kept = {one["id"]: one for one in house.rows(session)}[came.session_id]
    assert (kept["address"], kept["agent"]) == ("198.51.100.4", "x" * 300)
    assert house.told("session")[-1] == (
        "session.opened.v1",
        {"session_id": came.session_id, "by": "password", "second_factor": None},
    )


async def test_vietnamese_password_opens_however_it_is_typed(house: House) -> None:
    await house.set_up()
    for form in ("NFC", "NFD"):
        assert (await house.who(await house.sign_in(password=normalize(form, PASSWORD)))).email == EMAIL


async def test_wrong_password_and_unknown_address_are_refused_alike(house: House) -> None:
    came = await house.set_up()
    await house.invite(HOUSE, "invited@example.org")
    for email, password in ((EMAIL, OTHER), ("nobody@example.org", PASSWORD), ("invited@example.org", PASSWORD)):
        assert await house.sign_in_refused(email, password) == "sign-in-wrong"
    refused = [one for one in house.events() if one["type"] == "accounts.sign_in.refused.v1"]
    assert [(one["subject"], one["office"], one["authtype"], one["data"]) for one in refused] == [
        (came.user_id, "office", "unauthenticated", {"why": "password"}),
        (refused[1]["subject"], "office", "unauthenticated", {"why": "password"}),
    ]
    numbers = house.service.numbers
    assert (numbers["sign_ins_total"], numbers["sign_ins_refused_total"]) == (1, 3)


async def test_unknown_address_costs_a_whole_comparison(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.set_up()
    compared: list[str] = []
    real = QUICK.verify_and_update

    def counting(password: Any, kept: Any) -> tuple[bool, str | None]:
        compared.append(kept.split("$")[3])
        return real(password, kept)

    monkeypatch.setattr(QUICK, "verify_and_update", counting)
    await house.sign_in_refused(password=OTHER)
    await house.sign_in_refused("nobody@example.org")
    assert compared == ["m=8,t=1,p=1"] * 2


async def test_password_is_kept_by_newer_parameters_when_they_grew(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.set_up()
    grown = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=16, parallelism=1),))
    monkeypatch.setattr(Accounts, "argon2", grown)
    await house.restart()
    await house.sign_in_refused(password=OTHER)
    before = house.rows(account)[0]["password"]
    await house.sign_in()
    after = house.rows(account)[0]["password"]
    assert [kept.split("$")[1:4] for kept in (before, after)] == [
        ["argon2id", "v=19", "m=8,t=1,p=1"],
        ["argon2id", "v=19", "m=16,t=2,p=1"],
    ]
    await house.sign_in()


async def test_others_write_while_a_password_is_compared(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = await house.owner()
    comparing, go_on = threading.Event(), threading.Event()
    real = QUICK.verify_and_update

    def slow(password: Any, kept: Any) -> tuple[bool, str | None]:
        comparing.set()
        assert go_on.wait(10)
        return real(password, kept)

    monkeypatch.setattr(QUICK, "verify_and_update", slow)
    waiting = [asyncio.create_task(house.sign_in()) for _ in range(8)]
    await asyncio.to_thread(comparing.wait, 10)
    await asyncio.wait_for(house.invite(owner, "hoa@example.org"), 3)
    go_on.set()
    came = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(one) for one in came if not isinstance(one, Refused)] != []


# Waits.


async def test_five_failures_make_even_the_right_password_wait(house: House) -> None:
    await house.set_up()
    for _ in range(5):
        assert await house.sign_in_refused(password=OTHER) == "sign-in-wrong"
    with pytest.raises(Refused) as refused:
        await house.sign_in()
    assert (refused.value.code, refused.value.wire.status, refused.value.params) == (
        "try-later",
        429,
        {"minutes": "1"},
    )
    house.clock.later(minutes=1)
    await house.sign_in()
    assert await house.sign_in_refused(password=OTHER) == "sign-in-wrong"
    await house.sign_in()


async def test_waits_are_the_same_where_nobody_has_the_address(house: House) -> None:
    codes = [await house.sign_in_refused("nobody@example.org") for _ in range(6)]
    assert codes == ["sign-in-wrong"] * 5 + ["try-later"]


async def test_restart_does_not_forget_a_wait(house: House) -> None:
    await house.set_up()
    for _ in range(5):
        await house.sign_in_refused(password=OTHER)
    await house.restart()
    assert await house.sign_in_refused() == "try-later"


async def test_many_tries_at_once_are_not_one(house: House) -> None:
    await house.set_up()
    codes = await asyncio.gather(*(house.sign_in_refused(password=f"{OTHER} {at}") for at in range(12)))
    assert sorted(codes) == ["sign-in-wrong"] * 5 + ["try-later"] * 7
    assert len(house.told("sign_in.refused")) == 5


# By link.


async def test_invitation_leads_in_once(house: House) -> None:
    owner = await house.owner()
    invited = await house.invite(owner, " Ba@Example.org ", VIEWER)
    token = invited.link.token
    seen = await house.put(ask.look_at_link, ask.LookAtLink(token=token))
    assert (seen.kind, seen.email, seen.office_name) == ("invitation", "Ba@Example.org", "Văn phòng UBND")
    assert seen.expires_at == NOW + timedelta(days=7)
    accept = ask.AcceptLink(token=token, password=OTHER, name=" Lê  Văn Ba ", language="en", agent="Safari")
    who = await house.who(await house.put(ask.accept_link, accept))
    assert (who.user_id, who.name, who.grants, who.language) == (invited.user_id, "Lê Văn Ba", (VIEWER,), "en")
    assert await house.refused(ask.accept_link, accept) == "link-dead"
    assert await house.refused(ask.look_at_link, ask.LookAtLink(token=token)) == "link-dead"
    assert [data for name, data in house.told("user.joined")][1] == {
        "version": 2,
        "by": "invitation",
        "grants": [{"role": "viewer", "ceremony_id": None}],
    }


@pytest.mark.parametrize(("days", "answer"), [(6.99, "came in"), (7, "link-dead")])
async def test_invitation_holds_for_a_week(house: House, days: float, answer: str) -> None:
    token = (await house.invite(HOUSE, "ba@example.org")).link.token
    house.clock.later(days=days)
    assert await accepted(house, token) == answer


async def test_new_link_ends_the_one_before(house: House) -> None:
    owner = await house.owner()
    invited = await house.invite(owner, "ba@example.org")
    again = await house.put(ask.reset_link, ask.ResetLink(user_id=invited.user_id), owner)
    assert (again.kind, again.expires_at) == ("invitation", NOW + timedelta(days=7))
    assert [await accepted(house, token) for token in (invited.link.token, again.token)] == ["link-dead", "came in"]


async def test_reset_changes_the_password_and_ends_every_session(house: House) -> None:
    owner = await house.owner()
    ba = await house.join(owner, "ba@example.org")
    came = await house.sign_in("ba@example.org")
    for _ in range(5):
        await house.sign_in_refused("ba@example.org", OTHER)
    link = await house.put(ask.reset_link, ask.ResetLink(user_id=ba.actor or ""), owner)
    assert (link.kind, link.expires_at) == ("reset", NOW + timedelta(hours=24))
    assert await accepted(house, link.token, "ngắn") == "password-short"
    assert [await accepted(house, link.token) for _ in range(2)] == ["came in", "link-dead"]
    assert await house.unknown(came.token)
    await house.sign_in("ba@example.org", OTHER)
    assert await house.sign_in_refused("ba@example.org") == "sign-in-wrong"
    assert house.told("password") == [("password.changed.v1", {"by": "reset"})]
    closed = [data["why"] for name, data in house.told("session.closed")]
    assert closed == ["password_changed"] * 2


async def test_reset_holds_for_a_day(house: House) -> None:
    owner = await house.owner()
    link = await house.put(ask.reset_link, ask.ResetLink(user_id=owner.actor or ""), owner)
    house.clock.later(hours=24)
    assert await accepted(house, link.token) == "link-dead"


async def test_reset_alone_does_not_pass_the_second_factor(house: House) -> None:
    owner = await house.owner()
    secret, _ = await house.second_factor(owner)
    token = (await house.put(ask.reset_link, ask.ResetLink(user_id=owner.actor or ""), owner)).token
    assert (await house.put(ask.look_at_link, ask.LookAtLink(token=token))).second_factor
    assert await accepted(house, token) == "code-needed"
    assert await accepted(house, token, code="000000") == "code-wrong"
    assert await accepted(house, token, code=house.code(secret)) == "came in"
    assert house.told("sign_in.refused") == [("sign_in.refused.v1", {"why": "code"})]


async def test_codes_at_a_reset_link_are_counted(house: House) -> None:
    owner = await house.owner()
    secret, _ = await house.second_factor(owner)
    token = (await house.put(ask.reset_link, ask.ResetLink(user_id=owner.actor or ""), owner)).token
    codes = [await accepted(house, token, code="000000") for _ in range(6)]
    assert codes == ["code-wrong"] * 5 + ["try-later"]
    assert await accepted(house, token, code=house.code(secret)) == "try-later"


async def test_reset_for_who_lost_his_phone_removes_the_second_factor(house: House) -> None:
    owner = await house.owner()
    await house.second_factor(owner)
    question = ask.ResetLink(user_id=owner.actor or "", remove_second_factor=True)
    token = (await house.put(ask.reset_link, question, owner)).token
    assert not (await house.put(ask.look_at_link, ask.LookAtLink(token=token))).second_factor
    assert await accepted(house, token) == "came in"
    assert not (await house.who(await house.sign_in(password=OTHER))).second_factor
    assert house.told("second_factor")[-1] == ("second_factor.changed.v1", {"on": False, "by": "reset"})


async def accepted(house: House, token: str, password: str = OTHER, code: str | None = None) -> str:
    """What comes of it: the code of the refusal, or that he came in."""
    try:
        await house.put(ask.accept_link, ask.AcceptLink(token=token, password=password, code=code))
    except Refused as refused:
        return refused.code
    return "came in"


# By provider.


def vouched(subject: str = "sub-1", email: str = "ba@example.org", **more: Any) -> ask.SignInByProvider:
    values: dict[str, Any] = {
        "issuer": "https://id.example.org",
        "email_verified": True,
        "name": " Lê  Văn Ba ",
    } | more
    return ask.SignInByProvider(subject=subject, email=email, **values)


async def test_provider_signs_in_who_was_invited_and_knows_him_from_then_on(house: House) -> None:
    owner = await house.owner()
    invited = await house.invite(owner, "Ba@example.org", VIEWER)
    first = await house.who(await house.put(ask.sign_in_by_provider, vouched(), HOUSE))
    assert (first.user_id, first.name, first.grants) == (invited.user_id, "Lê Văn Ba", (VIEWER,))
    assert await accepted(house, invited.link.token) == "link-dead"
    moved = vouched(email="ba.new@example.org", email_verified=False)
    assert (await house.who(await house.put(ask.sign_in_by_provider, moved, HOUSE))).user_id == invited.user_id
    account = await house.put(ask.get_account, Question(), as_user(first))
    assert (account.providers, account.has_password) == (("https://id.example.org",), False)
    assert await house.sign_in_refused("ba@example.org") == "sign-in-wrong"
    told = house.told("provider", "user.joined")[1:]
    assert [name for name, _ in told] == ["provider.linked.v1", "user.joined.v1"]


def as_user(who: ask.Identity) -> Caller:
    return Caller(office=who.office, auth="user", actor=who.user_id, grants=who.grants)


async def test_provider_makes_no_accounts_and_links_by_verified_addresses_only(house: House) -> None:
    owner = await house.owner()
    await house.invite(owner, "ba@example.org")
    strangers = (vouched(email="nobody@example.org"), vouched(email_verified=False))
    assert [await house.refused(ask.sign_in_by_provider, one, HOUSE) for one in strangers] == ["not-invited"] * 2
    await house.put(ask.sign_in_by_provider, vouched(), HOUSE)
    given_away = vouched("sub-2")
    assert await house.refused(ask.sign_in_by_provider, given_away, HOUSE) == "not-invited"
    elsewhere = vouched("sub-2", issuer="https://other.example.org")
    await house.put(ask.sign_in_by_provider, elsewhere, HOUSE)


async def test_provider_does_not_sign_in_who_is_locked(house: House) -> None:
    owner = await house.owner()
    ba = await house.join(owner, "ba@example.org")
    await house.put(ask.lock_user, ask.LockUser(user_id=ba.actor or ""), owner)
    assert await house.refused(ask.sign_in_by_provider, vouched(), HOUSE) == "account-locked"
    assert house.told("provider") == []
    assert house.told("sign_in.refused") == [("sign_in.refused.v1", {"why": "locked"})]


# The second factor.


async def test_second_factor_is_asked_for_and_told(house: House) -> None:
    owner = await house.owner()
    secret, codes = await house.second_factor(owner)
    assert (len(codes), len(set(codes))) == (10, 10)
    assert await house.sign_in_refused() == "code-needed"
    came = await house.sign_in(code=f" {house.code(secret)[:3]} {house.code(secret)[3:]}")
    assert (await house.who(came)).second_factor
    assert house.told("second_factor") == [("second_factor.changed.v1", {"on": True, "by": "own"})]
    assert house.told("session.opened")[-1][1]["second_factor"] == "code"


async def test_code_is_accepted_once(house: House) -> None:
    secret, _ = await house.second_factor(await house.owner())
    code = house.code(secret)
    await house.sign_in(code=code)
    assert await house.sign_in_refused(code=code) == "code-wrong"
    house.clock.later(seconds=30)
    await house.sign_in(code=house.code(secret))


async def test_code_of_the_set_up_is_spent(house: House) -> None:
    owner = await house.owner()
    begun = await house.put(ask.begin_second_factor, ask.BeginSecondFactor(password=PASSWORD), owner)
    code = house.code(begun.secret)
    await house.put(ask.confirm_second_factor, ask.ConfirmSecondFactor(code=code), owner)
    assert await house.sign_in_refused(code=code) == "code-wrong"


async def test_recovery_code_signs_in_once(house: House) -> None:
    owner = await house.owner()
    _, codes = await house.second_factor(owner)
    await house.sign_in(code=codes[3].upper().replace("-", " "))
    assert house.told("session.opened")[-1][1]["second_factor"] == "recovery_code"
    assert await house.sign_in_refused(code=codes[3]) == "code-wrong"
    await house.sign_in(code=codes[4])
    assert (await house.put(ask.get_account, Question(), owner)).recovery_codes_left == 8


async def test_wrong_codes_make_wait_and_missing_ones_do_not(house: House) -> None:
    secret, _ = await house.second_factor(await house.owner())
    for _ in range(4):
        assert await house.sign_in_refused(code="000000") == "code-wrong"
    for _ in range(3):
        assert await house.sign_in_refused() == "code-needed"
    assert await house.sign_in_refused(code="000000") == "code-wrong"
    assert await house.sign_in_refused(code=house.code(secret)) == "try-later"


async def test_second_factor_takes_the_password_to_set_up_and_to_remove(house: House) -> None:
    owner = await house.owner()
    begin = ask.BeginSecondFactor(password=OTHER)
    assert await house.refused(ask.begin_second_factor, begin, owner) == "password-wrong"
    confirm = ask.ConfirmSecondFactor(code="000000")
    assert await house.refused(ask.confirm_second_factor, confirm, owner) == "nothing-begun"
    await house.second_factor(owner)
    remove = ask.RemoveSecondFactor(password=OTHER)
    assert await house.refused(ask.remove_second_factor, remove, owner) == "password-wrong"
    await house.put(ask.remove_second_factor, ask.RemoveSecondFactor(password=PASSWORD), owner)
    await house.sign_in()
    found = await house.put(ask.get_account, Question(), owner)
    assert (found.second_factor, found.recovery_codes_left) == (False, 0)


async def test_second_factor_that_was_not_confirmed_is_not_asked_for(house: House) -> None:
    owner = await house.owner()
    begun = await house.put(ask.begin_second_factor, ask.BeginSecondFactor(password=PASSWORD), owner)
    assert begun.secret in begun.uri
    confirm = ask.ConfirmSecondFactor(code="000000")
    assert await house.refused(ask.confirm_second_factor, confirm, owner) == "code-wrong"
    await house.sign_in()

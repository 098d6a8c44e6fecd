"""The rules of accounts, with a fixed clock: passwords, roles, sessions, tries and codes."""

from datetime import UTC, datetime, timedelta
from typing import Any
from unicodedata import normalize

import pyotp
import pytest

from schemas.envelope import Grant
from schemas.errors import Refusal
from services.accounts.model import codes, tries
from services.accounts.model.holder import (
    EmailWrong,
    Holder,
    LastOwner,
    NameEmpty,
    OwnerOfOne,
    RoleUnknown,
    address,
    address_key,
    check_owner_stays,
    named,
    settled,
    visit_before,
)
from services.accounts.model.passwords import (
    PasswordEasy,
    PasswordOwnName,
    PasswordShort,
    PasswordUntypable,
    check_new,
    plain,
    prepared,
)
from services.accounts.model.sessions import Kept, Step, expires_at, recognised
from services.accounts.model.tries import Tries, TryLater, begun, taken_back
from services.accounts.secret import commonest

NOW = datetime(2024, 6, 20, 8, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OWNER, PLANNER = Grant(role="owner"), Grant(role="planner")
ROLES = ("owner", "planner", "viewer")


def holder(user_id: str = "u1", **known: Any) -> Holder:
    values: dict[str, Any] = dict.fromkeys(Holder.__slots__)
    values |= {"id": user_id, "office": "o", "email": f"{user_id}@example.org", "grants": (), "version": 1}
    return Holder(**values | {"totp_step": 0} | known)


# Passwords.


def test_password_typed_composed_or_decomposed_is_the_same() -> None:
    words = "Mật khẩu của tôi"
    assert prepared(normalize("NFD", words)) == prepared(words) == words


def test_password_keeps_case_and_has_plain_blanks() -> None:
    assert prepared("Bốn\u00a0Mùa\u3000Hoa") == "Bốn Mùa Hoa"


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("Ngắn thôi", PasswordShort),
        (normalize("NFD", "ếếếếếab"), PasswordShort),
        ("1234567890", PasswordEasy),
        ("Mật Khẩu 123", PasswordEasy),
        ("QWERTYUIOP", PasswordEasy),
        ("abababababab", PasswordEasy),
        ("an.nguyen@example.org", PasswordOwnName),
        ("an.nguyen@example.org1990", PasswordOwnName),
        ("nguyen van an", PasswordOwnName),
        ("NguyenVanAn1990!", PasswordOwnName),
        ("an.nguyen2024", PasswordOwnName),
        ("ba con mèo\u200b đen", PasswordUntypable),
        ("ba con\u0007 mèo đen", PasswordUntypable),
    ],
)
def test_password_that_is_easily_guessed_is_refused(password: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        check_new(password, ("an.nguyen@example.org", "Nguyễn Văn Ân"), commonest())


@pytest.mark.parametrize(
    "password", ["ba con mèo đen", "x7!Kq0-vv2Lm", "nguyen van an va ba con", "🌸🌼🌻🌺 bốn mùa hoa"]
)
def test_password_that_is_not_is_taken(password: str) -> None:
    check_new(password, ("an.nguyen@example.org", "Nguyễn Văn Ân", ""), commonest())


def test_commonest_passwords_are_written_as_they_are_compared() -> None:
    assert [one for one in commonest() if plain(one) != one or len(one) < 10] == []


# Addresses, names and roles.


def test_address_is_one_however_it_is_spelt() -> None:
    spelt = (" Hoà.Lê@Example.ORG ", normalize("NFD", "hoà.lê@example.org"), "HOÀ.LÊ@EXAMPLE.ORG")
    assert {address_key(one) for one in spelt} == {"hoà.lê@example.org"}
    assert address(spelt[0]) == "Hoà.Lê@Example.ORG"


@pytest.mark.parametrize("text", ["", "an", "an@", "an@example", "a n@example.org", "an@example.org, ba@example.org"])
def test_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(EmailWrong):
        address(text)


def test_name_of_blanks_is_refused() -> None:
    assert named(normalize("NFD", " Lê  Hoà ")) == "Lê Hoà"
    with pytest.raises(NameEmpty):
        named(" \u200b ")


def test_grants_are_settled_each_once_and_the_wider_one() -> None:
    of_one = Grant(role="planner", ceremony_id="c1")
    seen = Grant(role="viewer", ceremony_id="c1")
    assert settled([seen, of_one, PLANNER, PLANNER, OWNER], ROLES) == (OWNER, PLANNER, seen)
    assert settled([of_one, seen], ROLES) == (of_one, seen)


def test_grants_of_strange_roles_are_refused() -> None:
    with pytest.raises(RoleUnknown):
        settled([Grant(role="boss")], ROLES)
    with pytest.raises(OwnerOfOne):
        settled([Grant(role="owner", ceremony_id="c1")], ROLES)


def test_last_owner_who_can_sign_in_stays() -> None:
    last = holder("u1", grants=(OWNER,), joined_at=NOW)
    others = (
        holder("u2", grants=(OWNER,)),
        holder("u3", grants=(OWNER,), joined_at=NOW, locked_at=NOW),
        holder("u4", grants=(PLANNER,), joined_at=NOW),
    )
    with pytest.raises(LastOwner):
        check_owner_stays(last, (last, *others))
    check_owner_stays(last, (last, holder("u5", grants=(OWNER,), joined_at=NOW)))
    for other in others:
        check_owner_stays(other, (other,))


@pytest.mark.parametrize(
    ("known", "state"),
    [({}, "invited"), ({"joined_at": NOW}, "active"), ({"joined_at": NOW, "locked_at": NOW}, "locked")],
)
def test_state_is_told_by_what_happened(known: dict[str, Any], state: str) -> None:
    assert holder(**known).state == state


def test_visit_ends_with_a_pause_of_an_hour() -> None:
    seen = holder(seen_at=NOW, previous_visit=NOW - DAY)
    assert visit_before(seen, NOW + HOUR - MINUTE) == NOW - DAY
    assert visit_before(seen, NOW + HOUR) == NOW
    assert visit_before(holder(), NOW) is None


def test_holder_does_not_print_what_nobody_may_see() -> None:
    text = repr(holder(password="$argon2id$x", totp_secret="JBSWY3DP", totp_pending="PENDING3"))
    assert [hidden for hidden in ("$argon2id$x", "JBSWY3DP", "PENDING3") if hidden in text] == []


# Sessions.


def kept(**known: Any) -> Kept:
    values: dict[str, Any] = {
        "id": "s1",
        "user_id": "u1",
        "digest": "new",
        "former": None,
        "former_until": None,
        "opened_at": NOW,
        "seen_at": NOW,
        "renewed_at": NOW,
        "address": "",
        "agent": "",
    }
    return Kept(**values | known)


@pytest.mark.parametrize(
    ("later", "step"),
    [
        (MINUTE, Step()),
        (5 * MINUTE, Step(note=True)),
        (HOUR - MINUTE, Step(note=True)),
        (HOUR, Step(note=True, renew=True)),
        (12 * HOUR - MINUTE, Step(note=True, renew=True)),
        (12 * HOUR, None),
    ],
)
def test_session_is_noted_renewed_and_ends_when_idle(later: timedelta, step: Step | None) -> None:
    assert recognised(kept(), "new", NOW + later) == step


def test_session_ends_after_two_weeks_of_use() -> None:
    used = kept(opened_at=NOW - 14 * DAY + MINUTE)
    assert recognised(used, "new", NOW) == Step()
    assert recognised(used, "new", NOW + MINUTE) is None
    assert (expires_at(used), expires_at(kept())) == (NOW + MINUTE, NOW + 12 * HOUR)


def test_former_secret_works_a_minute_longer_than_the_first_use_of_the_new_one() -> None:
    unused = kept(former="old")
    assert recognised(unused, "new", NOW) == Step(confirm=True)
    used = kept(former="old", former_until=NOW + MINUTE)
    assert recognised(used, "new", NOW) == Step()
    assert recognised(used, "old", NOW + MINUTE - timedelta(seconds=1)) == Step()
    assert recognised(used, "old", NOW + MINUTE) is None


def test_browser_that_never_got_its_new_secret_is_given_another() -> None:
    unused = kept(former="old")
    assert recognised(unused, "old", NOW + MINUTE - timedelta(seconds=1)) == Step()
    assert recognised(unused, "old", NOW + MINUTE) == Step(renew=True)


def test_step_writes_only_if_there_is_something_to_write() -> None:
    steps = (Step(), Step(note=True), Step(renew=True), Step(confirm=True))
    assert [step.writes for step in steps] == [False, True, True, True]


# Tries.


def test_waits_grow_after_five_failures() -> None:
    now, before, waits = NOW, None, []
    for _ in range(11):
        before = begun(before, now)
        waits.append((before.until - now) // MINUTE if before.until else 0)
        now = before.until or now
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 15, 15, 15]


def test_try_during_a_wait_is_refused_with_the_minutes_left() -> None:
    waiting = Tries(6, NOW, NOW + 2 * MINUTE)
    with pytest.raises(TryLater) as refused:
        begun(waiting, NOW + timedelta(seconds=30))
    assert (refused.value.params, refused.value.status) == ({"minutes": "2"}, 429)
    assert begun(waiting, NOW + 2 * MINUTE) == Tries(7, NOW + 2 * MINUTE, NOW + 6 * MINUTE)


def test_tries_are_forgotten_after_a_day() -> None:
    assert begun(Tries(20, NOW - tries.FORGOTTEN, None), NOW) == Tries(1, NOW, None)


def test_try_that_only_lacked_the_code_is_taken_back() -> None:
    assert taken_back(begun(Tries(4, NOW, None), NOW)) == Tries(4, NOW, None)


# Codes.


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = int(NOW.timestamp()) // 30


def test_code_is_right_one_step_around_now() -> None:
    totp = pyotp.TOTP(SECRET)
    found = [codes.step_of(SECRET, totp.generate_otp(STEP + offset), NOW, 0) for offset in range(-2, 3)]
    assert found == [None, STEP - 1, STEP, STEP + 1, None]


def test_code_is_accepted_once_and_none_before_it() -> None:
    totp = pyotp.TOTP(SECRET)
    assert codes.step_of(SECRET, totp.generate_otp(STEP), NOW, STEP) is None
    assert codes.step_of(SECRET, totp.generate_otp(STEP - 1), NOW, STEP) is None
    assert codes.step_of(SECRET, totp.generate_otp(STEP + 1), NOW, STEP) == STEP + 1


def test_codes_are_read_as_people_type_them() -> None:
    assert [codes.typed(one) for one in (" 123 456", "abcd-efgh ijkl-mnop")] == ["123456", "ABCDEFGHIJKLMNOP"]
    assert [codes.is_of_app(one) for one in ("123456", "12345", "ABCDEFGHIJKLMNOP", "١٢٣٤٥٦")] == [
        True,
        False,
        False,
        False,
    ]


def test_uri_is_what_authenticator_apps_read() -> None:
    parsed = pyotp.parse_uri(codes.uri(SECRET, "an@example.org"))
    assert (parsed.secret, parsed.name, parsed.issuer) == (SECRET, "an@example.org", "Khai Mạc")

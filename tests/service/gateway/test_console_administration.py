"""Administration as its pages show and do it: accounts, roles, the office, failed work, health, settings, audit."""

import html
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from schemas import accounts, audit, house
from schemas.accounts import User
from schemas.envelope import Grant, Question
from schemas.house import Parked, Retried
from schemas.rights import rights
from services.gateway.api import health
from services.gateway.app import create_app
from services.gateway.console.administration.settings import HIDDEN, without_secrets
from services.kit.bus import Bus
from services.kit.context import work_for
from services.kit.settings import Settings
from tests.people import PASSWORD, Person, owner_of
from tests.service.gateway.desk import Desk, desk, text_of, undo_of
from tests.service.gateway.office import HERE, SIGNED_IN, Papers

pytestmark = pytest.mark.anyio
PAGES = ("", "/roles", "/office", "/parked", "/health", "/settings", "/audit")


@pytest.fixture(scope="module")
async def at(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk(tmp_path_factory.mktemp("administration")) as found:
        yield found


@pytest.fixture(scope="module")
async def ceremony(at: Desk) -> str:
    return await at.ceremony("ra-mat", "Lễ ra mắt <tổ>")


async def users(at: Desk) -> tuple[User, ...]:
    work_for(await at.owner.caller(at.house.bus))
    return (await at.house.bus.ask(accounts.list_users, Question())).users


async def user_of(at: Desk, who: Person) -> User:
    return next(user for user in await users(at) if user.id == who.user_id)


def base(user: User) -> str:
    return json.dumps({"name": user.name, "grants": [grant.model_dump() for grant in user.grants]})


# Accounts.


async def test_accounts_are_listed_with_their_roles_in_words(at: Desk, ceremony: str) -> None:
    who = await at.colleague(Grant(role="guest_desk", ceremony_id=ceremony), Grant(role="viewer"))
    page = await at.get("/administration", language="vi")
    row = re.findall(rf'<tr id="user-{who.user_id}">.*?</tr>', page.text, re.DOTALL)[0]
    roles = [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<li>(.*?)</li>", row)]
    assert [html.unescape(one) for one in roles] == ["Tổ khách mời: Lễ ra mắt <tổ>", "Người xem"]


@pytest.mark.parametrize(("typed", "found"), [("le thi chu", 1), ("CHỦ lê", 1), ("chu@office", 1), ("không ai", 0)])
async def test_accounts_are_filtered_with_and_without_accents(at: Desk, typed: str, found: int) -> None:
    part = await at.get(f"/administration?q={typed}", part=True)
    assert part.text.count('<tr id="user-') == found


async def test_invited_person_joins_by_the_link_that_is_shown_once(at: Desk, ceremony: str) -> None:
    done = await at.post(
        "/administration/users",
        email="binh@example.org",
        name="Trần Văn Bình",
        grants=["", "printer", f"check_in@{ceremony}"],
    )
    link = re.findall(r'data-copy="(http[^"]+/invitation/[^"]+)"', done.text)[0]
    assert (done.status_code, "<svg" in done.text, "style=" in done.text) == (200, True, False)
    assert link not in (await at.get("/administration")).text
    joined = await at.client.post(link, data={"password": PASSWORD, "name": "Bình"}, headers=at.here)
    assert joined.status_code == 303
    user = next(one for one in await users(at) if one.email == "binh@example.org")
    grants = {(grant.role, grant.ceremony_id) for grant in user.grants}
    assert (user.state, grants) == ("active", {("printer", None), ("check_in", ceremony)})


@pytest.mark.parametrize(
    ("email", "status", "words"),
    [("không phải thư", 422, "is not an e-mail address"), ("chu@office.example", 409, "the address is in use")],
)
async def test_refused_invitation_keeps_what_was_typed(at: Desk, email: str, status: int, words: str) -> None:
    wrong = await at.post("/administration/users", email=email, name="Lê Văn Mẫu", grants=["mailer"])
    assert (wrong.status_code, words in text_of(wrong)) == (status, True)
    assert (f'value="{email}"' in wrong.text, 'value="Lê Văn Mẫu"' in wrong.text) == (True, True)
    assert re.findall(r'value="(\w+)" checked', wrong.text) == ["mailer"]


async def test_roles_are_changed_by_check_boxes_and_taken_back(at: Desk, ceremony: str) -> None:
    who = await at.colleague(Grant(role="viewer"))
    before = await user_of(at, who)
    page = await at.get(f"/administration/users/{who.user_id}")
    assert re.findall(r'name="grants" value="([^"]+)" checked', page.text) == ["viewer"]
    boxes = ["", f"awards_desk@{ceremony}", "planner"]
    done = await at.post(f"/administration/users/{who.user_id}", name="Mới", grants=boxes, base=base(before))
    assert (done.status_code, done.headers["hx-redirect"]) == (200, "/administration")
    after = await user_of(at, who)
    assert set(after.grants) == {Grant(role="planner"), Grant(role="awards_desk", ceremony_id=ceremony)}
    address, fields = undo_of(done)
    assert (await at.post(address, **fields)).status_code == 200
    back = await user_of(at, who)
    assert (back.name, back.grants) == (before.name, before.grants)


async def test_two_who_change_one_account_are_asked_only_where_they_differ(at: Desk, ceremony: str) -> None:
    who = await at.colleague(Grant(role="viewer"))
    before, path = await user_of(at, who), f"/administration/users/{who.user_id}"
    await at.post(path, name=before.name, grants=["", "printer"], base=base(before))
    named = await at.post(path, name="Tên mới", grants=["", "viewer"], base=base(before))
    assert named.status_code == 200
    now = await user_of(at, who)
    assert (now.name, now.grants) == ("Tên mới", (Grant(role="printer"),))
    clash = await at.post(path, name="Tên mới", grants=["", f"mailer@{ceremony}"], base=base(before))
    assert (clash.status_code, "<dialog" in clash.text) == (409, True)
    assert ("Mailer: Lễ ra mắt <tổ>" in text_of(clash), "Printer" in text_of(clash)) == (True, True)


async def test_owner_of_one_ceremony_is_refused_beside_the_boxes(at: Desk, ceremony: str) -> None:
    wrong = await at.post("/administration/users", email="x@example.org", grants=[f"owner@{ceremony}"])
    assert (wrong.status_code, "An owner owns the whole office." in text_of(wrong)) == (422, True)


async def test_locked_account_is_out_at_once_and_let_in_again(at: Desk) -> None:
    who = await at.colleague(Grant(role="viewer"))
    done = await at.post(f"/administration/users/{who.user_id}/lock")
    assert (await at.get("/account", who)).status_code == 303
    assert "Locked" in text_of(await at.get(f"/administration/users/{who.user_id}"))
    address, fields = undo_of(done)
    assert address == f"/administration/users/{who.user_id}/unlock"
    await at.post(address, **fields)
    assert (await user_of(at, who)).state == "active"


async def test_last_owner_can_neither_be_locked_nor_lose_the_office(at: Desk) -> None:
    owner = await user_of(at, at.owner)
    locked = await at.post(f"/administration/users/{owner.id}/lock")
    taken = await at.post(f"/administration/users/{owner.id}", name=owner.name, grants=[""], base=base(owner))
    told = "is the last owner of the office who can sign in"
    assert [(one.status_code, told in text_of(one)) for one in (locked, taken)] == [(409, True), (409, True)]
    assert (await user_of(at, at.owner)).grants == (Grant(role="owner"),)


async def test_new_link_leads_to_a_new_password(at: Desk) -> None:
    who = await at.colleague(Grant(role="viewer"))
    done = await at.post(f"/administration/users/{who.user_id}/link")
    link = re.findall(r'data-copy="(http[^"]+/reset/[^"]+)"', done.text)[0]
    new = {"password": "một mật khẩu khác hẳn"}
    assert [(await at.client.post(link, data=new, headers=at.here)).status_code for _ in range(2)] == [303, 404]


async def test_account_of_nobody_is_not_found(at: Desk) -> None:
    assert (await at.get("/administration/users/0190a1b2-0000-7000-8000-00000000dead")).status_code == 404


# Who sees what.


async def test_auditor_sees_every_page_and_no_button(at: Desk) -> None:
    auditor = await at.colleague(Grant(role="auditor"))
    pages = [await at.get(f"/administration{page}", auditor) for page in PAGES]
    assert [page.status_code for page in pages] == [200] * len(PAGES)
    main = [page.text.partition("<main")[2] for page in pages]
    assert [re.findall(r"hx-post|/users/new", page) for page in main] == [[]] * len(PAGES)


async def test_others_are_refused_and_find_no_link(at: Desk) -> None:
    planner = await at.colleague(Grant(role="planner"))
    statuses = {(await at.get(f"/administration{page}", planner)).status_code for page in PAGES}
    assert (statuses, 'href="/administration"' in (await at.get("/account", planner)).text) == ({403}, False)


async def test_other_office_sees_its_own_and_nothing_of_the_installation(at: Desk) -> None:
    stranger = await owner_of(at.house.bus, "khac", "Phạm Văn Khác")
    page = await at.get("/administration", stranger)
    assert re.findall(r'href="/administration/?(\w*)" ?(?:aria-current="page")?>[A-Z]', page.text) == [
        "",
        "roles",
        "office",
        "parked",
        "audit",
    ]
    assert ("Phạm Văn Khác" in page.text, "Lê Thị Chủ" in page.text) == (True, False)
    statuses = [(await at.get(f"/administration/{page}", stranger)).status_code for page in ("health", "settings")]
    assert statuses == [403, 403]


async def test_table_of_roles_is_the_one_that_is_enforced(at: Desk) -> None:
    page = await at.get("/administration/roles")
    rows = re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</th>(.*?)</tr>", page.text, re.DOTALL)
    shown = {
        html.unescape(words.partition(" <")[0]): ["<svg" in cell for cell in re.findall(r"<td.*?</td>", cells)]
        for words, cells in rows
    }
    assert shown == {
        action.words: [role in action.roles for role in rights().roles]
        for action in rights().actions.values()
        if set(action.roles) & set(rights().roles)
    }


# The office.


async def test_office_gets_another_name_and_its_old_one_back(at: Desk) -> None:
    done = await at.post("/administration/office", name="Văn phòng mới", base='{"name": "Văn phòng office"}')
    page = await at.get("/administration/office")
    assert (done.status_code, 'value="Văn phòng mới"' in page.text) == (200, True)
    address, fields = undo_of(done)
    await at.post(address, **fields)
    assert 'value="Văn phòng office"' in (await at.get("/administration/office")).text


async def test_office_without_a_name_is_refused_beside_the_field(at: Desk) -> None:
    wrong = await at.post("/administration/office", name="  ", base='{"name": "Văn phòng office"}')
    assert (wrong.status_code, 'id="f-name-error"' in wrong.text) == (422, True)


# Failed work.


async def read(client: httpx.AsyncClient, path: str) -> httpx.Response:
    return await client.get(path, headers={"Accept": "text/html"})


async def retry(client: httpx.AsyncClient, **fields: str) -> httpx.Response:
    headers = {"HX-Request": "true", "HX-Request-Type": "partial", "Origin": HERE}
    return await client.post("/administration/parked/retry", data=fields, headers=headers)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("RuntimeError in work:7", "A fault of the program."),
        ("Refused (unavailable) in ask:3", "Another part did not answer."),
        ("TimeoutError in wait:1", "Another part did not answer."),
        ("Refused (not-found) in find:9", "It was refused: something in the ceremony does not fit."),
        ("Refused (fault) in ask:9", "A fault of the program."),
    ],
)
async def test_failed_work_is_told_with_its_reason_in_words(
    client: httpx.AsyncClient, papers: Papers, reason: str, words: str
) -> None:
    name = "program"
    work = papers.answers[house.list_parked[name]].parked[0].model_copy(update={"reason": reason})
    papers.answers[house.list_parked[name]] = Parked(parked=(work,))
    page = await read(client, "/administration/parked")
    row = re.findall(rf'<tr id="parked-program-{work.event_id}">.*?</tr>', page.text, re.DOTALL)[0]
    assert (words in row, reason in row, "Documents could not take in a change of: Guests" in row) == (True,) * 3


async def test_failed_work_is_tried_again_one_by_one_and_all(client: httpx.AsyncClient, papers: Papers) -> None:
    one = await retry(client, event_id="e-program")
    papers.answers[house.retry_parked["guests"]] = Retried(done=0, parked_again=1)
    everything = await retry(client)
    asked = [question.event_id for _, question in papers.asked if isinstance(question, house.RetryParked)]
    assert asked == ["e-program", "e-program", None, None]
    assert "Done after all: 2." in text_of(one)
    assert ("Done after all: 1." in text_of(everything), "Failed again: 1." in text_of(everything)) == (True, True)


async def test_part_that_is_away_is_named_where_its_failed_work_would_stand(client: httpx.AsyncClient) -> None:
    page = text_of(await read(client, "/administration/parked"))
    assert "Invitations does not answer just now; its failed work is not listed." in page


# Health and settings.


async def test_health_names_who_answers_and_says_the_numbers_in_words(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_SOON", 15)  # seconds: a busy machine answers late
    page = await read(client, "/administration/health")
    cards = re.findall(r'<section class="card" id="health-(\w+)">(.*?)</section>', page.text, re.DOTALL)
    assert {name: "Does not answer" not in card for name, card in cards} == {
        "accounts": False,
        "scheduling": True,
        "guests": True,
        "awards": True,
        "program": True,
        "dispatch": False,
    }
    assert ("the oldest for 1.5 s" in text_of(page), "Not every part answers." in text_of(page)) == (True, True)


async def test_every_number_of_every_service_has_words(at: Desk) -> None:
    page = await at.get("/administration/health")
    names = re.findall(r"<dt>(.*?)</dt>", page.text)
    assert (len(names) > 3 * len(house.SERVICES), [name for name in names if "_" in name]) == (True, [])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql+psycopg://khaimac:s3cret@db/khaimac", f"postgresql+psycopg://{HIDDEN}@db/khaimac"),
        ("postgresql://u:a@b/c?d@db:5432/x?sslmode=require&password=s3cret", None),
        ("postgresql://db/x?user=u&password=s3cret", f"postgresql://db/x?user={HIDDEN}&password={HIDDEN}"),
        ("nats://t0ken@n1:4222,nats://u:s3cret@n2:4222", f"nats://{HIDDEN}@n1:4222,nats://{HIDDEN}@n2:4222"),
        ("nats://n1:4222,nats://u:s3cret@n2", f"nats://n1:4222,nats://{HIDDEN}@n2"),
        ("nats://u:s3,cret@n1", f"nats://{HIDDEN}@n1"),
        ("u:s3cret@n1:4222", f"{HIDDEN}@n1:4222"),
        ("https://le.example.org", "https://le.example.org"),
        ("127.0.0.1", "127.0.0.1"),
    ],
)
def test_addresses_are_shown_without_what_opens_them(text: str, shown: str | None) -> None:
    assert without_secrets(text) == (shown or f"postgresql://{HIDDEN}@db:5432/x?sslmode={HIDDEN}&password={HIDDEN}")


async def test_settings_in_force_show_no_secret(bus: Bus, settings: Settings, papers: Papers) -> None:
    assert papers.asked == []
    secrets = {
        "database_url": "postgresql+psycopg://khaimac:s3cret-1@db/khaimac?password=s3cret-2",
        "nats_url": "nats://s3cret-3@n1:4222,nats://khaimac:s3cret-4@n2:4222",
        "oidc_issuer": "https://khaimac:s3cret-5@id.example",
        "oidc_client_secret": SecretStr("s3cret-6"),
    }
    app = create_app(bus, settings.model_copy(update=secrets))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HERE, headers=SIGNED_IN) as client:
        page = await read(client, "/administration/settings")
    rows = {
        name: text_of_row(row)
        for name, row in re.findall(r"<code>(KHAIMAC_\w+)</code>(.*?)</tr>", page.text, re.DOTALL)
    }
    assert sorted(rows) == sorted(f"KHAIMAC_{name.upper()}" for name in Settings.model_fields)
    assert ("s3cret" in page.text, HIDDEN in rows["KHAIMAC_OIDC_CLIENT_SECRET"]) == (False, True)
    assert (
        rows["KHAIMAC_OFFICE"]
        == "office Code of the office that runs the installation, and for which the command line works."
    )


def text_of_row(row: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


# The audit trail.


async def test_audit_head_is_told_after_a_release_and_checks(at: Desk) -> None:
    assert "Not sealed yet." in text_of(await at.get("/administration/audit"))
    work_for(await at.owner.caller(at.house.bus))
    seal: Any = await at.house.bus.ask(audit.seal_audit, audit.SealAudit(), as_house=True)
    page = await at.get("/administration/audit")
    assert f'data-copy="{seal.head}"' in page.text
    in_groups = " ".join(re.findall("........", seal.head.upper()))
    found = await at.get(f"/administration/audit/check?head={in_groups}", part=True)
    assert ("Nothing up to the head noted at" in text_of(found), found.text.count("passed")) == (
        True,
        len(house.SERVICES),
    )


@pytest.mark.parametrize(
    ("head", "status", "words"),
    [
        ("", 200, "Every event is what was written."),
        ("0" * 64, 200, "No seal has this head"),
        ("nonsense", 422, "This is no head: it has 64 signs"),
    ],
)
async def test_audit_check_says_what_it_can_and_cannot_see(at: Desk, head: str, status: int, words: str) -> None:
    found = await at.get(f"/administration/audit/check?head={head}", part=True)
    assert (found.status_code, words in text_of(found)) == (status, True)

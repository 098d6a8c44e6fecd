"""Every route and every question, called as every role and as nobody, and by the owner of another office.

The table of rights says what must happen; these tests walk over all of it, so what is added later is walked too.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from schemas import awards, catalogue, guests, program, scheduling
from schemas.awards import GetAwards
from schemas.envelope import Ask, Caller, Grant
from schemas.errors import Refused
from schemas.frozen import filled
from schemas.guests import GetGuests
from schemas.program import ListDocuments
from schemas.rights import ANYBODY, SIGNED_IN, Action, action_of, is_filtered, rights
from schemas.scheduling import FindCeremony, GetPart, ImportPlan
from services import plan
from services.__main__ import Instance, running
from services.kit.context import work_for
from services.kit.settings import Settings
from tests.people import Person, colleague_of, owner_of

pytestmark = pytest.mark.anyio
FULL = Path(__file__).parents[2] / "examples" / "full-ceremony"
ROLES = list(rights().roles)
NOBODYS = "0190a1b2-0000-7000-8000-00000000dead"
# Names that stand in the plan of the one office and nowhere else.
MARKERS = ("Lực lượng tham gia bảo vệ", "Phan Thiện Ngôn", "Tổ bảo vệ an ninh")


@dataclass
class Office:
    """A house with two offices: one has planned a ceremony, the other has only its owner."""

    house: Instance
    client: httpx.AsyncClient
    owner: Person
    stranger: Person
    staff: dict[str, Person]
    ids: dict[str, str]

    async def as_(self, person: Person | None) -> Caller:
        who = await person.caller(self.house.bus) if person else Caller(office="office")
        work_for(who)
        return who


@pytest.fixture(scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("walk"), http_port=0, _env_file=None)
    async with running(settings) as house:
        owner = await owner_of(house.bus)
        staff = {role: await colleague_of(house.bus, owner, Grant(role=role)) for role in ROLES}
        stranger = await owner_of(house.bus, "khac", "Phạm Văn Khác")
        work_for(await owner.caller(house.bus))
        ids = await planned(house)
        async with httpx.AsyncClient(base_url=house.address or "", timeout=30) as client:
            yield Office(house, client, owner, stranger, staff, ids)


async def planned(house: Instance) -> dict[str, str]:
    """The ids of a ceremony and of what belongs to it, by the names that addresses and questions give them."""
    reading = plan.read({file.name: file.read_bytes() for file in FULL.iterdir()})
    assert reading.plan
    done = await house.bus.ask(scheduling.import_plan, ImportPlan(plan=reading.plan), 60)
    ceremony_id = done.ceremony_id or ""
    part = await house.bus.ask(scheduling.get_part, GetPart(ceremony_id=ceremony_id))
    listed = await house.bus.ask(guests.get_part, GetGuests(ceremony_id=ceremony_id))
    lines = await house.bus.ask(awards.get_part, GetAwards(ceremony_id=ceremony_id))
    return {
        "ceremony_id": ceremony_id,
        "ceremony": part.ceremony.code,
        "which": part.ceremony.code,
        "about": ceremony_id,
        "guest": listed.guests[0].id,
        "guest_id": listed.guests[0].id,
        "item": part.items[0].key,
        "line": lines.lines[0].key,
        "key": part.items[0].key,
        "content": await content(house, ceremony_id),
    }


async def content(house: Instance, ceremony_id: str) -> str:
    """The hash of a document that is ready."""
    for _ in range(600):
        papers = await house.bus.ask(program.list_documents, ListDocuments(ceremony_id=ceremony_id))
        if found := next((paper.content for paper in papers.documents if paper.content), None):
            return found
        await asyncio.sleep(0.1)
    raise AssertionError("no document was ready in a minute")


# Over HTTP.


def routes() -> Iterator[tuple[str, str, Action]]:
    for name, action in rights().actions.items():
        if name != "public":
            for route in action.routes:
                method, _, path = route.partition(" ")
                yield method, path, action


def address(template: str, ids: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda hole: ids.get(hole[1], NOBODYS), template)


async def call(office: Office, method: str, path: str, person: Person | None) -> tuple[int, str]:
    """The status and the body; of a line that never ends only its beginning."""
    headers = {"Accept": "application/json", "Origin": office.house.address or ""} | (
        person.headers if person else {}
    )
    async with office.client.stream(method, path, headers=headers) as answer:
        if answer.headers.get("content-type", "").startswith("text/event-stream"):
            return answer.status_code, ""
        return answer.status_code, (await answer.aread()).decode("utf-8", "replace")


@pytest.mark.parametrize("role", [*ROLES, None], ids=lambda role: role or "nobody")
async def test_route_answers_whom_the_table_allows_and_nobody_else(office: Office, role: str | None) -> None:
    """What is allowed may still be refused for another reason; never for who asks."""
    person = await colleague_of(office.house.bus, office.owner, Grant(role=role)) if role else None
    wrong = []
    for method, template, action in routes():
        may = role is not None and bool({role, SIGNED_IN} & set(action.roles))
        ids = {"ceremony": office.ids["ceremony"]} if method != "GET" else office.ids
        status, _ = await call(office, method, address(template, ids), person)
        if (status not in {401, 403}) is not may or (role is None and status != 401):
            wrong.append(f"{method} {template}: {status}")
    assert wrong == []


async def test_other_offices_owner_reaches_nothing_by_any_route(office: Office) -> None:
    before = await state(office)
    wrong = []
    for method, template, _action in routes():
        status, body = await call(office, method, address(template, office.ids), office.stranger)
        found = "{" in template and status < 400 and method == "GET"
        told = template != "/examples" and any(marker in body for marker in MARKERS)  # those are the same everywhere
        if found or status >= 500 or told:
            wrong.append(f"{method} {template}: {status} {body[:100]}")
    assert wrong == []
    assert await state(office) == before


async def state(office: Office) -> tuple[Any, ...]:
    """What the office has, by its versions."""
    await office.as_(office.owner)
    which = office.ids["ceremony_id"]
    part = await office.house.bus.ask(scheduling.get_part, GetPart(ceremony_id=which))
    listed = await office.house.bus.ask(guests.get_part, GetGuests(ceremony_id=which))
    lines = await office.house.bus.ask(awards.get_part, GetAwards(ceremony_id=which))
    return part.ceremony.version, part.ceremony.release, listed.version, lines.version


async def test_change_without_the_pages_token_is_refused(office: Office) -> None:
    """The session's cookie alone, as another site would send it, changes nothing."""
    headers = {"Cookie": office.owner.headers["Cookie"], "Accept": "application/json"}
    wrong = []
    for method, template, _action in routes():
        if method != "GET":
            answer = await office.client.request(method, address(template, office.ids), headers=headers)
            code = answer.json()["type"] if answer.status_code == 403 else answer.status_code
            wrong += [] if code == "urn:khaimac:problem:page-outdated" else [f"{method} {template}: {code}"]
    assert wrong == []


# Over NATS.


def questions() -> Iterator[Ask[Any, Any]]:
    yield from catalogue.asks().values()


def name_of(ask: Ask[Any, Any]) -> str:
    return f"{ask.service}.{ask.name}"


def question(ask: Ask[Any, Any], ids: dict[str, str]) -> BaseModel:
    """With every field filled; what names something of the office names it truly."""
    fields = filled(ask.request.model_json_schema(mode="validation"))
    known = {name: ids[name] for name, value in fields.items() if name in ids and isinstance(value, str)}
    optional = {name: None for name in ("after", "before", "release", "code", "expected_version") if name in fields}
    for value in (optional, {}):
        try:
            asked: BaseModel = ask.request.model_validate(fields | FITTING.get(name_of(ask), {}) | known | value)
        except ValueError:
            continue
        return asked
    raise AssertionError(f"{name_of(ask)}: say in FITTING what a valid question holds")


# What cannot be guessed from the schema.
HASH = "0" * 64
FITTING: dict[str, dict[str, Any]] = {
    "program.read_content": {"content": HASH},
    "program.read_picture": {"content": HASH, "width": 400},
    "accounts.recognise": {"digest": HASH},
    "dispatch.read_feed": {"token": HASH},
    "scheduling.find_seal": {"head": HASH},
    "guests.keep_for": {"keeping": None},
    "guests.preview_merge": {"take": {"posts": "both"}},
    "guests.merge_people": {"take": {"posts": "both"}},
}


async def refused(office: Office, ask: Ask[Any, Any], asked: BaseModel) -> tuple[int, str]:
    """The status of the refusal, 0 if there was none; and the answer."""
    try:
        answer = await office.house.bus.ask(ask, asked, 60)
    except Refused as refusal:
        return refusal.wire.status, ""
    return 0, answer.model_dump_json()


@pytest.mark.parametrize("role", [*ROLES, None], ids=lambda role: role or "nobody")
async def test_question_answers_whom_the_table_allows_and_nobody_else(office: Office, role: str | None) -> None:
    """As a role for another ceremony than the one that the question names, and for the whole office."""
    own = await office.as_(office.staff[role] if role else None)
    elsewhere = own.model_copy(update={"grants": (Grant(role=role, ceremony_id=NOBODYS),)} if role else {})
    wrong = []
    for ask in questions():
        action = rights().actions[action_of(name_of(ask)) or "house"]
        asked = question(ask, {"ceremony_id": NOBODYS.replace("dead", "0000")})
        for who, here in ((own, True), (elsewhere, is_filtered(name_of(ask)))):
            may = ANYBODY in action.roles or (role is not None and (SIGNED_IN in action.roles))
            may |= here and role in action.roles
            work_for(who)
            status, _ = await refused(office, ask, asked)
            # A filtered question may let in and refuse for the ceremony; who must be kept out never gets through.
            if (status not in {401, 403}) is not may and not (is_filtered(name_of(ask)) and who is elsewhere):
                wrong.append(f"{name_of(ask)} for {'the office' if who is own else 'another ceremony'}: {status}")
    assert wrong == []


async def test_other_offices_owner_learns_nothing_by_any_question(office: Office) -> None:
    before = await state(office)
    who = await office.as_(office.stranger)
    wrong = []
    for ask in questions():
        work_for(who)
        status, answer = await refused(office, ask, question(ask, office.ids))
        if status >= 500 or any(marker in answer for marker in MARKERS):
            wrong.append(f"{name_of(ask)}: {status} {answer[:100]}")
    assert wrong == []
    assert await state(office) == before


async def test_role_for_one_ceremony_learns_nothing_of_another(office: Office) -> None:
    """An owner's rights, but for a ceremony that is not there."""
    own = await office.as_(office.owner)
    who = own.model_copy(update={"grants": (Grant(role="planner", ceremony_id=NOBODYS),)})
    wrong = []
    for ask in questions():
        work_for(who)
        status, answer = await refused(office, ask, question(ask, office.ids))
        if status >= 500 or any(marker in answer for marker in MARKERS):
            wrong.append(f"{name_of(ask)}: {status} {answer[:100]}")
    assert wrong == []
    found, _ = await refused(office, scheduling.find_ceremony, FindCeremony(which=office.ids["ceremony"]))
    assert found == 404

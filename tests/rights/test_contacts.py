"""Addresses, numbers and needs are shown to no role without the right, by any question, page or file there is."""

from collections.abc import Iterator
from typing import Any

import pytest

from schemas import answers, guests, scheduling
from schemas.answers import Arrange, Arrangements, ContactPerson, GetAnswer, Need
from schemas.envelope import Grant
from schemas.guests import AddGuest, GuestFields, PersonFields, Post
from schemas.rights import rights
from schemas.scheduling import ReleaseCeremony
from tests.people import colleague_of
from tests.rights.test_walk import ROLES, Office, address, call, office, question, questions, refused, routes

__all__ = ["office"]

pytestmark = pytest.mark.anyio
SECRET = {
    "guests.contact": ("chi.rieng@vidu.example.org", "0912 000 777"),
    "guests.needs": ("kiêng đồ nếp Tú Lệ", "Đỗ Trợ Lý Ảo"),
}


async def guest_with_contacts(office: Office) -> dict[str, str]:
    """The ids, with those of a guest of whom everything is known; on a list that was released."""
    await office.as_(office.owner)
    mail, phone = SECRET["guests.contact"]
    person = PersonFields(name="Hoàng Thị Ví Dụ", email=mail, phone=phone, posts=(Post(title="Bí thư Tỉnh ủy"),))
    about: dict[str, Any] = {"ceremony_id": office.ids["ceremony_id"]}
    add = AddGuest(**about, expected_version=None, guest=GuestFields(person=person))
    about["guest_id"] = (await office.house.bus.ask(guests.add_guest, add)).id
    now = await office.house.bus.ask(answers.get_answer, GetAnswer(**about))
    diet, assistant = SECRET["guests.needs"]
    arranged = Arrangements(needs=(Need(kind="diet", text=diet),), contact=ContactPerson(name=assistant))
    arrange = Arrange(**about, expected_version=now.version, arrangements=arranged)
    await office.house.bus.ask(answers.arrange, arrange)
    await office.house.bus.ask(scheduling.release_ceremony, ReleaseCeremony(ceremony_id=about["ceremony_id"]), 60)
    return office.ids | {"guest": about["guest_id"], "guest_id": about["guest_id"], "row": about["guest_id"]}


def told(body: str, secrets: tuple[str, ...]) -> Iterator[str]:
    yield from (one for one in secrets if one in body)


@pytest.mark.long
async def test_contact_data_are_shown_to_no_role_without_the_right(office: Office) -> None:
    ids = await guest_with_contacts(office)
    seen: dict[tuple[str, str], set[str]] = {}
    for role in ROLES:
        person = await colleague_of(office.house.bus, office.owner, Grant(role=role))
        await office.as_(office.staff[role])
        for asked in questions():
            if not asked.changes:
                _, body = await refused(office, asked, question(asked, ids))
                note(seen, role, body, asked.subject)
        for method, template, _action in routes():
            if method == "GET":
                _, body = await call(office, method, address(template, ids), person)
                note(seen, role, body, template)
    for action in SECRET:
        may = set(rights().actions[action].roles)
        wrong = {role: where for (role, which), where in seen.items() if which == action and role not in may}
        assert wrong == {}
        assert seen[("owner", action)] >= {"/ceremonies/{ceremony}/guests/{row}/held"}


def note(seen: dict[tuple[str, str], set[str]], role: str, body: str, where: str) -> None:
    for action, secrets in SECRET.items():
        if any(told(body, secrets)):
            seen.setdefault((role, action), set()).add(where)

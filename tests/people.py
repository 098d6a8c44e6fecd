"""People of an office, as its accounts know them: invited, joined, and with a session to show."""

import hashlib
from dataclasses import dataclass

from schemas import accounts
from schemas.accounts import AcceptLink, InviteUser, OpenOffice, Recognise, SetUp, SetUpLink
from schemas.envelope import Caller, Grant, new_id
from services.gateway.entrance import CSRF_HEADER, SESSION, csrf_of
from services.kit.bus import Bus
from services.kit.context import caller, work_for

PASSWORD = "bảy con ngựa trắng qua cầu"


@dataclass(frozen=True, slots=True)
class Person:
    """`session` is the secret that the browser would hold."""

    user_id: str
    office: str
    session: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": f"{SESSION}={self.session}", CSRF_HEADER: csrf_of(self.session)}

    async def caller(self, bus: Bus) -> Caller:
        """As the gateway would make it of a request."""
        digest = hashlib.sha256(self.session.encode()).hexdigest()
        known = await bus.ask(accounts.recognise, Recognise(kind="session", digest=digest), as_house=True)
        return Caller(office=known.office, auth="user", actor=known.user_id, grants=known.grants)


async def owner_of(bus: Bus, office: str = "office", name: str = "Lê Thị Chủ") -> Person:
    """The first owner of an office, by its set-up link; a further office is opened first."""
    if office != bus.settings.office:
        await bus.ask(accounts.open_office, OpenOffice(code=office), as_house=True)
    link = await bus.ask(accounts.setup_link, SetUpLink(office=office), as_house=True)
    command = SetUp(
        token=link.token,
        office_name=f"Văn phòng {office}",
        name=name,
        email=f"chu@{office}.example",
        password=PASSWORD,
    )
    done = await bus.ask(accounts.set_up, command)
    return Person(done.user_id, done.office, done.token)


async def colleague_of(bus: Bus, owner: Person, *grants: Grant) -> Person:
    """Somebody whom the owner invites with these roles."""
    before = caller()
    work_for(await owner.caller(bus))
    email = f"{new_id()}@{owner.office}.example"
    invited = await bus.ask(accounts.invite_user, InviteUser(email=email, name="Trần Văn Mẫu", grants=grants))
    work_for(before)
    done = await bus.ask(accounts.accept_link, AcceptLink(token=invited.link.token, password=PASSWORD))
    return Person(done.user_id, done.office, done.token)

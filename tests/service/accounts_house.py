"""Accounts on a real bus and a real store, with a clock that can be turned and an Argon2 that is quick."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from schemas import accounts as ask
from schemas.accounts import Identity, SignedIn
from schemas.envelope import Ask, Caller, Grant, Q, R
from schemas.errors import Refused
from services.accounts.secret import digest
from services.accounts.service import Accounts
from services.kit import tables
from services.kit.bus import Bus
from services.kit.context import work_for
from services.kit.settings import Settings
from services.kit.store import Store
from tests.conftest import NOW

QUICK = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
HOUSE, NOBODY = Caller(office="office", auth="system"), Caller(office="office")
PASSWORD, OTHER = "ba con mèo đen", "bốn mùa hoa sữa"
EMAIL, NAME = "lan@example.org", "Trần Thị Lan"


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def later(self, **how: float) -> None:
        self.now += timedelta(**how)


@dataclass
class House:
    """`callers` are the users who came in here, by address."""

    bus: Bus
    settings: Settings
    url: str
    clock: Clock = field(default_factory=Clock)

    async def start(self) -> None:
        self.store = Store(self.url.format(service="accounts"), "accounts", self.clock)
        self.service = Accounts(self.store, self.bus, self.settings)
        work_for(HOUSE)
        await self.service.start()

    async def restart(self) -> None:
        await self.bus.quiet()
        await self.service.stop()
        await self.start()

    async def put(self, what: Ask[Q, R], question: Q, who: Caller = NOBODY) -> R:
        work_for(who)
        return await self.bus.ask(what, question)

    async def refused(self, what: Ask[Q, R], question: Q, who: Caller = NOBODY) -> str:
        """The code of the refusal."""
        with pytest.raises(Refused) as refused:
            await self.put(what, question, who)
        return refused.value.code

    # What tests begin with.

    async def set_up(self, office: str = "office", email: str = EMAIL) -> SignedIn:
        link = await self.put(ask.setup_link, ask.SetUpLink(office=office), HOUSE)
        question = ask.SetUp(
            token=link.token,
            office_name="Văn phòng UBND",
            name=NAME,
            email=email,
            password=PASSWORD,
            language="vi",
            address="192.0.2.7",
            agent="Firefox",
        )
        return await self.put(ask.set_up, question)

    async def owner(self, office: str = "office", email: str = EMAIL) -> Caller:
        return as_caller(await self.who(await self.set_up(office, email)))

    async def invite(self, owner: Caller, email: str, *grants: Grant) -> ask.Invited:
        return await self.put(ask.invite_user, ask.InviteUser(email=email, grants=grants), owner)

    async def join(self, owner: Caller, email: str, *grants: Grant, name: str = "Lê Văn Ba") -> Caller:
        invited = await self.invite(owner, email, *grants)
        accept = ask.AcceptLink(token=invited.link.token, password=PASSWORD, name=name)
        return as_caller(await self.who(await self.put(ask.accept_link, accept)))

    async def sign_in(self, email: str = EMAIL, password: str = PASSWORD, code: str | None = None) -> SignedIn:
        return await self.put(ask.sign_in, ask.SignIn(email=email, password=password, code=code))

    async def sign_in_refused(self, email: str = EMAIL, password: str = PASSWORD, code: str | None = None) -> str:
        return await self.refused(ask.sign_in, ask.SignIn(email=email, password=password, code=code))

    async def who(self, came: SignedIn | str, kind: Any = "session") -> Identity:
        secret = came if isinstance(came, str) else came.token
        return await self.put(ask.recognise, ask.Recognise(kind=kind, digest=digest(secret)), HOUSE)

    async def unknown(self, secret: str, kind: Any = "session") -> bool:
        """Whether this secret opens nothing; any other refusal is an error."""
        code = await self.refused(ask.recognise, ask.Recognise(kind=kind, digest=digest(secret)), HOUSE)
        return code == "not-signed-in"

    async def second_factor(self, who: Caller, password: str = PASSWORD) -> tuple[str, tuple[str, ...]]:
        """Sets one up; its secret and the recovery codes. The clock goes on, as each code works once."""
        begun = await self.put(ask.begin_second_factor, ask.BeginSecondFactor(password=password), who)
        confirm = ask.ConfirmSecondFactor(code=self.code(begun.secret))
        codes = (await self.put(ask.confirm_second_factor, confirm, who)).codes
        self.clock.later(seconds=90)
        return begun.secret, codes

    def code(self, secret: str) -> str:
        return pyotp.TOTP(secret).at(self.clock.now)

    # What is in the database.

    def rows(self, table: sa.Table) -> list[dict[str, Any]]:
        with self.store.read() as conn:
            return [row._asdict() for row in conn.execute(sa.select(table))]

    def events(self) -> list[dict[str, Any]]:
        with self.store.read() as conn:
            bodies = conn.execute(sa.select(tables.outbox.c.body).order_by(tables.outbox.c.seq)).scalars()
            return [json.loads(body) for body in bodies]

    def told(self, *names: str) -> list[tuple[str, dict[str, Any]]]:
        """The events whose types begin so, in the order in which they happened: type and data."""
        found = [(one["type"].removeprefix("accounts."), one["data"]) for one in self.events()]
        return [(name, data) for name, data in found if name.startswith(names)]


def as_caller(one: Identity) -> Caller:
    """As the gateway makes it."""
    return Caller(office=one.office, auth="user", actor=one.user_id, grants=one.grants, scopes=one.scopes)

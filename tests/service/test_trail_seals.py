"""Every release seals the trails of all services under one head, also after a crash or when a service was silent."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import sqlalchemy as sa

from schemas import scheduling
from schemas.audit import AuditSeal, AuditSealed, FindSeal, SealAudit, find_seal, seal_audit
from schemas.envelope import Caller, Event, Grant, Versioned
from schemas.errors import Refused
from schemas.guests import AddGuest, GuestFields, PersonFields, add_guest
from schemas.house import SERVICES, AuditCheck, VerifyAudit, verify_audit
from schemas.scheduling import CeremonyFields, CreateCeremony, ListReleases, Release, ReleaseCeremony, Released
from services.__main__ import every_service
from services.awards.service import Awards
from services.guests.service import Guests
from services.kit import tables, trail
from services.kit.bus import Bus
from services.kit.context import work_for
from services.kit.service import Service
from services.kit.settings import Settings
from services.kit.store import Store
from services.scheduling import store as sql
from services.scheduling.service import Scheduling

pytestmark = pytest.mark.anyio
REAL: dict[str, type[Service]] = {"scheduling": Scheduling, "guests": Guests, "awards": Awards}


class House:
    """Scheduling, guests and awards as they are; the others keep only their trail."""

    def __init__(self, bus: Bus, settings: Settings, new_store: Callable[[str], Store]) -> None:
        self.bus, self.settings, self.new_store = bus, settings, new_store
        self.services: dict[str, Service] = {}

    async def start(self, *names: str) -> None:
        for name in names:
            # Tables as the service makes them: the databases of tests have them already.
            module = every_service()[name].__module__
            kind = REAL.get(name) or type("Quiet", (Service,), {"name": name, "__module__": module})
            self.services[name] = kind(self.new_store(name), self.bus, self.settings)
            await self.services[name].start()

    async def stop(self) -> None:
        await self.bus.quiet()
        for service in self.services.values():
            await service.stop()
        self.services.clear()

    async def planned(self, code: str = "le") -> str:
        fields = CeremonyFields(title="Lễ mẫu")
        made = await self.bus.ask(scheduling.create_ceremony, CreateCeremony(code=code, ceremony=fields))
        guest = GuestFields(person=PersonFields(name="Nguyễn Văn Mẫu"))
        done: Versioned = await self.bus.ask(add_guest, AddGuest(ceremony_id=made.id, guest=guest))
        assert done.version == 1
        return made.id

    async def release(self, ceremony_id: str, **more: Any) -> Released:
        return await self.bus.ask(scheduling.release_ceremony, ReleaseCeremony(ceremony_id=ceremony_id, **more), 30)

    async def releases(self, ceremony_id: str) -> tuple[Release, ...]:
        return (await self.bus.ask(scheduling.list_releases, ListReleases(ceremony_id=ceremony_id))).releases

    async def until_sealed(self, ceremony_id: str) -> str:
        for _ in range(150):
            if head := (await self.releases(ceremony_id))[-1].audit_head:
                return head
            await asyncio.sleep(0.1)
        raise AssertionError("the release was not sealed")

    async def seal(self, head: str | None = None) -> AuditSeal | None:
        return (await self.bus.ask(find_seal, FindSeal(head=head))).seal

    async def check(self, seal: AuditSeal) -> dict[str, AuditCheck]:
        return {
            name: await self.bus.ask(verify_audit[name], VerifyAudit(through=seal.points.get(name)))
            for name in SERVICES
        }

    def sealings(self) -> list[tuple[Event, str]]:
        """Every seal in scheduling's trail, with its hash."""
        out = tables.outbox.c
        rows = sa.select(out.body, out.chain).where(out.type == AuditSealed.type).order_by(out.seq)
        with self.services["scheduling"].store.read() as conn:
            return [(Event.model_validate_json(row.body), row.chain) for row in conn.execute(rows)]


@pytest.fixture
async def house(bus: Bus, settings: Settings, new_store: Callable[[str], Store]) -> AsyncIterator[House]:
    house = House(bus, settings, new_store)
    yield house
    await house.stop()


@pytest.fixture
async def whole(house: House) -> House:
    await house.start(*SERVICES)
    return house


# Sealing.


async def test_release_is_sealed_and_told_with_its_head(whole: House) -> None:
    ceremony_id = await whole.planned()
    command = ReleaseCeremony(ceremony_id=ceremony_id, note="lần đầu")
    done = await whole.bus.ask(scheduling.release_ceremony, command, 30)

    ((event, chain),) = whole.sealings()
    assert (done.audit_head, event.subject, event.data["release"]) == (chain, ceremony_id, 1)
    assert set(event.data["heads"]) == set(SERVICES)
    assert event.data["heads"]["guests"]["seq"] == 1
    assert [one.audit_head for one in await whole.releases(ceremony_id)] == [chain]
    assert await whole.bus.ask(scheduling.release_ceremony, command, 30) == done  # the same request again
    assert len(whole.sealings()) == 1


async def test_head_of_a_seal_leads_to_it_and_every_trail_passes_its_points(whole: House) -> None:
    ceremony_id = await whole.planned()
    head = (await whole.release(ceremony_id)).audit_head
    await whole.bus.ask(seal_audit, SealAudit())
    seal = await whole.seal(head)
    assert seal is not None
    assert (seal.head, seal.ceremony_id, seal.release) == (head, ceremony_id, 1)
    assert seal.points["scheduling"].chain == head
    found = await whole.check(seal)
    assert {name: (one.passes, one.broken) for name, one in found.items()} == dict.fromkeys(SERVICES, (True, None))


async def test_operator_seals_whenever_he_wants_and_once_per_request(whole: House) -> None:
    command = SealAudit()
    first = await whole.bus.ask(seal_audit, command)
    again = await whole.bus.ask(seal_audit, command)
    other = await whole.bus.ask(seal_audit, SealAudit())
    assert (first, first.ceremony_id, first.release) == (again, None, None)
    assert [chain for _, chain in whole.sealings()] == [first.head, other.head]
    assert await whole.seal() == other
    assert other.heads["scheduling"] == first.points["scheduling"]


async def test_releases_at_the_same_time_are_sealed_each(whole: House) -> None:
    ids = [await whole.planned(f"le-{number}") for number in range(4)]
    done = await asyncio.gather(*(whole.release(one) for one in ids))
    assert {one.audit_head for one in done} == {chain for _, chain in whole.sealings()}
    assert {event.subject for event, _ in whole.sealings()} == set(ids)
    check = await whole.bus.ask(verify_audit["scheduling"], VerifyAudit())
    assert check.broken is None


# When something is away.


async def test_release_waits_for_no_silent_service_and_is_sealed_when_it_is_back(house: House) -> None:
    await house.start(*(name for name in SERVICES if name != "dispatch"))
    ceremony_id = await house.planned()
    work_for(Caller(office="office", auth="user", actor="u1", grants=(Grant(role="planner"),)))
    done = await house.release(ceremony_id)
    assert (done.release, done.audit_head) == (1, None)
    assert [one.audit_head for one in await house.releases(ceremony_id)] == [None]
    with pytest.raises(Refused) as refused:
        await house.bus.ask(seal_audit, SealAudit(), as_house=True)
    assert refused.value.code == "unavailable"

    await house.start("dispatch")

    head = await house.until_sealed(ceremony_id)
    ((event, chain),) = house.sealings()
    assert (head, event.authid, event.office, event.data["release"]) == (chain, "u1", "office", 1)


async def test_crash_between_release_and_seal_is_made_up_for_once(house: House) -> None:
    await house.start("scheduling", "guests", "awards")
    ids = [await house.planned(f"le-{number}") for number in range(2)]
    assert [(await house.release(one)).audit_head for one in ids] == [None, None]
    await house.stop()  # what is committed is all that a crash leaves

    await house.start(*SERVICES)

    heads = [await house.until_sealed(one) for one in ids]
    await asyncio.sleep(1.5)  # it looks again every second
    assert sorted(chain for _, chain in house.sealings()) == sorted(heads)
    await house.stop()
    await house.start(*SERVICES)
    await asyncio.sleep(0.5)
    assert len(house.sealings()) == 2


async def test_release_that_several_seal_at_once_is_sealed_once(house: House) -> None:
    await house.start(*(name for name in SERVICES if name != "dispatch"))
    ceremony_id = await house.planned()
    assert (await house.release(ceremony_id)).audit_head is None
    await house.start("dispatch")
    service = house.services["scheduling"]
    assert isinstance(service, Scheduling)
    heads = await asyncio.gather(*(service.sealed(ceremony_id, 1) for _ in range(8)))
    assert heads == [house.sealings()[0][1]] * 8
    assert len(house.sealings()) == 1


async def test_release_from_before_the_seals_stays_without(whole: House) -> None:
    ceremony_id = await whole.planned()
    await whole.release(ceremony_id)
    with whole.services["scheduling"].store.engine.begin() as conn:
        conn.execute(sql.seal.delete())
    await asyncio.sleep(1.5)
    assert [one.audit_head for one in await whole.releases(ceremony_id)] == [None]
    assert len(whole.sealings()) == 1


# What a head shows, and who is told.


async def test_trail_rewritten_before_the_head_is_found_and_after_it_is_not(whole: House) -> None:
    ceremony_id = await whole.planned()
    await whole.release(ceremony_id)
    seal = await whole.seal()
    assert seal is not None
    store = whole.services["guests"].store
    await whole.planned("le-2")

    rewrite(store, 2)
    assert {one.passes for one in (await whole.check(seal)).values()} == {True}  # the limit
    rewrite(store, 1)
    found = await whole.check(seal)
    assert [name for name, one in found.items() if one.passes is False] == ["guests"]
    assert {one.broken for one in found.values()} == {None}


def rewrite(store: Store, first: int) -> None:
    """Give every guest another id from this event on, and chain it all anew."""
    chain = trail.start(store.service)
    with store.engine.execution_options(khaimac_writes=True).begin() as conn:
        for row in conn.execute(sa.select(tables.outbox).order_by(tables.outbox.c.seq)).all():
            text = row.body
            if row.seq >= first:
                body = json.loads(text)
                body["data"]["guest_id"] = f"other-{body['data']['guest_id']}"
                text = Event.model_validate(body).model_dump_json()
            chain = trail.link(chain, text)
            values = {"body": text, "chain": chain, **trail.columns(Event.model_validate_json(text))}
            conn.execute(tables.outbox.update().where(tables.outbox.c.seq == row.seq).values(values))


async def test_seal_is_told_to_its_own_office(whole: House) -> None:
    theirs = await whole.bus.ask(seal_audit, SealAudit())
    work_for(Caller(office="khac", auth="system"))
    assert (await whole.seal(), await whole.seal(theirs.head)) == (None, theirs)  # the house finds anybody's
    for role, office, found in (
        ("owner", "khac", None),
        ("auditor", "office", theirs),
        ("owner", "office", theirs),
    ):
        work_for(Caller(office=office, auth="user", actor="u", grants=(Grant(role=role),)))
        assert (await whole.seal(theirs.head), await whole.seal()) == (found, found)


async def test_only_who_may_check_the_trail_is_answered(whole: House) -> None:
    async def refused(asked: Awaitable[Any]) -> str:
        with pytest.raises(Refused) as error:
            await asked
        return error.value.code

    for role in ("planner", "guest_desk", "viewer"):
        work_for(Caller(office="office", auth="user", actor="u", grants=(Grant(role=role),)))
        assert await refused(whole.seal()) == "not-allowed"
        assert await refused(whole.bus.ask(verify_audit["guests"], VerifyAudit())) == "not-allowed"
    work_for(Caller(office="office", auth="user", actor="u", grants=(Grant(role="owner"),)))
    assert await refused(whole.bus.ask(seal_audit, SealAudit())) == "not-allowed"  # the operator's
    assert (await whole.bus.ask(verify_audit["guests"], VerifyAudit())).events == 0

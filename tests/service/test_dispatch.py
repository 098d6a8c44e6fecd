"""Dispatch on its real store: releases, what each leaves to be given out, feeds; on both engines."""

import hashlib
import json
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from schemas import dispatch as ask
from schemas.envelope import Caller, Grant
from schemas.errors import NotFound, fill
from schemas.guests import Guest
from schemas.rights import rights
from schemas.scheduling import SchedulingPart
from services.dispatch import service
from services.dispatch import store as sql
from services.dispatch.model.lint import lint
from services.kit import tables
from services.kit.context import work_for
from services.kit.store import Connection, Store
from tests.conftest import NOW
from tests.unit.dispatch_judges import complaints
from tests.unit.dispatch_support import AWARDS, SPEECH, group, guests, part, person, properties

Q = TypeVar("Q")
R = TypeVar("R")
NewStore = Callable[[str], Store]
MIGRATIONS = Path(service.__file__).parent / "migrations"
CEREMONY = "ceremony-1"
ONE, TWO, GROUP = person(1), person(2, email=None, name="Lê Thị Mẫu"), group(3)


@pytest.fixture
def store(new_store: NewStore, caller: Caller) -> Store:
    store = new_store("dispatch")
    store.open(MIGRATIONS)
    work_for(caller)
    return store


@dataclass
class Office:
    """What one office releases, and asks dispatch afterwards."""

    store: Store
    name: str = "office"
    now: datetime = field(default=NOW)

    def release(self, number: int, plan: SchedulingPart, *who: Guest) -> None:
        self.store.clock = lambda: self.now
        with self.store.change(Caller(office=self.name, auth="system"), cause=f"event-{number}") as tx:
            service.prepare_release(tx, number, plan, guests(*who))

    def listed(self, **question: Any) -> ask.Invitations:
        return self._ask(service.list_invitations, ask.ListInvitations(ceremony_id=CEREMONY, **question))

    def read(self, **question: Any) -> ask.InvitationFiles:
        return self._ask(service.read_invitations, ask.ReadInvitations(ceremony_id=CEREMONY, **question))

    def objects(self) -> list[tuple[str, bytes]]:
        return [(file.guest_id, b64decode(file.base64)) for file in self.read().files]

    def feed(self) -> ask.Feed:
        return self._ask(service.get_feed, ask.GetFeed(ceremony_id=CEREMONY))

    def feed_behind(self, token: str) -> ask.Feed:
        return self._ask(service.read_feed, ask.ReadFeed(token=token))

    def _ask(self, tell: Callable[[Connection, Q], R], question: Q) -> R:
        work_for(Caller(office=self.name, auth="system"))
        with self.store.read() as conn:
            return tell(conn, question)


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


def events(store: Store) -> list[tuple[str, str, dict[str, Any]]]:
    bodies = [json.loads(row.body) for row in store.unsent()]
    return [(body["type"], body["subject"], body["data"]) for body in bodies]


def outcomes(office: Office) -> list[tuple[str, str | None, str, int, int]]:
    return [(one.guest_id, one.method, one.outcome, one.sequence, one.release) for one in office.listed().invitations]


def messages(store: Store) -> list[tuple[str, int, str | None, str, str]]:
    """Every message that is kept: recipient, SEQUENCE, METHOD, state, and the hash of its bytes, in order of time."""
    row = sql.message.c
    with store.read() as conn:
        found = conn.execute(sa.select(sql.message).order_by(row.release, row.recipient, row.sequence)).all()
    return [(m.recipient, m.sequence, m.method, m.state, hashlib.sha256(m.body).hexdigest()) for m in found]


def test_migrations_make_exactly_the_declared_tables(store: Store) -> None:
    declared = sa.MetaData()
    for table in (*tables.metadata.tables.values(), *sql.metadata.tables.values()):
        table.to_metadata(declared)
    with store.read() as conn:
        assert compare_metadata(MigrationContext.configure(conn), declared) == []


def test_the_first_release_invites_everybody(store: Store, office: Office) -> None:
    office.release(1, part(), ONE, TWO, GROUP)
    assert outcomes(office) == [
        ("guest-1", "REQUEST", "created", 0, 1),
        ("guest-2", None, "created", 0, 1),
        ("guest-3", None, "created", 0, 1),
    ]
    counts = {"created": 3, "rescheduled": 0, "reworded": 0, "unchanged": 0, "cancelled": 0}
    assert events(store) == [("dispatch.invitations.prepared.v1", CEREMONY, {"release": 1, **counts})]


def test_what_is_read_is_what_was_kept_and_is_sound(store: Store, office: Office) -> None:
    office.release(1, part(), ONE, TWO, GROUP)
    read = office.objects()
    assert [guest_id for guest_id, _ in read] == ["guest-1", "guest-2", "guest-3"]
    assert [(lint(raw), complaints(raw)) for _, raw in read] == [([], [])] * 3
    kept = {digest for *_, digest in messages(store)}
    assert {hashlib.sha256(raw).hexdigest() for _, raw in read} == kept


def test_a_release_that_changes_nothing_keeps_no_message(store: Store, office: Office) -> None:
    office.release(1, part(), ONE, TWO)
    before = office.objects(), messages(store), office.feed()
    office.now += timedelta(days=1)
    office.release(2, part(), ONE, TWO)
    assert (office.objects(), messages(store), office.feed()) == before
    assert outcomes(office) == [("guest-1", "REQUEST", "unchanged", 0, 1), ("guest-2", None, "unchanged", 0, 1)]
    assert events(store)[-1][2] == {
        "release": 2, "created": 0, "rescheduled": 0, "reworded": 0, "unchanged": 2, "cancelled": 0
    }  # fmt: skip


def test_a_moved_start_raises_every_sequence(store: Store, office: Office) -> None:
    office.release(1, part(), ONE, TWO)
    uids = [properties(raw)["UID"] for _, raw in office.objects()]
    office.release(2, part(start=time(8, 0)), ONE, TWO)
    assert outcomes(office) == [("guest-1", "REQUEST", "rescheduled", 1, 2), ("guest-2", None, "rescheduled", 1, 2)]
    lines = [properties(raw) for _, raw in office.objects()]
    assert [(line["UID"], line["SEQUENCE"]) for line in lines] == [(uid, "1") for uid in uids]
    assert len(messages(store)) == 4


def test_stamps_grow_though_the_clock_is_fixed(store: Store, office: Office) -> None:
    for number, dress in enumerate("ABAB", start=1):
        office.release(number, part(dress=dress), ONE)
    with store.read() as conn:
        stamps = conn.execute(sa.select(sql.message.c.dtstamp).order_by(sql.message.c.dtstamp)).scalars().all()
    grown = [(NOW + timedelta(seconds=seconds)).isoformat() for seconds in range(4)]
    assert stamps == grown
    assert [one.dtstamp for one in office.listed().invitations] == [NOW + timedelta(seconds=3)]


def test_an_older_release_after_a_newer_one_does_nothing(store: Store, office: Office) -> None:
    office.release(2, part(start=time(8, 0)), ONE)
    before = office.listed(), office.objects(), office.feed(), events(store)
    office.release(1, part(), ONE, TWO)
    office.release(2, part(), ONE, TWO)
    assert (office.listed(), office.objects(), office.feed(), events(store)) == before


def test_a_removed_guest_stays_listed_as_cancelled(office: Office) -> None:
    office.release(1, part(), ONE, TWO)
    office.release(2, part(), TWO)
    assert outcomes(office) == [("guest-1", "CANCEL", "cancelled", 1, 2), ("guest-2", None, "unchanged", 0, 1)]
    office.release(3, part(), TWO)
    assert outcomes(office) == [("guest-1", "CANCEL", "unchanged", 1, 2), ("guest-2", None, "unchanged", 0, 1)]
    assert [one.status for one in office.listed().invitations] == ["CANCELLED", "CONFIRMED"]


def test_a_guest_who_comes_back_has_one_invitation_again(office: Office) -> None:
    office.release(1, part(), ONE)
    office.release(2, part())
    office.release(3, part(), ONE)
    assert outcomes(office) == [("guest-1", "REQUEST", "created", 0, 3)]


def test_a_changed_address_cancels_the_old_one_beside(store: Store, office: Office) -> None:
    moved = person(1, email="khac@khach.example.org")
    office.release(1, part(), ONE)
    office.release(2, part(), moved)
    assert outcomes(office) == [("guest-1", "REQUEST", "created", 0, 2), ("guest-1", "CANCEL", "cancelled", 1, 2)]
    assert [line[:3] for line in messages(store)] == [
        ("thu@khach.example.org", 0, "REQUEST"),
        ("khac@khach.example.org", 0, "REQUEST"),
        ("thu@khach.example.org", 1, "CANCEL"),
    ]
    office.release(3, part(), moved)
    assert outcomes(office) == [("guest-1", "REQUEST", "unchanged", 0, 2)]


def test_a_ceremony_without_a_day_says_why_nobody_is_invited(store: Store, office: Office) -> None:
    office.release(1, part(on=None), ONE)
    answer = office.listed()
    assert (answer.invitations, answer.release) == ((), 1)
    sentences = [fill(problem.sentence, problem.params) for problem in answer.problems]
    assert sentences == [
        "The ceremony has no day yet, so nobody can be invited to it. Set its day and release again."
    ]
    assert events(store)[-1][2]["created"] == 0
    office.release(2, part(), ONE)
    assert office.listed().problems == ()
    assert outcomes(office) == [("guest-1", "REQUEST", "created", 0, 2)]


def test_a_bad_address_is_told_until_it_is_mended(office: Office) -> None:
    office.release(1, part(), person(1, email="thu(at)example.org"))
    (one,) = office.listed().invitations
    assert (one.method, [problem.params for problem in one.problems]) == (None, [{"address": "thu(at)example.org"}])
    office.release(2, part(), person(1, email="thu at example.org"))
    (one,) = office.listed().invitations
    assert (one.outcome, [problem.params for problem in one.problems]) == (
        "unchanged",
        [{"address": "thu at example.org"}],
    )
    office.release(3, part(), ONE)
    (one,) = office.listed().invitations
    assert (one.method, one.outcome, one.problems) == ("REQUEST", "reworded", ())


def test_pages_are_cut_between_guests(office: Office) -> None:
    office.release(1, part(), ONE, TWO, GROUP)
    office.release(2, part(), person(1, email="khac@khach.example.org"), TWO, GROUP)
    first = office.listed(limit=1)
    assert ([one.guest_id for one in first.invitations], first.next) == (["guest-1", "guest-1"], "guest-1")
    rest = office.listed(limit=2, after=first.next)
    assert ([one.guest_id for one in rest.invitations], rest.next) == (["guest-2", "guest-3"], None)
    files = office.read(limit=2)
    assert ([file.guest_id for file in files.files], files.next) == (["guest-1", "guest-1", "guest-2"], "guest-2")
    assert office.read(after="guest-3") == ask.InvitationFiles(files=())


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ({}, ["guest-1", "guest-2", "guest-3", "guest-4"]),
        ({"guest_ids": ("guest-3", "guest-1", "guest-9")}, ["guest-1", "guest-3"]),
        ({"guest_ids": ()}, []),
        ({"outcome": "created"}, ["guest-4"]),
        ({"outcome": "unchanged"}, ["guest-2", "guest-3"]),
        ({"outcome": "cancelled"}, ["guest-1"]),
        ({"has_address": False}, ["guest-2", "guest-3", "guest-4"]),
        ({"has_address": True}, ["guest-1"]),
        ({"has_problems": True}, ["guest-4"]),
        ({"has_problems": False, "outcome": "created"}, []),
    ],
)
def test_invitations_are_told_by_guest_outcome_address_and_problems(
    office: Office, wanted: dict[str, Any], meant: list[str]
) -> None:
    office.release(1, part(), ONE, TWO, GROUP)
    office.release(2, part(), TWO, GROUP, person(4, email="không phải thư"))
    assert [one.guest_id for one in office.listed(**wanted).invitations] == meant


def test_large_pages_are_cut_before_the_bus_is_full(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.release(1, part(), ONE, TWO, GROUP)
    monkeypatch.setattr(service, "_MOST", 100)
    pages, after = list[list[str]](), None
    while after is not None or not pages:
        page = office.read(after=after)
        pages.append([file.guest_id for file in page.files])
        after = page.next
    assert pages == [["guest-1"], ["guest-2"], ["guest-3"]]


def test_one_guest_is_read_alone(office: Office) -> None:
    office.release(1, part(), ONE, TWO)
    assert [file.guest_id for file in office.read(guest_id="guest-2").files] == ["guest-2"]
    assert office.read(guest_id="guest-9").files == ()


def test_file_names_are_one_per_guest(office: Office) -> None:
    office.release(1, part(), ONE, person(2), person(3))
    names = [file.file_name for file in office.read().files]
    assert [name.startswith("tran-van-thu-") for name in names] == [True] * 3
    assert len(set(names)) == 3
    assert names == [one.file_name for one in office.listed().invitations]


def test_before_the_first_release_there_is_nothing(office: Office) -> None:
    assert office.listed() == ask.Invitations(invitations=(), release=0)
    assert office.read() == ask.InvitationFiles(files=())
    with pytest.raises(NotFound):
        office.feed()


def test_the_feed_changes_only_with_what_it_says(office: Office) -> None:
    office.release(1, part(SPEECH, AWARDS), ONE)
    first = office.feed()
    assert first.etag == hashlib.sha256(first.text.encode()).hexdigest()
    assert first.last_modified == NOW
    office.release(2, part(SPEECH, AWARDS, dress="Quân phục"), TWO)
    assert office.feed() == first
    office.release(3, part(SPEECH), TWO)
    changed = office.feed()
    assert changed.token == first.token
    assert changed.etag != first.etag
    assert changed.last_modified == NOW + timedelta(seconds=1)
    assert changed.text.count("STATUS:CANCELLED") == 1


def test_a_feed_is_read_by_whoever_has_the_link(store: Store, office: Office) -> None:
    office.release(1, part(), ONE)
    feed = office.feed()
    assert len(feed.token) == 43
    assert Office(store, "stranger").feed_behind(feed.token) == feed
    wrong = feed.token[:-1] + ("a" if feed.token[-1] != "a" else "b")
    with pytest.raises(NotFound) as refused:
        office.feed_behind(wrong)
    assert wrong not in str(refused.value)


def test_other_offices_see_nothing(store: Store, office: Office) -> None:
    office.release(1, part(), ONE)
    stranger = Office(store, "stranger")
    for act in (stranger.listed, stranger.read, stranger.feed, lambda: stranger.release(2, part(), ONE)):
        with pytest.raises(NotFound):
            act()


@pytest.mark.parametrize("role", sorted(rights().actions["invitations.see"].roles))
def test_a_wrong_address_is_told_to_who_may_see_addresses(store: Store, office: Office, role: str) -> None:
    office.release(1, part(), person(1, email="not an address"))
    grants = (Grant(role=role, ceremony_id=CEREMONY),)
    work_for(Caller(office="office", auth="user", actor="u1", grants=grants))
    with store.read() as conn:
        (told,) = service.list_invitations(conn, ask.ListInvitations(ceremony_id=CEREMONY)).invitations
    known = role in rights().actions["guests.contact"].roles
    assert [problem.params["address"] for problem in told.problems] == ["not an address" if known else "…"]


def test_numbers_of_the_invitations(store: Store, office: Office) -> None:
    def summary() -> ask.InvitationsSummary:
        work_for(Caller(office="office", auth="system"))
        with store.read() as conn:
            return service.summary(conn, ask.SummariseInvitations(ceremony_id=CEREMONY))

    assert summary().total == 0
    office.release(1, part(), ONE, TWO, GROUP, person(4, email="not an address"))
    office.release(2, part(), ONE, TWO, person(1_000))
    assert summary() == ask.InvitationsSummary(
        release=2,
        total=5,
        outcomes={"created": 1, "unchanged": 2, "cancelled": 2},
        methods={"REQUEST": 2},
        sequences={0: 3, 1: 2},
        without_address=3,
        with_problems=0,
    )
    office.release(3, part(), ONE, person(4, email="not an address"))
    assert (summary().methods, summary().with_problems) == ({"REQUEST": 1, "CANCEL": 1}, 1)


def test_events_tell_no_names_and_no_addresses(store: Store, office: Office) -> None:
    office.release(1, part(), ONE, TWO)
    office.release(2, part(start=time(8, 0)), ONE)
    bodies = [row.body for row in store.unsent()]
    assert [text for text in ("Trần", "Mẫu", "@", "example") for body in bodies if text in body] == []


def test_a_failure_keeps_nothing(store: Store, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither messages nor the mark of the release: the event is tried again."""

    def fails(*_: object) -> bytes:
        raise RuntimeError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(service, "feed_bytes", fails)
        with pytest.raises(RuntimeError):
            office.release(1, part(), ONE)
    assert (office.listed().release, messages(store), events(store)) == (0, [], [])
    office.release(1, part(), ONE)
    assert outcomes(office) == [("guest-1", "REQUEST", "created", 0, 1)]


def test_languages_follow_the_ceremony(office: Office) -> None:
    office.release(1, part(language="en"), ONE)
    ((_, raw),) = office.objects()
    assert properties(raw)["DESCRIPTION"].startswith("Invited: Ông Trần Văn Thử")

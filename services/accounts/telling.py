"""In whose name something is told, and sessions opened and closed so that each is told of once."""

from collections.abc import Iterator
from contextlib import contextmanager

from schemas import accounts_facts as facts
from schemas.accounts import Coming, SignedIn
from schemas.envelope import Caller, Fact, new_id
from schemas.rights import NotSignedIn
from services.accounts.model.holder import Holder, visit_before
from services.accounts.model.sessions import LONGEST, Kept
from services.accounts.secret import digest, new_secret
from services.accounts.store import people, ways
from services.kit.store import Connection, Tx
from services.lang import clean

_LONGEST_AGENT, _LONGEST_ADDRESS = 300, 100


def me(conn: Connection, who: Caller) -> Holder:
    """The user who asks."""
    if who.actor is None:
        raise NotSignedIn
    return people.user(conn, who.office, who.actor)


@contextmanager
def in_office(tx: Tx, office: str) -> Iterator[None]:
    """What is told inside belongs to this office, whoever asked."""
    with _as(tx, tx.caller.model_copy(update={"office": office})):
        yield


@contextmanager
def as_user(tx: Tx, holder: Holder) -> Iterator[None]:
    """What is told inside was done by this user: he has just shown that it is he."""
    who = {"office": holder.office, "auth": "user", "actor": holder.id}
    with _as(tx, tx.caller.model_copy(update=who)):
        yield


@contextmanager
def _as(tx: Tx, who: Caller) -> Iterator[None]:
    before, tx.caller = tx.caller, who
    try:
        yield
    finally:
        tx.caller = before


def open_session(
    tx: Tx, holder: Holder, coming: Coming, by: facts.SignedInBy, second: facts.Second | None = None
) -> SignedIn:
    sweep(tx)
    secret = new_secret()
    kept = Kept(
        id=new_id(),
        user_id=holder.id,
        digest=digest(secret),
        former=None,
        former_until=None,
        opened_at=tx.now,
        seen_at=tx.now,
        renewed_at=tx.now,
        address=clean(coming.address)[:_LONGEST_ADDRESS],
        agent=clean(coming.agent)[:_LONGEST_AGENT],
    )
    ways.add_session(tx, kept)
    people.save_user(tx, holder.id, seen_at=tx.now, previous_visit=visit_before(holder, tx.now))
    with as_user(tx, holder):
        tx.emit(facts.SessionOpened(session_id=kept.id, by=by, second_factor=second), holder.id)
    return SignedIn(
        token=secret,
        session_id=kept.id,
        user_id=holder.id,
        office=holder.office,
        language=holder.language,
        theme=holder.theme,
        expires_at=tx.now + LONGEST,
    )


def close_sessions(
    tx: Tx, user_id: str, why: facts.SessionOver, *, only: str | None = None, keep: str | None = None
) -> int:
    """All of a user, or only this one, or all but one he keeps; how many there were."""
    wanted = [one for one in ways.sessions(tx.conn, user_id) if only in {None, one.id} and one.id != keep]
    for one in wanted:
        ways.close_session(tx, one.id)
        tx.emit(facts.SessionClosed(session_id=one.id, why=why), user_id)
    return len(wanted)


def sweep(tx: Tx) -> None:
    """Forget what is over, in every office, and tell of it as the house."""
    sessions, tokens = ways.sweep(tx)
    told: list[tuple[ways.Ended, Fact]] = [
        *((one, facts.SessionClosed(session_id=one.id, why="expired")) for one in sessions),
        *((one, facts.TokenRevoked(token_id=one.id, why="expired")) for one in tokens),
    ]
    for one, fact in told:
        with _as(tx, Caller(office=one.office, auth="system", correlation=tx.caller.correlation)):
            tx.emit(fact, one.user_id)

"""Proving who one is: by password, by code. Hides that every try is counted before it is judged."""

from schemas import accounts_facts as facts
from schemas.errors import Refusal
from services.accounts.model import codes, tries
from services.accounts.model.holder import Holder, address_key
from services.accounts.secret import Passwords, digest
from services.accounts.store import people, ways
from services.accounts.telling import in_office, me
from services.kit.context import caller
from services.kit.service import Service
from services.kit.store import Tx


class PasswordWrong(Refusal):
    """This is not your present password. Try again."""


class CodeWrong(Refusal):
    """This code is not right, or was used before. Enter the one that your app shows now, or another recovery code."""


async def prove(house: Service, passwords: Passwords, password: str) -> Holder:
    """Whoever asks, if this is his password: for what a stolen session shall not suffice."""
    holder = await house.read(me, caller())
    await house.change(begin, holder.email)
    right, _ = await passwords.check(password, holder.password)
    await house.change(end, holder, right)
    if not right:
        raise PasswordWrong
    return holder


def begin(tx: Tx, email: str) -> Holder | None:
    """Count a try at this address, whether anybody has it or not. TryLater: there were too many."""
    key = _key(email)
    ways.save_tries(tx, key, tries.begun(ways.tries_at(tx.conn, key), tx.now))
    return people.user_by_email(tx.conn, email)


def end(tx: Tx, holder: Holder, right: bool) -> None:  # noqa: FBT001 - travels through a hop, by place
    if right:
        forget(tx, holder.email)
    else:
        refuse(tx, holder, "password")


def refuse(tx: Tx, holder: Holder, why: facts.RefusedFor) -> None:
    with in_office(tx, holder.office):
        tx.emit(facts.SignInRefused(why=why), holder.id)


def forget(tx: Tx, email: str) -> None:
    """The tries, after a success."""
    ways.forget_tries(tx, _key(email))


def touch(tx: Tx, email: str) -> None:
    """Write as much as telling of a refusal does: else the time taken would show which addresses exist."""
    key = _key(email)
    if found := ways.tries_at(tx.conn, key):
        ways.save_tries(tx, key, found)


def take_back(tx: Tx, email: str) -> None:
    key = _key(email)
    if found := ways.tries_at(tx.conn, key):
        ways.save_tries(tx, key, tries.taken_back(found))


def spend_code(tx: Tx, holder: Holder, code: str) -> facts.Second | None:
    """What kind of code it was, and then it works no more; None: it is none of his."""
    typed = codes.typed(code)
    if not codes.is_of_app(typed):
        spent = people.spend_recovery_code(tx, holder.id, digest(typed))
        return "recovery_code" if spent else None
    secret = holder.totp_secret
    step = codes.step_of(secret, typed, tx.now, holder.totp_step) if secret else None
    if step is None:
        return None
    people.save_user(tx, holder.id, totp_step=step)
    return "code"


def _key(email: str) -> str:
    return digest(address_key(email))

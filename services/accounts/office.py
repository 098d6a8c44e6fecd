"""The accounts of an office, by its owners; and whole offices, by the operator of the installation."""

from datetime import timedelta

from schemas import accounts as ask
from schemas import accounts_facts as facts
from schemas.accounts import Office
from schemas.envelope import Grant, Question, Versioned, new_id
from schemas.errors import Refusal, StaleVersion
from services.accounts import secret
from services.accounts.model.holder import EmailTaken, Holder, address, check_owner_stays, named, owns
from services.accounts.own import drop_tokens, save_changed
from services.accounts.proving import forget
from services.accounts.store import people, ways
from services.accounts.telling import close_sessions, in_office
from services.kit.context import caller
from services.kit.store import Connection, Tx
from services.lang import match_key

_INVITED, _RESET = timedelta(days=7), timedelta(hours=24)


class AlreadySetUp(Refusal):
    """There is somebody already who can sign in to the office {office}. Ask its owners to invite you."""

    status = 409


class OfficeTaken(Refusal):
    """There is an office {office} already. Choose another code."""

    status = 409


class StillLocked(Refusal):
    """The account {email} is locked. Unlock it first."""

    status = 409


# Users.


def list_users(conn: Connection, _question: Question) -> ask.Users:
    found = sorted(people.users(conn, caller().office), key=lambda one: match_key(one.name or one.email))
    return ask.Users(users=tuple(_shown(one) for one in found))


def list_names(conn: Connection, _question: Question) -> ask.Names:
    joined = (one for one in people.users(conn, caller().office) if one.joined_at)
    return ask.Names(names={one.id: one.name for one in joined if one.name})


def _shown(holder: Holder) -> ask.User:
    return ask.User(
        id=holder.id,
        version=holder.version,
        name=holder.name,
        email=holder.email,
        grants=holder.grants,
        state=holder.state,
        seen_at=holder.seen_at,
        second_factor=holder.totp_secret is not None,
    )


def add_user(tx: Tx, office: Office, email: str, name: str | None, grants: tuple[Grant, ...]) -> Holder:
    """Somebody who has not joined yet. EmailTaken: the address has an account, here or in another office."""
    tidy = address(email)
    if people.user_by_email(tx.conn, tidy):
        raise EmailTaken(email=tidy)
    new = Holder(
        id=new_id(),
        office=office.code,
        office_name=office.name,
        email=tidy,
        name=named(name) if name else None,
        language=None,
        theme=None,
        grants=grants,
        version=1,
        password=None,
        totp_secret=None,
        totp_pending=None,
        totp_step=0,
        joined_at=None,
        locked_at=None,
        seen_at=None,
        previous_visit=None,
    )
    people.add_user(tx, new)
    return new


def invite_user(tx: Tx, question: ask.InviteUser, grants: tuple[Grant, ...]) -> ask.Invited:
    office = people.find_office(tx.conn, tx.caller.office)
    new = add_user(tx, office, question.email, question.name, grants)
    plain = {"email": new.email, "name": new.name, "grants": [grant.model_dump() for grant in grants]}
    tx.emit(facts.UserInvited(version=new.version, grants=grants), new.id, after=plain)
    return ask.Invited(user_id=new.id, version=new.version, link=_new_link(tx, "invitation", office.code, new.id))


def change_user(tx: Tx, command: ask.ChangeUser) -> Versioned:
    """`grants` are settled before."""
    holder = people.for_change(tx, command.user_id, command.expected_version)
    name = named(command.name) if command.name else None
    if not owns(command.grants):
        check_owner_stays(holder, people.users(tx.conn, holder.office))
    return save_changed(tx, holder, {"name": name, "grants": command.grants})


def lock_user(tx: Tx, command: ask.LockUser) -> Versioned:
    holder = people.user(tx.conn, tx.caller.office, command.user_id)
    if holder.state == "locked":
        return Versioned(id=holder.id, version=holder.version)
    check_owner_stays(holder, people.users(tx.conn, holder.office))
    people.save_user(tx, holder.id, locked_at=tx.now, version=holder.version + 1)
    tx.emit(facts.UserLocked(version=holder.version + 1), holder.id)
    close_sessions(tx, holder.id, "locked")
    drop_tokens(tx, holder.id, "locked")
    ways.drop_links(tx, holder.office, holder.id)
    return Versioned(id=holder.id, version=holder.version + 1)


def unlock_user(tx: Tx, command: ask.UnlockUser) -> Versioned:
    holder = people.user(tx.conn, tx.caller.office, command.user_id)
    forget(tx, holder.email)
    if holder.state != "locked":
        return Versioned(id=holder.id, version=holder.version)
    people.save_user(tx, holder.id, locked_at=None, version=holder.version + 1)
    tx.emit(facts.UserUnlocked(version=holder.version + 1), holder.id)
    return Versioned(id=holder.id, version=holder.version + 1)


def reset_link(tx: Tx, question: ask.ResetLink) -> ask.Link:
    holder = people.user(tx.conn, tx.caller.office, question.user_id)
    if holder.state == "locked":
        raise StillLocked(email=holder.email)
    kind: ask.LinkKind = "invitation" if holder.joined_at is None else "reset"
    link = _new_link(tx, kind, holder.office, holder.id, removes_second_factor=question.remove_second_factor)
    _tell_link(tx, link, holder.id, removes_second_factor=question.remove_second_factor)
    return link


def _new_link(
    tx: Tx, kind: ask.LinkKind, office: str, user_id: str | None, *, removes_second_factor: bool = False
) -> ask.Link:
    """What is kept of it, and the link itself, which is not."""
    new, until = secret.new_secret(), tx.now + (_RESET if kind == "reset" else _INVITED)
    ways.add_link(tx, ways.KeptLink(secret.digest(new), kind, office, user_id, until, removes_second_factor))
    return ask.Link(kind=kind, token=new, expires_at=until)


def _tell_link(tx: Tx, link: ask.Link, about: str, *, removes_second_factor: bool = False) -> None:
    fact = facts.LinkMade(kind=link.kind, expires_at=link.expires_at, removes_second_factor=removes_second_factor)
    tx.emit(fact, about)


# Offices.


def get_office(conn: Connection, _question: Question) -> Office:
    return people.find_office(conn, caller().office)


def change_office(tx: Tx, command: ask.ChangeOffice) -> Versioned:
    office = people.find_office(tx.conn, tx.caller.office)
    if office.version != command.expected_version:
        raise StaleVersion(what="The office", expected=command.expected_version, actual=office.version)
    return rename(tx, office, named(command.name))


def rename(tx: Tx, office: Office, name: str) -> Versioned:
    if name == office.name:
        return Versioned(id=office.code, version=office.version)
    new = Office(code=office.code, name=name, version=office.version + 1)
    people.save_office(tx, new)
    tx.emit(facts.OfficeRenamed(version=new.version), office.code, before={"name": office.name}, after={"name": name})
    return Versioned(id=new.code, version=new.version)


def open_office(tx: Tx, command: ask.OpenOffice) -> Versioned:
    if people.office_or_none(tx.conn, command.code):
        raise OfficeTaken(office=command.code)
    return _open(tx, Office(code=command.code, name=named(command.name) if command.name else None, version=1))


def open_own(tx: Tx, code: str) -> None:
    """The office that runs the installation is there from the first start."""
    if people.office_or_none(tx.conn, code) is None:
        _open(tx, Office(code=code, name=None, version=1))


def _open(tx: Tx, new: Office) -> Versioned:
    people.save_office(tx, new)
    with in_office(tx, new.code):
        tx.emit(facts.OfficeOpened(version=1), new.code, after={"name": new.name})
    return Versioned(id=new.code, version=1)


def setup_link(tx: Tx, question: ask.SetUpLink) -> ask.Link:
    office = people.find_office(tx.conn, question.office)
    check_nobody_yet(tx, office.code)
    link = _new_link(tx, "set_up", office.code, None)
    with in_office(tx, office.code):
        _tell_link(tx, link, office.code)
    return link


def check_nobody_yet(tx: Tx, office: str) -> None:
    """A set-up link leads in only as long as nobody else is in."""
    if people.somebody_can_sign_in(tx.conn, office):
        raise AlreadySetUp(office=office)

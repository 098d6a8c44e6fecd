"""Coming in: by password, by an office's own provider, by a link; and being recognised from then on."""

from datetime import datetime
from typing import Any

from schemas import accounts as ask
from schemas import accounts_facts as facts
from schemas.accounts import CodeNeeded, Identity, SignedIn
from schemas.envelope import Grant
from schemas.errors import Refusal
from schemas.rights import NotSignedIn
from services.accounts import proving
from services.accounts.model import sessions
from services.accounts.model.holder import OWNER, Holder, address, named, visit_before
from services.accounts.model.passwords import check_new
from services.accounts.office import add_user, check_nobody_yet, rename
from services.accounts.own import remove_second_factor
from services.accounts.secret import Passwords, commonest, digest, new_secret
from services.accounts.store import people, ways
from services.accounts.telling import as_user, close_sessions, open_session
from services.kit.service import Service
from services.kit.store import Connection, Tx
from services.lang import clean


class SignInWrong(Refusal):
    """The e-mail address or the password is not right. Try again, or ask an owner of your office for a new link."""


class AccountLocked(Refusal):
    """Your account is locked. Ask an owner of your office to unlock it."""

    status = 403


class NotInvited(Refusal):
    """The sign-in service of your office vouches for no address that has an account here. Ask an owner of your office
    to invite you by the address that it knows.
    """

    status = 403


class LinkDead(Refusal):
    """This link was used, replaced by a newer one, or has run out. Ask for a new one."""

    status = 404


class Entrance:
    """What takes longer than one transaction: passwords are compared and hashed between two."""

    def __init__(self, house: Service, passwords: Passwords) -> None:
        self.house, self.passwords = house, passwords

    async def sign_in(self, question: ask.SignIn) -> SignedIn:
        found = await self.house.change(proving.begin, question.email)
        kept = found.password if found else None
        right, better = await self.passwords.check(question.password, kept)
        return self._counted(await self.house.change(_sign_in, question, kept if right else None, better))

    async def sign_in_by_provider(self, question: ask.SignInByProvider) -> SignedIn:
        return self._counted(await self.house.change(_sign_in_by_provider, question))

    async def set_up(self, question: ask.SetUp) -> SignedIn:
        link = await self.house.read(_link, question.token, self.house.store.clock())
        if link.kind != "set_up":
            raise LinkDead
        names = (address(question.email), named(question.name))
        check_new(question.password, names, commonest())
        kept = await self.passwords.hashed(question.password)
        return self._counted(await self.house.change(_set_up, question, kept))

    async def accept_link(self, question: ask.AcceptLink) -> SignedIn:
        now = self.house.store.clock()
        link, holder = await self.house.read(_link_of_user, question.token, now)
        check_new(question.password, (*holder.names, question.name or ""), commonest())
        if _wants_code(link, holder):
            if question.code is None:
                raise CodeNeeded
            await self.house.change(proving.begin, holder.email)
        kept = await self.passwords.hashed(question.password)
        return self._counted(await self.house.change(_accept, question, kept))

    def look_at_link(self, conn: Connection, question: ask.LookAtLink) -> ask.LinkSeen:
        link = _link(conn, question.token, self.house.store.clock())
        holder = people.user(conn, link.office, link.user_id) if link.user_id else None
        return ask.LinkSeen(
            kind=link.kind,
            office=link.office,
            office_name=people.find_office(conn, link.office).name,
            name=holder.name if holder else None,
            email=holder.email if holder else None,
            expires_at=link.expires_at,
            second_factor=_wants_code(link, holder),
        )

    async def recognise(self, question: ask.Recognise) -> Identity:
        if question.kind == "token":
            return await self._recognise_token(question.digest)
        now = self.house.store.clock()
        found = await self.house.read(ways.session_by_secret, question.digest)
        if not _step(found, question.digest, now).writes and found:
            return identity(found.holder, session_id=found.kept.id)
        return await self.house.change(_recognise, question.digest)

    async def _recognise_token(self, kept: str) -> Identity:
        now = self.house.store.clock()
        found = await self.house.read(ways.token_by_secret, kept)
        if found is None or now >= found.expires_at or found.holder.state != "active":
            raise NotSignedIn
        if found.used_at is None or now - found.used_at >= sessions.NOTED:
            await self.house.change(ways.note_use, found.id)
        return identity(found.holder, scopes=found.scopes)

    def _counted(self, outcome: SignedIn | Refusal) -> SignedIn:
        """A refusal is raised only here: what was written before it, and told of it, is committed."""
        refused = isinstance(outcome, Refusal)
        self.house.numbers["sign_ins_refused_total" if refused else "sign_ins_total"] += 1
        if isinstance(outcome, Refusal):
            raise outcome
        return outcome


def identity(
    holder: Holder,
    *,
    session_id: str | None = None,
    scopes: tuple[str, ...] | None = None,
    renewed: str | None = None,
) -> Identity:
    return Identity(
        user_id=holder.id,
        name=holder.name or holder.email,
        email=holder.email,
        language=holder.language,
        theme=holder.theme,
        office=holder.office,
        office_name=holder.office_name or holder.office,
        grants=holder.grants,
        scopes=scopes,
        session_id=session_id,
        second_factor=holder.totp_secret is not None,
        previous_visit=holder.previous_visit,
        renewed=renewed,
    )


# By password, by provider.


def _sign_in(tx: Tx, question: ask.SignIn, proved: str | None, better: str | None) -> SignedIn | Refusal:
    """`proved`: the hash that the password fitted, and must still be his. `better`: one with newer parameters."""
    holder = people.user_by_email(tx.conn, question.email)
    if holder is None:
        proving.touch(tx, question.email)
        return SignInWrong()
    if proved is None or holder.password != proved:
        return _refused(tx, holder, "password", SignInWrong())
    if holder.state == "locked":
        return _refused(tx, holder, "locked", AccountLocked())
    second = None
    if holder.totp_secret is not None:
        if question.code is None:
            proving.take_back(tx, holder.email)
            return CodeNeeded()
        second = proving.spend_code(tx, holder, question.code)
        if second is None:
            return _refused(tx, holder, "code", proving.CodeWrong())
    proving.forget(tx, holder.email)
    if better:
        people.save_user(tx, holder.id, password=better)
    return open_session(tx, holder, question, "password", second)


def _refused(tx: Tx, holder: Holder, why: facts.RefusedFor, refusal: Refusal) -> Refusal:
    proving.refuse(tx, holder, why)
    return refusal


def _sign_in_by_provider(tx: Tx, question: ask.SignInByProvider) -> SignedIn | Refusal:
    known = people.user_by_identity(tx.conn, question.issuer, question.subject)
    holder = known or _vouched_for(tx, question)
    if holder is None:
        return NotInvited()
    if holder.state == "locked":
        return _refused(tx, holder, "locked", AccountLocked())
    if known is None:
        people.add_identity(tx, holder.id, question.issuer, question.subject)
        with as_user(tx, holder):
            tx.emit(facts.ProviderLinked(issuer=question.issuer), holder.id)
    if holder.state == "invited":
        holder = _join(tx, holder, "provider", name=holder.name or clean(question.name or "")[:200] or None)
    return open_session(tx, holder, question, "provider")


def _vouched_for(tx: Tx, question: ask.SignInByProvider) -> Holder | None:
    """Whose verified address it is. Not somebody whom this issuer knows as another: addresses are given away anew."""
    holder = people.user_by_email(tx.conn, question.email) if question.email_verified else None
    taken = holder is not None and question.issuer in people.issuers(tx.conn, holder.id)
    return None if taken else holder


def _join(tx: Tx, holder: Holder, by: facts.JoinedBy, *, name: str | None) -> Holder:
    """The first time that he comes in; his invitations are over."""
    ways.drop_links(tx, holder.office, holder.id)
    people.save_user(tx, holder.id, joined_at=tx.now, name=name, version=holder.version + 1)
    with as_user(tx, holder):
        tx.emit(facts.UserJoined(version=holder.version + 1, by=by, grants=holder.grants), holder.id)
    return people.user(tx.conn, holder.office, holder.id)


# By link.


def _link(conn: Connection, token: str, now: datetime) -> ways.KeptLink:
    found = ways.find_link(conn, digest(token), now)
    if found is None:
        raise LinkDead
    return found


def _link_of_user(conn: Connection, token: str, now: datetime) -> tuple[ways.KeptLink, Holder]:
    link = _link(conn, token, now)
    if link.user_id is None:
        raise LinkDead
    return link, people.user(conn, link.office, link.user_id)


def _wants_code(link: ways.KeptLink, holder: Holder | None) -> bool:
    return holder is not None and holder.totp_secret is not None and not link.removes_second_factor


def _set_up(tx: Tx, question: ask.SetUp, password: str) -> SignedIn:
    link = _link(tx.conn, question.token, tx.now)
    check_nobody_yet(tx, link.office)
    ways.drop_links(tx, link.office, None)
    office = people.find_office(tx.conn, link.office)
    owner = add_user(tx, office, question.email, question.name, (Grant(role=OWNER),))
    with as_user(tx, owner):
        rename(tx, office, named(question.office_name))
    people.save_user(tx, owner.id, password=password, language=question.language)
    return open_session(tx, _join(tx, owner, "set_up", name=owner.name), question, "set_up")


def _accept(tx: Tx, question: ask.AcceptLink, password: str) -> SignedIn | Refusal:
    link, holder = _link_of_user(tx.conn, question.token, tx.now)
    second = None
    if _wants_code(link, holder):
        second = proving.spend_code(tx, holder, question.code) if question.code else None
        if second is None:
            return _refused(tx, holder, "code", proving.CodeWrong())
    ways.drop_links(tx, holder.office, holder.id)
    proving.forget(tx, holder.email)
    people.save_user(tx, holder.id, password=password, language=question.language or holder.language)
    with as_user(tx, holder):
        close_sessions(tx, holder.id, "password_changed")
        if link.removes_second_factor:
            remove_second_factor(tx, holder, "reset")
        if holder.joined_at is not None:
            tx.emit(facts.PasswordChanged(by="reset"), holder.id)
    if holder.joined_at is None:
        holder = _join(tx, holder, "invitation", name=named(question.name) if question.name else holder.name)
    by: facts.SignedInBy = "reset" if link.kind == "reset" else "invitation"
    return open_session(tx, people.user(tx.conn, holder.office, holder.id), question, by, second)


# Being recognised.


def _step(found: ways.SessionOf | None, digest: str, now: datetime) -> sessions.Step:
    step = sessions.recognised(found.kept, digest, now) if found and found.holder.state == "active" else None
    if step is None:
        raise NotSignedIn
    return step


def _recognise(tx: Tx, kept: str) -> Identity:
    """Looked at again under the lock: another request of the same browser may have been quicker."""
    found = ways.session_by_secret(tx.conn, kept)
    step = _step(found, kept, tx.now)
    if found is None:
        raise NotSignedIn
    holder, secret = found.holder, None
    changed: dict[str, Any] = {"seen_at": tx.now}
    if step.renew:
        secret = new_secret()
        changed |= {"digest": digest(secret), "former": kept, "former_until": None, "renewed_at": tx.now}
    elif step.confirm:
        changed |= {"former_until": tx.now + sessions.OVERLAP}
    ways.save_session(tx, found.kept.id, **changed)
    people.save_user(tx, holder.id, seen_at=tx.now, previous_visit=visit_before(holder, tx.now))
    present = people.user(tx.conn, holder.office, holder.id)
    return identity(present, session_id=found.kept.id, renewed=secret)

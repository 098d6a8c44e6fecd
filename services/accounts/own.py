"""One's own account: profile, password, second factor, sessions and API tokens."""

from collections.abc import Mapping
from datetime import timedelta

from schemas import accounts as ask
from schemas import accounts_facts as facts
from schemas.accounts import ApiToken
from schemas.envelope import Caller, Question, Versioned, new_id
from schemas.errors import NotFound, Refusal
from schemas.rights import ANYBODY, SIGNED_IN, allowed, rights
from services.accounts import secret
from services.accounts.model import codes, sessions
from services.accounts.model.holder import Holder, named
from services.accounts.model.passwords import check_new
from services.accounts.proving import CodeWrong, prove
from services.accounts.store import people, ways
from services.accounts.telling import close_sessions, me
from services.kit.context import caller
from services.kit.service import Service
from services.kit.store import Connection, Tx
from services.lang import clean

_LONGEST_TOKEN = timedelta(days=366)
_CODES = 10


class NothingBegun(Refusal):
    """No authenticator app is being set up. Begin again, and enter the code that the app then shows."""

    status = 409


class NotYours(Refusal):
    """A token can do only what you may do yourself, and “{scope}” is nothing of that. Leave it out."""


class TokenTerm(Refusal):
    """A token ends after now and within a year. Choose an earlier or later day."""


# Questions.


def get_account(conn: Connection, _question: Question) -> ask.Account:
    holder = me(conn, caller())
    return ask.Account(
        user_id=holder.id,
        version=holder.version,
        name=holder.name or "",
        email=holder.email,
        language=holder.language,
        theme=holder.theme,
        office=holder.office,
        office_name=holder.office_name or holder.office,
        grants=holder.grants,
        has_password=holder.password is not None,
        second_factor=holder.totp_secret is not None,
        recovery_codes_left=people.recovery_codes_left(conn, holder.id),
        providers=people.issuers(conn, holder.id),
    )


def _shown(kept: sessions.Kept) -> ask.Session:
    return ask.Session(
        id=kept.id,
        opened_at=kept.opened_at,
        seen_at=kept.seen_at,
        expires_at=sessions.expires_at(kept),
        address=kept.address,
        agent=kept.agent,
    )


# Commands.


def change_profile(tx: Tx, command: ask.ChangeProfile) -> Versioned:
    holder = people.for_change(tx, me(tx.conn, tx.caller).id, command.expected_version)
    new = {"name": named(command.name), "language": command.language, "theme": command.theme}
    return save_changed(tx, holder, new)


def save_changed(tx: Tx, holder: Holder, new: Mapping[str, object]) -> Versioned:
    """What differs, under a new version; told of only if something does."""
    changed = {name: value for name, value in new.items() if value != getattr(holder, name)}
    if not changed:
        return Versioned(id=holder.id, version=holder.version)
    people.save_user(tx, holder.id, **changed, version=holder.version + 1)
    now = people.user(tx.conn, holder.office, holder.id)
    fact = facts.UserChanged(version=now.version, fields=tuple(sorted(changed)), grants=now.grants)
    tx.emit(fact, holder.id, before=_plain(holder, changed), after=_plain(now, changed))
    return Versioned(id=now.id, version=now.version)


def _plain(holder: Holder, names: dict[str, object]) -> dict[str, object]:
    plain = {name: getattr(holder, name) for name in sorted(names)}
    if "grants" in plain:
        plain["grants"] = [grant.model_dump() for grant in holder.grants]
    return plain


def sign_out(tx: Tx, command: ask.EndSession) -> ask.Revoked:
    mine = me(tx.conn, tx.caller)
    return ask.Revoked(count=close_sessions(tx, mine.id, "signed_out", only=command.session_id))


def revoke_session(tx: Tx, command: ask.EndSession) -> ask.Revoked:
    mine = me(tx.conn, tx.caller)
    return ask.Revoked(count=close_sessions(tx, mine.id, "revoked", only=command.session_id))


def revoke_other_sessions(tx: Tx, command: ask.EndSession) -> ask.Revoked:
    mine = me(tx.conn, tx.caller)
    return ask.Revoked(count=close_sessions(tx, mine.id, "revoked", keep=command.session_id))


def revoke_token(tx: Tx, command: ask.RevokeToken) -> ask.Revoked:
    return ask.Revoked(count=drop_tokens(tx, me(tx.conn, tx.caller).id, "revoked", only=command.token_id))


def drop_tokens(tx: Tx, user_id: str, why: facts.TokenOver, *, only: str | None = None) -> int:
    wanted = [one for one in ways.tokens(tx.conn, user_id) if only in {None, one.id}]
    for one in wanted:
        ways.drop_token(tx, one.id)
        tx.emit(facts.TokenRevoked(token_id=one.id, why=why), user_id, before={"name": one.name})
    return len(wanted)


def remove_second_factor(tx: Tx, holder: Holder, by: facts.OwnOrReset) -> Versioned:
    """Nothing is told where there is none."""
    people.save_user(tx, holder.id, totp_secret=None, totp_pending=None, totp_step=0)
    people.replace_recovery_codes(tx, holder.id, [])
    if holder.totp_secret is not None:
        tx.emit(facts.SecondFactorChanged(on=False, by=by), holder.id)
    return Versioned(id=holder.id, version=holder.version)


# What takes a clock, and what takes or gives a secret.


class Own:
    """Secrets travel outside of commands, whose answers are remembered and whose words are hashed in haste."""

    def __init__(self, house: Service, passwords: secret.Passwords) -> None:
        self.house, self.passwords = house, passwords

    def list_sessions(self, conn: Connection, _question: Question) -> ask.Sessions:
        now = self.house.store.clock()
        mine = (_shown(one) for one in ways.sessions(conn, me(conn, caller()).id))
        return ask.Sessions(sessions=tuple(one for one in mine if now < one.expires_at))

    def list_tokens(self, conn: Connection, _question: Question) -> ask.Tokens:
        now = self.house.store.clock()
        mine = ways.tokens(conn, me(conn, caller()).id)
        return ask.Tokens(tokens=tuple(one for one in mine if now < one.expires_at))

    async def change_password(self, question: ask.ChangePassword) -> ask.FreshSession:
        holder = await prove(self.house, self.passwords, question.old)
        check_new(question.new, holder.names, secret.commonest())
        kept = await self.passwords.hashed(question.new)
        return await self.house.change(_change_password, holder, kept, question.session_id)

    async def begin_second_factor(self, question: ask.BeginSecondFactor) -> ask.SecondFactorBegun:
        holder = await prove(self.house, self.passwords, question.password)
        new = secret.new_totp_secret()
        await self.house.change(_begin_second_factor, holder, new)
        return ask.SecondFactorBegun(secret=new, uri=codes.uri(new, holder.email))

    async def confirm_second_factor(self, question: ask.ConfirmSecondFactor) -> ask.RecoveryCodes:
        return await self.house.change(_confirm_second_factor, question)

    async def remove_second_factor(self, question: ask.RemoveSecondFactor) -> Versioned:
        holder = await prove(self.house, self.passwords, question.password)
        return await self.house.change(remove_second_factor, holder, "own")

    async def make_token(self, question: ask.MakeToken) -> ask.NewToken:
        return await self.house.change(_make_token, question)


def _change_password(tx: Tx, holder: Holder, kept: str, session_id: str) -> ask.FreshSession:
    """This session goes on under a new secret at once; all others end, and so do links to a new password."""
    if session_id not in {one.id for one in ways.sessions(tx.conn, holder.id)}:
        raise NotFound(what="session", which=session_id)
    people.save_user(tx, holder.id, password=kept)
    ways.drop_links(tx, holder.office, holder.id)
    tx.emit(facts.PasswordChanged(by="own"), holder.id)
    close_sessions(tx, holder.id, "password_changed", keep=session_id)
    new = secret.new_secret()
    renewed = {"digest": secret.digest(new), "former": None, "former_until": None, "renewed_at": tx.now}
    ways.save_session(tx, session_id, **renewed)
    return ask.FreshSession(token=new)


def _begin_second_factor(tx: Tx, holder: Holder, new: str) -> None:
    people.save_user(tx, holder.id, totp_pending=new)


def _confirm_second_factor(tx: Tx, question: ask.ConfirmSecondFactor) -> ask.RecoveryCodes:
    holder = me(tx.conn, tx.caller)
    if holder.totp_pending is None:
        raise NothingBegun
    step = codes.step_of(holder.totp_pending, codes.typed(question.code), tx.now, 0)
    if step is None:
        raise CodeWrong
    people.save_user(tx, holder.id, totp_secret=holder.totp_pending, totp_pending=None, totp_step=step)
    new = tuple(secret.new_recovery_code() for _ in range(_CODES))
    people.replace_recovery_codes(tx, holder.id, [secret.digest(codes.typed(one)) for one in new])
    tx.emit(facts.SecondFactorChanged(on=True, by="own"), holder.id)
    return ask.RecoveryCodes(codes=new)


def _make_token(tx: Tx, question: ask.MakeToken) -> ask.NewToken:
    holder = me(tx.conn, tx.caller)
    if not tx.now < question.expires_at <= tx.now + _LONGEST_TOKEN:
        raise TokenTerm
    new = secret.new_token()
    token = ApiToken(
        id=new_id(),
        name=named(question.name),
        scopes=_scopes(holder, question.scopes),
        made_at=tx.now,
        expires_at=question.expires_at,
        used_at=None,
    )
    ways.add_token(tx, holder.id, secret.digest(new), token)
    fact = facts.TokenMade(token_id=token.id, scopes=token.scopes, expires_at=token.expires_at)
    tx.emit(fact, holder.id, after={"name": token.name})
    return ask.NewToken(secret=new, token=token)


def _scopes(holder: Holder, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Actions that a role gives him somewhere. Not his own account: a token could make itself a larger one."""
    who = Caller(office=holder.office, auth="user", actor=holder.id, grants=holder.grants)
    for scope in wanted:
        action = rights().actions.get(scope)
        if action is None or {ANYBODY, SIGNED_IN} & set(action.roles) or not allowed(who, scope, anywhere=True):
            raise NotYours(scope=clean(scope))
    return tuple(sorted(set(wanted)))

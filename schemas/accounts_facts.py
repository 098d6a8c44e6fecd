"""What accounts tells. The subject is the office or the user; nobody's name, address or e-mail is in it."""

from datetime import datetime
from typing import Literal

from schemas.accounts import LinkKind
from schemas.envelope import Fact, Grant

OwnOrReset = Literal["own", "reset"]
SessionOver = Literal["signed_out", "revoked", "expired", "password_changed", "locked"]
TokenOver = Literal["revoked", "expired", "locked"]
SignedInBy = Literal["password", "provider", "set_up", "invitation", "reset"]
Second = Literal["code", "recovery_code"]
JoinedBy = Literal["set_up", "invitation", "provider"]
RefusedFor = Literal["password", "code", "locked"]


class OfficeOpened(Fact, type="accounts.office.opened.v1"):
    version: int


class OfficeRenamed(Fact, type="accounts.office.renamed.v1"):
    version: int


class UserInvited(Fact, type="accounts.user.invited.v1"):
    version: int
    grants: tuple[Grant, ...]


class UserJoined(Fact, type="accounts.user.joined.v1"):
    """Signed in for the first time."""

    version: int
    by: JoinedBy
    grants: tuple[Grant, ...]


class UserChanged(Fact, type="accounts.user.changed.v1"):
    """`fields`: name, language, theme, grants; `grants` as they are now."""

    version: int
    fields: tuple[str, ...]
    grants: tuple[Grant, ...]


class UserLocked(Fact, type="accounts.user.locked.v1"):
    version: int


class UserUnlocked(Fact, type="accounts.user.unlocked.v1"):
    version: int


class LinkMade(Fact, type="accounts.link.made.v1"):
    """A set-up link of an office, or a new invitation or reset of a user."""

    kind: LinkKind
    expires_at: datetime
    removes_second_factor: bool = False


class ProviderLinked(Fact, type="accounts.provider.linked.v1"):
    """From now on this issuer signs the user in."""

    issuer: str


class SessionOpened(Fact, type="accounts.session.opened.v1"):
    session_id: str
    by: SignedInBy
    second_factor: Second | None = None


class SessionClosed(Fact, type="accounts.session.closed.v1"):
    session_id: str
    why: SessionOver


class SignInRefused(Fact, type="accounts.sign_in.refused.v1"):
    """At an account that exists; tries at addresses that nobody has are only counted."""

    why: RefusedFor


class PasswordChanged(Fact, type="accounts.password.changed.v1"):
    by: OwnOrReset


class SecondFactorChanged(Fact, type="accounts.second_factor.changed.v1"):
    on: bool
    by: OwnOrReset


class TokenMade(Fact, type="accounts.token.made.v1"):
    token_id: str
    scopes: tuple[str, ...]
    expires_at: datetime


class TokenRevoked(Fact, type="accounts.token.revoked.v1"):
    token_id: str
    why: TokenOver

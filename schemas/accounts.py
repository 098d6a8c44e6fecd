"""What accounts is asked and tells: offices, users and their roles, sign-in, sessions, links and API tokens.

Whatever carries a password, or answers a secret, is a Question and no Command: answers to commands are remembered.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from schemas.envelope import Ask, Command, Grant, Question, Strict, Versioned
from schemas.errors import Refusal

Language = Literal["vi", "en"]
Theme = Literal["light", "dark"]
LinkKind = Literal["set_up", "invitation", "reset"]
UserState = Literal["invited", "active", "locked"]
Secret = Annotated[str, Field(min_length=1, max_length=1000, repr=False)]
Code = Annotated[str | None, Field(max_length=1000, repr=False)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Email = Annotated[str, Field(min_length=3, max_length=254)]
OfficeCode = Annotated[str, Field(pattern="^[a-z0-9-]{1,40}$")]


class CodeNeeded(Refusal):
    """Enter the code that your authenticator app shows now, or one of your recovery codes."""


# Whoever comes: recognised at every request, by the secret that the browser or the program carries.


class Recognise(Question):
    """`digest` is the SHA-256 of the secret, in hexadecimal: the secret itself stays with who received it."""

    kind: Literal["session", "token"]
    digest: str = Field(pattern="^[0-9a-f]{64}$")


class Identity(Strict):
    """Who it is, and what may be done in his name. For a token `scopes` are actions of rights.yaml.

    `renewed`: the session's new secret. The old one works until the new one was used, and one minute more.
    """

    user_id: str
    name: str
    email: str
    language: Language | None
    theme: Theme | None
    office: str
    office_name: str
    grants: tuple[Grant, ...]
    scopes: tuple[str, ...] | None = None
    session_id: str | None = None
    second_factor: bool
    previous_visit: datetime | None = Field(description="When the visit before this one ended; a pause ends one.")
    renewed: str | None = Field(None, repr=False)


class Coming(Question):
    """From where somebody comes: shown to him in the list of his sessions, and kept no longer than the session."""

    address: str = Field("", description="Of the network.")
    agent: str = Field("", description="User-Agent; cut where it is long.")


class SignedIn(Strict):
    """`token` is the session's secret; it works until `expires_at` at the longest."""

    token: str = Field(repr=False)
    session_id: str
    user_id: str
    office: str
    language: Language | None
    theme: Theme | None
    expires_at: datetime


class SignIn(Coming):
    """`code`: of the authenticator app, or a recovery code. Refused with CodeNeeded if one is wanted and missing."""

    email: str = Field(max_length=1000)
    password: Secret
    code: Code = None


class SignInByProvider(Coming):
    """What an office's own OpenID Connect provider vouches for, after the gateway has checked its token.

    A second factor is the provider's business; ours is not asked for.
    """

    issuer: str = Field(min_length=1, max_length=1000)
    subject: str = Field(min_length=1, max_length=255, description="`sub`: who it is, for ever, at this issuer.")
    email: str = Field(max_length=1000)
    email_verified: bool
    name: str | None = Field(None, max_length=1000)


class SetUp(Coming):
    """The first owner of an office, by its set-up link."""

    token: Secret
    office_name: Name
    name: Name
    email: Email
    password: Secret
    language: Language | None = None


class LookAtLink(Question):
    token: Secret


class LinkSeen(Strict):
    """What a link is for. `second_factor`: accepting it needs a code as well."""

    kind: LinkKind
    office: str
    office_name: str | None
    name: str | None
    email: str | None
    expires_at: datetime
    second_factor: bool = False


class AcceptLink(Coming):
    """An invitation or a reset: the password that is to hold from now on."""

    token: Secret
    password: Secret
    name: Name | None = None
    language: Language | None = None
    code: Code = None


class Account(Strict):
    """What one's own account is set to. `providers` are the issuers that may sign this account in."""

    user_id: str
    version: int
    name: str
    email: str
    language: Language | None
    theme: Theme | None
    office: str
    office_name: str
    grants: tuple[Grant, ...]
    has_password: bool
    second_factor: bool
    recovery_codes_left: int
    providers: tuple[str, ...]


class ChangeProfile(Command):
    expected_version: int
    name: Name
    language: Language | None
    theme: Theme | None


class EndSession(Command):
    """One of one's own."""

    session_id: str


class Session(Strict):
    id: str
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str
    agent: str


class Sessions(Strict):
    """Newest use first."""

    sessions: tuple[Session, ...]


class RevokeOtherSessions(Command):
    """All of one's own but this one."""

    session_id: str


class Revoked(Strict):
    count: int


class ChangePassword(Question):
    """Closes every other session of the account and gives this one a new secret."""

    old: Secret
    new: Secret
    session_id: str


class FreshSession(Strict):
    token: str = Field(repr=False)


class BeginSecondFactor(Question):
    """A new secret for an authenticator app; nothing changes until a code of it is confirmed."""

    password: Secret


class SecondFactorBegun(Strict):
    """`uri` is for the QR code (otpauth), `secret` for typing."""

    secret: str = Field(repr=False)
    uri: str = Field(repr=False)


class ConfirmSecondFactor(Question):
    code: Secret


class RecoveryCodes(Strict):
    """Shown this once. Each signs in once in place of a code."""

    codes: tuple[str, ...] = Field(repr=False)


class RemoveSecondFactor(Question):
    password: Secret


class ApiToken(Strict):
    id: str
    name: str
    scopes: tuple[str, ...]
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None


class Tokens(Strict):
    tokens: tuple[ApiToken, ...]


class MakeToken(Question):
    """`scopes` are actions of rights.yaml that the user may somewhere; the token may nothing that he may not."""

    name: Name
    scopes: tuple[str, ...] = Field(min_length=1, max_length=100)
    expires_at: AwareDatetime


class NewToken(Strict):
    """`secret` is shown this once."""

    secret: str = Field(repr=False)
    token: ApiToken


class RevokeToken(Command):
    token_id: str


# The accounts of the office.


class User(Strict):
    id: str
    version: int
    name: str | None
    email: str
    grants: tuple[Grant, ...]
    state: UserState
    seen_at: datetime | None
    second_factor: bool


class Users(Strict):
    """By name."""

    users: tuple[User, ...]


class Names(Strict):
    """Of whoever has joined, by id: for saying who did something."""

    names: dict[str, str]


Grants = Annotated[tuple[Grant, ...], Field(max_length=500)]


class InviteUser(Question):
    """Roles hold for the whole office, or for one ceremony by its id or code; `owner` for the office only."""

    email: Email
    name: Name | None = None
    grants: Grants = ()


class Link(Strict):
    """A link that works once: `token` is what stands in it."""

    kind: LinkKind
    token: str = Field(repr=False)
    expires_at: datetime


class Invited(Strict):
    user_id: str
    version: int
    link: Link


class ChangeUser(Command):
    user_id: str
    expected_version: int
    name: Name | None
    grants: Grants


class LockUser(Command):
    """Ends his sessions, tokens and links; nobody signs in to this account until it is unlocked."""

    user_id: str


class UnlockUser(Command):
    """Also ends the wait after wrong passwords."""

    user_id: str


class ResetLink(Question):
    """A link to a new password; for who has not joined yet, a new invitation. Earlier ones die."""

    user_id: str
    remove_second_factor: bool = Field(False, description="For who has lost both the app and the recovery codes.")


class Office(Strict):
    code: str
    name: str | None
    version: int


class ChangeOffice(Command):
    expected_version: int
    name: Name


class SetUpLink(Question):
    """The way in to an office in which nobody can sign in yet. Each one ends the one before."""

    office: OfficeCode


class OpenOffice(Command):
    """A further tenant."""

    code: OfficeCode
    name: Name | None = None


_ASKS = "accounts"
recognise = Ask(_ASKS, "recognise", Recognise, Identity)
sign_in = Ask(_ASKS, "sign_in", SignIn, SignedIn)
sign_in_by_provider = Ask(_ASKS, "sign_in_by_provider", SignInByProvider, SignedIn)
set_up = Ask(_ASKS, "set_up", SetUp, SignedIn)
look_at_link = Ask(_ASKS, "look_at_link", LookAtLink, LinkSeen)
accept_link = Ask(_ASKS, "accept_link", AcceptLink, SignedIn)

get_account = Ask(_ASKS, "get_account", Question, Account)
change_profile = Ask(_ASKS, "change_profile", ChangeProfile, Versioned)
sign_out = Ask(_ASKS, "sign_out", EndSession, Revoked)
list_sessions = Ask(_ASKS, "list_sessions", Question, Sessions)
revoke_session = Ask(_ASKS, "revoke_session", EndSession, Revoked)
revoke_other_sessions = Ask(_ASKS, "revoke_other_sessions", RevokeOtherSessions, Revoked)
change_password = Ask(_ASKS, "change_password", ChangePassword, FreshSession)
begin_second_factor = Ask(_ASKS, "begin_second_factor", BeginSecondFactor, SecondFactorBegun)
confirm_second_factor = Ask(_ASKS, "confirm_second_factor", ConfirmSecondFactor, RecoveryCodes)
remove_second_factor = Ask(_ASKS, "remove_second_factor", RemoveSecondFactor, Versioned)
list_tokens = Ask(_ASKS, "list_tokens", Question, Tokens)
make_token = Ask(_ASKS, "make_token", MakeToken, NewToken)
revoke_token = Ask(_ASKS, "revoke_token", RevokeToken, Revoked)

list_users = Ask(_ASKS, "list_users", Question, Users)
list_names = Ask(_ASKS, "list_names", Question, Names)
get_office = Ask(_ASKS, "get_office", Question, Office)
invite_user = Ask(_ASKS, "invite_user", InviteUser, Invited)
change_user = Ask(_ASKS, "change_user", ChangeUser, Versioned)
lock_user = Ask(_ASKS, "lock_user", LockUser, Versioned)
unlock_user = Ask(_ASKS, "unlock_user", UnlockUser, Versioned)
reset_link = Ask(_ASKS, "reset_link", ResetLink, Link)
change_office = Ask(_ASKS, "change_office", ChangeOffice, Versioned)

setup_link = Ask(_ASKS, "setup_link", SetUpLink, Link)
open_office = Ask(_ASKS, "open_office", OpenOffice, Versioned)

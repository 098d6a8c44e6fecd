"""A user as accounts knows him, and the rules about his address, his name and his roles."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from schemas.accounts import Language, Theme, UserState
from schemas.envelope import Grant
from schemas.errors import Refusal
from services.lang import EMAIL, clean, nfc

OWNER = "owner"
_PAUSE = timedelta(hours=1)  # without a sign of life; what comes after it is another visit


class EmailWrong(Refusal):
    """“{email}” is not an e-mail address. Write it as in name@example.org."""


class EmailTaken(Refusal):
    """No account can be made for {email}: the address is in use. If it stands in your list of accounts, make a new
    link for it there; else use another address.
    """

    status = 409


class NameEmpty(Refusal):
    """The name is empty. Write one."""


class RoleUnknown(Refusal):
    """There is no role “{role}”. The roles are: {roles}."""


class OwnerOfOne(Refusal):
    """An owner owns the whole office. For one ceremony choose another role, for example planner."""


class LastOwner(Refusal):
    """{email} is the last owner of the office who can sign in. Make somebody else an owner first."""

    status = 409


@dataclass(frozen=True, slots=True)
class Holder:
    """One user, with what nobody else may see."""

    id: str
    office: str
    office_name: str | None
    email: str
    name: str | None
    language: Language | None
    theme: Theme | None
    grants: tuple[Grant, ...]
    version: int
    password: str | None = field(repr=False)
    totp_secret: str | None = field(repr=False)
    totp_pending: str | None = field(repr=False)
    totp_step: int
    joined_at: datetime | None
    locked_at: datetime | None
    seen_at: datetime | None
    previous_visit: datetime | None

    @property
    def state(self) -> UserState:
        if self.locked_at is not None:
            return "locked"
        return "invited" if self.joined_at is None else "active"

    @property
    def owns(self) -> bool:
        return owns(self.grants)

    @property
    def names(self) -> tuple[str, ...]:
        """What his password may not be."""
        return tuple(filter(None, (self.email, self.name)))


def address(text: str) -> str:
    """An e-mail address as it is kept and shown."""
    tidy = clean(text)
    if not EMAIL.fullmatch(tidy):
        raise EmailWrong(email=tidy)
    return tidy


def address_key(text: str) -> str:
    """Equal for two spellings of one address; no mail system gives those that differ in case to two people."""
    return nfc(clean(text).casefold())


def named(text: str) -> str:
    tidy = clean(text)
    if not tidy:
        raise NameEmpty
    return tidy


def settled(grants: Iterable[Grant], roles: Iterable[str]) -> tuple[Grant, ...]:
    """Each once, in the order of the roles; none for one ceremony that holds for the whole office anyway."""
    order = {role: place for place, role in enumerate(roles)}
    wanted = set(grants)
    for grant in wanted:
        if grant.role not in order:
            raise RoleUnknown(role=grant.role, roles=", ".join(order))
        if grant.role == OWNER and grant.ceremony_id is not None:
            raise OwnerOfOne
    wide = {grant.role for grant in wanted if grant.ceremony_id is None}
    kept = [grant for grant in wanted if grant.ceremony_id is None or grant.role not in wide]
    return tuple(sorted(kept, key=lambda grant: (order[grant.role], grant.ceremony_id or "")))


def owns(grants: Iterable[Grant]) -> bool:
    return Grant(role=OWNER) in grants


def check_owner_stays(holder: Holder, everybody: Iterable[Holder]) -> None:
    """Refuse to take the office from the last owner who can sign in."""
    others = (one for one in everybody if one.id != holder.id)
    if holder.owns and holder.state == "active" and not any(one.owns and one.state == "active" for one in others):
        raise LastOwner(email=holder.email)


def visit_before(holder: Holder, now: datetime) -> datetime | None:
    """When the visit before the one of `now` ended."""
    ended = holder.seen_at is not None and now - holder.seen_at >= _PAUSE
    return holder.seen_at if ended else holder.previous_visit

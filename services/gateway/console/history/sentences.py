"""What happened, in a plain sentence for every type of event; who did it stands beside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from schemas import accounts_facts as accounts
from schemas import audit, awards, dispatch, guests, precedence, program, scheduling, seating
from schemas.envelope import FACTS, Fact
from schemas.halls import asked as halls
from schemas.house import HistoryEntry
from services.gateway.console.fields import Fields, called, plain, within_sentence
from services.gateway.console.wording import Wording

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Told:
    """An entry, and what it takes to say it: the names of the office's people, a language."""

    entry: HistoryEntry
    names: Mapping[str, str]
    fields: Fields

    @property
    def words(self) -> Wording:
        return self.fields.words

    def say(self, sentence: str, **params: object) -> str:
        return self.words.say(sentence, **params)

    @property
    def thing(self) -> str | None:
        """What the changed guest, line or decision goes by, where that was kept."""
        return called(self.entry.after) or called(self.entry.before)

    @property
    def person(self) -> str:
        """Whose account it is about."""
        return self.names.get(self.entry.subject) or self.thing or self.say("somebody")

    @property
    def done(self) -> str:
        """Added, changed or removed, by which sides of the change there are."""
        return "changed" if self.entry.before and self.entry.after else "removed" if self.entry.before else "added"


Saying = Callable[[Told, Any], str]
SENTENCES: dict[type[Fact], Saying] = {}


def sentence(told: Told) -> str:
    fact = FACTS[told.entry.type].model_validate(told.entry.data)
    return SENTENCES[type(fact)](told, fact)


def of(kind: type[F]) -> Callable[[Callable[[Told, F], str]], Callable[[Told, F], str]]:
    def learn(saying: Callable[[Told, F], str]) -> Callable[[Told, F], str]:
        SENTENCES[kind] = saying
        return saying

    return learn


def who(told: Told) -> str:
    """Whoever did it; what the house does by itself is its own, what comes from nowhere was done at the machine."""
    entry = told.entry
    if entry.actor:
        return told.names.get(entry.actor) or told.say("An account that is gone")
    if entry.authtype == "unauthenticated":
        return told.say("Somebody not signed in")
    return told.say("Automatically") if entry.service in {"program", "dispatch"} else told.say("At the server")


# Ceremonies and their running order.


@of(scheduling.CeremonyPlanned)
def _planned(told: Told, fact: scheduling.CeremonyPlanned) -> str:
    if fact.on is None:
        return told.say("Ceremony created")
    return told.say("Ceremony created, for {day}", day=plain(told.words.day_short(fact.on)))


@of(scheduling.CeremonyChanged)
def _changed(told: Told, fact: scheduling.CeremonyChanged) -> str:
    return told.say("Details of the ceremony changed: {fields}", fields=_fields(told, fact.fields))


@of(scheduling.CeremonyMoved)
def _moved(told: Told, fact: scheduling.CeremonyMoved) -> str:
    day, start = plain(told.words.day_short(fact.on)), plain(told.words.clock(fact.start))
    return told.say("Ceremony moved to {day}, {start}", day=day, start=start)


@of(scheduling.RunningOrderChanged)
def _order(told: Told, fact: scheduling.RunningOrderChanged) -> str:
    if len(fact.keys) == 1 and (title := _item(told.entry)):
        one = {"title": title}
        if fact.created:
            return told.say("Item added to the running order: {title}", **one)
        if fact.removed:
            return told.say("Item removed from the running order: {title}", **one)
        return told.say("Item of the running order changed: {title}", **one)
    counts = _counts(told, fact)
    return told.say("Running order changed: {counts}", counts=counts)


@of(scheduling.PlanImported)
def _imported(told: Told, _fact: scheduling.PlanImported) -> str:
    return told.say("Plan folder imported")


@of(scheduling.CeremonyReleased)
def _released(told: Told, fact: scheduling.CeremonyReleased) -> str:
    return told.say("Release {number} made", number=fact.release)


@of(audit.AuditSealed)
def _sealed(told: Told, fact: audit.AuditSealed) -> str:
    if fact.release is None:
        return told.say("Audit trail sealed")
    return told.say("Audit trail sealed at release {number}", number=fact.release)


# Guests and awards.


@of(guests.GuestsImported)
def _guests_imported(told: Told, fact: guests.GuestsImported) -> str:
    return told.say("Guest list imported: {counts}; {total} in all", counts=_counts(told, fact), total=fact.count)


@of(guests.GuestAdded)
def _guest_added(told: Told, _fact: guests.GuestAdded) -> str:
    return told.say("Guest added: {name}", name=told.thing) if told.thing else told.say("A guest was added")


@of(guests.GuestChanged)
def _guest_changed(told: Told, _fact: guests.GuestChanged) -> str:
    return told.say("Guest changed: {name}", name=told.thing) if told.thing else told.say("A guest was changed")


@of(guests.GuestRemoved)
def _guest_removed(told: Told, _fact: guests.GuestRemoved) -> str:
    return told.say("Guest removed: {name}", name=told.thing) if told.thing else told.say("A guest was removed")


@of(seating.SeatingChanged)
def _seating(told: Told, fact: seating.SeatingChanged) -> str:
    known = {
        "halls_chosen": lambda: told.say("Halls chosen"),
        "filled": lambda: told.say("Seats filled by a pattern"),
        "put": lambda: told.say("Somebody put on another seat"),
        "cleared": lambda: told.say("Seats cleared"),
        "fixed": lambda: told.say("Seats fixed"),
        "released": lambda: told.say("Seats no longer fixed"),
        "reseated": lambda: told.say("Seats given anew with few moves"),
        "taken_back": lambda: told.say("A change of seats taken back"),
    }
    counts = {"seated": told.words.number(fact.seated), "unseated": told.words.number(fact.unseated)}
    how = known.get(fact.how, lambda: told.say("Seats changed"))()
    return told.say("{how}: {seated} seated, {unseated} without a seat", how=how, **counts)


@of(halls.HallSaved)
def _hall(told: Told, fact: halls.HallSaved) -> str:
    seats = told.words.number(fact.seats + fact.standing)
    return told.say("Hall {key} drawn, for {seats} people", key=told.entry.subject, seats=seats)


@of(halls.HallGone)
def _hall_gone(told: Told, _fact: halls.HallGone) -> str:
    return told.say("Hall {key} removed", key=told.entry.subject)


@of(precedence.GuestPlaced)
def _placed(told: Told, _fact: precedence.GuestPlaced) -> str:
    said = told.entry.after or {}
    if not told.thing or not said.get("reason"):
        return told.say("Guest placed by hand")
    return told.say("Guest placed by hand: {name}, because: {reason}", name=told.thing, reason=said["reason"])


@of(precedence.GuestReturned)
def _returned(told: Told, _fact: precedence.GuestReturned) -> str:
    if not told.thing:
        return told.say("Place by hand taken back")
    return told.say("Place by hand taken back: {name}", name=told.thing)


@of(precedence.ListReranked)
def _reranked(told: Told, _fact: precedence.ListReranked) -> str:
    return told.say("Guests ranked anew: other rules hold")


@of(precedence.TitleSettled)
def _settled(told: Told, _fact: precedence.TitleSettled) -> str:
    if not told.thing:
        return told.say("The office said what a title counts as")
    return told.say("The office said what a title counts as: {title}", title=told.thing)


@of(precedence.TitleForgotten)
def _forgotten(told: Told, _fact: precedence.TitleForgotten) -> str:
    if not told.thing:
        return told.say("What the office said of a title was taken back")
    return told.say("What the office said of a title was taken back: {title}", title=told.thing)


@of(awards.AwardsImported)
def _awards_imported(told: Told, fact: awards.AwardsImported) -> str:
    return told.say("Award list imported: {counts}; {total} in all", counts=_counts(told, fact), total=fact.count)


@of(awards.AwardsChanged)
def _award(told: Told, fact: awards.AwardsChanged) -> str:
    if not told.thing:
        line = told.say("A line of the award list was changed")
        return line if fact.what == "line" else told.say("A decision was changed")
    name = {"name": told.thing}
    known = {
        ("line", "added"): lambda: told.say("Award line added: {name}", **name),
        ("line", "changed"): lambda: told.say("Award line changed: {name}", **name),
        ("line", "removed"): lambda: told.say("Award line removed: {name}", **name),
        ("decision", "added"): lambda: told.say("Decision added: {name}", **name),
        ("decision", "changed"): lambda: told.say("Decision changed: {name}", **name),
        ("decision", "removed"): lambda: told.say("Decision removed: {name}", **name),
    }
    return known[fact.what, told.done]()


# Documents and invitations.


@of(program.DocumentRendered)
def _rendered(told: Told, fact: program.DocumentRendered) -> str:
    if fact.count > 1:
        return told.say("{count} documents for single guests made", count=told.words.number(fact.count))
    return told.say(
        "Document made: {kind}, {pages} pages", kind=told.fields.value("kind", fact.kind), pages=fact.pages
    )


@of(program.ReleaseRendered)
def _release_rendered(told: Told, fact: program.ReleaseRendered) -> str:
    numbers = {"number": fact.release, "count": told.words.number(fact.rendered + fact.reused)}
    if fact.failed:
        return told.say("Documents of release {number} made: {count}; {failed} failed", failed=fact.failed, **numbers)
    return told.say("Documents of release {number} made: {count}", **numbers)


@of(dispatch.InvitationsPrepared)
def _prepared(told: Told, fact: dispatch.InvitationsPrepared) -> str:
    return told.say(
        "Invitations of release {number} prepared: {created} new, {changed} changed, {cancelled} cancelled,"
        " {unchanged} as before",
        number=fact.release,
        created=fact.created,
        changed=fact.rescheduled + fact.reworded,
        cancelled=fact.cancelled,
        unchanged=fact.unchanged,
    )


# Accounts.


@of(accounts.OfficeOpened)
def _office_opened(told: Told, _fact: accounts.OfficeOpened) -> str:
    return told.say("Office opened")


@of(accounts.OfficeRenamed)
def _office_renamed(told: Told, _fact: accounts.OfficeRenamed) -> str:
    return told.say("Office renamed")


@of(accounts.UserInvited)
def _invited(told: Told, _fact: accounts.UserInvited) -> str:
    return told.say("Invited to the office: {name}", name=told.person)


@of(accounts.UserJoined)
def _joined(told: Told, _fact: accounts.UserJoined) -> str:
    return told.say("{name} joined", name=told.person)


@of(accounts.UserChanged)
def _user_changed(told: Told, fact: accounts.UserChanged) -> str:
    return told.say("Account of {name} changed: {fields}", name=told.person, fields=_fields(told, fact.fields))


@of(accounts.UserLocked)
def _locked(told: Told, _fact: accounts.UserLocked) -> str:
    return told.say("Account of {name} locked", name=told.person)


@of(accounts.UserUnlocked)
def _unlocked(told: Told, _fact: accounts.UserUnlocked) -> str:
    return told.say("Account of {name} unlocked", name=told.person)


@of(accounts.LinkMade)
def _link(told: Told, fact: accounts.LinkMade) -> str:
    if fact.kind == "set_up":
        return told.say("Link made to set the office up")
    if fact.kind == "invitation":
        return told.say("Invitation link made for {name}", name=told.person)
    return told.say("Link to a new password made for {name}", name=told.person)


@of(accounts.ProviderLinked)
def _provider(told: Told, fact: accounts.ProviderLinked) -> str:
    return told.say("{name} signs in by {issuer} from now on", name=told.person, issuer=fact.issuer)


@of(accounts.SessionOpened)
def _signed_in(told: Told, _fact: accounts.SessionOpened) -> str:
    return told.say("{name} signed in", name=told.person)


@of(accounts.SessionClosed)
def _signed_out(told: Told, fact: accounts.SessionClosed) -> str:
    if fact.why == "signed_out":
        return told.say("{name} signed out", name=told.person)
    return told.say("A session of {name} was ended", name=told.person)


@of(accounts.SignInRefused)
def _refused(told: Told, fact: accounts.SignInRefused) -> str:
    if fact.why == "password":
        return told.say("Sign-in as {name} refused: wrong password", name=told.person)
    if fact.why == "code":
        return told.say("Sign-in as {name} refused: wrong code", name=told.person)
    return told.say("Sign-in as {name} refused: the account is locked", name=told.person)


@of(accounts.PasswordChanged)
def _password(told: Told, _fact: accounts.PasswordChanged) -> str:
    return told.say("Password of {name} changed", name=told.person)


@of(accounts.SecondFactorChanged)
def _second(told: Told, fact: accounts.SecondFactorChanged) -> str:
    if fact.on:
        return told.say("{name} signs in with a second factor from now on", name=told.person)
    return told.say("Second factor of {name} removed", name=told.person)


@of(accounts.TokenMade)
def _token(told: Told, _fact: accounts.TokenMade) -> str:
    return told.say("API token made for {name}", name=told.person)


@of(accounts.TokenRevoked)
def _token_gone(told: Told, fact: accounts.TokenRevoked) -> str:
    if fact.why == "expired":
        return told.say("API token of {name} expired", name=told.person)
    return told.say("API token of {name} revoked", name=told.person)


# Words within them.


def _fields(told: Told, names: tuple[str, ...]) -> str:
    return told.words.listed(within_sentence(told.fields.label(name)) for name in names)


def _counts(told: Told, fact: Any) -> str:
    """Only those that are not nought."""
    number = told.words.number
    parts = [
        told.say("{count} new", count=number(fact.created)) if fact.created else "",
        told.say("{count} changed", count=number(fact.updated)) if fact.updated else "",
        told.say("{count} removed", count=number(fact.removed)) if fact.removed else "",
    ]
    return ", ".join(filter(None, parts)) or told.say("only the order")


def _item(entry: HistoryEntry) -> str | None:
    """Of the one item that an entry is about."""
    for side in (entry.after, entry.before):
        items = side.get("items") if isinstance(side, Mapping) else None
        if items:
            return called(items[0])
    return None

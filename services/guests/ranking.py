"""What people say of the order of precedence: places by hand, and what titles count as. Each in one transaction."""

from collections.abc import Callable, Mapping
from typing import Any

import schemas.precedence as ask
from schemas.envelope import Ask, Versioned
from schemas.errors import NotFound, Refusal
from schemas.guests import GroupFields, GuestChanged, GuestFields, PersonFields, Post
from schemas.precedence import Counts, SettledTitle
from schemas.protocol import load_profile
from schemas.scheduling import Ceremony, CeremonyChanged, CeremonyMoved, CeremonyPlanned
from services.guests import store
from services.guests.model import lists
from services.guests.model.lists import Kept
from services.guests.model.matching import called
from services.guests.model.titles import check_counts, names_title
from services.guests.present import Present, present
from services.guests.store import Listing, Placing
from services.kit.store import Tx
from services.kit.tidy import tidied
from services.lang import match_key


class BeforeHimself(Refusal):
    """A guest cannot be placed before himself. Choose somebody else, or the end of the list."""


class NotPlaced(Refusal):
    """This guest was not placed by hand: the rules decide on the place. Nothing has to be taken back."""

    status = 409


class AllOrNothing(Refusal):
    """Level, bloc and class belong together. Say all three, or none of them to go by the words of the title again."""


# Places by hand.


def place_guest(tx: Tx, command: ask.PlaceGuest) -> Versioned:
    reason = tidied(command, "place").reason
    now = _present(tx, command.ceremony_id, command.guest_id, command.before)
    head = store.for_change(tx, command.ceremony_id, command.expected_version)
    if command.before == command.guest_id:
        raise BeforeHimself
    old, version = now.placings.get(command.guest_id), head.version + 1
    hands = now.order.put(command.guest_id, command.before)
    new = Placing(hands[command.guest_id], reason, tx.caller.actor, tx.now, old.version + 1 if old else 1)
    for guest_id, hand in hands.items():
        placing = new if guest_id == command.guest_id else now.placings[guest_id]._replace(hand=hand)
        store.put_placing(tx, command.ceremony_id, guest_id, placing)
    store.save_listing(tx, command.ceremony_id, head._replace(version=version))
    fact = ask.GuestPlaced(guest_id=command.guest_id, version=version)
    tx.emit(fact, command.ceremony_id, before=_told(now, command.guest_id, old), after=_after(now, command, reason))
    return Versioned(id=command.guest_id, version=new.version)


def return_guest(tx: Tx, command: ask.ReturnGuest) -> Versioned:
    now = _present(tx, command.ceremony_id, command.guest_id)
    head = store.for_change(tx, command.ceremony_id, command.expected_version)
    old, version = now.placings.get(command.guest_id), head.version + 1
    if old is None:
        raise NotPlaced
    store.take_placings(tx, [command.guest_id])
    store.save_listing(tx, command.ceremony_id, head._replace(version=version))
    fact = ask.GuestReturned(guest_id=command.guest_id, version=version)
    tx.emit(fact, command.ceremony_id, before=_told(now, command.guest_id, old))
    return Versioned(id=command.guest_id, version=old.version + 1)


def _present(tx: Tx, ceremony_id: str, *guest_ids: str | None) -> Present:
    """The list as it is; NotFound if one of these is not on it."""
    now = present(tx.conn, tx.caller.office, ceremony_id)
    for guest_id in guest_ids:
        if guest_id is not None and now.order.places.get(guest_id, now.order.coming) >= now.order.coming:
            raise NotFound(what="guest", which=guest_id)
    return now


def _told(now: Present, guest_id: str, placing: Placing | None) -> Mapping[str, str | None] | None:
    """What a place by hand was, for the history."""
    if placing is None:
        return None
    return {"name": _name(now, guest_id), "stands_before": _name(now, placing.hand.before), "reason": placing.reason}


def _after(now: Present, command: ask.PlaceGuest, reason: str) -> Mapping[str, str | None]:
    return {"name": _name(now, command.guest_id), "stands_before": _name(now, command.before), "reason": reason}


def _name(now: Present, guest_id: str | None) -> str | None:
    at = now.order.places.get(guest_id or "")
    return None if at is None else called(now.order.written(at))


# What titles count as.


def rank_guest(tx: Tx, command: ask.RankGuest) -> Versioned:
    said = _counts(command)
    store.expect(tx.conn, tx.caller.office, command.ceremony_id, command.guest_id)
    old = store.guest_for_change(tx, command.guest_id, command.expected_version)
    head = store.for_change(tx, command.ceremony_id, None)
    if said:
        check_counts(head.profile, said)
    new = lists.kept(_ranked(old, command.title, said), old.id, old)
    if new == old:
        return Versioned(id=old.id, version=old.version)
    version = store.put_one(tx, command.ceremony_id, head, new)
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    tx.emit(GuestChanged(guest_id=new.id, version=version), command.ceremony_id, before=before, after=after)
    return Versioned(id=new.id, version=new.version)


def _counts(command: ask.RankGuest) -> Counts | None:
    if command.level and command.bloc and command.cls:
        return Counts(level=command.level, bloc=command.bloc, cls=command.cls)
    if command.level or command.bloc or command.cls:
        raise AllOrNothing
    return None


def _ranked(guest: Kept, title: str, said: Counts | None) -> GuestFields:
    who: PersonFields | GroupFields | None = guest.person or guest.group
    posts = (who.posts if who else ()) or ((Post(title=called(guest)),) if guest.group else ())
    wanted, codes = match_key(title), said.model_dump() if said else dict.fromkeys(Counts.model_fields)
    if wanted not in {match_key(post.title) for post in posts}:
        raise NotFound(what="post", which=title)
    new = tuple(post.model_copy(update=codes) if match_key(post.title) == wanted else post for post in posts)
    field = "person" if guest.person else "group"
    return guest.model_copy(update={field: who.model_copy(update={"posts": new}) if who else None})


def settle_title(tx: Tx, command: ask.SettleTitle) -> Versioned:
    """Once for the office. The drafts on whose lists the title stands are ranked anew."""
    command = tidied(command, "title")
    check_counts(command.profile, Counts(level=command.level, bloc=command.bloc, cls=command.cls))
    profile = load_profile(command.profile)
    known = store.settled_titles(tx.conn, tx.caller.office, command.profile)
    post = (command.title, command.organisation)
    same = (one for one in known if bool(one.organisation) == bool(post[1]) and names_title(profile, one, [post]))
    old = next(same, None)
    new = store.settle(tx, command, old)
    tx.emit(ask.TitleSettled(version=new.version), new.id, before=_said(old), after=_said(new))
    _rank_anew(tx, new)
    return Versioned(id=new.id, version=new.version)


def forget_title(tx: Tx, command: ask.ForgetTitle) -> Versioned:
    old = store.forget_title(tx, command.title_id, command.expected_version)
    tx.emit(ask.TitleForgotten(version=old.version + 1), old.id, before=_said(old))
    _rank_anew(tx, old)
    return Versioned(id=old.id, version=old.version + 1)


def _said(title: SettledTitle | None) -> Mapping[str, object] | None:
    return (
        title.model_dump(mode="json", include={"profile", "title", "organisation", "level", "bloc", "cls"})
        if title
        else None
    )


def _rank_anew(tx: Tx, title: SettledTitle) -> None:
    """The lists of the office on which this title stands."""
    profile = load_profile(title.profile)
    for ceremony_id, posts in store.titles_of_lists(tx, title.profile).items():
        if names_title(profile, title, posts):
            _reranked(tx, ceremony_id, store.for_change(tx, ceremony_id, None))


# Rules that change with the ceremony.

FOLLOWED = (CeremonyPlanned, CeremonyChanged, CeremonyMoved)


def follow(tx: Tx, ceremony: Ceremony) -> None:
    """Rank by the rules of the ceremony's day and profile, if the list follows others. An import tells of its end."""
    head = store.listing(tx.conn, tx.caller.office, ceremony.id)
    if head is None or ceremony.under_way == "import" or (head.profile, head.on) == (ceremony.profile, ceremony.on):
        return
    _reranked(tx, ceremony.id, head._replace(profile=ceremony.profile, on=ceremony.on))


def _reranked(tx: Tx, ceremony_id: str, head: Listing) -> None:
    store.save_listing(tx, ceremony_id, head._replace(version=head.version + 1))
    tx.emit(ask.ListReranked(version=head.version + 1), ceremony_id)


COMMANDS: Mapping[Ask[Any, Any], Callable[[Tx, Any], Versioned]] = {
    ask.place_guest: place_guest,
    ask.return_guest: return_guest,
    ask.rank_guest: rank_guest,
    ask.settle_title: settle_title,
    ask.forget_title: forget_title,
}

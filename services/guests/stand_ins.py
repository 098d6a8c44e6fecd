"""“B comes for A”: previewed, agreed to and withdrawn; duties go over in scheduling and awards.

Guests commits first, and its event holds the duties that go over: what scheduling and awards could not do at once
is asked of them again in reaction to it, so a crash loses none. At once, so that whoever releases in the next moment
releases the whole of it. Dispatch needs not be told: who does not come is not part of a release, so the next one
cancels what he was given.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from schemas import awards, dispatch, scheduling
from schemas import stand_ins as ask
from schemas.answers import Through
from schemas.dispatch import Invitations, ListInvitations
from schemas.envelope import Event, new_id
from schemas.errors import NotFound, Refusal
from schemas.guests import GuestFields
from schemas.protocol import Profile, profile_for
from schemas.stand_ins import Duty, HandOver, StandInAgreed, StandInEffect, StandInWithdrawn, StoodIn
from services.guests import store
from services.guests.model import standing_in
from services.guests.model.lists import Kept
from services.guests.model.matching import called
from services.guests.model.reverting import part
from services.guests.model.standing_in import Both
from services.guests.present import present
from services.guests.several import entry, log_states, next_version
from services.guests.store import answers as sql
from services.guests.store.answers import StandingIn
from services.kit.context import caller, may
from services.kit.service import Service
from services.kit.store import Connection, Tx
from services.kit.tidy import tidied
from services.lang import clean_block

log = structlog.get_logger()
_OF_ITEMS, _OF_LINES = {"programme", "script"}, {"awards", "script"}
_ALWAYS = {"introductions", "guests", "invitation", "invitations"}  # the one list shows in all of them
_FIELDS = ("state", "stands_in_for", "interim", "seat")


class NoStandIn(Refusal):
    """Nobody comes for “{who}”. Load the list again: it was taken back already."""

    status = 409


Roles = Mapping[str, tuple[int, ...]]


class StandIns(Service):
    """The conversations of guests with the others about a stand-in."""

    async def preview_stand_in(self, question: ask.PreviewStandIn) -> StandInEffect:
        duties = await self._duties(question.ceremony_id, question.guest_id)
        wanted = [one for one in (question.guest_id, question.stand_in_id) if one]
        listed = ListInvitations(ceremony_id=question.ceremony_id, guest_ids=tuple(wanted))
        sent = await self.ask(dispatch.list_invitations, listed)
        return await self.read(effect, question, duties, sent)

    async def stand_in(self, command: ask.StandIn) -> StoodIn:
        duties = await self._duties(command.ceremony_id, command.guest_id) if command.duties == "move" else ()

        def agree(tx: Tx, said: ask.StandIn) -> StoodIn:
            return stand_in(tx, said, duties)

        done = StoodIn.model_validate_json(str(await self._command(ask.stand_in, agree)(command)))
        await self._hand_over(command.ceremony_id, duties, done.guest_id, done.stand_in_id)
        return done

    async def withdraw_stand_in(self, command: ask.WithdrawStandIn) -> StoodIn:
        found = await self.read(_duties_of_pair, command.guest_id)
        done = StoodIn.model_validate_json(str(await self._command(ask.withdraw_stand_in, withdraw)(command)))
        await self._hand_over(command.ceremony_id, found, done.stand_in_id, done.guest_id)
        return done

    async def _duties(self, ceremony_id: str, guest_id: str) -> tuple[Duty, ...]:
        """What this guest says and presents in the draft."""
        part = await self.ask(scheduling.get_part, scheduling.GetPart(ceremony_id=ceremony_id))
        listed = await self.ask(awards.get_part, awards.GetAwards(ceremony_id=ceremony_id))
        items = [
            Duty(kind="item", key=item.key, title=item.title, role=role.role)
            for item in part.items
            for role in item.roles
            if role.guest == guest_id
        ]
        lines = [
            Duty(kind="line", key=line.key, title=f"{line.kind_label}: {line.recipient}", role="presenter")
            for line in listed.lines
            if line.presenter and line.presenter.guest == guest_id
        ]
        return (*items, *lines)

    async def _hand_over(
        self, ceremony_id: str, duties: Sequence[Duty], giver: str, taker: str, roles: Roles | None = None
    ) -> None:
        """At once; what cannot be done just now, the reaction to the event does."""
        for kind in ("item", "line"):
            try:
                await self._give(ceremony_id, kind, duty_keys(duties, kind), giver=giver, taker=taker, roles=roles)
            except Refusal as refusal:
                log.info("duties go over later", kind=kind, reason=refusal.code)

    async def agreed(self, event: Event, fact: StandInAgreed) -> None:
        if await self._comes_for(event, fact) is True:
            await self._follow(event, fact, giver=fact.guest_id, taker=fact.stand_in)

    async def withdrawn(self, event: Event, fact: StandInWithdrawn) -> None:
        if await self._comes_for(event, fact) is False:
            await self._follow(event, fact, giver=fact.stand_in, taker=fact.guest_id)

    async def _comes_for(self, event: Event, fact: StandInAgreed | StandInWithdrawn) -> bool | None:
        """Whether the one comes for the other now, whatever came since; None: that one is on the list no more."""
        listed = (await self.read(present, caller().office, event.subject)).kept
        other = listed.get(fact.stand_in)
        return (other is not None and other.stands_in_for == fact.guest_id) if fact.guest_id in listed else None

    async def _follow(self, event: Event, fact: StandInAgreed | StandInWithdrawn, *, giver: str, taker: str) -> None:
        await self._give(event.subject, "item", fact.items, giver=giver, taker=taker)
        await self._give(event.subject, "line", fact.lines, giver=giver, taker=taker)

    async def _give(
        self,
        ceremony_id: str,
        kind: str,
        keys: tuple[str, ...],
        *,
        giver: str,
        taker: str,
        roles: Roles | None = None,
    ) -> None:
        """What went over already is no more the giver's: asked twice, nothing is done twice."""
        if keys:
            text = await self.read(_address, ceremony_id, taker)
            about: dict[str, Any] = {"ceremony_id": ceremony_id, "giver": giver, "taker": taker, "roles": roles or {}}
            over = HandOver(**about, keys=keys, text=text)
            await self.ask(ask.hand_over_items if kind == "item" else ask.hand_over_lines, over)


def duty_keys(duties: Sequence[Duty], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.key for one in duties if one.kind == kind and one.key))


def _address(conn: Connection, ceremony_id: str, guest_id: str) -> str:
    order = present(conn, caller().office, ceremony_id).order
    return order.guest(order.places[guest_id]).address


def _duties_of_pair(conn: Connection, guest_id: str) -> tuple[Duty, ...]:
    """What went over when the stand-in was agreed to."""
    found = sql.standing_in(conn, guest_id)
    if found is None:
        return ()
    kept = [("item", key) for key in found.items] + [("line", key) for key in found.lines]
    return tuple(Duty.model_validate({"kind": kind, "key": key, "title": None, "role": ""}) for kind, key in kept)


# The effect.


def effect(
    conn: Connection, question: ask.PreviewStandIn, duties: Sequence[Duty], sent: Invitations
) -> StandInEffect:
    now = present(conn, caller().office, question.ceremony_id)
    profile = profile_for(now.head.profile, now.head.on)
    guest, other = _both(now.order.kept, question, "preview")
    standing_in.check(guest, now.order.kept.get(other.id), store.represented(conn, question.ceremony_id))
    both = standing_in.made(guest, other, profile, interim=question.interim)
    places, moved = standing_in.moves(now.order, now.order.changed(both), both, profile)
    seat = now.kept[guest.id].seat
    given = {one.guest_id for one in sent.invitations if one.status != "CANCELLED"}
    return StandInEffect(
        rule=profile.substitution,
        places=places,
        moved=moved,
        duties=shown_duties(duties, question.ceremony_id),
        seat=seat,
        seat_taken=bool(seat) and standing_in.takes_seat(profile, interim=question.interim),
        papers=_papers(profile, duties if question.duties == "move" else ()),
        release=sent.release,
        cancels=guest.id in given,
        invites=None if other.id in given else "mail" if other.person and other.person.email else "file",
    )


def shown_duties(duties: Sequence[Duty], ceremony_id: str) -> tuple[Duty, ...]:
    """Award lines without key and title for who may not see awards."""
    seen = may("awards.see", ceremony_id)
    secret = {"key": None, "title": None}
    return tuple(one if seen or one.kind == "item" else one.model_copy(update=secret) for one in duties)


def _papers(profile: Profile, duties: Sequence[Duty]) -> tuple[str, ...]:
    kinds = {one.kind for one in duties}
    changed = _ALWAYS | (_OF_ITEMS if "item" in kinds else set()) | (_OF_LINES if "line" in kinds else set())
    return tuple(code for code in profile.documents if code in changed)


def _both(kept: Mapping[str, Kept], said: ask.PreviewStandIn | ask.StandIn, fresh: str) -> Both:
    """As they are before."""
    if said.guest_id not in kept:
        raise NotFound(what="guest", which=said.guest_id)
    guest = kept[said.guest_id]
    if (said.stand_in_id is None) == (said.person is None):
        raise standing_in.WhoComes
    if said.person is not None:
        return Both(guest, standing_in.newcomer(guest, tidied(GuestFields(person=said.person), "person"), fresh))
    if said.stand_in_id is None or said.stand_in_id not in kept:
        raise NotFound(what="guest", which=said.stand_in_id)
    return Both(guest, kept[said.stand_in_id])


# The commands.


def stand_in(tx: Tx, command: ask.StandIn, duties: Sequence[Duty]) -> StoodIn:
    ceremony_id = command.ceremony_id
    head = store.for_change(tx, ceremony_id, None)
    here = store.guests(tx.conn, ceremony_id)
    old = _both(here, command, new_id())
    store.guest_for_change(tx, old.guest.id, command.expected_version)
    listed = here.get(old.stand_in.id)
    standing_in.check(old.guest, listed, store.represented(tx.conn, ceremony_id))
    new = standing_in.made(*old, profile_for(head.profile, head.on), interim=command.interim)
    version = next_version(tx, ceremony_id, head)
    store.put(tx, ceremony_id, new, version)
    _log(tx, old, new, command.through, command.note, added=listed is None)
    items, lines = duty_keys(duties, "item"), duty_keys(duties, "line")
    was = listed.state if listed else None
    sql.keep_stand_in(
        tx, StandingIn(old.guest.id, new.stand_in.id, old.guest.state, was, old.stand_in.seat, items, lines)
    )
    fact = ask.StandInAgreed(
        guest_id=old.guest.id, stand_in=new.stand_in.id, items=items, lines=lines, version=version
    )
    before = _said(old.guest, listed)
    tx.emit(fact, ceremony_id, before=before, after=_said(*new))
    return StoodIn(
        guest_id=old.guest.id, stand_in_id=new.stand_in.id, version=version, duties=len(items) + len(lines)
    )


def withdraw(tx: Tx, command: ask.WithdrawStandIn) -> StoodIn:
    ceremony_id = command.ceremony_id
    head = store.for_change(tx, ceremony_id, None)
    here = store.guests(tx.conn, ceremony_id)
    guest, found = here.get(command.guest_id), sql.standing_in(tx.conn, command.guest_id)
    if guest is None:
        raise NotFound(what="guest", which=command.guest_id)
    if found is None or found.stand_in_id not in here:
        raise NoStandIn(who=called(guest))
    old = Both(guest, here[found.stand_in_id])
    new = standing_in.unmade(old, command.state or found.guest_was, found.stand_in_was or "accepted", found.seat_was)
    stays = found.stand_in_was is not None if command.stays is None else command.stays
    version = next_version(tx, ceremony_id, head)
    sql.drop_stand_in(tx, guest.id)
    store.put(tx, ceremony_id, new if stays else (new.guest,), version)
    if not stays:
        store.remove(tx, [old.stand_in.id])
    _log(tx, old, new if stays else Both(new.guest, old.stand_in), command.through, command.note, added=False)
    fact = ask.StandInWithdrawn(
        guest_id=guest.id, stand_in=old.stand_in.id, items=found.items, lines=found.lines, version=version
    )
    tx.emit(fact, ceremony_id, before=_said(*old), after=_said(new.guest, new.stand_in if stays else None))
    count = len(found.items) + len(found.lines)
    return StoodIn(guest_id=guest.id, stand_in_id=old.stand_in.id, version=version, duties=count)


def _said(*both: Kept | None) -> dict[str, Any]:
    return {one.id: part(one, _FIELDS) for one in both if one}


def _log(tx: Tx, old: Both, new: Both, through: Through, note: str | None, *, added: bool) -> None:
    """An entry for each whose state changes; the words that came with it stand with who does not come."""
    log_states(tx, [old.guest], new.guest.state, through, clean_block(note or "") or None)
    if added:
        sql.log(tx, {new.stand_in.id: [entry(tx, new.stand_in.state, None, "stand_in")]})
    elif old.stand_in.state != new.stand_in.state:
        log_states(tx, [old.stand_in], new.stand_in.state, "stand_in")

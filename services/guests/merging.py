"""Guests who may be one person: found, told apart, merged with the whole effect shown before, and parted again.

The duties of who is merged away go over as those of somebody for whom another one comes, see stand_ins. Dispatch
needs not be told: who is on the list no more is not part of a release, so the next one cancels what he was given.
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from schemas import answers, dispatch, scheduling, stand_ins
from schemas import duplicates as ask
from schemas.answers import Arrangements, Done, TakeBack
from schemas.dispatch import Invitations, ListInvitations
from schemas.duplicates import MergedField, PeopleMerged, PeopleParted
from schemas.envelope import Ask, Event, Fact
from schemas.errors import NotFound, StaleVersion
from schemas.protocol import profile_for
from schemas.scheduling import SchedulingPart
from schemas.stand_ins import Duty, PlaceMoved
from services.guests import store
from services.guests.beside import whole
from services.guests.contacts import shown
from services.guests.model import likeness, merging, standing_in
from services.guests.model.lists import Kept, Listed
from services.guests.model.matching import called
from services.guests.model.merging import Person, Two, Whole
from services.guests.model.reverting import part
from services.guests.model.seating.filling import Sat
from services.guests.present import Present, hands_of, present
from services.guests.several import entry, next_version, take_back
from services.guests.stand_ins import Roles, StandIns, duty_keys, shown_duties
from services.guests.store import answers as sql
from services.guests.store import duplicates as pairs
from services.guests.store import seats
from services.kit.context import caller, may
from services.kit.service import Reaction, Talk
from services.kit.store import Connection, Tx

_CONTACTS, _NEEDS = {"email", "phone"}, {"needs", "contact", "arrival"}


class GoesOver(NamedTuple):
    """Duties of who is merged away; `roles` are the places of his in items in which both have one."""

    duties: tuple[Duty, ...] = ()
    roles: Mapping[str, tuple[int, ...]] = {}


class Merging(StandIns):
    """The conversations of guests with the others about two who are one person."""

    def of_two(self) -> dict[Ask[Any, Any], Talk]:
        return {
            ask.preview_merge: self.preview_merge,
            ask.merge_people: self.merge_people,
            answers.take_back: self.take_back,
        }

    def duties_follow(self) -> dict[type[Fact], Reaction]:
        """What happens to guests, and with them to what they say and present."""
        return {
            stand_ins.StandInAgreed: self.agreed,
            stand_ins.StandInWithdrawn: self.withdrawn,
            PeopleMerged: self.merged,
            PeopleParted: self.parted,
        }

    async def preview_merge(self, question: ask.PreviewMerge) -> ask.MergeEffect:
        duties = await self._duties(question.ceremony_id, question.other_id)
        listed = ListInvitations(ceremony_id=question.ceremony_id, guest_ids=(question.other_id,))
        sent = await self.ask(dispatch.list_invitations, listed)
        return await self.read(effect, question, duties, sent)

    async def merge_people(self, command: ask.MergePeople) -> ask.Merged:
        over = await self._goes_over(command)

        def merge(tx: Tx, said: ask.MergePeople) -> ask.Merged:
            return merge_people(tx, said, over)

        done = ask.Merged.model_validate_json(str(await self._command(ask.merge_people, merge)(command)))
        await self._hand_over(command.ceremony_id, over.duties, done.merged_id, done.guest_id)
        return done

    async def take_back(self, command: TakeBack) -> Done:
        done = Done.model_validate_json(str(await self._command(answers.take_back, take_back)(command)))
        if merge := await self.read(merge_of, command) if done.changed else None:
            duties = [Duty(kind="item", key=key, title=None, role="") for key in merge.items]
            duties += [Duty(kind="line", key=key, title=None, role="") for key in merge.lines]
            await self._hand_over(command.ceremony_id, duties, merge.guest_id, merge.merged, merge.roles)
        return done

    async def merged(self, event: Event, fact: PeopleMerged) -> None:
        """Unless it was taken back meanwhile."""
        if await self._listed(event, fact) == (True, False):
            await self._follow_merge(event, fact, giver=fact.merged, taker=fact.guest_id)

    async def parted(self, event: Event, fact: PeopleParted) -> None:
        if (await self._listed(event, fact))[1]:
            await self._follow_merge(event, fact, giver=fact.guest_id, taker=fact.merged, roles=fact.roles)

    async def _listed(self, event: Event, fact: PeopleMerged | PeopleParted) -> tuple[bool, bool]:
        """Whether the one who stays, and who was merged away, are on the list now."""
        listed = (await self.read(present, caller().office, event.subject)).written
        return fact.guest_id in listed, fact.merged in listed

    async def _follow_merge(
        self, event: Event, fact: PeopleMerged | PeopleParted, *, giver: str, taker: str, roles: Roles | None = None
    ) -> None:
        await self._give(event.subject, "item", fact.items, giver=giver, taker=taker, roles=roles)
        await self._give(event.subject, "line", fact.lines, giver=giver, taker=taker)

    async def _goes_over(self, command: ask.MergePeople) -> GoesOver:
        duties = await self._duties(command.ceremony_id, command.other_id)
        if not duties:
            return GoesOver()
        part = await self.ask(scheduling.get_part, scheduling.GetPart(ceremony_id=command.ceremony_id))
        return GoesOver(duties, _shared(part, command.guest_id, command.other_id))


def _shared(part: SchedulingPart, guest_id: str, other_id: str) -> Mapping[str, tuple[int, ...]]:
    """Of the items in which both have a role, the places of the other one's."""
    named = {item.key: [role.guest for role in item.roles] for item in part.items}
    return {
        key: tuple(at for at, who in enumerate(guests) if who == other_id)
        for key, guests in named.items()
        if guest_id in guests and other_id in guests
    }


def merge_of(conn: Connection, command: TakeBack) -> PeopleMerged | None:
    """The merge that was taken back, if it was one."""
    kinds = (PeopleMerged.type,)
    try:
        told = sql.told(conn, caller().office, command.ceremony_id, command.event_id, kinds)
    except NotFound:
        return None
    return PeopleMerged.model_validate(told.data)


# Who may be one person.

_LISTS = 32  # of which the pairs are remembered
_found: OrderedDict[str, "_Found"] = OrderedDict()


class _Found(NamedTuple):
    """The pairs of a list, and of whom and by which rules they were found."""

    guests: Listed
    rules: tuple[str, date | None]
    pairs: tuple[likeness.Pair, ...]

    def holds(self, guests: Listed, rules: tuple[str, date | None]) -> bool:
        """Answers, seats and versions make nobody more alike."""
        if self.rules != rules or self.guests.keys() != guests.keys():
            return False
        return all(_alike(one, guests[guest_id]) for guest_id, one in self.guests.items())


def forget_found(ceremony_id: str) -> None:
    """What is known of the people of a list in memory."""
    _found.pop(ceremony_id, None)


def _alike(one: Kept, other: Kept) -> bool:
    same = one.person == other.person and one.code == other.code and one.stands_in_for == other.stands_in_for
    return one is other or same


def list_duplicates(conn: Connection, question: ask.ListDuplicates) -> ask.Duplicates:
    now = present(conn, caller().office, question.ceremony_id)
    apart = pairs.told_apart(conn, question.ceremony_id)
    found = [one for one in _pairs(question.ceremony_id, now) if pairs.in_pair(one.one, one.other) not in apart]
    page = found[question.skip : question.skip + question.limit]
    people = _people(conn, now, {guest_id for one in page for guest_id in (one.one, one.other)})
    told = tuple(_told(now, one, people, question.ceremony_id) for one in page)
    return ask.Duplicates(pairs=told, total=len(found), version=now.head.version)


def _pairs(ceremony_id: str, now: Present) -> tuple[likeness.Pair, ...]:
    """Looked for anew when people changed. Who comes for another one is not he."""
    known, guests, rules = _found.get(ceremony_id), now.written, (now.head.profile, now.head.on)
    if known and known.holds(guests, rules):
        return known.pairs
    alike = likeness.Present(guests, profile_for(*rules)).pairs()
    found = tuple(one for one in alike if not _together(guests[one.one], guests[one.other]))
    _found[ceremony_id] = _Found(guests, rules, found)
    if len(_found) > _LISTS:
        _found.popitem(last=False)
    return found


def _together(one: Kept, other: Kept) -> bool:
    return one.stands_in_for == other.id or other.stands_in_for == one.id


def _people(conn: Connection, now: Present, guest_ids: Collection[str]) -> dict[str, Person]:
    arranged = sql.arrangements(conn, guest_ids)
    return {guest_id: _person(now, guest_id, arranged.get(guest_id)) for guest_id in guest_ids}


def _person(now: Present, guest_id: str, arranged: Arrangements | None) -> Person:
    if guest_id not in now.order.places:
        raise NotFound(what="guest", which=guest_id)
    at, placing = now.order.places[guest_id], now.placings.get(guest_id)
    seat, reason = now.guest(at).seat, placing.reason if placing else None
    return Person(now.order.written(at), arranged or Arrangements(), seat, reason)


def _told(now: Present, pair: likeness.Pair, people: Mapping[str, Person], ceremony_id: str) -> ask.Pair:
    """The one who should stay first; of two alike the older one, who may have been sent something."""
    ids = sorted((pair.one, pair.other))
    kept, other = sorted((people[one] for one in ids), key=merging.standing, reverse=True)
    first, second = (shown(now.guest(now.order.places[one.guest.id]), ceremony_id) for one in (kept, other))
    fields = _may_see(merging.compared(Two(kept, other), {}), ceremony_id)
    return ask.Pair(score=pair.score, reasons=pair.reasons, guest=first, other=second, fields=fields)


def _may_see(fields: Collection[MergedField], ceremony_id: str) -> tuple[MergedField, ...]:
    hidden = set() if may("guests.contact", ceremony_id) else _CONTACTS
    hidden |= set() if may("guests.needs", ceremony_id) else _NEEDS
    return tuple(one for one in fields if one.field not in hidden)


def tell_apart(tx: Tx, command: ask.TellApart) -> ask.ToldApart:
    ceremony_id, pair = command.ceremony_id, pairs.in_pair(command.guest_id, command.other_id)
    for guest_id in pair:
        store.expect(tx.conn, tx.caller.office, ceremony_id, guest_id)
    if pair[0] == pair[1]:
        raise merging.OneGuest(who=called(store.guests_by_id(tx.conn, pair)[pair[0]]))
    if (pair in pairs.told_apart(tx.conn, ceremony_id)) == command.apart:
        return ask.ToldApart(changed=False)
    if command.apart:
        pairs.tell_apart(tx, ceremony_id, [pair])
    else:
        pairs.tell_together(tx, *pair)
    fact = ask.PeopleToldApart(guest_id=command.guest_id, other=command.other_id, apart=command.apart)
    named = {key: part(one, ()) for key, one in store.guests_by_id(tx.conn, pair).items()}
    tx.emit(fact, ceremony_id, after=named)
    return ask.ToldApart(changed=True)


# What merging does.


def _two(conn: Connection, now: Present, said: ask.PreviewMerge | ask.MergePeople) -> tuple[Two, frozenset[str]]:
    """Both as they are, and for whom of the list somebody comes."""
    people = _people(conn, now, {said.guest_id, said.other_id})
    two = Two(people[said.guest_id], people[said.other_id])
    represented = frozenset(store.represented(conn, said.ceremony_id))
    merging.check(two, represented)
    return two, represented


def effect(
    conn: Connection, question: ask.PreviewMerge, duties: tuple[Duty, ...], sent: Invitations
) -> ask.MergeEffect:
    now = present(conn, caller().office, question.ceremony_id)
    two, represented = _two(conn, now, question)
    new = merging.merged(two, question.take, represented)
    seat, freed = two.kept.seat, two.other.seat
    if new.taken["seat"] == "other":
        seat, freed = freed, seat
    kept, other = two.kept.guest, two.other.guest
    return ask.MergeEffect(
        name=called(kept),
        other_name=called(other),
        version=kept.version,
        other_version=other.version,
        fields=_may_see(merging.compared(two, question.take), question.ceremony_id),
        places=_places(now, two, new),
        seat=seat,
        freed=freed,
        duties=shown_duties(duties, question.ceremony_id),
        cancels=any(one.status != "CANCELLED" for one in sent.invitations),
        release=sent.release,
    )


def _places(now: Present, two: Two, new: Whole) -> tuple[PlaceMoved, ...]:
    kept, other = two.kept.guest, two.other.guest
    come = [new.guest, *_who_comes(now.written, kept, other)]
    hands = {key: hand for key, hand in hands_of(now.placings).items() if key != other.id}
    if new.taken["by_hand"] == "other" and other.id in now.placings:
        hands[kept.id] = now.placings[other.id].hand
    then = now.order.changed(come, [other.id], hands)
    place = standing_in.place
    why = then.guest(then.places[kept.id]).why
    return (
        PlaceMoved(
            guest_id=kept.id,
            name=called(new.guest),
            before=place(now.order, kept.id),
            after=place(then, kept.id),
            why=why,
        ),
        PlaceMoved(guest_id=other.id, name=called(other), before=place(now.order, other.id), after=None),
    )


def _who_comes(guests: Mapping[str, Kept], kept: Kept, other: Kept) -> list[Kept]:
    """Who was to come for the one who is merged away, and comes for the one who stays then."""
    came = (one for one in guests.values() if one.stands_in_for == other.id)
    return [one.model_copy(update={"stands_in_for": kept.id, "version": one.version + 1}) for one in came]


# The command.


def merge_people(tx: Tx, command: ask.MergePeople, over: GoesOver) -> ask.Merged:
    ceremony_id, kept_id, other_id = command.ceremony_id, command.guest_id, command.other_id
    head, now = store.for_change(tx, ceremony_id, None), present(tx.conn, tx.caller.office, ceremony_id)
    two, represented = _two(tx.conn, now, command)
    _expect(two.kept.guest, command.expected_version)
    _expect(two.other.guest, command.other_version)
    new = merging.merged(two, command.take, represented)
    others = _who_comes(now.written, two.kept.guest, two.other.guest)
    before = _all_told(tx, ceremony_id, [two.kept.guest, two.other.guest])
    before |= {one.id: part(now.written[one.id], _STANDS_IN) for one in others}
    version = next_version(tx, ceremony_id, head)
    _beside(tx, ceremony_id, now, two, new)
    store.remove(tx, [other_id])
    store.put(tx, ceremony_id, [new.guest, *others], version)
    after = _all_told(tx, ceremony_id, [new.guest]) | {one.id: part(one, _STANDS_IN) for one in others}
    items, lines = duty_keys(over.duties, "item"), duty_keys(over.duties, "line")
    fact = PeopleMerged(
        guest_id=kept_id, merged=other_id, items=items, lines=lines, roles=dict(over.roles), version=version
    )
    event = tx.emit(fact, ceremony_id, before=before, after=after)
    return ask.Merged(
        guest_id=kept_id, merged_id=other_id, version=version, event_id=event.id, duties=len(over.duties)
    )


_STANDS_IN = ("stands_in_for",)


def _expect(one: Kept, version: int) -> None:
    if one.version != version:
        raise StaleVersion(what="The guest", expected=version, actual=one.version)


def _all_told(tx: Tx, ceremony_id: str, guests: list[Kept]) -> dict[str, dict[str, Any]]:
    said = whole(tx, ceremony_id, guests)
    for guest_id, one in said.items():
        one["stood"] = [[each.guest_id, each.stand_in_id] for each in sql.stand_ins_of(tx.conn, [guest_id])]
    return said


def _beside(tx: Tx, ceremony_id: str, now: Present, two: Two, new: Whole) -> None:
    """Of what is kept beside the rows that of both: history, arrangements, stand-ins, seat, place by hand."""
    kept, other = two.kept.guest, two.other.guest
    found = sql.history(tx.conn, [kept.id, other.id])
    entries = sorted((one for each in found.values() for one in each), key=lambda one: one.at)
    if new.guest.state != kept.state:
        entries.append(entry(tx, new.guest.state, kept.state, "desk"))
    sql.rewrite_history(tx, {kept.id: entries})
    sql.arrange(tx, {kept.id: new.arrangements})
    sql.move_stand_ins(tx, other.id, kept.id)
    if new.taken["seat"] == "other":
        _take_seat(tx, ceremony_id, two, new.arrangements.along)
    if new.taken["by_hand"] == "other" and other.id in now.placings:
        store.put_placing(tx, ceremony_id, kept.id, now.placings[other.id])


def _take_seat(tx: Tx, ceremony_id: str, two: Two, along: int) -> None:
    """Of who is merged away, with those of as many as come along; what the one who stays had is free."""
    head, seated = seats.head_of(tx.conn, tx.caller.office, ceremony_id), seats.seats(tx.conn, ceremony_id)
    kept_id, other_id = two.kept.guest.id, two.other.guest.id
    then: dict[tuple[str, int], Sat] = {key: sat for key, sat in seated.items() if key[0] not in {kept_id, other_id}}
    then |= {(kept_id, nth): sat for (who, nth), sat in seated.items() if who == other_id and nth <= along}
    moves = seats.moves_between(seated, then)
    if moves.before:
        seats.save_seating(tx, ceremony_id, head, head._replace(version=head.version + 1), moves)

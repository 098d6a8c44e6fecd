"""A plan as it stands in the services, so that the file of one part can be read beside all that it does not say."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar

from schemas.awards import AwardsPart, AwardsPlan, DecisionFields, LineFields, Presenter
from schemas.guests import GuestFields, GuestsPart, GuestsPlan, PlannedGuest
from schemas.scheduling import CeremonyFields, ItemFields, Plan, Role, SchedulingPart, SchedulingPlan
from services.kit.sheets import Record
from services.lang import match_key
from services.plan.honours import Awarded
from services.plan.order import Planned
from services.plan.page import Page
from services.plan.people import Listed
from services.plan.row import Row

W = TypeVar("W", Role, Presenter)


def plan_of(scheduling: SchedulingPart, guests: GuestsPart, awards: AwardsPart) -> Plan:
    """The present parts as a plan; a guest's ref is his id."""
    ceremony = scheduling.ceremony
    fields = CeremonyFields.model_validate(ceremony.model_dump(include=set(CeremonyFields.model_fields)))
    items = (ItemFields.model_validate(one.model_dump(exclude={"id"})) for one in scheduling.items)
    own = set(GuestFields.model_fields)
    planned = (PlannedGuest.model_validate({**one.model_dump(include=own), "ref": one.id}) for one in guests.guests)
    line = set(LineFields.model_fields)
    decisions = (DecisionFields.model_validate(one.model_dump(exclude={"id"})) for one in awards.decisions)
    return Plan(
        scheduling=SchedulingPlan(code=ceremony.code, ceremony=fields, items=tuple(items)),
        guests=GuestsPlan(guests=tuple(planned)),
        awards=AwardsPlan(
            decisions=tuple(decisions),
            lines=tuple(LineFields.model_validate(one.model_dump(include=line)) for one in awards.lines),
        ),
    )


def listed_of(plan: Plan) -> list[Listed]:
    return [Listed(_no_row("guests"), one) for one in plan.guests.guests]


def planned_of(plan: Plan, listed: Sequence[Listed]) -> list[Planned]:
    """The items as they stand, with their people as the guest list has them now."""
    carry = _carrier(plan, listed)
    items = (one.model_copy(update={"roles": tuple(map(carry, one.roles))}) for one in plan.scheduling.items)
    return [Planned(_no_row("running-order"), one) for one in items]


def awarded_of(plan: Plan, listed: Sequence[Listed]) -> tuple[Awarded, ...]:
    carry = _carrier(plan, listed)
    lines = (
        one.model_copy(update={"presenter": carry(one.presenter)}) if one.presenter else one
        for one in plan.awards.lines
    )
    return tuple(Awarded(_no_row("awards"), one) for one in lines)


def with_standing_rolls(listed: Sequence[Listed], plan: Plan) -> list[Listed]:
    """Groups keep the roll that they have, where the file that came says nothing of rolls."""
    rolls = {_name(one): one.group.roll for one in plan.guests.guests if one.group and one.group.roll}
    return [_with_roll(one, rolls.get(_name(one.guest), ())) for one in listed]


def _with_roll(one: Listed, roll: tuple[str, ...]) -> Listed:
    if one.guest.group is None or one.guest.group.roll or not roll:
        return one
    group = one.guest.group.model_copy(update={"roll": roll})
    return Listed(one.row, one.guest.model_copy(update={"group": group}))


def _carrier(plan: Plan, listed: Sequence[Listed]) -> Callable[[W], W]:
    """Finds whom a standing role means on the list that holds now: by ref, by code, by a name that stands there once.

    Whoever is not on it any more stays by his name, off the list.
    """
    refs = {one.guest.ref for one in listed}
    before = {one.ref: one for one in plan.guests.guests}
    by_code = {match_key(one.guest.code): one.guest.ref for one in listed if one.guest.code}
    by_name: dict[str, list[str]] = defaultdict(list)
    for one in listed:
        by_name[_name(one.guest)].append(one.guest.ref)

    def carry(who: W) -> W:
        if who.guest is None or who.guest in refs:
            return who
        old = before.get(who.guest)
        named = by_name.get(_name(old), []) if old else []
        ref = by_code.get(match_key(old.code)) if old and old.code else None
        ref = ref or (named[0] if len(named) == 1 else None)
        return who.model_copy(update={"guest": ref} if ref else {"guest": None, "kind": "off_list"})

    return carry


def _name(guest: PlannedGuest) -> str:
    return match_key(guest.person.name if guest.person else guest.group.label if guest.group else "")


def _no_row(file: str) -> Row:
    """What stands has no row in any sheet."""
    return Row(Page(file), Record(0, {}))

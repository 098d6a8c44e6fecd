"""What follows from the order of precedence: salutation, introductions, speeches, arrivals."""

from collections.abc import Collection

import schemas.precedence as ask
from schemas.precedence import Introduced, InTurn, Speech
from schemas.protocol import InOrder, Profile, arrivals, salutation, speeches
from schemas.scheduling import SchedulingPart
from services.guests.explaining import rules_said
from services.guests.model.introductions import Introduction, introductions
from services.guests.model.ordered import Ordered
from services.guests.model.titles import in_words
from services.guests.present import present
from services.kit.context import caller
from services.kit.store import Connection

_SPEAKS = "speaker"


def speakers(part: SchedulingPart) -> frozenset[str]:
    """The guests whom the running order names as speakers."""
    roles = (role for item in part.items for role in item.roles if role.role == _SPEAKS)
    return frozenset(role.guest for role in roles if role.kind == "guest" and role.guest)


def courtesies(conn: Connection, part: SchedulingPart) -> ask.Courtesies:
    now = present(conn, caller().office, part.ceremony.id)
    order, profile = now.order, now.order.profile
    ranked = [at for at in range(order.coming) if not order.needs_ranking(at) and order.introduced[at] != "not"]
    people = [_in_order(order, at) for at in ranked if order.written(at).person]
    return ask.Courtesies(
        salutation=tuple(salutation(people, profile, part.ceremony.language)),
        introductions=tuple(_introductions(order, profile)),
        speeches=_speeches(order, people, speakers(part)),
        arrivals=tuple(_in_turn(order, key) for key in arrivals([order.ids[at] for at in ranked], profile)),
        version=now.head.version,
        rules=rules_said(profile),
        needs_ranking=sum(order.needs_ranking(at) for at in range(order.coming)),
    )


def _in_order(order: Ordered, at: int) -> InOrder:
    words = ", ".join(text for text in (order.called(at), order.posts(at)) if text)
    return InOrder(order.ids[at], order.written(at).side, words)


def _speeches(order: Ordered, people: list[InOrder], who: Collection[str]) -> tuple[Speech, ...]:
    told = speeches(people, who, order.profile)
    return tuple(Speech(step=step, guest=_in_turn(order, key)) for step, key in told)


def _introductions(order: Ordered, profile: Profile) -> list[Introduced]:
    here = (at for at in range(order.coming) if order.introduced[at] != "not")
    placed = (order.placed(at) for at in here)
    told = introductions((each for each in placed if not each.needs_ranking), profile)
    return [_introduced(order, profile, each) for each in told]


def _introduced(order: Ordered, profile: Profile, told: Introduction) -> Introduced:
    _, level, bloc = told.together
    several = told.manner == "collectively" and len(told.entry_keys) > 1
    return Introduced(
        manner="collectively" if told.manner == "collectively" else "by_name",
        guests=tuple(_in_turn(order, key) for key in told.entry_keys),
        words=in_words(profile, level, bloc) if several else None,
    )


def _in_turn(order: Ordered, guest_id: str) -> InTurn:
    at = order.places[guest_id]
    return InTurn(
        guest_id=guest_id,
        position=order.positions[at] or 0,
        kind="person" if order.written(at).person else "group",
        address=order.called(at),
        posts_text=order.posts(at),
    )

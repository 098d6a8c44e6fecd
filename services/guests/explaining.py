"""Questions about the order of precedence: each place with its reasons, and the titles that stand in no order."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

import schemas.precedence as ask
from schemas.envelope import Ask
from schemas.paging import page
from schemas.precedence import Reason, Said, UnrankedGuest
from schemas.protocol import Label, Profile
from services.guests import store
from services.guests.model.lists import Kept
from services.guests.model.ordered import Ordered
from services.guests.model.precedence import Decided, Placed, key_words, posts_of
from services.guests.model.standing import PostIn, Titles
from services.guests.model.titles import Shelf, in_words, settled_by
from services.guests.present import Present, present
from services.guests.questions import filtered
from services.kit.context import caller
from services.kit.store import Connection
from services.lang.translate import translate

_NAMED = 20  # guests that are named with a title


def explain(conn: Connection, question: ask.ExplainOrder) -> ask.Positions:
    now = present(conn, caller().office, question.ceremony_id)
    places = filtered(conn, question.ceremony_id, now.order, question.filter)
    wanted = [at for at in places if at < now.order.coming and _is_meant(now, at, question)]
    found = page(now.order.marks, wanted, question.after, question.limit)
    return ask.Positions(
        positions=tuple(_position(now, at) for at in found.shown),
        version=now.head.version,
        rules=rules_said(now.order.profile),
        total=len(wanted),
        guests=now.order.coming,
        needs_ranking=len(list(_lost(now.order))),
        by_hand=len(now.placings),
        next=found.next,
    )


def _is_meant(now: Present, at: int, question: ask.ExplainOrder) -> bool:
    guest, wanted = now.order.written(at), question.guest_ids
    named = wanted is None or guest.id in wanted
    return named and question.side in {None, guest.side} and _is_so(now, at, question.only)


def _is_so(now: Present, at: int, only: str | None) -> bool:
    if only == "needs_ranking":
        return now.order.needs_ranking(at)
    if only == "by_hand":
        return now.order.ids[at] in now.placings
    if only == "stand_in":
        return now.order.entry(at).stands_in_for is not None
    standing = now.order.placed(at).standing if only == "former" else None
    return only is None or (standing is not None and standing.former)


def _position(now: Present, at: int) -> ask.Position:
    order, placed = now.order, now.order.placed(at)
    entry, below = order.entry(at), order.below(at)
    return ask.Position(
        guest_id=placed.entry_key,
        version=order.written(at).version,
        position=order.positions[at],
        kind=placed.kind,
        side=placed.side,
        address=order.called(at),
        posts_text=order.posts(at),
        standing=_standing(order.profile, placed),
        why=_reason(order, placed, placed.against),
        before=None if below is None else _reason(order, order.placed(below), order.ids[below]),
        by_hand=_by_hand(now, placed),
        stands_in_for=entry.stands_in_for.name if entry.stands_in_for else None,
        represents=placed.represents,
    )


def _standing(profile: Profile, placed: Placed) -> ask.Standing | None:
    found = placed.standing
    if found is None:
        return None
    return ask.Standing(
        level=found.level,
        bloc=found.bloc,
        cls=found.cls,
        former=found.former,
        words=in_words(profile, found.level, found.bloc, found.cls),
        post=placed.counted.title if placed.counted else None,
    )


def _reason(order: Ordered, placed: Placed, neighbour: str | None) -> Reason:
    """What decided on this place, told against that neighbour, above or below."""
    return Reason(
        key=placed.decided_by,
        words=_words(order.profile, placed),
        against=neighbour,
        who=order.called(order.places[neighbour]) if neighbour else None,
    )


def _words(profile: Profile, placed: Placed) -> Said:
    def said(language: str) -> str:
        if placed.first or placed.then:
            decided = Decided(placed.decided_by, "", placed.first, placed.then)
            return key_words(profile, language, decided)
        return translate(placed.why, {}, language)

    return Said(vi=said("vi"), en=said("en"))


def _by_hand(now: Present, placed: Placed) -> ask.ByHand | None:
    found = now.placings.get(placed.entry_key)
    if found is None:
        return None
    return ask.ByHand(reason=found.reason, by=found.by, at=found.at, version=found.version, holds=placed.by_hand)


def with_names(found: ask.Positions, names: Mapping[str, str]) -> ask.Positions:
    """With the names of the accounts, of those that still have one."""

    def named(one: ask.Position) -> ask.Position:
        if one.by_hand is None:
            return one
        by_hand = one.by_hand.model_copy(update={"by_name": names.get(one.by_hand.by or "")})
        return one.model_copy(update={"by_hand": by_hand})

    return found.model_copy(update={"positions": tuple(map(named, found.positions))})


def rules_said(profile: Profile) -> ask.Rules:
    return ask.Rules(
        key=profile.key,
        label=_said(profile.label),
        scope=_said(profile.scope) if profile.scope else None,
        advisory=profile.advisory,
        sources=tuple(ask.Cited(title=s.title, rules=s.rules, confidence=s.confidence) for s in profile.sources),
    )


def _said(label: Label) -> Said:
    return Said(vi=label.say("vi"), en=label.say("en"))


# What needs ranking.


def unranked(conn: Connection, question: ask.UnrankedTitles) -> ask.Unranked:
    """By title, the one that most guests wait for first. A place by hand settles no title."""
    now = present(conn, caller().office, question.ceremony_id)
    order, profile = now.order, now.order.profile
    titles = Titles(profile, settled_by(profile, now.settled))
    waiting: dict[tuple[str, str | None], list[tuple[PostIn, int]]] = {}
    for at, post in _unknown(order):
        waiting.setdefault(titles.key(post.title, post.organisation), []).append((post, at))
    shelf = Shelf(profile)
    told = [_title(order, shelf, each) for each in waiting.values()]
    without = (_guest(order, at) for at in _lost(order) if not posts_of(order.entry(at)))
    return ask.Unranked(
        titles=tuple(sorted(told, key=lambda one: (-one.count, one.title))),
        without_post=tuple(without),
        profile=profile.profile,
        version=now.head.version,
    )


def _lost(order: Ordered) -> Iterator[int]:
    return (at for at in range(order.coming) if order.needs_ranking(at))


def _unknown(order: Ordered) -> Iterator[tuple[int, PostIn]]:
    for at in _lost(order):
        yield from ((at, post) for post in posts_of(order.entry(at)))


def _title(order: Ordered, shelf: Shelf, waiting: list[tuple[PostIn, int]]) -> ask.UnrankedTitle:
    post = min(
        (post for post, _ in waiting), key=lambda each: len(each.title)
    )  # without “former”, where there is both
    places = list(dict.fromkeys(at for _, at in waiting))
    return ask.UnrankedTitle(
        title=post.title,
        organisation=post.organisation,
        count=len(places),
        guests=_guests(order, places[:_NAMED]),
        near=shelf.near(post.title, post.organisation),
    )


def _guests(order: Ordered, places: Iterable[int]) -> tuple[UnrankedGuest, ...]:
    return tuple(_guest(order, at) for at in places)


def _guest(order: Ordered, at: int) -> UnrankedGuest:
    guest: Kept = order.written(at)
    return UnrankedGuest(guest_id=guest.id, version=guest.version, address=order.called(at))


def list_settled(conn: Connection, question: ask.ListSettled) -> ask.SettledTitles:
    return ask.SettledTitles(titles=store.settled_titles(conn, caller().office, question.profile))


QUESTIONS: Mapping[Ask[Any, Any], Callable[[Connection, Any], BaseModel]] = {
    ask.unranked: unranked,
    ask.list_settled: list_settled,
}

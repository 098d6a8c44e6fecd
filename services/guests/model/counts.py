"""The head counts of a group, which sources contradict: which of them prints. Pure."""

from collections.abc import Iterable
from datetime import date

from schemas.answers import CountKind, HeadCount, HeadCountFields
from schemas.guests import GroupFields

_KINDS: tuple[CountKind, ...] = ("actual", "planned", "claimed")  # the surer first


class KeptCount(HeadCountFields):
    """A count as it is stored; at most one of a group is `chosen`."""

    id: str
    chosen: bool = False


def told(group: GroupFields | None, kept: Iterable[KeptCount]) -> tuple[HeadCount, ...]:
    """All counts of a group with the one that prints: the chosen one, else the latest of the surest kind.

    The number on the guest list itself comes first; it has no day, and so is older than any that has one.
    """
    kept = tuple(kept)
    own = _own(group)
    chosen = next((one for one in kept if one.chosen), None)
    printing = chosen or max((*own, *kept)[::-1], key=_rank, default=None)
    return tuple(
        HeadCount(
            **one.model_dump(exclude={"id", "chosen"}),
            id=one.id or None,
            prints=one is printing,
            chosen=one is chosen,
        )
        for one in (*own, *kept)
    )


def printed(group: GroupFields | None, kept: Iterable[KeptCount]) -> tuple[int | None, CountKind | None]:
    """The number that prints, and its kind."""
    kept = tuple(kept)
    if group is None or not kept:
        return (group.head_count, group.head_count_kind) if group else (None, None)
    found = next(one for one in told(group, kept) if one.prints)
    own = found.id is None
    return found.count, group.head_count_kind if own else found.kind


def _own(group: GroupFields | None) -> tuple[KeptCount, ...]:
    """The number of the guest list; one of which nothing is said is as good as a claim."""
    if group is None or group.head_count is None:
        return ()
    return (KeptCount(id="", count=group.head_count, kind=group.head_count_kind or "claimed"),)


def _rank(one: KeptCount) -> tuple[int, date]:
    """More is surer. Of equal ones that prints which was entered last."""
    return -_KINDS.index(one.kind), one.as_of or date.min

"""Taking back what one command did to several guests: who can be set back, and who was changed again since. Pure."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from schemas.answers import LeftOut
from schemas.errors import Refusal
from services.guests.model.lists import Kept
from services.guests.model.matching import called

Told = Mapping[str, Mapping[str, Any]]  # by guest id, what was kept of the change
_FIELDS = frozenset(Kept.model_fields) - {"id", "version"}


class ChangedSince(Refusal):
    """“{who}” was changed again since, and stays as he is now. Change him by hand if that is not meant."""

    status = 409


class Reverted(NamedTuple):
    """The guests as they will be: those set back, and those who were removed and come back. `gone` came by it."""

    changed: tuple[Kept, ...]
    back: tuple[Kept, ...]
    gone: tuple[Kept, ...]
    left_out: tuple[LeftOut, ...]


def reverted(before: Told, after: Told, present: Mapping[str, Kept]) -> Reverted:
    """`before` and `after` hold at least what differs; who is only in `before` was removed."""
    changed, back, left = list[Kept](), list[Kept](), list[LeftOut]()
    for guest_id, was in before.items():
        now, made = present.get(guest_id), after.get(guest_id)
        if now is None and made is None:
            back.append(_back(was))
        elif now is not None and made is not None and _still(now, was, made):
            changed.append(_with(now, {name: was[name] for name in _differing(was, made)}))
        else:
            left.append(_left(guest_id, was))
    came = [(present[key], made) for key, made in after.items() if key not in before and key in present]
    gone = [now for now, made in came if now.version == made["version"]]
    left += [_left(now.id, made) for now, made in came if now.version != made["version"]]
    return Reverted(tuple(changed), tuple(back), tuple(gone), tuple(left))


def parts(was: Kept, new: Kept) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs between a guest as he was and as he is, with his name on both sides, for history."""
    names = {name for name in _FIELDS if getattr(was, name) is not getattr(new, name)}
    names = {name for name in names if getattr(was, name) != getattr(new, name)}
    return part(was, names), part(new, names)


def part(one: Kept, names: Collection[str]) -> dict[str, Any]:
    """These fields of a guest with his name, for history."""
    return {"name": called(one), **one.model_dump(mode="json", include=set(names))}


def _differing(was: Mapping[str, Any], made: Mapping[str, Any]) -> list[str]:
    return [name for name in _FIELDS & was.keys() & made.keys() if was[name] != made[name]]


def _still(now: Kept, was: Mapping[str, Any], made: Mapping[str, Any]) -> bool:
    """Whether the guest is as the change left him, where it changed anything."""
    names = _differing(was, made)
    plain = now.model_dump(mode="json", include=set(names))
    return all(plain[name] == made[name] for name in names)


def _with(now: Kept, said: Mapping[str, Any]) -> Kept:
    return Kept.model_validate({**now.model_dump(), **said, "version": now.version + 1})


def _back(was: Mapping[str, Any]) -> Kept:
    known = {name: value for name, value in was.items() if name in Kept.model_fields}
    return Kept.model_validate({**known, "version": known["version"] + 1})


def _left(guest_id: str, was: Mapping[str, Any]) -> LeftOut:
    who = was.get("person") or was.get("group") or was
    refusal = ChangedSince(who=who.get("name") or who.get("label") or guest_id)
    return LeftOut(guest_id=guest_id, sentence=refusal.sentence, params=refusal.params)

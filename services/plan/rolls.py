"""The roll: the names of a group's members, put with the group they belong to."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from services.lang import match_key
from services.plan.nearness import Nearest
from services.plan.page import Page
from services.plan.people import Listed
from services.plan.row import Row, rows
from services.plan.telling import told


def with_rolls(listed: Sequence[Listed], page: Page) -> list[Listed]:
    """The guest list with each group's roll, in the order of the roll's rows."""
    groups = {match_key(word): one for one in listed if one.guest.group for word in _words(one)}
    members: dict[str, list[str]] = defaultdict(list)
    seen: dict[tuple[str, str, str], int] = {}
    near = Nearest(one.called for one in groups.values())
    for row in rows(page):
        name, group = row.required("name"), _group(row, groups, near)
        if name and group:
            members[group.guest.ref].append(name)
            _once(row, seen, (group.guest.ref, match_key(name), match_key(row.text("unit") or "")))
    if any(unit for _, _, unit in seen):
        sentence = "The units on the roll tell namesakes apart; the roll keeps and prints names alone."
        page.problems.append(told("note", page.place(), sentence))
    return [_with(one, members[one.guest.ref]) if one.guest.ref in members else one for one in listed]


def _words(one: Listed) -> tuple[str, ...]:
    return (one.called, one.guest.code) if one.guest.code else (one.called,)


def _group(row: Row, groups: dict[str, Listed], nearest: Nearest) -> Listed | None:
    text = row.required("group")
    if text is None or (found := groups.get(match_key(text))):
        return found if text else None
    near = nearest.to(text)
    sentence = "“{value}” is no group of the guest list."
    if near:
        sentence = "“{value}” is no group of the guest list; the nearest there is “{nearest}”."
    hint = "Write the group as on the guest list, or its code."
    row.wrong("group", sentence, hint, value=text, nearest=near or "—")
    return None


def _once(row: Row, seen: dict[tuple[str, str, str], int], member: tuple[str, str, str]) -> None:
    before = seen.setdefault(member, row.number)
    if before != row.number:
        sentence = "“{name}” of the same unit stands in row {first} already; both are kept."
        row.remark("name", sentence, name=row.text("name") or "", first=before)


def _with(one: Listed, members: list[str]) -> Listed:
    group = one.guest.group
    if group is None:
        return one
    if group.head_count is not None and group.head_count != len(members):
        sentence = "The roll of “{label}” holds {members} names, and its head count is {count}."
        count, hint = group.head_count, "Correct one of the two."
        one.row.doubt("count", sentence, hint, label=group.label, members=len(members), count=count)
    whole = group.model_copy(update={"roll": tuple(members)})
    return replace(one, guest=one.guest.model_copy(update={"group": whole}))

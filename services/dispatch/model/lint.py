"""The last look at every calendar object before it is stored: what is not allowed here is a fault.

An allow-list on purpose: no published validator notices injected lines, two UIDs, long lines or a floating time.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from services.dispatch.model.lines import Line, content_lines
from services.dispatch.model.rules import COMPONENTS, INSIDE, METHODS, PROPERTIES, Count

_DAY = re.compile(r"\d{8}")
_FLOATING = re.compile(r"\d{8}T\d{6}")


@dataclass
class Node:
    """A component as it was read."""

    name: str
    lines: list[Line] = field(default_factory=list)
    inside: list["Node"] = field(default_factory=list)

    def all(self, name: str) -> list[Line]:
        return [line for line in self.lines if line.name == name]

    def value(self, name: str) -> str | None:
        return next((line.value for line in self.lines if line.name == name), None)

    def walk(self) -> Iterator["Node"]:
        yield self
        for node in self.inside:
            yield from node.walk()


class Unsound(Exception):
    """A calendar object that must not leave the house was built: a mistake in this program."""

    def __init__(self, faults: Iterable[str]) -> None:
        super().__init__("; ".join(faults))


def sound(raw: bytes) -> bytes:
    """The object itself, if nothing is wrong with it."""
    if faults := lint(raw):
        raise Unsound(faults)
    return raw


def lint(raw: bytes) -> list[str]:
    """What is wrong with a calendar object, as sentences; empty for one that may be stored and sent."""
    lines, faults = content_lines(raw)
    if faults:
        return faults
    root, faults = _tree(lines)
    if root is None:
        return faults
    method = root.value("METHOD")
    if method is not None and method not in METHODS:
        return [*faults, f"METHOD:{method} is not one that is sent from here."]
    return [*faults, *_properties(root), *_counts(root, method), *_whole(root, method)]


def _tree(lines: list[Line]) -> tuple[Node | None, list[str]]:
    """The components as they are nested; None when they are not."""
    stack, roots, faults = list[Node](), list[Node](), list[str]()
    for line in lines:
        if line.name == "BEGIN":
            parent = stack[-1].name if stack else None
            if line.value not in INSIDE.get(parent, ()):
                return None, [f"{line.value} may not stand inside {parent or 'nothing'}."]
            stack.append(Node(line.value))
            (stack[-2].inside if len(stack) > 1 else roots).append(stack[-1])
        elif not stack:
            return None, [f"{line.name} stands outside every component."]
        elif line.name == "END":
            if stack.pop().name != line.value:
                return None, [f"END:{line.value} closes another component."]
        else:
            stack[-1].lines.append(line)
    if stack or len(roots) != 1:
        return None, ["There must be exactly one VCALENDAR, with a beginning and an end."]
    return roots[0], faults


def _properties(root: Node) -> Iterator[str]:
    for node in root.walk():
        for line in node.lines:
            yield from _property(line)


@lru_cache(4096)  # most lines are the same for every guest
def _property(line: Line) -> tuple[str, ...]:
    """A property by itself: its value and its parameters."""
    rule = PROPERTIES.get(line.name)
    if rule is None:
        return (f"{line.name} is not allowed.",)
    faults = [] if rule.value.fullmatch(line.value) else [f"{line.name} has the value {line.value!r}."]
    for name, value in line.params:
        allowed = rule.params.get(name)
        if allowed is None or not allowed.fullmatch(value):
            faults.append(f"{line.name} has the parameter {name}={value!r}.")
    names = Counter(name for name, _ in line.params)
    faults += (f"{line.name} lacks {name}." for name in rule.needs if name not in names)
    faults += (f"{line.name} has {name} twice." for name, count in names.items() if count > 1)
    return tuple(faults)


def _counts(root: Node, method: str | None) -> Iterator[str]:
    """Each component: what must be in it, what may be, and how often (RFC 5546 sections 3.2.2 and 3.2.5)."""
    for node in root.walk():
        table = COMPONENTS[node.name, method] if (node.name, method) in COMPONENTS else COMPONENTS[node.name, None]
        present = Counter(line.name for line in node.lines)
        yield from (f"{name} may not stand in {node.name}." for name in present if name not in table)
        for name, count in table.items():
            yield from _miscounted(node.name, name, present[name], count)


def _miscounted(component: str, name: str, present: int, count: Count) -> Iterator[str]:
    least, most = count
    if present < least:
        yield f"{component} lacks {name}."
    if present > most:
        yield f"{component} has {name} {present} times."


def _whole(root: Node, method: str | None) -> Iterator[str]:
    """What holds between properties and components."""
    events = [node for node in root.inside if node.name == "VEVENT"]
    zones = [node.value("TZID") or "" for node in root.inside if node.name == "VTIMEZONE"]
    uids = [event.value("UID") for event in events]
    if method is not None and len(events) != 1:
        yield f"A message holds exactly one VEVENT, this one {len(events)}."
    yield from (f"UID {uid} stands {n} times." for uid, n in Counter(uids).items() if n > 1)
    yield from (f"VTIMEZONE {zone} stands {n} times." for zone, n in Counter(zones).items() if n > 1)
    if not root.inside:
        yield "VCALENDAR holds no component."
    for event in events:
        yield from _times(event, zones)
        yield from _states(event, method)


def _times(event: Node, zones: list[str]) -> Iterator[str]:
    moments = [line for line in event.lines if line.name in ("DTSTART", "DTEND")]
    for line in moments:
        yield from _clock(line, zones)
    for line in event.lines:
        if line.name in ("DTSTART", "DTEND", "DTSTAMP", "LAST-MODIFIED") and not _exists(line.value):
            yield f"{line.name} {line.value} is no moment."
    if len(moments) == 2:  # noqa: PLR2004 - a start and an end
        start, end = sorted(moments, key=lambda line: line.name == "DTEND")
        if start.params != end.params or len(start.value) != len(end.value):
            yield "DTSTART and DTEND are of different kinds."
        elif end.value <= start.value:
            yield "DTEND is not after DTSTART."


def _clock(line: Line, zones: list[str]) -> Iterator[str]:
    """RFC 5545 section 3.2.19: TZID on local times only, and only with its VTIMEZONE; never a floating time."""
    params = dict(line.params)
    zone = params.get("TZID")
    if (params.get("VALUE") == "DATE") != bool(_DAY.fullmatch(line.value)):
        yield f"{line.name} must say VALUE=DATE for a day, and only for a day."
    if _FLOATING.fullmatch(line.value):
        if zone not in zones:
            yield (
                f"{line.name} names no time zone that is described."
                if zone is None
                else (f"{line.name} names {zone}, which is not described.")
            )
    elif zone is not None:
        yield f"{line.name} has a TZID on a day or a UTC time."


def _exists(digits: str) -> bool:
    """There is no 31 June, and no minute 60."""
    try:
        datetime.fromisoformat(digits)
    except ValueError:
        return False
    return True


def _states(event: Node, method: str | None) -> Iterator[str]:
    status = event.value("STATUS")
    if method == "CANCEL" and status not in (None, "CANCELLED"):
        yield f"A CANCEL has STATUS:{status}."
    if method == "REQUEST" and status not in ("TENTATIVE", "CONFIRMED"):
        yield f"A REQUEST has STATUS:{status}."
    if method is None and event.value("DTSTAMP") != event.value("LAST-MODIFIED"):
        yield "Without METHOD, DTSTAMP must equal LAST-MODIFIED."

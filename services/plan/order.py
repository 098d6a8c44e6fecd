"""The running order: items with their times, their people and what the script needs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from functools import cache

from schemas.scheduling import ItemFields, Role
from services.lang import match_key, parse_time
from services.plan.cast import Cast
from services.plan.columns import Unknown, words
from services.plan.keys import Keys
from services.plan.page import Page
from services.plan.row import Row, rows
from services.plan.vocabulary import Vocabulary

_ROLES = ("speaker", "presenter", "announcer", "mc", "commander")
_KIND = Unknown(
    "“{value}” is not a kind of item that the profile knows; the nearest is “{nearest}”.",
    "“{value}” is not a kind of item that the profile knows. Known are: {known}.",
)


@dataclass(frozen=True, slots=True)
class Planned:
    row: Row
    item: ItemFields


def read_order(page: Page, cast: Cast, vocabulary: Vocabulary) -> list[Planned]:
    """Those that can be understood; the page's problems say what cannot."""
    found = list(rows(page))
    keys = Keys(code for row in found if (code := row.text("code")))
    planned = [planned for row in found if (planned := _item(row, cast, vocabulary, keys))]
    _once(planned, "code", [row.item.key if row.row.text("code") else None for row in planned])
    _once(planned, "position", [row.item.position for row in planned])
    return planned


def _item(row: Row, cast: Cast, vocabulary: Vocabulary, keys: Keys) -> Planned | None:
    title = row.required("title")
    start, minutes = _times(row)
    item = row.build(
        ItemFields,
        {
            "key": row.text("code") or keys.of(title or ""),
            "position": row.count("position"),
            "kind": row.choice("kind", vocabulary.item_kinds, _KIND) or "other",
            "title": title or "—",
            "start": start,
            "minutes": minutes,
            "roles": tuple(_roles(row, cast)),
            "responsible": row.block("responsible"),
            "mc_text": row.block("mc_text"),
            "cues": row.block("cues"),
            "props": row.block("props"),
            "note": row.block("note"),
        },
    )
    return Planned(row, item) if item and title else None


def _roles(row: Row, cast: Cast) -> list[Role]:
    return [
        Role(role=role, kind=who.kind, guest=who.guest, text=who.text)
        for role in _ROLES
        for who in cast.who(row, role)
    ]


def _times(row: Row) -> tuple[time | None, int | None]:
    """Start and minutes. An end is turned into minutes; two statements that contradict each other are refused."""
    start, end = _start_and_end(row)
    minutes = row.minutes("minutes")
    if end is None:
        return start, minutes
    if start is None:
        row.wrong("end", "There is an end and no start.", "Write the start, or the minutes in place of the end.")
        return None, minutes
    until = minutes_between(start, end)
    if until <= 0:
        sentence = "The end, {end}, is not after the start, {start}."
        row.wrong("end", sentence, "Correct one of the two.", start=f"{start:%H:%M}", end=f"{end:%H:%M}")
        return start, minutes
    if minutes is not None and minutes != until:
        sentence = "From {start} to {end} are {until} minutes, and {minutes} are written."
        hint = "Correct one of them, or leave the minutes empty."
        clock = {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
        row.wrong("minutes", sentence, hint, until=until, minutes=minutes, **clock)
    return start, until


def _start_and_end(row: Row) -> tuple[time | None, time | None]:
    """A start like “08:00 – 08:15” says both."""
    text = row.text("start") or ""
    parts = _until().split(match_key(text))
    if len(parts) != 2 or row.text("end"):  # noqa: PLR2004 - from, to
        return row.clock("start"), row.clock("end")
    return row.parsed("start", parts[0], parse_time), row.parsed("start", parts[1], parse_time)


@cache
def _until() -> re.Pattern[str]:
    between = "|".join(rf"\b{re.escape(match_key(word))}\b" for word in words().until)
    return re.compile(rf"\s*(?:[-–—→]|{between})\s*")


def minutes_between(start: time, end: time) -> int:
    """Negative where the end lies before the start."""
    return (end.hour - start.hour) * 60 + end.minute - start.minute


def _once(planned: list[Planned], key: str, values: Sequence[str | int | None]) -> None:
    first: dict[str, int] = {}
    for one, value in zip(planned, values, strict=True):
        if value is None:
            continue
        before = first.setdefault(match_key(str(value)), one.row.number)
        if before != one.row.number:
            heading = one.row.page.titles[key]
            sentence = "“{value}” stands under “{heading}” in row {first} already."
            hint = "Give this row another one, or leave it empty."
            one.row.wrong(key, sentence, hint, value=str(value), heading=heading, first=before)

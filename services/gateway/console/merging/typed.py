"""What was typed into a form or a cell, as plain values: times, days and numbers as offices write them; lists."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.datastructures import FormData

from services.gateway.console.merging.saving import parsed
from services.gateway.console.merging.threeway import Edit
from services.lang import Unreadable, clean, clean_block, parse_date, parse_duration, parse_number, parse_time

MOST_ROWS = 400  # of one list inside a form
Parse = Callable[[str], Any]


class Kind(Protocol):
    """How a field is typed. None where the form has no such field; `wrong` takes what cannot be read."""

    def read(self, form: FormData, name: str, wrong: dict[str, Unreadable]) -> Any: ...
    def has(self, form: FormData, name: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class One:
    """A single value in a single input; the last one counts, so that an unticked box can be told by a hidden one."""

    parse: Parse

    def has(self, form: FormData, name: str) -> bool:
        return name in form

    def read(self, form: FormData, name: str, wrong: dict[str, Unreadable]) -> Any:
        text = str(form.getlist(name)[-1])
        try:
            return self.parse(text)
        except Unreadable as unreadable:
            wrong[name] = unreadable
            return text


@dataclass(frozen=True, slots=True)
class Rows:
    """Several rows of inputs called list.3.field, as they stand; one in which all of `telling` is empty is none."""

    fields: Mapping[str, One]
    telling: tuple[str, ...]
    finish: Callable[[dict[str, Any]], dict[str, Any]] = dict

    def has(self, form: FormData, name: str) -> bool:
        """An input of the list's own name stands in the form even where there is no row."""
        return name in form

    def read(self, form: FormData, name: str, wrong: dict[str, Unreadable]) -> list[dict[str, Any]]:
        found = (re.fullmatch(rf"({re.escape(name)}\.\w{{1,40}})\.\w+", key) for key in form)
        places = list(dict.fromkeys(one[1] for one in found if one))[:MOST_ROWS]
        rows = [self._row(form, place, wrong) for place in places]
        return [self.finish(row) for row in rows if any(row.get(name) for name in self.telling)]

    def _row(self, form: FormData, row: str, wrong: dict[str, Unreadable]) -> dict[str, Any]:
        there = {field: kind for field, kind in self.fields.items() if kind.has(form, f"{row}.{field}")}
        read = {field: kind.read(form, f"{row}.{field}", wrong) for field, kind in there.items()}
        return {field: value for field, value in read.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person in inputs called who.text, who.kind and who.guest, as parts/chooser.html makes them."""

    def has(self, form: FormData, name: str) -> bool:
        return f"{name}.text" in form

    def read(self, form: FormData, name: str, wrong: dict[str, Unreadable]) -> dict[str, Any] | None:
        del wrong  # a name is always read
        said = {field: clean(str(form.get(f"{name}.{field}", ""))) or None for field in ("text", "kind", "guest")}
        return somebody(said) if said["text"] else None


def somebody(said: dict[str, Any]) -> dict[str, Any]:
    """Whoever was not taken from the guest list is off it, unless only words were meant."""
    kind = "guest" if said.get("guest") else "text" if said.get("kind") == "text" else "off_list"
    return {**said, "kind": kind}


def _unless_empty(parse: Callable[[str], Any]) -> One:
    return One(lambda text: parse(text) if clean(text) and clean(text) != "—" else None)


def _shift(text: str) -> int:
    """A span that may go back: -15 or −1h30."""
    sign = -1 if clean(text)[:1] in {"-", "\u2212"} else 1
    return sign * parse_duration(clean(text).lstrip("+-\u2212 "))


def _count(text: str) -> int | str:
    """A number with decimals is left as it is: the model then says that a whole one is wanted."""
    number = parse_number(text)
    return number if isinstance(number, int) else text


LINE = _unless_empty(clean)
BLOCK = _unless_empty(clean_block)
CLOCK = _unless_empty(lambda text: parse_time(text).isoformat())
DAY = _unless_empty(lambda text: parse_date(text).isoformat())
MINUTES = _unless_empty(parse_duration)
SHIFT = _unless_empty(_shift)
COUNT = _unless_empty(_count)
CODE = LINE  # chosen from a list, not typed
FLAG = One(lambda text: text == "true")
LINES = One(lambda text: [line for line in map(clean, clean_block(text).split("\n")) if line])


@dataclass(frozen=True, slots=True)
class Read:
    """An edit as it was typed. `wrong`: the fields that cannot be read."""

    edit: Edit
    wrong: Mapping[str, Unreadable]


def read(form: FormData, kinds: Mapping[str, Kind]) -> Read:
    """A cell (field, value, base), a whole form, or one that carries `values` along: an undo, a collision settled.

    `base` is what the editing began with: of a cell as it showed it, of the others as JSON by field.
    """
    if "field" in form:
        return _cell(form, kinds)
    base = parsed(str(form.get("base", "")))
    if "values" in form:
        return Read(Edit(_carried(form, kinds), base), {})
    wrong: dict[str, Unreadable] = {}
    mine = {name: kind.read(form, name, wrong) for name, kind in kinds.items() if kind.has(form, name)}
    return Read(Edit(mine, base), wrong)


def _cell(form: FormData, kinds: Mapping[str, Kind]) -> Read:
    name, wrong = str(form["field"]), dict[str, Unreadable]()
    if name not in kinds:
        return Read(Edit({}), {})
    typed, began = (FormData([(name, form.get(which, ""))]) for which in ("value", "base"))
    return Read(Edit({name: kinds[name].read(typed, name, wrong)}, {name: kinds[name].read(began, name, {})}), wrong)


def _carried(form: FormData, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """Without the fields for which the other version was chosen: one by one, or all at once."""
    values = parsed(str(form.get("values", "")))
    whole = form.get("keep")
    theirs = {name for name in form.getlist("clash") if (whole or form.get(f"keep.{name}")) == "theirs"}
    return {name: value for name, value in values.items() if name in kinds and name not in theirs}

"""Lists of people: whom to introduce, who is invited, and the names of a group."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from schemas.guests import Guest, GuestsPart, head_count
from schemas.scheduling import SchedulingPart
from services.lang.text import clean
from services.program.model.people import address
from services.program.model.style import Context, Style, occasion, paper
from services.program.model.text import bind, shorten

_RUNNING = 60
_ROLL_COLUMNS, _ROLL_ROWS = 3, 10


def introductions(part: SchedulingPart, guests: GuestsPart, style: Style) -> Context:
    """By name first, then collectively, as they come in the order of precedence; those without a place at the end."""
    ranked = [guest for guest in guests.guests if guest.position is not None]
    named = [guest for guest in ranked if guest.introduced == "by_name"]
    together = [guest for guest in ranked if guest.introduced == "collectively"]
    unranked = [g for g in guests.guests if g.position is None and g.introduced != "not"]
    return _working_paper(part, style, "introductions") | {
        "unknown": style.unknown,
        "sections": [
            *_section("by_name", _by_side(named, style), style),
            *_section("collectively", _by_side(together, style), style),
            *_section("unranked", [{"head": None, "rows": _entries(unranked, style)}], style),
        ],
    }


def guest_list(part: SchedulingPart, guests: GuestsPart, style: Style) -> Context:
    """Everybody in the order of precedence, with delegation and seat."""
    columns = [name for name in ("delegation", "seat") if any(getattr(guest, name) for guest in guests.guests)]
    return _working_paper(part, style, "guests") | {
        "unknown": style.unknown,
        "groups": _by_side(guests.guests, style, columns),
        "columns": columns,
        "total": _total(guests.guests, style),
    }


def roll(part: SchedulingPart, guests: GuestsPart, style: Style) -> Context:
    """The names of each group that has a roll, in its own order."""
    groups = [guest.group for guest in guests.guests if guest.group and guest.group.roll]
    return _working_paper(part, style, "roll") | {
        "groups": [
            {
                "head": style.prose.line(group.label),
                "count": style.writer.number(len(group.roll)),
                "columns": _ROLL_COLUMNS,
                "blocks": list(_blocks([clean(name) for name in group.roll])),
            }
            for group in groups
        ],
    }


def _blocks(names: list[str]) -> Iterator[list[list[tuple[str, str]]]]:
    """Rows of cells (number, name), in blocks that are read column by column: ten names under each other."""
    cells = [(str(number), name) for number, name in enumerate(names, 1)]
    size = _ROLL_COLUMNS * _ROLL_ROWS
    for start in range(0, len(cells), size):
        block = cells[start : start + size]
        rows = min(_ROLL_ROWS, len(block))
        columns = [block[at : at + _ROLL_ROWS] for at in range(0, size, _ROLL_ROWS)]
        yield [[column[row] if row < len(column) else ("", "") for column in columns] for row in range(rows)]


def _working_paper(part: SchedulingPart, style: Style, kind: str) -> Context:
    return (
        paper(style, part.ceremony, kind)
        | occasion(style, part.ceremony)
        | {
            "running": shorten(part.ceremony.title, _RUNNING),
            "host": style.or_unknown(part.ceremony.host),
        }
    )


def _section(name: str, groups: list[Context], style: Style) -> list[Context]:
    """None without anybody in it."""
    count = sum(len(group["rows"]) for group in groups)
    return [{"head": style.words["sections"][name], "count": count, "groups": groups}] if count else []


def _by_side(guests: Iterable[Guest], style: Style, columns: Iterable[str] = ()) -> list[Context]:
    """Runs of one side, in the order given: the order of precedence decides, not the sides."""
    return [
        {"head": style.words["sides"][side], "rows": _entries(run, style, columns)}
        for side, run in groupby(guests, key=lambda guest: guest.side)
    ]


def _entries(guests: Iterable[Guest], style: Style, columns: Iterable[str] = ()) -> list[Context]:
    return [_entry(guest, style, columns) for guest in guests]


def _entry(guest: Guest, style: Style, columns: Iterable[str]) -> Context:
    """Only what the list prints: a changed seat must not move the introductions."""
    more = {"delegation": style.prose.line(guest.delegation or ""), "seat": bind(guest.seat or "")}
    return {
        "number": style.unknown if guest.position is None else str(guest.position),
        "who": address(guest),
        "group": guest.group is not None,
        "about": _heads(guest, style) if guest.group else style.prose.line(guest.posts_text),
        **{name: more[name] for name in columns},
    }


def _heads(guest: Guest, style: Style) -> str:
    """The head count that prints, with the kind of number it is."""
    count, kind = head_count(guest)
    if count is None:
        return str(style.words["heads"]["unknown"].format(unknown=style.unknown))
    pattern = style.words["heads"][kind or "plain"]
    return style.prose.line(pattern.format(count=style.writer.number(count)))


def _total(guests: Iterable[Guest], style: Style) -> str:
    guests = tuple(guests)
    persons = sum(1 for guest in guests if guest.person)
    counted = sum(head_count(guest)[0] or 0 for guest in guests)
    groups = len(guests) - persons
    number = style.writer.number
    pattern = style.words["total_guests"]
    return clean(pattern.format(persons=number(persons), groups=number(groups), heads=number(counted)))

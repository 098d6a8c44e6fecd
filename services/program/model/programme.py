"""The programme (chương trình) and the detailed script (kịch bản) of a ceremony."""

from collections import Counter

from schemas.awards import AwardsPart
from schemas.scheduling import Item, Role, SchedulingPart
from services.program.model.people import Guests, doers
from services.program.model.style import Context, Style, letterhead, occasion, paper
from services.program.model.text import shorten

LONGEST_RUNNING_HEAD = 90


def programme(part: SchedulingPart, guests: Guests, style: Style) -> Context:
    rows = [_in_short(_row(item, _in_view(item.roles, style), guests, style), item, style) for item in part.items]
    head = letterhead(style, part.ceremony, "programme")
    dress = part.ceremony.dress
    return (
        paper(style, part.ceremony, "programme")
        | occasion(style, part.ceremony)
        | {
            "head": head,
            "dress": style.prose.line(dress) if dress else None,
            "rows": rows,
            "notes": _open_questions(part.items, style),
            "unknown": style.unknown,
        }
    )


def script(part: SchedulingPart, guests: Guests, awards: AwardsPart, style: Style) -> Context:
    rows = [_row(item, item.roles, guests, style) | _cues(item, awards, style) for item in part.items]
    ceremony = part.ceremony
    return (
        paper(style, ceremony, "script")
        | occasion(style, ceremony)
        | {
            "running": shorten(ceremony.title, LONGEST_RUNNING_HEAD),
            "host": style.or_unknown(ceremony.host),
            "rows": rows,
            "columns": [name for name in ("cues", "props", "responsible") if any(row[name] for row in rows)],
            "notes": _open_questions(part.items, style),
            "unknown": style.unknown,
        }
    )


def _in_view(roles: tuple[Role, ...], style: Style) -> tuple[Role, ...]:
    """Whom a programme names: not those whom the profile leaves to the script, unless nobody else is in the item."""
    omitted = style.profile.documents["programme"].omits_roles
    return tuple(role for role in roles if role.role not in omitted) or roles


def _in_short(row: Context, item: Item, style: Style) -> Context:
    """An item that nobody plays a role in names who is responsible for it."""
    if row["doers"] or not item.responsible:
        return row
    return row | {"doers": [{"role": None, "who": style.prose.line(item.responsible)}]}


def _row(item: Item, roles: tuple[Role, ...], guests: Guests, style: Style) -> Context:
    return {
        "number": style.unknown if item.position is None else str(item.position),
        "time": style.time(item.start),
        "what": style.prose.line(item.title),
        "doers": doers(roles, guests, style),
    }


def _cues(item: Item, awards: AwardsPart, style: Style) -> Context:
    return {
        "minutes": None if item.minutes is None else style.minutes(item.minutes),
        "mc_text": style.prose.lines(item.mc_text),
        "cues": style.prose.lines(item.cues),
        "props": style.prose.lines(item.props),
        "responsible": style.prose.lines(item.responsible),
        "note": style.prose.lines(item.note),
        "handed": _handed(item, awards, style),
    }


def _handed(item: Item, awards: AwardsPart, style: Style) -> list[str]:
    """What is handed over in this item: each kind with the number of its lines."""
    kinds = Counter(line.kind_label for line in awards.lines if line.item == item.key)
    pattern = style.words["handed"]
    return [
        style.prose.line(pattern.format(kind=kind, count=style.writer.number(count))) for kind, count in kinds.items()
    ]


def _open_questions(items: tuple[Item, ...], style: Style) -> list[str]:
    """Sentences that say why a column holds the sign for the unknown."""
    words, notes = style.words["open"], []
    if any(item.position is None for item in items):
        notes.append(words["order"])
    if any(item.start is None for item in items):
        notes.append(words["times"])
    return [note.format(unknown=style.unknown) for note in notes]

"""The award list (danh sách khen thưởng): what was decided by decision and kind; gifts and souvenirs apart."""

from collections.abc import Iterable
from itertools import groupby

from schemas.awards import AwardsPart, Decision, Line
from schemas.scheduling import SchedulingPart
from services.program.model.people import Guests, doer
from services.program.model.style import Context, Style, letterhead, paper
from services.program.model.text import bind

_COLUMNS = ("place", "for_what", "presenter")  # shown where anything is known for them


def award_list(part: SchedulingPart, guests: Guests, awards: AwardsPart, style: Style) -> Context:
    decided = [line for line in awards.lines if line.needs_decision]
    handed = [line for line in awards.lines if not line.needs_decision]
    decisions = {decision.key: decision for decision in awards.decisions}
    groups = _groups(decided, guests, style, _cited(decided, decisions, style))
    gifts = _groups(handed, guests, style, {})
    rows = [row for group in groups + gifts for row in group["rows"]]
    columns = [name for name in _COLUMNS if any(row[name] for row in rows)]
    for row in rows:
        for name in set(_COLUMNS) - set(columns):
            del row[name]
    return paper(style, part.ceremony, "awards") | {
        "head": letterhead(style, part.ceremony, "awards"),
        "unknown": style.unknown,
        "attached": _attached(decided, decisions, style),
        "groups": groups,
        "gifts": gifts,
        "columns": columns,
    }


def _groups(lines: list[Line], guests: Guests, style: Style, cited: dict[str | None, str]) -> list[Context]:
    """Runs of one kind under one decision, in the part's order: from the highest kind down."""
    return [
        {
            "kind": style.prose.line(label),
            "decision": cited.get(decision),
            "count": style.writer.number(len(run)),
            "rows": [_row(line, guests, style) | {"number": str(n)} for n, line in enumerate(run, 1)],
        }
        for (label, decision), run in _runs(lines)
    ]


def _runs(lines: list[Line]) -> list[tuple[tuple[str, str | None], list[Line]]]:
    runs = groupby(lines, key=lambda line: (line.kind_label, line.decision))
    return [(key, list(run)) for key, run in runs]


def _row(line: Line, guests: Guests, style: Style) -> Context:
    person = line.recipient_kind == "person"
    place = [style.prose.line(text) for text in (line.post, line.unit) if text]
    return {
        "who": bind(line.recipient) if person else style.prose.line(line.recipient),
        "heads": _heads(line, style),
        "posthumous": _posthumous(line, style),
        "place": ", ".join(place),
        "for_what": style.prose.line(line.achievement or ""),
        "presenter": doer(line.presenter, guests, style, posts=False) if line.presenter else "",
        "note": style.prose.line(line.note or ""),
    }


def _heads(line: Line, style: Style) -> str | None:
    if line.recipient_kind != "group":
        return None
    if line.head_count is None:
        return str(style.words["heads"]["unknown"].format(unknown=style.unknown))
    return style.prose.line(style.words["heads"]["plain"].format(count=style.writer.number(line.head_count)))


def _posthumous(line: Line, style: Style) -> str | None:
    if not line.posthumous_receiver:
        return None
    return str(style.words["posthumous"].format(receiver=style.prose.person(line.posthumous_receiver)))


def _decision(decision: Decision | None, style: Style) -> str:
    """Number, day and signer, with the sign for the unknown where one of them is."""
    words = style.words["decision"]
    number = bind(decision.number) if decision and decision.number else style.unknown
    on = style.date(decision.on) if decision and decision.on else words["no_date"]
    by = (decision.signer_post or decision.authority) if decision else None
    parts = {"number": number, "on": on.format(unknown=style.unknown), "by": style.or_unknown(by)}
    return str(words["full"].format(**parts))


def _keys(lines: Iterable[Line]) -> list[str | None]:
    """The decisions' keys in the order in which the list comes to them."""
    return list(dict.fromkeys(line.decision for line in lines))


def _attached(lines: list[Line], decisions: dict[str, Decision], style: Style) -> str | None:
    """The decision that the list is an annex to; where there are several, each group of rows names its own."""
    keys = _keys(lines)
    if len(keys) > 1:
        return str(style.words["attached_several"].format(count=style.writer.number(len(keys))))
    return f"{style.words['attached']} {_decision(decisions.get(keys[0] or ''), style)}" if keys else None


def _cited(lines: list[Line], decisions: dict[str, Decision], style: Style) -> dict[str | None, str]:
    """Which decision a group of rows belongs to, where the list is attached to more than one."""
    keys = _keys(lines)
    if len(keys) < 2:  # noqa: PLR2004 - with one, the head of the list says it
        return {}
    return {key: _decision(decisions.get(key or ""), style) for key in keys}

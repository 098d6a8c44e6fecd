"""The guest list as a spreadsheet or as vCards that are read back without loss."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from schemas.answers import STATE_WORDS
from schemas.guests import Guest, Post, head_count
from services.kit.sheets import SheetOut, Value, write_csv, write_xlsx
from services.kit.sheets.cards import write_cards
from services.lang import UNKNOWN
from services.lang.translate import translate
from services.plan.lists.words import titles, told_heads

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "vcf": "text/vcard; charset=utf-8",
}
COLUMNS = (
    *("side", "honorific", "rank", "name", "group", "count", "count_kind", "posts", "organisation", "email"),
    *("phone", "born", "delegation", "seat", "note", "language", "since", "until", "level", "bloc", "class"),
    *("roll", "attends_as", "code", "id"),
)
# Of a card: what any address book reads, then our own, which is what we read back.
_PROPERTIES = {
    "email": "EMAIL",
    "phone": "TEL",
    "born": "BDAY",
    "note": "NOTE",
    "language": "LANG",
}


def exported(kind: str, guests: Sequence[Guest], language: str, title: str) -> bytes:
    """The list in its order as a file of this kind (a key of KINDS); headings in this language."""
    if kind == "vcf":
        return write_cards(_card(guest) for guest in guests)
    called = titles("guests", language)
    heads = [*(called[name] for name in COLUMNS), *told_heads("guests", language)]
    names = {guest.id: guest.address for guest in guests}
    rows = [[*map(_cells(guest).__getitem__, COLUMNS), *_told(guest, names, language)] for guest in guests]
    buffer = BytesIO()
    if kind == "csv":
        write_csv(buffer, heads, rows)
    else:
        write_xlsx(buffer, [SheetOut(title, heads, rows)])
    return buffer.getvalue()


def _cells(guest: Guest) -> dict[str, Value]:
    person, group = guest.person, guest.group
    posts = person.posts if person else group.posts if group else ()
    return {
        "id": guest.id,
        "code": guest.code,
        "side": guest.side,
        "delegation": guest.delegation,
        "seat": guest.seat,
        "note": guest.note,
        "attends_as": guest.attends_as,
        "honorific": person.honorific if person else None,
        "rank": person.rank if person else None,
        "name": person.name if person else None,
        "born": person.born_on if person else None,
        "phone": person.phone if person else None,
        "language": person.language if person else None,
        "email": person.email if person else group.email if group else None,
        "group": group.label if group else None,
        "count": group.head_count if group else None,
        "count_kind": group.head_count_kind if group else None,
        "roll": "\n".join(group.roll) if group else None,
        **_posts(posts),
    }


def _told(guest: Guest, names: Mapping[str, str], language: str) -> tuple[Value, ...]:
    state = translate(STATE_WORDS[guest.state], {}, language)
    return state, names.get(guest.stands_in_for or ""), head_count(guest)[0]


def _posts(posts: Iterable[Post]) -> dict[str, Value]:
    """Each post on a line of its own, and on the same line of the other cells what belongs to it."""
    told = list(posts)
    lines: dict[str, list[Any]] = {
        "posts": [post.title for post in told],
        "organisation": [post.organisation for post in told],
        "since": [post.since for post in told],
        "until": [post.until for post in told],
        "level": [post.level for post in told],
        "bloc": [post.bloc for post in told],
        "class": [post.cls for post in told],
    }
    return {name: _lines(values) for name, values in lines.items()}


def _lines(values: Sequence[Any]) -> str | None:
    if all(value is None for value in values):
        return None
    return "\n".join(UNKNOWN if value is None else _text(value) for value in values)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _card(guest: Guest) -> list[tuple[str, str]]:
    cells = {name: "" if value is None else _text(value) for name, value in _cells(guest).items()}
    who = guest.person or guest.group
    posts = who.posts if who else ()
    usual = [("FN", cells["name"] or cells["group"]), ("KIND", "group" if guest.group else "individual")]
    usual += [("TITLE", post.title) for post in posts]
    usual += [("ORG", post.organisation or "") for post in posts[:1]]
    usual += [(name, cells[key]) for key, name in _PROPERTIES.items()]
    own = [key for key in COLUMNS if key not in _PROPERTIES]
    return usual + [(f"X-KHAIMAC-{key.upper().replace('_', '-')}", cells[key]) for key in own]

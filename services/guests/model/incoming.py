"""A row of somebody's list as a guest: read by the profile, refused with reasons, or asked about. Pure.

What a row does not say is left out of `said`: bringing a list in never empties what the present list knows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

from schemas.errors import Problem, Refusal
from schemas.guest_imports import Asked, Choice, ImportedRow
from schemas.guests import GroupFields, GuestFields, PersonFields, Post, Side
from schemas.protocol import Profile
from services.guests.model.lists import MOST_HEADS
from services.guests.model.splitting import Doubt, Split, splitter
from services.lang import EMAIL, Unreadable, clean, clean_block, parse_date, parse_number

_OF_GUEST = ("side", "delegation", "note", "code", "seat", "attends_as")
_KINDS = ("actual", "planned", "claimed")
_YEAR = 4  # digits
_MOST_OF_POSTS = 4_000  # signs
_LONGEST = 400  # signs of a name, a label or a title


class NobodyNamed(Refusal):
    """The row names nobody. Write a name, or delete the row."""


class NoAddress(Refusal):
    """“{text}” is not one e-mail address. Write one, for example van.phong@example.org."""


class NoDay(Refusal):
    """“{text}” is not a date. Write day, month and year, for example 1/7/2024."""


class NoHeadCount(Refusal):
    """“{text}” is not a number of people. Write a whole number, for example 728."""


class NotOneOf(Refusal):
    """“{text}” is not one of {known}. Write one of these, or leave it empty."""


class TooLong(Refusal):
    """“{text}” is too long: at most {limit} signs fit. Write it shorter; the rest may go into the notes."""


class PersonCounted(Refusal):
    """“{text}” is a person and has no head count. Leave the number empty, or write the row as a group."""


class YearOnly(Refusal):
    """“{text}” is only a year; a date of birth needs day and month. It is not taken over."""


class LongName(Refusal):
    """“{text}” is long for a name. Look whether something else stands in it."""


@dataclass(slots=True)
class Incoming:
    """What a row says. `said` has the names of fields of PersonFields or GroupFields and of GuestFields.

    `original` is what stood in its cells, where that was taken apart.
    """

    row: str
    is_group: bool = False
    id: str | None = None
    original: str | None = None
    said: dict[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    wrong: list[Problem] = field(default_factory=list)
    doubted: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.said.get("label" if self.is_group else "name", ""))

    @property
    def posts(self) -> tuple[Post, ...]:
        posts: tuple[Post, ...] = self.said.get("posts", ())
        return posts

    def fields(self, old: GuestFields | None = None) -> GuestFields:
        """The guest that it makes, or makes of the old one; every value was looked at when it was read."""
        kind = GroupFields if self.is_group else PersonFields
        of_who = {key: value for key, value in self.said.items() if key in kind.model_fields}
        of_guest = {key: value for key, value in self.said.items() if key in _OF_GUEST}
        before = (old.group if self.is_group else old.person) if old else None
        who = before.model_copy(update=of_who) if before else kind.model_validate(of_who)
        plain = {name: getattr(old, name) for name in GuestFields.model_fields} if old else {}
        return GuestFields.model_validate({**plain, **of_guest, "group" if self.is_group else "person": who})


class Reader:
    """Reads rows by one profile, with the answers that were given."""

    def __init__(self, profile: Profile, answers: Mapping[str, str]) -> None:
        self.profile, self.answers = profile, answers
        self.marks = (profile.wording.group, profile.wording.decimal)
        told = {kind: self._answered(kind) for kind in ("piece", "tail")}
        self.splitter = splitter(
            profile,
            apart=frozenset(text for text, answer in told["piece"] if answer == "post"),
            names=frozenset(text for text, answer in told["tail"] if answer == "name"),
            telling=frozenset(text for each in told.values() for text, _ in each),
        )

    def _answered(self, kind: str) -> list[tuple[str, str]]:
        prefix = f"{kind}:"
        return [(key.removeprefix(prefix), said) for key, said in self.answers.items() if key.startswith(prefix)]

    def read(self, row: ImportedRow) -> Incoming:
        found = Incoming(row.row, id=row.cells.get("id"))
        cells = row.cells
        if name := clean_block(cells.get("name", "")):
            self._person(found, name, cells)
        elif label := clean(cells.get("group", "")):
            self._group(found, label, cells)
        if not found.name:
            _note(found.wrong, row.row, NobodyNamed())
            return found
        self._of_guest(found, cells, row.group)
        if not found.wrong:
            _check_lengths(found)
        return found

    def _person(self, found: Incoming, typed: str, cells: Mapping[str, str]) -> None:
        split = self.splitter.person(typed) if "id" not in cells else Split(None, None, clean(typed), "", ())
        posts_text = "\n".join(part for part in (cells.get("posts"), split.behind) if part)
        posts, doubts = self._posts(posts_text, cells)
        found.original = _original(split.name, typed, posts, cells)
        said = {
            "name": split.name,
            "honorific": clean(cells.get("honorific", "")) or split.honorific,
            "rank": clean(cells.get("rank", "")) or split.rank,
            "posts": posts,
            "phone": clean(cells.get("phone", "")),
            "language": clean(cells.get("language", "")),
            "email": _email(found, cells),
            "born_on": _born(found, cells),
        }
        found.said |= {key: value for key, value in said.items() if value}
        if cells.get("count"):
            _note(found.wrong, found.row, PersonCounted(text=split.name))
        self._ask(found, (*split.doubts, *doubts))

    def _posts(self, text: str, cells: Mapping[str, str]) -> tuple[tuple[Post, ...], tuple[Doubt, ...]]:
        """An organisation alone stands for a post: it is what the office wrote of the person."""
        bodies = cells.get("organisation", "").split("\n")
        lines = text.split("\n")
        if "id" in cells or (len(lines) == len(bodies) > 1):
            return self._by_lines(lines, cells), ()
        body = clean(bodies[0]) if len(bodies) == 1 else clean(", ".join(bodies))
        body = "" if body == self.profile.wording.unknown else body
        if not text:
            return self.splitter.posts(body)[0] if body else (), ()
        posts, doubts = self.splitter.posts(text[:_MOST_OF_POSTS], body or None)
        more = {key: value for key, value in cells.items() if key != "organisation"}
        return self._placed(posts, more), doubts

    def _by_lines(self, titles: list[str], cells: Mapping[str, str]) -> tuple[Post, ...]:
        """One post on each line, its organisation and all else on the same line of the other cells."""
        said = filter(None, map(clean, titles))
        return self._placed(tuple(Post.model_construct(title=title) for title in said), cells)

    def _placed(self, posts: tuple[Post, ...], cells: Mapping[str, str]) -> tuple[Post, ...]:
        """With what the other cells say: one value for all posts, or a line for each."""
        told = list(posts)
        for name, key in _PLACED.items():
            lines = cells.get(name, "").split("\n")
            values = lines * len(told) if len(lines) == 1 else lines
            for at, value in enumerate(values[: len(told)]):
                if (text := clean(value)) and text != self.profile.wording.unknown:
                    told[at] = told[at].model_copy(update={key: _day(text) if key in _DAYS else text})
        return tuple(told)

    def _group(self, found: Incoming, label: str, cells: Mapping[str, str]) -> None:
        found.is_group = True
        posts, doubts = self._posts(cells.get("posts", ""), cells)
        said = {
            "label": label,
            "posts": posts,
            "head_count": self._count(found, cells),
            "head_count_kind": _one_of(found, cells, "count_kind", _KINDS),
            "email": _email(found, cells),
            "roll": tuple(filter(None, map(clean, cells.get("roll", "").split("\n")))),
        }
        found.said |= {key: value for key, value in said.items() if value not in {None, "", ()}}
        self._ask(found, doubts)

    def _count(self, found: Incoming, cells: Mapping[str, str]) -> int | None:
        text = cells.get("count", "")
        try:
            number = parse_number(text, *self.marks) if text else None
        except Unreadable:
            number = -1
        if number is None or (isinstance(number, int) and 0 <= number <= MOST_HEADS):
            return number
        _note(found.wrong, found.row, NoHeadCount(text=text))
        return None

    def _of_guest(self, found: Incoming, cells: Mapping[str, str], group: str | None) -> None:
        said = {
            "side": _one_of(found, cells, "side", get_args(Side)),
            "delegation": clean(cells.get("delegation", "") or group or ""),
            "note": clean_block(cells.get("note", "")),
            "code": clean(cells.get("code", "")),
            "seat": clean(cells.get("seat", "")),
            "attends_as": clean(cells.get("attends_as", "")),
        }
        found.said |= {key: value for key, value in said.items() if value}

    def _ask(self, found: Incoming, doubts: tuple[Doubt, ...]) -> None:
        for doubt in doubts:
            if doubt.kind == "long_name":
                _note(found.doubted, found.row, LongName(text=doubt.text))
            else:
                found.asked.append(self._asked(doubt))

    def _asked(self, doubt: Doubt) -> Asked:
        key = f"{doubt.kind}:{doubt.text}"
        sentence, choices = _SPLITS[doubt.kind]
        return Asked(
            key=key,
            sentence=sentence,
            params={"text": doubt.text, "whole": doubt.whole},
            choices=choices,
            suggestion=choices[0].value,
            answer=self.answers.get(key),
        )


_PLACED = {
    "organisation": "organisation",
    "level": "level",
    "bloc": "bloc",
    "class": "cls",
    "since": "since",
    "until": "until",
}
_DAYS = ("since", "until")
_SPLITS = {
    "piece": (
        "Is “{text}” a post of its own in “{whole}”?",
        (
            Choice(value="whole", sentence="No, it belongs to what stands before it."),
            Choice(value="post", sentence="Yes, another post."),
        ),
    ),
    "tail": (
        "What is “{text}” behind the name in “{whole}”?",
        (
            Choice(value="post", sentence="What the person is: a post or an organisation."),
            Choice(value="name", sentence="Part of the name."),
        ),
    ),
}


def _original(name: str, typed: str, posts: tuple[Post, ...], cells: Mapping[str, str]) -> str | None:
    """The cells as they stood; None where each of them is one value as it stands, or the row is one that we wrote."""
    told = [typed, clean_block(cells.get("posts", ""))]
    whole = name == typed and len(posts) <= 1 and all(post.title in told for post in posts)
    return None if whole or "id" in cells else "\n".join(filter(None, told))


def _note(where: list[Problem], row: str, refusal: Refusal) -> None:
    severity = "error"
    where.append(
        Problem.model_validate(
            {"severity": severity, "file": row, "sentence": refusal.sentence, "params": refusal.params}
        )
    )


def _email(found: Incoming, cells: Mapping[str, str]) -> str:
    text = clean(cells.get("email", ""))
    if text and not EMAIL.fullmatch(text):
        _note(found.wrong, found.row, NoAddress(text=text))
    return text


def _born(found: Incoming, cells: Mapping[str, str]) -> date | None:
    text = clean(cells.get("born", ""))
    if not text:
        return None
    if text.isdecimal() and len(text) == _YEAR:
        _note(found.doubted, found.row, YearOnly(text=text))
        return None
    return _parsed(found, text, parse_date, NoDay)


def _day(text: str) -> date | None:
    """Nothing where it cannot be read: since when a post is held only decides between equals."""
    try:
        return parse_date(text)
    except Unreadable:
        return None


def _parsed(found: Incoming, text: str, parse: Callable[[str], date], refusal: type[Refusal]) -> date | None:
    try:
        return parse(text)
    except Unreadable:
        _note(found.wrong, found.row, refusal(text=text))
        return None


def _one_of(found: Incoming, cells: Mapping[str, str], key: str, known: tuple[str, ...]) -> str | None:
    text = clean(cells.get(key, ""))
    if text and text not in known:
        _note(found.wrong, found.row, NotOneOf(text=text, known=", ".join(known)))
        return None
    return text or None


def _check_lengths(found: Incoming) -> None:
    """What else the models refuse: texts that are too long."""
    for text in (found.name, *(post.title for post in found.posts)):
        if len(text) > _LONGEST:
            _note(found.wrong, found.row, TooLong(text=f"{text[:40]}…", limit=_LONGEST))

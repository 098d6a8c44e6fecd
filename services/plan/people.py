"""The guests table: persons with their posts, groups with their head count; who is there twice."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from schemas.guests import GroupFields, PersonFields, PlannedGuest, Post
from services.lang import EMAIL, clean, match_key, parse_date, search_key
from services.plan.columns import Unknown, terms
from services.plan.page import Page
from services.plan.row import Row, is_unknown, rows
from services.plan.vocabulary import Vocabulary

_PLACING = ("level", "bloc", "class", "organisation")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_BOTH = "This row names both a person and a group."
_NEITHER = "This row names neither a person nor a group."
_NOT_KNOWN = Unknown(
    "“{value}” is not known here; the nearest known word is “{nearest}”.",
    "“{value}” is not known here. Known are: {known}.",
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the guest list."""

    row: Row
    guest: PlannedGuest

    @property
    def called(self) -> str:
        """The name, or the label of a group."""
        return self.guest.person.name if self.guest.person else self._group.label

    @property
    def _group(self) -> GroupFields:
        if self.guest.group is None:
            raise ValueError(f"{self.guest.ref} is neither a person nor a group")
        return self.guest.group


def read_guests(page: Page, vocabulary: Vocabulary) -> list[Listed]:
    """Those that can be understood; the page's problems say what cannot."""
    listed = [found for row in rows(page) if (found := _guest(row, vocabulary))]
    _codes_once(listed)
    _persons_once(listed)
    _labels_once(listed)
    _alike_without_accents(listed)
    return listed


def _guest(row: Row, vocabulary: Vocabulary) -> Listed | None:
    name, label = row.text("name"), row.text("group")
    if bool(name) == bool(label):
        sentence = _BOTH if name else _NEITHER
        row.wrong("name", sentence, "Write either a name or the label of a group.")
        return None
    posts = _posts(row, vocabulary, label)
    one = _person(row, name, posts, vocabulary) if name else _group(row, label, posts)
    code = row.text("code")
    guest = row.build(
        PlannedGuest,
        {
            "ref": code or f"guests:{row.number}",
            "code": code,
            "person": one if isinstance(one, PersonFields) else None,
            "group": one if isinstance(one, GroupFields) else None,
            "side": row.choice("side", terms("side"), _NOT_KNOWN) or "guest",
            "delegation": row.text("delegation"),
            "seat": row.text("seat"),
            "note": row.block("note"),
        },
    )
    return Listed(row, guest) if guest and one else None


def _person(row: Row, typed: str, posts: tuple[Post, ...], vocabulary: Vocabulary) -> PersonFields | None:
    honorific, rank, name = _split(row, typed, vocabulary)
    if row.text("count"):
        row.wrong("count", "A person has no head count.", "Leave it empty, or write the row as a group.")
    values = {
        "name": name,
        "honorific": honorific,
        "rank": rank,
        "posts": posts,
        "born_on": row.day("born"),
        "email": _email(row),
        "phone": row.text("phone"),
        "language": _language(row),
    }
    return row.build(PersonFields, values, {"born_on": "born"})


def _split(row: Row, typed: str, vocabulary: Vocabulary) -> tuple[str | None, str | None, str]:
    """Honorific, rank and name: what stands before a name goes to its own field, word for word.

    An honorific only where its column is empty, because Ông is a family name too.
    """
    honorific, rank = row.text("honorific"), row.text("rank")
    found, name = (vocabulary.only_ranks if honorific else vocabulary.front).split(typed)
    for words in found:
        if match_key(words) not in vocabulary.ranks:
            honorific = honorific or words
        elif rank and match_key(rank) != match_key(words):
            sentence = "The name begins with the rank “{typed}”, and the column of ranks says “{rank}”."
            row.wrong("name", sentence, "Keep the right one of the two.", typed=words, rank=rank)
        else:
            rank = rank or words
    return honorific, rank, name


def _group(row: Row, label: str | None, posts: tuple[Post, ...]) -> GroupFields | None:
    for key in ("honorific", "rank", "born"):
        if row.text(key):
            row.wrong(key, "A group has no “{heading}”.", "Leave it empty.", heading=row.page.titles[key])
    values: dict[str, Any] = {
        "label": label,
        "head_count": row.count("count"),
        "head_count_kind": row.choice("count_kind", terms("count_kind"), _NOT_KNOWN),
        "posts": posts,
        "email": _email(row),
    }
    return row.build(GroupFields, values, {"label": "group"})


def _posts(row: Row, vocabulary: Vocabulary, label: str | None) -> tuple[Post, ...]:
    """One post for each line of the cell; the other columns hold one value for all of them, or one for each.

    A group whose place in the order is told has its label as its post; its name alone needs none.
    """
    titles = row.entries("posts") or ([label] if label and any(row.text(key) for key in _PLACING) else [])
    organisations = _spread(row, "organisation", titles)
    if not titles:
        _placed_without_post(row)
        return tuple(post for name in organisations if name and (post := _only_organisation(row, name)))
    columns: dict[str, Sequence[object]] = {
        "title": titles,
        "organisation": organisations,
        "level": _coded(row, "level", titles, vocabulary),
        "bloc": _coded(row, "bloc", titles, vocabulary),
        "cls": _coded(row, "class", titles, vocabulary),
        "since": [row.parsed("since", text, parse_date) if text else None for text in _spread(row, "since", titles)],
    }
    keys = {"title": "posts", "cls": "class"}
    each = (dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True))
    return tuple(post for values in each if (post := row.build(Post, values, keys)))


def _placed_without_post(row: Row) -> None:
    for key in ("level", "bloc", "class", "since"):
        if row.text(key):
            sentence = "“{heading}” says something of a post, and this row has none."
            row.wrong(key, sentence, "Write the post, or empty this cell.", heading=row.page.titles[key])


def _only_organisation(row: Row, name: str) -> Post | None:
    sentence = "There is an organisation and no post; the organisation is kept in its place."
    row.remark("organisation", sentence, "Write the post, if it is known.")
    return row.build(Post, {"title": name, "organisation": name}, {"title": "organisation"})


def _spread(row: Row, key: str, titles: list[str]) -> list[str | None]:
    """One value for each post; "—" among several leaves one out."""
    found = [None if is_unknown(text) else text for text in row.entries(key)]
    if not titles or len(found) == len(titles):
        return found
    if len(found) > 1:
        sentence = "There are {posts} posts and {count} entries under “{heading}”."
        hint = "Write one entry for all posts, or one for each, in the same order; — stands for none."
        heading = row.page.titles[key]
        row.wrong(key, sentence, hint, posts=len(titles), count=len(found), heading=heading)
        return [None] * len(titles)
    return (found or [None]) * len(titles)


def _coded(row: Row, key: str, titles: list[str], vocabulary: Vocabulary) -> list[str | None]:
    known = {"level": vocabulary.levels, "bloc": vocabulary.blocs, "class": vocabulary.classes}[key]
    return [row.coded(key, text, known, _NOT_KNOWN) if text else None for text in _spread(row, key, titles)]


def _email(row: Row) -> str | None:
    text = row.text("email")
    if text and not EMAIL.fullmatch(text):
        hint = "Write one address, for example van.phong@example.org."
        row.wrong("email", "“{text}” is not one e-mail address.", hint, text=text)
    return text


def _language(row: Row) -> str | None:
    text = row.text("language")
    if not text:
        return None
    code = terms("language").code(text) or text
    if not _LANGUAGE.fullmatch(code):
        row.wrong("language", "“{text}” is not a language.", "Write its code, for example vi or en.", text=text)
    return code


def _codes_once(listed: list[Listed]) -> None:
    first: dict[str, Listed] = {}
    for one in listed:
        if one.guest.code is None:
            continue
        before = first.setdefault(match_key(one.guest.code), one)
        if before is not one:
            sentence = "The code “{code}” stands in row {first} already."
            hint = "A code names one row; give this one another."
            one.row.wrong("code", sentence, hint, code=one.guest.code, first=before.row.number)


def _persons_once(listed: list[Listed]) -> None:
    by_name: dict[str, list[Listed]] = defaultdict(list)
    for one in listed:
        if one.guest.person:
            by_name[match_key(one.called)].append(one)
    for namesakes in by_name.values():
        for at, later in enumerate(namesakes[1:], 1):
            same = (one for one in namesakes[:at] if _post_keys(one) == _post_keys(later))
            _namesakes(next(same, namesakes[0]), later)


def _namesakes(earlier: Listed, later: Listed) -> None:
    """Two rows of one name: with a code each they are two people, and with the same posts they are one."""
    if earlier.guest.code and later.guest.code:
        return
    numbers = {"first": earlier.row.number, "second": later.row.number}
    if _post_keys(earlier) == _post_keys(later):
        sentence = "Rows {first} and {second} are the same person: {name}, with the same posts."
        hint = "Delete one of them; if they are two people, give each a code."
        later.row.wrong("name", sentence, hint, name=later.called, **numbers)
    else:
        sentence = "Rows {first} and {second} have the same name, {name}, and different posts."
        hint = "If they are two people, give each a code; if they are one, write all posts in one row."
        later.row.doubt("name", sentence, hint, name=later.called, **numbers)


def _post_keys(one: Listed) -> set[tuple[str, str]]:
    posts = one.guest.person.posts if one.guest.person else ()
    return {(match_key(post.title), match_key(post.organisation or "")) for post in posts}


def _labels_once(listed: list[Listed]) -> None:
    first: dict[str, Listed] = {}
    for one in listed:
        before = first.setdefault(match_key(one.called), one) if one.guest.group else one
        if before is not one and not (one.guest.code and before.guest.code):
            sentence = "The group “{label}” stands in row {first} already."
            hint = "Delete one of the rows, or give each a code."
            one.row.wrong("group", sentence, hint, label=one.called, first=before.row.number)


def _alike_without_accents(listed: list[Listed]) -> None:
    """Both are kept: Hiếu and Hiểu are two names. But whoever types without accents must be told."""
    first: dict[str, Listed] = {}
    for one in listed:
        before = first.setdefault(search_key(clean(one.called)), one)
        if match_key(before.called) != match_key(one.called):
            sentence = "“{name}” and “{other}” in row {first} differ by accents alone; they are kept as two."
            hint = "Correct one of them if they are the same."
            one.row.remark("name", sentence, hint, name=one.called, other=before.called, first=before.row.number)

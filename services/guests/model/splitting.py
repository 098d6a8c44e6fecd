"""A person as one text of a list, taken apart: form of address, rank, name, posts with their organisations. Pure.

The words are the profile's. Nothing is lost but the sign between a post and its organisation.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from schemas.guests import Post
from schemas.protocol import Profile
from services.guests.model.standing import PostIn, Titles
from services.lang import Front, clean, clean_block, match_key

Doubtful = Literal["piece", "tail", "rank", "long_name"]
# Between a name and what stands behind it; a dash only between blanks, for names have some of their own.
_BEHIND_NAME = re.compile(r"\s*[,;:\n]\s*|\s+[-–—]\s+|\s*(?=\()")
_CERTAIN = re.compile(r"\s*[;\n]\s*")
_SPLITTERS = 8  # kept with what they read
_MOST_WORDS = 7  # of a name; what has more is probably a name and something else


class Doubt(NamedTuple):
    """What a person should look at: `text` is the piece in question, `whole` where it stands."""

    kind: Doubtful
    text: str
    whole: str


class Split(NamedTuple):
    """Of one text; `behind` is what stands behind the name."""

    honorific: str | None
    rank: str | None
    name: str
    behind: str
    doubts: tuple[Doubt, ...]


class Splitter:
    """One profile's words, made ready for a long list; and what a person said of pieces in doubt.

    `apart`: pieces that are a post of their own; `names`: that are part of a name; `telling`: that are posts indeed.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        apart: frozenset[str] = frozenset(),
        names: frozenset[str] = frozenset(),
        telling: frozenset[str] = frozenset(),
    ) -> None:
        self.profile, self.apart, self.names, self.telling = profile, apart, names, telling
        self._alone = {match_key(word).rstrip(".:") for word in profile.name_prefixes}
        self._titles = Titles(profile)
        self._front = Front(profile.name_prefixes)
        self._ranks = {
            match_key(word) for one in profile.rank_scale for word in (*one.label.root.values(), *one.also)
        }
        self._post_heads = _beginning(profile.post_heads)
        self._bodies = re.compile(rf"(?<=\S )(?={_any(profile.body_heads)}(?:\s|$))")
        self._body_head = re.compile(rf"{_any(profile.body_heads)}(?:\s|$)")
        self._bound = re.compile(rf"(?:^|\s){_any(profile.bound_heads)} $")
        self._separator = re.compile(f"({'|'.join(map(re.escape, profile.post_separators)) or '(?!)'})")
        self.posts = lru_cache(20_000)(self._posts)

    # The name.

    def person(self, text: str) -> Split:
        """The parts of what stands in a column of names."""
        whole = clean_block(text)
        first, below = self._lines(whole)
        found, rest = self._front.split(first)
        rank = " ".join(words for words in found if match_key(words) in self._ranks) or None
        honorific = " ".join(words for words in found if match_key(words) not in self._ranks) or None
        name, beside = self._behind(rest)
        behind = "\n".join(part for part in (beside, below) if part)
        if beside in self.names:
            name, behind = f"{name}, {beside}", below
        doubts = [Doubt("long_name", name, whole)] if len(name.split()) > _MOST_WORDS else []
        if behind and behind not in self.telling and not self.is_post(behind) and not self._body_head.match(behind):
            doubts.append(Doubt("tail", behind, whole))
        return Split(honorific, rank, clean(name), behind, tuple(doubts))

    def _lines(self, text: str) -> tuple[str, str]:
        """The line of the name, and those below it; a form of address or a rank may have a line of its own."""
        first, _, below = text.partition("\n")
        if below and match_key(first).rstrip(".:") in self._alone:
            name, _, below = below.partition("\n")
            first = f"{first} {name}"
        return first, below

    def _behind(self, text: str) -> tuple[str, str]:
        """The name, and what stands behind the first sign that ends it; brackets around all of that fall away."""
        found = _BEHIND_NAME.search(text)
        if not found or not found.start():
            return text, ""
        behind = text[found.end() :].strip()
        if behind.startswith("(") and behind.endswith(")") and behind.count("(") == 1:
            behind = behind[1:-1].strip()
        return text[: found.start()].strip(), behind.strip(" .,;")

    def is_post(self, text: str) -> bool:
        """Whether a text begins as posts do, be their place in the order known or not."""
        return bool(self._post_heads.match(text)) or self._titles.begins(text)

    # The posts.

    def _posts(self, text: str, organisation: str | None = None) -> tuple[tuple[Post, ...], tuple[Doubt, ...]]:
        """The posts in a text, each with its organisation: what the text names itself, else the one given."""
        doubts: list[Doubt] = []
        pieces = [piece for part in _CERTAIN.split(clean_block(text)) for piece in self._pieces(clean(part), doubts)]
        whole = [piece for piece in pieces if piece]
        return tuple(self._post(piece, organisation, alone=len(whole) == 1) for piece in whole), tuple(doubts)

    def _pieces(self, text: str, doubts: list[Doubt]) -> Iterator[str]:
        """Parted where another post begins; a name's own comma parts nothing."""
        parts = self._separator.split(text)
        held = parts[0]
        for separator, part in zip(parts[1::2], parts[2::2], strict=True):
            if part in self.apart or self.is_post(part):
                yield held
                held = part
                continue
            if (
                part[:1].isupper()
                and part not in self.telling
                and not (self._body_head.match(part) and not self._body_of(held))
            ):
                doubts.append(Doubt("piece", part, text))
            held += separator + part
        yield held

    def _post(self, text: str, organisation: str | None, *, alone: bool) -> Post:
        """With an organisation given, a post keeps its words; only what names its own loses the given one."""
        at = self._body_of(text)
        if organisation and (alone or at is None):
            return _post(text, organisation)
        if at is None:
            return _post(text)
        title, body = text[:at].rstrip(" ,-–—"), text[at:]
        whole = self._titles.standing(PostIn(text))
        same = whole is None or whole == self._titles.standing(PostIn(title, body))
        return _post(title, body) if same else _post(text)

    def _body_of(self, text: str) -> int | None:
        """Where the organisation's name begins; a post that ends before it must be whole: no “Trưởng” alone."""
        found = (at.start() for at in self._bodies.finditer(text))
        return next((at for at in found if not self._bound.search(text[:at])), None)


class _Very:
    """A profile as a key: the same object."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Very) and other.profile is self.profile

    def __hash__(self) -> int:
        return id(self.profile)


@lru_cache(_SPLITTERS)
def _made(of: _Very, apart: frozenset[str], names: frozenset[str], telling: frozenset[str]) -> Splitter:
    return Splitter(of.profile, apart=apart, names=names, telling=telling)


def splitter(
    profile: Profile,
    *,
    apart: frozenset[str] = frozenset(),
    names: frozenset[str] = frozenset(),
    telling: frozenset[str] = frozenset(),
) -> Splitter:
    """One that remembers what it read: a list is looked at several times before it is brought in."""
    return _made(_Very(profile), apart, names, telling)


def _post(title: str, organisation: str | None = None) -> Post:
    """Of texts that were cleaned; how long they may be is looked at with all the rest of a row."""
    return Post.model_construct(title=title, organisation=organisation)


def _any(words: Iterable[str]) -> str:
    """A pattern for any of these as written, the longest first; for none one that matches nothing."""
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or '(?!)'})"


def _beginning(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"{_any(words)}(?=[\s,;.)]|$)", re.IGNORECASE)

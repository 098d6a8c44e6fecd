"""Where a post stands: its level, bloc and class, read from its title by a profile's words; never guessed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from schemas.protocol import PostWords, Profile
from services.lang import clean, match_key

NO_KEY_POST = 1000  # the step of posts that are none
_LONGEST = 400  # of a title, in characters: what is longer is no title
_REMEMBERED = 50_000  # titles
_SHORT = 2  # letters of an abbreviation that may be a word as well


@dataclass(frozen=True, slots=True)
class PostIn:
    """A post as called; level, bloc and class only where the office says them itself."""

    title: str
    organisation: str | None = None
    level: str | None = None
    bloc: str | None = None
    cls: str | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Codes of the profile; `former`: the post was held once."""

    level: str
    bloc: str
    cls: str
    former: bool = False


# What an office says a title counts as, by the keys of the title and of its organisation; no organisation: whichever.
Settled = Mapping[tuple[str, str | None], Standing]


def standing(post: PostIn, profile: Profile) -> Standing | None:
    """The highest standing of what the title says; None: the profile does not know, a person must rank it."""
    return Titles(profile).standing(post)


def split_posts(text: str, profile: Profile) -> tuple[str, ...]:
    """The posts in one text, as written; a name's own comma splits nothing, only what begins another post does."""
    return tuple(Titles(profile).pieces(clean(text)))


class Titles:
    """One profile's words, made ready to read many titles; and what the office settled where they say nothing."""

    def __init__(self, profile: Profile, settled: Settled | None = None) -> None:
        self._profile, self._settled = profile, settled or {}
        self._long = {short.casefold(): long for short, long in profile.abbreviations.items()}
        self._short = _abbreviation_pattern(profile.abbreviations)
        self._posts = _first_of(post.pattern for post in profile.posts)
        self._levels = _first_of(words.pattern for words in profile.levels)
        self._separator = re.compile(f"({'|'.join(map(re.escape, profile.post_separators)) or '(?!)'})")
        self._former = _any_of(map(match_key, profile.former_words))
        acting = _any_of(map(match_key, profile.acting_words))
        self._in_front = re.compile(rf"(?:(?:{self._former}|{acting}) )*")
        self._seen: dict[PostIn, Standing | None] = {}
        self._places: dict[Standing, tuple[int, int, int, int, int]] = {}

    def standing(self, post: PostIn) -> Standing | None:
        known = replace(post, since=None) if post.since else post
        try:
            return self._seen[known]
        except KeyError:
            found = self._read(known)
        if len(self._seen) >= _REMEMBERED:
            self._seen.clear()
        self._seen[known] = found
        return found

    def place(self, found: Standing) -> tuple[int, int, int, int, int]:
        """Lower is higher: level, key post, bloc, class, former."""
        if found not in self._places:
            self._places[found] = self._place(found)
        return self._places[found]

    def _place(self, found: Standing) -> tuple[int, int, int, int, int]:
        return (
            self._profile.level_order.index(found.level),
            self._step(found),
            self._profile.bloc_order.index(found.bloc),
            self._profile.class_order[found.bloc].index(found.cls),
            int(found.former and self._profile.former_holders != "as_incumbent"),
        )

    def _step(self, found: Standing) -> int:
        """The step of a key post, of all others NO_KEY_POST."""
        steps = (
            group.step
            for group in self._profile.key_posts
            if found.level in group.levels and found.bloc == group.bloc and found.cls in group.classes
        )
        return min(steps, default=NO_KEY_POST)

    def pieces(self, text: str) -> Iterator[str]:
        """The posts in a clean text; a piece that begins no post belongs to the one before."""
        parts = self._separator.split(text)
        whole = parts[0]
        for separator, part in zip(parts[1::2], parts[2::2], strict=True):
            if self._post_words(self._key(part)):
                yield whole
                whole = part
            else:
                whole += separator + part
        yield whole

    def key(self, title: str, organisation: str | None) -> tuple[str, str | None]:
        """What a settled title is known by: without the words for a former or an acting holder."""
        text = self._key(clean(title[:_LONGEST]))
        return text[len(self._said_in_front(text)) :], self._key(
            clean(organisation[:_LONGEST])
        ) if organisation else None

    def level(self, title: str, organisation: str | None) -> str | None:
        """The level that the words of a title name, whether the title itself is known or not."""
        text = _joined(self._key(clean(title[:_LONGEST])), self._key((organisation or "")[:_LONGEST]), alone=True)
        return self._level(text)

    def begins(self, text: str) -> bool:
        """Whether a text begins with a post that the profile knows."""
        return self._post_words(self._key(text[:_LONGEST])) is not None

    def _read(self, post: PostIn) -> Standing | None:
        if post.level and post.bloc and post.cls:
            return self._if_known(Standing(post.level, post.bloc, post.cls))
        if self._settled and (found := self._as_settled(post)):
            return found
        pieces = list(self.pieces(clean(post.title[:_LONGEST])))
        body = self._key((post.organisation or "")[:_LONGEST])
        each = (self._one(_joined(self._key(piece), body, alone=len(pieces) == 1), post) for piece in pieces)
        return min((one for one in each if one), key=self.place, default=None)

    def _as_settled(self, post: PostIn) -> Standing | None:
        title, body = self.key(post.title, post.organisation)
        said = self._settled.get((title, body)) or self._settled.get((title, None))
        if said is None:
            return None
        return self._if_known(replace(said, former=self._is_former(self._key(clean(post.title[:_LONGEST])))))

    def _is_former(self, text: str) -> bool:
        return bool(re.search(rf"\b(?:{self._former})\b", self._said_in_front(text)))

    def _one(self, text: str, post: PostIn) -> Standing | None:
        """What one post is worth; what the office says of it comes before what its words say."""
        words = self._post_words(text)
        if not words:
            return None
        level = post.level or words.level or self._level(text)
        former, cls = self._is_former(text), post.cls or words.cls
        if former and words.former_class:
            former, cls = False, post.cls or words.former_class
        return self._if_known(Standing(level or "", post.bloc or words.bloc, cls, former))

    def _if_known(self, found: Standing) -> Standing | None:
        profile = self._profile
        if found.former and profile.former_holders == "needs_ranking":
            return None
        known = found.level in profile.level_order and found.cls in profile.class_order.get(found.bloc, ())
        return found if known else None

    def _said_in_front(self, text: str) -> str:
        """The words for a former or an acting holder."""
        found = self._in_front.match(text)
        return found[0] if found else ""

    def _post_words(self, text: str) -> PostWords | None:
        found = self._posts.match(text, len(self._said_in_front(text)))
        return self._profile.posts[_which(found)] if found else None

    def _level(self, text: str) -> str | None:
        """The level that the first of all level words names, the smallest place being written first."""
        found = self._levels.search(text)
        return self._profile.levels[_which(found)].level if found else None

    def _key(self, text: str) -> str:
        """To be compared with the patterns: abbreviations written out, then as `match_key` has it."""
        long = self._short.sub(lambda hit: f" {self._long[hit[1].casefold()]} ", clean(text))
        return re.sub(r" (?=[,;.)])", "", match_key(long))


def _first_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """All in one, each a group of its own: one run of the engine instead of a hundred; the first that fits wins."""
    named = [f"(?P<_{number}>{match_key(pattern)})" for number, pattern in enumerate(patterns)]
    return re.compile("|".join(named) or "(?!)")


def _which(found: re.Match[str]) -> int:
    """The number of the pattern that fitted: its group encloses all others and so is closed last."""
    return int((found.lastgroup or "_0")[1:])


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of these, the longest first; for none of them one that matches nothing."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"


def _abbreviation_pattern(listed: Iterable[str]) -> re.Pattern[str]:
    """Whole words, with or without a dot behind ("TP.", "TP"); those listed with a dot only with it ("H.").

    Those of one or two letters only as listed: "ca" is a song, "CA" the police.
    """
    bare = [word for word in listed if not word.endswith(".")]
    dotted = _any_of(word for word in listed if word.endswith("."))
    short = _any_of(word for word in bare if len(word) <= _SHORT)
    long = _any_of(word for word in bare if len(word) > _SHORT)
    return re.compile(rf"(?<!\w)((?:{dotted})|(?:{short}|(?i:{long}))(?!\w))\.?")


def _joined(title: str, body: str, *, alone: bool) -> str:
    """The title and its organisation as one phrase, what both say only once: giám đốc công an + công an tỉnh X.

    Of several posts in one title only those take the organisation whose end it repeats: it may be another's. One
    syllable in common is chance (Thành ủy, Ủy ban).
    """
    words, rest = title.split(), body.split()
    for size in range(min(len(words), len(rest)), 1, -1):
        if words[-size:] == rest[:size]:
            return " ".join(words + rest[size:])
    return f"{title} {body}".strip() if alone else title

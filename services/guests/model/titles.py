"""Titles that no profile knows: which they are, what they resemble, and what an office settled of them. Pure."""

import re
from collections import Counter
from collections.abc import Iterable
from math import log

from schemas.errors import Refusal
from schemas.precedence import Counts, Near, Said, SettledTitle
from schemas.protocol import Profile, load_profile, profile_versions
from services.guests.model.standing import Settled, Standing, Titles
from services.lang import match_key

_MOST = 5
_ENOUGH = 0.35  # of a title's words, weighed, that a class must share to be worth showing
_UNHEARD = 2.0  # what a word weighs that no post of the profile has


class NoSuchStanding(Refusal):
    """The profile {profile} knows no class “{cls}” of the bloc “{bloc}” at the level “{level}”. Choose from its
    lists.
    """


def check_counts(profile: str, said: Counts) -> None:
    """Refuse codes that no version of the profile has."""
    for version in profile_versions(profile):
        if said.level in version.level_order and said.cls in version.class_order.get(said.bloc, ()):
            return
    raise NoSuchStanding(profile=load_profile(profile).profile, **said.model_dump())


def settled_by(profile: Profile, settled: Iterable[SettledTitle]) -> Settled:
    """What the office settled, as titles are read; a later word on the same title counts."""
    titles = Titles(profile)
    return {titles.key(one.title, one.organisation): Standing(one.level, one.bloc, one.cls) for one in settled}


def names_title(profile: Profile, said: SettledTitle, posts: Iterable[tuple[str, str | None]]) -> bool:
    """Whether one of these posts is what was settled."""
    titles = Titles(profile)
    title, body = titles.key(said.title, said.organisation)
    keys = {titles.key(*post) for post in posts}
    return any(key == title and body in {None, organisation} for key, organisation in keys)


class Shelf:
    """The classes of a profile, to find those that a title resembles."""

    def __init__(self, profile: Profile) -> None:
        self._profile, self._titles = profile, Titles(profile)
        self._posts = [((post.level, post.bloc, post.cls), _words(_spelled(post.pattern))) for post in profile.posts]
        counts = Counter(word for _, words in self._posts for word in set(words))
        self._weights = {word: log(1 + len(self._posts) / count) for word, count in counts.items()}

    def near(self, title: str, organisation: str | None) -> tuple[Near, ...]:
        """Those whose posts share most of the title's words; seldom words weigh more, the first one double."""
        words = _words(match_key(f"{title} {organisation or ''}"))
        scores: dict[tuple[str | None, str, str], float] = {}
        for standing, known in self._posts:
            scores[standing] = max(scores.get(standing, 0.0), self._likeness(words, known))
        best = sorted((each for each in scores if scores[each] >= _ENOUGH), key=lambda each: -scores[each])
        told = self._titles.level(title, organisation)
        return tuple(self._near(level or told, bloc, cls) for level, bloc, cls in best[:_MOST])

    def _likeness(self, words: list[str], known: list[str]) -> float:
        """Half of it where the post begins with a word that the title has not: a deputy is no head."""
        total = sum(self._weights.get(word, _UNHEARD) for word in set(words))
        shared = sum(self._weights[word] for word in set(words) & set(known))
        first = self._weights[words[0]] if words and words[0] in known else 0.0
        return (shared + first) / (total or 1.0) * (1 if known[:1] and known[0] in words else 0.5)

    def _near(self, level: str | None, bloc: str, cls: str) -> Near:
        return Near(level=level, bloc=bloc, cls=cls, words=in_words(self._profile, level, bloc, cls))


def in_words(profile: Profile, level: str | None, bloc: str | None, cls: str | None = None) -> Said:
    """Class, bloc and level, as far as they tell anything: a profile of one list has but one bloc and level."""
    codes = [cls] if cls else []
    codes += [bloc] if bloc and len(profile.bloc_order) > 1 else []
    codes += [level] if level and len(profile.level_order) > 1 else []
    return Said(**{locale: " · ".join(profile.word(code, locale) for code in codes) for locale in ("vi", "en")})


def _spelled(pattern: str) -> str:
    """A pattern's words without its signs."""
    return re.sub(r"\\[a-z]|\[[^\]]*\](?:\{[^}]*\})?|\(\?[!<=]+[^)]*\)", " ", match_key(pattern))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)

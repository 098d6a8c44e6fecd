"""How a guest is called on paper: form of address and name, and the posts in one line. Pure."""

from datetime import date

from schemas.guests import GuestFields, Post
from schemas.protocol import Profile
from services.guests.model.matching import called
from services.lang import match_key

_REMEMBERED = 50_000  # posts


def address(guest: GuestFields, profile: Profile) -> str:
    """As in “Trung tướng Lê Tấn Tới” and “Ông Trần Việt Trường”; the profile's neutral form where none is known."""
    name = called(guest)
    if guest.person is None:
        return name
    rank, honorific = guest.person.rank, guest.person.honorific
    if rank and profile.address.rank_replaces:
        return f"{rank} {name}"
    neutral = profile.address.styles[profile.address.default].unknown
    form = honorific[:1].upper() + honorific[1:] if honorific else neutral
    return " ".join(word for word in (form, rank, name) if word)


def held(guest: GuestFields, on: date | None) -> tuple[Post, ...]:
    """The posts of that day: titles are bound to their time. A date that is not known excludes nothing."""
    who = guest.person or guest.group
    posts = who.posts if who else ()
    if on is None:
        return posts
    return tuple(post for post in posts if (post.since or on) <= on <= (post.until or on))


class PostsText:
    """Writes posts in one line; of title and organisation nothing is said twice."""

    def __init__(self, profile: Profile, on: date | None) -> None:
        self._on = on
        self._long = {match_key(short): match_key(long) for short, long in profile.abbreviations.items()}
        self._written: dict[tuple[str, str | None], str] = {}

    def of(self, guest: GuestFields) -> str:
        """Of a person only: a group's posts are there to rank it."""
        if guest.person is None:
            return ""
        return ", ".join(self._post(post) for post in held(guest, self._on))

    def _post(self, post: Post) -> str:
        key = post.title, post.organisation
        try:
            return self._written[key]
        except KeyError:
            said = self._with_organisation(post.title, post.organisation)
        if len(self._written) >= _REMEMBERED:
            self._written.clear()
        self._written[key] = said
        return said

    def _with_organisation(self, title: str, organisation: str | None) -> str:
        """The title alone where it names the organisation, be it abbreviated or written out."""
        if not organisation or f" {self._plain(organisation)} " in f" {self._plain(title)} ":
            return title
        words, rest = title.split(" "), organisation.split(" ")
        same = next((n for n in range(min(len(words), len(rest)), 0, -1) if _same(words[-n:], rest[:n])), 0)
        joint = ", " if "," in title and not same else " "
        return joint.join(part for part in (title, " ".join(rest[same:])) if part)

    def _plain(self, text: str) -> str:
        """Words only, abbreviations written out, to compare."""
        words = (word.strip(",;.()-–") for word in match_key(text).split(" "))
        return " ".join(self._long.get(word, word) for word in words if word)


def _same(some: list[str], others: list[str]) -> bool:
    return match_key(" ".join(some)) == match_key(" ".join(others))

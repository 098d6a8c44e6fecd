"""What goes into each document of a ceremony, and the hash that says whether two documents print the same."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.awards import AwardsPart
from schemas.guests import Guest, GuestsPart
from schemas.protocol import Profile
from schemas.scheduling import Ceremony, SchedulingPart
from services.program.model.awards import award_list
from services.program.model.invitation import invitations
from services.program.model.lists import guest_list, introductions, roll
from services.program.model.programme import programme, script
from services.program.model.style import Context, Style, Words
from services.program.model.text import Prose, slug

Fingerprint = Callable[[str], str]
# A draft shows the invitations of so many guests, the first in the order of precedence; a release those of all.
DRAFT_INVITATIONS = 150
# The kinds that name who receives what, a secret until it is read out; the others count at most.
SECRET = frozenset({"awards"})


@dataclass(frozen=True)
class Parts:
    """What the three services say of one ceremony, at one moment or in one release."""

    scheduling: SchedulingPart
    guests: GuestsPart
    awards: AwardsPart


@dataclass(frozen=True)
class Inputs:
    """One document to be made: from a context, or from the `parts` (their input hashes) that it joins."""

    kind: str
    title: str
    file_name: str
    hash: str
    context: Context = field(repr=False)
    guest_id: str | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rendered:
    """`missing`: characters that no font of ours has, each printed as an empty box."""

    pdf: bytes
    pages: int
    milliseconds: int
    missing: str = ""


@dataclass(frozen=True)
class Drawn:
    """A page as a picture; `width` and `height` in pixels."""

    png: bytes
    width: int
    height: int


def documents(
    parts: Parts, profile: Profile, words: Mapping[str, Words], fingerprint: Fingerprint, *, draft: bool
) -> list[Inputs]:
    """Every document that the profile names, the single invitations before the printer's file that joins them.

    `words` by language; `fingerprint` says for a kind what else decides how it prints (template, fonts, renderer).
    """
    style = _style(parts, profile, words, draft=draft)
    made = [*_sheets(parts, style), *_invitations(parts, style, draft=draft)]
    desk = _Desk(parts.scheduling.ceremony, style, fingerprint, draft=draft)
    single = [desk.made(kind, context, guest) for kind, context, guest in made]
    personal = [each for each in single if each.guest_id]
    return (
        [*single, desk.joined(personal, len(parts.guests.guests))]
        if personal and "invitations" in profile.documents
        else single
    )


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


@dataclass(frozen=True)
class _Desk:
    ceremony: Ceremony
    style: Style
    fingerprint: Fingerprint
    draft: bool

    def made(self, kind: str, context: Context, guest: tuple[int, Guest] | None) -> Inputs:
        said = {"kind": kind, "made_with": self.fingerprint(kind), "context": context}
        who = f"{guest[0]:03}-{slug(guest[1].address, 40)}" if guest else ""
        title = self.style.title(kind) + (f" – {guest[1].address}" if guest else "")
        guest_id = guest[1].id if guest else None
        return Inputs(kind, title, self._file_name(kind, who), digest(said), context, guest_id)

    def joined(self, personal: list[Inputs], invited: int) -> Inputs:
        """The printer's file; a draft's may hold fewer than are invited, and says so."""
        hashes = tuple(each.hash for each in personal)
        kind = "invitations"
        name, title = self._file_name(kind), self.style.title(kind)
        if len(personal) < invited:
            title = self.style.words["first_of"].format(title=title, count=len(personal))
        return Inputs(kind, title, name, digest({"kind": kind, "parts": hashes}), {}, parts=hashes)

    def _file_name(self, kind: str, who: str = "") -> str:
        """ASCII only: names of the ceremony, the kind and the guest, and the word for a draft."""
        words = (self.ceremony.code, self.style.title(kind), who, self.style.words["draft"] if self.draft else "")
        return "-".join(slug(word) for word in words if word) + ".pdf"


Made = tuple[str, Context, tuple[int, Guest] | None]


def _sheets(parts: Parts, style: Style) -> Iterator[Made]:
    """The documents that are made once, of those that the profile names; no roll and no award list of nothing."""
    guests = {guest.id: guest for guest in parts.guests.guests}
    rolls = any(guest.group and guest.group.roll for guest in guests.values())
    plan, awards = parts.scheduling, parts.awards
    makers: dict[str, Callable[[], Context]] = {
        "programme": lambda: programme(plan, guests, style),
        "script": lambda: script(plan, guests, awards, style),
        "introductions": lambda: introductions(plan, parts.guests, style),
        "guests": lambda: guest_list(plan, parts.guests, style),
        **({"roll": lambda: roll(plan, parts.guests, style)} if rolls else {}),
        **({"awards": lambda: award_list(plan, guests, awards, style)} if awards.lines else {}),
    }
    return ((kind, make(), None) for kind, make in makers.items() if kind in style.profile.documents)


def _invitations(parts: Parts, style: Style, *, draft: bool) -> Iterator[Made]:
    if "invitation" not in style.profile.documents:
        return
    guests = parts.guests.guests[:DRAFT_INVITATIONS] if draft else parts.guests.guests
    made = invitations(parts.scheduling, guests, parts.awards, style)
    for number, (guest, context) in enumerate(made, 1):
        yield "invitation", context, (number, guest)


def _style(parts: Parts, profile: Profile, words: Mapping[str, Words], *, draft: bool) -> Style:
    ceremony = parts.scheduling.ceremony
    language = ceremony.language if ceremony.language in words else "en"
    names = (guest.person.name for guest in parts.guests.guests if guest.person)
    marks = ((profile.marks.draft, draft), (profile.marks.sample, ceremony.sample))
    return Style(
        profile=profile,
        language=language,
        words=words[language],
        prose=Prose(names, words[language]["leaning"], profile.name_prefixes),
        marks=tuple(mark for mark, borne in marks if borne),
    )

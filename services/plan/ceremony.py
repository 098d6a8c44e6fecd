"""ceremony.yaml: the fields of a ceremony as an organizer writes them, each checked, all problems told at once."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, time
from difflib import get_close_matches
from typing import Any, TypeVar
from zoneinfo import available_timezones

from pydantic import ValidationError

from schemas.errors import NotFound, Problem, Refusal
from schemas.protocol import Profile, ProfileNotInForce, load_profile, profile_names
from schemas.scheduling import CeremonyFields, SchedulingPlan, Venue
from schemas.strict_yaml import Read, read_yaml
from services.lang import EMAIL, Unreadable, clean, clean_block, nfc, parse_date, parse_time
from services.plan.columns import Terms, Unknown
from services.plan.keys import slug
from services.plan.nearness import Nearest
from services.plan.row import TOO_LONG, is_unknown
from services.plan.telling import Place, told
from services.plan.vocabulary import Vocabulary, vocabulary

T = TypeVar("T")

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_OWN = ("code", "date")  # written in the file, and called otherwise or not at all in the fields
_TEXTS = (
    *("parent", "host", "host_parent", "contact", "place_of_issue", "document_number"),
    *("signer_post", "signer_name", "dress", "language"),
)
_BLOCKS = ("note", "source")
_KIND = Unknown(
    "“{value}” is not a kind of ceremony that the profile knows; the nearest is “{nearest}”.",
    "“{value}” is not a kind of ceremony that the profile knows. Known are: {known}.",
)
_LEVEL = Unknown(
    "“{value}” is not a level that the profile knows; the nearest is “{nearest}”.",
    "“{value}” is not a level that the profile knows. Known are: {known}.",
)
DEFAULT_PROFILE = str(CeremonyFields.model_fields["profile"].default)


@dataclass(slots=True)
class Opened:
    """What ceremony.yaml says. `fields` is None when it cannot be used; the profile is there all the same.

    `read`: from a file; else it is what stands already.
    """

    file: str
    profile: Profile
    code: str | None = None
    fields: CeremonyFields | None = None
    problems: list[Problem] = field(default_factory=list)
    read: bool = True

    @property
    def vocabulary(self) -> Vocabulary:
        return vocabulary(self.profile)


def closed_ceremony() -> Opened:
    """Where there is no ceremony.yaml: the tables are read all the same, in the words of the usual profile."""
    return Opened("ceremony.yaml", load_profile(DEFAULT_PROFILE))


def standing_ceremony(plan: SchedulingPlan) -> Opened:
    """Where there is no ceremony.yaml because the ceremony is there already."""
    try:
        profile = load_profile(plan.ceremony.profile, plan.ceremony.on)
    except ProfileNotInForce:
        profile = load_profile(plan.ceremony.profile)
    return Opened("ceremony.yaml", profile, plan.code, plan.ceremony, read=False)


def open_ceremony(file: str, content: bytes, folder: str = "") -> Opened:
    """`folder` is the folder's name, to propose a code from."""
    opened = Opened(file, load_profile(DEFAULT_PROFILE))
    try:
        read = read_yaml(content)
    except Refusal as why:
        line = why.params.get("line")
        place = Place(file, None, int(line) if line else None)
        opened.problems.append(told("error", place, why.sentence, None, **why.params))
        return opened
    if not isinstance(read.value, dict):
        sentence = "{file} says nothing." if read.value is None else "{file} is not a list of names with values."
        opened.problems.append(told("error", Place(file), sentence, "Write lines like “title: …”."))
        return opened
    _Reader(opened, read, folder).read()
    return opened


class _Reader:
    """Takes the values out of one file, by their names, and notes with the line what is wrong."""

    def __init__(self, opened: Opened, read: Read, folder: str) -> None:
        self.opened, self.written, self.folder = opened, read.value, folder
        self.marks = read.marks

    def read(self) -> None:
        self._known_names(self.written, (*_OWN, *CeremonyFields.model_fields), ())
        on = self.parsed("date" if "date" in self.written else "on", parse_date)
        self._profile(on)
        values = self._values(on)
        code = self._code(values.get("title"))
        try:
            known = {name: value for name, value in values.items() if value is not None}
            fields = CeremonyFields.model_validate(known)
        except ValidationError as why:
            for error in why.errors(include_url=False):
                self._refused(error)
        else:
            self.opened.code = code
            self.opened.fields = fields

    def _values(self, on: date | None) -> dict[str, Any]:
        known = self.opened.vocabulary
        start, end = self.parsed("start", parse_time), self.parsed("end", parse_time)
        self._in_order(start, end)
        return {
            **{name: self.text(name) for name in _TEXTS},
            **{name: self.block(name) for name in _BLOCKS},
            "title": self.title(),
            "kind": self.choice("kind", known.ceremony_kinds, _KIND),
            "level": self.choice("level", known.levels, _LEVEL),
            "venue": self.venue(),
            "timezone": self.zone(),
            "on": on,
            "start": start,
            "end": end,
            "profile": self.text("profile"),
            "sample": self.flag("sample"),
            "organizer_email": self.email("organizer_email"),
        }

    def wrong(self, path: tuple[str, ...], sentence: str, hint: str | None = None, /, **params: str) -> None:
        self.opened.problems.append(told("error", self.place(path), sentence, hint, **params))

    def place(self, path: tuple[str, ...]) -> Place:
        mark = self.marks.get(path)
        return Place(self.opened.file, None, mark[0] if mark else None)

    def _known_names(self, written: dict[str, Any], known: Iterable[str], path: tuple[str, ...]) -> None:
        known = list(known)
        for name in written:
            if name in known:
                continue
            near = get_close_matches(name.casefold(), known, n=1, cutoff=0.6)
            sentence = "“{name}” is not known here."
            if near:
                sentence = "“{name}” is not known here; the nearest known name is “{nearest}”."
            hint = "Correct it, or delete the line."
            self.wrong((*path, name), sentence, hint, name=str(name)[:80], nearest=near[0] if near else "—")

    def text(self, name: str, written: dict[str, Any] | None = None, path: tuple[str, ...] = ()) -> str | None:
        value = self._scalar((written or self.written).get(name), (*path, name))
        return self._cleaned(value, clean(value), (*path, name)) if value is not None else None

    def block(self, name: str) -> str | None:
        value = self._scalar(self.written.get(name), (name,))
        return self._cleaned(value, clean_block(value), (name,)) if value is not None else None

    def _scalar(self, value: Any, path: tuple[str, ...]) -> str | None:
        if isinstance(value, dict | list | bool):
            hint = "Write one text behind the colon, in quotation marks if need be."
            self.wrong(path, "“{name}” wants a text.", hint, name=path[-1])
            return None
        return None if value is None else str(value)

    def _cleaned(self, typed: str, text: str, path: tuple[str, ...]) -> str | None:
        if _seen(typed) != _seen(text):
            sentence = "“{name}” held invisible signs; they were left out."
            self.opened.problems.append(told("note", self.place(path), sentence, name=path[-1]))
        return None if is_unknown(text) else text

    def title(self) -> str | None:
        title = self.text("title")
        if title is None and not isinstance(self.written.get("title"), dict | list | bool):
            self.wrong(("title",), "The ceremony has no title.", "Write it behind “title:”.")
        return title

    def parsed(self, name: str, parse: Callable[[str], T]) -> T | None:
        text = self.text(name)
        try:
            return parse(text) if text is not None else None
        except Unreadable as why:
            self.wrong((name,), why.sentence, **why.params)
            return None

    def choice(self, name: str, terms: Terms, unknown: Unknown) -> str | None:
        text = self.text(name)
        if text is None or (code := terms.code(text)):
            return code if text else None
        sentence, values = terms.unknown(text, unknown)
        self.wrong((name,), sentence, **values)
        return None

    def flag(self, name: str) -> bool:
        value = self.written.get(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        sentence = "“{name}” is “{value}”; it wants true or false."
        self.wrong((name,), sentence, name=name, value=str(value)[:80])
        return False

    def email(self, name: str) -> str | None:
        text = self.text(name)
        if text and not EMAIL.fullmatch(text):
            hint = "Write one address, for example van.phong@example.org."
            self.wrong((name,), "“{text}” is not one e-mail address.", hint, text=text)
        return text

    def venue(self) -> Venue:
        """A text is the name of the place; else name and unit."""
        written = self.written.get("venue")
        if not isinstance(written, dict):
            return Venue(name=self.text("venue"))
        self._known_names(written, Venue.model_fields, ("venue",))
        if not written:
            return Venue()
        return Venue(name=self.text("name", written, ("venue",)), unit=self.text("unit", written, ("venue",)))

    def zone(self) -> str | None:
        text = self.text("timezone")
        if text and text not in available_timezones():
            near = Nearest(available_timezones()).to(text) or "Asia/Ho_Chi_Minh"
            sentence = "“{value}” is not an IANA time zone; the nearest is “{nearest}”."
            self.wrong(("timezone",), sentence, value=text, nearest=near)
        return text

    def _in_order(self, start: time | None, end: time | None) -> None:
        if start and end and end <= start:
            sentence = "The end, {end}, is not after the start, {start}."
            self.wrong(("end",), sentence, "Correct one of the two.", start=f"{start:%H:%M}", end=f"{end:%H:%M}")

    def _profile(self, on: date | None) -> None:
        name = self.text("profile") or DEFAULT_PROFILE
        try:
            self.opened.profile = load_profile(name, on)
        except NotFound:
            sentence = "There is no protocol profile “{value}”. There are: {known}."
            self.wrong(("profile",), sentence, value=name, known=", ".join(profile_names()))
        except ProfileNotInForce as why:
            self.opened.profile = load_profile(name)
            self.wrong(("profile" if "profile" in self.written else "date",), why.sentence, **why.params)

    def _code(self, title: str | None) -> str | None:
        text = self.text("code")
        if text and _CODE.fullmatch(text):
            return text
        proposed = slug(self.folder or title or "le-ra-mat")[:60].strip("-")
        if text:
            sentence = "“{value}” cannot be the code; “{proposed}” could."
            hint = "Write 1 to 63 lower-case letters without accents, digits and hyphens."
            self.wrong(("code",), sentence, hint, value=text[:80], proposed=proposed)
        else:
            sentence = "The ceremony has no code; “{proposed}” could be one."
            hint = "Write it behind “code:”, and keep it: by it a later import finds the ceremony again."
            self.wrong(("code",), sentence, hint, proposed=proposed)
        return None

    def _refused(self, error: Any) -> None:
        path = tuple(str(step) for step in error["loc"])
        if error["type"] == "missing":
            return
        if error["type"] == "string_too_long":
            length, limit = str(len(error["input"])), str(error["ctx"]["max_length"])
            self.wrong(path, TOO_LONG, "Write it shorter; the rest may go into “note”.", length=length, limit=limit)
        else:
            self.wrong(path, "This cannot be used: {why}.", why=error["msg"])


def _seen(text: str) -> str:
    """The text as it shows, white space aside."""
    return "".join(nfc(text).split())

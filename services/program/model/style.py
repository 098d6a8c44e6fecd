"""How an office's papers are worded and laid out: its protocol profile and the words of the document's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from schemas.protocol import Layout, Profile
from schemas.protocol.papers import HeaderLine
from schemas.scheduling import Ceremony
from services.lang.text import clean
from services.lang.wording import Writer
from services.program.model.text import NBSP, Prose, bind, bind_clauses

Words = Mapping[str, Any]
Context = dict[str, Any]


@dataclass(frozen=True)
class Style:
    """`words` are those of the document's language; `marks` what every paper of this moment bears."""

    profile: Profile
    language: str
    words: Words
    prose: Prose
    marks: tuple[str, ...]

    @property
    def writer(self) -> Writer:
        return Writer(self.profile.locale, self.profile.wording)

    @property
    def unknown(self) -> str:
        return self.profile.wording.unknown

    def title(self, kind: str) -> str:
        return self.profile.documents[kind].label.say(self.language)

    def layout(self, kind: str) -> Layout:
        return self.profile.layouts[self.profile.documents[kind].layout]

    def role(self, code: str) -> str | None:
        label = self.profile.roles.get(code)
        return label.say(self.language) if label else None

    def or_unknown(self, text: str | None) -> str:
        return self.prose.line(text) if text and clean(text) else self.unknown

    def time(self, at: time | None) -> str:
        return bind(self.writer.time(at))

    def date(self, on: date | None) -> str:
        return bind(self.writer.date(on), longest=60)

    def when(self, ceremony: Ceremony) -> str:
        """Start, end and day in one line; each may be unknown."""
        if ceremony.start is None and ceremony.on is None:
            return self.unknown
        kind = "when_no_hour" if ceremony.start is None else "when_no_day" if ceremony.on is None else "when"
        hours = bind(self.writer.time_range(ceremony.start, ceremony.end))
        day = bind_clauses(self.writer.date_weekday(ceremony.on))
        return str(self.words[kind].format(hours=hours, day=day, unknown=self.unknown))

    def where(self, ceremony: Ceremony) -> str:
        known = [self.prose.line(text) for text in (ceremony.venue.name, ceremony.venue.unit) if text]
        return ", ".join(known) or self.unknown

    def minutes(self, minutes: int | None) -> str:
        return self.unknown if minutes is None else bind(self.writer.duration(minutes))

    def place_and_date(self, place: str | None) -> str:
        """The line of NĐ 30/2020 Mẫu 1.7; nobody has told the day of issue, so it is left to be filled in by hand."""
        blank = self.words["blank_date"]
        return str(blank.format(place=clean(place) if place else self.words["blank_place"])).replace(" ", NBSP)


def paper(style: Style, ceremony: Ceremony, kind: str) -> Context:
    """What every document prints or is laid out by."""
    heading, layout = style.title(kind), style.layout(kind)
    return {
        "kind": kind,
        "language": style.language,
        "title": f"{heading} – {clean(ceremony.title)}",
        "heading": heading,
        "author": clean(ceremony.host or ""),
        "layout": layout.model_dump(mode="json"),
        "marks": list(style.marks),
        "ceremony": style.prose.line(ceremony.title),
    }


def occasion(style: Style, ceremony: Ceremony) -> Context:
    return {"when": style.when(ceremony), "where": style.where(ceremony)}


def letterhead(style: Style, ceremony: Ceremony, kind: str, number: str | None = None) -> Context:
    """Head and foot of a formal paper; `number` as printed, None where a paper of this kind bears none."""
    state = style.profile.state_header if style.layout(kind).state_header else ()
    return {
        "state": [_header_line(line) for line in state],
        "parent": style.prose.line(ceremony.host_parent) if ceremony.host_parent else None,
        "host": style.or_unknown(ceremony.host),
        "number": number,
        "place_and_date": style.place_and_date(ceremony.place_of_issue),
        "signer_post": style.prose.line(ceremony.signer_post) if ceremony.signer_post else None,
        "signer_name": bind(ceremony.signer_name, 40) if ceremony.signer_name else None,
    }


def _header_line(line: HeaderLine) -> Context:
    return line.model_dump(mode="json", exclude={"code"})

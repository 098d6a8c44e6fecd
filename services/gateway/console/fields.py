"""What the fields of plans are called, and how a kept value of one reads: for history and for whoever compares."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from typing import Any

from markupsafe import Markup

from schemas.protocol import Label, Profile, profile_for
from schemas.rights import rights
from schemas.scheduling import CeremonyFields
from services.gateway.console.answer_words import state_words
from services.gateway.console.wording import Wording

_DAYS = frozenset({"on", "since", "until", "born_on"})
_TIMES = frozenset({"start", "end"})
_CODES = frozenset({"kind", "role", "level", "bloc", "cls"})
_KEPT_BY_MACHINE = frozenset(
    {"id", "version", "key", "ref", "hash", "office", "ordinal", "stands_in_for", "counts", "history", "stood"}
    | {"seats", "placing", "apart"}
)
# What a value that is a thing of its own is called by, the first that is there.
_NAMES = ("title", "name", "label", "recipient", "number", "text")


def profile_of(ceremony: CeremonyFields) -> Profile:
    """Whose words codes are read with."""
    return profile_for(ceremony.profile, ceremony.on)


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields in one language; codes in the words of a profile, where one is given."""

    words: Wording
    profile: Profile | None = None

    def label(self, path: str) -> str:
        """`path`: names from the outside in, with dots; one without words of its own is called by its last name."""
        known = _words(self.words)
        return known.get(path) or known.get(path.rpartition(".")[2]) or path

    def differences(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """What, from, to, as people read it; fields in the order in which they are written."""
        old, new = dict(_flat(before)), dict(_flat(after))
        return [
            (self.label(path), self.value(path, old.get(path)), self.value(path, new.get(path)))
            for path in {**old, **new}
            if _known(old.get(path)) != _known(new.get(path))
        ]

    def value(self, path: str, value: Any) -> str:
        """What is not known is empty."""
        if value is None:
            return ""
        if isinstance(value, list | tuple):
            return "; ".join(self.value(path, one) for one in value)
        if isinstance(value, Mapping):
            return self._thing(value)
        if isinstance(value, bool):
            return self.words.say("yes") if value else self.words.say("no")
        return self.words.number(value) if isinstance(value, int | float) else self._text(path, str(value))

    def _thing(self, value: Mapping[str, Any]) -> str:
        """A post with its organisation, somebody with his role, a role with its ceremony."""
        said = called(value)
        if said is None:
            role = rights().roles.get(str(value.get("role")))
            return self.words.say(role.label) if role else ""
        more = value.get("organisation")
        if "role" in value:
            return f"{said} ({self._text('role', str(value['role']))})"
        return f"{said}, {more}" if more else said

    def _text(self, path: str, value: str) -> str:
        """A day, a time, a word for a code of ours or of the profile; anything else is what somebody wrote."""
        name = path.rpartition(".")[2]
        if name in _DAYS and value:
            return plain(self.words.day_short(date.fromisoformat(value)))
        if name in _TIMES and value:
            return plain(self.words.clock(time.fromisoformat(value)))
        if self.profile and name in _CODES:
            return self._coded(self.profile, value)
        return _code_words(self.words).get((name, value), value)

    def _coded(self, profile: Profile, code: str) -> str:
        kinds: tuple[Mapping[str, Any], ...] = (
            profile.ceremony_kinds,
            profile.item_kinds,
            profile.award_kinds,
            profile.roles,
            profile.documents,
        )
        for known in kinds:
            if code in known:
                found = known[code]
                label: Label = found if isinstance(found, Label) else found.label
                return label.say(self.words.language)
        return profile.word(code, self.words.language)


def called(value: Any) -> str | None:
    """What a kept guest, item, line or decision goes by."""
    if not isinstance(value, Mapping):
        return None
    inner = value.get("person") or value.get("group") or value
    return next((str(inner[name]) for name in _NAMES if inner.get(name)), None)


def within_sentence(label: str) -> str:
    """As it stands in the middle of a sentence; an abbreviation stays as it is."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def plain(words: str) -> str:
    """Without the marks that make a day or a time readable for machines: for the middle of a sentence."""
    return words.striptags() if isinstance(words, Markup) else words


def _flat(value: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, Any]]:
    """Every field with its path, without those that only the house needs; somebody in a role is one value."""
    for name, inner in value.items():
        if name in _KEPT_BY_MACHINE:
            continue
        if isinstance(inner, Mapping) and "text" not in inner:
            yield from _flat(inner, f"{within}{name}.")
        else:
            yield f"{within}{name}", inner


def _known(value: Any) -> Any:
    """None for every way of saying that nothing is known; zero is a number."""
    return None if value in ("", [], {}) or value is False else value


@cache
def _words(words: Wording) -> dict[str, str]:
    return _of_ceremonies(words) | _of_rows(words)


def _of_ceremonies(words: Wording) -> dict[str, str]:
    say = words.say
    return {
        "title": say("Title"),
        "kind": say("Kind"),
        "level": say("Level"),
        "parent": say("Part of"),
        "host": say("Host"),
        "host_parent": say("Above the host"),
        "venue": say("Venue"),
        "venue.name": say("Venue"),
        "venue.unit": say("Administrative unit"),
        "timezone": say("Time zone"),
        "on": say("Day"),
        "start": say("Start"),
        "end": say("End"),
        "profile": say("Protocol profile"),
        "language": say("Language"),
        "sample": say("Sample"),
        "source": say("Source"),
        "note": say("Note"),
        "contact": say("Contact"),
        "organizer_email": say("Sender of the invitations"),
        "place_of_issue": say("Place of issue"),
        "document_number": say("Number of the invitation"),
        "signer_post": say("Post of the signer"),
        "signer_name": say("Signer"),
        "dress": say("Dress"),
    }


def _of_rows(words: Wording) -> dict[str, str]:
    """Of items, guests, awards and accounts."""
    say = words.say
    return {
        "position": say("Place in the order"),
        "minutes": say("Minutes"),
        "roles": say("Who"),
        "responsible": say("Responsible"),
        "mc_text": say("MC text"),
        "cues": say("Cues"),
        "props": say("Props"),
        "person.name": say("Name"),
        "name": say("Name"),
        "honorific": say("Form of address"),
        "rank": say("Rank"),
        "original": say("As the imported list had it"),
        "posts": say("Posts"),
        "born_on": say("Born on"),
        "email": say("E-mail address"),
        "phone": say("Telephone"),
        "label": say("Group"),
        "head_count": say("Head count"),
        "head_count_kind": say("Kind of count"),
        "roll": say("Roll"),
        "side": say("Side"),
        "delegation": say("Delegation"),
        "code": say("Code"),
        "seat": say("Seat"),
        "attends_as": say("Attends as"),
        "bloc": say("Bloc"),
        "cls": say("Class"),
        "reason": say("Reason"),
        "stands_before": say("Stands before"),
        "state": say("Answer"),
        "interim": say("Holds the office for the time being"),
        "plus_ones": say("Comes along"),
        "plus_count": say("Comes along"),
        "needs": say("Needs"),
        "at": say("Arrives at"),
        "vehicle": say("Vehicle"),
        "number": say("Number"),
        "signer": say("Signer"),
        "authority": say("Authority"),
        "decision": say("Decision"),
        "recipient": say("Recipient"),
        "recipient_kind": say("Kind of recipient"),
        "post": say("Post"),
        "unit": say("Unit"),
        "achievement": say("Achievement"),
        "posthumous_receiver": say("Receives for the deceased"),
        "presenter": say("Presenter"),
        "item": say("Item"),
        "stage_order": say("Place on the stage"),
        "grants": say("Roles in the office"),
        "theme": say("Look"),
    }


@cache
def _code_words(words: Wording) -> dict[tuple[str, str], str]:
    say = words.say
    return {
        ("side", "guest"): say("guest"),
        ("side", "host"): say("host"),
        ("head_count_kind", "actual"): say("counted"),
        ("head_count_kind", "planned"): say("planned"),
        ("head_count_kind", "claimed"): say("as reported"),
        ("recipient_kind", "person"): say("person"),
        ("recipient_kind", "collective"): say("collective"),
        ("recipient_kind", "group"): say("group"),
        ("theme", "light"): say("Light"),
        ("theme", "dark"): say("Dark"),
        **{("state", state): said for state, said in state_words(words).items()},
        ("language", "vi"): "Tiếng Việt",
        ("language", "en"): "English",
    }

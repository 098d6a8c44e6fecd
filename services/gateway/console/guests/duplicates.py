"""Guests who may be one person, side by side: two people, or merged with the whole effect shown before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, ValidationError

from schemas import duplicates
from schemas.answers import NeedKind
from schemas.duplicates import (
    MERGE_FIELDS,
    ListDuplicates,
    MergedField,
    MergeEffect,
    MergePeople,
    Pair,
    PreviewMerge,
    TellApart,
)
from schemas.errors import Invalid, Refused
from services.gateway.asking import LONG, TheBus, TheCeremony
from services.gateway.console.answer_words import need_words
from services.gateway.console.fields import Fields, plain, profile_of
from services.gateway.console.forms import Sent
from services.gateway.console.frame import Toast, Undo, dialog, say_only, show, words_of
from services.gateway.console.guests.one import CHANGED, GuestAt, TheGuest
from services.gateway.console.wording import Wording
from services.gateway.problems import language_of
from services.kit.bus import first_errors

router = APIRouter(prefix="/ceremonies/{ceremony}/guests", include_in_schema=False)
of_two = APIRouter(prefix="/ceremonies/{ceremony}/guests/{row}/merge", include_in_schema=False)
M = TypeVar("M", bound=BaseModel)
_PAGE = 20
_TAKE = "take."
_SURE, _PROBABLE = 0.9, 0.75
Skip = Annotated[int, Query(ge=0, le=100_000)]
OtherId = Annotated[str, Query(max_length=64)]


class Apart(Sent):
    guest: str
    other: str
    apart: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A field as the page has it: the lines of what both say, whose stays, and whether a person should look."""

    field: str
    label: str
    kept: Sequence[str]
    other: Sequence[str]
    taken: str
    conflict: bool
    joinable: bool

    @property
    def differs(self) -> bool:
        return self.kept != self.other


class _Said:
    """What merging tells, in the words of one reader."""

    def __init__(self, request: Request, ceremony: Any) -> None:
        self.words, self._zone = words_of(request), ceremony.timezone
        self._fields = Fields(self.words, profile_of(ceremony))
        self._needs = need_words(self.words)

    def lines(self, fields: Sequence[MergedField]) -> list[Line]:
        return [self._line(one) for one in fields]

    def _line(self, one: MergedField) -> Line:
        return Line(
            field=one.field,
            label=_labels(self.words).get(one.field) or self._fields.label(one.field),
            kept=tuple(self._value(one.field, one.kept)),
            other=tuple(self._value(one.field, one.other)),
            taken=one.taken,
            conflict=one.conflict,
            joinable=one.joinable,
        )

    def _value(self, name: str, value: Any) -> Iterator[str]:
        if isinstance(value, list):
            yield from (self._thing(name, each) for each in value)
        elif isinstance(value, Mapping):
            yield from self._things(name, value)
        elif value is not None:
            yield from self._fields.value(name, value).splitlines()

    def _thing(self, name: str, one: Mapping[str, Any]) -> str:
        if name == "needs":
            kind: NeedKind = one["kind"]
            return ": ".join(filter(None, (self._needs[kind], one.get("text"))))
        return self._fields.value(name, one)

    def _things(self, name: str, one: Mapping[str, Any]) -> Iterator[str]:
        if name == "company":
            yield from (each["name"] for each in one.get("plus_ones", ()))
            if count := one.get("plus_count"):
                yield self.words.say("{count} people", count=self.words.number(count))
            return
        for key, value in one.items():
            yield plain(self.words.moment(datetime.fromisoformat(value), self._zone)) if key == "at" else str(value)


def _labels(words: Wording) -> dict[str, str]:
    """Of what is kept beside the fields of a guest."""
    say = words.say
    return {
        "state": say("Answer"),
        "company": say("Comes with"),
        "needs": say("Needs"),
        "contact": say("Contact person"),
        "arrival": say("Arrival"),
        "by_hand": say("Placed by hand"),
    }


# The page.


@router.get("/duplicates")
async def page(request: Request, bus: TheBus, ceremony: TheCeremony, skip: Skip = 0) -> Response:
    question = ListDuplicates(ceremony_id=ceremony.id, skip=skip, limit=_PAGE)
    found = await bus.ask(duplicates.list_duplicates, question)
    at, said = f"/ceremonies/{ceremony.code}/guests", _Said(request, ceremony)
    given: dict[str, Any] = {
        "ceremony": ceremony,
        "at": at,
        "total": found.total,
        "pairs": [(one, said.lines(one.fields), _how_sure(said.words, one)) for one in found.pairs],
        "skip": skip,
        "before": f"{at}/duplicates?skip={max(skip - _PAGE, 0)}" if skip else None,
        "after": f"{at}/duplicates?skip={skip + _PAGE}" if skip + _PAGE < found.total else None,
    }
    return await show(request, "guests/duplicates.html", block="pairs", here="guests", **given)


def _how_sure(words: Wording, pair: Pair) -> tuple[str, str]:
    """In words, and the sign beside them."""
    if pair.score >= _SURE:
        return words.say("Almost certainly one person"), "warn"
    if pair.score >= _PROBABLE:
        return words.say("Probably one person"), "info"
    return words.say("Perhaps one person"), "plain"


@router.get("/duplicates/count")
async def count(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
    """The way to the page, where there is anything on it."""
    found = await bus.ask(duplicates.list_duplicates, ListDuplicates(ceremony_id=ceremony.id, limit=0))
    given: dict[str, Any] = {"at": f"/ceremonies/{ceremony.code}/guests/duplicates", "total": found.total}
    return await show(request, "guests/duplicates_count.html", ceremony=ceremony, **given)


@router.post("/duplicates/apart")
async def tell_apart(
    request: Request, bus: TheBus, ceremony: TheCeremony, sent: Annotated[Apart, Form()]
) -> Response:
    about: dict[str, Any] = {"guest_id": sent.guest, "other_id": sent.other, "apart": sent.apart}
    command = TellApart(request_id=sent.request_id, ceremony_id=ceremony.id, **about)
    await bus.ask(duplicates.tell_apart, command)
    back = {"guest": sent.guest, "other": sent.other, "apart": "false"}
    undo = Undo(f"/ceremonies/{ceremony.code}/guests/duplicates/apart", back)
    toast = Toast("They are two people, and not shown here any more.", undo=undo)
    response = await say_only(request, toast if sent.apart else Toast("They may be one person again."))
    response.headers.update(CHANGED)
    return response


# The dialog.


@of_two.get("")
async def merge_dialog(at: TheGuest, other: OtherId) -> Response:
    question = PreviewMerge(ceremony_id=at.ceremony.id, guest_id=at.row, other_id=other)
    effect = await at.bus.ask(duplicates.preview_merge, question, LONG)
    given: dict[str, Any] = {"ceremony": at.ceremony, "row": at.row, "other": other, "effect": effect}
    lines = _Said(at.request, at.ceremony).lines(effect.fields)
    return await dialog(at.request, "guests/merge.html", lines=lines, at=at.list_address, **given)


@of_two.post("/preview")
async def preview(at: TheGuest) -> Response:
    """The effect below the choices, or why it cannot be."""
    values: dict[str, Any] = {"effect": None, "trouble": None, "roles": {}, "conflicts": ()}
    sent = await _sent(at)
    question = _made(PreviewMerge, at, sent, {})
    try:
        values |= _effect(at, await at.bus.ask(duplicates.preview_merge, question, LONG))
    except Refused as refused:
        values["trouble"] = words_of(at.request).say(refused.sentence, **refused.params)
    return await show(at.request, "guests/merge_effect.html", **values)


def _effect(at: GuestAt, effect: MergeEffect) -> dict[str, Any]:
    """`conflicts`: what both say, and of which only one stays."""
    language = language_of(at.request)
    roles = {code: label.say(language) for code, label in profile_of(at.ceremony).roles.items()}
    lines = _Said(at.request, at.ceremony).lines(effect.fields)
    lost = [line.label for line in lines if line.conflict and line.taken != "both"]
    return {"effect": effect, "roles": roles, "conflicts": lost}


@of_two.post("")
async def merge(at: TheGuest) -> Response:
    sent = await _sent(at)
    more = {"expected_version": sent.get("version"), "other_version": sent.get("other_version")}
    if "request_id" in sent:
        more["request_id"] = sent["request_id"]
    command = _made(MergePeople, at, sent, more)
    done = await at.bus.ask(duplicates.merge_people, command, LONG)
    undo = Undo(f"{at.list_address}/several/take-back", {"event": done.event_id})
    return await at.say(Toast("Merged into {who}.", {"who": (await at.guest()).address}, undo=undo))


async def _sent(at: GuestAt) -> dict[str, str]:
    async with at.request.form() as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


def _made(kind: type[M], at: GuestAt, sent: Mapping[str, str], more: Mapping[str, Any]) -> M:
    """With what was taken of whom: fields called take.<field>."""
    take = {name: sent[f"{_TAKE}{name}"] for name in MERGE_FIELDS if sent.get(f"{_TAKE}{name}")}
    about = {"ceremony_id": at.ceremony.id, "guest_id": at.row, "other_id": sent.get("other"), "take": take}
    try:
        return kind.model_validate({**about, **more})
    except ValidationError as error:
        raise Invalid(where="form", what=first_errors(error)) from None

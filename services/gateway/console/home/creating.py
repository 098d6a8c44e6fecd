"""A new ceremony: a title is enough. Its code is suggested from it, and another one where that is taken."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import ValidationError

from schemas import scheduling
from schemas.errors import Refusal, Refused
from schemas.protocol import load_profile, profile_names
from schemas.scheduling import CeremonyFields, CreateCeremony
from services.gateway.asking import TheBus
from services.gateway.console.forms import Sent, Typed, Wrong, faults, status_of
from services.gateway.console.frame import Toast, go, show
from services.gateway.problems import language_of
from services.kit.bus import Bus
from services.lang import clean
from services.plan.keys import slug

router = APIRouter(include_in_schema=False)
_USUAL = str(CeremonyFields.model_fields["profile"].default)
_TAKEN = "code-taken"
_TRIES = 20
_LONGEST = 40  # signs of a suggested code: it stands in addresses that people read out
_FIELDS = {_TAKEN: "code", "unknown-profile": "profile"}


class NewCeremony(Sent):
    title: Typed = ""
    on: Typed = ""
    profile: Typed = _USUAL
    level: Typed = ""
    code: Typed = ""

    def fields(self) -> CeremonyFields:
        said = {
            "title": clean(self.title),
            "on": self.on or None,
            "profile": self.profile,
            "level": self.level or None,
        }
        return CeremonyFields.model_validate(said)


@router.get("/new")
async def new_page(request: Request, typed: Annotated[NewCeremony, Query()]) -> Response:
    """Also while the form is filled in: of what is suggested by what was typed."""
    return await _form(request, typed)


@router.post("/new")
async def create(request: Request, bus: TheBus, typed: Annotated[NewCeremony, Form()]) -> Response:
    try:
        code = await _create(bus, typed)
    except (Refusal, ValidationError) as wrong:
        return await _form(request, typed, wrong)
    return await go(request, f"/ceremonies/{code}", Toast("Created. Fill in what is known; the rest can wait."))


async def _create(bus: Bus, typed: NewCeremony) -> str:
    """Under the code that was typed; else under the first of the suggested ones that is free."""
    fields = typed.fields()
    codes = [code] if (code := clean(typed.code)) else _suggestions(typed.title)
    for number, code in enumerate(codes, 1):
        command = CreateCeremony(request_id=f"{typed.request_id}-{number}", code=code, ceremony=fields)
        try:
            await bus.ask(scheduling.create_ceremony, command)
        except Refused as refused:
            if refused.code != _TAKEN or number == len(codes):
                raise
        else:
            return code
    raise AssertionError("there is a code to try")


def _suggestions(title: str) -> list[str]:
    first = suggested(title)
    return [first, *(f"{first}-{number}" for number in range(2, _TRIES))]


def suggested(title: str) -> str:
    """The words of the title without accents, as many as fit."""
    whole = slug(title) if clean(title) else ""
    if len(whole) <= _LONGEST:
        return whole
    return whole[: _LONGEST + 1].rpartition("-")[0] or whole[:_LONGEST]


async def _form(request: Request, typed: NewCeremony, wrong: Wrong | None = None) -> Response:
    language = language_of(request)
    profiles = {name: load_profile(name) for name in profile_names()}
    chosen = profiles.get(typed.profile, profiles[_USUAL])
    return await show(
        request,
        "home/new.html",
        status=status_of(wrong) if wrong else 200,
        block="form" if wrong else "suggested",
        here="home",
        typed=typed,
        wrong=faults(request, wrong, _FIELDS) if wrong else {},
        profiles=[(name, one.label.say(language)) for name, one in profiles.items()],
        levels=[(code, chosen.word(code, language)) for code in chosen.level_order],
        suggested=suggested(typed.title),
    )

"""What is said of a ceremony, on a page of its own; every field may stay unknown but the title."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from schemas import scheduling
from schemas.protocol import load_profile, profile_names
from schemas.scheduling import Ceremony, CeremonyFields, ChangeCeremony, FindCeremony
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.fields import Fields, profile_of
from services.gateway.console.frame import Toast, go, say_only, show, words_of
from services.gateway.console.merging import (
    BLOCK,
    CLOCK,
    CODE,
    DAY,
    FLAG,
    LINE,
    Collision,
    Kind,
    Present,
    Thing,
    Unfit,
    Values,
    ask_which,
    attempt,
    dumped,
    id_of,
    read,
)
from services.gateway.problems import language_of
from services.kit.bus import Bus

router = APIRouter(include_in_schema=False)
KINDS: dict[str, Kind] = {
    **dict.fromkeys(("title", "parent", "host", "host_parent", "venue.name", "venue.unit", "contact"), LINE),
    **dict.fromkeys(("organizer_email", "place_of_issue", "document_number", "signer_post", "signer_name"), LINE),
    **dict.fromkeys(("kind", "level", "profile", "language"), CODE),
    **dict.fromkeys(("timezone", "dress"), LINE),
    **dict.fromkeys(("source", "note"), BLOCK),
    **dict.fromkeys(("start", "end"), CLOCK),
    "on": DAY,
    "sample": FLAG,
}


@router.get("/ceremonies/{ceremony}/edit")
async def edit_page(request: Request, ceremony: TheCeremony) -> Response:
    return await _page(request, ceremony, flat(ceremony), dumped(flat(ceremony)))


@router.post("/ceremonies/{ceremony}/edit")
async def change_ceremony(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
    form = await request.form()
    found = read(form, KINDS)
    try:
        change = await attempt(request, found, _thing(bus, ceremony, id_of(form)), _place)
    except Collision as collision:
        return await ask_which(request, collision, Fields(words_of(request), profile_of(ceremony)))
    except Unfit as wrong:
        values = {**flat(ceremony), **found.edit.mine}
        return await _page(request, ceremony, values, str(form.get("base", "")), wrong.errors)
    said = Toast("The ceremony is changed.", undo=change.undo(f"/ceremonies/{ceremony.code}/edit"))
    if "values" in form:  # an undo, or a collision settled: the page that stands fetches what it shows anew
        response = await say_only(request, said)
        response.headers["HX-Trigger"] = "km:scheduling"
        return response
    return await go(request, f"/ceremonies/{ceremony.code}", said)


def flat(ceremony: Ceremony) -> Values:
    """One level of fields, as the form has them."""
    plain = ceremony.model_dump(mode="json", include=set(CeremonyFields.model_fields))
    venue = plain.pop("venue")
    return {**plain, "venue.name": venue["name"], "venue.unit": venue["unit"]}


def whole(values: Values) -> CeremonyFields:
    """The other way. ValidationError where a value cannot be."""
    venue = {name: values.get(f"venue.{name}") for name in ("name", "unit")}
    plain = {name: value for name, value in values.items() if not name.startswith("venue.")}
    return CeremonyFields.model_validate({**plain, "venue": venue})


def _place(path: str) -> str:
    return path


def _thing(bus: Bus, ceremony: Ceremony, request_id: str) -> Thing:
    async def load() -> Present:
        now = await bus.ask(scheduling.find_ceremony, FindCeremony(which=ceremony.id))
        return Present(now.version, flat(now))

    async def save(version: int, values: Values) -> None:
        about: dict[str, Any] = {"ceremony_id": ceremony.id, "expected_version": version}
        command = ChangeCeremony(request_id=request_id, ceremony=whole(values), **about)
        await bus.ask(scheduling.change_ceremony, command)

    return Thing(load, save)


async def _page(
    request: Request, ceremony: Ceremony, values: Values, base: str, errors: Mapping[str, str] | None = None
) -> Response:
    language, profile = language_of(request), profile_of(ceremony)
    given: dict[str, Any] = {
        "values": values,
        "base": base,
        "errors": errors or {},
        "kinds": [(code, label.say(language)) for code, label in profile.ceremony_kinds.items()],
        "levels": [(code, profile.word(code, language)) for code in profile.level_order],
        "profiles": [(name, load_profile(name).label.say(language)) for name in profile_names()],
    }
    status = 422 if errors else 200
    return await show(
        request, "order/edit.html", block="form", status=status, ceremony=ceremony, here="overview", **given
    )

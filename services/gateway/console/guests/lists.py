"""The wizard that brings a list of any office into the guest list, and the list as a file.

Hides that nothing is kept between its steps: the file and every answer travel with each of them.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from schemas import guest_imports as ask
from schemas.errors import Refusal
from schemas.guest_imports import Asked, RowOutcome
from schemas.rights import require
from schemas.scheduling import Ceremony
from services.gateway.api.guest_lists import SHOWN, every_guest
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.forms import Sent
from services.gateway.console.frame import Toast, Undo, show, words_of
from services.gateway.downloads import disposition
from services.gateway.problems import language_of, told
from services.gateway.refusals import KeyUnfit
from services.kit.context import caller
from services.lang.translate import translate
from services.plan import lists
from services.plan.lists import KINDS, Brought, Decided, Terms

AT = "/ceremonies/{ceremony}/guests"
_MAY = "guests.change"
_ROWS = 100  # shown of each outcome
_PASTED = "pasted.txt"
_COLUMN, _ANSWER = "column.", "answer."
# What a row changes, by the name of its column.
_COLUMNS = {"born_on": "born", "label": "group", "head_count": "count", "head_count_kind": "count_kind"}
router = APIRouter(prefix=AT, include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Step:
    """What was sent: the file or the text (`about` tells them apart), what was decided, and whether to do it."""

    name: str
    content: bytes
    about: str
    decided: Decided
    terms: Terms
    confirm: bool


@router.get("/import")
async def wizard(request: Request, ceremony: TheCeremony) -> Response:
    require(caller(), _MAY, ceremony.id)
    return await _page(request, ceremony)


@router.post("/import")
async def step(request: Request, bus: TheBus, ceremony: TheCeremony) -> Response:
    """Looked at, or done if that was wished; what cannot be done is shown like a look."""
    require(caller(), _MAY, ceremony.id)
    async with request.form() as form:  # closed again, the file in it too
        sent = await _sent(form)
    if not sent.content.strip():
        return await _page(request, ceremony)
    listing = await lists.find(bus, ceremony.id, sent.name, sent.content, sent.decided)
    without = sent.terms.without_rejected
    if not sent.confirm:
        checked = await lists.check(bus, ceremony.id, listing)
        return await _page(request, ceremony, brought=checked, about=sent.about, without_rejected=without)
    try:
        brought = await lists.commit(bus, ceremony.id, listing, sent.terms)
    except Refusal as refusal:
        checked = await lists.check(bus, ceremony.id, listing)
        return await _page(
            request, ceremony, brought=checked, about=sent.about, refusal=refusal, without_rejected=without
        )
    return await _page(request, ceremony, brought=brought)


@router.get("/export/{kind}")
async def export(
    request: Request, bus: TheBus, ceremony: TheCeremony, kind: Literal["xlsx", "csv", "vcf"]
) -> Response:
    require(caller(), "guests.see", ceremony.id)
    everybody = await every_guest(bus, ceremony.id)
    content = lists.exported(kind, everybody, language_of(request), ceremony.code)
    headers = {"Content-Disposition": disposition("attachment", f"{ceremony.code}.{kind}")}
    return Response(content, media_type=KINDS[kind], headers=headers)


async def _sent(form: FormData) -> Step:
    file, pasted = form.get("file"), str(form.get("pasted") or "")
    if isinstance(file, UploadFile) and file.filename:
        name, content = file.filename, await file.read()
    else:
        name, content = _PASTED, pasted.encode()
    version = str(form.get("version") or "")
    terms = Terms(
        request_id=_request_id(form),
        expected_version=int(version) if version.isdecimal() else None,
        without_rejected=bool(form.get("without_rejected")),
    )
    about = hashlib.sha256(content).hexdigest()[:16]
    if form.get("about") not in {None, about}:  # what was said of another file says nothing of this one
        return Step(name, content, about, Decided(), Terms(request_id=terms.request_id), confirm=False)
    return Step(name, content, about, _decided(form), terms, bool(form.get("confirm")))


def _request_id(form: FormData) -> str:
    given = form.get("request_id")
    try:
        return (Sent.model_validate({"request_id": given}) if given else Sent()).request_id
    except ValidationError:
        raise KeyUnfit from None


def _decided(form: FormData) -> Decided:
    """Of fields called answer.<what was asked> and column.<table>.<number>; an answer left open is none."""
    answers: dict[str, str] = {}
    columns: dict[str, dict[int, str]] = {}
    for name in dict.fromkeys(form):
        values = [value for value in form.getlist(name) if isinstance(value, str)]
        if name.startswith(_ANSWER) and any(values):
            answers[name.removeprefix(_ANSWER)] = "\n".join(values)
        elif name.startswith(_COLUMN):
            table, _, number = name.removeprefix(_COLUMN).rpartition(".")
            if number.isdecimal() and values[0] != "?":
                columns.setdefault(table, {})[int(number)] = values[0]
    only_here = "removed" if form.get("only_here") else "stay"
    return Decided.model_validate({"answers": answers, "columns": columns, "only_here": only_here})


# The page.


async def _page(
    request: Request,
    ceremony: Ceremony,
    *,
    brought: Brought | None = None,
    about: str = "",
    refusal: Refusal | None = None,
    without_rejected: bool = False,
) -> Response:
    """The page, or for htmx what was found alone."""
    language, outcome = language_of(request), brought.outcome if brought else None
    done = bool(outcome and outcome.committed)
    values: dict[str, Any] = {
        "ceremony": ceremony,
        "about": about,
        "without_rejected": without_rejected,
        "at": AT.format(ceremony=ceremony.code),
        "brought": brought,
        "outcome": outcome,
        "done": done,
        "refusal": words_of(request).say(refusal.on_wire().sentence, **refusal.on_wire().params) if refusal else "",
        "problems": [told(one, language) for one in brought.listing.problems] if brought else (),
        "rows": _by_outcome(outcome.rows if outcome else ()),
        "most": _ROWS,
        "shown": SHOWN,
        "fields": lists.titles("guests", language),
        "columns": _COLUMNS,
        "asked": _asked(brought) if brought else (),
        "rejected": _rejected(brought, language) if brought and outcome and outcome.rejected else "",
    }
    toasts = [_imported(values["at"], outcome)] if outcome and done else []
    headers = {"HX-Trigger": "km:guests"} if done else {}
    return await show(
        request, "guests/list.html", block="found", here="guests", headers=headers, toasts=toasts, **values
    )


def _imported(at: str, outcome: ask.GuestImportOutcome) -> Toast:
    back = Undo(f"{at}/several/take-back", {"event": outcome.event_id}) if outcome.event_id else None
    return Toast("The list is imported.", undo=back)


def _by_outcome(rows: Iterable[RowOutcome]) -> Mapping[str, list[RowOutcome]]:
    found: dict[str, list[RowOutcome]] = {}
    for row in rows:
        found.setdefault(row.outcome, []).append(row)
    return found


def _asked(brought: Brought) -> list[Asked]:
    """What the rows leave open, each once, unanswered ones first; of the file itself it stands where it belongs."""
    rows = brought.outcome.rows if brought.outcome else ()
    asked = {one.key: one for row in rows for one in row.asked}.values()
    return sorted(asked, key=lambda one: one.answer is not None)


def _rejected(brought: Brought, language: str) -> str:
    """The file of the rejected rows inside the page: the server keeps nothing that could be fetched later."""
    outcome = brought.outcome or ask.GuestImportOutcome(version=0, rows=())
    content = lists.rejected_workbook(
        brought.listing, outcome, lambda sentence, params: translate(sentence, params, language)
    )
    return f"data:{KINDS['xlsx']};base64,{base64.b64encode(content).decode()}"

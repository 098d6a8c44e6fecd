"""/api/v1/…/guests/imports and /exports: a list of any office brought into the guest list, and the list as a file."""

from collections.abc import Iterable
from typing import Annotated, Literal

from fastapi import APIRouter, File, Form, Response, UploadFile
from pydantic import BaseModel, Field, ValidationError

from schemas import guest_imports as ask
from schemas import guests
from schemas.errors import Invalid
from schemas.guests import Guest, ListGuests
from schemas.scheduling import Ceremony
from services.gateway.asking import (
    Language,
    Make,
    MaybeVersion,
    TheBus,
    TheCeremony,
    at_version,
)
from services.gateway.downloads import disposition
from services.gateway.problems import PlanProblem, told
from services.kit.bus import Bus, first_errors
from services.lang.translate import translate
from services.plan import lists
from services.plan.lists import KINDS, Brought, Decided, Listing, Terms

router = APIRouter(prefix="/api/v1/ceremonies/{ceremony}/guests", tags=["guest lists"])
SHOWN = 50  # conversions
Spreadsheet = Annotated[UploadFile, File(description="xlsx, xls, ods, csv, tsv, txt (as pasted) or vcf.")]
_DECISIONS = (
    "JSON: `answers` by the key of what was asked, `columns` by table and number of the column, "
    "`only_here` stay or removed."
)
_MOST = 2_000_000  # signs of decisions
Decisions = Annotated[str, Form(description=_DECISIONS, max_length=_MOST)]


class Deed(BaseModel):
    """The rest of the form."""

    decisions: str = Field("{}", description=_DECISIONS, max_length=_MOST)
    suggested: bool = Field(default=False, description="Answer what is open as suggested, but for encodings.")
    without_rejected: bool = Field(default=False, description="Import the others all the same.")


class FoundColumn(BaseModel):
    """What a column means; no field: it is not read. `source`: heading, content, remembered or chosen."""

    number: int
    heading: str
    field: str | None
    confidence: float
    source: str
    samples: tuple[str, ...]


class LeftOut(BaseModel):
    row: int
    why: str
    text: str


class FoundTable(BaseModel):
    """A table of the file: where its heads are, its columns, and which rows are no entries."""

    key: str
    sheet: str | None
    heads: tuple[int, ...]
    form: bool
    chosen: bool
    columns: tuple[FoundColumn, ...]
    rows: int
    groups: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


class Converted(BaseModel):
    """A cell as it stands and as it would read in Unicode."""

    sheet: str | None
    row: int
    column: int
    before: str
    after: str
    encoding: str
    sure: bool


class Said(BaseModel):
    """An answer, and what it says in the language of whoever asks."""

    value: str
    text: str


class OpenQuestion(BaseModel):
    """What a person must say (`required`), or may."""

    key: str
    text: str
    choices: tuple[Said, ...]
    suggestion: str
    answer: str | None
    required: bool


class ListReport(BaseModel):
    """What was found in a file, what is open about it, and what its rows do to the guest list."""

    tables: tuple[FoundTable, ...]
    conversions: tuple[Converted, ...] = Field(description="The first of them.")
    conversions_total: int
    questions: tuple[OpenQuestion, ...]
    problems: tuple[PlanProblem, ...]
    outcome: ask.GuestImportOutcome | None


@router.post("/imports/check", summary="Look at a list; changes nothing")
async def check_list(
    bus: TheBus, ceremony: TheCeremony, language: Language, file: Spreadsheet, decisions: Decisions = "{}"
) -> ListReport:
    listing = await _found(bus, ceremony, file, decisions)
    return report(await lists.check(bus, ceremony.id, listing), language)


@router.post("/imports", summary="Bring a list into the guest list: all of it or nothing")
async def import_list(
    make: Make,
    ceremony: TheCeremony,
    language: Language,
    version: MaybeVersion,
    file: Spreadsheet,
    *,
    form: Annotated[Deed, Form()],
) -> ListReport:
    listing = await _found(make.bus, ceremony, file, form.decisions)
    terms = Terms(make.request_id, version, suggested=form.suggested, without_rejected=form.without_rejected)
    brought = await lists.commit(make.bus, ceremony.id, listing, terms)
    at_version(make.response, brought.outcome.version if brought.outcome else 0)
    return report(brought, language)


@router.post("/imports/rejected", summary="The rows that cannot be taken over, as a file", response_class=Response)
async def rejected_rows(
    bus: TheBus, ceremony: TheCeremony, language: Language, file: Spreadsheet, decisions: Decisions = "{}"
) -> Response:
    """A spreadsheet in the layout of theirs, with what is wrong in a column behind it."""
    listing = await _found(bus, ceremony, file, decisions)
    return rejected_file(await lists.check(bus, ceremony.id, listing), language)


@router.get("/exports/{kind}", summary="The guest list as a file", response_class=Response)
async def export_guests(
    bus: TheBus, ceremony: TheCeremony, language: Language, kind: Literal["xlsx", "csv", "vcf"]
) -> Response:
    """Read back without loss by an import; addresses only for who may see them."""
    content = lists.exported(kind, await every_guest(bus, ceremony.id), language, ceremony.code)
    headers = {"Content-Disposition": disposition("attachment", f"{ceremony.code}.{kind}")}
    return Response(content, media_type=KINDS[kind], headers=headers)


async def every_guest(bus: Bus, ceremony_id: str) -> list[Guest]:
    """In the order of the list, page by page."""
    found: list[Guest] = []
    after: str | None = None
    while True:
        page = await bus.ask(guests.list_guests, ListGuests(ceremony_id=ceremony_id, after=after, limit=1000), 30)
        found += page.guests
        if page.next is None:
            return found
        after = page.next


async def _found(bus: Bus, ceremony: Ceremony, file: UploadFile, decisions: str) -> Listing:
    return await lists.find(bus, ceremony.id, file.filename or "", await file.read(), decided(decisions))


def decided(text: str) -> Decided:
    try:
        return Decided.model_validate_json(text)
    except ValidationError as error:
        raise Invalid(where="decisions", what=first_errors(error)) from None


def rejected_file(brought: Brought, language: str) -> Response:
    outcome = brought.outcome or ask.GuestImportOutcome(version=0, rows=())

    def say(sentence: str, params: dict[str, str]) -> str:
        return translate(sentence, params, language)

    content = lists.rejected_workbook(brought.listing, outcome, say)
    headers = {"Content-Disposition": disposition("attachment", f"{say('Rejected rows', {})}.xlsx")}
    return Response(content, media_type=KINDS["xlsx"], headers=headers)


# The report.


def report(brought: Brought, language: str) -> ListReport:
    listing, outcome = brought.listing, brought.outcome
    chosen = {one.key for one in listing.chosen}
    asked = [*listing.open, *(one for row in (outcome.rows if outcome else ()) for one in row.asked)]
    return ListReport(
        tables=tuple(_table(one, chosen) for one in listing.tables),
        conversions=tuple(_converted(listing)),
        conversions_total=len(listing.conversions),
        questions=tuple(question(one, language) for one in {one.key: one for one in asked}.values()),
        problems=tuple(told(one, language) for one in listing.problems),
        outcome=outcome,
    )


def _table(one: lists.Listed, chosen: Iterable[str]) -> FoundTable:
    return FoundTable(
        key=one.key,
        sheet=one.table.sheet.name,
        heads=one.table.heads,
        form=one.table.form,
        chosen=one.key in chosen,
        columns=tuple(
            FoundColumn(
                number=column.number,
                heading=column.heading,
                field=column.field,
                confidence=column.confidence,
                source=column.source,
                samples=one.samples(column.number),
            )
            for column in one.table.columns
        ),
        rows=len(one.body.entries),
        groups=tuple(label for _, label in one.body.groups),
        left_out=tuple(LeftOut(row=each.row, why=each.why, text=each.text) for each in one.body.left_out),
    )


def _converted(listing: Listing) -> Iterable[Converted]:
    for sheet, one in listing.conversions[:SHOWN]:
        yield Converted(sheet=sheet.name, **one._asdict())


def question(one: ask.Asked, language: str) -> OpenQuestion:
    return OpenQuestion(
        key=one.key,
        text=translate(one.sentence, one.params, language),
        choices=tuple(
            Said(value=each.value, text=translate(each.sentence, each.params, language)) for each in one.choices
        ),
        suggestion=one.suggestion,
        answer=one.answer,
        required=one.required,
    )

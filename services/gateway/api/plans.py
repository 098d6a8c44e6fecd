"""/api/v1/plans: a plan folder as files or as one zip, to be checked or imported."""

import asyncio
import lzma
import zipfile
import zlib
from io import BytesIO
from typing import Annotated

from fastapi import APIRouter, File, UploadFile
from pydantic import BaseModel

from schemas import scheduling
from schemas.errors import Problem
from schemas.parts import PartChange
from schemas.scheduling import CheckPlan, ImportPlan, Plan, PlanOutcome
from services import plan
from services.gateway.asking import Language, RequestId, TheBus
from services.gateway.problems import PlanProblem, told
from services.gateway.refusals import NoFiles, PlanRefused, ZipTooLarge, ZipUnreadable

router = APIRouter(prefix="/api/v1/plans", tags=["plans"])
MOST_FILES = 60
MOST_MEGABYTES = 60  # unpacked
PATIENCE = 180  # seconds: ten thousand guests, checked and committed by every service
_PIECE = 1024 * 1024
Files = Annotated[
    list[UploadFile], File(description="ceremony.yaml and the spreadsheets, each a part, or one zip of them.")
]


class PlanReport(BaseModel):
    """`changes` says per service what an import did, or would do; with an error among the problems, nothing."""

    ceremony_id: str | None
    version: int | None
    accepted: bool
    unchanged: bool
    problems: tuple[PlanProblem, ...]
    changes: dict[str, PartChange]


@router.post("/check", summary="Check a plan folder; changes nothing")
async def check_plan(bus: TheBus, language: Language, files: Files) -> PlanReport:
    reading = await read_contents(await contents_of(files))
    if reading.plan is None:
        return _report(PlanOutcome(), reading.problems, language)
    outcome = await bus.ask(scheduling.check_plan, CheckPlan(plan=reading.plan), PATIENCE)
    return _report(outcome, reading.problems, language)


@router.post("", summary="Import a plan folder: all of it or nothing")
async def import_plan(bus: TheBus, language: Language, request_id: RequestId, files: Files) -> PlanReport:
    reading = await read_contents(await contents_of(files))
    if reading.plan is None:
        raise PlanRefused(tuple(reading.problems))
    command = ImportPlan(request_id=request_id, plan=reading.plan)
    outcome = await bus.ask(scheduling.import_plan, command, PATIENCE)
    if not outcome.accepted:
        raise PlanRefused((*reading.problems, *outcome.problems))
    return _report(outcome, reading.problems, language)


def _report(outcome: PlanOutcome, read: list[Problem], language: str) -> PlanReport:
    whole = outcome.model_copy(update={"problems": (*read, *outcome.problems)})
    return PlanReport(
        ceremony_id=whole.ceremony_id,
        version=whole.version,
        accepted=whole.accepted,
        unchanged=whole.unchanged,
        problems=tuple(told(problem, language) for problem in whole.problems),
        changes=whole.changes,
    )


async def read_contents(contents: dict[str, bytes], standing: Plan | None = None) -> plan.Reading:
    """Beside the plan as it stands, if only parts of it need be there; in a thread, for long tables take a while."""
    return await asyncio.to_thread(plan.read, contents, standing)


async def contents_of(files: list[UploadFile]) -> dict[str, bytes]:
    """By the names inside the one folder that was uploaded, or zipped."""
    names = [file.filename for file in files if file.filename]
    folder = _one_folder(names)
    contents = {file.filename.removeprefix(folder): await file.read() for file in files if file.filename}
    if not contents:
        raise NoFiles
    name, data = next(iter(contents.items()))
    if len(contents) == 1 and name.lower().endswith(".zip"):
        return await asyncio.to_thread(unpack, name, data)
    return contents


def unpack(name: str, data: bytes) -> dict[str, bytes]:
    """The files of a zip by their names inside its one folder, or at its top; sizes are counted, never believed."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir() and not _litter(one.filename)]
            if len(entries) > MOST_FILES:
                raise ZipTooLarge(file=name, files=MOST_FILES, limit=MOST_MEGABYTES)
            folder = _one_folder([one.filename for one in entries])
            left, found = MOST_MEGABYTES * 1024 * 1024, dict[str, bytes]()
            for one in entries:
                content = _content(archive, one, left)
                if content is None:
                    raise ZipTooLarge(file=name, files=MOST_FILES, limit=MOST_MEGABYTES)
                left -= len(content)
                found[one.filename.removeprefix(folder)] = content
    except (
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,
        NotImplementedError,
        EOFError,
        ValueError,
        OSError,
        lzma.LZMAError,
    ):
        raise ZipUnreadable(file=name) from None
    return found


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes | None:
    """None as soon as there is more than that."""
    whole = bytearray()
    with archive.open(entry) as stream:
        while piece := stream.read(_PIECE):
            whole += piece
            if len(whole) > most:
                return None
    return bytes(whole)


def _litter(path: str) -> bool:
    return path.startswith("__MACOSX/")


def _one_folder(paths: list[str]) -> str:
    tops = {path.partition("/")[0] + "/" if "/" in path else "" for path in paths}
    return tops.pop() if len(tops) == 1 else ""

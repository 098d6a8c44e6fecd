"""A change of the full example until every paper is in step again, beside rendering everything anew."""

import asyncio
import tempfile
import time
from pathlib import Path

from schemas import program, scheduling
from schemas.house import SERVICES
from services.__main__ import Instance, running
from services.kit.settings import Settings
from services.plan import read

FULL = Path(__file__).parents[1] / "examples" / "full-ceremony"


async def in_step(instance: Instance, ceremony_id: str, version: int) -> float:
    """Seconds until the draft is complete for this version."""
    begun = time.perf_counter()
    while True:
        part = await instance.bus.ask(scheduling.get_part, scheduling.GetPart(ceremony_id=ceremony_id))
        found = await instance.bus.ask(program.list_documents, program.ListDocuments(ceremony_id=ceremony_id))
        if found.complete and part.ceremony.version >= version and time.perf_counter() - begun > 0.4:
            return time.perf_counter() - begun
        await asyncio.sleep(0.02)


async def measure() -> tuple[float, float]:
    whole = read(FULL).plan
    if whole is None:
        raise ValueError("The full example has errors: khaimac plan check examples/full-ceremony")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), http_port=0, _env_file=None)
        async with running(settings, SERVICES) as instance:
            done = await instance.bus.ask(scheduling.import_plan, scheduling.ImportPlan(plan=whole), 120)
            which, version = done.ceremony_id or "", done.version or 0
            everything = await in_step(instance, which, version)
            part = await instance.bus.ask(scheduling.get_part, scheduling.GetPart(ceremony_id=which))
            fields = scheduling.ItemFields.model_validate(part.items[3].model_dump(exclude={"id"}))
            cue = scheduling.PutItem(
                ceremony_id=which,
                expected_version=version,
                item=fields.model_copy(update={"cues": "Nhạc nền nhỏ dần"}),
            )
            put = await instance.bus.ask(scheduling.put_item, cue)
            return everything, await in_step(instance, which, put.version)


def rows() -> list[tuple[str, str, str, str]]:
    everything, one = asyncio.run(measure())
    beside = f"{everything:.2f} s for all drafts of the ceremony"
    return [("a changed cue until every draft is in step again", f"{one:.2f} s", beside, f"{everything / one:.1f} ×")]

"""The programme of the full example: a warm worker's typesetter, beside naive `HTML(...).write_pdf()`."""

import asyncio
import statistics
import time
from collections.abc import Callable
from typing import Any

from weasyprint import CSS, HTML

from bench.in_step import FULL
from schemas.awards import AwardsPart
from schemas.guests import GuestsPart
from schemas.protocol import load_profile
from schemas.scheduling import Ceremony, Item, SchedulingPart
from services.plan import read
from services.program import templates
from services.program.filling import Filling
from services.program.model import Parts, documents
from services.program.render import Press


def context() -> dict[str, Any]:
    whole = read(FULL).plan
    if whole is None:
        raise ValueError("The full example has errors: khaimac plan check examples/full-ceremony")
    state = {"id": "c", "code": "c", "office": "o", "version": 1, "release": 1}
    ceremony = Ceremony.model_validate({**whole.scheduling.ceremony.model_dump(), **state})
    items = tuple(Item(id=item.key, **item.model_dump()) for item in whole.scheduling.items)
    parts = Parts(
        SchedulingPart(ceremony=ceremony, items=items, hash=""),
        GuestsPart(guests=(), version=1, hash=""),
        AwardsPart(decisions=(), lines=(), version=1, hash=""),
    )
    rules = load_profile(ceremony.profile, ceremony.on)
    made = documents(parts, rules, templates.words(), templates.fingerprint, draft=False)
    found: dict[str, Any] = next(one for one in made if one.kind == "programme").context
    return found


def median(work: Callable[[], object], times: int = 7) -> float:
    """Milliseconds."""
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return statistics.median(took) * 1000


def warm(printed: dict[str, Any], times: int = 7) -> float:
    """Milliseconds from the question to the bytes, through the press with a worker that has warmed up."""

    async def work() -> float:
        press, took = Press(workers=1), []
        for _ in range(times + 1):
            begun = time.perf_counter()
            await press.set("programme", printed)
            took.append(time.perf_counter() - begun)
        await press.close()
        return statistics.median(took[1:]) * 1000

    return asyncio.run(work())


def rows() -> list[tuple[str, str, str, str]]:
    printed, filling = context(), Filling()

    def naive() -> object:
        html, css = filling.html("programme", printed)[0], filling.css("programme", printed, 1.0)
        return HTML(string=html).write_pdf(stylesheets=[CSS(string=css)])

    ours, plain = warm(printed), median(naive)
    beside = f"{plain:.0f} ms naive WeasyPrint in one process"
    return [("programme of 25 items, from context to bytes", f"{ours:.0f} ms", beside, f"{plain / ours:.2f} ×")]

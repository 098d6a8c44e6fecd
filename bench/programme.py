"""The programme of the full example: a warm worker's typesetter, beside naive `HTML(...).write_pdf()`."""

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
from services.program.typeset import Typesetter


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


def rows() -> list[tuple[str, str, str, str]]:
    printed, filling, setter = context(), Filling(), Typesetter()
    html, css = filling.html("programme", printed)[0], filling.css("programme", printed, 1.0)

    def naive() -> object:
        return HTML(string=html).write_pdf(stylesheets=[CSS(string=css)])

    setter.set("programme", printed)
    warm, plain = median(lambda: setter.set("programme", printed)), median(naive)
    beside = f"{plain:.0f} ms naive WeasyPrint"
    return [("programme of 25 items, rendered by a warm worker", f"{warm:.0f} ms", beside, f"{plain / warm:.2f} ×")]

"""A list of 10,000 guests brought into a list of 10,000, from the spreadsheet on; beside the reading of it alone."""

import asyncio
import tempfile
import time
from io import BytesIO
from pathlib import Path

from bench.imports import plan
from schemas import scheduling
from schemas.house import SERVICES
from services.__main__ import running
from services.kit.settings import Settings
from services.kit.sheets import SheetOut, write_xlsx
from services.plan import lists
from services.plan.lists import Decided, Terms

HEADS = ("STT", "Họ và tên", "Chức vụ", "Đơn vị", "Email", "Ghi chú")


def workbook(count: int, note: str) -> bytes:
    """Without codes: every row is found again by its name and post."""
    rows = []
    for number, guest in enumerate(plan(count).guests.guests, 1):
        if person := guest.person:
            post = person.posts[0]
            rows.append([number, person.name, post.title, post.organisation, person.email, note])
    buffer = BytesIO()
    write_xlsx(buffer, [SheetOut("Đại biểu", HEADS, rows)])
    return buffer.getvalue()


async def quiet() -> None:
    """Until those who print and send have done what the list before gave them to do: they share the process."""
    busy = 1.0
    while busy > 0.1:
        before = time.process_time()
        await asyncio.sleep(1)
        busy = time.process_time() - before


async def measured(count: int) -> tuple[float, float, float]:
    """Seconds to read and find the list, to bring it in with every row changed, and to look at it once more."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), http_port=0, _env_file=None)
        async with running(settings, SERVICES) as instance:
            made = await instance.bus.ask(scheduling.import_plan, scheduling.ImportPlan(plan=plan(1)), 120)
            ceremony = made.ceremony_id or ""
            first = await lists.find(instance.bus, ceremony, "a.xlsx", workbook(count, ""), Decided())
            await lists.commit(instance.bus, ceremony, first, Terms())
            content = workbook(count, "mới")
            await quiet()
            begun = time.perf_counter()
            listing = await lists.find(instance.bus, ceremony, "b.xlsx", content, Decided())
            read = time.perf_counter()
            brought = await lists.commit(instance.bus, ceremony, listing, Terms())
            done = time.perf_counter()
            if brought.outcome is None or brought.outcome.updated != count:
                raise RuntimeError(f"not every row was found again: {brought.outcome}")
            await quiet()
            again = time.perf_counter()
            await lists.check(instance.bus, ceremony, listing)
            checked = time.perf_counter()
    return read - begun, done - read, checked - again


def rows(count: int = 10_000) -> list[tuple[str, str, str, str]]:
    read, brought, checked = asyncio.run(measured(count))
    beside = f"{read:.2f} s to read the spreadsheet and find the list in it"
    return [
        (
            f"list of {count:,} rows matched against {count:,} present, all changed, committed",
            f"{brought:.2f} s",
            beside,
            f"{brought / read:.1f} ×",
        ),
        (
            "the same list looked at again: nothing would change",
            f"{checked:.2f} s",
            beside,
            f"{checked / read:.1f} ×",
        ),
    ]

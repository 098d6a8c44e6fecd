"""A list of 10,000 guests brought into a list of 10,000, from the spreadsheet on; beside the reading of it alone.

Seconds of the processor, with those of the child that reads the file: what else runs on the machine does not count.
"""

import asyncio
import os
import tempfile
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


def busy() -> float:
    """Seconds of the processor so far, with those of the children that ended."""
    return sum(os.times()[:4])


async def quiet() -> None:
    """Until those who print and send have done what the list before gave them to do: they share the process."""
    used = 1.0
    while used > 0.1:
        before = busy()
        await asyncio.sleep(1)
        used = busy() - before


async def measured(count: int) -> tuple[float, float, float]:
    """Seconds to read and find the list, to check it, and to bring it in with every row changed."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), http_port=0, _env_file=None)
        async with running(settings, SERVICES) as instance:
            made = await instance.bus.ask(scheduling.import_plan, scheduling.ImportPlan(plan=plan(1)), 120)
            ceremony = made.ceremony_id or ""
            first = await lists.find(instance.bus, ceremony, "a.xlsx", workbook(count, ""), Decided())
            await lists.commit(instance.bus, ceremony, first, Terms())
            content = workbook(count, "mới")
            await quiet()
            begun = busy()
            listing = await lists.find(instance.bus, ceremony, "b.xlsx", content, Decided())
            read = busy()
            await lists.check(instance.bus, ceremony, listing)
            checked = busy()
            brought = await lists.commit(instance.bus, ceremony, listing, Terms())
            done = busy()
            if brought.outcome is None or brought.outcome.updated != count:
                raise RuntimeError(f"not every row was found again: {brought.outcome}")
    return read - begun, checked - read, done - checked


def rows(count: int = 10_000) -> list[tuple[str, str, str, str]]:
    read, checked, brought = asyncio.run(measured(count))
    beside = f"{read:.2f} s to read the spreadsheet and find the list in it"
    both = checked + brought
    return [
        (
            f"list of {count:,} rows checked, matched against {count:,} present, all changed, committed",
            f"{both:.2f} s of the processor",
            beside,
            f"{both / read:.1f} ×",
        ),
        (
            "of that the check alone, by which nothing changes",
            f"{checked:.2f} s of the processor",
            beside,
            f"{checked / read:.1f} ×",
        ),
    ]

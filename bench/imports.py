"""Import of a plan of 10,000 guests, beside the bare minimum: the same rows written to SQLite in one transaction."""

import asyncio
import sqlite3
import tempfile
import time
from datetime import date
from pathlib import Path

from schemas import scheduling
from schemas.guests import GuestsPlan, PersonFields, PlannedGuest, Post
from schemas.house import SERVICES
from services.__main__ import running
from services.kit.settings import Settings

FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ")
MIDDLES = ("Văn", "Thị", "Hữu", "Đức", "Minh", "Ngọc", "Quang", "Thanh", "Xuân", "Gia")
GIVEN = ("An", "Bình", "Chi", "Dũng", "Hà", "Hiếu", "Hiểu", "Khánh", "Lan", "Út")


def plan(count: int) -> scheduling.Plan:
    """Fictitious people of a fictitious province, each with a post that the profile places."""
    guests = tuple(
        PlannedGuest(
            ref=f"guests:{number}",
            code=f"K{number:05}",
            person=PersonFields(
                name=f"{FAMILIES[number % 10]} {MIDDLES[number // 10 % 10]} {GIVEN[number // 100 % 10]}",
                email=f"khach{number}@example.org",
                posts=(Post(title="Chủ tịch UBND xã", organisation=f"UBND xã Thử Nghiệm {number}"),),
            ),
        )
        for number in range(count)
    )
    ceremony = scheduling.CeremonyFields(title="Lễ thử", on=date(2024, 7, 1))
    return scheduling.Plan(
        scheduling=scheduling.SchedulingPlan(code="le-thu", ceremony=ceremony), guests=GuestsPlan(guests=guests)
    )


def bare(whole: scheduling.Plan) -> float:
    """Seconds for nothing but the rows, in one transaction of the same kind."""
    with tempfile.TemporaryDirectory() as folder:
        db = sqlite3.connect(Path(folder, "bare.db"), isolation_level=None)
        db.execute("pragma journal_mode=wal")
        db.execute("pragma synchronous=full")
        db.execute("create table guest (code text primary key, body text)")
        rows = [(guest.code, guest.model_dump_json()) for guest in whole.guests.guests]
        begun = time.perf_counter()
        db.execute("begin immediate")
        db.executemany("insert into guest values (?, ?)", rows)
        db.execute("commit")
        took = time.perf_counter() - begun
        db.close()
    return took


async def ours(whole: scheduling.Plan) -> tuple[float, float]:
    """Seconds for the first import, and for the same again, which changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), http_port=0, _env_file=None)
        async with running(settings, SERVICES) as instance:
            times = []
            for _ in range(2):
                begun = time.perf_counter()
                await instance.bus.ask(scheduling.import_plan, scheduling.ImportPlan(plan=whole), 120)
                times.append(time.perf_counter() - begun)
    return times[0], times[1]


def rows(count: int = 10_000) -> list[tuple[str, str, str, str]]:
    whole = plan(count)
    least = bare(whole)
    first, again = asyncio.run(ours(whole))
    beside = f"{least:.2f} s for the bare rows in SQLite"
    return [
        (
            f"import of {count:,} guests: checked, ranked, committed",
            f"{first:.2f} s",
            beside,
            f"{first / least:.0f} ×",
        ),
        (
            "the same import again: nothing changes",
            f"{again:.2f} s",
            f"{first:.2f} s the first time",
            f"{again / first:.2f} ×",
        ),
    ]

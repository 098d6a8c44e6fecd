"""A list of 3,000 guests as tables and the palette ask for it, and pages of documents as pictures.

Asked of a server in a process of its own, over NATS and over HTTP. Beside it stand the whole list read and ranked
anew, and poppler drawing the same page in a process of its own.
"""

import asyncio
import statistics
import subprocess
import tempfile
import time
from base64 import b64decode
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx

from bench.imports import plan
from schemas import guests, program, scheduling
from schemas.envelope import Caller
from schemas.guests import GuestFields, GuestsPlan, ListGuests, PersonFields, Post, SearchGuests
from schemas.program import Document, ListDocuments, ReadPicture
from services.__main__ import reach
from services.guests import questions, service
from services.kit.bus import Bus
from services.kit.context import work_for
from services.kit.settings import Settings
from services.kit.store import Store
from tests.browser.site import Site

TIMES = 60
TYPED = ("nguyen van", "thử nghiệm 12", "hieu ubnd", "K0012", "q")
POSTS = ("Bí thư Tỉnh ủy", "Phó Chủ tịch HĐND tỉnh", "Giám đốc Công an tỉnh", "Chủ tịch UBND xã", "Trưởng Công an xã")
Row = tuple[str, str, str, str]
NEW = GuestFields(person=PersonFields(name="Trần Văn Thêm", posts=(Post(title="Chủ tịch UBND xã"),)))


def crowd(code: str, count: int) -> scheduling.Plan:
    """As many people with posts of all levels."""
    whole = plan(count)
    mixed = tuple(
        guest.model_copy(update={"person": guest.person and guest.person.model_copy(update={"posts": posts(n)})})
        for n, guest in enumerate(whole.guests.guests)
    )
    own = whole.scheduling.model_copy(update={"code": code})
    return whole.model_copy(update={"scheduling": own, "guests": GuestsPlan(guests=mixed)})


def posts(n: int) -> tuple[Post, ...]:
    return (Post(title=POSTS[n % len(POSTS)], organisation=f"Thử Nghiệm {n % 63}"),)


async def timed(work: Callable[[int], Awaitable[object]], times: int = TIMES) -> list[float]:
    """Milliseconds, after one that warms up."""
    await work(0)
    took = []
    for number in range(times):
        begun = time.perf_counter()
        await work(number)
        took.append((time.perf_counter() - begun) * 1000)
    return took


def p95(took: list[float]) -> float:
    return sorted(took)[round(len(took) * 0.95) - 1]


def spread(took: list[float]) -> str:
    return f"{statistics.median(took):.0f} / {p95(took):.0f} ms"


class House:
    """A server with one ceremony of 3,000 guests, then with twenty of 500 beside it; asked over its NATS."""

    def __init__(self, bus: Bus, folder: Path) -> None:
        self.bus, self.folder = bus, folder

    async def fill(self) -> None:
        """And wait until its papers are printed: nothing else is under way."""
        self.large = await self._import(crowd("lon", 3000))
        await self.programme()

    async def fill_up(self) -> None:
        for number in range(20):
            await self._import(crowd(f"nho-{number}", 500))

    async def programme(self) -> Document:
        while True:
            found = await self.bus.ask(program.list_documents, ListDocuments(ceremony_id=self.large), 30)
            if found.complete:
                return found.documents[0]
            await asyncio.sleep(1)

    async def _import(self, whole: scheduling.Plan) -> str:
        outcome = await self.bus.ask(scheduling.import_plan, scheduling.ImportPlan(plan=whole), 180)
        return outcome.ceremony_id or ""

    async def page(self, typed: str | None = None) -> guests.GuestPage:
        return await self.bus.ask(guests.list_guests, ListGuests(ceremony_id=self.large, filter=typed), 30)

    async def filtered(self, number: int) -> object:
        return await self.page(TYPED[number % len(TYPED)])

    async def unfiltered(self, _number: int) -> object:
        return await self.page()

    async def add(self, _number: int) -> object:
        return await self.bus.ask(guests.add_guest, guests.AddGuest(ceremony_id=self.large, guest=NEW), 30)

    async def after_a_change(self) -> list[float]:
        """Of the first page after each of several changes, by people who each see the others'."""
        took = []
        for number in range(TIMES // 3):
            await self.add(number)
            took += (await timed_once(self.filtered, number),)
        return took

    async def search(self, number: int) -> object:
        return await self.bus.ask(guests.search, SearchGuests(text=TYPED[number % len(TYPED)]), 30)

    def anew(self) -> float:
        """Milliseconds for a page where the whole list has to be read and ranked."""
        store = Store(f"sqlite:///{self.folder}/guests.db", "guests", Settings(_env_file=None).now())
        store.open(Path(service.__file__).parent / "migrations")
        work_for(Caller(office="office", auth="system"))
        with store.read() as conn:
            begun = time.perf_counter()
            questions.list_guests(conn, ListGuests(ceremony_id=self.large))
            took = (time.perf_counter() - begun) * 1000
        store.close()
        return took


async def timed_once(work: Callable[[int], Awaitable[object]], number: int) -> float:
    begun = time.perf_counter()
    await work(number)
    return (time.perf_counter() - begun) * 1000


def over_http(client: httpx.Client) -> list[float]:
    took = []
    for number in range(TIMES):
        begun = time.perf_counter()
        answer = client.get("/api/v1/ceremonies/lon/guests", params={"filter": TYPED[number % len(TYPED)]})
        answer.raise_for_status()
        took.append((time.perf_counter() - begun) * 1000)
    return took


# Pictures of pages.


async def pictures(house: House) -> tuple[list[float], list[float], float]:
    """Milliseconds for pages drawn, for the same again, and for poppler's drawing of one."""
    paper = await house.programme()

    async def look(number: int) -> Any:
        question = ReadPicture(ceremony_id=house.large, content=paper.content or "", width=400 + number)
        return await house.bus.ask(program.read_picture, question, 60)

    drawn, again = await timed(look, 20), await timed(look, 20)
    return drawn, again, await asyncio.to_thread(poppler, await pdf(house, paper))


async def pdf(house: House, paper: Document) -> bytes:
    question = program.ReadContent(ceremony_id=house.large, content=paper.content or "", limit=4194304)
    return b64decode((await house.bus.ask(program.read_content, question, 30)).base64)


def poppler(content: bytes) -> float:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "page.pdf")
        file.write_bytes(content)
        command = ["pdftoppm", "-png", "-f", "1", "-l", "1", "-scale-to-x", "400", "-scale-to-y", "-1", str(file)]
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return (time.perf_counter() - begun) * 1000


async def measure(site: Site) -> list[Row]:
    settings = Settings(data_dir=site.folder, _env_file=None)
    async with reach(settings) as instance:
        house = House(instance.bus, site.folder)
        await house.fill()
        anew = await asyncio.to_thread(house.anew)
        beside = f"{anew:.0f} ms with the whole list read and ranked anew"
        rows = [
            row("a page of 3,000 guests, over NATS, p50 / p95", await timed(house.unfiltered), beside, anew),
            row("the same, filtered as one types", await timed(house.filtered), beside, anew),
            row("the same, right after a guest was added", await house.after_a_change(), beside, anew),
        ]
        with site.client() as client:
            rows.append(row("the same, over HTTP", await asyncio.to_thread(over_http, client), beside, anew))
        rows.append(row("a guest added to them", await timed(house.add, 20), "–"))
        drawn, again, theirs = await pictures(house)
        said = f"{theirs:.0f} ms pdftoppm in a process of its own"
        rows.append(row("a page of A4 as a picture of 400 pixels, drawn", drawn, said, theirs))
        rows.append(row("the same, kept", again, said, theirs))
        await house.fill_up()
        searched = "guests searched over 21 ceremonies with 13,000, while the papers of 20 are printed"
        rows.append(row(searched, await timed(house.search), "–"))
    return rows


def row(what: str, took: list[float], beside: str, theirs: float = 0) -> Row:
    ratio = theirs / statistics.median(took)
    said = "–" if not theirs else f"{ratio:.1f} × faster" if ratio >= 1 else f"{1 / ratio:.1f} × slower"
    return what, spread(took), beside, said


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder), {"KHAIMAC_RENDER_WORKERS": "1"})
        site.start()
        try:
            site.cookies = site.set_up()
            return asyncio.run(measure(site))
        finally:
            site.stop()

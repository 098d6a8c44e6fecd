"""The console with one ceremony of 3,000 guests and 300 items: the server's time, the wire, from click to paint.

Beside it stand pretix 2026.8.0 (PostgreSQL) and pretalx 2025.2.2 (SQLite), with as many people and sessions: measured
on the same kind of machine, not in this run.
"""

import csv
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import BrowserContext, CDPSession, Page, sync_playwright

from bench.imports import FAMILIES, GIVEN, MIDDLES
from tests.browser.conftest import CHROMIUM
from tests.browser.site import Site

CODE = "le-lon"
AT = f"/ceremonies/{CODE}"
TIMES = 20
PAGES = (
    "/",
    AT,
    f"{AT}/order",
    f"{AT}/guests",
    f"{AT}/awards",
    f"{AT}/documents",
    f"{AT}/invitations",
    f"{AT}/releases",
)
CEREMONY = f"code: {CODE}\ntitle: Lễ lớn để đo\nlevel: tỉnh\nhost: UBND tỉnh\ndate: 2027-07-01\nstart: 07:00\n"
Row = tuple[str, str, str, str]


def sheet(heads: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> bytes:
    written = StringIO()
    csv.writer(written).writerows([heads, *rows])
    return written.getvalue().encode()


def guests(count: int) -> bytes:
    heads = ("Mã", "Họ và tên", "Chức vụ", "Đơn vị", "Email", "Đoàn")
    return sheet(
        heads, ((f"K{n:05}", name(n), *post(n), f"khach{n}@example.org", f"Đoàn {n % 40}") for n in range(count))
    )


def name(n: int) -> str:
    return f"{FAMILIES[n % 10]} {MIDDLES[n // 10 % 10]} {GIVEN[n // 100 % 10]}"


def post(n: int) -> tuple[str, str]:
    return "Chủ tịch UBND xã", f"UBND xã Thử Nghiệm {n}"


def items(count: int) -> bytes:
    heads = ("TT", "Mã", "Nội dung", "Thời lượng (phút)", "Người phát biểu", "Phụ trách", "Lời dẫn", "Ghi chú")
    words = "Kính mời quý vị đại biểu cùng toàn thể các đồng chí tham dự buổi lễ hướng về lễ đài."
    rows = (
        (n, f"m{n}", f"Phần việc số {n} của buổi lễ", 2, f"K{n:05}", "Ban Tổ chức", words, "")
        for n in range(1, count + 1)
    )
    return sheet(heads, rows)


def awards(count: int, parts: int) -> bytes:
    heads = ("Mã", "Hình thức khen thưởng", "Họ và tên / Tập thể", "Thành tích", "Mục chương trình")
    rows = (
        (f"t{n}", "Giấy khen", name(n * 7), "Hoàn thành xuất sắc nhiệm vụ", f"m{n % parts + 1}") for n in range(count)
    )
    return sheet(heads, rows)


@contextmanager
def house(people: int = 3000, parts: int = 300) -> Iterator[Site]:
    """In a process of its own, with the drafts of all papers made: nothing else is under way."""
    files = {"ceremony.yaml": CEREMONY.encode(), "guests.csv": guests(people), "running-order.csv": items(parts)}
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder))
        site.start()
        try:
            site.cookies = site.set_up()
            with site.client() as client:
                client.timeout = httpx.Timeout(300)
                sent = [("files", one) for one in (files | {"awards.csv": awards(200, parts)}).items()]
                client.post("/api/v1/plans", files=sent).raise_for_status()
                quiet(client)
            yield site
        finally:
            site.stop()


def quiet(client: httpx.Client) -> None:
    while not client.get(f"/api/v1/ceremonies/{CODE}/documents").raise_for_status().json()["complete"]:
        time.sleep(2)


# The server's time.


def took(client: httpx.Client, address: str, *, part: bool = False) -> list[float]:
    """Milliseconds from asking to the last octet, one request after the other, on one connection."""
    headers = {"HX-Request": "true"} if part else {}
    client.get(address, headers=headers).raise_for_status()
    return [timed(lambda: client.get(address, headers=headers).raise_for_status()) for _ in range(TIMES)]


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def spread(times: list[float]) -> str:
    """p50 / p95."""
    return f"{statistics.median(times):.0f} / {sorted(times)[round(len(times) * 0.95) - 1]:.0f} ms"


def ahead(times: list[float], theirs: float) -> str:
    ratio = theirs / statistics.median(times)
    return f"{ratio:.1f} × faster" if ratio >= 1 else f"{1 / ratio:.1f} × slower"


def of_the_server(site: Site) -> list[Row]:
    with site.client() as client:
        client.headers["Accept-Encoding"] = "gzip"
        pages = {path: took(client, path) for path in PAGES}
        filters = [took(client, f"{AT}/guests?q={q}", part=True) for q in ("nguyen van hieu", "thu nghiem 2", "q")]
        within = took(client, f"{AT}/order?q=so 12", part=True)
        palette = took(client, f"/palette?q=nguyen van h&ceremony={CODE}", part=True)
    names, order = [one for each in filters for one in each], pages[f"{AT}/order"]
    listed = pages[f"{AT}/guests"]
    slowest = max(
        (path for path in PAGES if path not in {f"{AT}/guests", f"{AT}/order"}),
        key=lambda path: statistics.median(pages[path]),
    )
    return [
        ("page of 3,000 guests, p50 / p95", spread(listed), "pretix: 111 / 130 ms", ahead(listed, 111)),
        ("guests filtered as one types", spread(names), "pretix, search by name: 120–135 ms", ahead(names, 127)),
        ("running order of 300 items", spread(order), "pretalx, schedule page: 29 / 39 ms", ahead(order, 29)),
        ("running order filtered as one types", spread(within), "–", "–"),
        ("palette (Ctrl+K)", spread(palette), "–", "–"),
        (f"slowest other page ({slowest})", spread(pages[slowest]), "–", "–"),
    ]


# The wire and the eye.


@contextmanager
def browser(site: Site) -> Iterator[Callable[..., BrowserContext]]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])

        def new(cookies: dict[str, str] | None = None) -> BrowserContext:
            """Of the owner, or of whose session it is."""
            context = chromium.new_context(
                locale="vi-VN", viewport={"width": 1280, "height": 800}, base_url=site.address
            )
            context.add_cookies(
                [
                    {"name": key, "value": value, "url": site.address}
                    for key, value in (cookies or site.cookies).items()
                ]
            )
            return context

        yield new
        chromium.close()


def weight(wire: CDPSession, page: Page, address: str) -> int:
    """Octets on the wire, heads and fonts and what the page fetches afterwards included."""
    sizes: list[int] = []

    def count(event: dict[str, Any]) -> None:
        sizes.append(event["encodedDataLength"])

    wire.on("Network.loadingFinished", count)
    page.goto(address)
    page.wait_for_timeout(1500)
    wire.remove_listener("Network.loadingFinished", count)
    return sum(sizes)


def of_the_wire(new: Callable[[], BrowserContext]) -> list[Row]:
    first, following = {}, {}
    for path in (f"{AT}/order", f"{AT}/guests", "/"):
        context = new()
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        first[path] = weight(wire, page, path)
        following[path] = weight(wire, page, f"{AT}/guests" if path != f"{AT}/guests" else f"{AT}/order")
        context.close()
    most, then = max(first.values()), max(following.values())
    beside = "pretix: 1,978 kB, pretalx: 810 kB"
    return [
        (
            "first load, nothing cached, the heaviest of three pages",
            f"{most / 1000:.0f} kB",
            beside,
            f"{810_000 / most:.1f} × lighter",
        ),
        ("next page, the heavier of guests and running order", f"{then / 1000:.0f} kB", "–", "–"),
    ]


# Event Timing gives from the input to the next paint, in steps of 8 ms.
WATCH = """window.painted = [];
new PerformanceObserver((list) => window.painted.push(...list.getEntries()
  .filter((one) => one.interactionId && one.name === "click").map((one) => one.duration)))
  .observe({type: "event", durationThreshold: 16, buffered: true});"""
LEFT = """addEventListener("click", (event) => sessionStorage.setItem("left",
  performance.timeOrigin + event.timeStamp), true);"""
ARRIVED = """() => new Promise((go) => new PerformanceObserver((list) => {
  const paint = list.getEntries().find((one) => one.name === "first-contentful-paint");
  if (paint) go(performance.timeOrigin + paint.startTime - sessionStorage.getItem("left"));
}).observe({type: "paint", buffered: true}))"""


def of_the_eye(new: Callable[[], BrowserContext]) -> list[Row]:
    context = new()
    context.add_init_script(LEFT)
    page = context.new_page()
    page.goto(f"{AT}/order")
    page.wait_for_selector("[data-grid][role=grid]")
    edited = edit(page)
    arrived = [travel(page) for _ in range(TIMES)]
    context.close()
    return [
        ("running order: from click to the painted editor of a cell", spread(edited), "–", "–"),
        (
            "from click on “Running order” to its first paint",
            spread(arrived),
            "pretalx, editor loaded: 935 ms",
            ahead(arrived, 935),
        ),
    ]


def edit(page: Page) -> list[float]:
    """Cells of kind “area” open their editor with the second click; durations below 16 ms are told as 16."""
    page.evaluate(WATCH)
    for n in range(TIMES):
        cell = page.locator('td[data-field="note"]').nth(n)
        cell.click()
        cell.click()
        page.locator("td .editor").wait_for()
        page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    seen: list[float] = page.evaluate("window.painted")
    return seen + [16.0] * (2 * TIMES - len(seen))


def travel(page: Page) -> float:
    page.goto(AT)
    page.locator("nav a[href$='/order']").click()
    page.wait_for_url("**/order")
    gone: float = page.evaluate(ARRIVED)
    return gone


def rows(people: int = 3000, parts: int = 300) -> list[Row]:
    with house(people, parts) as site:
        server = of_the_server(site)
        with browser(site) as new:
            return [*server, *of_the_wire(new), *of_the_eye(new)]

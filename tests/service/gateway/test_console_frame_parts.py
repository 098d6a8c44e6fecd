"""What pages are made of: files with lasting addresses, words by language, colours that can be read."""

import gzip
import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import httpx
import pytest
from fastapi import FastAPI

from schemas.envelope import Caller
from services.gateway.console import static
from services.gateway.console.wording import wording
from services.gateway.problems import answer_problems
from services.kit.context import work_for

NOW = datetime(2024, 6, 20, 8, 0, tzinfo=UTC)
VI, EN = wording("vi", NOW), wording("en", NOW)


# Files.


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(static.router)
    answer_problems(app)
    work_for(Caller(office="office"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        yield client


@pytest.mark.anyio
async def test_file_lasts_at_its_address_and_nowhere_else(client: httpx.AsyncClient) -> None:
    address = static.address("console.css")
    assert re.fullmatch(r"/static/[0-9a-f]{16}/console\.css", address)
    here, before = await client.get(address), await client.get("/static/0123456789abcdef/console.css")
    assert here.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (before.status_code, before.headers["cache-control"], before.text) == (200, "no-cache", here.text)
    for path in ("nothing.js", "%2e%2e/README.md", "js/console.js"):
        assert (await client.get(f"/static/{static.edition()}/{path}")).status_code == 404


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("accepts", "pressed"),
    [("gzip", True), ("br, gzip;q=0.5", True), ("*", True), ("gzip;q=0", False), ("br", False), ("", False)],
)
async def test_file_is_pressed_for_whoever_takes_it(
    client: httpx.AsyncClient, accepts: str, *, pressed: bool
) -> None:
    async with client.stream("GET", static.address("htmx.js"), headers={"Accept-Encoding": accepts}) as answer:
        raw = b"".join([piece async for piece in answer.aiter_raw()])
    assert (answer.headers.get("content-encoding"), answer.headers["vary"]) == (
        "gzip" if pressed else None,
        "Accept-Encoding",
    )
    assert b"htmx" in (gzip.decompress(raw) if pressed else raw)


@pytest.mark.anyio
async def test_fonts_are_sent_as_they_are(client: httpx.AsyncClient) -> None:
    font = await client.get(static.address("vietnamese-400.woff2"), headers={"Accept-Encoding": "gzip"})
    assert (font.headers["content-type"], "content-encoding" in font.headers) == ("font/woff2", False)
    assert font.content.startswith(b"wOF2")


def test_files_name_only_files_that_are_there() -> None:
    for name, asset in static.assets().items():
        if name in {"htmx.js", "sortable.js"} or asset.pressed is None:
            continue
        text = asset.body.decode()
        named = re.findall(r'url\(([^)]+)\)|(?:from|import|import\()\s*"\./([^"]+)"|: "\./([^"]+\.js)"', text)
        assert {one for each in named for one in each if one} <= set(static.assets()), name
        assert re.findall(r"https?://(?!www\.w3\.org)", text) == [], name


def test_unknown_file_is_a_mistake_of_the_template() -> None:
    with pytest.raises(KeyError):
        static.address("nothing.js")


# Words.


def plain(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html)


def test_days_and_hours_are_said_by_language() -> None:
    on, at = date(2024, 7, 1), datetime(2024, 6, 28, 9, 41, tzinfo=UTC)
    said = [
        [plain(one) for one in (words.day(on), words.day_short(on), words.clock(time(8, 5)))] for words in (VI, EN)
    ]
    assert said == [
        ["Thứ Hai, ngày 1 tháng 7 năm 2024", "1/7/2024", "08:05"],
        ["Monday, 1 July 2024", "01/07/2024", "08:05"],
    ]
    assert VI.moment(at) == '<time datetime="2024-06-28T09:41:00+00:00">16:41 28/6/2024</time>'
    assert EN.moment(at, "Europe/London") == '<time datetime="2024-06-28T09:41:00+00:00">28/06/2024, 10:41</time>'


@pytest.mark.parametrize(
    ("since", "vietnamese", "english"),
    [
        (timedelta(seconds=10), "vừa xong", "just now"),
        (timedelta(minutes=3), "3 phút trước", "3 minutes ago"),
        (timedelta(hours=-2), "sau 2 giờ nữa", "in 2 hours"),
        (timedelta(days=4), "4 ngày trước", "4 days ago"),
    ],
)
def test_how_long_ago_is_said_by_language(since: timedelta, vietnamese: str, english: str) -> None:
    assert [plain(words.ago(NOW - since)) for words in (VI, EN)] == [vietnamese, english]


def test_what_is_unknown_prints_as_its_sign() -> None:
    nothing = [VI.day(None), VI.day_short(None), VI.clock(None), VI.moment(None), VI.ago(None), VI.number(None)]
    assert {*nothing, VI.listed([])} == {"—"}


def test_numbers_and_lists_are_said_by_language() -> None:
    assert [words.number(1234567.5) for words in (VI, EN)] == ["1.234.567,5", "1,234,567.5"]
    assert [words.listed(["A", "B", "C"]) for words in (VI, EN)] == ["A, B và C", "A, B and C"]


# Colours: WCAG 2.2, 1.4.3 and 1.4.11.

TOKENS = (static.FOLDER / "css" / "1-tokens.css").read_text("utf-8")
GROUNDS = ("ground", "surface", "sunk", "hover", "chosen")
STATES = ("good", "info", "warn", "bad")
TEXT = [
    *product(("ink", "soft", "faint", "link"), GROUNDS),
    *product(STATES, ("ground", "surface", "hover")),
    *((state, f"{state}-ground") for state in STATES),
    *product(("ink", "soft"), [f"{state}-ground" for state in STATES]),
    ("on-red", "red"),
    ("on-red", "red-deep"),
]
SHAPES = [*product(("edge",), ("ground", "surface", "sunk")), *product(("focus",), GROUNDS)]


def colour(name: str, theme: int) -> tuple[float, ...]:
    found = re.findall(rf"--{name}: (?:light-dark\((#\w{{6}}), (#\w{{6}})\)|(#\w{{6}}));", TOKENS)
    assert len(found) == 1, name
    value = found[0][theme] or found[0][2]
    return tuple(int(value[at : at + 2], 16) / 255 for at in (1, 3, 5))


def luminance(rgb: tuple[float, ...]) -> float:
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str, theme: int) -> float:
    dark, light = sorted((luminance(colour(one, theme)), luminance(colour(other, theme))))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_letters_and_edges_stand_out_from_their_ground(theme: int) -> None:
    weak = [
        f"{one} on {ground}: {contrast(one, ground, theme):.2f}"
        for pairs, least in ((TEXT, 4.5), (SHAPES, 3.0))
        for one, ground in pairs
        if contrast(one, ground, theme) < least
    ]
    assert weak == []

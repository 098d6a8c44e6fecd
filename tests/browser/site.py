"""A whole Khai Mạc in a process of its own, as people start it, for a browser to open."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
PASSWORD = "bảy con ngựa trắng qua cầu"
OWNER = "an.mau@hoa-mai.example"


@dataclass
class Site:
    """`folder` holds its data; it may be stopped and started again, on the same address."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)
    address: str = ""
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
        self.address = json.loads(self.process.stdout.readline())["address"]

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

    def set_up(self) -> dict[str, str]:
        """The first owner, by the set-up link; the cookies of the session."""
        link = self.run("office", "link", "office")
        form = {
            "office_name": "Văn phòng UBND thành phố Hoa Mai",
            "name": "Lê Thị An Mẫu",
            "email": OWNER,
            "password": PASSWORD,
        }
        answer = httpx.post(link["link"], data=form, headers={"Accept-Language": "vi"})
        assert answer.status_code == 303, answer.text
        return dict(answer.cookies)

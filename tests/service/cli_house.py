"""The command as people type it, on a data folder of its own: in this process, or in one of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from services.__main__ import reach, serve_until_told
from services.cli.app import run_command
from services.kit.settings import Settings

ROOT = Path(__file__).parents[2]

CEREMONY = """\
code: le-ra-mat
title: Lễ ra mắt thử
kind: Lễ ra mắt
level: tỉnh
host: UBND tỉnh Thử Nghiệm
venue: {name: Hội trường A, unit: phường Một}
date: 8/7/2024
start: "8:00"
sample: true
"""
ORDER = """\
TT,Mã,Loại,Nội dung,Bắt đầu,Thời lượng (phút),Người phát biểu
1,khai-mac,Phát biểu,Khai mạc,8:00,10,Lê Thị Mẫu
"""
GUESTS = """\
Họ và tên,Chức vụ,Email
bà Lê Thị Mẫu,Chủ tịch UBND tỉnh Thử Nghiệm,mau@example.org
ông Trần Văn Hai,,
"""
AWARDS = """\
Hình thức khen thưởng,Người nhận,Mục chương trình
Quà,ông Trần Văn Hai,Khai mạc
"""


@dataclass(frozen=True, slots=True)
class House:
    """`folder` holds the data and is where commands are typed."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("KHAIMAC_", "LC_", "LANG"))}
        own = {"KHAIMAC_DATA_DIR": str(self.folder / "data"), "KHAIMAC_HTTP_PORT": "0", "KHAIMAC_LOG_LEVEL": "ERROR"}
        return kept | own | self.env

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """As a process of its own."""
        command = [sys.executable, "-m", "services", *arguments]
        pipe, env = subprocess.PIPE, self.environment()
        return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=env, cwd=self.folder)

    def run(self, *arguments: str, code: int = 0) -> tuple[str, str]:
        """As a process of its own, until it has ended with this code."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=240)
        assert (process.returncode, "Traceback" in err) == (code, False), f"{process.returncode}\n{out}\n{err}"
        return out, err

    def say(self, *arguments: str, code: int = 0) -> tuple[str, str]:
        """What the command writes to standard output and standard error; here, for a process takes long to start."""
        out, err = StringIO(), StringIO()
        with (
            patch.dict(os.environ, self.environment(), clear=True),
            patch.object(sys, "argv", ["khaimac", *arguments]),
            chdir(self.folder),
            redirect_stdout(out),
            redirect_stderr(err),
            pytest.raises(SystemExit) as ended,
        ):
            run_command(Settings(_env_file=None), reach, serve_until_told, ROOT)
        assert ended.value.code == code, f"{out.getvalue()}\n{err.getvalue()}"
        return out.getvalue(), err.getvalue()

    def ask(self, *arguments: str, code: int = 0) -> Any:
        """The JSON of a command."""
        out, _ = self.say(*arguments, "--json", code=code)
        return json.loads(out)

    def plan(self, name: str = "plan", **files: str) -> Path:
        """A small plan folder; other texts for its files by their names without the ending."""
        folder = self.folder / name
        folder.mkdir()
        texts = {"ceremony": CEREMONY, "running_order": ORDER, "guests": GUESTS, "awards": AWARDS} | files
        for part, text in texts.items():
            ending = "yaml" if part == "ceremony" else "csv"
            (folder / f"{part.replace('_', '-')}.{ending}").write_text(text, encoding="utf-8")
        return folder


def names(folder: Path) -> Sequence[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())

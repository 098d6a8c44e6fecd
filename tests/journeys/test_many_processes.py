"""A process per service on PostgreSQL and NATS, started with the very commands of deploy/compose.yaml."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.kit.nats_server import nats_binary
from tests.chaos.installation import ROOT, Processes
from tests.servers import Postgres, free_port

pytestmark = pytest.mark.long
CAN_THO = ROOT / "examples" / "2024-07-01" / "can-tho"
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
SETTINGS = COMPOSE["x-service"]["environment"]


def commands() -> list[tuple[str, ...]]:
    """What the image runs, for each of our services in the compose file."""
    ours = [service for service in COMPOSE["services"].values() if service.get("image") == "khaimac"]
    return [(sys.executable, "-m", "services", *service["command"]) for service in ours]


@pytest.fixture
def processes(tmp_path: Path, postgres: Postgres) -> Iterator[Processes]:
    port = free_port()
    values = {
        "KHAIMAC_DATABASE_URL": postgres.new_database(),
        "KHAIMAC_NATS_URL": f"nats://token@127.0.0.1:{port}",
        "KHAIMAC_OFFICE": "office",
        "KHAIMAC_LOG_FORMAT": "json",
    }
    assert set(values) == set(SETTINGS)  # what the compose file sets, and nothing that it does not
    store = {"KHAIMAC_NATS_TOKEN": "token", "KHAIMAC_NATS_STORE": str(tmp_path / "nats"), "HOSTNAME": "nats"}
    processes = Processes({**values, **store, "KHAIMAC_DATA_DIR": str(tmp_path)})
    conf = str(ROOT / "deploy" / "nats.conf")
    processes.start((nats_binary(), "-c", conf, "-a", "127.0.0.1", "-p", str(port), "-l", str(tmp_path / "log")))
    for command in commands():
        processes.start(command)
    yield processes
    processes.stop()


def khaimac(processes: Processes, *words: str) -> Any:
    """A command as an operator types it, beside the running processes."""
    command = (sys.executable, "-m", "services", *words, "--json")
    done = subprocess.run(command, env=processes.env, cwd=ROOT, capture_output=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_ceremony_goes_through_all_processes(processes: Processes, tmp_path: Path) -> None:
    assert len(commands()) == 7
    khaimac(processes, "plan", "import", str(CAN_THO))
    assert khaimac(processes, "plan", "import", str(CAN_THO))["unchanged"]
    khaimac(processes, "release", "2024-07-01-can-tho")
    khaimac(processes, "documents", "2024-07-01-can-tho", "--out", str(tmp_path / "papers"))
    khaimac(processes, "invites", "2024-07-01-can-tho", "--out", str(tmp_path / "cards"))

    papers = sorted(path.suffix for path in (tmp_path / "papers").iterdir() if path.is_file())
    assert papers == [".pdf"] * 6
    cards = [path.name for path in (tmp_path / "cards").rglob("*.ics")]
    assert len(cards) == 7  # six guests and the agenda
    assert all(process.poll() is None for process in processes.running.values())
    assert os.listdir(tmp_path / "nats")  # noqa: PTH208 - the store of JetStream lies where the file says

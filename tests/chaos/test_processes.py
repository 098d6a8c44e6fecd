"""The application as processes of a machine: one per folder, ended in good order, its child never left behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.installation import ROOT, Client, Processes, instance
from tests.toys import Count, GetCount, count, get_count

pytestmark = [pytest.mark.anyio, pytest.mark.long]
TOYS = (sys.executable, "-m", "tests.chaos.process", "scheduling", "dispatch")


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    processes = Processes({"KHAIMAC_DATA_DIR": str(tmp_path)})
    yield processes
    processes.stop()


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def announced(folder: Path, pid: int) -> dict[str, int]:
    for _ in range(600):
        if (found := instance(folder)).get("pid") == pid:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("it did not start in half a minute")


async def test_second_server_on_a_folder_refuses_with_a_sentence(processes: Processes, tmp_path: Path) -> None:
    first = processes.start(TOYS)
    await announced(tmp_path, first.pid)

    second = await asyncio.to_thread(
        subprocess.run, TOYS, env=processes.env, cwd=ROOT, capture_output=True, timeout=30
    )

    assert second.returncode != 0
    told = second.stderr.decode()
    assert f"The data folder {tmp_path} is in use by a running Khai Mạc (process {first.pid})." in told
    assert first.poll() is None


async def test_nats_server_dies_with_its_killed_parent(processes: Processes, tmp_path: Path) -> None:
    parent = processes.start(TOYS)
    child = (await announced(tmp_path, parent.pid))["nats_pid"]
    assert alive(child)

    processes.kill(TOYS)

    for _ in range(100):
        if not alive(child):
            return
        await asyncio.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    raise AssertionError("nats-server was left behind")


async def test_sigterm_finishes_the_work_at_hand_and_ends_within_ten_seconds(
    processes: Processes, tmp_path: Path
) -> None:
    process = processes.start(TOYS)
    await announced(tmp_path, process.pid)
    client = Client(lambda: instance(tmp_path).get("url"))
    await client.insist(count, Count(id="c1"))
    asked = [asyncio.create_task(client.ask(count, Count(id="c1"))) for _ in range(50)]
    await asyncio.sleep(0.02)

    start = time.monotonic()
    process.terminate()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    code = await asyncio.to_thread(process.wait, 12)

    assert (code, time.monotonic() - start < 10) == (0, True)
    await client.close()
    answered = sum(not isinstance(answer, BaseException) for answer in answers)
    processes.start(TOYS)
    version = (await client.insist(get_count, GetCount(id="c1"))).version
    await client.close()
    assert version >= 1 + answered  # whatever was answered is there
    assert answered > 0

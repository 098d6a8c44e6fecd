"""Processes and nats-server killed with -9 at random while commands go on: nothing lost, nothing done twice."""

import asyncio
import contextlib
import os
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.kit.nats_server import nats_binary
from tests.chaos.installation import ROOT, Client, Processes, instance
from tests.servers import Postgres, free_port
from tests.toys import Count, GetCount, GetHeard, count, get_count, get_heard

pytestmark = [pytest.mark.anyio, pytest.mark.long]
COMMANDS, KILLS = 500, 22
TOKEN = "a-token-for-this-test"


def python(*names: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "tests.chaos.process", *names)


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[tuple[Processes, Callable[[], None], Client]]:
    """One process on SQLite with its embedded server; the monkey takes the process, or only the server."""
    processes = Processes({"KHAIMAC_DATA_DIR": str(tmp_path)})
    command = python("scheduling", "dispatch")
    processes.start(command)

    def monkey() -> None:
        if random.random() < 0.3 and (pid := instance(tmp_path).get("nats_pid")):  # noqa: S311 - chaos, not secrets
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, 9)
        else:
            processes.kill(command)
            processes.start(command)

    yield processes, monkey, Client(lambda: instance(tmp_path).get("url"))
    processes.stop()


@pytest.fixture
def apart(tmp_path: Path, postgres: Postgres) -> Iterator[tuple[Processes, Callable[[], None], Client]]:
    """A process per service on PostgreSQL, and nats-server with the configuration file of deploy/."""
    port = free_port()
    url = f"nats://{TOKEN}@127.0.0.1:{port}"
    database = postgres.new_database()
    env = {
        "KHAIMAC_NATS_URL": url,
        "KHAIMAC_DATABASE_URL": database,
        "KHAIMAC_NATS_TOKEN": TOKEN,
        "HOSTNAME": "nats",
        "KHAIMAC_NATS_STORE": str(tmp_path / "nats"),
    }
    processes = Processes({**env, "KHAIMAC_DATA_DIR": str(tmp_path)})
    conf = str(ROOT / "deploy" / "nats.conf")
    nats = (
        nats_binary(),
        "-c",
        conf,
        "-a",
        "127.0.0.1",
        "-p",
        str(port),
        "-l",
        str(tmp_path / "log"),
    )
    commands = [nats, python("scheduling"), python("dispatch")]
    for command in commands:
        processes.start(command)

    def monkey() -> None:
        command = random.choice(commands)  # noqa: S311 - chaos, not secrets
        processes.kill(command)
        processes.start(command)

    yield processes, monkey, Client(lambda: url)
    processes.stop()


@pytest.mark.parametrize("installation", ["alone", "apart"])
async def test_nothing_is_lost_and_nothing_done_twice(installation: str, request: pytest.FixtureRequest) -> None:
    _, monkey, client = request.getfixturevalue(installation)
    await client.insist(count, Count(id="c1"))
    done = asyncio.Event()

    async def kill() -> None:
        for _ in range(KILLS):
            await asyncio.sleep(random.uniform(0.6, 2.4))  # noqa: S311 - chaos, not secrets
            await asyncio.to_thread(monkey)
        done.set()

    killer, sent = asyncio.create_task(kill()), 1
    while sent < COMMANDS or not done.is_set():
        version = (await client.insist(count, Count(id="c1", expected_version=sent))).version
        sent += 1
        assert version == sent
    await killer

    assert (await client.insist(get_count, GetCount(id="c1"))).version == sent
    await wait_for_effects(client, sent)
    await client.close()


async def wait_for_effects(client: Client, sent: int) -> None:
    """Every event had its effect once: as many as commands, each version once."""
    answer = None
    for _ in range(300):
        answer = await client.insist(get_heard, GetHeard())
        if len(answer.versions) >= sent:
            break
        await asyncio.sleep(0.2)
    assert answer is not None
    assert len(set(answer.events)) == len(answer.events)
    assert sorted(answer.versions) == list(range(1, sent + 1))

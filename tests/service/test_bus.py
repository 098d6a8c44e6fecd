"""Asking, answering, publishing and working off, through a real nats-server; both engines underneath."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import nats
import pytest
from nats.errors import Error as NatsError

from schemas.errors import Refusal, StaleVersion, Unavailable
from schemas.house import GetHealth, ListParked, RetryParked, health, list_parked, retry_parked
from services.kit import stream
from services.kit.bus import Bus
from services.kit.context import caller, work_for
from services.kit.nats_server import NatsServer
from services.kit.settings import Settings
from services.kit.store import Store
from tests.toys import Count, Counter, Echo, GetCount, GetHeard, Heard, Listener, count, echo, get_count, get_heard

pytestmark = pytest.mark.anyio


@pytest.fixture
def database_url(empty_url: str) -> str:
    return empty_url


@pytest.fixture
async def toys(
    bus: Bus, new_store: Callable[[str], Store], settings: Settings
) -> AsyncIterator[tuple[Counter, Listener]]:
    counter = Counter(new_store("scheduling"), bus, settings)
    listener = Listener(new_store("dispatch"), bus, settings)
    await counter.start()
    await listener.start()
    yield counter, listener
    await counter.stop()
    await listener.stop()


async def until(found: Callable[[], Awaitable[bool]], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not await found():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.05)


async def heard(bus: Bus, versions: list[int], seconds: float = 15) -> Heard:
    async def all_there() -> bool:
        return len((await bus.ask(get_heard, GetHeard())).versions) >= len(versions)

    await until(all_there, seconds)
    answer = await bus.ask(get_heard, GetHeard())
    assert list(answer.versions) == versions
    return answer


async def insist(bus: Bus, ask: Any, question: Any) -> Any:
    """As a person would: the same request again until it is answered."""
    for _ in range(200):
        try:
            return await bus.ask(ask, question)
        except Unavailable:
            await asyncio.sleep(0.05)
    raise AssertionError


async def test_event_reaches_the_other_service_in_order(bus: Bus, toys: tuple[Counter, Listener]) -> None:
    for _ in range(20):
        await bus.ask(count, Count(id="c1"))

    await heard(bus, list(range(1, 21)))


async def test_stale_version_is_a_conflict_that_says_both(bus: Bus, toys: tuple[Counter, Listener]) -> None:
    await bus.ask(count, Count(id="c1"))

    with pytest.raises(Refusal) as refused:
        await bus.ask(count, Count(id="c1", expected_version=0))

    wire = refused.value.on_wire()
    assert (wire.code, wire.status) == (StaleVersion().code, 409)
    assert wire.params == {"what": "c1", "expected": "0", "actual": "1"}


async def test_repeated_request_gets_the_first_answer_and_does_nothing(
    bus: Bus, toys: tuple[Counter, Listener]
) -> None:
    command = Count(id="c1")
    first = await bus.ask(count, command)
    second = await bus.ask(count, command)

    assert first == second
    assert (await bus.ask(get_count, GetCount(id="c1"))).version == 1
    await heard(bus, [1])


async def test_nobody_there_is_unavailable_at_once(bus: Bus) -> None:
    start = time.monotonic()
    with pytest.raises(Unavailable):
        await bus.ask(count, Count(id="c1"))
    assert time.monotonic() - start < 1


async def test_committed_events_flow_once_each_when_nats_is_back(
    bus: Bus, toys: tuple[Counter, Listener], nats_server: NatsServer, caller: Any
) -> None:
    counter, _ = toys
    await bus.ask(count, Count(id="c1"))
    os.kill(nats_server.pid or 0, 9)
    for _ in range(5):  # committed while NATS is away
        await counter.change(counter.commands[count], Count(id="c1"))

    await insist(bus, count, Count(id="c1"))

    await heard_after_loss(bus, list(range(1, 8)))


async def heard_after_loss(bus: Bus, versions: list[int]) -> None:
    """In whichever order: what was on its way when the server died is given out again after the rest."""

    async def all_there() -> bool:
        return len((await insist(bus, get_heard, GetHeard())).versions) >= len(versions)

    await until(all_there, 20)
    assert sorted((await insist(bus, get_heard, GetHeard())).versions) == versions


async def test_asking_while_nats_is_away_fails_within_a_second(bus: Bus, toys: Any, nats_server: NatsServer) -> None:
    await nats_server.stop()
    await asyncio.sleep(0.2)
    start = time.monotonic()
    with pytest.raises(Unavailable):
        await bus.ask(count, Count(id="c1"))
    assert time.monotonic() - start < 1


async def test_embedded_server_is_back_within_a_second_of_dying(bus: Bus, toys: Any, nats_server: NatsServer) -> None:
    before = nats_server.pid
    os.kill(before or 0, 9)
    start = time.monotonic()
    await insist(bus, count, Count(id="c1"))
    assert nats_server.pid != before
    assert time.monotonic() - start < 2  # a second for the server, and a slow machine


async def test_failing_event_is_parked_and_the_ones_behind_go_on(bus: Bus, toys: tuple[Counter, Listener]) -> None:
    _, listener = toys
    listener.refuse.add("bad")
    await bus.ask(count, Count(id="bad"))
    await bus.ask(count, Count(id="good"))

    await heard(bus, [1], 10)

    (parked,) = (await bus.ask(list_parked["dispatch"], ListParked())).parked
    assert (parked.subject, parked.type, parked.attempts) == ("bad", "scheduling.toy.counted.v1", 1)
    assert parked.reason.startswith("RuntimeError in on_counted:")
    assert "Nguyễn" not in parked.reason
    assert listener.attempts == 3  # at once, after 0.2 s, after 0.5 s: then the patience of 1.6 s is used up


async def test_parked_event_is_retried_on_demand(bus: Bus, toys: tuple[Counter, Listener]) -> None:
    _, listener = toys
    listener.refuse.add("bad")
    await bus.ask(count, Count(id="bad"))

    async def is_parked() -> bool:
        return (await bus.ask(health["dispatch"], GetHealth())).parked == 1

    await until(is_parked)
    assert (await bus.ask(retry_parked["dispatch"], RetryParked())).parked_again == 1
    assert (await bus.ask(list_parked["dispatch"], ListParked())).parked[0].attempts == 2
    listener.refuse.clear()

    assert (await bus.ask(retry_parked["dispatch"], RetryParked())).done == 1
    assert not await is_parked()
    await heard(bus, [1])


async def test_deleted_stream_is_rebuilt_from_the_outbox_and_changes_nothing(
    bus: Bus, toys: tuple[Counter, Listener], nats_server: NatsServer
) -> None:
    for _ in range(30):
        await bus.ask(count, Count(id="c1"))
    await heard(bus, list(range(1, 31)))

    await bus.js.delete_stream(stream.STREAM)
    os.kill(nats_server.pid or 0, 9)  # everybody reconnects and looks at the stream

    async def rebuilt() -> bool:
        try:
            return (await bus.js.stream_info(stream.STREAM)).state.messages >= 30
        except (NatsError, TimeoutError, nats.js.errors.Error):
            return False

    await until(rebuilt, 20)
    await insist(bus, count, Count(id="c1"))
    await heard_after_loss(bus, list(range(1, 32)))


async def test_health_tells_what_waits(bus: Bus, toys: Any) -> None:
    await bus.ask(count, Count(id="c1"))
    await heard(bus, [1])

    async def calm() -> bool:
        found = await bus.ask(health["dispatch"], GetHealth())
        return (found.consumer_pending, found.parked) == (0, 0)

    await until(calm)


async def test_stranger_without_the_token_cannot_publish(bus: Bus, nats_server: NatsServer) -> None:
    before = (await stream.EventStream(bus).stream()).state.messages
    reader, writer = await asyncio.open_connection("127.0.0.1", nats_server.port)
    writer.write(b'CONNECT {"verbose":true}\r\nPUB evt.scheduling.toy.counted.c1 2\r\n{}\r\n')
    answer = await reader.read()  # until the server hangs up
    writer.close()
    await writer.wait_closed()

    assert b"-ERR 'Authorization Violation'" in answer
    assert (await bus.js.stream_info(stream.STREAM)).state.messages == before


async def test_texts_larger_than_a_message_cross_whole(bus: Bus, toys: Any) -> None:
    text = "Lễ ra mắt lực lượng, trật tự ở cơ sở. " * 400_000  # 18 MB, where a message may have 8

    assert (await bus.ask(echo, Echo(text=text))).text == text


async def test_request_id_used_for_something_else_is_refused(bus: Bus, toys: tuple[Counter, Listener]) -> None:
    command = Count(id="c1")
    await bus.ask(count, command)

    with pytest.raises(Refusal) as refused:
        await bus.ask(count, command.model_copy(update={"id": "c2"}))

    assert refused.value.code == "request-reused"
    with pytest.raises(Refusal):
        await bus.ask(get_count, GetCount(id="c2"))


async def test_request_id_of_somebody_else_is_refused(bus: Bus, toys: tuple[Counter, Listener]) -> None:
    """Whoever learns another person's request id learns no answer by it."""
    command = Count(id="c1")
    await bus.ask(count, command)
    work_for(caller().model_copy(update={"actor": "somebody else"}))

    with pytest.raises(Refusal) as refused:
        await bus.ask(count, command)

    assert refused.value.code == "request-reused"


async def test_stream_deleted_under_a_living_connection_is_rebuilt(bus: Bus, toys: tuple[Counter, Listener]) -> None:
    for _ in range(10):
        await bus.ask(count, Count(id="c1"))
    await heard(bus, list(range(1, 11)))
    await bus.js.delete_stream(stream.STREAM)

    await bus.ask(count, Count(id="c1"))

    await heard(bus, list(range(1, 12)), 20)

    async def rebuilt() -> bool:
        return (await stream.EventStream(bus).stream()).state.messages >= 11

    await until(rebuilt)

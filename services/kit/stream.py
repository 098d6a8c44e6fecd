"""Events over JetStream: publish the outbox, work off events in stream order.

Hides redelivery, retries and parking. Nothing lives only in NATS: when the stream is gone, or has lost its end, the
outbox is published again.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig, DeliverPolicy, StreamConfig, StreamInfo
from nats.js.errors import NotFoundError
from pydantic import ValidationError

from schemas.envelope import CONTENT_TYPE, Caller, Event
from schemas.errors import Refusal
from services.kit.bus import LOST, Bus
from services.kit.context import work_for
from services.kit.store import Store

log = structlog.get_logger()
STREAM = "EVENTS"
MAX_AGE = 30 * 86400
_RETRY_AFTER = (0.2, 0.5, 1.0, 2.0, 4.0, 7.3)
_BATCH = 500
Handle = Callable[[Event], Awaitable[None]]


class EventStream:
    """The one stream of events, as one process sees it."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus

    async def stream(self) -> StreamInfo:
        """The one stream, made if it is not there. It is never the only place of anything."""
        try:
            return await self.bus.js.stream_info(STREAM)
        except NotFoundError:
            config = StreamConfig(
                name=STREAM,
                subjects=["evt.>"],
                max_age=MAX_AGE,
                num_replicas=self.bus.settings.nats_replicas,
                allow_atomic=True,
                duplicate_window=3600,
            )
            return await self.bus.js.add_stream(config)

    # Publishing what was committed.

    async def relay(self, store: Store) -> None:
        """Publish the outbox of one service, in order, for ever."""
        wake, loop, seen = asyncio.Event(), asyncio.get_running_loop(), -1

        def woken() -> None:
            loop.call_soon_threadsafe(wake.set)

        store.woken = woken
        while True:
            try:
                await self.bus.until_connected()
                if seen != self.bus.epoch:
                    epoch = self.bus.epoch
                    await self._compare_stream(store)
                    seen = epoch
                await self._publish_all(store)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(wake.wait(), 1)
                wake.clear()
            except Exception as error:  # noqa: BLE001 - outermost loop of the relay: whatever it is, the outbox still has it
                seen = -1
                log.warning("relay waits", service=store.service, error=repr(error))
                await asyncio.sleep(0.3)

    async def _compare_stream(self, store: Store) -> None:
        """Publish the outbox again when this is not the stream that it went to, or when that has lost its end."""
        info = await self.stream()
        known = await self._known_stream(store)
        now = {"created": str(info.created), "last": info.state.last_seq}
        if known and (known["created"] != now["created"] or known["last"] > now["last"]):
            count = await store.hop(store.send_again, time.time() - MAX_AGE)
            log.warning("the stream was rebuilt from the outbox", service=store.service, events=count)
        await store.hop(store.note_fact, "stream", json.dumps(now))

    async def _known_stream(self, store: Store) -> dict[str, Any]:
        """Which stream the outbox went to, and its last sequence then; empty before the first time."""
        noted: str | None = await store.hop(store.fact, "stream")
        found: dict[str, Any] = json.loads(noted or "{}")
        return found

    async def _publish_all(self, store: Store) -> None:
        while await store.hop(store.may_relay):
            rows = await store.hop(store.unsent, _BATCH)
            if not rows:
                return
            last = await self._publish(rows)
            await store.hop(store.mark_sent, [row.seq for row in rows])
            known = await self._known_stream(store)
            if last <= known.get("last", 0):  # another stream stands in the place of the one we knew
                await self._compare_stream(store)
                continue
            await store.hop(store.note_fact, "stream", json.dumps({**known, "last": last}))
            if len(rows) < _BATCH:
                return

    async def _publish(self, rows: Any) -> int:
        """All rows in one atomic batch; where some are stored already, one by one. Returns the last sequence."""
        if len(rows) > 1 and (last := await self._publish_batch(rows)):
            return last
        last = 0
        for row in rows:
            ack = await self.bus.js.publish(row.subject, row.body.encode(), headers=_headers(row))
            last = max(last, ack.seq)
        return last

    async def _publish_batch(self, rows: Any) -> int:
        """0 if the batch was refused, which is what happens when one of its ids is known already."""
        batch, last, answer = rows[0].id, len(rows), dict[str, Any]()
        for number, row in enumerate(rows, 1):
            headers = {**_headers(row), "Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(number)}
            if number == last:
                headers["Nats-Batch-Commit"] = "1"
            if number in {1, last}:
                reply = await self.bus.nc.request(row.subject, row.body.encode(), headers=headers, timeout=10)
                answer = json.loads(reply.data or b"{}")
                if "error" in answer:
                    return 0
            else:
                await self.bus.nc.publish(row.subject, row.body.encode(), headers=headers)
        return int(answer.get("seq", 0))

    # Working off what others committed.

    async def consume(self, store: Store, subjects: list[str], handle: Handle, busy: asyncio.Lock) -> None:
        """Give each event to `handle`, for ever. `busy` is held while events are worked off.

        In stream order, but for those that were on their way when a connection was lost: they come again later.
        Reactions therefore ask for the present state and trust no order.
        """
        while True:
            try:
                await self.bus.until_connected()
                await self.stream()
                await self.bus.js.add_consumer(STREAM, self._consumer(store.service, subjects))
                epoch, pull = self.bus.epoch, await self.bus.js.pull_subscribe_bind(store.service, stream=STREAM)
                while epoch == self.bus.epoch:
                    with contextlib.suppress(TimeoutError):
                        messages = await self.bus.unless_lost(pull.fetch(100, timeout=5))
                        async with busy:
                            await self._work_off(messages, store, handle)
                with contextlib.suppress(*LOST):
                    await pull.unsubscribe()
            except Exception as error:  # noqa: BLE001 - outermost loop of the consumer: the events come again
                log.warning("consumer waits", service=store.service, error=repr(error))
                await asyncio.sleep(0.3)

    def _consumer(self, service: str, subjects: list[str]) -> ConsumerConfig:
        return ConsumerConfig(
            durable_name=service,
            filter_subjects=subjects,
            deliver_policy=DeliverPolicy.ALL,
            ack_wait=self.bus.settings.ack_wait,
            max_ack_pending=500,
            max_deliver=-1,
        )

    async def _work_off(self, messages: list[Msg], store: Store, handle: Handle) -> None:
        waiting = list(messages)
        alive = asyncio.create_task(self._keep_alive(waiting))
        try:
            while waiting:
                await self._apply(waiting[0], store, handle)
                await waiting[0].ack()
                waiting.pop(0)
        finally:
            alive.cancel()

    async def _keep_alive(self, waiting: list[Msg]) -> None:
        """Tell the server that all of these are in hand, or it would give them out again meanwhile."""
        while True:
            await asyncio.sleep(self.bus.settings.ack_wait / 3)
            for message in list(waiting):
                with contextlib.suppress(*LOST):
                    await message.in_progress()

    async def _apply(self, message: Msg, store: Store, handle: Handle) -> None:
        try:
            event = Event.model_validate_json(message.data)
        except ValidationError as error:
            log.error("an event cannot be read and is left", subject=message.subject, errors=error.error_count())  # noqa: TRY400 - the trace would print the event
            return
        try:
            await self.attempt(event, handle)
        except Exception as error:  # outermost loop of the worker: parked where the console shows it
            log.exception("an event is parked", type=event.type, event_id=event.id)
            await store.hop(store.park, event, reason(error))

    async def attempt(self, event: Event, handle: Handle) -> None:
        """Handle an event, again and again within the patience of the settings. Raises the last failure."""
        work_for(Caller(office=event.office, auth="system", actor=event.authid, correlation=event.correlationid))
        left = self.bus.settings.patience
        for delay in (*_RETRY_AFTER, None):
            try:
                return await handle(event)
            except Exception:  # outermost loop of the worker: the reaction is tried again in place
                if delay is None or left < delay:
                    raise
                left -= delay
                await asyncio.sleep(delay)
                await self.bus.until_connected()  # our own lost connection is not the event's fault
        return None

    async def waiting(self, service: str) -> int:
        """How many events wait for this service."""
        info = await self.bus.js.consumer_info(STREAM, service)
        return int(info.num_pending or 0) + int(info.num_ack_pending or 0)


def reason(error: BaseException) -> str:
    """Why something failed, without values: they could be personal data."""
    trace, place = error.__traceback__, ""
    while trace:
        place = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}"
        trace = trace.tb_next
    code = f" ({error.code})" if isinstance(error, Refusal) else ""
    return f"{type(error).__name__}{code} in {place}"


def _headers(row: Any) -> dict[str, str]:
    return {"Nats-Msg-Id": row.id, "Content-Type": CONTENT_TYPE}

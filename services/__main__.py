"""The process: choose services, wire them, run them until told to stop. The only file that imports everything."""

import asyncio
import contextlib
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from schemas.envelope import Caller
from schemas.house import SERVICES
from services.cli.app import run_command
from services.kit.bus import Bus
from services.kit.context import work_for
from services.kit.log import set_up_logging
from services.kit.nats_server import DataFolder, NatsServer
from services.kit.service import Service
from services.kit.settings import Settings
from services.kit.store import Store

Load = Callable[[], dict[str, type[Service]]]
GATEWAY = "gateway"
# Long lists live long: Python's own thresholds have the collector walk over them a hundred times while one is read.
_COLLECTING = (50_000, 20, 20)


@dataclass
class Instance:
    """What runs: the bus to ask over, and the address of the gateway where there is one."""

    bus: Bus
    settings: Settings
    address: str | None = None


def every_service() -> dict[str, type[Service]]:
    """Read only where services run: a command that asks a running server needs none of them, and is quick."""
    from services.accounts.service import Accounts  # noqa: PLC0415 - see above
    from services.awards.service import Awards  # noqa: PLC0415 - see above
    from services.dispatch.service import Dispatch  # noqa: PLC0415 - see above
    from services.guests.service import Guests  # noqa: PLC0415 - see above
    from services.program.service import Program  # noqa: PLC0415 - see above
    from services.scheduling.service import Scheduling  # noqa: PLC0415 - see above

    return {one.name: one for one in (Accounts, Scheduling, Guests, Awards, Program, Dispatch)}


@asynccontextmanager
async def running(
    settings: Settings, names: tuple[str, ...] = (*SERVICES, GATEWAY), load: Load = every_service
) -> AsyncIterator[Instance]:
    """Run these services, and stop them in good order at the end."""
    gc.set_threshold(*_COLLECTING)
    known = load()
    wanted = [name for name in names if name != GATEWAY]
    settings.check_alone(wanted, len(known))
    folder, server = DataFolder(settings.data_dir), None
    bus = Bus(settings)
    async with contextlib.AsyncExitStack() as undo:
        if settings.embedded or settings.database_url is None:
            folder.lock()
            undo.callback(folder.release)
        if settings.embedded:
            server = NatsServer(settings.data_dir)
            await server.start()
            undo.push_async_callback(server.stop)
        url = server.url if server else settings.nats_url or ""
        await bus.connect(url)
        work_for(Caller(office=settings.office, auth="system"))
        undo.push_async_callback(bus.close)
        services = [
            known[name](Store(settings.store_url(name), name, settings.now()), bus, settings) for name in wanted
        ]
        for service in services:
            undo.push_async_callback(service.stop)
        undo.push_async_callback(bus.quiet)
        undo.push_async_callback(_rest, services)  # first: a reaction at hand may still ask the others
        for service in services:
            await service.start()
        instance = Instance(bus, settings)
        if GATEWAY in names:
            from services.gateway.app import serve  # noqa: PLC0415 - as every_service

            instance.address = await undo.enter_async_context(serve(bus, settings))
        if server:
            folder.announce(url=url, pid=os.getpid(), nats_pid=server.pid, address=instance.address)
        yield instance


async def _rest(services: list[Service]) -> None:
    await asyncio.gather(*(service.rest() for service in services))


async def serve_until_told(
    settings: Settings,
    names: tuple[str, ...],
    ready: Callable[[Instance], Awaitable[None]],
    load: Load = every_service,
) -> None:
    """Run until SIGTERM or SIGINT."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(settings, names, load) as instance:
        await ready(instance)
        await stop.wait()


@asynccontextmanager
async def reach(settings: Settings) -> AsyncIterator[Instance]:
    """The running instance over its NATS; where none runs, one for as long as this is needed."""
    found = DataFolder(settings.data_dir).running() if settings.embedded else {"url": settings.nats_url}
    if not found:
        async with running(settings, SERVICES) as instance:
            yield instance
        return
    bus = Bus(settings)
    await bus.connect(str(found["url"]))
    work_for(Caller(office=settings.office, auth="system"))
    try:
        yield Instance(bus, settings, found.get("address"))
    finally:
        await bus.close()


def main() -> None:
    """The command `khaimac`."""
    try:
        settings = Settings()
    except ValidationError as error:
        wrong = "; ".join(f"KHAIMAC_{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors())
        sys.exit(f"A setting cannot be used: {wrong}. Correct it in the environment or in the file .env.")
    set_up_logging(settings)
    run_command(settings, reach, serve_until_told, Path(__file__).parent.parent)


if __name__ == "__main__":
    main()

"""The process: choose services, wire them, run them until told to stop. The only file that imports everything."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from schemas.envelope import Caller
from schemas.house import SERVICES
from services.awards.service import Awards
from services.cli.app import run_command
from services.dispatch.service import Dispatch
from services.gateway.app import serve
from services.guests.service import Guests
from services.kit.bus import Bus
from services.kit.context import work_for
from services.kit.log import set_up_logging
from services.kit.nats_server import DataFolder, NatsServer
from services.kit.service import Service
from services.kit.settings import Settings
from services.kit.store import Store
from services.program.service import Program
from services.scheduling.service import Scheduling

log = structlog.get_logger()
ALL: dict[str, type[Service]] = {one.name: one for one in (Scheduling, Guests, Awards, Program, Dispatch)}
GATEWAY = "gateway"


@dataclass
class Instance:
    """What runs: the bus to ask over, and the address of the gateway where there is one."""

    bus: Bus
    settings: Settings
    address: str | None = None


@asynccontextmanager
async def running(settings: Settings, names: tuple[str, ...] = (*SERVICES, GATEWAY)) -> AsyncIterator[Instance]:
    """Run these services, and stop them in good order at the end."""
    settings.check_alone([name for name in names if name != GATEWAY], len(ALL))
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
        work_for(Caller(office=settings.office))
        undo.push_async_callback(bus.close)
        for name in names:
            if name != GATEWAY:
                service = ALL[name](Store(settings.store_url(name), name, settings.now()), bus, settings)
                await service.start()
                undo.push_async_callback(service.stop)
        undo.push_async_callback(bus.quiet)
        instance = Instance(bus, settings)
        if GATEWAY in names:
            instance.address = await undo.enter_async_context(serve(bus, settings))
        if server:
            folder.announce(url=url, pid=os.getpid(), nats_pid=server.pid, address=instance.address)
        yield instance


async def serve_until_told(settings: Settings, names: tuple[str, ...], ready: Callable[[Instance], None]) -> None:
    """Run until SIGTERM or SIGINT."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(settings, names) as instance:
        ready(instance)
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
    work_for(Caller(office=settings.office))
    try:
        yield Instance(bus, settings, found.get("address"))
    finally:
        await bus.close()


def main() -> None:
    """The command `khaimac`."""
    settings = Settings()
    set_up_logging(settings)
    run_command(settings, reach, serve_until_told, Path(__file__).parent.parent)


if __name__ == "__main__":
    main()

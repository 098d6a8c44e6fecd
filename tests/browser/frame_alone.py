"""The console's frame on a free port, with no service behind it: its living page asks none."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.gateway.app import serve
from services.kit.bus import Bus
from services.kit.settings import Settings
from tests.browser.site import Site


@contextmanager
def frame_alone(folder: Path) -> Iterator[Site]:
    site, loop = Site(folder), asyncio.new_event_loop()
    ready, done = threading.Event(), asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(_serve(site, ready, done)))
    thread.start()
    try:
        assert ready.wait(20)
        yield site
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()


async def _serve(site: Site, ready: threading.Event, done: asyncio.Event) -> None:
    settings = Settings(data_dir=site.folder, http_port=0, _env_file=None)
    async with serve(Bus(settings), settings) as address:
        site.address = address
        ready.set()
        await done.wait()

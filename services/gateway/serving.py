"""Serves the gateway over HTTP for as long as its task lives. Hides uvicorn."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator

import uvicorn

from schemas.errors import Refusal
from services.gateway.app import create_app
from services.kit.bus import Bus
from services.kit.settings import Settings

_LAST_SECONDS = 5  # that requests at hand may still take when the process ends


class PortTaken(Refusal):
    """The address {host}:{port} cannot be used: {reason}. Choose another with KHAIMAC_HTTP_PORT, or 0 for any
    that is free.
    """

    status = 409


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answers = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answers.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The process decides what its signals mean."""
        yield


async def serve(bus: Bus, settings: Settings, ready: Callable[[str], None]) -> None:
    """Call `ready` with the real address once it answers; when cancelled, finish the requests at hand and end."""
    listening = _listen(settings)
    config = uvicorn.Config(
        create_app(bus, settings),
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_LAST_SECONDS,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await server.answers.wait()
        ready(_address(settings, listening))
        await asyncio.shield(running)
    finally:
        server.should_exit = True
        await running


def _listen(settings: Settings) -> socket.socket:
    host, port = settings.http_host, settings.http_port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise PortTaken(host=host, port=port, reason=error.strerror or str(error)) from error
    return listening


def _address(settings: Settings, listening: socket.socket) -> str:
    host = f"[{settings.http_host}]" if ":" in settings.http_host else settings.http_host
    return f"http://{host}:{listening.getsockname()[1]}"

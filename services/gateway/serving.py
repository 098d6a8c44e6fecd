"""Serves an application over HTTP inside our own event loop. Hides uvicorn."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.types import ASGIApp

from schemas.errors import Refusal

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


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, host: str, port: int, proxies: str) -> AsyncIterator[str]:
    """Gives the address once it answers (port 0: any that is free); at the end, requests at hand are finished."""
    listening = _listen(host, port)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        proxy_headers=True,
        forwarded_allow_ips=proxies,
        server_header=False,
        timeout_graceful_shutdown=_LAST_SECONDS,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await server.answers.wait()
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, asyncio sends at once on its connections; else every answer waits 40 ms for the client's ACK.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise PortTaken(host=host, port=port, reason=error.strerror or str(error)) from error
    return listening

"""Where commands are written: what each of them is given, what it hands back, and how it ends."""

import asyncio
import functools
import inspect
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

import structlog
import typer
from rich.console import RenderableType

from schemas.errors import Refusal, Unavailable
from services.cli.office import Office, is_away
from services.cli.refusals import FileTrouble, Unexpected
from services.cli.voice import Voice
from services.kit.bus import Bus
from services.kit.nats_server import AlreadyRunning
from services.kit.settings import Settings

log = structlog.get_logger()
_REACHED_WITHIN = 60  # seconds, of which a first start with its migrations takes some
_CONNECTED_WITHIN = 5
_OTHERS = 10  # seconds that another start or end may take


class Running(Protocol):
    """What reaching gives: the bus to ask over, and the address of the gateway where one is known."""

    @property
    def bus(self) -> Bus: ...
    @property
    def address(self) -> str | None: ...


Reach = Callable[[Settings], AbstractAsyncContextManager[Running]]
Serve = Callable[[Settings, tuple[str, ...], Callable[[Running], Awaitable[None]]], Awaitable[None]]


class Code(IntEnum):
    """How a command ends; 2, a wrong use, is typer's own."""

    OK = 0
    REFUSED = 1
    UNAVAILABLE = 3
    STOPPED = 128 + signal.SIGTERM  # as a shell tells it


@dataclass(frozen=True, slots=True)
class Report:
    """`data` for machines, `shown` for people."""

    data: object
    shown: Sequence[RenderableType] = ()
    code: Code = Code.OK


@dataclass(frozen=True, slots=True)
class Desk:
    """`root` is the folder of the source tree."""

    settings: Settings
    reach: Reach
    serve: Serve
    root: Path
    voice: Voice = field(default_factory=lambda: Voice("en"))

    @asynccontextmanager
    async def office(self, settings: Settings | None = None) -> AsyncIterator[Office]:
        """The running instance, or one for as long as it is needed; not for ever where NATS is away."""
        async with AsyncExitStack() as undo:
            with self.voice.doing("Starting"):
                running = await self._enter(undo, settings or self.settings)
            yield Office(running.bus, self.voice)

    async def _enter(self, undo: AsyncExitStack, settings: Settings) -> Running:
        """Another one that starts or ends just now is waited for."""
        within = _REACHED_WITHIN if settings.embedded else _CONNECTED_WITHIN
        end = asyncio.get_running_loop().time() + _OTHERS
        while True:
            try:
                async with asyncio.timeout(within):
                    return await undo.enter_async_context(self.reach(settings))
            except TimeoutError:
                raise Unavailable(what="NATS") from None
            except AlreadyRunning:
                if asyncio.get_running_loop().time() > end:
                    raise
            await asyncio.sleep(0.2)

    def run(self, work: Callable[["Desk"], Awaitable[Report]]) -> Code:
        """Do it and tell the result; whatever goes wrong is a sentence."""
        try:
            report = asyncio.run(_done(work(self)))
        except Refusal as refusal:
            self.voice.refuse(refusal)
            return Code.UNAVAILABLE if is_away(refusal) else Code.REFUSED
        except asyncio.CancelledError:
            return Code.STOPPED
        except OSError as error:
            where = str(error.filename or error.__class__.__name__)
            self.voice.refuse(FileTrouble(path=where, reason=error.strerror or str(error)))
            return Code.REFUSED
        except Exception as error:  # outermost loop of the worker: a sentence for people, the trace for the log
            log.debug("a command failed", exc_info=error)
            self.voice.refuse(Unexpected(kind=type(error).__name__))
            return Code.REFUSED
        self.voice.show(*report.shown)
        self.voice.give(report.data)
        return report.code


async def _done(work: Awaitable[Report]) -> Report:
    """SIGTERM ends it as Ctrl+C does: what was started is stopped, what is temporary removed."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await work


# How commands are declared.

Work = Callable[..., Awaitable[Report]]
Json = Annotated[bool, typer.Option("--json", help="Write the result as JSON, and nothing else, to standard output.")]
Lang = Annotated[
    Literal["vi", "en"] | None, typer.Option("--lang", help="vi or en; else KHAIMAC_LANG, else the locale.")
]
_FOR_ALL = {"as_json": Json, "lang": Lang}
CeremonyName = Annotated[str, typer.Argument(metavar="CEREMONY", help="Code or id of the ceremony.")]


def command(app: typer.Typer, name: str | None = None, **more: Any) -> Callable[[Work], Work]:
    """Make a command of `work(desk, …)`: --json and --lang come by themselves, and its report ends the process."""

    def add(work: Work) -> Work:
        app.command(name, **more)(taking_options(work))
        return work

    return add


def taking_options(work: Work) -> Callable[..., None]:
    """The function that typer calls, with the parameters of `work` and those of every command."""

    @functools.wraps(work)
    def called(ctx: typer.Context, **given: Any) -> None:
        as_json, _ = given.pop("as_json"), given.pop("lang")
        desk: Desk = ctx.obj
        desk = replace(desk, voice=Voice(desk.voice.language, as_json=as_json))
        raise typer.Exit(desk.run(lambda at: work(at, **given)))

    own = list(inspect.signature(work).parameters.values())[1:]
    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    keyword = inspect.Parameter.KEYWORD_ONLY
    own += [
        inspect.Parameter(key, keyword, default=False if key == "as_json" else None, annotation=kind)
        for key, kind in _FOR_ALL.items()
    ]
    called.__signature__ = inspect.Signature([context, *own])  # type: ignore[attr-defined]  # as inspect documents it
    called.__annotations__ = {one.name: one.annotation for one in (context, *own)}
    return called

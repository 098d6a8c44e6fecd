"""Asking and answering over NATS. Hides connection loss and the size of messages."""

import asyncio
import contextlib
import zlib
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, TypeVar

import nats
import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.errors import APIError
from nats.micro import add_service
from nats.micro.request import ERROR_CODE_HEADER, ERROR_HEADER, Request
from nats.micro.service import EndpointConfig, ServiceConfig
from pydantic import BaseModel, ValidationError

from schemas.envelope import Ask, Caller
from schemas.errors import Invalid, Refusal, RefusalOnWire, Refused, Unavailable
from schemas.rights import action_of, is_filtered, refusal, require, rights
from services.kit.context import caller, work_for
from services.kit.settings import Settings

log = structlog.get_logger()
_SMALL = 32 * 1024  # bytes; larger bodies cross compressed
_MOST = 64 * 1024 * 1024  # bytes that a compressed body may unfold to
LOST = (NatsError, APIError, TimeoutError, OSError)
Answer = Callable[[Any], Awaitable[BaseModel | str]]
R = TypeVar("R", bound=BaseModel)
T = TypeVar("T")


class Fault(Refusal):
    """Something went wrong inside {service}. It is in the log under {reference}; tell your administrator. Nothing
    was changed.
    """

    status = 500


class TooLarge(Refusal):
    """This is {size} MB after packing and the bus carries {limit} MB at once. Split it into smaller pieces."""

    status = 413


class Bus:
    """One connection, shared by all services of this process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.epoch = 0  # counts connections: whoever sees a new one sets up its stream and consumer again
        self._lost, self._back = asyncio.Event(), asyncio.Event()
        self._answering: set[asyncio.Task[None]] = set()
        self._micros: list[Any] = []

    async def connect(self, url: str) -> None:
        """Connect and stay connected: reconnects for ever, by itself."""

        async def lost() -> None:
            self._back.clear()
            self._lost.set()

        async def back() -> None:
            self._lost.clear()
            self._back.set()
            self.epoch += 1

        async def note(error: Exception) -> None:
            log.debug("nats", error=str(error))

        self.nc = await nats.connect(
            url.split(","),
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.1,
            connect_timeout=2,
            ping_interval=5,
            disconnected_cb=lost,
            reconnected_cb=back,
            error_cb=note,
        )
        self.js = self.nc.jetstream(timeout=2)
        self._back.set()

    @property
    def connected(self) -> bool:
        return bool(self.nc.is_connected) and not self._lost.is_set()

    async def until_connected(self) -> None:
        """Return as soon as there is a connection."""
        await self._back.wait()

    async def quiet(self) -> None:
        """Take no more questions, and finish those at hand."""
        for micro in self._micros:
            with contextlib.suppress(NatsError):
                await micro.stop()
        if self._answering:
            await asyncio.wait(self._answering, timeout=8)

    async def close(self) -> None:
        with contextlib.suppress(*LOST):
            await asyncio.wait_for(self.nc.close(), 2)

    # Asking and answering.

    async def answer(self, service: str, answers: Mapping[Ask[Any, Any], Answer]) -> None:
        """Answer these questions and commands, several at a time."""
        micro = await add_service(self.nc, ServiceConfig(name=service, version="1.0.0"))
        self._micros.append(micro)
        for ask, handle in answers.items():

            async def take(request: Request, ask: Ask[Any, Any] = ask, handle: Answer = handle) -> None:
                task = asyncio.create_task(self._reply(request, ask, handle))
                self._answering.add(task)
                task.add_done_callback(self._answering.discard)

            await micro.add_endpoint(EndpointConfig(name=ask.name, subject=ask.subject, handler=take))

    async def _reply(self, request: Request, ask: Ask[Any, Any], handle: Answer) -> None:
        refusal: Refusal | None = None
        answer = ""
        try:
            answer = await self._answer(request, ask, handle)
        except Refusal as error:
            refusal = error
        except Exception:  # outermost loop of the worker: logged, and answered with where to look
            log.exception("a question failed", subject=ask.subject)
            refusal = Fault(service=ask.service, reference=caller().correlation)
        with contextlib.suppress(*LOST):
            if refusal is None:
                await request.respond(*_pack(answer.encode()))
            else:
                body = refusal.on_wire().model_dump_json().encode()
                await request.respond_error(str(refusal.status), refusal.code, body)

    async def _answer(self, request: Request, ask: Ask[Any, Any], handle: Answer) -> str:
        headers = request.headers or {}
        who = _caller(headers)
        work_for(who)
        self._check_anywhere(ask, who)
        try:
            question = ask.request.model_validate_json(_unpack(request.data, headers))
        except ValidationError as error:
            raise Invalid(where=ask.name, what=first_errors(error)) from error
        _check_here(ask, who, question)
        answer = await handle(question)
        return answer if isinstance(answer, str) else answer.model_dump_json()

    def _check_anywhere(self, ask: Ask[Any, Any], who: Caller) -> None:
        """Before the body is read: whether this caller may ask this of any ceremony at all."""
        if who.auth == "system":
            return
        action = action_of(_name(ask))
        if action is None:
            raise refusal(who, "house")
        require(who, action, anywhere=True)
        if rights().actions[action].installation and who.office != self.settings.office:
            raise refusal(who, action)

    async def ask(self, ask: Ask[Any, R], question: BaseModel, within: float = 5, *, as_house: bool = False) -> R:
        """Ask another service. Refusals come back as they were; no answer within so many seconds: Unavailable.

        `as_house`: the asker answers for it that the caller may know; the one who answers does not check it again.
        """
        if not self.connected:
            raise Unavailable(what=ask.service)
        who = caller()
        body, headers = _pack(question.model_dump_json().encode())
        headers |= _headers(who.model_copy(update={"auth": "system"}) if as_house else who)
        if len(body) > (limit := self.nc.max_payload):
            raise TooLarge(size=len(body) // 2**20, limit=limit // 2**20)
        reply = await self._request(ask, body, headers, within)
        if ERROR_CODE_HEADER in (found := reply.headers or {}):
            raise _refused(ask, reply, found)
        return ask.reply.model_validate_json(_unpack(reply.data, found))

    async def _request(self, ask: Ask[Any, Any], body: bytes, headers: dict[str, str], within: float) -> Msg:
        try:
            return await self.unless_lost(self.nc.request(ask.subject, body, headers=headers, timeout=within))
        except LOST as error:
            raise Unavailable(what=ask.service) from error

    async def unless_lost(self, work: Coroutine[Any, Any, T]) -> T:
        """What the work gives; ConnectionError as soon as the connection is lost, for then it would never come."""
        task, lost = asyncio.ensure_future(work), asyncio.ensure_future(self._lost.wait())
        try:
            await asyncio.wait({task, lost}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise ConnectionError
            return task.result()
        finally:
            lost.cancel()
            task.cancel()


def _name(ask: Ask[Any, Any]) -> str:
    return f"{ask.service}.{ask.name}"


def _check_here(ask: Ask[Any, Any], who: Caller, question: BaseModel) -> None:
    """Whether the role holds for the ceremony that the question names, or for the whole office if it names none."""
    name = _name(ask)
    if who.auth != "system" and not is_filtered(name):
        require(who, action_of(name) or "house", getattr(question, "ceremony_id", None))


def _headers(who: Caller) -> dict[str, str]:
    return {"Khaimac-Caller": who.model_dump_json(exclude_defaults=True)}


def _caller(headers: Mapping[str, str]) -> Caller:
    """Whoever speaks on our NATS is of the house and says for whom; one who says nothing is nobody."""
    try:
        return Caller.model_validate_json(headers["Khaimac-Caller"])
    except (KeyError, ValidationError):
        return Caller(office="")


def first_errors(error: ValidationError) -> str:
    """The first five things that pydantic found, each with its place and without the value."""
    found = error.errors(include_input=False, include_url=False)[:5]
    return "; ".join(f"{'.'.join(map(str, one['loc'])) or 'body'}: {one['msg']}" for one in found)


def _refused(ask: Ask[Any, Any], reply: Msg, headers: dict[str, str]) -> Refusal:
    if reply.data:
        return Refused(RefusalOnWire.model_validate_json(reply.data))
    return Fault(service=ask.service, reference=headers.get(ERROR_HEADER, "?"))


def _pack(body: bytes) -> tuple[bytes, dict[str, str]]:
    if len(body) <= _SMALL:
        return body, {}
    return zlib.compress(body, 1), {"Content-Encoding": "deflate"}


def _unpack(body: bytes, headers: Mapping[str, str]) -> bytes:
    if headers.get("Content-Encoding") != "deflate":
        return body
    unfold = zlib.decompressobj()
    plain = unfold.decompress(body, _MOST)
    if unfold.unconsumed_tail:
        raise TooLarge(size=">64", limit=64)
    return plain

"""What happens while a page is open: changes and who else is here, as server-sent events (HTML, section 9.2).

Hides the subscription to the event stream and the messages by which gateways tell each other who is where. They
carry names, so they are never stored: they go out as `live.<office>.<ceremony>` and are gone.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from nats.aio.msg import Msg
from pydantic import BaseModel, ValidationError

from schemas.envelope import Caller, Event, new_id
from schemas.errors import Refusal
from schemas.rights import NotSignedIn, allowed
from services.gateway import entrance
from services.gateway.entrance import Guest
from services.gateway.refusals import TooManyPages
from services.kit.bus import LOST, Bus

BEAT = 15.0  # seconds between signs of life, by which proxies keep the line and others see who has gone
_GONE = 2.5 * BEAT
_RECHECK = 4  # beats after which the session is looked at again
_MOST = 20  # open pages of one account
_FULL = 200  # messages that wait for a slow reader; then it is told to load everything anew


class Here(BaseModel):
    """One open page: whose, and where."""

    page: str
    user: str
    name: str
    where: str
    gone: bool = False


@dataclass(eq=False)
class Reader:
    """An open page's line: what waits to be sent to it. None ends it."""

    who: Caller
    here: Here
    ceremony: str | None
    waiting: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(_FULL))

    def send(self, event: str, data: Any, event_id: str | None = None) -> None:
        """A reader too slow to take it is cut off: it comes again and loads everything anew."""
        named = f"id: {event_id}\n" if event_id else ""
        try:
            self.waiting.put_nowait(f"{named}event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n")
        except asyncio.QueueFull:
            self.end()

    def end(self) -> None:
        while self.waiting.full():
            self.waiting.get_nowait()
        self.waiting.put_nowait(None)


class Live:
    """All open pages of this gateway."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self._readers: set[Reader] = set()
        self._pages: dict[str, tuple[float, str, Here]] = {}  # by page: when it was heard of, its place, who
        self._subscribed = False

    async def lines(
        self, guest: Guest, who: Caller, ceremony: str | None, where: str, *, again: bool
    ) -> AsyncIterator[str]:
        """What a page is sent for as long as it is open. `again`: it was cut off and may have missed something."""
        identity = guest.identity
        if identity is None or sum(one.who.actor == who.actor for one in self._readers) >= _MOST:
            raise TooManyPages(count=_MOST)
        await self._subscribe()
        here = Here(page=new_id(), user=identity.user_id, name=identity.name, where=where)
        return self._lines(Reader(who, here, ceremony), guest, again=again)

    def close(self) -> None:
        """End every line, so that the server can stop."""
        for reader in self._readers:
            reader.end()

    async def _lines(self, reader: Reader, guest: Guest, *, again: bool) -> AsyncIterator[str]:
        self._readers.add(reader)
        try:
            yield "retry: 1000\n\n"
            if again:
                yield 'event: changed\ndata: {"owner": null}\n\n'
            async for line in self._beating(reader, guest):
                yield line
        finally:
            self._readers.discard(reader)
            await asyncio.shield(self._tell(reader, gone=True))

    async def _beating(self, reader: Reader, guest: Guest) -> AsyncIterator[str]:
        """What waits, and a sign of life whenever nothing did for a while."""
        self._pages[reader.here.page] = (time.monotonic(), _place(reader), reader.here)
        self._show_presence(_place(reader))
        await self._tell(reader)
        beats = 0
        while True:
            try:
                line = await asyncio.wait_for(reader.waiting.get(), BEAT)
            except TimeoutError:
                beats += 1
                if beats % _RECHECK == 0 and not await self._still(guest):
                    yield "event: ended\ndata: {}\n\n"
                    return
                await self._tell(reader)
                line = ": here\n\n"
            if line is None:
                return
            yield line

    async def _still(self, guest: Guest) -> bool:
        """Whether the session still holds; a service that is away decides nothing."""
        try:
            return (await entrance.recognise(self.bus, guest.credential)).identity is not None
        except Refusal as refusal:
            return refusal.on_wire().status != NotSignedIn.status

    # Over the bus: from the services, and among gateways.

    async def _subscribe(self) -> None:
        if not self._subscribed:
            self._subscribed = True
            await self.bus.nc.subscribe("evt.>", cb=self._changed)
            await self.bus.nc.subscribe("live.*.*", cb=self._met)

    async def _changed(self, message: Msg) -> None:
        try:
            event = Event.model_validate_json(message.data)
        except ValidationError:  # a newer writer's, or somebody else's: nothing to show
            return
        about = event.subject
        told = {"owner": event.source.removeprefix("/"), "ceremony": about, "by": event.authid, "type": event.type}
        told["version"] = event.data.get("version")
        for reader in list(self._readers):
            mine = reader.who.office == event.office and reader.ceremony in {None, about}
            if mine and allowed(reader.who, "ceremony.see", about):
                reader.send("changed", told, event.id)

    async def _tell(self, reader: Reader, *, gone: bool = False) -> None:
        """Tell every gateway, this one too, that this page is open, or no longer."""
        office, ceremony = _place(reader).split(".")
        here = reader.here.model_copy(update={"gone": gone})
        with contextlib.suppress(*LOST):
            await self.bus.nc.publish(f"live.{office}.{ceremony}", here.model_dump_json().encode())

    async def _met(self, message: Msg) -> None:
        try:
            here = Here.model_validate_json(message.data)
        except ValidationError:
            return
        place, known = message.subject.removeprefix("live."), self._pages.get(here.page)
        if here.gone:
            self._pages.pop(here.page, None)
        else:
            self._pages[here.page] = (time.monotonic(), place, here)
        if here.gone or known is None or known[2] != here:
            self._show_presence(place)

    def _show_presence(self, place: str) -> None:
        """Everybody at this place to everybody at this place."""
        now = time.monotonic()
        self._pages = {page: one for page, one in self._pages.items() if now - one[0] < _GONE}
        there = {one.user: one for at, where, one in self._pages.values() if where == place}
        told = [{"id": one.user, "name": one.name, "where": one.where} for one in there.values()]
        for reader in self._readers:
            if _place(reader) == place:
                reader.send("presence", told)


def _place(reader: Reader) -> str:
    return f"{reader.who.office}.{reader.ceremony or 'home'}"

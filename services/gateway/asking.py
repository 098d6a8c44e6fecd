"""What routes take from a request besides its body: the bus, the ceremony of the path, versions, ids, languages."""

import re
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Path, Request, Response

from schemas import scheduling
from schemas.envelope import Ask, Command, Versioned, new_id
from schemas.scheduling import Ceremony, FindCeremony
from services.gateway.problems import language_of
from services.gateway.refusals import KeyDiffers, KeyUnfit, VersionNeeded, VersionUnclear
from services.kit.bus import Bus
from services.kit.settings import Settings

C = TypeVar("C", bound=Command)
LONG = 60  # seconds for what asks every service: imports and releases


async def _bus(request: Request) -> Bus:
    bus: Bus = request.app.state.bus
    return bus


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def _language(request: Request) -> str:
    return language_of(request)


def here(request: Request) -> str:
    """The address of this installation as others reach it, without a slash at its end."""
    settings: Settings = request.app.state.settings
    return (settings.public_url or str(request.base_url)).rstrip("/")


TheBus = Annotated[Bus, Depends(_bus)]
TheSettings = Annotated[Settings, Depends(_settings)]
Language = Annotated[str, Depends(_language)]


async def _ceremony(
    bus: TheBus,
    ceremony: Annotated[str, Path(description="Id or code of the ceremony.", max_length=64, examples=["can-tho"])],
) -> Ceremony:
    return await bus.ask(scheduling.find_ceremony, FindCeremony(which=ceremony))


async def _version(
    if_match: Annotated[str | None, Header(description='ETag of what you read, such as "7".')] = None,
) -> int | None:
    if if_match is None:
        return None
    found = re.fullmatch(r'"([0-9]{1,18})"', if_match.strip())
    if not found:
        raise VersionUnclear
    return int(found[1])


MaybeVersion = Annotated[int | None, Depends(_version)]


async def _needed(version: MaybeVersion) -> int:
    if version is None:
        raise VersionNeeded
    return version


async def _request_id(
    request: Request,
    idempotency_key: Annotated[
        str | None, Header(description="The same key again gives the first answer again; nothing is done twice.")
    ] = None,
) -> str:
    given = (idempotency_key or "").strip().strip('"')
    if idempotency_key is not None and not re.fullmatch(r"[A-Za-z0-9_-]{8,64}", given):
        raise KeyUnfit
    request.state.request_id = given or new_id()
    return str(request.state.request_id)


TheCeremony = Annotated[Ceremony, Depends(_ceremony)]
Version = Annotated[int, Depends(_needed)]
RequestId = Annotated[str, Depends(_request_id)]
Key = Annotated[str, Path(max_length=200, description="Stable name within the ceremony.")]


def at_version(response: Response, version: int) -> None:
    response.headers["ETag"] = f'"{version}"'


@dataclass(frozen=True, slots=True)
class Making:
    """A command on its way: its id, and the response that will bear the version it leads to."""

    bus: Bus
    request_id: str
    response: Response

    async def commit(self, ask: Ask[C, Versioned], command: C) -> Versioned:
        done = await self.bus.ask(ask, command)
        at_version(self.response, done.version)
        return done

    async def create(self, ask: Ask[C, Versioned], command: C, collection: str) -> Versioned:
        made = await self.commit(ask, command)
        self.response.headers["Location"] = f"{collection}/{made.id}"
        return made


@dataclass(frozen=True, slots=True)
class Changing(Making):
    """A command that holds only for the version that If-Match names."""

    version: int


async def _make(bus: TheBus, request_id: RequestId, response: Response) -> Making:
    return Making(bus, request_id, response)


async def _change(bus: TheBus, version: Version, request_id: RequestId, response: Response) -> Changing:
    return Changing(bus, request_id, response, version)


Make = Annotated[Making, Depends(_make)]
Change = Annotated[Changing, Depends(_change)]


def same_key(address: str, body: str) -> None:
    if address != body:
        raise KeyDiffers(address=address, body=body)

"""A whole house with its gateway, and people who use its pages as browsers do."""

import html
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from schemas import scheduling
from schemas.envelope import Grant
from schemas.scheduling import CeremonyFields, CreateCeremony, ImportPlan
from services import plan
from services.__main__ import Instance, running
from services.gateway.entrance import SESSION
from services.kit.context import work_for
from services.kit.settings import Settings
from tests.people import Person, colleague_of, owner_of

EXAMPLES = Path(__file__).parents[3] / "examples"


@dataclass
class Desk:
    house: Instance
    client: httpx.AsyncClient
    owner: Person

    @property
    def here(self) -> dict[str, str]:
        """What a browser says of where a form comes from."""
        return {"Origin": self.house.address or ""}

    async def get(
        self, path: str, who: Person | None = None, *, part: bool = False, language: str = "en"
    ) -> httpx.Response:
        """The page; only the part that htmx asks for with `part`."""
        return await self._send("GET", path, who or self.owner, {}, part=part, language=language)

    async def post(self, path: str, who: Person | None = None, **fields: Any) -> httpx.Response:
        """A form, as htmx sends it; `_` in the name of a field stands for itself, a list for several of one name."""
        return await self._send("POST", path, who or self.owner, fields, part=True)

    async def _send(
        self, method: str, path: str, who: Person, fields: Mapping[str, Any], *, part: bool, language: str = "en"
    ) -> httpx.Response:
        headers = who.headers | {
            "Accept": "text/html",
            "Accept-Language": language,
            "Origin": self.house.address or "",
        }
        if part:
            headers |= {"HX-Request": "true", "HX-Request-Type": "partial"}
        self.client.cookies.clear()  # everybody here has a browser of his own
        return await self.client.request(method, path, headers=headers, data=dict(fields) or None)

    async def colleague(self, *grants: Grant) -> Person:
        work_for(await self.owner.caller(self.house.bus))
        return await colleague_of(self.house.bus, self.owner, *grants)

    async def ceremony(self, code: str, title: str) -> str:
        work_for(await self.owner.caller(self.house.bus))
        command = CreateCeremony(code=code, ceremony=CeremonyFields(title=title))
        return (await self.house.bus.ask(scheduling.create_ceremony, command)).id

    async def plan(self, folder: str) -> str:
        """One of the examples; its code."""
        reading = plan.read({file.name: file.read_bytes() for file in (EXAMPLES / folder).iterdir()})
        assert reading.plan
        work_for(await self.owner.caller(self.house.bus))
        await self.house.bus.ask(scheduling.import_plan, ImportPlan(plan=reading.plan), 60)
        return reading.plan.scheduling.code


@asynccontextmanager
async def desk(folder: Path) -> AsyncIterator[Desk]:
    async with running(Settings(data_dir=folder, http_port=0, _env_file=None)) as house:
        owner = await owner_of(house.bus)
        async with httpx.AsyncClient(base_url=house.address or "", timeout=30) as client:
            yield Desk(house, client, owner)


def text_of(answer: httpx.Response) -> str:
    """What a page says, without its tags, blanks folded."""
    shown = re.sub(r"<(script|svg)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def undo_of(answer: httpx.Response) -> tuple[str, dict[str, Any]]:
    """Where the toast of an answer takes the change back, and its fields."""
    form = re.search(r'<form hx-post="([^"]+)"[^>]*data-undo>(.*?)</form>', answer.text, re.DOTALL)
    assert form, answer.text
    fields = re.findall(r'name="([^"]+)" value="([^"]*)"', form[2])
    return form[1], {name: html.unescape(value) for name, value in fields}


def signed_in_anew(answer: httpx.Response, who: Person) -> Person:
    """The same person with the session's secret that an answer gives."""
    return Person(who.user_id, who.office, answer.cookies[SESSION])

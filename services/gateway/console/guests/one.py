"""One guest of the path, with what his dialogs ask and say."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response

from schemas import answers, guests
from schemas.answers import Answer, GetAnswer
from schemas.guests import GetGuest, Guest
from schemas.scheduling import Ceremony
from services.gateway.asking import TheBus, TheCeremony
from services.gateway.console.frame import Toast, say_only
from services.gateway.console.merging.tables import RowId
from services.kit.bus import Bus

CHANGED = {"HX-Trigger": "km:guests"}


@dataclass(frozen=True, slots=True)
class GuestAt:
    request: Request
    bus: Bus
    ceremony: Ceremony
    row: str

    @property
    def list_address(self) -> str:
        return f"/ceremonies/{self.ceremony.code}/guests"

    @property
    def address(self) -> str:
        return f"{self.list_address}/{self.row}"

    async def guest(self, guest_id: str | None = None) -> Guest:
        """This one, or another of the list."""
        return await self.bus.ask(
            guests.get_guest, GetGuest(ceremony_id=self.ceremony.id, guest_id=guest_id or self.row)
        )

    async def answer(self) -> Answer:
        return await self.bus.ask(answers.get_answer, GetAnswer(ceremony_id=self.ceremony.id, guest_id=self.row))

    async def say(self, toast: Toast) -> Response:
        """Only words; the table fetches itself anew."""
        response = await say_only(self.request, toast)
        response.headers.update(CHANGED)
        return response


async def _at(request: Request, bus: TheBus, ceremony: TheCeremony, row: RowId) -> GuestAt:
    return GuestAt(request, bus, ceremony, row)


TheGuest = Annotated[GuestAt, Depends(_at)]

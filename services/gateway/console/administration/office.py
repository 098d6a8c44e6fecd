"""The office itself: its name, as papers and colleagues see it."""

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from schemas import accounts
from schemas.accounts import ChangeOffice
from schemas.envelope import Question
from schemas.errors import Refusal
from services.gateway.asking import TheBus
from services.gateway.console.administration.tabs import AT, show_tab
from services.gateway.console.fields import Fields
from services.gateway.console.forms import faults, status_of
from services.gateway.console.frame import Toast, go, words_of
from services.gateway.console.merging import LINE, Collision, Present, Thing, Values, ask_which, read, save
from services.kit.bus import Bus

router = APIRouter(include_in_schema=False)
_HERE = f"{AT}/office"


@router.get("/administration/office")
async def office_page(request: Request, bus: TheBus) -> Response:
    office = await bus.ask(accounts.get_office, Question())
    return await show_tab(request, "office", "office", office=office, typed=office.name or "", wrong={})


@router.post("/administration/office")
async def change_office(request: Request, bus: TheBus) -> Response:
    typed = read(await request.form(), {"name": LINE}).edit
    try:
        change = await save(_office(bus), typed)
    except Collision as collision:
        return await ask_which(request, collision, Fields(words_of(request)))
    except (Refusal, ValidationError) as wrong:
        office = await bus.ask(accounts.get_office, Question())
        told = faults(request, wrong, {"name-empty": "name"})
        name = typed.mine.get("name") or ""
        return await show_tab(
            request, "office", "office", status=status_of(wrong), block="form", office=office, typed=name, wrong=told
        )
    return await go(request, _HERE, Toast("The office has its new name.", undo=change.undo(_HERE)))


def _office(bus: Bus) -> Thing:
    async def load() -> Present:
        one = await bus.ask(accounts.get_office, Question())
        return Present(one.version, {"name": one.name})

    async def write(version: int, values: Values) -> object:
        return await bus.ask(
            accounts.change_office, ChangeOffice(expected_version=version, name=values["name"] or "")
        )

    return Thing(load, write)

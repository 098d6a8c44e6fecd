"""Award lines: how the table's rows are kept."""

from collections.abc import Mapping
from typing import Any, ClassVar

from fastapi import Response

from schemas import awards
from schemas.awards import AwardsPart, GetAwards, Line, LineFields, PutLine, RemoveLine
from schemas.errors import NotFound
from services.gateway.console.awards.page import choices, items_of
from services.gateway.console.frame import Toast, Undo, dialog, show
from services.gateway.console.merging import (
    BLOCK,
    CODE,
    COUNT,
    LINE,
    Found,
    Kind,
    Somebody,
    Table,
    Values,
    insist,
    new_key,
    routes,
)

AT = "/ceremonies/{ceremony}/awards/lines"


class Lines(Table[Line, LineFields]):
    service = "awards"
    model = LineFields
    ordering = frozenset({"recipient", "stage_order"})
    kinds: ClassVar[Mapping[str, Kind]] = {
        "kind": CODE,
        "decision": CODE,
        "recipient": LINE,
        "recipient_kind": CODE,
        "head_count": COUNT,
        "post": LINE,
        "unit": LINE,
        "achievement": BLOCK,
        "posthumous_receiver": LINE,
        "presenter": Somebody(),
        "item": CODE,
        "stage_order": COUNT,
        "note": BLOCK,
    }
    nothing: ClassVar[Values] = dict.fromkeys(kinds) | {"recipient_kind": "person"}

    @property
    def at(self) -> str:
        return AT.format(ceremony=self.ceremony.code)

    async def part(self) -> AwardsPart:
        return await self.bus.ask(awards.get_part, GetAwards(ceremony_id=self.ceremony.id))

    async def find(self, row: str) -> Found[Line]:
        part = await self.part()
        for line in part.lines:
            if line.id == row:
                return Found(part.version, line)
        raise NotFound(what="award line", which=row)

    def values(self, thing: Line) -> Values:
        return thing.model_dump(mode="json", include=set(self.kinds))

    def said(self, values: Values, thing: Line | None) -> LineFields:
        key = thing.key if thing else new_key(values["recipient"], self.request_id)
        return LineFields.model_validate({**values, "key": key})

    def kept(self, thing: Line) -> LineFields:
        return LineFields.model_validate(thing.model_dump(include=set(LineFields.model_fields)))

    async def save(self, found: Found[Line], said: LineFields) -> None:
        await self._put(found.version, said)

    async def insert(self, said: LineFields) -> str:
        async def put() -> None:
            part = await self.part()
            if all(line.key != said.key for line in part.lines):
                await self._put(part.version, said)

        await insist(put)
        return next(line.id for line in (await self.part()).lines if line.key == said.key)

    async def delete(self, found: Found[Line]) -> None:
        await self.bus.ask(awards.remove_line, RemoveLine(**self._over(found.version), key=found.thing.key))

    def added(self, thing: Line, undo: Undo) -> Toast:
        return Toast("The line of {who} is on the list.", {"who": thing.recipient}, undo=undo)

    def changed(self, thing: Line, undo: Undo | None) -> Toast:
        return Toast("The line of {who} is changed.", {"who": thing.recipient}, undo=undo)

    def removed(self, thing: Line, undo: Undo) -> Toast:
        return Toast("The line of {who} is removed.", {"who": thing.recipient}, undo=undo)

    async def show_row(self, thing: Line, toast: Toast, headers: Mapping[str, str]) -> Response:
        values: dict[str, Any] = {"ceremony": self.ceremony, "one": thing}
        values |= {"choices": choices(self.request, self.ceremony, (await self.part()).decisions)}
        return await show(self.request, "awards/row.html", toasts=(toast,), headers=headers, **values)

    async def show_form(self, thing: Line | None, values: Values, base: str, errors: Mapping[str, str]) -> Response:
        given: dict[str, Any] = {"ceremony": self.ceremony, "line": thing, "values": values, "base": base}
        decisions, items = (await self.part()).decisions, await items_of(self.bus, self.ceremony)
        given |= {"choices": choices(self.request, self.ceremony, decisions, items)}
        status = 422 if errors else 200
        return await dialog(self.request, "awards/line.html", status=status, errors=errors, **given)

    async def _put(self, version: int, said: LineFields) -> None:
        command = PutLine(**self._over(version), profile=self.ceremony.profile, line=said)
        await self.bus.ask(awards.put_line, command)

    def _over(self, version: int) -> dict[str, Any]:
        about = {"ceremony_id": self.ceremony.id, "expected_version": version}
        return {"request_id": self.request_id, **about}


router = routes(AT, Lines)
